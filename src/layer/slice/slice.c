/* layer/slice/slice.c - some elements of each axis. */
#include "layer/marks.h"
#include "tensor/tensor.h"

/* Along each axis: how many elements are left out at either end, and that of
 * the others every step-th is taken, from the first on; 0 is every one. */
static const cvyi_attr attrs[] = {
    { "before", CVYI_ATTR_MARKS, "[]", NULL },
    { "after", CVYI_ATTR_MARKS, "[]", NULL },
    { "step", CVYI_ATTR_MARKS, "[]", NULL },
    { 0 },
};

static const cvyi_slot slots[] = { { 0 } };

/* What is left of an axis. */
static cvy_status cut(cvyi_size *size, const cvyi_attrs *a, int axis,
                      cvyi_sizes *sizes, cvy_error *err)
{
    const int64_t before = cvyi_mark(a, "before", axis);
    const int64_t after = cvyi_mark(a, "after", axis);
    const int64_t step = cvyi_mark(a, "step", axis);
    int64_t left;

    *size = cvyi_size_sub(sizes, *size, cvyi_size_of(sizes, before));
    *size = cvyi_size_sub(sizes, *size, cvyi_size_of(sizes, after));
    if (step > 1)
        *size = cvyi_size_ceil(sizes, *size, cvyi_size_of(sizes, step));
    if (*size == NULL)
        return cvyi_fail(err, CVY_MEMORY, "a size outgrew memory or 64 bits");
    if (cvyi_size_constant(&left, *size) && left < 1)
        return cvyi_fail(err, CVY_SHAPE, "nothing is left of axis %d", axis);
    return CVY_OK;
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_inferred found = { .n_out = 1, .out = { *in } };

    (void)n_in;
    CVYI_TRY(cvyi_marks_check(a, "before", in, 0, err));
    CVYI_TRY(cvyi_marks_check(a, "after", in, 0, err));
    CVYI_TRY(cvyi_marks_check(a, "step", in, 0, err));
    for (int i = 0; i < in->rank; i++)
        CVYI_TRY(cut(&found.out[0].dims[i], a, i, sizes, err));
    *out = found;
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    cvy_view some = job->in[0];

    for (int i = 0; i < some.rank; i++) {
        const int64_t step = cvyi_mark(job->attrs, "step", i);

        some.data = (float *)some.data +
                    cvyi_mark(job->attrs, "before", i) * some.strides[i];
        some.strides[i] *= step > 1 ? step : 1;
        some.dims[i] = job->out[0].dims[i];
    }
    return cvyi_copy(&job->out[0], &some, err);
}

const cvyi_op cvyi_op_slice = {
    .name = "slice",
    .title = "some elements of each axis",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
