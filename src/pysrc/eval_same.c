/* pysrc/eval_same.c - equality, identity, order, membership, truth. */
#include "pysrc/eval_parts.h"

static bool is_seq(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

bool cvyi_py_identical(const cvyi_py_value *a, const cvyi_py_value *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case CVYI_PY_V_NONE:
    case CVYI_PY_V_ELLIPSIS:
        return true;
    case CVYI_PY_V_BOOL:
        return a->truth == b->truth;
    case CVYI_PY_V_INT:
    case CVYI_PY_V_FLOAT:
        return false;
    case CVYI_PY_V_RANGE:
    case CVYI_PY_V_SLICE:
        return a->bounds.start == b->bounds.start;
    case CVYI_PY_V_HOST:
        return a->host.type == b->host.type && a->host.data == b->host.data;
    default: /* all others are one pointer */
        return a->text == b->text || (const void *)a->seq == b->seq;
    }
}

cvy_status cvyi_py_is(bool *out, cvyi_py_eval *eval, const cvyi_py_value *a,
                      const cvyi_py_value *b, cvy_error *err)
{
    bool same = false;

    if (a->type == CVYI_PY_V_METHOD && b->type == a->type &&
        a->method->kind == CVYI_PY_M_BOUND && a->method == b->method) {
        *out = true;
        return CVY_OK;
    }
    if (a->type == b->type && !cvyi_py_identical(a, b) &&
        (a->type <= CVYI_PY_V_TEXT || a->type == CVYI_PY_V_TUPLE)) {
        CVYI_TRY(cvyi_py_same(&same, eval, a, b, err));
        if (same && a->type == CVYI_PY_V_INT && a->integer >= -5 &&
            a->integer <= 256) {
            *out = true; /* Python has one of each small number */
            return CVY_OK;
        }
        if (same)
            return cvyi_py_refuse(
                eval, err,
                "`is` between two equal values of type %s depends on the "
                "Python that runs it; == is meant",
                cvyi_py_type_name(a));
    }
    *out = cvyi_py_identical(a, b);
    return CVY_OK;
}

cvy_status cvyi_py_alike(bool *out, cvyi_py_eval *eval, const cvyi_py_value *a,
                         const cvyi_py_value *b, cvy_error *err)
{
    if (cvyi_py_identical(a, b)) {
        *out = true;
        return CVY_OK;
    }
    if (a->type == CVYI_PY_V_FLOAT && b->type == CVYI_PY_V_FLOAT &&
        a->real != a->real && b->real != b->real)
        return cvyi_py_refuse(eval, err, "nan is compared inside of lists");
    return cvyi_py_same(out, eval, a, b, err);
}

/* ---- equality ---- */

int cvyi_py_order_numbers(const cvyi_py_value *a, const cvyi_py_value *b)
{
    int64_t i, j;
    double x = 0, y = 0;

    if (cvyi_py_as_int(&i, a) && cvyi_py_as_int(&j, b))
        return (i > j) - (i < j);
    (void)cvyi_py_as_double(&x, a);
    (void)cvyi_py_as_double(&y, b);
    if (x != x || y != y)
        return 2;
    if (x != y)
        return (x > y) - (x < y);
    /* Equal after rounding: a big int against a float, compared as ints. */
    if (a->type != CVYI_PY_V_FLOAT && cvyi_py_as_int(&i, a))
        return y >= 0x1p63 ? -1 : (i > (int64_t)y) - (i < (int64_t)y);
    if (b->type != CVYI_PY_V_FLOAT && cvyi_py_as_int(&j, b))
        return x >= 0x1p63 ? 1 : ((int64_t)x > j) - ((int64_t)x < j);
    return 0;
}

static cvy_status same_items(bool *out, cvyi_py_eval *eval,
                             const cvyi_py_seq *a, const cvyi_py_seq *b,
                             cvy_error *err)
{
    bool same = a->n == b->n;

    for (int i = 0; same && i < a->n && i < b->n; i++)
        CVYI_TRY(cvyi_py_alike(&same, eval, &a->items[i], &b->items[i], err));
    *out = same;
    return CVY_OK;
}

static cvy_status same_sets(bool *out, cvyi_py_eval *eval,
                            const cvyi_py_seq *a, const cvyi_py_seq *b,
                            cvy_error *err)
{
    bool same = a->n == b->n;

    for (int i = 0; same && i < a->n; i++) {
        int at;

        CVYI_TRY(cvyi_py_find(&at, eval, b->items, b->n, &a->items[i], err));
        same = at >= 0;
    }
    *out = same;
    return CVY_OK;
}

static cvy_status same_dicts(bool *out, cvyi_py_eval *eval,
                             const cvyi_py_map *a, const cvyi_py_map *b,
                             cvy_error *err)
{
    bool same = a->n == b->n;

    for (int i = 0; same && i < a->n; i++) {
        int at;

        CVYI_TRY(cvyi_py_find(&at, eval, b->keys, b->n, &a->keys[i], err));
        same = at >= 0;
        if (same)
            CVYI_TRY(cvyi_py_alike(&same, eval, &a->values[i], &b->values[at],
                                   err));
    }
    *out = same;
    return CVY_OK;
}

static cvy_status same_ranges(bool *out, cvyi_py_eval *eval,
                              const cvyi_py_value *a, const cvyi_py_value *b,
                              cvy_error *err)
{
    int64_t n, m;

    CVYI_TRY(cvyi_py_range_length(&n, eval, a, err));
    CVYI_TRY(cvyi_py_range_length(&m, eval, b, err));
    *out = n == m &&
           (n == 0 ||
            (a->bounds.start->integer == b->bounds.start->integer &&
             (n == 1 || a->bounds.step->integer == b->bounds.step->integer)));
    return CVY_OK;
}

static cvy_status same_by_host(bool *out, cvyi_py_eval *eval,
                               const cvyi_py_value *a, const cvyi_py_value *b,
                               cvy_error *err)
{
    cvyi_py_value answer;

    CVYI_TRY(cvyi_py_compare(&answer, eval, "Eq", a, b, err));
    return cvyi_py_eval_truth(out, eval, &answer, err);
}

static cvy_status same_inner(bool *out, cvyi_py_eval *eval,
                             const cvyi_py_value *a, const cvyi_py_value *b,
                             cvy_error *err)
{
    if (cvyi_py_is_number(a) && cvyi_py_is_number(b)) {
        *out = cvyi_py_order_numbers(a, b) == 0;
        return CVY_OK;
    }
    if (cvyi_py_unknown(a) != NULL || cvyi_py_unknown(b) != NULL)
        return cvyi_py_refuse_opaque(eval, cvyi_py_unknown(a) != NULL ? a : b,
                                     err);
    if (a->type == CVYI_PY_V_HOST || b->type == CVYI_PY_V_HOST ||
        a->type == CVYI_PY_V_INSTANCE || b->type == CVYI_PY_V_INSTANCE)
        return same_by_host(out, eval, a, b, err);
    if (a->type != b->type) {
        *out = false;
        return CVY_OK;
    }
    switch (a->type) {
    case CVYI_PY_V_TEXT:
        *out = strcmp(a->text, b->text) == 0;
        return CVY_OK;
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_LIST:
        return same_items(out, eval, a->seq, b->seq, err);
    case CVYI_PY_V_SET:
        return same_sets(out, eval, a->seq, b->seq, err);
    case CVYI_PY_V_DICT:
        return same_dicts(out, eval, a->map, b->map, err);
    case CVYI_PY_V_RANGE:
        return same_ranges(out, eval, a, b, err);
    case CVYI_PY_V_SLICE:
    case CVYI_PY_V_METHOD:
        if (!cvyi_py_identical(a, b))
            return cvyi_py_refuse(eval, err, "%s is compared with another",
                                  cvyi_py_describe(eval, a));
        *out = true;
        return CVY_OK;
    default:
        *out = cvyi_py_identical(a, b);
        return CVY_OK;
    }
}

cvy_status cvyi_py_same(bool *out, cvyi_py_eval *eval, const cvyi_py_value *a,
                        const cvyi_py_value *b, cvy_error *err)
{
    cvy_status status;

    CVYI_TRY(cvyi_py_enter(eval, err));
    status = cvyi_py_tick(eval, 1, err);
    if (status == CVY_OK)
        status = same_inner(out, eval, a, b, err);
    eval->nesting--;
    return status;
}

/* ---- order ---- */

/* What an operator says of an order of -1, 0 or 1; 2 is no order. */
static bool says(const char *op, int order)
{
    if (order == 2)
        return false;
    if (op[0] == 'L')
        return op[2] == 'E' ? order <= 0 : order < 0;
    return op[2] == 'E' ? order >= 0 : order > 0;
}

static cvy_status order_of_seqs(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *op, const cvyi_py_seq *a,
                                const cvyi_py_seq *b, cvy_error *err)
{
    cvy_status status;

    for (int i = 0; i < a->n && i < b->n; i++) {
        const cvyi_py_value x = a->items[i], y = b->items[i];
        bool same;

        CVYI_TRY(cvyi_py_tick(eval, 1, err));
        CVYI_TRY(cvyi_py_alike(&same, eval, &x, &y, err));
        if (same)
            continue;
        CVYI_TRY(cvyi_py_enter(eval, err));
        status = cvyi_py_compare(out, eval, op, &x, &y, err);
        eval->nesting--;
        return status;
    }
    *out = cvyi_py_bool(says(op, (a->n > b->n) - (a->n < b->n)));
    return CVY_OK;
}

static cvy_status order_of_sets(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *op, const cvyi_py_seq *a,
                                const cvyi_py_seq *b, cvy_error *err)
{
    const cvyi_py_seq *const small = op[0] == 'L' ? a : b;
    const cvyi_py_seq *const large = op[0] == 'L' ? b : a;
    bool inside = op[2] == 'E' || small->n < large->n;

    for (int i = 0; inside && i < small->n; i++) {
        int at;

        CVYI_TRY(cvyi_py_find(&at, eval, large->items, large->n,
                              &small->items[i], err));
        inside = at >= 0;
    }
    *out = cvyi_py_bool(inside);
    return CVY_OK;
}

static cvy_status order(cvyi_py_value *out, cvyi_py_eval *eval, const char *op,
                        const cvyi_py_value *a, const cvyi_py_value *b,
                        cvy_error *err)
{
    if (cvyi_py_is_number(a) && cvyi_py_is_number(b)) {
        *out = cvyi_py_bool(says(op, cvyi_py_order_numbers(a, b)));
        return CVY_OK;
    }
    if (a->type == CVYI_PY_V_TEXT && b->type == CVYI_PY_V_TEXT) {
        const int by = strcmp(a->text, b->text);

        *out = cvyi_py_bool(says(op, (by > 0) - (by < 0)));
        return CVY_OK;
    }
    if (is_seq(a) && a->type == b->type)
        return order_of_seqs(out, eval, op, a->seq, b->seq, err);
    if (a->type == CVYI_PY_V_SET && b->type == CVYI_PY_V_SET)
        return order_of_sets(out, eval, op, a->seq, b->seq, err);
    return cvyi_py_throw(eval, err, "TypeError",
                         "%s and %s cannot be put in order",
                         cvyi_py_describe(eval, a), cvyi_py_describe(eval, b));
}

/* ---- operators ---- */

static const struct {
    const char *op, *name, *turned;
} specials[] = {
    { "Eq", "__eq__", "__eq__" }, { "NotEq", "__ne__", "__ne__" },
    { "Lt", "__lt__", "__gt__" }, { "LtE", "__le__", "__ge__" },
    { "Gt", "__gt__", "__lt__" }, { "GtE", "__ge__", "__le__" },
};

static cvy_status compare_special(cvyi_py_value *out, bool *found,
                                  cvyi_py_eval *eval, const char *op,
                                  const cvyi_py_value *a,
                                  const cvyi_py_value *b, cvy_error *err)
{
    *found = false;
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (strcmp(specials[i].op, op) != 0)
            continue;
        CVYI_TRY(
            cvyi_py_special(out, found, eval, a, specials[i].name, b, err));
        if (!*found)
            CVYI_TRY(cvyi_py_special(out, found, eval, b, specials[i].turned,
                                     a, err));
    }
    /* x != y is not (x == y) where the class has only __eq__ */
    if (!*found && strcmp(op, "NotEq") == 0) {
        cvyi_py_value equal;
        bool truth;

        CVYI_TRY(compare_special(&equal, found, eval, "Eq", a, b, err));
        if (*found) {
            CVYI_TRY(cvyi_py_eval_truth(&truth, eval, &equal, err));
            *out = cvyi_py_bool(!truth);
        }
    }
    return CVY_OK;
}

static cvy_status compare_host(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *op, const cvyi_py_value *a,
                               const cvyi_py_value *b, cvy_error *err)
{
    const cvyi_py_value *const both[] = { a, b };
    cvyi_py_value made;

    for (int i = 0; i < 2; i++) {
        if (both[i]->type != CVYI_PY_V_HOST ||
            both[i]->host.type->compare == NULL)
            continue;

        const cvy_status status = cvyi_py_placed(
            eval, both[i]->host.type->compare(&made, eval, op, a, b, err),
            err);
        const bool again =
            status == CVY_UNSUPPORTED && i == 0 && b->type == CVYI_PY_V_HOST &&
            b->host.type != a->host.type && b->host.type->compare != NULL;

        if (again)
            continue;
        if (status == CVY_OK)
            *out = made;
        return status;
    }
    return cvyi_py_refuse(eval, err, "%s and %s cannot be compared",
                          cvyi_py_describe(eval, a),
                          cvyi_py_describe(eval, b));
}

static cvy_status compare_values(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const char *op, const cvyi_py_value *a,
                                 const cvyi_py_value *b, cvy_error *err)
{
    const bool equality = op[0] == 'E' || op[0] == 'N';
    bool truth = false, found;

    if (a->type == CVYI_PY_V_INSTANCE || b->type == CVYI_PY_V_INSTANCE) {
        CVYI_TRY(compare_special(out, &found, eval, op, a, b, err));
        if (found)
            return CVY_OK;
    }
    if (a->type == CVYI_PY_V_HOST || b->type == CVYI_PY_V_HOST)
        return compare_host(out, eval, op, a, b, err);
    if (!equality)
        return order(out, eval, op, a, b, err);
    if (a->type == CVYI_PY_V_INSTANCE || b->type == CVYI_PY_V_INSTANCE)
        truth = cvyi_py_identical(a, b);
    else
        CVYI_TRY(cvyi_py_same(&truth, eval, a, b, err));
    *out = cvyi_py_bool(op[0] == 'E' ? truth : !truth);
    return CVY_OK;
}

cvy_status cvyi_py_compare(cvyi_py_value *out, cvyi_py_eval *eval,
                           const char *op, const cvyi_py_value *a,
                           const cvyi_py_value *b, cvy_error *err)
{
    const bool not = strncmp(op, "Not", 3) == 0 || strcmp(op, "IsNot") == 0;
    const bool is = strncmp(op, "Is", 2) == 0;
    const cvyi_py_cause *cause = is ? NULL : cvyi_py_unknown(a);
    bool truth;

    if (cause == NULL && !is)
        cause = cvyi_py_unknown(b);
    if (a->type == CVYI_PY_V_OPAQUE || b->type == CVYI_PY_V_OPAQUE)
        cause = a->type == CVYI_PY_V_OPAQUE ? a->cause : b->cause;
    if (cause != NULL) {
        *out = cvyi_py_opaque_value(cause);
        return CVY_OK;
    }
    if (is) {
        CVYI_TRY(cvyi_py_is(&truth, eval, a, b, err));
    } else if (strcmp(op, "In") == 0 || strcmp(op, "NotIn") == 0) {
        CVYI_TRY(cvyi_py_contains(&truth, eval, a, b, err));
    } else {
        return compare_values(out, eval, op, a, b, err);
    }
    *out = cvyi_py_bool(truth != not );
    return CVY_OK;
}

cvy_status cvyi_py_less(bool *out, cvyi_py_eval *eval, const cvyi_py_value *a,
                        const cvyi_py_value *b, cvy_error *err)
{
    cvyi_py_value answer;

    CVYI_TRY(cvyi_py_tick(eval, 1, err));
    CVYI_TRY(cvyi_py_compare(&answer, eval, "Lt", a, b, err));
    return cvyi_py_eval_truth(out, eval, &answer, err);
}
