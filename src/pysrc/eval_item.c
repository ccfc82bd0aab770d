/* pysrc/eval_item.c - subscripts and slices. */
#include "pysrc/eval_parts.h"

cvy_status cvyi_py_range_length(int64_t *out, cvyi_py_eval *eval,
                                const cvyi_py_value *range, cvy_error *err)
{
    const int64_t start = range->bounds.start->integer;
    const int64_t stop = range->bounds.stop->integer;
    const int64_t step = range->bounds.step->integer;
    int64_t width;

    if ((step > 0 && start >= stop) || (step < 0 && start <= stop)) {
        *out = 0;
        return CVY_OK;
    }
    if (step == INT64_MIN || __builtin_sub_overflow(stop, start, &width) ||
        width == INT64_MIN)
        return cvyi_py_refuse(eval, err, "a range is wider than 64 bits");
    *out = step > 0 ? (width - 1) / step + 1 : (-width - 1) / -step + 1;
    return CVY_OK;
}

/* ---- one place ---- */

static cvy_status place(int64_t *out, cvyi_py_eval *eval,
                        const cvyi_py_value *index, int64_t n,
                        const char *what, cvy_error *err)
{
    int64_t at;

    CVYI_TRY(cvyi_py_need_int(&at, eval, index, "an index", err));
    if (at < 0 && at >= -n)
        at += n;
    if (at < 0 || at >= n)
        return cvyi_py_throw(eval, err, "IndexError", "%s index out of range",
                             what);
    *out = at;
    return CVY_OK;
}

/* ---- slices ---- */

typedef struct cut {
    int64_t start, stop, step, n;
} cut;

static cvy_status bound_of(int64_t *out, cvyi_py_eval *eval,
                           const cvyi_py_value *value, int64_t fallback,
                           int64_t n, int64_t least, int64_t most,
                           cvy_error *err)
{
    int64_t at;

    if (value->type == CVYI_PY_V_NONE) {
        *out = fallback;
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_need_int(&at, eval, value, "a bound of a slice", err));
    if (at < 0)
        at += n; /* n >= 0: does not overflow */
    *out = at < least ? least : at > most ? most : at;
    return CVY_OK;
}

/* The elements that a slice takes of n. */
static cvy_status cut_of(cut *out, cvyi_py_eval *eval,
                         const cvyi_py_value *slice, int64_t n, cvy_error *err)
{
    int64_t start, stop, step = 1;

    if (slice->bounds.step->type != CVYI_PY_V_NONE)
        CVYI_TRY(cvyi_py_need_int(&step, eval, slice->bounds.step,
                                  "the step of a slice", err));
    if (step == 0)
        return cvyi_py_throw(eval, err, "ValueError",
                             "slice step cannot be zero");
    if (step < -INT64_MAX)
        step = -INT64_MAX;

    const int64_t least = step > 0 ? 0 : -1, most = step > 0 ? n : n - 1;

    CVYI_TRY(bound_of(&start, eval, slice->bounds.start,
                      step > 0 ? least : most, n, least, most, err));
    CVYI_TRY(bound_of(&stop, eval, slice->bounds.stop, step > 0 ? most : least,
                      n, least, most, err));
    out->start = start;
    out->stop = stop;
    out->step = step;
    out->n = 0;
    if (step > 0 && stop > start)
        out->n = (stop - start - 1) / step + 1;
    else if (step < 0 && start > stop)
        out->n = (start - stop - 1) / -step + 1;
    return CVY_OK;
}

static cvy_status cut_seq(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value,
                          const cvyi_py_value *slice, cvy_error *err)
{
    cvyi_py_seq *seq;
    cut c;

    CVYI_TRY(cut_of(&c, eval, slice, value->seq->n, err));
    CVYI_TRY(cvyi_py_tick(eval, c.n / 16, err));
    CVYI_PY_NEW(seq, eval, 1, err);
    CVYI_PY_NEW(seq->items, eval, c.n, err);
    for (int64_t i = 0; i < c.n; i++)
        seq->items[i] = value->seq->items[c.start + i * c.step];
    seq->n = seq->capacity = (int)c.n;
    *out = (cvyi_py_value){ .type = value->type, .seq = seq };
    return CVY_OK;
}

static cvy_status cut_text(cvyi_py_value *out, cvyi_py_eval *eval,
                           const char *text, const cvyi_py_value *slice,
                           cvy_error *err)
{
    const int64_t n = cvyi_py_text_length(text);
    const bool ascii = (int64_t)strlen(text) == n;
    cvyi_text made = { 0 };
    cut c;

    CVYI_TRY(cut_of(&c, eval, slice, n, err));
    CVYI_TRY(cvyi_py_tick(eval, ascii ? n / 64 : n + c.n * n / 64, err));
    for (int64_t i = 0; i < c.n; i++) {
        const int64_t at = c.start + i * c.step;
        const char *const p = ascii ? text + at : cvyi_py_text_at(text, at);

        cvyi_text_add(&made, p, (size_t)(cvyi_py_text_at(p, 1) - p));
    }
    return cvyi_py_make_gathered(out, eval, &made, err);
}

static cvy_status cut_range(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *range,
                            const cvyi_py_value *slice, cvy_error *err)
{
    int64_t n, parts[3];
    cut c;

    CVYI_TRY(cvyi_py_range_length(&n, eval, range, err));
    CVYI_TRY(cut_of(&c, eval, slice, n, err));
    if (!cvyi_mul64(&parts[0], c.start, range->bounds.step->integer) ||
        !cvyi_add64(&parts[0], parts[0], range->bounds.start->integer) ||
        !cvyi_mul64(&parts[2], c.step, range->bounds.step->integer) ||
        !cvyi_mul64(&parts[1], c.stop, range->bounds.step->integer) ||
        !cvyi_add64(&parts[1], parts[1], range->bounds.start->integer))
        return cvyi_py_refuse(eval, err, "a range is wider than 64 bits");

    const cvyi_py_value values[] = { cvyi_py_int(parts[0]),
                                     cvyi_py_int(parts[1]),
                                     cvyi_py_int(parts[2]) };

    return cvyi_py_make_range(out, eval, CVYI_PY_V_RANGE, values, err);
}

/* ---- reading ---- */

static cvy_status item_of_text(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *text, const cvyi_py_value *index,
                               cvy_error *err)
{
    const int64_t n = cvyi_py_text_length(text);
    int64_t at;

    CVYI_TRY(cvyi_py_tick(eval, n / 64, err));
    CVYI_TRY(place(&at, eval, index, n, "string", err));

    const char *const p = cvyi_py_text_at(text, at);

    return cvyi_py_make_text(out, eval, p, (size_t)(cvyi_py_text_at(p, 1) - p),
                             err);
}

static cvy_status item_of_range(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *range,
                                const cvyi_py_value *index, cvy_error *err)
{
    int64_t n, at;

    CVYI_TRY(cvyi_py_range_length(&n, eval, range, err));
    CVYI_TRY(place(&at, eval, index, n, "range object", err));
    *out = cvyi_py_int(range->bounds.start->integer +
                       at * range->bounds.step->integer);
    return CVY_OK;
}

static cvy_status no_key(cvyi_py_eval *eval, const cvyi_py_value *key,
                         cvy_error *err)
{
    cvyi_text text = { 0 };
    cvy_status status = cvyi_py_put_repr(&text, eval, key, NULL);

    status = cvyi_py_throw(eval, err, "KeyError", "%s",
                           status == CVY_OK ? cvyi_text_c(&text)
                                            : cvyi_py_describe(eval, key));
    cvyi_text_close(&text);
    return status;
}

static cvy_status item_of_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_map *map,
                               const cvyi_py_value *key, cvy_error *err)
{
    int at;

    CVYI_TRY(cvyi_py_find(&at, eval, map->keys, map->n, key, err));
    if (at < 0)
        return no_key(eval, key, err);
    *out = map->values[at];
    return CVY_OK;
}

static cvy_status item_of_instance(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_value *value,
                                   const cvyi_py_value *index, cvy_error *err)
{
    const cvyi_py_class *const class_ = value->instance->class_;
    cvyi_py_value made;
    bool found;

    CVYI_TRY(
        cvyi_py_special(out, &found, eval, value, "__getitem__", index, err));
    if (found)
        return CVY_OK;
    for (int i = 0; i < class_->n_order; i++) {
        const cvyi_py_value *const base = &class_->order[i];

        if (base->type != CVYI_PY_V_HOST || base->host.type->base_item == NULL)
            continue;
        CVYI_TRY(cvyi_py_placed(eval,
                                base->host.type->base_item(&made, eval, base,
                                                           value, index, err),
                                err));
        *out = made;
        return CVY_OK;
    }
    return cvyi_py_throw(eval, err, "TypeError", "%s has no items",
                         cvyi_py_describe(eval, value));
}

static cvy_status item_of_host(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *value,
                               const cvyi_py_value *index, cvy_error *err)
{
    const cvyi_py_host_type *const type = value->host.type;
    cvyi_py_value made;

    if (type->item == NULL)
        return cvyi_py_refuse(eval, err, "%s has no items", type->name);
    CVYI_TRY(
        cvyi_py_placed(eval, type->item(&made, eval, value, index, err), err));
    *out = made;
    return CVY_OK;
}

/* d.keys()[0], zip(a, b)[0]: lists in Python 2. */
static cvy_status item_of_method(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *value,
                                 const cvyi_py_value *index, cvy_error *err)
{
    cvyi_py_value list;

    if (!cvyi_py_is_list_2(eval, value))
        return cvyi_py_throw(eval, err, "TypeError", "%s has no items",
                             cvyi_py_describe(eval, value));
    CVYI_TRY(cvyi_py_eval_list(&list, eval, value, err));
    return cvyi_py_get_item(out, eval, &list, index, err);
}

cvy_status cvyi_py_get_item(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value,
                            const cvyi_py_value *index, cvy_error *err)
{
    const bool slice = index->type == CVYI_PY_V_SLICE;
    const cvyi_py_cause *cause = cvyi_py_unknown(value);
    int64_t at;

    if (cause == NULL && value->type != CVYI_PY_V_INSTANCE)
        cause = cvyi_py_opaque_within(index);
    if (cause != NULL) {
        *out = cvyi_py_opaque_value(cause);
        return CVY_OK;
    }
    switch (value->type) {
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_LIST:
        if (slice)
            return cut_seq(out, eval, value, index, err);
        CVYI_TRY(place(&at, eval, index, value->seq->n,
                       value->type == CVYI_PY_V_LIST ? "list" : "tuple", err));
        *out = value->seq->items[at];
        return CVY_OK;
    case CVYI_PY_V_TEXT:
        return slice ? cut_text(out, eval, value->text, index, err)
                     : item_of_text(out, eval, value->text, index, err);
    case CVYI_PY_V_RANGE:
        return slice ? cut_range(out, eval, value, index, err)
                     : item_of_range(out, eval, value, index, err);
    case CVYI_PY_V_DICT:
        return item_of_dict(out, eval, value->map, index, err);
    case CVYI_PY_V_INSTANCE:
        return item_of_instance(out, eval, value, index, err);
    case CVYI_PY_V_HOST:
        return item_of_host(out, eval, value, index, err);
    case CVYI_PY_V_BUILTIN:
    case CVYI_PY_V_CLASS:
        return cvyi_py_refuse(eval, err, "%s with a type in brackets",
                              cvyi_py_describe(eval, value));
    case CVYI_PY_V_METHOD:
        return item_of_method(out, eval, value, index, err);
    default:
        return cvyi_py_throw(eval, err, "TypeError", "%s has no items",
                             cvyi_py_describe(eval, value));
    }
}

/* ---- writing ---- */

/* list[a:b] = items: any number of them, at step 1. */
static cvy_status set_cut(cvyi_py_eval *eval, cvyi_py_seq *seq,
                          const cvyi_py_value *slice,
                          const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_seq made = { 0 };
    cvyi_py_value items;
    cut c;

    CVYI_TRY(cvyi_py_eval_list(&items, eval, value, err));
    CVYI_TRY(cut_of(&c, eval, slice, seq->n, err));
    if (c.step != 1) {
        if (c.n != items.seq->n)
            return cvyi_py_throw(eval, err, "ValueError",
                                 "a slice of %lld items is set to %d",
                                 (long long)c.n, items.seq->n);
        for (int64_t i = 0; i < c.n; i++)
            seq->items[c.start + i * c.step] = items.seq->items[i];
        return CVY_OK;
    }
    for (int64_t i = 0; i < c.start; i++)
        CVYI_TRY(cvyi_py_seq_add(eval, &made, &seq->items[i], err));
    for (int i = 0; i < items.seq->n; i++)
        CVYI_TRY(cvyi_py_seq_add(eval, &made, &items.seq->items[i], err));
    for (int64_t i = c.start + c.n; i < seq->n; i++)
        CVYI_TRY(cvyi_py_seq_add(eval, &made, &seq->items[i], err));
    made.doubt = seq->doubt;
    *seq = made;
    return CVY_OK;
}

static cvy_status set_instance_item(cvyi_py_eval *eval,
                                    const cvyi_py_value *target,
                                    const cvyi_py_value *index,
                                    const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_value *const method =
        cvyi_py_class_find(target->instance->class_, -1, "__setitem__");
    const cvyi_py_value both[] = { *index, *value };
    const cvyi_py_call_args args = { .n = 2, .values = both };
    cvyi_py_value ignored;

    if (method == NULL)
        return cvyi_py_throw(eval, err, "TypeError",
                             "%s does not let its items be set",
                             cvyi_py_describe(eval, target));
    return cvyi_py_call_with(&ignored, eval, method, target, &args, err);
}

/* An item of a list or dict that is not known, or at a place that is not
 * known: the container is in doubt. */
static bool changes_unknown(const cvyi_py_eval *eval,
                            const cvyi_py_value *target,
                            const cvyi_py_value *index)
{
    const cvyi_py_cause *cause = cvyi_py_opaque(target);

    if (!cvyi_py_is_lenient(eval) ||
        (target->type != CVYI_PY_V_LIST && target->type != CVYI_PY_V_DICT))
        return false;
    if (cause == NULL)
        cause = cvyi_py_opaque_within(index);
    if (cause != NULL)
        cvyi_py_mark(target, cause);
    return cause != NULL;
}

cvy_status cvyi_py_set_item(cvyi_py_eval *eval, const cvyi_py_value *target,
                            const cvyi_py_value *index,
                            const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_value dict = *target;
    int64_t at;

    cvyi_py_count(eval, value);
    if (target->type == CVYI_PY_V_OPAQUE)
        return CVY_OK;
    if (changes_unknown(eval, target, index))
        return CVY_OK;
    if (target->type == CVYI_PY_V_HOST && cvyi_py_opaque_within(index) != NULL)
        return cvyi_py_refuse_opaque(eval, index, err);
    switch (target->type) {
    case CVYI_PY_V_LIST:
        if (index->type == CVYI_PY_V_SLICE)
            return set_cut(eval, target->seq, index, value, err);
        CVYI_TRY(place(&at, eval, index, target->seq->n, "list", err));
        target->seq->items[at] = *value;
        return CVY_OK;
    case CVYI_PY_V_DICT:
        return cvyi_py_dict_set(eval, &dict, index, value, err);
    case CVYI_PY_V_INSTANCE:
        return set_instance_item(eval, target, index, value, err);
    case CVYI_PY_V_HOST:
        if (target->host.type->set_item == NULL)
            break;
        return cvyi_py_placed(
            eval, target->host.type->set_item(eval, target, index, value, err),
            err);
    default:
        return cvyi_py_throw(eval, err, "TypeError",
                             "%s does not let its items be set",
                             cvyi_py_describe(eval, target));
    }
    return cvyi_py_refuse(eval, err, "%s does not let its items be set",
                          target->host.type->name);
}

static cvy_status del_cut(cvyi_py_eval *eval, cvyi_py_seq *seq,
                          const cvyi_py_value *slice, cvy_error *err)
{
    cut c;
    int kept = 0;

    CVYI_TRY(cut_of(&c, eval, slice, seq->n, err));

    const int64_t last = c.start + (c.n - 1) * c.step;
    const int64_t first = c.step > 0 ? c.start : last;
    const int64_t step = c.step > 0 ? c.step : -c.step;

    for (int i = 0; i < seq->n; i++)
        if (i < first || (i - first) % step != 0 || (i - first) / step >= c.n)
            seq->items[kept++] = seq->items[i];
    seq->n = kept;
    return CVY_OK;
}

cvy_status cvyi_py_del_item(cvyi_py_eval *eval, const cvyi_py_value *target,
                            const cvyi_py_value *index, cvy_error *err)
{
    int64_t at;
    int key;

    if (target->type == CVYI_PY_V_OPAQUE ||
        changes_unknown(eval, target, index))
        return CVY_OK;
    if (target->type == CVYI_PY_V_LIST) {
        if (index->type == CVYI_PY_V_SLICE)
            return del_cut(eval, target->seq, index, err);
        CVYI_TRY(place(&at, eval, index, target->seq->n, "list", err));
        cvyi_py_seq_drop(target->seq, (int)at);
        return CVY_OK;
    }
    if (target->type == CVYI_PY_V_DICT) {
        CVYI_TRY(cvyi_py_find(&key, eval, target->map->keys, target->map->n,
                              index, err));
        if (key < 0)
            return no_key(eval, index, err);
        cvyi_py_map_drop(target->map, key);
        return CVY_OK;
    }
    return cvyi_py_refuse(eval, err, "items of %s are deleted",
                          cvyi_py_describe(eval, target));
}
