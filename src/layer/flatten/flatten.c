/* layer/flatten/flatten.c - all axes after the batch become one. */
#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const cvyi_size features = cvyi_type_elements(sizes, in, 1);

    (void)a;
    (void)n_in;
    if (features == NULL)
        return cvyi_no_memory(err);
    cvyi_infer_like(out, in);
    out->out[0].rank = 2;
    out->out[0].dims[1] = features;
    for (int i = 2; i < CVYI_MAX_DIMS; i++)
        out->out[0].dims[i] = NULL;
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    cvyi_copy_in_order(&job->out[0], &job->in[0]);
    return CVY_OK;
}

const cvyi_op cvyi_op_flatten = {
    .name = "flatten",
    .title = "all axes after the batch become one",
    .order = CVYI_ORDER_FIXED,
    .features = CVYI_FEATURES_COLLAPSE,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
