/* pysrc/eval_number.c - arithmetic of ints and floats. */
#include "pysrc/eval_parts.h"

#include <math.h>

bool cvyi_py_is_number(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_INT || value->type == CVYI_PY_V_BOOL ||
           value->type == CVYI_PY_V_FLOAT;
}

static cvy_status too_big(cvyi_py_eval *eval, cvy_error *err)
{
    return cvyi_py_refuse(eval, err, "an int outgrows 64 bits");
}

static cvy_status by_zero(cvyi_py_eval *eval, cvy_error *err)
{
    return cvyi_py_throw(eval, err, "ZeroDivisionError", "division by zero");
}

cvy_status cvyi_py_float_to_int(cvyi_py_value *out, cvyi_py_eval *eval,
                                double value, cvy_error *err)
{
    if (isnan(value))
        return cvyi_py_throw(eval, err, "ValueError",
                             "cannot convert float NaN to integer");
    if (isinf(value))
        return cvyi_py_throw(eval, err, "OverflowError",
                             "cannot convert float infinity to integer");
    if (value >= 0x1p63 || value < -0x1p63)
        return too_big(eval, err);
    *out = cvyi_py_int((int64_t)value);
    return CVY_OK;
}

/* ---- ints ---- */

typedef cvy_status int_fn(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                          int64_t b, cvy_error *err);

static cvy_status int_add(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                          int64_t b, cvy_error *err)
{
    int64_t sum;

    if (!cvyi_add64(&sum, a, b))
        return too_big(eval, err);
    *out = cvyi_py_int(sum);
    return CVY_OK;
}

static cvy_status int_sub(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                          int64_t b, cvy_error *err)
{
    int64_t difference;

    if (__builtin_sub_overflow(a, b, &difference))
        return too_big(eval, err);
    *out = cvyi_py_int(difference);
    return CVY_OK;
}

static cvy_status int_mult(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                           int64_t b, cvy_error *err)
{
    int64_t product;

    if (!cvyi_mul64(&product, a, b))
        return too_big(eval, err);
    *out = cvyi_py_int(product);
    return CVY_OK;
}

static cvy_status int_floor_div(cvyi_py_value *out, cvyi_py_eval *eval,
                                int64_t a, int64_t b, cvy_error *err)
{
    if (b == 0)
        return by_zero(eval, err);
    if (a == INT64_MIN && b == -1)
        return too_big(eval, err);
    *out = cvyi_py_int(a / b - (a % b != 0 && (a % b < 0) != (b < 0)));
    return CVY_OK;
}

static cvy_status int_mod(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                          int64_t b, cvy_error *err)
{
    if (b == 0)
        return by_zero(eval, err);

    const int64_t rest = b == -1 ? 0 : a % b;

    *out = cvyi_py_int(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
    return CVY_OK;
}

static bool exact(int64_t value)
{
    const double rounded = (double)value;

    return rounded < 0x1p63 && (int64_t)rounded == value;
}

static cvy_status int_div(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                          int64_t b, cvy_error *err)
{
    if (b == 0)
        return by_zero(eval, err);
    if (cvyi_py_is_python2(eval) && !eval->frame->file->division)
        return int_floor_div(out, eval, a, b, err);
    if (!exact(a) || !exact(b))
        return cvyi_py_refuse(eval, err, "a division of ints beyond 53 bits");
    *out = cvyi_py_float((double)a / (double)b);
    return CVY_OK;
}

static cvy_status int_power(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                            int64_t b, cvy_error *err)
{
    int64_t result = 1;

    if (b < 0 && a == 0)
        return by_zero(eval, err);
    if (b < 0) {
        if (!exact(a) || !exact(b))
            return cvyi_py_refuse(eval, err, "a power of ints beyond 53 bits");
        *out = cvyi_py_float(pow((double)a, (double)b));
        return CVY_OK;
    }
    for (; b > 0; b >>= 1) {
        if ((b & 1) != 0 && !cvyi_mul64(&result, result, a))
            return too_big(eval, err);
        if (b > 1 && !cvyi_mul64(&a, a, a))
            return too_big(eval, err);
    }
    *out = cvyi_py_int(result);
    return CVY_OK;
}

static cvy_status int_left(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                           int64_t b, cvy_error *err)
{
    if (b < 0)
        return cvyi_py_throw(eval, err, "ValueError", "negative shift count");
    if (a == 0) {
        *out = cvyi_py_int(0);
        return CVY_OK;
    }
    if (b > 62)
        return too_big(eval, err);
    return int_mult(out, eval, a, (int64_t)1 << b, err);
}

static cvy_status int_right(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                            int64_t b, cvy_error *err)
{
    if (b < 0)
        return cvyi_py_throw(eval, err, "ValueError", "negative shift count");
    if (b > 62)
        b = 63;
    *out = cvyi_py_int(a < 0 ? ~(~a >> b) : a >> b);
    return CVY_OK;
}

static cvy_status int_or(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                         int64_t b, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = cvyi_py_int(a | b);
    return CVY_OK;
}

static cvy_status int_xor(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                          int64_t b, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = cvyi_py_int(a ^ b);
    return CVY_OK;
}

static cvy_status int_and(cvyi_py_value *out, cvyi_py_eval *eval, int64_t a,
                          int64_t b, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = cvyi_py_int(a & b);
    return CVY_OK;
}

/* ---- floats ---- */

typedef cvy_status float_fn(cvyi_py_value *out, cvyi_py_eval *eval, double a,
                            double b, cvy_error *err);

static cvy_status float_add(cvyi_py_value *out, cvyi_py_eval *eval, double a,
                            double b, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = cvyi_py_float(a + b);
    return CVY_OK;
}

static cvy_status float_sub(cvyi_py_value *out, cvyi_py_eval *eval, double a,
                            double b, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = cvyi_py_float(a - b);
    return CVY_OK;
}

static cvy_status float_mult(cvyi_py_value *out, cvyi_py_eval *eval, double a,
                             double b, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = cvyi_py_float(a * b);
    return CVY_OK;
}

static cvy_status float_div(cvyi_py_value *out, cvyi_py_eval *eval, double a,
                            double b, cvy_error *err)
{
    if (b == 0)
        return by_zero(eval, err);
    *out = cvyi_py_float(a / b);
    return CVY_OK;
}

/* The rest has the sign of the divisor, and quotient * b + rest is about a. */
static double divided(double *rest, double a, double b)
{
    double mod = fmod(a, b);
    double quotient = (a - mod) / b;

    if (mod == 0)
        mod = copysign(0.0, b);
    else if ((mod < 0) != (b < 0)) {
        mod += b;
        quotient -= 1;
    }
    *rest = mod;
    if (quotient == 0)
        return copysign(0.0, a / b);

    const double whole = floor(quotient);

    return quotient - whole > 0.5 ? whole + 1 : whole;
}

static cvy_status float_floor_div(cvyi_py_value *out, cvyi_py_eval *eval,
                                  double a, double b, cvy_error *err)
{
    double rest;

    if (b == 0)
        return by_zero(eval, err);
    *out = cvyi_py_float(divided(&rest, a, b));
    return CVY_OK;
}

static cvy_status float_mod(cvyi_py_value *out, cvyi_py_eval *eval, double a,
                            double b, cvy_error *err)
{
    double rest;

    if (b == 0)
        return by_zero(eval, err);
    (void)divided(&rest, a, b);
    *out = cvyi_py_float(rest);
    return CVY_OK;
}

static cvy_status float_power(cvyi_py_value *out, cvyi_py_eval *eval, double a,
                              double b, cvy_error *err)
{
    if (a == 0 && b < 0)
        return by_zero(eval, err);
    if (a < 0 && isfinite(a) && isfinite(b) && b != floor(b))
        return cvyi_py_refuse(eval, err, "a complex number");

    const double power = pow(a, b);

    if (isinf(power) && isfinite(a) && isfinite(b))
        return cvyi_py_throw(eval, err, "OverflowError",
                             "the result of ** is too large");
    *out = cvyi_py_float(power);
    return CVY_OK;
}

/* ---- the table ---- */

static const struct {
    const char *op, *sign;
    int_fn *ints;
    float_fn *floats;
} operators[] = {
    { "Add", "+", int_add, float_add },
    { "Sub", "-", int_sub, float_sub },
    { "Mult", "*", int_mult, float_mult },
    { "Div", "/", int_div, float_div },
    { "FloorDiv", "//", int_floor_div, float_floor_div },
    { "Mod", "%", int_mod, float_mod },
    { "Pow", "**", int_power, float_power },
    { "LShift", "<<", int_left, NULL },
    { "RShift", ">>", int_right, NULL },
    { "BitOr", "|", int_or, NULL },
    { "BitXor", "^", int_xor, NULL },
    { "BitAnd", "&", int_and, NULL },
};

static bool bits(const char *op)
{
    return strncmp(op, "Bit", 3) == 0;
}

cvy_status cvyi_py_arithmetic(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *op, const cvyi_py_value *a,
                              const cvyi_py_value *b, cvy_error *err)
{
    const char *sign = op;
    const bool floats = cvyi_py_is_number(a) && cvyi_py_is_number(b);
    int64_t i = 0, j = 0;
    double x = 0, y = 0;
    const bool ints = cvyi_py_as_int(&i, a) && cvyi_py_as_int(&j, b);

    for (size_t k = 0; k < sizeof operators / sizeof *operators; k++) {
        if (strcmp(operators[k].op, op) != 0)
            continue;
        sign = operators[k].sign;
        if (ints) {
            CVYI_TRY(operators[k].ints(out, eval, i, j, err));
            if (bits(op) && a->type == CVYI_PY_V_BOOL && b->type == a->type)
                *out = cvyi_py_bool(out->integer != 0);
            return CVY_OK;
        }
        if (!floats || operators[k].floats == NULL)
            break;
        (void)cvyi_py_as_double(&x, a);
        (void)cvyi_py_as_double(&y, b);
        return operators[k].floats(out, eval, x, y, err);
    }
    return cvyi_py_throw(eval, err, "TypeError", "%s %s %s",
                         cvyi_py_describe(eval, a), sign,
                         cvyi_py_describe(eval, b));
}
