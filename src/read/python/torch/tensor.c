/* read/python/torch/tensor.c - tensors, their methods, and their sizes. */
#include "read/python/torch/script.h"

#include <string.h>

int cvyi_torch_result(const cvyi_py_value *value)
{
    if (value->type != CVYI_PY_V_HOST ||
        value->host.type != &cvyi_torch_tensor_type)
        return -1;
    return *(const int *)value->host.data;
}

cvy_status cvyi_torch_tensor(cvyi_py_value *out, cvyi_py_eval *eval,
                             int result, cvy_error *err)
{
    int *const kept = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    *kept = result;
    *out = cvyi_py_host_value(&cvyi_torch_tensor_type, kept);
    return CVY_OK;
}

/* ---- methods ---- */

typedef struct method {
    const char *name;
    cvyi_py_value self;
} method;

static const cvyi_type *type_of(cvyi_py_eval *eval, const cvyi_py_value *self)
{
    return &cvyi_torch_of(eval)->graph->results[cvyi_torch_result(self)].type;
}

static cvy_status shape_of(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_type *const type = type_of(eval, self);
    cvyi_py_value sizes[CVYI_MAX_DIMS];

    for (int i = 0; i < type->rank; i++)
        sizes[i] = cvyi_torch_size(type->dims[i]);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, sizes, type->rank,
                            err);
}

/* x.size() and x.size(1) */
static cvy_status size_call(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_type *const type = type_of(eval, self);
    int64_t axis;

    if (args->n == 0 && args->n_keywords == 0)
        return shape_of(out, eval, self, err);
    if (args->n != 1 || args->n_keywords != 0 ||
        args->values[0].type != CVYI_PY_V_INT)
        return cvyi_py_refuse(eval, err, "size takes one axis");
    axis = args->values[0].integer;
    axis = axis < 0 ? axis + type->rank : axis;
    if (axis < 0 || axis >= type->rank)
        return cvyi_py_refuse(eval, err, "a tensor of %d axes has no axis %d",
                              type->rank, (int)args->values[0].integer);
    *out = cvyi_torch_size(type->dims[axis]);
    return CVY_OK;
}

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    cvyi_py_value *const values = cvyi_arena_alloc(
        cvyi_py_arena(eval), (size_t)args->n + 1, sizeof *values);
    cvyi_py_call_args whole = *args;
    const char *const dotted =
        cvyi_arena_printf(cvyi_py_arena(eval), "torch.Tensor.%s", m->name);

    if (values == NULL || dotted == NULL)
        return cvyi_no_memory(err);
    if (strcmp(m->name, "size") == 0)
        return size_call(out, eval, &m->self, args, err);
    if (strcmp(m->name, "dim") == 0) {
        *out = cvyi_py_int(type_of(eval, &m->self)->rank);
        return CVY_OK;
    }
    if (strcmp(m->name, "contiguous") == 0) {
        *out = m->self; /* the same values */
        return CVY_OK;
    }
    values[0] = m->self;
    for (int i = 0; i < args->n; i++)
        values[i + 1] = args->values[i];
    whole.values = values;
    whole.n++;
    if (cvyi_torch_script_of(eval) != NULL) {
        bool known;

        CVYI_TRY(cvyi_torch_method(out, &known, eval, m->name, &whole, err));
        if (known)
            return CVY_OK;
    }
    return cvyi_torch_function(out, eval, dotted, &whole, err);
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a tensor",
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    method *m;

    if (strcmp(name, "shape") == 0)
        return shape_of(out, eval, self, err);
    if (strcmp(name, "device") == 0) {
        *out = cvyi_py_host_value(&cvyi_torch_name_type, "torch.device");
        return CVY_OK;
    }
    if (strcmp(name, "ndim") == 0) {
        *out = cvyi_py_int(type_of(eval, self)->rank);
        return CVY_OK;
    }
    if (cvyi_torch_script_of(eval) != NULL) {
        bool known;

        CVYI_TRY(cvyi_torch_tensor_get(out, &known, eval, self, name, err));
        if (known)
            return CVY_OK;
    }
    m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ name, *self };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

/* ---- operators ---- */

static const struct {
    const char *ast, *name;
} operators[] = {
    { "Add", "operator.add" },           { "Sub", "operator.sub" },
    { "Mult", "operator.mul" },          { "Div", "operator.truediv" },
    { "Pow", "operator.pow" },           { "MatMult", "operator.matmul" },
    { "USub", "operator.neg" },          { "UAdd", "operator.pos" },
    { "FloorDiv", "operator.floordiv" },
};

static const char *operator_name(const char *ast)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strcmp(operators[i].ast, ast) == 0)
            return operators[i].name;
    return ast;
}

cvy_status cvyi_torch_tensor_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                                    const char *op,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err)
{
    return cvyi_torch_function(out, eval, operator_name(op), args, err);
}

static cvy_status binary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *left,
                         const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_py_value operands[2] = { *left, *right };
    const cvyi_py_call_args args = { .n = 2, .values = operands };

    return cvyi_torch_tensor_binary(out, eval, op, &args, err);
}

/* x += y changes x itself; a file that convey wrote has none. */
static cvy_status augment(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_py_value operands[2] = { *left, *right };
    const cvyi_py_call_args args = { .n = 2, .values = operands };

    if (cvyi_torch_script_of(eval) == NULL)
        return binary(out, eval, op, left, right, err);
    return cvyi_torch_function(out, eval,
                               strcmp(op, "Add") == 0    ? "torch.Tensor.add_"
                               : strcmp(op, "Sub") == 0  ? "torch.Tensor.sub_"
                               : strcmp(op, "Mult") == 0 ? "torch.Tensor.mul_"
                               : strcmp(op, "Div") == 0
                                   ? "torch.Tensor.div_"
                                   : "torch.Tensor.other_",
                               &args, err);
}

/* x[…] = y is not followed: x is not known any more. */
static cvy_status set_item(cvyi_py_eval *eval, const cvyi_py_value *self,
                           const cvyi_py_value *index,
                           const cvyi_py_value *value, cvy_error *err)
{
    (void)index;
    (void)value;
    if (cvyi_torch_script_of(eval) != NULL)
        CVYI_TRY(cvyi_torch_spoil(eval, self, "items are set", err));
    return cvyi_py_refuse(eval, err, "items of a tensor are set");
}

static cvy_status unary(cvyi_py_value *out, cvyi_py_eval *eval, const char *op,
                        const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_py_call_args args = { .n = 1, .values = self };

    return cvyi_torch_function(out, eval, operator_name(op), &args, err);
}

static cvy_status item(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self, const cvyi_py_value *index,
                       cvy_error *err)
{
    const cvyi_py_value operands[2] = { *self, *index };
    const cvyi_py_call_args args = { .n = 2, .values = operands };

    return cvyi_torch_function(out, eval, "operator.getitem", &args, err);
}

static cvy_status truth(bool *out, cvyi_py_eval *eval,
                        const cvyi_py_value *self, cvy_error *err)
{
    (void)out;
    (void)self;
    return cvyi_py_refuse(eval, err,
                          "what it does depends on the values of a tensor");
}

/* for part in x: along its first axis. */
static cvy_status iterate(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_py_call_args args = { .n = 1, .values = self };
    bool known = false;

    if (cvyi_torch_script_of(eval) != NULL)
        CVYI_TRY(cvyi_torch_method(out, &known, eval, "unbind", &args, err));
    return known ? CVY_OK
                 : cvyi_py_refuse(eval, err, "a tensor is walked over");
}

static cvy_status length(int64_t *out, cvyi_py_eval *eval,
                         const cvyi_py_value *self, cvy_error *err)
{
    if (!cvyi_size_constant(out, type_of(eval, self)->dims[0]))
        return cvyi_py_refuse(eval, err,
                              "the first size of the tensor is not known");
    return CVY_OK;
}

const cvyi_py_host_type cvyi_torch_tensor_type = {
    .name = "a tensor",
    .get = get,
    .binary = binary,
    .augment = augment,
    .unary = unary,
    .item = item,
    .set_item = set_item,
    .iterate = iterate,
    .length = length,
    .truth = truth,
};

/* ---- sizes that are not known yet ---- */

cvyi_py_value cvyi_torch_size(cvyi_size size)
{
    int64_t value;

    if (cvyi_size_constant(&value, size))
        return cvyi_py_int(value);
    return cvyi_py_host_value(&cvyi_torch_size_type, (void *)size);
}

/* An int or a size as a size; NULL if it is neither. */
static cvyi_size as_size(cvyi_py_eval *eval, const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_INT)
        return cvyi_size_of(&cvyi_torch_of(eval)->graph->sizes,
                            value->integer);
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_torch_size_type)
        return value->host.data;
    return NULL;
}

static cvy_status size_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *op, const cvyi_py_value *left,
                              const cvyi_py_value *right, cvy_error *err)
{
    cvyi_sizes *const pool = &cvyi_torch_of(eval)->graph->sizes;
    const cvyi_size a = as_size(eval, left), b = as_size(eval, right);
    cvyi_size made = NULL;

    if (a == NULL || b == NULL)
        return cvyi_py_refuse(eval, err,
                              "a size that is not known meets something that "
                              "is no size");
    if (strcmp(op, "Add") == 0)
        made = cvyi_size_add(pool, a, b);
    else if (strcmp(op, "Sub") == 0)
        made = cvyi_size_sub(pool, a, b);
    else if (strcmp(op, "Mult") == 0)
        made = cvyi_size_mul(pool, a, b);
    else if (strcmp(op, "FloorDiv") == 0)
        made = cvyi_size_floor(pool, a, b);
    if (made == NULL)
        return cvyi_py_refuse(eval, err,
                              "%s of a size that is not known is not "
                              "followed",
                              op);
    *out = cvyi_torch_size(made);
    return CVY_OK;
}

static cvy_status size_compare(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *op, const cvyi_py_value *left,
                               const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_size a = as_size(eval, left), b = as_size(eval, right);
    const bool eq = strcmp(op, "Eq") == 0;

    if (a != NULL && a == b && (eq || strcmp(op, "NotEq") == 0)) {
        *out = cvyi_py_bool(eq);
        return CVY_OK;
    }
    return cvyi_py_refuse(eval, err,
                          "what it does depends on a size that is not known");
}

static cvy_status size_truth(bool *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self, cvy_error *err)
{
    (void)self;
    (void)eval;
    (void)err;
    *out = true; /* sizes are at least 1 */
    return CVY_OK;
}

const cvyi_py_host_type cvyi_torch_size_type = {
    .name = "a size that is not known",
    .binary = size_binary,
    .compare = size_compare,
    .truth = size_truth,
};
