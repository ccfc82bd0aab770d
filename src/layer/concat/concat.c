/* layer/concat/concat.c - values one behind the other along an axis. */
#include "layer/axis.h"
#include "tensor/tensor.h"

static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *attrs,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    CVYI_TRY(cvyi_axis_check(attrs, in, err));

    const int axis = (int)cvyi_attr_int(attrs, "axis");
    cvyi_type joint = in[0];

    for (int k = 1; k < n_in; k++) {
        if (in[k].rank != joint.rank)
            return cvyi_fail(err, CVY_SHAPE,
                             "concat joins values of rank %d and %d",
                             joint.rank, in[k].rank);
        for (int i = 0; i < joint.rank; i++)
            if (i != axis && in[k].dims[i] != joint.dims[i])
                return cvyi_fail(err, CVY_SHAPE,
                                 "concat: sizes of input 0 and %d along axis "
                                 "%d are not equal for every input",
                                 k, i);
        joint.dims[axis] =
            cvyi_size_add(sizes, joint.dims[axis], in[k].dims[axis]);
    }
    if (joint.dims[axis] == NULL)
        return cvyi_no_memory(err);
    cvyi_infer_like(out, &joint);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const int axis = (int)cvyi_attr_int(job->attrs, "axis");
    const cvy_view *const y = &job->out[0];
    int64_t first = 0;

    for (int k = 0; k < job->n_in; k++) {
        cvy_view part = *y;

        part.data = (float *)y->data + first * y->strides[axis];
        part.dims[axis] = job->in[k].dims[axis];
        CVYI_TRY(cvyi_copy(&part, &job->in[k], err));
        first += part.dims[axis];
    }
    return CVY_OK;
}

const cvyi_op cvyi_op_concat = {
    .name = "concat",
    .title = "values one behind the other along an axis",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_JOIN,
    .least_in = 1,
    .most_in = -1,
    .attrs = cvyi_axis_attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
