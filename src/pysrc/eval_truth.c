/* pysrc/eval_truth.c - truth, membership and length. */
#include "pysrc/eval_parts.h"

/* ---- truth ---- */

static cvy_status truth_of_instance(bool *out, cvyi_py_eval *eval,
                                    const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_value answer;
    bool found;
    int64_t n;

    CVYI_TRY(
        cvyi_py_special(&answer, &found, eval, value, "__bool__", NULL, err));
    if (found)
        return cvyi_py_eval_truth(out, eval, &answer, err);
    CVYI_TRY(
        cvyi_py_special(&answer, &found, eval, value, "__len__", NULL, err));
    if (found) {
        CVYI_TRY(cvyi_py_need_int(&n, eval, &answer, "__len__()", err));
        *out = n != 0;
        return CVY_OK;
    }
    *out = true;
    return CVY_OK;
}

static cvy_status truth_of_host(bool *out, cvyi_py_eval *eval,
                                const cvyi_py_value *value, cvy_error *err)
{
    bool truth = true;

    if (value->host.type->truth != NULL) {
        const cvy_status status =
            value->host.type->truth(&truth, eval, value, err);

        if (status != CVY_OK)
            return cvyi_py_placed(eval, status, err);
    }
    *out = truth;
    return CVY_OK;
}

cvy_status cvyi_py_eval_truth(bool *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, cvy_error *err)
{
    int64_t n;

    if (cvyi_py_unknown(value) != NULL)
        return cvyi_py_refuse_opaque(eval, value, err);
    switch (value->type) {
    case CVYI_PY_V_NONE:
        *out = false;
        return CVY_OK;
    case CVYI_PY_V_BOOL:
        *out = value->truth;
        return CVY_OK;
    case CVYI_PY_V_INT:
        *out = value->integer != 0;
        return CVY_OK;
    case CVYI_PY_V_FLOAT:
        *out = value->real != 0;
        return CVY_OK;
    case CVYI_PY_V_TEXT:
        *out = value->text[0] != '\0';
        return CVY_OK;
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_LIST:
    case CVYI_PY_V_SET:
        *out = value->seq->n > 0;
        return CVY_OK;
    case CVYI_PY_V_DICT:
        *out = value->map->n > 0;
        return CVY_OK;
    case CVYI_PY_V_RANGE:
        CVYI_TRY(cvyi_py_range_length(&n, eval, value, err));
        *out = n > 0;
        return CVY_OK;
    case CVYI_PY_V_INSTANCE:
        return truth_of_instance(out, eval, value, err);
    case CVYI_PY_V_HOST:
        return truth_of_host(out, eval, value, err);
    default:
        *out = !cvyi_py_is_method(value, CVYI_PY_M_VIEW) ||
               value->method->self.map->n > 0;
        return CVY_OK;
    }
}

/* ---- membership ---- */

static cvy_status among(bool *out, cvyi_py_eval *eval,
                        const cvyi_py_value *value,
                        const cvyi_py_value *container, cvy_error *err)
{
    const cvyi_py_seq *items;
    bool same = false;

    CVYI_TRY(cvyi_py_elements(&items, eval, container, false, err));
    for (int i = 0; !same && i < items->n; i++)
        CVYI_TRY(cvyi_py_alike(&same, eval, &items->items[i], value, err));
    *out = same;
    return CVY_OK;
}

static cvy_status in_text(bool *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, const char *text,
                          cvy_error *err)
{
    const char *part;

    CVYI_TRY(cvyi_py_need_text(&part, eval, value,
                               "what is looked for in a "
                               "str",
                               err));
    *out = strstr(text, part) != NULL;
    return CVY_OK;
}

static cvy_status in_range(bool *out, cvyi_py_eval *eval,
                           const cvyi_py_value *value,
                           const cvyi_py_value *range, cvy_error *err)
{
    const int64_t start = range->bounds.start->integer;
    const int64_t step = range->bounds.step->integer;
    int64_t x, n, from;

    if (!cvyi_py_as_int(&x, value))
        return among(out, eval, value, range, err);
    CVYI_TRY(cvyi_py_range_length(&n, eval, range, err));
    if (__builtin_sub_overflow(x, start, &from))
        return cvyi_py_refuse(eval, err, "a range is wider than 64 bits");
    *out = from % step == 0 && from / step >= 0 && from / step < n;
    return CVY_OK;
}

static cvy_status in_host(bool *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value,
                          const cvyi_py_value *container, cvy_error *err)
{
    cvyi_py_value answer;

    if (container->host.type->compare == NULL)
        return among(out, eval, value, container, err);
    CVYI_TRY(cvyi_py_placed(eval,
                            container->host.type->compare(
                                &answer, eval, "In", value, container, err),
                            err));
    return cvyi_py_eval_truth(out, eval, &answer, err);
}

cvy_status cvyi_py_contains(bool *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value,
                            const cvyi_py_value *container, cvy_error *err)
{
    cvyi_py_value answer;
    bool found;
    int at;

    if (value->type == CVYI_PY_V_OPAQUE)
        return cvyi_py_refuse_opaque(eval, value, err);
    if (cvyi_py_unknown(container) != NULL)
        return cvyi_py_refuse_opaque(eval, container, err);
    switch (container->type) {
    case CVYI_PY_V_TEXT:
        return in_text(out, eval, value, container->text, err);
    case CVYI_PY_V_DICT:
        CVYI_TRY(cvyi_py_find(&at, eval, container->map->keys,
                              container->map->n, value, err));
        *out = at >= 0;
        return CVY_OK;
    case CVYI_PY_V_SET:
        CVYI_TRY(cvyi_py_find(&at, eval, container->seq->items,
                              container->seq->n, value, err));
        *out = at >= 0;
        return CVY_OK;
    case CVYI_PY_V_RANGE:
        return in_range(out, eval, value, container, err);
    case CVYI_PY_V_HOST:
        return in_host(out, eval, value, container, err);
    case CVYI_PY_V_INSTANCE:
        CVYI_TRY(cvyi_py_special(&answer, &found, eval, container,
                                 "__contains__", value, err));
        if (found)
            return cvyi_py_eval_truth(out, eval, &answer, err);
        return among(out, eval, value, container, err);
    default:
        return among(out, eval, value, container, err);
    }
}

/* ---- length ---- */

static cvy_status length_of_instance(int64_t *out, cvyi_py_eval *eval,
                                     const cvyi_py_value *value,
                                     cvy_error *err)
{
    const cvyi_py_class *const class_ = value->instance->class_;
    cvyi_py_value answer;
    bool found;

    CVYI_TRY(
        cvyi_py_special(&answer, &found, eval, value, "__len__", NULL, err));
    if (found)
        return cvyi_py_need_int(out, eval, &answer, "__len__()", err);
    for (int i = 0; i < class_->n_order; i++) {
        const cvyi_py_value *const base = &class_->order[i];

        if (base->type != CVYI_PY_V_HOST ||
            base->host.type->base_iterate == NULL)
            continue;
        CVYI_TRY(cvyi_py_placed(
            eval,
            base->host.type->base_iterate(&answer, eval, base, value, err),
            err));
        *out = answer.seq->n;
        return CVY_OK;
    }
    return cvyi_py_throw(eval, err, "TypeError", "%s has no len()",
                         cvyi_py_describe(eval, value));
}

cvy_status cvyi_py_length(int64_t *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_value list;
    int64_t n;

    if (cvyi_py_unknown(value) != NULL)
        return cvyi_py_refuse_opaque(eval, value, err);
    switch (value->type) {
    case CVYI_PY_V_TEXT:
        *out = cvyi_py_text_length(value->text);
        return cvyi_py_tick(eval, *out / 64, err);
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_LIST:
    case CVYI_PY_V_SET:
        *out = value->seq->n;
        return CVY_OK;
    case CVYI_PY_V_DICT:
        *out = value->map->n;
        return CVY_OK;
    case CVYI_PY_V_RANGE:
        return cvyi_py_range_length(out, eval, value, err);
    case CVYI_PY_V_INSTANCE:
        return length_of_instance(out, eval, value, err);
    case CVYI_PY_V_HOST:
        if (value->host.type->length == NULL)
            return cvyi_py_refuse(eval, err, "%s has no len()",
                                  value->host.type->name);
        CVYI_TRY(cvyi_py_placed(
            eval, value->host.type->length(&n, eval, value, err), err));
        *out = n;
        return CVY_OK;
    default:
        if (cvyi_py_is_method(value, CVYI_PY_M_VIEW)) {
            *out = value->method->self.map->n;
            return CVY_OK;
        }
        if (cvyi_py_is_list_2(eval, value)) {
            CVYI_TRY(cvyi_py_eval_list(&list, eval, value, err));
            *out = list.seq->n;
            return CVY_OK;
        }
        return cvyi_py_throw(eval, err, "TypeError", "%s has no len()",
                             cvyi_py_describe(eval, value));
    }
}
