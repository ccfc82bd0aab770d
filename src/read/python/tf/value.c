/* read/python/tf/value.c - values of a script as words read them. */
#include "read/python/tf/norm/norm.h"
#include "read/python/tf/training/training.h"

#include <string.h>

/* ---- arguments ---- */

const cvyi_py_value *cvyi_tf_arg(const cvyi_py_call_args *args, int at,
                                 const char *name)
{
    for (int i = 0; i < args->n_keywords; i++)
        if (strcmp(args->keywords[i], name) == 0)
            return &args->keyword_values[i];
    return at >= 0 && at < args->n ? &args->values[at] : NULL;
}

const char *cvyi_tf_text(const cvyi_py_value *value)
{
    return value != NULL && value->type == CVYI_PY_V_TEXT ? value->text : NULL;
}

/* `left` bounds what is looked at: lists may hold themselves. */
static const cvyi_py_value *opaque_in(const cvyi_py_value *value, int *left)
{
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (cvyi_py_opaque(value) != NULL)
        return value;
    if (cvyi_tf_hidden(value) != NULL)
        return cvyi_tf_hidden(value);
    for (int i = 0; list && i < value->seq->n && --*left > 0; i++) {
        const cvyi_py_value *const found =
            opaque_in(&value->seq->items[i], left);

        if (found != NULL)
            return found;
    }
    return NULL;
}

/* Of arguments that say nothing about numbers. */
static bool says_nothing(const char *keyword)
{
    static const char *const words[] = {
        "name",
        "reuse",
        "scope",
        "collections",
        "regularizer",
        "kernel_regularizer",
        "bias_regularizer",
        "activity_regularizer",
        "weights_regularizer",
        "biases_regularizer",
        "beta_regularizer",
        "gamma_regularizer",
        "use_cudnn_on_gpu",
        "outputs_collections",
        "variables_collections",
        "seed",
        "partitioner",
        "initializer",
        "caching_device",
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], keyword) == 0)
            return true;
    return false;
}

const cvyi_py_value *cvyi_tf_first_opaque(const cvyi_py_call_args *args)
{
    const cvyi_py_value *found = NULL;
    int left = 4096;

    for (int i = 0; found == NULL && i < args->n; i++)
        found = opaque_in(&args->values[i], &left);
    for (int i = 0; found == NULL && i < args->n_keywords; i++)
        if (!says_nothing(args->keywords[i]))
            found = opaque_in(&args->keyword_values[i], &left);
    return found;
}

/* ---- plain values ---- */

static cvy_status add_operand(cvyi_value *out, cvyi_tf_operands *operands,
                              cvyi_py_eval *eval, cvyi_tf_operand operand,
                              cvy_error *err)
{
    cvyi_tf_operand *const items =
        cvyi_arena_grow(cvyi_tf_of(eval)->arena, operands->items, operands->n,
                        &operands->capacity, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    operands->items = items;
    *out = (cvyi_value){ .kind = CVYI_TENSOR, .integer = operands->n };
    items[operands->n++] = operand;
    return CVY_OK;
}

static cvy_status items_plain(cvyi_value *out, cvyi_tf_operands *operands,
                              cvyi_py_eval *eval, const cvyi_py_value *from,
                              int n, cvy_error *err)
{
    cvyi_value *const items = cvyi_arena_alloc(cvyi_tf_of(eval)->arena,
                                               (size_t)n + 1, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        CVYI_TRY(cvyi_tf_plain(&items[i], operands, eval, &from[i], err));
    *out = (cvyi_value){ .kind = CVYI_LIST, .n = n, .items = items };
    return CVY_OK;
}

static cvy_status slice_plain(cvyi_value *out, cvyi_tf_operands *operands,
                              cvyi_py_eval *eval, const cvyi_py_value *slice,
                              cvy_error *err)
{
    static const char *const keys[] = { "start", "stop", "step" };
    const cvyi_py_value ends[] = { *slice->bounds.start, *slice->bounds.stop,
                                   *slice->bounds.step };

    CVYI_TRY(items_plain(out, operands, eval, ends, 3, err));
    out->kind = CVYI_DICT;
    out->keys = keys;
    return CVY_OK;
}

static int64_t count_of(const cvyi_shape *shape)
{
    int64_t n = 1;

    for (int i = 0; i < shape->rank; i++)
        n *= shape->dims[i];
    return n;
}

/* Numbers as a (nested) list. */
static cvy_status numbers_plain(cvyi_value *out, cvyi_arena *arena,
                                const double *numbers, bool whole,
                                const cvyi_shape *shape, int axis,
                                cvy_error *err)
{
    cvyi_value *items;
    int64_t each = 1;

    if (axis == shape->rank) {
        *out = whole ? (cvyi_value){ .kind = CVYI_INT,
                                     .integer = (int64_t)*numbers }
                     : (cvyi_value){ .kind = CVYI_FLOAT, .real = *numbers };
        return CVY_OK;
    }
    for (int i = axis + 1; i < shape->rank; i++)
        each *= shape->dims[i];
    items =
        cvyi_arena_alloc(arena, (size_t)shape->dims[axis] + 1, sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; i < shape->dims[axis]; i++)
        CVYI_TRY(numbers_plain(&items[i], arena, numbers + i * each, whole,
                               shape, axis + 1, err));
    *out = (cvyi_value){ .kind = CVYI_LIST,
                         .n = (int)shape->dims[axis],
                         .items = items };
    return CVY_OK;
}

/* Constants are numbers of the call; random ones are an input. */
static cvy_status start_plain(cvyi_value *out, cvyi_tf_operands *operands,
                              cvyi_py_eval *eval, cvyi_tf_start *start,
                              cvy_error *err)
{
    enum { MOST = 1 << 16 };
    cvyi_tf_operand operand = { .result = -1 };
    cvyi_arena *const arena = cvyi_tf_of(eval)->arena;
    const cvyi_fresh fresh = cvyi_fresh_of(
        start->initialiser, start->shape.rank, start->shape.dims);
    const int64_t n = count_of(&start->shape);

    if (start->random) {
        CVYI_TRY(cvyi_tf_literal_input(&operand.result, eval, start, err));
        return add_operand(out, operands, eval, operand, err);
    }
    if (n > MOST)
        return cvyi_py_refuse(eval, err, "a table of %lld constants",
                              (long long)n);
    if (start->numbers != NULL)
        return numbers_plain(out, arena, start->numbers, start->whole,
                             &start->shape, 0, err);
    if (fresh.kind != CVYI_FRESH_CONSTANT)
        return cvyi_py_refuse(eval, err, "constants that are not known");

    double *const same = cvyi_arena_alloc(arena, (size_t)n + 1, sizeof *same);

    if (same == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; i < n; i++)
        same[i] = fresh.a;
    return numbers_plain(out, arena, same, false, &start->shape, 0, err);
}

static cvy_status array_plain(cvyi_value *out, cvyi_py_eval *eval,
                              const cvyi_python_array *array, cvy_error *err)
{
    enum { MOST = 1 << 16 };
    cvyi_shape shape = { .rank = array->rank };

    if (array->n > MOST || array->spoiled)
        return cvyi_py_refuse(eval, err, "an array of %lld constants",
                              (long long)array->n);
    memcpy(shape.dims, array->dims, sizeof shape.dims);
    return numbers_plain(out, cvyi_tf_of(eval)->arena, array->items,
                         array->dtype->kind == CVYI_PYTHON_INT, &shape, 0,
                         err);
}

static cvy_status name_plain(cvyi_value *out, cvyi_py_eval *eval,
                             const cvyi_call_name *name, cvy_error *err)
{
    static const cvyi_value nothing = { .kind = CVYI_DICT };
    const char *const word = cvyi_call_word(name->dotted);
    bool known;

    if (word == NULL) {
        CVYI_TRY(cvyi_call_object(out, &known, cvyi_tf_of(eval)->arena, name,
                                  "tf1", NULL, 0, &nothing, err));
        if (known)
            return CVY_OK;
    }
    *out = (cvyi_value){ .kind = CVYI_TEXT,
                         .text = word != NULL ? word : name->dotted };
    return CVY_OK;
}

static cvy_status host_plain(cvyi_value *out, cvyi_tf_operands *operands,
                             cvyi_py_eval *eval, const cvyi_py_value *value,
                             cvy_error *err)
{
    const cvyi_py_host_type *const type = value->host.type;
    const cvyi_size size = cvyi_tf_as_size(eval, value);
    const cvyi_python_array *const array = cvyi_python_array_of(value);
    cvyi_py_value list;
    int64_t known;

    if (type == &cvyi_tf_tensor_type)
        return add_operand(
            out, operands, eval,
            (cvyi_tf_operand){ .result = cvyi_tf_result(value) }, err);
    if (type == &cvyi_tf_variable_type)
        return add_operand(out, operands, eval,
                           (cvyi_tf_operand){ .result = -1,
                                              .variable = value->host.data },
                           err);
    if (type == &cvyi_tf_statistic_type)
        return cvyi_py_refuse(
            eval, err,
            "the mean and variance of a batch, which only a training has; say "
            "that it is none (is_training=False) and use those it was left "
            "with");
    if (type == &cvyi_tf_start_type)
        return start_plain(out, operands, eval, value->host.data, err);
    if (type == &cvyi_tf_name_type)
        return name_plain(out, eval, value->host.data, err);
    if (cvyi_python_dtype_of(value) != NULL) {
        *out = (cvyi_value){ .kind = CVYI_TEXT,
                             .text = cvyi_python_dtype_of(value)->name };
        return CVY_OK;
    }
    if (array != NULL)
        return array_plain(out, eval, array, err);
    if (type == &cvyi_tf_object_type) {
        *out = *(const cvyi_value *)value->host.data;
        return CVY_OK;
    }
    if (type == &cvyi_tf_shape_type) {
        CVYI_TRY(cvyi_py_eval_list(&list, eval, value, err));
        return items_plain(out, operands, eval, list.seq->items, list.seq->n,
                           err);
    }
    if (size != NULL) {
        *out = cvyi_size_constant(&known, size)
                   ? (cvyi_value){ .kind = CVYI_INT, .integer = known }
                   : (cvyi_value){ .kind = CVYI_SIZE, .size = size };
        return CVY_OK;
    }
    if (type == &cvyi_tf_mode_type)
        return cvyi_py_refuse(
            eval, err,
            "the placeholder %s has no shape that is known: say it with "
            "--input %s=?x32x32x3",
            ((const cvyi_tf_mode *)value->host.data)->name,
            ((const cvyi_tf_mode *)value->host.data)->name);
    return cvyi_py_refuse(eval, err, "%s as an argument",
                          cvyi_py_describe(eval, value));
}

static cvy_status list_plain(cvyi_value *out, cvyi_tf_operands *operands,
                             cvyi_py_eval *eval, const cvyi_py_value *value,
                             cvy_error *err)
{
    enum { DEEPEST = 16 };

    if (operands->depth >= DEEPEST)
        return cvyi_py_refuse(eval, err, "an argument is nested too deeply");
    operands->depth++;
    CVYI_TRY(items_plain(out, operands, eval, value->seq->items, value->seq->n,
                         err));
    operands->depth--;
    return CVY_OK;
}

cvy_status cvyi_tf_plain(cvyi_value *out, cvyi_tf_operands *operands,
                         cvyi_py_eval *eval, const cvyi_py_value *value,
                         cvy_error *err)
{
    enum { MOST_VALUES = 1 << 18 };
    /* No size that anybody writes is above it. */
    static const int64_t LARGEST = (int64_t)1 << 40;

    if (operands->n_values++ > MOST_VALUES)
        return cvyi_py_refuse(eval, err, "an argument is too large");
    if (value->type == CVYI_PY_V_INT &&
        (value->integer > LARGEST || value->integer < -LARGEST))
        return cvyi_py_refuse(eval, err, "the number %lld is too large",
                              (long long)value->integer);
    if (value->type == CVYI_PY_V_HOST)
        return host_plain(out, operands, eval, value, err);
    if (value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE)
        return list_plain(out, operands, eval, value, err);
    if (value->type == CVYI_PY_V_SLICE)
        return slice_plain(out, operands, eval, value, err);
    if (value->type == CVYI_PY_V_ELLIPSIS) {
        *out = (cvyi_value){ .kind = CVYI_TEXT, .text = "..." };
        return CVY_OK;
    }
    if (value->type != CVYI_PY_V_DICT && cvyi_py_plain(out, eval, value))
        return CVY_OK;
    return cvyi_py_refuse(eval, err, "%s as an argument",
                          cvyi_py_describe(eval, value));
}

/* ---- configs ---- */

cvy_status cvyi_tf_config(const cvyi_value **out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    cvyi_tf_operands none = { 0 };
    cvyi_value *kept;

    *out = NULL;
    if (value == NULL || value->type == CVYI_PY_V_NONE ||
        cvyi_py_opaque(value) != NULL)
        return CVY_OK;
    kept = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *kept);
    if (kept == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_tf_plain(kept, &none, eval, value, err));
    *out = kept;
    return CVY_OK;
}

cvy_status cvyi_tf_make_config(const cvyi_value **out, cvyi_py_eval *eval,
                               const char *class_name, const char *first,
                               double a, const char *second, double b,
                               cvy_error *err)
{
    static const char *const keys[] = { "class_name", "config" };
    cvyi_arena *const arena = cvyi_tf_of(eval)->arena;
    cvyi_value *const items = cvyi_arena_alloc(arena, 5, sizeof *items);
    const char **const names = cvyi_arena_alloc(arena, 2, sizeof *names);

    if (items == NULL || names == NULL)
        return cvyi_no_memory(err);
    names[0] = first;
    names[1] = second;
    items[3] = (cvyi_value){ .kind = CVYI_FLOAT, .real = a };
    items[4] = (cvyi_value){ .kind = CVYI_FLOAT, .real = b };
    items[1] = (cvyi_value){ .kind = CVYI_TEXT, .text = class_name };
    items[2] = (cvyi_value){ .kind = CVYI_DICT,
                             .n = first == NULL    ? 0
                                  : second == NULL ? 1
                                                   : 2,
                             .items = items + 3,
                             .keys = names };
    items[0] = (cvyi_value){
        .kind = CVYI_DICT, .n = 2, .items = items + 1, .keys = keys
    };
    *out = &items[0];
    return CVY_OK;
}
