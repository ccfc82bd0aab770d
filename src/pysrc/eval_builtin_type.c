/* pysrc/eval_builtin_type.c - types, called: int(x), list(x), type(x). */
#include "pysrc/eval_builtins.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

cvy_status cvyi_py_b_bool(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    bool truth = false;

    if (given->at[0] != NULL)
        CVYI_TRY(cvyi_py_eval_truth(&truth, eval, given->at[0], err));
    *out = cvyi_py_bool(truth);
    return CVY_OK;
}

/* ---- numbers ---- */

static cvy_status not_a_number(cvyi_py_eval *eval, const char *type,
                               const char *text, cvy_error *err)
{
    return cvyi_py_throw(eval, err, "ValueError", "%s('%.60s')", type, text);
}

/* Digits, between which one underscore may stand; *end after them. */
static cvy_status int_of_text(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *text, int64_t base, cvy_error *err)
{
    const char *p = text;
    char *end;
    long long n;

    if (strchr(text, '_') != NULL || !cvyi_py_is_ascii(text))
        return cvyi_py_refuse(eval, err, "int('%.60s')", text);
    if (base != 10)
        return cvyi_py_refuse(eval, err, "int() to base %lld",
                              (long long)base);
    while (isspace((unsigned char)*p))
        p++;
    if (!isdigit((unsigned char)p[*p == '-' || *p == '+']))
        return not_a_number(eval, "int", text, err);
    errno = 0;
    n = strtoll(p, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    if (*end != '\0')
        return not_a_number(eval, "int", text, err);
    if (errno == ERANGE)
        return cvyi_py_refuse(eval, err, "an int outgrows 64 bits");
    *out = cvyi_py_int(n);
    return CVY_OK;
}

static cvy_status by_special(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *x, const char *special,
                             const char *type, cvy_error *err)
{
    bool found = false;

    CVYI_TRY(cvyi_py_special(out, &found, eval, x, special, NULL, err));
    return found ? CVY_OK
                 : cvyi_py_throw(eval, err, "TypeError", "%s() of %s", type,
                                 cvyi_py_describe(eval, x));
}

cvy_status cvyi_py_b_int(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const x = given->at[0];
    int64_t n, base = 10;

    if (x == NULL) {
        *out = cvyi_py_int(0);
        return CVY_OK;
    }
    if (given->at[1] != NULL)
        CVYI_TRY(cvyi_py_need_int(&base, eval, given->at[1], "base", err));
    if (x->type == CVYI_PY_V_TEXT)
        return int_of_text(out, eval, x->text, base, err);
    if (given->at[1] != NULL)
        return cvyi_py_throw(eval, err, "TypeError",
                             "int() of no text, with a base");
    if (cvyi_py_as_int(&n, x)) {
        *out = cvyi_py_int(n);
        return CVY_OK;
    }
    if (x->type == CVYI_PY_V_FLOAT)
        return cvyi_py_float_to_int(out, eval, x->real, err);
    if (x->type == CVYI_PY_V_HOST)
        return cvyi_py_unary(out, eval, "int", x, err);
    return by_special(out, eval, x, "__int__", "int", err);
}

static cvy_status float_of_text(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *text, cvy_error *err)
{
    const char *p = text + strspn(text, " \t\n\r\f\v");
    char *end;
    double x;

    if (strchr(text, '_') != NULL || !cvyi_py_is_ascii(text))
        return cvyi_py_refuse(eval, err, "float('%.60s')", text);
    if (strpbrk(p, "xXpP(") != NULL || *p == '\0')
        return not_a_number(eval, "float", text, err);
    x = strtod(p, &end);
    if (end == p)
        return not_a_number(eval, "float", text, err);
    end += strspn(end, " \t\n\r\f\v");
    if (*end != '\0')
        return not_a_number(eval, "float", text, err);
    *out = cvyi_py_float(x);
    return CVY_OK;
}

cvy_status cvyi_py_b_float(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const x = given->at[0];
    double real = 0;

    if (x != NULL && x->type == CVYI_PY_V_TEXT)
        return float_of_text(out, eval, x->text, err);
    if (x != NULL && x->type == CVYI_PY_V_HOST)
        return cvyi_py_unary(out, eval, "float", x, err);
    if (x != NULL && !cvyi_py_as_double(&real, x))
        return by_special(out, eval, x, "__float__", "float", err);
    *out = cvyi_py_float(real);
    return CVY_OK;
}

/* ---- texts ---- */

cvy_status cvyi_py_b_str(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    cvyi_text text = { 0 };
    cvy_status status = CVY_OK;

    if (given->at[0] != NULL)
        status = cvyi_py_put_str(&text, eval, given->at[0], err);
    if (status != CVY_OK) {
        cvyi_text_close(&text);
        return status;
    }
    return cvyi_py_make_gathered(out, eval, &text, err);
}

cvy_status cvyi_py_b_repr(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    cvyi_text text = { 0 };
    const cvy_status status = cvyi_py_put_repr(&text, eval, given->at[0], err);

    if (status != CVY_OK) {
        cvyi_text_close(&text);
        return status;
    }
    return cvyi_py_make_gathered(out, eval, &text, err);
}

/* ---- containers ---- */

static cvy_status seq_of(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_value *x, cvyi_py_type type,
                         cvy_error *err)
{
    static const cvyi_py_seq none = { 0 };
    const cvyi_py_seq *items = &none;

    if (x != NULL && x->type == type && type == CVYI_PY_V_TUPLE) {
        *out = cvyi_py_unnamed(*x);
        return CVY_OK;
    }
    if (x != NULL)
        CVYI_TRY(
            cvyi_py_elements(&items, eval, x, type != CVYI_PY_V_SET, err));
    CVYI_TRY(cvyi_py_tick(eval, items->n / 16, err));
    return cvyi_py_make_seq(out, eval, type, items->items, items->n, err);
}

cvy_status cvyi_py_b_list(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    return seq_of(out, eval, given->at[0], CVYI_PY_V_LIST, err);
}

cvy_status cvyi_py_b_tuple(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return seq_of(out, eval, given->at[0], CVYI_PY_V_TUPLE, err);
}

cvy_status cvyi_py_b_set(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    return seq_of(out, eval, given->at[0], CVYI_PY_V_SET, err);
}

cvy_status cvyi_py_b_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_given update = *given;
    cvyi_py_value made, ignored;

    CVYI_TRY(cvyi_py_make_dict(&made, eval, err));
    update.self = &made;
    CVYI_TRY(cvyi_py_d_update(&ignored, eval, &update, err));
    *out = made;
    return CVY_OK;
}

cvy_status cvyi_py_b_slice(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value parts[3] = { cvyi_py_none(), cvyi_py_none(),
                               cvyi_py_none() };

    if (given->at[1] == NULL) {
        parts[1] = *given->at[0];
    } else {
        parts[0] = *given->at[0];
        parts[1] = *given->at[1];
    }
    if (given->at[2] != NULL)
        parts[2] = *given->at[2];
    return cvyi_py_make_range(out, eval, CVYI_PY_V_SLICE, parts, err);
}

cvy_status cvyi_py_b_xrange(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const bool one = given->at[1] == NULL;
    int64_t parts[3] = { 0, 0, 1 };

    CVYI_TRY(cvyi_py_need_int(&parts[one], eval, given->at[0],
                              "an argument of range()", err));
    for (int i = 1; i < 3; i++)
        if (given->at[i] != NULL)
            CVYI_TRY(cvyi_py_need_int(&parts[i], eval, given->at[i],
                                      "an argument of range()", err));
    if (parts[2] == 0)
        return cvyi_py_throw(eval, err, "ValueError",
                             "range() arg 3 must not be zero");

    const cvyi_py_value values[] = { cvyi_py_int(parts[0]),
                                     cvyi_py_int(parts[1]),
                                     cvyi_py_int(parts[2]) };

    return cvyi_py_make_range(out, eval, CVYI_PY_V_RANGE, values, err);
}

cvy_status cvyi_py_b_range(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value range;

    CVYI_TRY(cvyi_py_b_xrange(&range, eval, given, err));
    if (cvyi_py_is_python2(eval))
        return cvyi_py_eval_list(out, eval, &range, err);
    *out = range;
    return CVY_OK;
}
