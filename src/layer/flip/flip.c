/* layer/flip/flip.c - axes in the opposite order. */
#include "layer/marks.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

/* The marked axes. */
static const cvyi_attr attrs[] = {
    { "axes", CVYI_ATTR_MARKS, "[]", NULL },
    { 0 },
};

static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    (void)n_in;
    (void)sizes;
    CVYI_TRY(cvyi_marks_check(a, "axes", in, 0, err));
    cvyi_infer_like(out, in);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    cvy_view from = job->in[0];

    if (cvy_view_count(&from) == 0)
        return CVY_OK;
    for (int i = 0; i < from.rank; i++)
        if (cvyi_mark(job->attrs, "axes", i) != 0) {
            from.data =
                (float *)from.data + (from.dims[i] - 1) * from.strides[i];
            from.strides[i] = -from.strides[i];
        }
    return cvyi_copy(&job->out[0], &from, err);
}

const cvyi_op cvyi_op_flip = {
    .name = "flip",
    .title = "axes in the opposite order",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
