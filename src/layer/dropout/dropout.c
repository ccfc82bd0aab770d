/* layer/dropout/dropout.c - noise of training only: nothing at inference. */
#include "layer/walk.h"
#include "tensor/tensor.h"

/* Elements that differ in their place on shared axes alone are dropped
 * together. The noise of training, with p the rate:
 *
 *   zeros    0 with probability p, the others times 1 / (1 - p)
 *   alpha    selu's lower end in the place of 0, mean and variance kept
 *   product  times a normal number of mean 1 and variance p / (1 - p)
 *   sum      plus a normal number of mean 0 and standard deviation p
 */
static const cvyi_attr attrs[] = {
    { "rate", CVYI_ATTR_FLOAT, NULL, NULL },
    { "shared", CVYI_ATTR_MARKS, "[]", NULL },
    { "noise", CVYI_ATTR_WORD, "zeros", "zeros alpha product sum" },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    int n;

    (void)n_in;
    (void)sizes;
    cvyi_attr_ints(a, "shared", &n);
    if (n != 0 && n != in->rank)
        return cvyi_fail_in(err, CVY_SHAPE, "shared",
                            "%d marks for a value with %d axes", n, in->rank);
    cvyi_infer_like(out, in);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return cvyi_copy(&job->out[0], &job->in[0], err);
}

const cvyi_op cvyi_op_dropout = {
    .name = "dropout",
    .title = "noise while training; passes values on at inference",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .trains = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
