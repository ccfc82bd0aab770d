/* layer/pad/pad.c - a constant around the spatial axes. */
#include "layer/window.h"

#include "tensor/tensor.h"

/* With border=same or causal: what the window that follows needs. */
static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "border",   CVYI_ATTR_BORDER, "[0:0]", NULL },
    { "taps",     CVYI_ATTR_INTS,   "1",     NULL },
    { "stride",   CVYI_ATTR_INTS,   "1",     NULL },
    { "dilation", CVYI_ATTR_INTS,   "1",     NULL },
    { "value",    CVYI_ATTR_FLOAT,  "0.0",   NULL },
    { 0 }
    /* clang-format on */
};

static const cvyi_slot slots[] = { { 0 } };

/* All that SAME adds to `n` elements, for a window of `span`.
 *
 * ceil(n / stride) windows reach up to (ceil(n / stride) - 1) * stride + span.
 * If the span is at least the stride, that is never before the end of the
 * data and the difference is the total. Else the total is max(0, span - r),
 * where r = (n - 1) mod stride + 1 elements are left for the last window;
 * counted as the t in 1 .. span - 1 with r <= t, each of which is
 * (n - 1) // stride - (n - 1 - t) // stride. */
static cvyi_size same_total(cvyi_sizes *sizes, cvyi_size n, int64_t span,
                            int64_t stride)
{
    const cvyi_size step = cvyi_size_of(sizes, stride);

    if (span >= stride) {
        const cvyi_size last = cvyi_size_mul(
            sizes,
            cvyi_size_sub(sizes, cvyi_size_same(sizes, n, stride),
                          cvyi_size_of(sizes, 1)),
            step);

        return cvyi_size_sub(
            sizes, cvyi_size_add(sizes, last, cvyi_size_of(sizes, span)), n);
    }

    const cvyi_size last = cvyi_size_sub(sizes, n, cvyi_size_of(sizes, 1));
    cvyi_size total = cvyi_size_of(sizes, 0);

    for (int64_t t = 1; t < span; t++) {
        const cvyi_size short_of = cvyi_size_floor(
            sizes, cvyi_size_sub(sizes, last, cvyi_size_of(sizes, t)), step);

        total =
            cvyi_size_add(sizes, total, cvyi_size_floor(sizes, last, step));
        total = cvyi_size_sub(sizes, total, short_of);
    }
    return total;
}

static cvyi_size total_of(cvyi_sizes *sizes, const cvyi_attrs *a, int axis,
                          cvyi_size length)
{
    const cvy_window w = cvyi_window_at(a, axis);
    cvy_border border;
    int64_t known;

    if (cvyi_window_fixed(&border, a, axis) ||
        (cvyi_size_constant(&known, length) &&
         cvyi_window_border(&border, a, axis, known, NULL) == CVY_OK))
        return cvyi_size_of(sizes, border.before + border.after);
    return same_total(sizes, length, (w.taps - 1) * w.dilation + 1, w.stride);
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_inferred found = { .n_out = 1, .out = { *in } };

    (void)n_in;
    if (in->rank != 2 + a->n_spatial || a->n_spatial < 1)
        return cvyi_fail(err, CVY_SHAPE, "needs an input of %d axes, got %d",
                         2 + a->n_spatial, in->rank);
    for (int i = 0; i < a->n_spatial; i++) {
        cvyi_size *const size = &found.out[0].dims[2 + i];

        *size = cvyi_size_add(sizes, *size, total_of(sizes, a, i, *size));
        if (*size == NULL)
            return cvyi_fail(err, CVY_MEMORY,
                             "a size outgrew memory or 64 bits");
    }
    *out = found;
    return CVY_OK;
}

static void fill(const cvy_view *view, float value)
{
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (cvy_view_count(view) > 0)
        do
            ((float *)view->data)[cvyi_offset(view, at)] = value;
        while (cvyi_next(view->rank, view->dims, at));
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    cvy_view inside = job->out[0];

    fill(&job->out[0], (float)cvyi_attr_real(job->attrs, "value"));
    for (int i = 0; i < job->attrs->n_spatial; i++) {
        const int64_t length = job->in[0].dims[2 + i];
        cvy_border border;

        CVYI_TRY(cvyi_window_border(&border, job->attrs, i, length, err));
        inside.data =
            (float *)inside.data + border.before * inside.strides[2 + i];
        inside.dims[2 + i] = length;
    }
    return cvyi_copy(&inside, &job->in[0], err);
}

const cvyi_op cvyi_op_pad = {
    .name = "pad",
    .title = "a constant around the spatial axes",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
