/* layer/permute/permute.c - the axes in another order. */
#include "layer/op.h"

#include "tensor/tensor.h"

/* Axis i of the output is axis axes[i] of the input, batch included. */
static const cvyi_attr attrs[] = {
    { "axes", CVYI_ATTR_INTS, NULL, NULL },
    { 0 },
};

static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_inferred found = { .n_out = 1, .out = { *in } };
    unsigned seen = 0;
    int n;
    const int64_t *const axes = cvyi_attr_ints(a, "axes", &n);

    (void)n_in;
    (void)sizes;
    for (int i = 0; i < n && n == in->rank; i++)
        if (axes[i] >= 0 && axes[i] < n) {
            seen |= 1u << axes[i];
            found.out[0].dims[i] = in->dims[axes[i]];
        }
    if (n != in->rank || seen != (1u << n) - 1)
        return cvyi_fail(err, CVY_SHAPE, "needs every one of %d axes once",
                         in->rank);
    *out = found;
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    int n, axes[CVYI_MAX_DIMS];
    const int64_t *const order = cvyi_attr_ints(job->attrs, "axes", &n);

    for (int i = 0; i < n; i++)
        axes[i] = (int)order[i];

    const cvy_view from = cvyi_permuted(&job->in[0], axes);

    return cvyi_copy(&job->out[0], &from, err);
}

const cvyi_op cvyi_op_permute = {
    .name = "permute",
    .title = "the axes in another order",
    .order = CVYI_ORDER_FIXED,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
