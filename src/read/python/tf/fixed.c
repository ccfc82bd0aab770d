/*
 * read/python/tf/fixed.c - what depends on no input: tables of constants, and
 * variables seen under other axes.
 *
 * Constants in the place of a weight are a weight that nobody trains. A view of
 * a variable is the variable with a layout; a part of one, or arithmetic with
 * one, is none.
 */
#include "read/python/tf/host.h"

#include <math.h>
#include <string.h>

static cvyi_tf_start *start_of(const cvyi_py_value *value)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
                   value->host.type == &cvyi_tf_start_type
               ? value->host.data
               : NULL;
}

static cvyi_tf_variable *variable_of(const cvyi_py_value *value)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
                   value->host.type == &cvyi_tf_variable_type
               ? value->host.data
               : NULL;
}

static int64_t count(const cvyi_shape *shape)
{
    int64_t n = 1;

    for (int i = 0; i < shape->rank; i++)
        n *= shape->dims[i];
    return n;
}

static cvyi_py_value as_value(cvyi_tf_variable *variable)
{
    return cvyi_py_host_value(&cvyi_tf_variable_type, variable);
}

/* A start of what tf.constant takes; NULL: it is none of known numbers. */
static cvy_status constant_of(cvyi_tf_start **out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_call_args args = { .n = 1, .values = value };
    cvyi_py_value made;

    *out = NULL;
    if (value == NULL || cvyi_tf_result(value) >= 0 ||
        variable_of(value) != NULL || cvyi_py_opaque(value) != NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_constant(&made, eval, &args, err));
    *out = start_of(&made);
    if (*out != NULL && (*out)->random)
        *out = NULL;
    return CVY_OK;
}

/* All its elements; NULL in *out: they are not known. */
static cvy_status numbers_of(const double **out, cvyi_py_eval *eval,
                             const cvyi_tf_start *start, cvy_error *err)
{
    enum { MOST = 1 << 24 };
    const cvyi_fresh fresh = cvyi_fresh_of(
        start->initialiser, start->shape.rank, start->shape.dims);
    const int64_t n = count(&start->shape);
    double *all;

    *out = start->numbers;
    if (*out != NULL || fresh.kind != CVYI_FRESH_CONSTANT || n > MOST)
        return CVY_OK;
    all =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, (size_t)n + 1, sizeof *all);
    if (all == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; i < n; i++)
        all[i] = fresh.a;
    *out = all;
    return CVY_OK;
}

/* ---- constants as weights ---- */

static cvy_status as_weight(cvyi_py_value *out, cvyi_py_eval *eval,
                            cvyi_tf_start *start, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_tf_of(eval)->arena;
    cvyi_tf_variable *const made = cvyi_arena_alloc(arena, 1, sizeof *made);
    const char *const said = start->said != NULL ? start->said : "constant";

    if (start->fixed != NULL) {
        *out = as_value(start->fixed);
        return CVY_OK;
    }
    if (made == NULL)
        return cvyi_no_memory(err);
    *made = (cvyi_tf_variable){ .name = cvyi_arena_printf(
                                    arena, "%s (constant)", said),
                                .said = said,
                                .shape = start->shape,
                                .initialiser = start->initialiser,
                                .numbers = start->numbers,
                                .constant = true,
                                .file = cvyi_tf_file_now(eval),
                                .line = cvyi_py_line_now(eval),
                                .created = 1 << 20 };
    if (made->name == NULL)
        return cvyi_no_memory(err);
    start->fixed = made;
    *out = as_value(made);
    return CVY_OK;
}

/* What is said best as numbers in the call: one, or one for each element of
 * the last axis. */
static bool is_row(const cvyi_shape *shape)
{
    const int64_t n = count(shape);

    return n == 1 || shape->dims[shape->rank - 1] == n;
}

cvy_status cvyi_tf_fixed(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_value *value,
                         cvy_error *err)
{
    static const char *const pairs[] = { "add",    "subtract", "multiply",
                                         "divide", "truediv",  "maximum",
                                         "minimum" };
    static const char *const layers[] = { "matmul", "tensordot",
                                          "embedding_lookup", "gather",
                                          "xw_plus_b" };
    const char *const last = cvyi_call_last(dotted);
    bool pair = false, layer = strstr(last, "conv") != NULL;
    cvyi_tf_start *start;

    *out = *value;
    if (value->type != CVYI_PY_V_HOST ||
        (start_of(value) == NULL && cvyi_python_array_of(value) == NULL))
        return CVY_OK;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        pair = pair || strcmp(pairs[i], last) == 0;
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        layer = layer || strcmp(layers[i], last) == 0;
    if (!pair && !layer)
        return CVY_OK;
    CVYI_TRY(constant_of(&start, eval, value, err));
    if (start == NULL || start->shape.rank < 1 ||
        (layer ? start->shape.rank < 2 : is_row(&start->shape)))
        return CVY_OK;
    return as_weight(out, eval, start, err);
}

/* ---- functions of constants ---- */

static cvy_status make(cvyi_py_value *out, cvyi_py_eval *eval, int rank,
                       const int64_t *dims, const double *numbers,
                       cvy_error *err)
{
    cvyi_tf_start start = { .numbers = numbers };

    start.shape.rank = rank;
    memcpy(start.shape.dims, dims, (size_t)rank * sizeof *dims);
    return cvyi_tf_make_start(out, eval, &start, err);
}

/* tf.range(limit), tf.range(start, limit, delta) */
cvy_status cvyi_tf_range(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    enum { MOST = 1 << 16 };
    const cvyi_py_value *const limit = cvyi_tf_arg(args, 1, "limit");
    const double first = cvyi_tf_number(cvyi_tf_arg(args, 0, "start"), NAN);
    const double end = limit != NULL ? cvyi_tf_number(limit, NAN) : first;
    const double from = limit != NULL ? first : 0;
    const double by = cvyi_tf_number(cvyi_tf_arg(args, 2, "delta"), 1);
    const double n = ceil((end - from) / by);
    int64_t dims[1];
    double *numbers;

    if (!(n >= 1 && n <= MOST))
        return cvyi_py_make_opaque(out, eval, err,
                                   "a range whose ends are not known numbers, "
                                   "or of too many elements");
    dims[0] = (int64_t)n;
    numbers =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, (size_t)n, sizeof *numbers);
    if (numbers == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < dims[0]; i++)
        numbers[i] = from + i * by;
    return make(out, eval, 1, dims, numbers, err);
}

/* A row for each index; rows of `off` for indices outside. */
static cvy_status hot_rows(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_shape *shape, const double *indices,
                           int64_t depth, double on, double off,
                           cvy_error *err)
{
    const int64_t n = count(shape);
    int64_t dims[CVYI_MAX_DIMS];
    double *rows;

    if (shape->rank + 1 > CVYI_MAX_DIMS || n > (1 << 20) / depth)
        return cvyi_py_refuse(eval, err, "a table of too many elements");
    rows = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, (size_t)(n * depth) + 1,
                            sizeof *rows);
    if (rows == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < depth; k++)
            rows[i * depth + k] = indices[i] == (double)k ? on : off;
    memcpy(dims, shape->dims, sizeof dims);
    dims[shape->rank] = depth;
    return make(out, eval, shape->rank + 1, dims, rows, err);
}

/* Of a tensor it is a table of such rows, looked up: an index outside, which
 * TensorFlow gives no 1, is a fault of the written table when it runs. */
static cvy_status hot_lookup(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *x, int64_t depth, double on,
                             double off, cvy_error *err)
{
    cvyi_shape shape = { .rank = 1, .dims = { depth } };
    cvyi_py_value operands[2] = { { 0 }, *x };
    const cvyi_py_call_args args = { .n = 2, .values = operands };
    double *const all =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, (size_t)depth, sizeof *all);
    bool known;

    if (all == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; i < depth; i++)
        all[i] = (double)i;
    CVYI_TRY(hot_rows(&operands[0], eval, &shape, all, depth, on, off, err));
    start_of(&operands[0])->said = "one_hot";
    return cvyi_tf_words(out, &known, eval, "tf.nn.embedding_lookup", &args,
                         err);
}

cvy_status cvyi_tf_one_hot(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const given = cvyi_tf_arg(args, 0, "indices");
    const cvyi_py_value *const x =
        given != NULL ? given : cvyi_tf_arg(args, -1, "labels");
    const cvyi_py_value *const said = cvyi_tf_arg(args, 1, "depth");
    const double depth = cvyi_tf_number(
        said != NULL ? said : cvyi_tf_arg(args, -1, "num_classes"), NAN);
    const double on = cvyi_tf_number(cvyi_tf_arg(args, 2, "on_value"), 1);
    const double off = cvyi_tf_number(cvyi_tf_arg(args, 3, "off_value"), 0);
    const cvyi_py_value *const axis = cvyi_tf_arg(args, 4, "axis");
    const double *indices;
    cvyi_tf_start *start;

    if (x == NULL || !(depth >= 1 && depth <= 4096) ||
        (axis != NULL && axis->type != CVYI_PY_V_NONE &&
         cvyi_tf_number(axis, 0) != -1))
        return cvyi_py_make_opaque(out, eval, err,
                                   "this tf.one_hot is not followed: its "
                                   "depth must be known, and its axis the "
                                   "last");
    if (cvyi_tf_result(x) >= 0)
        return hot_lookup(out, eval, x, (int64_t)depth, on, off, err);
    CVYI_TRY(constant_of(&start, eval, x, err));
    if (start == NULL)
        return cvyi_py_refuse(eval, err, "tf.one_hot of what is not known");
    CVYI_TRY(numbers_of(&indices, eval, start, err));
    if (indices == NULL)
        return cvyi_py_refuse(eval, err, "tf.one_hot of what is not known");
    return hot_rows(out, eval, &start->shape, indices, (int64_t)depth, on, off,
                    err);
}

/* tf.concat of constants along their first axis. *known false: it is not. */
cvy_status cvyi_tf_join_fixed(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    enum { MOST = 64 };
    const cvyi_py_value *const list = cvyi_tf_arg(args, 0, "values");
    const cvyi_py_value *const axis = cvyi_tf_arg(args, 1, "axis");
    const bool lists = list != NULL && (list->type == CVYI_PY_V_LIST ||
                                        list->type == CVYI_PY_V_TUPLE);
    const double *parts[MOST];
    int64_t dims[CVYI_MAX_DIMS], all = 0, at = 0;
    cvyi_tf_start *first = NULL;
    double *numbers;

    *known = lists && list->seq->n > 0 && list->seq->n <= MOST &&
             axis != NULL && cvyi_tf_number(axis, NAN) == 0;
    for (int i = 0; *known && i < list->seq->n; i++) {
        cvyi_tf_start *const s = start_of(&list->seq->items[i]);

        *known = s != NULL && !s->random && s->shape.rank > 0;
        if (!*known)
            return CVY_OK;
        first = first != NULL ? first : s;
        *known =
            s->shape.rank == first->shape.rank &&
            memcmp(s->shape.dims + 1, first->shape.dims + 1,
                   (size_t)(s->shape.rank - 1) * sizeof *s->shape.dims) == 0;
        CVYI_TRY(numbers_of(&parts[i], eval, s, err));
        *known = *known && parts[i] != NULL;
        all += s->shape.dims[0];
    }
    if (!*known)
        return CVY_OK;
    memcpy(dims, first->shape.dims, sizeof dims);
    dims[0] = all;
    numbers = cvyi_arena_alloc(
        cvyi_tf_of(eval)->arena,
        (size_t)(count(&first->shape) / first->shape.dims[0] * all),
        sizeof *numbers);
    if (numbers == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < list->seq->n; i++) {
        const int64_t n = count(&start_of(&list->seq->items[i])->shape);

        memcpy(numbers + at, parts[i], (size_t)n * sizeof *numbers);
        at += n;
    }
    return make(out, eval, first->shape.rank, dims, numbers, err);
}

/* A table whose rows are all asked for in order is the table. *known false: it
 * is another gather. */
cvy_status cvyi_tf_gather_fixed(cvyi_py_value *out, bool *known,
                                cvyi_py_eval *eval,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const table = cvyi_tf_arg(args, 0, "params");
    const cvyi_py_value *indices = cvyi_tf_arg(args, 1, "indices");
    const cvyi_tf_variable *const v = variable_of(table);
    const double *numbers;
    cvyi_tf_start *start;

    indices = indices != NULL ? indices : cvyi_tf_arg(args, -1, "ids");
    *known = v != NULL && indices != NULL && cvyi_tf_result(indices) < 0 &&
             cvyi_tf_arg(args, -1, "axis") == NULL;
    if (!*known)
        return CVY_OK;
    CVYI_TRY(constant_of(&start, eval, indices, err));
    *known = start != NULL && start->shape.rank == 1 &&
             start->shape.dims[0] == v->shape.dims[0];
    if (*known)
        CVYI_TRY(numbers_of(&numbers, eval, start, err));
    for (int64_t i = 0; *known && i < v->shape.dims[0]; i++)
        *known = numbers != NULL && numbers[i] == (double)i;
    if (*known)
        *out = *table;
    else
        CVYI_TRY(cvyi_py_make_opaque(out, eval, err,
                                     "some rows of the variable %s, which are "
                                     "no variable, are not carried over",
                                     v->name));
    *known = true;
    return CVY_OK;
}
