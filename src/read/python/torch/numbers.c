/* read/python/torch/numbers.c - tensors of numbers that a script makes:
 * torch.zeros(3), torch.tensor([1., 2.]). */
#include "read/python/torch/script.h"

#include <string.h>

cvy_status cvyi_torch_read_shape(cvyi_shape *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *values, int n,
                                 cvy_error *err)
{
    if (n == 1 && (values[0].type == CVYI_PY_V_LIST ||
                   values[0].type == CVYI_PY_V_TUPLE)) {
        n = values[0].seq->n;
        values = values[0].seq->items;
    }
    *out = (cvyi_shape){ .rank = n };
    if (n > CVYI_MAX_DIMS)
        return cvyi_py_refuse(eval, err, "a tensor of %d axes", n);
    for (int i = 0; i < n; i++) {
        if (values[i].type != CVYI_PY_V_INT || values[i].integer < 1)
            return cvyi_py_refuse(eval, err,
                                  "the shape of a tensor is not known");
        out->dims[i] = values[i].integer;
    }
    return CVY_OK;
}

static cvyi_fresh same(double value)
{
    return (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT, .a = value };
}

/* What a function of a shape gives; false: it is none. */
static bool drawn(cvyi_fresh *out, const char *name)
{
    static const struct {
        const char *name;
        cvyi_fresh fresh;
    } rows[] = {
        { "zeros", { .kind = CVYI_FRESH_CONSTANT } },
        { "empty", { .kind = CVYI_FRESH_CONSTANT } },
        { "Tensor", { .kind = CVYI_FRESH_CONSTANT } },
        { "FloatTensor", { .kind = CVYI_FRESH_CONSTANT } },
        { "ones", { .kind = CVYI_FRESH_CONSTANT, .a = 1 } },
        { "randn", { .kind = CVYI_FRESH_NORMAL, .b = 1 } },
        { "rand", { .kind = CVYI_FRESH_UNIFORM, .b = 1 } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0) {
            *out = rows[i].fresh;
            return true;
        }
    return false;
}

bool cvyi_torch_is_number(double *out, const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_INT)
        *out = (double)value->integer;
    else if (value->type == CVYI_PY_V_FLOAT)
        *out = value->real;
    else if (value->type == CVYI_PY_V_BOOL)
        *out = value->truth;
    else
        return false;
    return true;
}

/* The numbers of nested lists, in order. */
static cvy_status collect(double *out, int *n, int most, cvyi_shape *shape,
                          int depth, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (!list) {
        if (depth != shape->rank || *n == most ||
            !cvyi_torch_is_number(&out[*n], value))
            return cvyi_py_refuse(eval, err,
                                  "a tensor is made of %s that is not "
                                  "followed",
                                  cvyi_py_describe(eval, value));
        ++*n;
        return CVY_OK;
    }
    if (depth >= shape->rank || value->seq->n != shape->dims[depth])
        return cvyi_py_refuse(eval, err, "lists of a tensor differ in length");
    for (int i = 0; i < value->seq->n; i++)
        CVYI_TRY(collect(out, n, most, shape, depth + 1, eval,
                         &value->seq->items[i], err));
    return CVY_OK;
}

/* torch.tensor([[1., 2.], [3., 4.]]) */
static cvy_status literal(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err)
{
    enum { MOST = 1 << 16 };
    const cvyi_py_value *at = value;
    cvyi_shape shape = { 0 };
    int64_t all = 1;
    int n = 0;
    cvyi_torch_weight *made;
    double *numbers;

    while ((at->type == CVYI_PY_V_LIST || at->type == CVYI_PY_V_TUPLE) &&
           at->seq->n > 0 && shape.rank < CVYI_MAX_DIMS) {
        shape.dims[shape.rank++] = at->seq->n;
        if (!cvyi_mul64(&all, all, at->seq->n) || all > MOST)
            return cvyi_py_refuse(eval, err, "a tensor of so many numbers");
        at = &at->seq->items[0];
    }
    numbers =
        cvyi_arena_alloc(cvyi_py_arena(eval), (size_t)all, sizeof *numbers);
    if (numbers == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(collect(numbers, &n, (int)all, &shape, 0, eval, value, err));
    CVYI_TRY(cvyi_torch_weight_new(&made, eval, &shape, same(0), err));
    made->numbers = numbers;
    *out = cvyi_py_host_value(&cvyi_torch_weight_type, made);
    return CVY_OK;
}

/* Not of float32: it is no weight. */
static bool is_odd(const cvyi_py_call_args *args)
{
    const cvyi_py_value *const dtype = cvyi_torch_arg(args, -1, "dtype");
    const char *const name = dtype != NULL && dtype->type == CVYI_PY_V_HOST &&
                                     dtype->host.type == &cvyi_torch_name_type
                                 ? dtype->host.data
                                 : "torch.float32";

    return strcmp(name, "torch.float32") != 0 &&
           strcmp(name, "torch.float") != 0;
}

cvy_status cvyi_torch_numbers(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval, const char *dotted,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const name = dotted + strlen("torch.");
    const bool list =
        args->n == 1 && (args->values[0].type == CVYI_PY_V_LIST ||
                         args->values[0].type == CVYI_PY_V_TUPLE);
    const cvyi_py_value *const size = cvyi_torch_arg(args, -1, "size");
    const bool tensor =
        strcmp(name, "Tensor") == 0 || strcmp(name, "FloatTensor") == 0;
    cvyi_torch_weight *made;
    double value = 0;
    cvyi_fresh fresh;
    cvyi_shape shape;

    *known = true;
    if (strcmp(name, "tensor") == 0 || strcmp(name, "as_tensor") == 0 ||
        (tensor && list)) {
        if (args->n < 1 || is_odd(args))
            return cvyi_py_refuse(eval, err, "%s is not followed", dotted);
        return literal(out, eval, &args->values[0], err);
    }
    if (strcmp(name, "full") == 0) {
        const cvyi_py_value *const by = cvyi_torch_arg(args, 1, "fill_value");

        if (args->n < 1 || by == NULL || !cvyi_torch_is_number(&value, by) ||
            is_odd(args))
            return cvyi_py_refuse(eval, err, "torch.full is not followed");
        fresh = same(value);
        CVYI_TRY(
            cvyi_torch_read_shape(&shape, eval, &args->values[0], 1, err));
    } else {
        *known = drawn(&fresh, name);
        if (!*known)
            return CVY_OK;
        if (is_odd(args))
            return cvyi_py_refuse(eval, err, "%s of another type", dotted);
        CVYI_TRY(cvyi_torch_read_shape(&shape, eval,
                                       size != NULL ? size : args->values,
                                       size != NULL ? 1 : args->n, err));
    }
    CVYI_TRY(cvyi_torch_weight_new(&made, eval, &shape, fresh, err));
    if (strcmp(name, "empty") == 0 || tensor)
        made->doubt = "memory as it is";
    *out = cvyi_py_host_value(&cvyi_torch_weight_type, made);
    return CVY_OK;
}
