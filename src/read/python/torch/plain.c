/* read/python/torch/plain.c - arguments of a call as words read them. */
#include "read/python/torch/script.h"

static cvy_status add_operand(cvyi_torch_operands *operands,
                              cvyi_py_eval *eval, int result, cvy_error *err)
{
    int *const in =
        cvyi_arena_grow(cvyi_py_arena(eval), operands->in, operands->n,
                        &operands->capacity, sizeof *in);

    if (in == NULL)
        return cvyi_no_memory(err);
    operands->in = in;
    in[operands->n++] = result;
    return CVY_OK;
}

static cvy_status plain_list(cvyi_value *out, cvyi_torch_operands *operands,
                             cvyi_py_eval *eval, const cvyi_py_seq *seq,
                             cvy_error *err)
{
    cvyi_value *const items = cvyi_arena_alloc(
        cvyi_py_arena(eval), (size_t)seq->n + 1, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < seq->n; i++)
        CVYI_TRY(
            cvyi_torch_plain(&items[i], operands, eval, &seq->items[i], err));
    *out = (cvyi_value){ .kind = CVYI_LIST, .n = seq->n, .items = items };
    return CVY_OK;
}

/* A slice is a dict of what it names. */
static cvy_status plain_slice(cvyi_value *out, cvyi_torch_operands *operands,
                              cvyi_py_eval *eval, const cvyi_py_value *slice,
                              cvy_error *err)
{
    static const char *const keys[] = { "start", "stop", "step" };
    const cvyi_py_value *const bounds[] = { slice->bounds.start,
                                            slice->bounds.stop,
                                            slice->bounds.step };
    cvyi_value *const items =
        cvyi_arena_alloc(cvyi_py_arena(eval), 3, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < 3; i++)
        CVYI_TRY(cvyi_torch_plain(&items[i], operands, eval, bounds[i], err));
    *out = (cvyi_value){
        .kind = CVYI_DICT, .n = 3, .items = items, .keys = keys
    };
    return CVY_OK;
}

/* A parameter of a script is numbered when all tensors are known. */
static cvy_status plain_weight(cvyi_value *out, cvyi_torch_operands *operands,
                               cvyi_py_eval *eval, cvyi_torch_weight *weight,
                               cvy_error *err)
{
    const bool one = weight->shape.rank == 0 && weight->doubt == NULL;

    if (weight->role == CVYI_TORCH_NUMBERS && one && weight->numbers != NULL) {
        *out = (cvyi_value){ .kind = CVYI_FLOAT, .real = weight->numbers[0] };
        return CVY_OK;
    }
    if (weight->role == CVYI_TORCH_NUMBERS)
        return cvyi_py_refuse(eval, err,
                              "a tensor that is no parameter and no buffer "
                              "of the network");
    if (operands->n_weights == CVYI_MAX_SLOTS)
        return cvyi_py_refuse(eval, err, "a call of so many parameters");
    *out = (cvyi_value){ .kind = CVYI_TENSOR,
                         .integer = -1 - operands->n_weights };
    operands->weights[operands->n_weights++] = weight;
    return CVY_OK;
}

cvy_status cvyi_torch_plain(cvyi_value *out, cvyi_torch_operands *operands,
                            cvyi_py_eval *eval, const cvyi_py_value *value,
                            cvy_error *err)
{
    const int result = cvyi_torch_result(value);

    if (cvyi_torch_weight_of(value) != NULL)
        return plain_weight(out, operands, eval, cvyi_torch_weight_of(value),
                            err);
    if (cvyi_py_opaque(value) != NULL)
        return cvyi_py_refuse_opaque(eval, value, err);
    if (result >= 0) {
        CVYI_TRY(cvyi_torch_current(eval, result, err));
        *out = (cvyi_value){ .kind = CVYI_TENSOR, .integer = operands->n };
        return add_operand(operands, eval, result, err);
    }
    if (value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE)
        return plain_list(out, operands, eval, value->seq, err);
    if (value->type == CVYI_PY_V_SLICE)
        return plain_slice(out, operands, eval, value, err);
    if (value->type == CVYI_PY_V_ELLIPSIS) {
        *out = (cvyi_value){ .kind = CVYI_TEXT, .text = "..." };
        return CVY_OK;
    }
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_torch_size_type) {
        *out = (cvyi_value){ .kind = CVYI_SIZE, .size = value->host.data };
        return CVY_OK;
    }
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_torch_name_type) {
        *out = (cvyi_value){ .kind = CVYI_TEXT, .text = value->host.data };
        return CVY_OK;
    }
    if (cvyi_py_plain(out, eval, value))
        return CVY_OK;
    return cvyi_py_refuse(eval, err, "%s is given to torch",
                          cvyi_py_describe(eval, value));
}
