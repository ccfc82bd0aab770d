/* layer/squeeze/squeeze.c - axes of one element go. */
#include "layer/marks.h"
#include "layer/squeeze.h"
#include "layer/walk.h"

/* The marked axes go; without a mark all but the batch, which is left alone. */
static const cvyi_attr attrs[] = {
    { "axes", CVYI_ATTR_MARKS, "[]", NULL },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_type type = { .dtype = in->dtype };
    int n;

    (void)n_in;
    (void)sizes;
    CVYI_TRY(cvyi_marks_check(a, "axes", in, 0, err));
    cvyi_attr_ints(a, "axes", &n);
    if (in->rank < 1 || cvyi_mark(a, "axes", 0) != 0)
        return cvyi_fail(err, CVY_SHAPE, "needs a value with a batch");
    for (int i = 0; i < in->rank; i++) {
        int64_t length;

        if (i == 0 || (n > 0 && cvyi_mark(a, "axes", i) == 0))
            type.dims[type.rank++] = in->dims[i];
        else if (!cvyi_size_constant(&length, in->dims[i]) || length != 1)
            return cvyi_fail(err, CVY_SHAPE,
                             "axis %d is not known to have one element", i);
    }
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
    .title = "axes of one element go",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
