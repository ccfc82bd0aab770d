/* layer/join_batch/join_batch.c - the first axis behind the batch joins it. */
#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_type type = { .dtype = in->dtype, .rank = in->rank - 1 };

    (void)a;
    (void)n_in;
    if (in->rank < 2)
        return cvyi_fail(err, CVY_SHAPE,
                         "there is no axis behind the batch that could join "
                         "it");
    type.dims[0] = cvyi_size_mul(sizes, in->dims[0], in->dims[1]);
    if (type.dims[0] == NULL)
        return cvyi_no_memory(err);
    for (int i = 1; i < type.rank; i++)
        type.dims[i] = in->dims[i + 1];
    cvyi_infer_like(out, &type);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    cvyi_copy_in_order(&job->out[0], &job->in[0]);
    return CVY_OK;
}

const cvyi_op cvyi_op_join_batch = {
    .name = "join_batch",
    .title = "the first axis behind the batch joins it",
    .order = CVYI_ORDER_FIXED,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
