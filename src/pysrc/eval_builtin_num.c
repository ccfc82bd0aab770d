/* pysrc/eval_builtin_num.c - builtins over numbers and characters. */
#include "pysrc/eval_builtins.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

cvy_status cvyi_py_b_abs(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const x = given->at[0];
    int64_t n;
    bool found;

    if (x->type == CVYI_PY_V_FLOAT) {
        *out = cvyi_py_float(fabs(x->real));
        return CVY_OK;
    }
    if (cvyi_py_as_int(&n, x)) {
        const cvyi_py_value same = cvyi_py_int(n);

        if (n < 0)
            return cvyi_py_unary(out, eval, "USub", &same, err);
        *out = same;
        return CVY_OK;
    }
    if (x->type == CVYI_PY_V_HOST)
        return cvyi_py_unary(out, eval, "abs", x, err);
    CVYI_TRY(cvyi_py_special(out, &found, eval, x, "__abs__", NULL, err));
    return found ? CVY_OK
                 : cvyi_py_throw(eval, err, "TypeError", "abs() of %s",
                                 cvyi_py_describe(eval, x));
}

cvy_status cvyi_py_b_pow(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    return cvyi_py_binary(out, eval, "Pow", given->at[0], given->at[1], err);
}

cvy_status cvyi_py_b_divmod(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value both[2];

    CVYI_TRY(cvyi_py_binary(&both[0], eval, "FloorDiv", given->at[0],
                            given->at[1], err));
    CVYI_TRY(cvyi_py_binary(&both[1], eval, "Mod", given->at[0], given->at[1],
                            err));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, both, 2, err);
}

/* ---- round ---- */

/* To a multiple of 10^-digits, halves to the even one. */
static cvy_status round_int(cvyi_py_value *out, cvyi_py_eval *eval, int64_t n,
                            int64_t digits, cvy_error *err)
{
    int64_t unit = 1, rounded;

    if (digits >= 0) {
        *out = cvyi_py_int(n);
        return CVY_OK;
    }
    if (digits < -18) /* below half of any unit */
        return cvyi_py_refuse(eval, err, "a rounding to %lld digits",
                              (long long)digits);
    for (; digits < 0; digits++)
        unit *= 10;

    const int64_t rest = n % unit, size = rest < 0 ? -rest : rest;
    const int64_t odd = n / unit % 2;

    rounded = n - rest;
    if (size > unit - size || (size == unit - size && odd != 0)) {
        if (!cvyi_add64(&rounded, rounded, n < 0 ? -unit : unit))
            return cvyi_py_refuse(eval, err, "an int outgrows 64 bits");
    }
    *out = cvyi_py_int(rounded);
    return CVY_OK;
}

static cvy_status round_float(cvyi_py_value *out, cvyi_py_eval *eval, double x,
                              int64_t digits, cvy_error *err)
{
    char text[400];

    if (!isfinite(x) || digits > 300) {
        *out = cvyi_py_float(x);
        return CVY_OK;
    }
    if (digits < 0)
        return cvyi_py_refuse(eval, err, "a float rounded before its point");
    snprintf(text, sizeof text, "%.*f", (int)digits, x);
    if (strlen(text) + 1 >= sizeof text)
        return cvyi_py_refuse(eval, err, "a float rounded to %lld digits",
                              (long long)digits);
    *out = cvyi_py_float(strtod(text, NULL));
    return CVY_OK;
}

cvy_status cvyi_py_b_round(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const x = given->at[0];
    const bool whole =
        given->at[1] == NULL || given->at[1]->type == CVYI_PY_V_NONE;
    int64_t digits = 0, n;

    if (cvyi_py_is_python2(eval))
        return cvyi_py_refuse(eval, err, "round() of Python 2");
    if (!whole)
        CVYI_TRY(
            cvyi_py_need_int(&digits, eval, given->at[1], "ndigits", err));
    if (cvyi_py_as_int(&n, x))
        return round_int(out, eval, n, digits, err);
    if (x->type == CVYI_PY_V_HOST && whole)
        return cvyi_py_unary(out, eval, "round", x, err);
    if (x->type != CVYI_PY_V_FLOAT)
        return cvyi_py_throw(eval, err, "TypeError", "round() of %s",
                             cvyi_py_describe(eval, x));
    if (!whole)
        return round_float(out, eval, x->real, digits, err);
    return cvyi_py_float_to_int(out, eval, nearbyint(x->real), err);
}

/* ---- characters ---- */

cvy_status cvyi_py_b_ord(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    const char *text;

    CVYI_TRY(cvyi_py_need_text(&text, eval, given->at[0], "ord()", err));
    if (cvyi_py_text_length(text) != 1)
        return cvyi_py_throw(eval, err, "TypeError",
                             "ord() of more or less than one character");
    if (!cvyi_py_is_ascii(text))
        return cvyi_py_refuse(eval, err, "ord() beyond ASCII");
    *out = cvyi_py_int(text[0]);
    return CVY_OK;
}

cvy_status cvyi_py_b_chr(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    int64_t code;

    CVYI_TRY(cvyi_py_need_int(&code, eval, given->at[0], "chr()", err));
    if (code < 1 || code > 127)
        return cvyi_py_refuse(eval, err, "chr() beyond ASCII");
    return cvyi_py_make_text(out, eval, (const char[]){ (char)code }, 1, err);
}

/* ---- methods of numbers ---- */

cvy_status cvyi_py_n_is_integer(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    const double x = given->self->real;

    (void)eval;
    (void)err;
    *out = cvyi_py_bool(isfinite(x) && x == floor(x));
    return CVY_OK;
}

cvy_status cvyi_py_n_bit_length(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    int64_t n = 0;
    int bits = 0;

    (void)eval;
    (void)err;
    (void)cvyi_py_as_int(&n, given->self);
    for (uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n; size > 0;
         size >>= 1)
        bits++;
    *out = cvyi_py_int(bits);
    return CVY_OK;
}

/* ---- numbers that NumPy would have made ---- */

cvy_status cvyi_py_n_item(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = *given->self;
    return CVY_OK;
}

cvy_status cvyi_py_n_astype(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const type = given->at[0];

    if (type->type == CVYI_PY_V_TEXT)
        return cvyi_py_refuse(eval, err, "astype('%.60s') of a number",
                              type->text);
    return cvyi_py_call_plain(out, eval, type, given->self, NULL, err);
}
