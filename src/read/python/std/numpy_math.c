/* read/python/std/numpy_math.c - NumPy: functions of elements, and sums. */
#include "read/python/std/numpy.h"

#include <math.h>

cvy_status cvyi_numpy_number(double *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_python_array *array;

    if (cvyi_py_as_double(out, value))
        return CVY_OK;
    CVYI_TRY(cvyi_python_array_from(&array, eval, value, NULL, err));
    if (array->n != 1)
        return cvyi_py_refuse(eval, err, "an array where a number is needed");
    *out = array->items[0];
    return CVY_OK;
}

/* ---- functions of each element ---- */

static cvy_status each(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *value, double (*of)(double),
                       bool keeps, cvy_error *err)
{
    const cvyi_python_dtype *dtype;
    const cvyi_python_array *from;
    cvyi_python_array *made;

    CVYI_TRY(cvyi_python_array_from(&from, eval, value, NULL, err));
    dtype = from->dtype;
    if (!keeps && dtype->kind != CVYI_PYTHON_FLOAT)
        dtype = cvyi_python_dtype_named("float64");
    CVYI_TRY(cvyi_python_array_make(&made, eval, dtype, from->rank, from->dims,
                                    err));
    for (int64_t i = 0; i < from->n; i++)
        made->items[i] = cvyi_python_kept(dtype, of(from->items[i]));
    *out = made->rank == 0 ? cvyi_python_scalar(dtype, made->items[0])
                           : cvyi_python_array_value(made);
    return CVY_OK;
}

static double sign_of(double x)
{
    return (x > 0) - (x < 0);
}

static double square_of(double x)
{
    return x * x;
}

#define EACH(name, function, keeps)                                        \
    static cvy_status e_##name(cvyi_py_value *out, cvyi_py_eval *eval,     \
                               const cvyi_py_given *given, cvy_error *err) \
    {                                                                      \
        return each(out, eval, given->at[0], function, keeps, err);        \
    }

EACH(abs, fabs, true)
EACH(ceil, ceil, false)
EACH(cos, cos, false)
EACH(exp, exp, false)
EACH(expm1, expm1, false)
EACH(floor, floor, false)
EACH(log, log, false)
EACH(log10, log10, false)
EACH(log1p, log1p, false)
EACH(log2, log2, false)
EACH(rint, nearbyint, false)
EACH(sign, sign_of, true)
EACH(sin, sin, false)
EACH(sqrt, sqrt, false)
EACH(square, square_of, true)
EACH(tan, tan, false)
EACH(tanh, tanh, false)

static cvy_status e_round(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    int64_t digits = 0;

    if (given->at[1] != NULL)
        CVYI_TRY(
            cvyi_py_need_int(&digits, eval, given->at[1], "decimals", err));
    if (digits != 0)
        return cvyi_py_refuse(eval, err, "round() of arrays to digits");
    return each(out, eval, given->at[0], nearbyint, true, err);
}

#define TWO(name, op)                                                      \
    static cvy_status t_##name(cvyi_py_value *out, cvyi_py_eval *eval,     \
                               const cvyi_py_given *given, cvy_error *err) \
    {                                                                      \
        return cvyi_python_array_binary(out, eval, op, given->at[0],       \
                                        given->at[1], err);                \
    }

TWO(add, "Add")
TWO(divide, "Div")
TWO(equal, "Eq")
TWO(floor_divide, "FloorDiv")
TWO(maximum, "maximum")
TWO(minimum, "minimum")
TWO(mod, "Mod")
TWO(multiply, "Mult")
TWO(power, "Pow")
TWO(subtract, "Sub")

const cvyi_py_builtin cvyi_numpy_maths[] = {
    { .name = "abs", .signature = "-x", .run = e_abs },
    { .name = "absolute", .signature = "-x", .run = e_abs },
    { .name = "add", .signature = "-x -y", .run = t_add },
    { .name = "amax",
      .signature = "a axis? keepdims?",
      .run = cvyi_numpy_max },
    { .name = "amin",
      .signature = "a axis? keepdims?",
      .run = cvyi_numpy_min },
    { .name = "around", .signature = "a decimals?", .run = e_round },
    { .name = "ceil", .signature = "-x", .run = e_ceil },
    { .name = "cos", .signature = "-x", .run = e_cos },
    { .name = "divide", .signature = "-x -y", .run = t_divide },
    { .name = "equal", .signature = "-x -y", .run = t_equal },
    { .name = "exp", .signature = "-x", .run = e_exp },
    { .name = "expm1", .signature = "-x", .run = e_expm1 },
    { .name = "fabs", .signature = "-x", .run = e_abs },
    { .name = "floor", .signature = "-x", .run = e_floor },
    { .name = "floor_divide", .signature = "-x -y", .run = t_floor_divide },
    { .name = "log", .signature = "-x", .run = e_log },
    { .name = "log10", .signature = "-x", .run = e_log10 },
    { .name = "log1p", .signature = "-x", .run = e_log1p },
    { .name = "log2", .signature = "-x", .run = e_log2 },
    { .name = "maximum", .signature = "-x -y", .run = t_maximum },
    { .name = "minimum", .signature = "-x -y", .run = t_minimum },
    { .name = "mod", .signature = "-x -y", .run = t_mod },
    { .name = "multiply", .signature = "-x -y", .run = t_multiply },
    { .name = "power", .signature = "-x -y", .run = t_power },
    { .name = "product",
      .signature = "a axis? keepdims?",
      .run = cvyi_numpy_prod },
    { .name = "rint", .signature = "-x", .run = e_rint },
    { .name = "round_", .signature = "a decimals?", .run = e_round },
    { .name = "sign", .signature = "-x", .run = e_sign },
    { .name = "sin", .signature = "-x", .run = e_sin },
    { .name = "sqrt", .signature = "-x", .run = e_sqrt },
    { .name = "square", .signature = "-x", .run = e_square },
    { .name = "subtract", .signature = "-x -y", .run = t_subtract },
    { .name = "tan", .signature = "-x", .run = e_tan },
    { .name = "tanh", .signature = "-x", .run = e_tanh },
};
const int cvyi_numpy_n_maths =
    sizeof cvyi_numpy_maths / sizeof *cvyi_numpy_maths;

/* ---- sums and the like ---- */

typedef struct fold {
    double start;
    double (*of)(double, double);
    bool keeps, truth, mean; /* the type; bool; divided by their number */
    bool running;            /* cumsum */
    const char *op;          /* over values of the host */
} fold;

static double plus(double a, double b)
{
    return a + b;
}

static double times(double a, double b)
{
    return a * b;
}

static double bigger(double a, double b)
{
    return a > b || a != a ? a : b;
}

static double smaller(double a, double b)
{
    return a < b || a != a ? a : b;
}

static double both(double a, double b)
{
    return a != 0 && b != 0;
}

static double either(double a, double b)
{
    return a != 0 || b != 0;
}

/* Sizes of a framework among the elements: its own operators. */
static cvy_status fold_values(cvyi_py_value *out, bool *done,
                              cvyi_py_eval *eval, const fold *f,
                              const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_seq *items;
    bool foreign = false;

    *done = false;
    if (f->op == NULL || cvyi_python_array_of(value) != NULL ||
        cvyi_py_is_number(value))
        return CVY_OK;
    CVYI_TRY(cvyi_py_elements(&items, eval, value, true, err));
    for (int i = 0; i < items->n; i++)
        foreign =
            foreign || (items->items[i].type == CVYI_PY_V_HOST &&
                        items->items[i].host.type != &cvyi_python_array_type);
    if (!foreign)
        return CVY_OK;
    *done = true;
    *out = items->items[0];
    for (int i = 1; i < items->n; i++)
        CVYI_TRY(cvyi_py_binary(out, eval, f->op, out, &items->items[i], err));
    return CVY_OK;
}

static const cvyi_python_dtype *fold_type(const fold *f,
                                          const cvyi_python_array *from)
{
    if (f->truth)
        return cvyi_python_dtype_named("bool");
    if (f->mean && from->dtype->kind != CVYI_PYTHON_FLOAT)
        return cvyi_python_dtype_named("float64");
    if (!f->keeps && from->dtype->kind != CVYI_PYTHON_FLOAT)
        return cvyi_python_dtype_named("int64");
    return from->dtype;
}

/* Axes that are folded away: all without `axis`. */
static cvy_status folded_axes(bool axes[CVYI_PYTHON_RANK], cvyi_py_eval *eval,
                              int rank, const cvyi_py_value *axis,
                              cvy_error *err)
{
    int64_t given[CVYI_PYTHON_RANK];
    const bool all = axis == NULL || axis->type == CVYI_PY_V_NONE;
    int n = 0;

    for (int i = 0; i < CVYI_PYTHON_RANK; i++)
        axes[i] = all;
    if (!all)
        CVYI_TRY(cvyi_python_sizes(&n, given, eval, axis, err));
    for (int i = 0; i < n; i++) {
        if (given[i] < -rank || given[i] >= rank)
            return cvyi_py_throw(eval, err, "ValueError",
                                 "an array of %d axes has no axis %lld", rank,
                                 (long long)given[i]);
        axes[given[i] < 0 ? given[i] + rank : given[i]] = true;
    }
    return CVY_OK;
}

static void run_fold(cvyi_python_array *made, const fold *f,
                     const cvyi_python_array *from, const bool *axes)
{
    int64_t folded = 1;

    for (int64_t i = 0; i < made->n; i++)
        made->items[i] = f->start;
    for (int64_t i = 0; i < from->n; i++) {
        int64_t at = i, to = 0, step = 1;

        for (int axis = from->rank - 1; axis >= 0; axis--) {
            const int64_t index = at % from->dims[axis];

            at /= from->dims[axis];
            if (axes[axis])
                continue;
            to += index * step;
            step *= from->dims[axis];
        }
        made->items[to] = f->of(made->items[to], from->items[i]);
    }
    for (int i = 0; i < from->rank; i++)
        folded *= axes[i] ? from->dims[i] : 1;
    for (int64_t i = 0; i < made->n; i++)
        made->items[i] =
            cvyi_python_kept(made->dtype, f->mean
                                              ? made->items[i] / (double)folded
                                              : made->items[i]);
}

static cvy_status run(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_given *given, const fold *f,
                      cvy_error *err)
{
    int64_t dims[CVYI_PYTHON_RANK];
    bool axes[CVYI_PYTHON_RANK], keepdims = false, done;
    const cvyi_python_array *from;
    cvyi_python_array *made;
    int rank = 0;

    if (given->at[1] == NULL || given->at[1]->type == CVYI_PY_V_NONE) {
        CVYI_TRY(fold_values(out, &done, eval, f, given->at[0], err));
        if (done)
            return CVY_OK;
    }
    CVYI_TRY(cvyi_python_array_from(&from, eval, given->at[0], NULL, err));
    CVYI_TRY(folded_axes(axes, eval, from->rank, given->at[1], err));
    if (given->at[2] != NULL)
        CVYI_TRY(cvyi_py_eval_truth(&keepdims, eval, given->at[2], err));
    if (from->n == 0 && (f->start != f->start || isinf(f->start) || f->mean))
        return cvyi_py_throw(eval, err, "ValueError", "an array of nothing");
    for (int i = 0; i < from->rank; i++)
        if (keepdims || !axes[i])
            dims[rank++] = axes[i] ? 1 : from->dims[i];
    CVYI_TRY(cvyi_python_array_make(&made, eval, fold_type(f, from), rank,
                                    dims, err));
    run_fold(made, f, from, axes);
    *out = rank == 0 ? cvyi_python_scalar(made->dtype, made->items[0])
                     : cvyi_python_array_value(made);
    return CVY_OK;
}

#define FOLD(name, ...)                                                      \
    cvy_status cvyi_numpy_##name(cvyi_py_value *out, cvyi_py_eval *eval,     \
                                 const cvyi_py_given *given, cvy_error *err) \
    {                                                                        \
        static const fold f = { __VA_ARGS__ };                               \
                                                                             \
        return run(out, eval, given, &f, err);                               \
    }

FOLD(all, .start = 1, .of = both, .truth = true)
FOLD(any, .start = 0, .of = either, .truth = true)
FOLD(max, .start = -HUGE_VAL, .of = bigger, .keeps = true)
FOLD(mean, .start = 0, .of = plus, .mean = true)
FOLD(min, .start = HUGE_VAL, .of = smaller, .keeps = true)
FOLD(prod, .start = 1, .of = times, .op = "Mult")
FOLD(sum, .start = 0, .of = plus, .op = "Add")

cvy_status cvyi_numpy_cumsum(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    static const fold f = { .of = plus };
    const cvyi_python_array *from;
    cvyi_python_array *made;
    double sum = 0;

    CVYI_TRY(cvyi_python_array_from(&from, eval, given->at[0], NULL, err));
    if (given->at[1] != NULL && from->rank != 1)
        return cvyi_py_refuse(eval, err, "cumsum() along an axis");
    CVYI_TRY(cvyi_python_array_make(&made, eval, fold_type(&f, from), 1,
                                    &from->n, err));
    for (int64_t i = 0; i < from->n; i++) {
        sum += from->items[i];
        made->items[i] = cvyi_python_kept(made->dtype, sum);
    }
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}
