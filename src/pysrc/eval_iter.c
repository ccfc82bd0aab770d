/* pysrc/eval_iter.c - what is iterated over, as a list. */
#include "pysrc/eval_parts.h"

#include <limits.h>

static cvy_status range_items(cvyi_py_seq *out, cvyi_py_eval *eval,
                              const cvyi_py_value *range, cvy_error *err)
{
    int64_t n, at = range->bounds.start->integer;

    CVYI_TRY(cvyi_py_range_length(&n, eval, range, err));
    CVYI_TRY(cvyi_py_room(eval, (size_t)n, sizeof *out->items, err));
    if (n > INT_MAX / 4)
        return cvyi_py_end(eval, err, "a range is too long");
    CVYI_TRY(cvyi_py_tick(eval, n / 16, err));
    CVYI_PY_NEW(out->items, eval, n, err);
    out->n = out->capacity = (int)n;
    for (int i = 0; i < out->n; i++) {
        out->items[i] = cvyi_py_int(at);
        if (i + 1 < out->n)
            at += range->bounds.step->integer;
    }
    return CVY_OK;
}

static cvy_status text_items(cvyi_py_seq *out, cvyi_py_eval *eval,
                             const char *text, cvy_error *err)
{
    while (*text != '\0') {
        const char *const next = cvyi_py_text_at(text, 1);
        cvyi_py_value one;

        CVYI_TRY(cvyi_py_tick(eval, 1, err));
        CVYI_TRY(
            cvyi_py_make_text(&one, eval, text, (size_t)(next - text), err));
        CVYI_TRY(cvyi_py_seq_add(eval, out, &one, err));
        text = next;
    }
    return CVY_OK;
}

static cvy_status view_items(cvyi_py_seq *out, cvyi_py_eval *eval,
                             const cvyi_py_map *map, cvyi_py_view view,
                             cvy_error *err)
{
    CVYI_PY_NEW(out->items, eval, map->n, err);
    for (int i = 0; i < map->n; i++) {
        cvyi_py_value pair[2] = { map->keys[i], map->values[i] };

        out->items[i] = pair[view == CVYI_PY_VIEW_VALUES];
        if (view == CVYI_PY_VIEW_ITEMS)
            CVYI_TRY(cvyi_py_make_seq(&out->items[i], eval, CVYI_PY_V_TUPLE,
                                      pair, 2, err));
    }
    out->n = out->capacity = map->n;
    return CVY_OK;
}

/* What an iterator has left; it is used up. */
static cvy_status rest_of(cvyi_py_seq *out, const cvyi_py_method *iterator)
{
    const cvyi_py_seq *const all = iterator->self.seq;
    const int at = *iterator->at < all->n ? *iterator->at : all->n;

    *iterator->at = all->n;
    out->items = at < all->n ? all->items + at : NULL;
    out->n = all->n - at;
    out->capacity = out->n;
    return CVY_OK;
}

/* ---- the host and instances ---- */

static cvy_status list_of_host(cvyi_py_seq *out, cvyi_py_eval *eval,
                               const cvyi_py_value *list, const char *who,
                               cvy_error *err)
{
    if (list->type != CVYI_PY_V_LIST)
        return cvyi_py_refuse(eval, err, "%s iterates over %s", who,
                              cvyi_py_describe(eval, list));
    *out = *list->seq;
    return CVY_OK;
}

/* __getitem__(0), (1) … until an IndexError. */
static cvy_status by_index(cvyi_py_seq *out, cvyi_py_eval *eval,
                           const cvyi_py_value *value, cvy_error *err)
{
    for (int64_t i = 0;; i++) {
        const cvyi_py_value index = cvyi_py_int(i);
        cvyi_py_value item;
        bool found;
        const cvy_status status = cvyi_py_special(&item, &found, eval, value,
                                                  "__getitem__", &index, err);

        if (cvyi_py_threw(eval, status, "IndexError")) {
            eval->raised = NULL;
            return CVY_OK;
        }
        CVYI_TRY(status);
        CVYI_TRY(cvyi_py_seq_add(eval, out, &item, err));
    }
}

static cvy_status by_base(cvyi_py_seq *out, bool *found, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_class *const class_ = value->instance->class_;
    cvyi_py_value list;

    *found = false;
    for (int i = 0; i < class_->n_order; i++) {
        const cvyi_py_value *const base = &class_->order[i];

        if (base->type != CVYI_PY_V_HOST ||
            base->host.type->base_iterate == NULL)
            continue;
        CVYI_TRY(cvyi_py_placed(
            eval, base->host.type->base_iterate(&list, eval, base, value, err),
            err));
        *found = true;
        return list_of_host(out, eval, &list, class_->name, err);
    }
    return CVY_OK;
}

static cvy_status not_iterable(cvyi_py_eval *eval, const cvyi_py_value *value,
                               cvy_error *err)
{
    return cvyi_py_throw(eval, err, "TypeError", "%s cannot be iterated over",
                         cvyi_py_describe(eval, value));
}

static cvy_status instance_items(cvyi_py_seq *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_class *const class_ = value->instance->class_;
    const cvyi_py_seq *items;
    cvyi_py_value answer;
    bool found;

    CVYI_TRY(
        cvyi_py_special(&answer, &found, eval, value, "__iter__", NULL, err));
    if (found) {
        if (answer.type == CVYI_PY_V_INSTANCE)
            return cvyi_py_refuse(eval, err,
                                  "%s iterates by __next__ of its own",
                                  cvyi_py_describe(eval, value));
        CVYI_TRY(cvyi_py_elements(&items, eval, &answer, true, err));
        *out = *items;
        return CVY_OK;
    }
    CVYI_TRY(by_base(out, &found, eval, value, err));
    if (found)
        return CVY_OK;
    if (cvyi_py_class_find(class_, -1, "__getitem__") != NULL)
        return by_index(out, eval, value, err);
    return not_iterable(eval, value, err);
}

static cvy_status host_items(cvyi_py_seq *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_host_type *const type = value->host.type;
    cvyi_py_value list;

    if (type->iterate == NULL)
        return cvyi_py_refuse(eval, err, "%s cannot be iterated over",
                              type->name);
    CVYI_TRY(
        cvyi_py_placed(eval, type->iterate(&list, eval, value, err), err));
    return list_of_host(out, eval, &list, type->name, err);
}

/* ---- all of them ---- */

static cvy_status made_items(cvyi_py_seq *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, cvy_error *err)
{
    switch (value->type) {
    case CVYI_PY_V_TEXT:
        return text_items(out, eval, value->text, err);
    case CVYI_PY_V_RANGE:
        return range_items(out, eval, value, err);
    case CVYI_PY_V_DICT:
        return view_items(out, eval, value->map, CVYI_PY_VIEW_KEYS, err);
    case CVYI_PY_V_INSTANCE:
        return instance_items(out, eval, value, err);
    case CVYI_PY_V_HOST:
        return host_items(out, eval, value, err);
    default:
        if (cvyi_py_is_method(value, CVYI_PY_M_ITERATOR))
            return rest_of(out, value->method);
        if (cvyi_py_is_method(value, CVYI_PY_M_VIEW))
            return view_items(out, eval, value->method->self.map,
                              value->method->view, err);
        return not_iterable(eval, value, err);
    }
}

static cvy_status elements(const cvyi_py_seq **out, cvyi_py_eval *eval,
                           const cvyi_py_value *value, bool ordered,
                           cvy_error *err)
{
    cvyi_py_seq *made;

    if (cvyi_py_unknown(value) != NULL)
        return cvyi_py_refuse_opaque(eval, value, err);
    if (value->type == CVYI_PY_V_TUPLE || value->type == CVYI_PY_V_LIST ||
        value->type == CVYI_PY_V_SET) {
        if (value->type == CVYI_PY_V_SET && ordered && value->seq->n > 1)
            return cvyi_py_refuse(
                eval, err,
                "the order of a set is not known; sorted() would give one");
        *out = value->seq;
        return CVY_OK;
    }
    CVYI_PY_NEW(made, eval, 1, err);
    CVYI_TRY(made_items(made, eval, value, err));
    *out = made;
    return CVY_OK;
}

cvy_status cvyi_py_elements(const cvyi_py_seq **out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, bool ordered,
                            cvy_error *err)
{
    cvy_status status;

    CVYI_TRY(cvyi_py_enter(eval, err));
    status = elements(out, eval, value, ordered, err);
    eval->nesting--;
    return status;
}

cvy_status cvyi_py_eval_list(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_seq *items;

    CVYI_TRY(cvyi_py_elements(&items, eval, value, true, err));
    CVYI_TRY(cvyi_py_tick(eval, items->n / 16, err));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items->items, items->n,
                            err);
}

bool cvyi_py_is_list_2(const cvyi_py_eval *eval, const cvyi_py_value *value)
{
    return cvyi_py_is_lenient(eval) &&
           (value->type == CVYI_PY_V_RANGE ||
            cvyi_py_is_method(value, CVYI_PY_M_ITERATOR) ||
            cvyi_py_is_method(value, CVYI_PY_M_VIEW));
}

/* ---- one after another ---- */

static const cvyi_py_map *map_of(const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_DICT)
        return value->map;
    return cvyi_py_is_method(value, CVYI_PY_M_VIEW) ? value->method->self.map
                                                    : NULL;
}

cvy_status cvyi_py_walk_open(cvyi_py_walk *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, bool ordered,
                             cvy_error *err)
{
    cvyi_py_walk walk = { .value = *value };

    if (cvyi_py_unknown(value) != NULL)
        return cvyi_py_refuse_opaque(eval, value, err);
    if (value->type == CVYI_PY_V_RANGE)
        CVYI_TRY(cvyi_py_range_length(&walk.n, eval, value, err));
    else if (cvyi_py_is_method(value, CVYI_PY_M_ITERATOR))
        walk.items = value->method->self.seq;
    else
        CVYI_TRY(cvyi_py_elements(&walk.items, eval, value, ordered, err));
    if (map_of(value) != NULL)
        walk.n = map_of(value)->n;
    *out = walk;
    return CVY_OK;
}

cvy_status cvyi_py_walk_next(cvyi_py_value *out, bool *more,
                             cvyi_py_walk *walk, cvyi_py_eval *eval,
                             cvy_error *err)
{
    const cvyi_py_value *const value = &walk->value;

    CVYI_TRY(cvyi_py_tick(eval, 1, err));
    if (cvyi_py_unknown(value) != NULL) /* since it began */
        return cvyi_py_refuse_opaque(eval, value, err);
    if (map_of(value) != NULL && map_of(value)->n != walk->n)
        return cvyi_py_throw(eval, err, "RuntimeError",
                             "dictionary changed size during iteration");
    if (value->type == CVYI_PY_V_RANGE) {
        *more = walk->at < walk->n;
        if (*more)
            *out = cvyi_py_int(value->bounds.start->integer +
                               walk->at++ * value->bounds.step->integer);
        return CVY_OK;
    }
    if (cvyi_py_is_method(value, CVYI_PY_M_ITERATOR))
        walk->at = *value->method->at;
    *more = walk->at < walk->items->n;
    if (*more)
        *out = walk->items->items[walk->at++];
    if (cvyi_py_is_method(value, CVYI_PY_M_ITERATOR))
        *value->method->at = (int)walk->at;
    return CVY_OK;
}
