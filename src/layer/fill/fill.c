/* layer/fill/fill.c - one number in the shape of a value. */
#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "number", CVYI_ATTR_FLOAT, "0", NULL },
    { 0 },
};
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
    const float number = (float)cvyi_attr_real(job->attrs, "number");
    const cvy_view *const y = &job->out[0];
    int64_t at[CVY_MAX_RANK] = { 0 };

    (void)err;
    if (cvy_view_count(y) == 0)
        return CVY_OK;
    do
        ((float *)y->data)[cvyi_offset(y, at)] = number;
    while (cvyi_next(y->rank, y->dims, at));
    return CVY_OK;
}

const cvyi_op cvyi_op_fill = {
    .name = "fill",
    .title = "one number in the shape of a value",
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
