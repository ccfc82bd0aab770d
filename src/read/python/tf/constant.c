/*
 * read/python/tf/constant.c - numbers that come from nowhere: literals, one
 * number for a whole shape, and random ones.
 */
#include "read/python/tf/host.h"

#include <string.h>

static bool is_host(const cvyi_py_value *value, const cvyi_py_host_type *type)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
           value->host.type == type;
}

static bool is_list(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

static cvy_status flatten(double *out, int64_t *n, bool *whole, int64_t room,
                          cvyi_shape *shape, int axis, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (!list) {
        if (value->type != CVYI_PY_V_INT && value->type != CVYI_PY_V_FLOAT &&
            value->type != CVYI_PY_V_BOOL)
            return cvyi_py_refuse(eval, err, "a constant of %s",
                                  cvyi_py_describe(eval, value));
        if (axis != shape->rank || *n >= room)
            return cvyi_py_refuse(eval, err, "a constant of ragged rows");
        *whole = *whole && value->type == CVYI_PY_V_INT;
        out[(*n)++] = value->type == CVYI_PY_V_INT    ? (double)value->integer
                      : value->type == CVYI_PY_V_BOOL ? value->truth
                                                      : value->real;
        return CVY_OK;
    }
    if (axis >= shape->rank || shape->dims[axis] != value->seq->n)
        return cvyi_py_refuse(eval, err, "a constant of ragged rows");
    for (int i = 0; i < value->seq->n; i++)
        CVYI_TRY(flatten(out, n, whole, room, shape, axis + 1, eval,
                         &value->seq->items[i], err));
    return CVY_OK;
}

/* Numbers of a literal, and its shape. */
static cvy_status of_array(cvyi_tf_start *out, cvyi_py_eval *eval,
                           const cvyi_python_array *array, cvy_error *err)
{
    double *const numbers = cvyi_arena_alloc(
        cvyi_tf_of(eval)->arena, (size_t)array->n + 1, sizeof *numbers);

    if (numbers == NULL)
        return cvyi_no_memory(err);
    if (array->spoiled)
        return cvyi_py_refuse(eval, err, "an array that is not known");
    memcpy(numbers, array->items, (size_t)array->n * sizeof *numbers);
    out->shape.rank = array->rank;
    memcpy(out->shape.dims, array->dims, sizeof out->shape.dims);
    out->numbers = numbers;
    out->whole = array->dtype->kind == CVYI_PYTHON_INT;
    return CVY_OK;
}

static cvy_status literal(cvyi_tf_start *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    enum { MOST = 1 << 22 };
    const cvyi_py_value *at = value;
    int64_t all = 1, n = 0;
    double *numbers;

    if (cvyi_python_array_of(value) != NULL)
        return of_array(out, eval, cvyi_python_array_of(value), err);
    for (; is_list(at) && at->seq->n > 0; at = &at->seq->items[0]) {
        if (out->shape.rank == CVYI_MAX_DIMS)
            return cvyi_py_refuse(eval, err, "a constant of too many axes");
        out->shape.dims[out->shape.rank++] = at->seq->n;
        if (!cvyi_mul64(&all, all, at->seq->n) || all > MOST)
            return cvyi_py_refuse(eval, err, "a constant that is too large");
    }
    numbers = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, (size_t)all + 1,
                               sizeof *numbers);
    if (numbers == NULL)
        return cvyi_no_memory(err);
    out->whole = true;
    CVYI_TRY(flatten(numbers, &n, &out->whole, all, &out->shape, 0, eval,
                     value, err));
    out->numbers = numbers;
    return CVY_OK;
}

cvy_status cvyi_tf_fixed_shape(cvyi_shape *out, cvyi_py_eval *eval,
                               const cvyi_py_value *value, cvy_error *err)
{
    cvyi_size dims[CVYI_MAX_DIMS];
    int rank;

    CVYI_TRY(cvyi_tf_read_shape(&rank, dims, eval, value, err));
    out->rank = rank < 0 ? 0 : rank;
    for (int i = 0; i < out->rank; i++)
        if (dims[i] == NULL || !cvyi_size_constant(&out->dims[i], dims[i]))
            return cvyi_py_refuse(eval, err,
                                  "numbers of a shape that is not known");
    return CVY_OK;
}

/* One number for a whole shape. */
static cvy_status filled(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_shape *shape, double number,
                         cvy_error *err)
{
    cvyi_tf_start start = { .shape = *shape };

    CVYI_TRY(cvyi_tf_make_config(&start.initialiser, eval, "Constant", "value",
                                 number, NULL, 0, err));
    return cvyi_tf_make_start(out, eval, &start, err);
}

/* Do integers stay what they are in a tensor of that type? */
static bool keeps_integers(const cvyi_py_value *dtype)
{
    const cvyi_call_name *const name =
        is_host(dtype, &cvyi_tf_name_type) ? dtype->host.data : NULL;

    if (dtype == NULL || dtype->type == CVYI_PY_V_NONE)
        return true;
    return name != NULL && strncmp(name->dotted, "tf.int", 6) == 0;
}

cvy_status cvyi_tf_constant(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const value = cvyi_tf_arg(args, 0, "value");
    const cvyi_py_value *const shape = cvyi_tf_arg(args, 2, "shape");
    cvyi_tf_start start = { 0 };
    cvyi_shape wanted;

    if (value == NULL)
        return cvyi_py_refuse(eval, err, "a constant without a value");
    if (is_host(value, &cvyi_tf_start_type)) {
        *out = *value;
        return CVY_OK;
    }
    CVYI_TRY(literal(&start, eval, value, err));
    start.whole = start.whole && keeps_integers(cvyi_tf_arg(args, 1, "dtype"));
    if (start.shape.rank > 0)
        return cvyi_tf_make_start(out, eval, &start, err);
    CVYI_TRY(cvyi_tf_fixed_shape(&wanted, eval, shape, err));
    return filled(out, eval, &wanted, start.numbers[0], err);
}

/* tf.constant_initializer of more than one number is these numbers. */
cvy_status cvyi_tf_table(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_call_args *args,
                         cvy_error *err)
{
    static const char *const names[] = { "tf.constant_initializer",
                                         "tf.initializers.constant",
                                         "keras.initializers.Constant",
                                         "keras.initializers.constant" };
    const cvyi_py_value *const value = cvyi_tf_arg(args, 0, "value");
    const cvyi_py_call_args one = { .n = 1, .values = value };
    bool named = false;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        named = named || strcmp(names[i], dotted) == 0;
    *known = named && value != NULL &&
             (is_list(value) || cvyi_python_array_of(value) != NULL);
    return *known ? cvyi_tf_constant(out, eval, &one, err) : CVY_OK;
}

cvy_status cvyi_tf_zeros(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_shape shape;

    CVYI_TRY(
        cvyi_tf_fixed_shape(&shape, eval, cvyi_tf_arg(args, 0, "shape"), err));
    return filled(out, eval, &shape, 0, err);
}

cvy_status cvyi_tf_ones(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_shape shape;

    CVYI_TRY(
        cvyi_tf_fixed_shape(&shape, eval, cvyi_tf_arg(args, 0, "shape"), err));
    return filled(out, eval, &shape, 1, err);
}

double cvyi_tf_number(const cvyi_py_value *value, double fallback)
{
    const cvyi_tf_start *const start =
        is_host(value, &cvyi_tf_start_type) ? value->host.data : NULL;
    cvyi_fresh fresh;

    if (value != NULL && value->type == CVYI_PY_V_INT)
        return (double)value->integer;
    if (value != NULL && value->type == CVYI_PY_V_FLOAT)
        return value->real;
    if (start == NULL || start->shape.rank > 0)
        return fallback;
    if (start->numbers != NULL)
        return start->numbers[0];
    fresh = cvyi_fresh_of(start->initialiser, 0, NULL);
    return fresh.kind == CVYI_FRESH_CONSTANT ? fresh.a : fallback;
}

/* tf.random_normal(tf.shape(x)): as many as x has; such numbers are no initial
 * values, but an input they can be. */
static cvy_status open_shape(cvyi_tf_start *start, cvyi_py_eval *eval,
                             const cvyi_py_value *value, cvy_error *err)
{
    cvyi_size *const dims =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, CVYI_MAX_DIMS, sizeof *dims);
    int rank;

    if (dims == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_tf_read_shape(&rank, dims, eval, value, err));
    start->shape.rank = rank < 0 ? 0 : rank;
    for (int i = 0; i < start->shape.rank; i++) {
        if (dims[i] == NULL)
            return cvyi_py_refuse(eval, err,
                                  "numbers of a shape that is not known");
        if (!cvyi_size_constant(&start->shape.dims[i], dims[i])) {
            start->shape.dims[i] = 1;
            start->open = dims;
        }
    }
    return CVY_OK;
}

static cvy_status drawn(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, const char *class_name,
                        const char *first, const char *second, double b,
                        cvy_error *err)
{
    cvyi_tf_start start = { .random = true };

    CVYI_TRY(open_shape(&start, eval, cvyi_tf_arg(args, 0, "shape"), err));
    CVYI_TRY(cvyi_tf_make_config(
        &start.initialiser, eval, class_name, first,
        cvyi_tf_number(cvyi_tf_arg(args, 1,
                                   strcmp(first, "mean") == 0 ? "mean"
                                                              : "minval"),
                       0),
        second,
        cvyi_tf_number(cvyi_tf_arg(args, 2,
                                   strcmp(first, "mean") == 0 ? "stddev"
                                                              : "maxval"),
                       b),
        err));
    return cvyi_tf_make_start(out, eval, &start, err);
}

cvy_status cvyi_tf_normal(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    return drawn(out, eval, args, "RandomNormal", "mean", "stddev", 1, err);
}

cvy_status cvyi_tf_truncated(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    return drawn(out, eval, args, "TruncatedNormal", "mean", "stddev", 1, err);
}

cvy_status cvyi_tf_uniform(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    return drawn(out, eval, args, "RandomUniform", "minval", "maxval", 1, err);
}

/* ---- arithmetic of literals ---- */

static const cvyi_tf_start *numbers_of(const cvyi_py_value *value)
{
    const cvyi_tf_start *const start =
        is_host(value, &cvyi_tf_start_type) ? value->host.data : NULL;

    return start != NULL && start->numbers != NULL && !start->random ? start
                                                                     : NULL;
}

static bool same_shape(const cvyi_shape *a, const cvyi_shape *b)
{
    return a->rank == b->rank &&
           memcmp(a->dims, b->dims, (size_t)a->rank * sizeof *a->dims) == 0;
}

static bool is_number(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_INT || value->type == CVYI_PY_V_FLOAT;
}

/* As float32 has it, in which whole numbers below 2^24 are exact. */
static bool compute(double *out, const char *op, double a, double b)
{
    static const double most = 16777216;
    const float x = (float)a, y = (float)b;

    *out = strcmp(op, "Mult") == 0  ? (double)(x * y)
           : strcmp(op, "Add") == 0 ? (double)(x + y)
                                    : (double)(x - y);
    return *out<most && * out> - most && a < most && a > -most && b < most &&
           b > -most;
}

cvy_status cvyi_tf_constant_binary(cvyi_py_value *out, bool *known,
                                   cvyi_py_eval *eval, const char *op,
                                   const cvyi_py_value *left,
                                   const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_tf_start *const a = numbers_of(left), *const b =
                                                         numbers_of(right);
    cvyi_tf_start made = { .shape = a != NULL   ? a->shape
                                    : b != NULL ? b->shape
                                                : (cvyi_shape){ 0 } };
    double *numbers;
    int64_t n = 1;

    *known = (strcmp(op, "Mult") == 0 || strcmp(op, "Add") == 0 ||
              strcmp(op, "Sub") == 0) &&
             (a != NULL || b != NULL) && (a != NULL || is_number(left)) &&
             (b != NULL || is_number(right)) &&
             (a == NULL || b == NULL || same_shape(&a->shape, &b->shape));
    for (int i = 0; *known && i < made.shape.rank; i++)
        *known = cvyi_mul64(&n, n, made.shape.dims[i]) && n < 1 << 22;
    if (!*known)
        return CVY_OK;
    numbers = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, (size_t)n + 1,
                               sizeof *numbers);
    if (numbers == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; *known && i < n; i++)
        *known = compute(&numbers[i], op,
                         a != NULL ? a->numbers[i] : cvyi_tf_number(left, 0),
                         b != NULL ? b->numbers[i] : cvyi_tf_number(right, 0));
    made.numbers = numbers;
    made.whole = (a != NULL ? a->whole : left->type == CVYI_PY_V_INT) &&
                 (b != NULL ? b->whole : right->type == CVYI_PY_V_INT);
    return *known ? cvyi_tf_make_start(out, eval, &made, err) : CVY_OK;
}
