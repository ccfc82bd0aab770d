/* layer/crop/crop.c - elements of the spatial axes are left out. */
#include "layer/op.h"
#include "tensor/tensor.h"

/* How many at either end of each spatial axis. */
static const cvyi_attr attrs[] = {
    { "before", CVYI_ATTR_INTS, "0", NULL },
    { "after", CVYI_ATTR_INTS, "0", NULL },
    { 0 },
};

static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int64_t *const before = cvyi_attr_ints(a, "before", NULL);
    const int64_t *const after = cvyi_attr_ints(a, "after", NULL);
    cvyi_inferred found = { .n_out = 1, .out = { *in } };

    (void)n_in;
    if (in->rank != 2 + a->n_spatial || a->n_spatial < 1)
        return cvyi_fail(err, CVY_SHAPE, "needs an input of %d axes, got %d",
                         2 + a->n_spatial, in->rank);
    for (int i = 0; i < a->n_spatial; i++) {
        cvyi_size *const size = &found.out[0].dims[2 + i];
        int64_t left;

        if (before[i] < 0 || after[i] < 0)
            return cvyi_fail_in(err, CVY_ARGUMENT, "before",
                                "a crop needs values >= 0");
        *size = cvyi_size_sub(sizes, *size, cvyi_size_of(sizes, before[i]));
        *size = cvyi_size_sub(sizes, *size, cvyi_size_of(sizes, after[i]));
        if (*size == NULL)
            return cvyi_fail(err, CVY_MEMORY,
                             "a size outgrew memory or 64 bits");
        if (cvyi_size_constant(&left, *size) && left < 1)
            return cvyi_fail(err, CVY_SHAPE,
                             "nothing is left of spatial axis %d", i);
    }
    *out = found;
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const int64_t *const before = cvyi_attr_ints(job->attrs, "before", NULL);
    cvy_view inside = job->in[0];

    for (int i = 0; i < job->attrs->n_spatial; i++) {
        inside.data = (float *)inside.data + before[i] * inside.strides[2 + i];
        inside.dims[2 + i] = job->out[0].dims[2 + i];
    }
    return cvyi_copy(&job->out[0], &inside, err);
}

const cvyi_op cvyi_op_crop = {
    .name = "crop",
    .title = "elements of the spatial axes are left out",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
