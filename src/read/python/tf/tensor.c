/* read/python/tf/tensor.c - tensors of the trace. */
#include "read/python/tf/training/training.h"

#include <string.h>

cvy_status cvyi_tf_make_tensor(cvyi_py_value *out, cvyi_py_eval *eval,
                               int result, cvy_error *err)
{
    cvyi_tf_tensor *const kept =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    *kept = (cvyi_tf_tensor){ .result = result };
    *out = cvyi_py_host_value(&cvyi_tf_tensor_type, kept);
    return CVY_OK;
}

int cvyi_tf_result(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_HOST &&
                   value->host.type == &cvyi_tf_tensor_type
               ? ((const cvyi_tf_tensor *)value->host.data)->result
               : -1;
}

const cvyi_type *cvyi_tf_type(const cvyi_py_eval *eval, int result)
{
    return &cvyi_tf_of(eval)->trace->results[result].type;
}

/* ---- attributes and methods ---- */

typedef struct method {
    const char *name;
    cvyi_py_value self;
} method;

static cvy_status shape_of(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_type *const type = cvyi_tf_type(eval, cvyi_tf_result(self));

    return cvyi_tf_make_shape(out, eval, type->rank, type->dims, err);
}

/* A shape that was not known stays so: what is set is checked by nobody. */
static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;

    (void)args;
    if (strcmp(m->name, "get_shape") == 0)
        return shape_of(out, eval, &m->self, err);
    if (strcmp(m->name, "set_shape") == 0) {
        *out = cvyi_py_none();
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_make_opaque(out, eval, err, "%s of a tensor needs a run",
                                 m->name));
    return cvyi_tf_beside(eval, out, err);
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a tensor",
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    const int result = cvyi_tf_result(self);
    method *m;

    if (strcmp(name, "shape") == 0)
        return shape_of(out, eval, self, err);
    if (strcmp(name, "dtype") == 0)
        return cvyi_tf_import(out, eval, "tensorflow.float32", err);
    if (strcmp(name, "name") == 0 || strcmp(name, "op") == 0 ||
        strcmp(name, "graph") == 0) {
        const char *const known =
            cvyi_tf_of(eval)->trace->results[result].name;
        const char *text;

        if (strcmp(name, "name") != 0 || known == NULL)
            return cvyi_py_make_opaque(out, eval, err, "%s of a tensor", name);
        text = cvyi_arena_printf(cvyi_py_arena(eval), "%s:0", known);
        if (text == NULL)
            return cvyi_no_memory(err);
        return cvyi_py_make_text(out, eval, text, strlen(text), err);
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
    { "Add", "tf.add" },       { "Sub", "tf.subtract" },
    { "Mult", "tf.multiply" }, { "Div", "tf.divide" },
    { "Pow", "tf.pow" },       { "MatMult", "tf.matmul" },
    { "USub", "tf.negative" }, { "abs", "tf.abs" },
};

static const char *operator_name(const char *ast)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strcmp(operators[i].ast, ast) == 0)
            return operators[i].name;
    return NULL;
}

static cvy_status function(cvyi_py_value *out, cvyi_py_eval *eval,
                           const char *op, const cvyi_py_value *operands,
                           int n, cvy_error *err)
{
    const cvyi_py_call_args args = { .n = n, .values = operands };
    const char *const dotted = operator_name(op);
    bool known = false;

    if (dotted != NULL)
        CVYI_TRY(cvyi_tf_words(out, &known, eval, dotted, &args, err));
    if (!known)
        CVYI_TRY(cvyi_py_make_opaque(out, eval, err, "%s of a tensor", op));
    return cvyi_tf_lose(eval, op, &args, out, err);
}

/* An operator makes a number the tensor's type; a function does not. */
static cvyi_py_value as_float(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_INT ? cvyi_py_float((double)value->integer)
                                        : *value;
}

cvy_status cvyi_tf_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_py_value operands[2] = { as_float(left), as_float(right) };
    bool known;

    CVYI_TRY(cvyi_tf_constant_binary(out, &known, eval, op, left, right, err));
    if (known)
        return CVY_OK;
    for (int i = 0; i < 2; i++)
        if (operands[i].type == CVYI_PY_V_HOST &&
            cvyi_tf_hidden(&operands[i]) != NULL)
            return operands[i].host.type->binary(out, eval, op, left, right,
                                                 err);
    return function(out, eval, op, operands, 2, err);
}

cvy_status cvyi_tf_unary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *self,
                         cvy_error *err)
{
    if (strcmp(op, "UAdd") == 0) {
        *out = *self;
        return CVY_OK;
    }
    return function(out, eval, op, self, 1, err);
}

static cvy_status compare(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err)
{
    static const char *const signs[][2] = { { "Lt", "tf.less" },
                                            { "LtE", "tf.less_equal" },
                                            { "Gt", "tf.greater" },
                                            { "GtE", "tf.greater_equal" } };
    const cvyi_py_value operands[2] = { as_float(left), as_float(right) };
    const cvyi_py_call_args args = { .n = 2, .values = operands };
    bool known = false;

    for (size_t i = 0; !known && i < sizeof signs / sizeof *signs; i++)
        if (strcmp(signs[i][0], op) == 0)
            CVYI_TRY(
                cvyi_tf_words(out, &known, eval, signs[i][1], &args, err));
    return known ? CVY_OK
                 : cvyi_py_make_opaque(out, eval, err,
                                       "%s of a tensor needs a run", op);
}

cvy_status cvyi_tf_item(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_value *self, const cvyi_py_value *index,
                        cvy_error *err)
{
    const cvyi_py_value operands[2] = { *self, *index };
    const cvyi_py_call_args args = { .n = 2, .values = operands };
    bool known;

    CVYI_TRY(cvyi_tf_words(out, &known, eval, "operator.getitem", &args, err));
    return cvyi_tf_lose(eval, "operator.getitem", &args, out, err);
}

static cvy_status length(int64_t *out, cvyi_py_eval *eval,
                         const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_type *const type = cvyi_tf_type(eval, cvyi_tf_result(self));

    if (type->rank > 0 && cvyi_size_constant(out, type->dims[0]))
        return CVY_OK;
    return cvyi_py_refuse(eval, err,
                          "the first size of the tensor is not known");
}

static cvy_status truth(bool *out, cvyi_py_eval *eval,
                        const cvyi_py_value *self, cvy_error *err)
{
    (void)out;
    (void)self;
    return cvyi_py_refuse(eval, err,
                          "what it does depends on the values of a tensor");
}

const cvyi_py_host_type cvyi_tf_tensor_type = {
    .name = "a tensor",
    .get = get,
    .binary = cvyi_tf_binary,
    .compare = compare,
    .unary = cvyi_tf_unary,
    .item = cvyi_tf_item,
    .length = length,
    .truth = truth,
};
