/* pysrc/eval_op.c - operators over values of every type. */
#include "pysrc/eval_parts.h"

#include <limits.h>

/* ---- sequences ---- */

static cvy_status join_seqs(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *a, const cvyi_py_value *b,
                            cvy_error *err)
{
    const int n = a->seq->n, m = b->seq->n;
    cvyi_py_seq *seq;

    if (n > INT_MAX / 4 - m)
        return cvyi_py_end(eval, err, "a list grows too long");
    CVYI_TRY(cvyi_py_tick(eval, (n + m) / 16, err));
    CVYI_PY_NEW(seq, eval, 1, err);
    CVYI_PY_NEW(seq->items, eval, n + m, err);
    if (n > 0)
        memcpy(seq->items, a->seq->items, (size_t)n * sizeof *seq->items);
    if (m > 0)
        memcpy(seq->items + n, b->seq->items, (size_t)m * sizeof *seq->items);
    seq->n = seq->capacity = n + m;
    *out = (cvyi_py_value){ .type = a->type, .seq = seq };
    return CVY_OK;
}

static cvy_status join_texts(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *a, const char *b, cvy_error *err)
{
    const size_t n = strlen(a), m = strlen(b);
    char *text;

    CVYI_TRY(cvyi_py_tick(eval, (int64_t)((n + m) / 64), err));
    CVYI_PY_NEW(text, eval, n + m + 1, err);
    memcpy(text, a, n);
    memcpy(text + n, b, m);
    *out = cvyi_py_text_value(text);
    return CVY_OK;
}

static cvy_status repeat_text(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *text, int64_t times, cvy_error *err)
{
    const size_t n = strlen(text), m = times > 0 ? (size_t)times : 0;
    char *made;

    CVYI_TRY(cvyi_py_room(eval, n, m, err));
    CVYI_TRY(cvyi_py_tick(eval, (int64_t)(n * m / 64), err));
    CVYI_PY_NEW(made, eval, n * m + 1, err);
    for (size_t i = 0; n > 0 && i < m; i++)
        memcpy(made + i * n, text, n);
    *out = cvyi_py_text_value(made);
    return CVY_OK;
}

static cvy_status repeat_seq(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, int64_t times,
                             cvy_error *err)
{
    const size_t n = (size_t)value->seq->n, m = times > 0 ? (size_t)times : 0;
    cvyi_py_seq *seq;
    size_t total;

    CVYI_TRY(cvyi_py_room(eval, n, m, err));
    total = n * m;
    CVYI_TRY(cvyi_py_room(eval, total, sizeof *seq->items, err));
    if (total > INT_MAX / 4)
        return cvyi_py_end(eval, err, "a list grows too long");
    CVYI_TRY(cvyi_py_tick(eval, (int64_t)(total / 16), err));
    CVYI_PY_NEW(seq, eval, 1, err);
    CVYI_PY_NEW(seq->items, eval, total, err);
    for (size_t i = 0; n > 0 && i < m; i++)
        memcpy(seq->items + i * n, value->seq->items, n * sizeof *seq->items);
    seq->n = seq->capacity = (int)total;
    *out = (cvyi_py_value){ .type = value->type, .seq = seq };
    return CVY_OK;
}

static bool is_seq(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

static cvy_status multiply(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *a, const cvyi_py_value *b,
                           cvy_error *err)
{
    int64_t times;

    if (cvyi_py_as_int(&times, a)) {
        const cvyi_py_value *const swap = a;

        a = b;
        b = swap;
    }
    if (!cvyi_py_as_int(&times, b))
        return cvyi_py_arithmetic(out, eval, "Mult", a, b, err);
    return a->type == CVYI_PY_V_TEXT
               ? repeat_text(out, eval, a->text, times, err)
               : repeat_seq(out, eval, a, times, err);
}

/* ---- sets and dicts ---- */

static cvy_status set_operation(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *op, const cvyi_py_seq *a,
                                const cvyi_py_seq *b, cvy_error *err)
{
    const bool either = strcmp(op, "BitOr") == 0;
    const bool both = strcmp(op, "BitAnd") == 0;
    const bool one = strcmp(op, "BitXor") == 0;
    cvyi_py_value made;
    int at;

    CVYI_TRY(cvyi_py_make_seq(&made, eval, CVYI_PY_V_SET, NULL, 0, err));
    for (int i = 0; i < a->n; i++) {
        CVYI_TRY(cvyi_py_find(&at, eval, b->items, b->n, &a->items[i], err));
        if (either || (at >= 0) == both)
            CVYI_TRY(cvyi_py_set_add(eval, made.seq, &a->items[i], err));
    }
    for (int i = 0; (either || one) && i < b->n; i++) {
        CVYI_TRY(cvyi_py_find(&at, eval, a->items, a->n, &b->items[i], err));
        if (at < 0)
            CVYI_TRY(cvyi_py_set_add(eval, made.seq, &b->items[i], err));
    }
    *out = made;
    return CVY_OK;
}

static cvy_status add_dict(cvyi_py_eval *eval, cvyi_py_value *into,
                           const cvyi_py_map *map, cvy_error *err)
{
    for (int i = 0; i < map->n; i++)
        CVYI_TRY(
            cvyi_py_dict_set(eval, into, &map->keys[i], &map->values[i], err));
    return CVY_OK;
}

static cvy_status join_dicts(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_map *a, const cvyi_py_map *b,
                             cvy_error *err)
{
    cvyi_py_value made;

    CVYI_TRY(cvyi_py_make_dict(&made, eval, err));
    CVYI_TRY(add_dict(eval, &made, a, err));
    CVYI_TRY(add_dict(eval, &made, b, err));
    *out = made;
    return CVY_OK;
}

/* ---- the host and instances ---- */

static const struct {
    const char *op, *name, *turned;
} specials[] = {
    { "Add", "__add__", "__radd__" },
    { "Sub", "__sub__", "__rsub__" },
    { "Mult", "__mul__", "__rmul__" },
    { "MatMult", "__matmul__", "__rmatmul__" },
    { "Div", "__truediv__", "__rtruediv__" },
    { "FloorDiv", "__floordiv__", "__rfloordiv__" },
    { "Mod", "__mod__", "__rmod__" },
    { "Pow", "__pow__", "__rpow__" },
    { "LShift", "__lshift__", "__rlshift__" },
    { "RShift", "__rshift__", "__rrshift__" },
    { "BitOr", "__or__", "__ror__" },
    { "BitXor", "__xor__", "__rxor__" },
    { "BitAnd", "__and__", "__rand__" },
};

static cvy_status by_special(cvyi_py_value *out, bool *found,
                             cvyi_py_eval *eval, const char *op, bool turned,
                             const cvyi_py_value *self,
                             const cvyi_py_value *other, cvy_error *err)
{
    *found = false;
    if (self->type != CVYI_PY_V_INSTANCE)
        return CVY_OK;
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (strcmp(specials[i].op, op) == 0)
            return cvyi_py_special(
                out, found, eval, self,
                turned ? specials[i].turned : specials[i].name, other, err);
    return CVY_OK;
}

static cvy_status by_host(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *a,
                          const cvyi_py_value *b, cvy_error *err)
{
    const cvyi_py_host_type *const left =
        a->type == CVYI_PY_V_HOST ? a->host.type : NULL;
    const cvyi_py_host_type *const right =
        b->type == CVYI_PY_V_HOST ? b->host.type : NULL;
    cvy_status status = CVY_UNSUPPORTED;
    cvyi_py_value made;
    bool asked = false;

    if (left != NULL && left->binary != NULL) {
        asked = true;
        status = left->binary(&made, eval, op, a, b, err);
    }
    if (status == CVY_UNSUPPORTED && right != NULL && right != left &&
        right->binary != NULL) {
        asked = true;
        status = right->binary(&made, eval, op, a, b, err);
    }
    if (!asked)
        return cvyi_py_refuse(eval, err, "%s and %s have no operator %s",
                              cvyi_py_describe(eval, a),
                              cvyi_py_describe(eval, b), op);
    if (status == CVY_OK)
        *out = made;
    return cvyi_py_placed(eval, status, err);
}

static cvy_status binary_object(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *op, const cvyi_py_value *a,
                                const cvyi_py_value *b, cvy_error *err)
{
    bool found;

    CVYI_TRY(by_special(out, &found, eval, op, false, a, b, err));
    if (found)
        return CVY_OK;
    if (a->type == CVYI_PY_V_HOST || b->type == CVYI_PY_V_HOST)
        return by_host(out, eval, op, a, b, err);
    CVYI_TRY(by_special(out, &found, eval, op, true, b, a, err));
    if (found)
        return CVY_OK;
    return cvyi_py_arithmetic(out, eval, op, a, b, err);
}

/* ---- all of them ---- */

cvy_status cvyi_py_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *a,
                          const cvyi_py_value *b, cvy_error *err)
{
    const bool same = a->type == b->type, add = strcmp(op, "Add") == 0;
    const cvyi_py_cause *cause = cvyi_py_unknown(a);
    cvyi_py_value list;

    if (cause == NULL)
        cause = cvyi_py_unknown(b);
    if (cause == NULL && a->type == CVYI_PY_V_TEXT)
        cause = cvyi_py_opaque_within(b); /* 'a%d' % (x,) */
    if (cause != NULL) {
        CVYI_TRY(cvyi_py_meet(eval, cause, NULL, a, err));
        CVYI_TRY(cvyi_py_meet(eval, cause, NULL, b, err));
        *out = cvyi_py_opaque_value(cause);
        return CVY_OK;
    }
    if (cvyi_py_is_number(a) && cvyi_py_is_number(b))
        return cvyi_py_arithmetic(out, eval, op, a, b, err);
    if (strcmp(op, "Mod") == 0 && a->type == CVYI_PY_V_TEXT)
        return cvyi_py_percent(out, eval, a->text, b, err);
    if (a->type == CVYI_PY_V_HOST || b->type == CVYI_PY_V_HOST ||
        a->type == CVYI_PY_V_INSTANCE || b->type == CVYI_PY_V_INSTANCE)
        return binary_object(out, eval, op, a, b, err);
    if (add && same && a->type == CVYI_PY_V_TEXT)
        return join_texts(out, eval, a->text, b->text, err);
    if (add && same && is_seq(a))
        return join_seqs(out, eval, a, b, err);
    if (strcmp(op, "Mult") == 0 &&
        (is_seq(a) || is_seq(b) || a->type == CVYI_PY_V_TEXT ||
         b->type == CVYI_PY_V_TEXT))
        return multiply(out, eval, a, b, err);
    if (same && a->type == CVYI_PY_V_SET &&
        (strncmp(op, "Bit", 3) == 0 || strcmp(op, "Sub") == 0))
        return set_operation(out, eval, op, a->seq, b->seq, err);
    if (same && a->type == CVYI_PY_V_DICT && strcmp(op, "BitOr") == 0)
        return join_dicts(out, eval, a->map, b->map, err);
    if (add && b->type == CVYI_PY_V_LIST && cvyi_py_is_list_2(eval, a)) {
        CVYI_TRY(cvyi_py_eval_list(&list, eval, a, err));
        return join_seqs(out, eval, &list, b, err);
    }
    if (add && a->type == CVYI_PY_V_LIST && cvyi_py_is_list_2(eval, b)) {
        CVYI_TRY(cvyi_py_eval_list(&list, eval, b, err));
        return join_seqs(out, eval, a, &list, err);
    }
    if (cvyi_py_is_method(a, CVYI_PY_M_VIEW) ||
        cvyi_py_is_method(b, CVYI_PY_M_VIEW))
        return cvyi_py_refuse(eval, err, "an operator over a view of a dict");
    return cvyi_py_arithmetic(out, eval, op, a, b, err);
}

static cvy_status extend(cvyi_py_eval *eval, const cvyi_py_value *list,
                         const cvyi_py_value *more, cvy_error *err)
{
    const cvyi_py_seq *items;

    CVYI_TRY(cvyi_py_elements(&items, eval, more, true, err));
    /* a += a: as many as there were */
    for (int i = 0, n = items->n; i < n; i++)
        CVYI_TRY(cvyi_py_seq_add(eval, list->seq, &items->items[i], err));
    return CVY_OK;
}

cvy_status cvyi_py_augmented(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *op, const cvyi_py_value *a,
                             const cvyi_py_value *b, cvy_error *err)
{
    cvyi_py_value made, self = *a;
    const cvyi_py_cause *const cause =
        cvyi_py_opaque(a) != NULL ? cvyi_py_opaque(a) : cvyi_py_unknown(b);

    if (cause != NULL &&
        (a->type == CVYI_PY_V_LIST || a->type == CVYI_PY_V_SET ||
         a->type == CVYI_PY_V_DICT)) {
        cvyi_py_mark(a, cause); /* changed in place */
        *out = *a;
        return CVY_OK;
    }
    if (a->type == CVYI_PY_V_LIST && strcmp(op, "Add") == 0 &&
        b->type != CVYI_PY_V_HOST) {
        CVYI_TRY(extend(eval, a, b, err));
        *out = *a;
        return CVY_OK;
    }
    if (a->type == CVYI_PY_V_DICT && b->type == CVYI_PY_V_DICT &&
        strcmp(op, "BitOr") == 0) {
        CVYI_TRY(add_dict(eval, &self, b->map, err));
        *out = *a;
        return CVY_OK;
    }
    if (a->type == CVYI_PY_V_INSTANCE) {
        char name[40] = "__i";
        bool found;

        for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
            if (strcmp(specials[i].op, op) == 0)
                strncat(name, specials[i].name + 2, 30);
        CVYI_TRY(cvyi_py_special(out, &found, eval, a, name, b, err));
        if (found)
            return CVY_OK;
    }
    if (a->type == CVYI_PY_V_HOST && a->host.type->augment != NULL &&
        cause == NULL) {
        CVYI_TRY(cvyi_py_forgive_value(
            &made, eval,
            cvyi_py_placed(
                eval, a->host.type->augment(&made, eval, op, a, b, err), err),
            err));
        *out = made;
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_binary(&made, eval, op, a, b, err));
    if ((a->type == CVYI_PY_V_LIST || a->type == CVYI_PY_V_SET) &&
        made.type == a->type) {
        *a->seq = *made.seq; /* in place: others see it too */
        *out = *a;
    } else {
        *out = made;
    }
    return CVY_OK;
}

static cvy_status unary_object(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *op, const cvyi_py_value *value,
                               cvy_error *err)
{
    cvyi_py_value made;
    bool found = false;

    if (value->type == CVYI_PY_V_INSTANCE) {
        CVYI_TRY(cvyi_py_special(out, &found, eval, value,
                                 strcmp(op, "USub") == 0   ? "__neg__"
                                 : strcmp(op, "UAdd") == 0 ? "__pos__"
                                                           : "__invert__",
                                 NULL, err));
        if (found)
            return CVY_OK;
    } else if (value->type == CVYI_PY_V_HOST) {
        if (value->host.type->unary == NULL)
            return cvyi_py_refuse(eval, err, "%s has no operator %s",
                                  value->host.type->name, op);
        CVYI_TRY(cvyi_py_placed(
            eval, value->host.type->unary(&made, eval, op, value, err), err));
        *out = made;
        return CVY_OK;
    }
    return cvyi_py_throw(eval, err, "TypeError", "%s has no operator %s",
                         cvyi_py_describe(eval, value), op);
}

cvy_status cvyi_py_unary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *value,
                         cvy_error *err)
{
    int64_t integer;
    bool truth;

    if (value->type == CVYI_PY_V_OPAQUE) {
        *out = *value;
        return CVY_OK;
    }
    if (strcmp(op, "Not") == 0) {
        CVYI_TRY(cvyi_py_eval_truth(&truth, eval, value, err));
        *out = cvyi_py_bool(!truth);
        return CVY_OK;
    }
    if (value->type == CVYI_PY_V_FLOAT && op[0] == 'U') {
        *out = cvyi_py_float(op[1] == 'S' ? -value->real : value->real);
        return CVY_OK;
    }
    if (!cvyi_py_as_int(&integer, value))
        return unary_object(out, eval, op, value, err);
    if (strcmp(op, "USub") == 0 && integer == INT64_MIN)
        return cvyi_py_refuse(eval, err, "an int outgrows 64 bits");
    if (strcmp(op, "USub") == 0)
        integer = -integer;
    else if (strcmp(op, "Invert") == 0)
        integer = ~integer;
    *out = cvyi_py_int(integer);
    return CVY_OK;
}
