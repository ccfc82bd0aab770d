/* layer/identity/identity.c - what goes in comes out. */
#include "layer/walk.h"

#include "tensor/tensor.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    (void)a;
    (void)n_in;
    (void)sizes;
    (void)err;
    cvyi_infer_like(out, in);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return cvyi_copy(&job->out[0], &job->in[0], err);
}

const cvyi_op cvyi_op_identity = {
    .name = "identity",
    .title = "what goes in comes out",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
