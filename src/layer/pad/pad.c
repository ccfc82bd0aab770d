/* layer/pad/pad.c - a border around the spatial axes. */
#include "layer/window.h"

#include "tensor/tensor.h"

/* With border=same or causal: what the window that follows needs.
 *
 * What stands in the border of an axis 0 1 2 3:
 *   constant   v v | 0 1 2 3 | v v    `value`
 *   reflect    2 1 | 0 1 2 3 | 2 1    a mirror on the last element
 *   replicate  0 0 | 0 1 2 3 | 3 3    the last element again
 *   circular   2 3 | 0 1 2 3 | 0 1    the other end
 *   symmetric  1 0 | 0 1 2 3 | 3 2    a mirror behind the last element */
static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "border",   CVYI_ATTR_BORDER, "[0:0]", NULL },
    { "taps",     CVYI_ATTR_INTS,   "1",     NULL },
    { "stride",   CVYI_ATTR_INTS,   "1",     NULL },
    { "dilation", CVYI_ATTR_INTS,   "1",     NULL },
    { "value",    CVYI_ATTR_FLOAT,  "0.0",   NULL },
    { "mode",     CVYI_ATTR_WORD,   "constant",
      "constant reflect replicate circular symmetric" },
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
        return cvyi_size_add(sizes, cvyi_size_of(sizes, border.before),
                             cvyi_size_of(sizes, border.after));
    return same_total(sizes, length, (w.taps - 1) * w.dilation + 1, w.stride);
}

/* A mirror reaches to the other end of the axis and no further. */
static cvy_status check_reach(const cvyi_attrs *a, int axis, cvyi_size length,
                              cvy_error *err)
{
    const bool reflect = cvyi_attr_is(a, "mode", "reflect");
    cvy_border border;
    int64_t known;

    if (cvyi_attr_is(a, "mode", "constant") ||
        cvyi_attr_is(a, "mode", "replicate") ||
        !cvyi_size_constant(&known, length))
        return CVY_OK;
    CVYI_TRY(cvyi_window_border(&border, a, axis, known, err));
    if (border.before > known - reflect || border.after > known - reflect)
        return cvyi_fail_in(err, CVY_SHAPE, "border",
                            "a border of %lld:%lld cannot be taken from %lld "
                            "elements (%s)",
                            (long long)border.before, (long long)border.after,
                            (long long)known, cvyi_attr_word(a, "mode"));
    return CVY_OK;
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

        CVYI_TRY(check_reach(a, i, *size, err));
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

/* The element of 0 .. n-1 that stands at place i of the border. */
static int64_t source_of(const char *mode, int64_t i, int64_t n)
{
    switch (mode[2]) {
    case 'f': /* reflect */
        return i < 0 ? -i : 2 * (n - 1) - i;
    case 'p': /* replicate */
        return i < 0 ? 0 : n - 1;
    case 'r': /* circular */
        return i < 0 ? i + n : i - n;
    default: /* symmetric */
        return i < 0 ? -i - 1 : 2 * n - 1 - i;
    }
}

/* Fills the border of one axis from what stands between, slice by slice. The
 * axes before it are whole in `view`, those behind it have no border yet. */
static cvy_status fill_from_inside(const cvy_view *view, int axis,
                                   cvy_border border, const char *mode,
                                   cvy_error *err)
{
    float *const data = view->data;
    const int64_t step = view->strides[axis];
    const int64_t n = view->dims[axis] - border.before - border.after;
    cvy_view to = *view, from = *view;

    to.dims[axis] = from.dims[axis] = 1;
    for (int64_t k = 0; k < border.before + border.after; k++) {
        const int64_t i =
            k < border.before ? k - border.before : n + k - border.before;

        to.data = data + (border.before + i) * step;
        from.data = data + (border.before + source_of(mode, i, n)) * step;
        CVYI_TRY(cvyi_copy(&to, &from, err));
    }
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const cvyi_attrs *const a = job->attrs;
    const bool constant = cvyi_attr_is(a, "mode", "constant");
    cvy_border borders[CVYI_MAX_SPATIAL];
    cvy_view inside = job->out[0];

    if (constant)
        fill(&job->out[0], (float)cvyi_attr_real(a, "value"));
    for (int i = 0; i < a->n_spatial; i++) {
        const int64_t length = job->in[0].dims[2 + i];

        CVYI_TRY(cvyi_window_border(&borders[i], a, i, length, err));
        inside.data =
            (float *)inside.data + borders[i].before * inside.strides[2 + i];
        inside.dims[2 + i] = length;
    }
    CVYI_TRY(cvyi_copy(&inside, &job->in[0], err));
    for (int i = 0; !constant && i < a->n_spatial; i++) {
        inside.data =
            (float *)inside.data - borders[i].before * inside.strides[2 + i];
        inside.dims[2 + i] = job->out[0].dims[2 + i];
        CVYI_TRY(fill_from_inside(&inside, 2 + i, borders[i],
                                  cvyi_attr_word(a, "mode"), err));
    }
    return CVY_OK;
}

const cvyi_op cvyi_op_pad = {
    .name = "pad",
    .title = "a border around the spatial axes",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
