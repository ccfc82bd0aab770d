/* read/python/std/math.c - the modules math and operator. */
#include "read/python/std/std.h"

#include <math.h>

/* ---- math: functions of one number ---- */

static cvy_status need_number(double *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_value *const to_float = cvyi_py_eval_builtin(eval, "float");
    cvyi_py_value made;

    if (cvyi_py_as_double(out, value))
        return CVY_OK;
    if (value->type == CVYI_PY_V_TEXT)
        return cvyi_py_throw(eval, err, "TypeError",
                             "a number is needed, not a str");
    CVYI_TRY(cvyi_py_call_plain(&made, eval, to_float, value, NULL, err));
    if (!cvyi_py_as_double(out, &made))
        return cvyi_py_refuse_opaque(eval, &made, err);
    return CVY_OK;
}

static cvy_status real(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_given *given, double (*of)(double),
                       cvy_error *err)
{
    double x, y;

    CVYI_TRY(need_number(&x, eval, given->at[0], err));
    y = of(x);
    if (isnan(y) && !isnan(x))
        return cvyi_py_throw(eval, err, "ValueError", "math domain error");
    *out = cvyi_py_float(y);
    return CVY_OK;
}

static cvy_status whole(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, double (*of)(double),
                        cvy_error *err)
{
    double x;

    if (cvyi_py_as_int(&out->integer, given->at[0])) {
        *out = cvyi_py_int(out->integer);
        return CVY_OK;
    }
    CVYI_TRY(need_number(&x, eval, given->at[0], err));
    return cvyi_py_float_to_int(out, eval, of(x), err);
}

#define OF_ONE(name, how, function)                                        \
    static cvy_status m_##name(cvyi_py_value *out, cvyi_py_eval *eval,     \
                               const cvyi_py_given *given, cvy_error *err) \
    {                                                                      \
        return how(out, eval, given, function, err);                       \
    }

static double to_degrees(double x)
{
    return x * 180 / 3.14159265358979323846;
}

static double to_radians(double x)
{
    return x * 3.14159265358979323846 / 180;
}

OF_ONE(acos, real, acos)
OF_ONE(asin, real, asin)
OF_ONE(atan, real, atan)
OF_ONE(cos, real, cos)
OF_ONE(cosh, real, cosh)
OF_ONE(degrees, real, to_degrees)
OF_ONE(erf, real, erf)
OF_ONE(exp, real, exp)
OF_ONE(expm1, real, expm1)
OF_ONE(fabs, real, fabs)
OF_ONE(lgamma, real, lgamma)
OF_ONE(log10, real, log10)
OF_ONE(log1p, real, log1p)
OF_ONE(log2, real, log2)
OF_ONE(radians, real, to_radians)
OF_ONE(sin, real, sin)
OF_ONE(sinh, real, sinh)
OF_ONE(sqrt, real, sqrt)
OF_ONE(tan, real, tan)
OF_ONE(tanh, real, tanh)
OF_ONE(ceil, whole, ceil)
OF_ONE(floor, whole, floor)
OF_ONE(trunc, whole, trunc)

/* ---- math: the others ---- */

static cvy_status two(double *x, double *y, cvyi_py_eval *eval,
                      const cvyi_py_given *given, cvy_error *err)
{
    CVYI_TRY(need_number(x, eval, given->at[0], err));
    return need_number(y, eval, given->at[1], err);
}

static cvy_status m_log(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, cvy_error *err)
{
    double x, base;

    CVYI_TRY(need_number(&x, eval, given->at[0], err));
    if (x <= 0)
        return cvyi_py_throw(eval, err, "ValueError", "math domain error");
    if (given->at[1] == NULL) {
        *out = cvyi_py_float(log(x));
        return CVY_OK;
    }
    CVYI_TRY(need_number(&base, eval, given->at[1], err));
    if (base <= 0 || base == 1)
        return cvyi_py_throw(eval, err, "ValueError", "math domain error");
    *out = cvyi_py_float(log(x) / log(base));
    return CVY_OK;
}

static cvy_status m_pow(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, cvy_error *err)
{
    double x, y;

    CVYI_TRY(two(&x, &y, eval, given, err));
    *out = cvyi_py_float(pow(x, y));
    return CVY_OK;
}

static cvy_status m_fmod(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    double x, y;

    CVYI_TRY(two(&x, &y, eval, given, err));
    if (y == 0)
        return cvyi_py_throw(eval, err, "ValueError", "math domain error");
    *out = cvyi_py_float(fmod(x, y));
    return CVY_OK;
}

static cvy_status m_hypot(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    double x, y;

    CVYI_TRY(two(&x, &y, eval, given, err));
    *out = cvyi_py_float(hypot(x, y));
    return CVY_OK;
}

static cvy_status m_atan2(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    double x, y;

    CVYI_TRY(two(&x, &y, eval, given, err));
    *out = cvyi_py_float(atan2(x, y));
    return CVY_OK;
}

static cvy_status m_isnan(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    double x;

    CVYI_TRY(need_number(&x, eval, given->at[0], err));
    *out = cvyi_py_bool(isnan(x));
    return CVY_OK;
}

static cvy_status m_isinf(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    double x;

    CVYI_TRY(need_number(&x, eval, given->at[0], err));
    *out = cvyi_py_bool(isinf(x));
    return CVY_OK;
}

static int64_t divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = b == -1 ? 0 : a % b;

        a = b;
        b = rest;
    }
    return a == INT64_MIN ? 0 : a < 0 ? -a : a;
}

static cvy_status m_gcd(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, cvy_error *err)
{
    int64_t a, made = 0;

    for (int i = 0; i < given->n_rest; i++) {
        CVYI_TRY(cvyi_py_need_int(&a, eval, &given->rest[i], "gcd()", err));
        made = divisor(made, a);
    }
    *out = cvyi_py_int(made);
    return CVY_OK;
}

static cvy_status m_factorial(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    int64_t n, made = 1;

    CVYI_TRY(cvyi_py_need_int(&n, eval, given->at[0], "factorial()", err));
    if (n < 0)
        return cvyi_py_throw(eval, err, "ValueError",
                             "factorial() of a negative number");
    for (int64_t i = 2; i <= n; i++)
        if (!cvyi_mul64(&made, made, i))
            return cvyi_py_refuse(eval, err, "an int outgrows 64 bits");
    *out = cvyi_py_int(made);
    return CVY_OK;
}

static cvy_status m_isqrt(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    int64_t n, root;

    CVYI_TRY(cvyi_py_need_int(&n, eval, given->at[0], "isqrt()", err));
    if (n < 0 || n > (int64_t)1 << 52)
        return cvyi_py_refuse(eval, err, "isqrt() of %lld", (long long)n);
    root = (int64_t)sqrt((double)n);
    *out = cvyi_py_int(root);
    return CVY_OK;
}

/* Products of sizes may be of values of the host. */
static cvy_status m_prod(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value list, made = cvyi_py_int(1);

    CVYI_TRY(cvyi_py_eval_list(&list, eval, given->at[0], err));
    for (int i = 0; i < list.seq->n; i++)
        CVYI_TRY(cvyi_py_binary(&made, eval, "Mult", &made,
                                &list.seq->items[i], err));
    *out = made;
    return CVY_OK;
}

static const cvyi_py_builtin math_functions[] = {
    { .name = "acos", .signature = "-x", .run = m_acos },
    { .name = "asin", .signature = "-x", .run = m_asin },
    { .name = "atan", .signature = "-x", .run = m_atan },
    { .name = "atan2", .signature = "-y -x", .run = m_atan2 },
    { .name = "ceil", .signature = "-x", .run = m_ceil },
    { .name = "cos", .signature = "-x", .run = m_cos },
    { .name = "cosh", .signature = "-x", .run = m_cosh },
    { .name = "degrees", .signature = "-x", .run = m_degrees },
    { .name = "erf", .signature = "-x", .run = m_erf },
    { .name = "exp", .signature = "-x", .run = m_exp },
    { .name = "expm1", .signature = "-x", .run = m_expm1 },
    { .name = "fabs", .signature = "-x", .run = m_fabs },
    { .name = "factorial", .signature = "-n", .run = m_factorial },
    { .name = "floor", .signature = "-x", .run = m_floor },
    { .name = "fmod", .signature = "-x -y", .run = m_fmod },
    { .name = "gcd", .signature = "*", .run = m_gcd },
    { .name = "hypot", .signature = "-x -y", .run = m_hypot },
    { .name = "isinf", .signature = "-x", .run = m_isinf },
    { .name = "isnan", .signature = "-x", .run = m_isnan },
    { .name = "isqrt", .signature = "-n", .run = m_isqrt },
    { .name = "lgamma", .signature = "-x", .run = m_lgamma },
    { .name = "log", .signature = "-x -base?", .run = m_log },
    { .name = "log10", .signature = "-x", .run = m_log10 },
    { .name = "log1p", .signature = "-x", .run = m_log1p },
    { .name = "log2", .signature = "-x", .run = m_log2 },
    { .name = "pow", .signature = "-x -y", .run = m_pow },
    { .name = "prod", .signature = "-x", .run = m_prod },
    { .name = "radians", .signature = "-x", .run = m_radians },
    { .name = "sin", .signature = "-x", .run = m_sin },
    { .name = "sinh", .signature = "-x", .run = m_sinh },
    { .name = "sqrt", .signature = "-x", .run = m_sqrt },
    { .name = "tan", .signature = "-x", .run = m_tan },
    { .name = "tanh", .signature = "-x", .run = m_tanh },
    { .name = "trunc", .signature = "-x", .run = m_trunc },
};

static cvy_status math_value(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const char *name,
                             cvy_error *err)
{
    static const struct {
        const char *name;
        double value;
    } numbers[] = {
        { "pi", 3.14159265358979323846 },
        { "e", 2.71828182845904523536 },
        { "tau", 6.28318530717958647692 },
        { "inf", HUGE_VAL },
        { "nan", NAN },
    };

    (void)eval;
    (void)err;
    *known = false;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(numbers[i].name, name) == 0) {
            *out = cvyi_py_float(numbers[i].value);
            *known = true;
        }
    return CVY_OK;
}

const cvyi_std_module cvyi_std_math = {
    .name = "math",
    CVYI_STD_FUNCTIONS(math_functions),
    .value = math_value,
};

/* ---- operator ---- */

#define BINARY(name, op)                                                   \
    static cvy_status o_##name(cvyi_py_value *out, cvyi_py_eval *eval,     \
                               const cvyi_py_given *given, cvy_error *err) \
    {                                                                      \
        return cvyi_py_binary(out, eval, op, given->at[0], given->at[1],   \
                              err);                                        \
    }
#define COMPARE(name, op)                                                  \
    static cvy_status o_##name(cvyi_py_value *out, cvyi_py_eval *eval,     \
                               const cvyi_py_given *given, cvy_error *err) \
    {                                                                      \
        return cvyi_py_compare(out, eval, op, given->at[0], given->at[1],  \
                               err);                                       \
    }

BINARY(add, "Add")
BINARY(floordiv, "FloorDiv")
BINARY(mod, "Mod")
BINARY(mul, "Mult")
BINARY(pow, "Pow")
BINARY(sub, "Sub")
BINARY(truediv, "Div")
COMPARE(eq, "Eq")
COMPARE(ge, "GtE")
COMPARE(gt, "Gt")
COMPARE(le, "LtE")
COMPARE(lt, "Lt")
COMPARE(ne, "NotEq")

static cvy_status o_neg(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, cvy_error *err)
{
    return cvyi_py_unary(out, eval, "USub", given->at[0], err);
}

static cvy_status o_getitem(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    return cvyi_py_get_item(out, eval, given->at[0], given->at[1], err);
}

/* itemgetter(1), attrgetter("a"): called with the value later. */
static cvy_status get_part(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const part = self->host.data;

    if (args->n != 1 || args->n_keywords != 0)
        return cvyi_py_throw(eval, err, "TypeError", "it takes one argument");
    return cvyi_py_get_item(out, eval, &args->values[0], part, err);
}

static const cvyi_py_host_type getter_type = { .name = "an itemgetter",
                                               .is_data = true,
                                               .call = get_part };

static cvy_status o_itemgetter(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value *part;

    CVYI_PY_NEW(part, eval, 1, err);
    *part = *given->at[0];
    *out = cvyi_py_host_value(&getter_type, part);
    return CVY_OK;
}

static const cvyi_py_builtin operator_functions[] = {
    { .name = "add", .signature = "-a -b", .run = o_add },
    { .name = "eq", .signature = "-a -b", .run = o_eq },
    { .name = "floordiv", .signature = "-a -b", .run = o_floordiv },
    { .name = "ge", .signature = "-a -b", .run = o_ge },
    { .name = "getitem", .signature = "-a -b", .run = o_getitem },
    { .name = "gt", .signature = "-a -b", .run = o_gt },
    { .name = "itemgetter", .signature = "-item", .run = o_itemgetter },
    { .name = "le", .signature = "-a -b", .run = o_le },
    { .name = "lt", .signature = "-a -b", .run = o_lt },
    { .name = "mod", .signature = "-a -b", .run = o_mod },
    { .name = "mul", .signature = "-a -b", .run = o_mul },
    { .name = "ne", .signature = "-a -b", .run = o_ne },
    { .name = "neg", .signature = "-a", .run = o_neg },
    { .name = "pow", .signature = "-a -b", .run = o_pow },
    { .name = "sub", .signature = "-a -b", .run = o_sub },
    { .name = "truediv", .signature = "-a -b", .run = o_truediv },
};

const cvyi_std_module cvyi_std_operator = {
    .name = "operator",
    CVYI_STD_FUNCTIONS(operator_functions),
};
