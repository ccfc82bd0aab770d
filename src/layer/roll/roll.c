/* layer/roll/roll.c - elements moved along axes, round the end. */
#include "layer/marks.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

/* By how many places those of an axis move; below 0: towards the front. */
static const cvyi_attr attrs[] = {
    { "shift", CVYI_ATTR_MARKS, "[]", NULL },
    { 0 },
};

static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    (void)n_in;
    (void)sizes;
    CVYI_TRY(cvyi_marks_check(a, "shift", in, -INT32_MAX, err));
    cvyi_infer_like(out, in);
    return CVY_OK;
}

/* One of the two runs of an axis: its elements stay together. */
static void take_run(cvy_view *to, cvy_view *from, int axis, int64_t shift,
                     bool wrapped)
{
    const int64_t n = from->dims[axis];
    const int64_t by = (shift % n + n) % n;

    if (wrapped)
        from->data = (float *)from->data + (n - by) * from->strides[axis];
    else
        to->data = (float *)to->data + by * to->strides[axis];
    to->dims[axis] = from->dims[axis] = wrapped ? by : n - by;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const int rank = job->in[0].rank;

    if (cvy_view_count(&job->in[0]) == 0)
        return CVY_OK;
    for (unsigned runs = 0; runs < 1u << rank; runs++) {
        cvy_view from = job->in[0], to = job->out[0];

        for (int i = 0; i < rank; i++)
            take_run(&to, &from, i, cvyi_mark(job->attrs, "shift", i),
                     (runs >> i & 1) != 0);
        if (cvy_view_count(&to) > 0)
            CVYI_TRY(cvyi_copy(&to, &from, err));
    }
    return CVY_OK;
}

const cvyi_op cvyi_op_roll = {
    .name = "roll",
    .title = "elements moved along axes, round the end",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
