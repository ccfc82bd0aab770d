/* layer/squeeze/squeeze.c - the batch alone: all other axes, of one element
 * each, go. */
#include "layer/squeeze.h"
#include "layer/walk.h"

static const cvyi_attr attrs[] = { { 0 } };
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_type type = { .dtype = in->dtype, .rank = 1 };

    (void)a;
    (void)n_in;
    (void)sizes;
    for (int i = 1; i < in->rank; i++) {
        int64_t length;

        if (!cvyi_size_constant(&length, in->dims[i]) || length != 1)
            return cvyi_fail(err, CVY_SHAPE,
                             "axis %d is not known to have one element", i);
    }
    if (in->rank < 1)
        return cvyi_fail(err, CVY_SHAPE, "needs a value with a batch");
    type.dims[0] = in->dims[0];
    cvyi_infer_like(out, &type);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    cvyi_copy_in_order(&job->out[0], &job->in[0]);
    return CVY_OK;
}

const cvyi_op cvyi_op_squeeze = {
    .name = "squeeze",
    .title = "the batch alone, without the axes of one element behind it",
    .order = CVYI_ORDER_FIXED,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
