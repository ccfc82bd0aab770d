/* read/python/std/array_op.c - operators over arrays, with broadcasting. */
#include "read/python/std/array.h"
#include "read/python/std/std.h"

#include <math.h>

typedef double of_two(double a, double b);

static double add(double a, double b)
{
    return a + b;
}
static double sub(double a, double b)
{
    return a - b;
}
static double mul(double a, double b)
{
    return a * b;
}
static double divide(double a, double b)
{
    return a / b;
}
static double floor_divide(double a, double b)
{
    return floor(a / b);
}
static double modulo(double a, double b)
{
    return a - floor(a / b) * b;
}
static double bigger(double a, double b)
{
    return a > b || a != a ? a : b;
}
static double smaller(double a, double b)
{
    return a < b || a != a ? a : b;
}
static double equal(double a, double b)
{
    return a == b;
}
static double unequal(double a, double b)
{
    return a != b;
}
static double less(double a, double b)
{
    return a < b;
}
static double at_most(double a, double b)
{
    return a <= b;
}
static double more(double a, double b)
{
    return a > b;
}
static double at_least(double a, double b)
{
    return a >= b;
}
static double both(double a, double b)
{
    return a != 0 && b != 0;
}
static double either(double a, double b)
{
    return a != 0 || b != 0;
}

static const struct operation {
    const char *name;
    of_two *of;
    bool compares, divides;
} operations[] = {
    { "Add", add, false, false },
    { "Sub", sub, false, false },
    { "Mult", mul, false, false },
    { "Div", divide, false, true },
    { "FloorDiv", floor_divide, false, false },
    { "Mod", modulo, false, false },
    { "Pow", pow, false, false },
    { "maximum", bigger, false, false },
    { "minimum", smaller, false, false },
    { "Eq", equal, true, false },
    { "NotEq", unequal, true, false },
    { "Lt", less, true, false },
    { "LtE", at_most, true, false },
    { "Gt", more, true, false },
    { "GtE", at_least, true, false },
    { "BitAnd", both, true, false },
    { "BitOr", either, true, false },
};

/* The type of a result: a bare number of Python bends to the array's. */
static const cvyi_python_dtype *type_of(const struct operation *op,
                                        const cvyi_python_array *a,
                                        bool a_bare,
                                        const cvyi_python_array *b,
                                        bool b_bare)
{
    const cvyi_python_dtype *x = a->dtype, *y = b->dtype;

    if (op->compares)
        return cvyi_python_dtype_named("bool");
    if (a_bare && x->kind <= y->kind)
        x = y;
    if (b_bare && y->kind <= x->kind)
        y = x;
    if (y->kind > x->kind || (y->kind == x->kind && y->bits > x->bits)) {
        const cvyi_python_dtype *const swap = x;

        x = y;
        y = swap;
    }
    /* float32 with a wide int is float64 */
    if (x->kind == CVYI_PYTHON_FLOAT && y->kind == CVYI_PYTHON_INT &&
        y->bits > 16)
        x = cvyi_python_dtype_named("float64");
    if (x->kind == CVYI_PYTHON_BOOL ||
        (op->divides && x->kind != CVYI_PYTHON_FLOAT))
        x = cvyi_python_dtype_named(op->divides ? "float64" : "int64");
    return x;
}

static cvy_status broadcast(int *rank, int64_t dims[CVYI_PYTHON_RANK],
                            cvyi_py_eval *eval, const cvyi_python_array *a,
                            const cvyi_python_array *b, cvy_error *err)
{
    *rank = a->rank > b->rank ? a->rank : b->rank;
    for (int i = 0; i < *rank; i++) {
        const int p = i - (*rank - a->rank), q = i - (*rank - b->rank);
        const int64_t x = p >= 0 ? a->dims[p] : 1;
        const int64_t y = q >= 0 ? b->dims[q] : 1;

        if (x != y && x != 1 && y != 1)
            return cvyi_py_throw(eval, err, "ValueError",
                                 "arrays of shapes that do not fit together");
        dims[i] = x == 1 ? y : x;
    }
    return CVY_OK;
}

/* Where the element of `array` for place `at` of the result stands. */
static int64_t place(const cvyi_python_array *array,
                     const cvyi_python_array *of, int64_t at)
{
    int64_t from = 0, step = 1;

    for (int i = of->rank - 1; i >= 0; i--) {
        const int axis = i - (of->rank - array->rank);
        const int64_t index = at % of->dims[i];

        at /= of->dims[i];
        if (axis < 0)
            continue;
        if (array->dims[axis] != 1)
            from += index * step;
        step *= array->dims[axis];
    }
    return from;
}

static bool has_no_divisor(const struct operation *op,
                           const cvyi_python_array *b)
{
    if (op->of != divide && op->of != floor_divide && op->of != modulo)
        return false;
    for (int64_t i = 0; i < b->n; i++)
        if (b->items[i] == 0)
            return true;
    return false;
}

cvy_status cvyi_python_array_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                                    const char *op, const cvyi_py_value *left,
                                    const cvyi_py_value *right, cvy_error *err)
{
    const struct operation *o = NULL;
    const cvyi_python_array *a, *b;
    int64_t dims[CVYI_PYTHON_RANK];
    cvyi_python_array *made;
    int rank;

    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (strcmp(operations[i].name, op) == 0)
            o = &operations[i];
    if (o == NULL)
        return cvyi_py_refuse(eval, err, "%s of arrays", op);
    CVYI_TRY(cvyi_python_array_from(&a, eval, left, NULL, err));
    CVYI_TRY(cvyi_python_array_from(&b, eval, right, NULL, err));
    if (has_no_divisor(o, b))
        return cvyi_py_refuse(eval, err, "an array is divided by zero");
    CVYI_TRY(broadcast(&rank, dims, eval, a, b, err));
    CVYI_TRY(cvyi_python_array_make(&made, eval,
                                    type_of(o, a, cvyi_py_is_number(left), b,
                                            cvyi_py_is_number(right)),
                                    rank, dims, err));
    for (int64_t i = 0; i < made->n; i++)
        made->items[i] =
            cvyi_python_kept(made->dtype, o->of(a->items[place(a, made, i)],
                                                b->items[place(b, made, i)]));
    *out = rank == 0 ? cvyi_python_scalar(made->dtype, made->items[0])
                     : cvyi_python_array_value(made);
    return CVY_OK;
}

static double minus(double x)
{
    return -x;
}
static double plus(double x)
{
    return x;
}

/* int(array), float(array): of one element. */
static cvy_status number(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_python_array *array,
                         cvy_error *err)
{
    if (array->n != 1)
        return cvyi_py_throw(eval, err, "TypeError",
                             "%s() of an array of %lld elements", op,
                             (long long)array->n);
    if (strcmp(op, "int") == 0)
        return cvyi_py_float_to_int(out, eval, trunc(array->items[0]), err);
    *out = cvyi_py_float(array->items[0]);
    return CVY_OK;
}

cvy_status cvyi_python_array_unary(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const char *op, const cvyi_py_value *self,
                                   cvy_error *err)
{
    const cvyi_python_array *const array = self->host.data;
    double (*const of)(double) = strcmp(op, "USub") == 0    ? minus
                                 : strcmp(op, "UAdd") == 0  ? plus
                                 : strcmp(op, "abs") == 0   ? fabs
                                 : strcmp(op, "round") == 0 ? nearbyint
                                                            : NULL;
    cvyi_python_array *made;

    if (array->spoiled)
        return cvyi_py_refuse(eval, err,
                              "an array that was changed by way of a part");
    if (strcmp(op, "int") == 0 || strcmp(op, "float") == 0)
        return number(out, eval, op, array, err);
    if (of == NULL)
        return cvyi_py_refuse(eval, err, "%s of an array", op);
    CVYI_TRY(cvyi_python_array_make(&made, eval, array->dtype, array->rank,
                                    array->dims, err));
    for (int64_t i = 0; i < array->n; i++)
        made->items[i] = of(array->items[i]);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}
