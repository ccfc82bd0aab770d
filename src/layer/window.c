/* layer/window.c - operators with taps, a stride and a border per axis. */
#include "layer/window.h"

cvy_window cvyi_window_at(const cvyi_attrs *attrs, int axis)
{
    const int dilation = cvyi_attr_index(attrs->op, "dilation");

    return (cvy_window){
        .taps = cvyi_attr_ints(attrs, "taps", NULL)[axis],
        .stride = cvyi_attr_ints(attrs, "stride", NULL)[axis],
        .dilation = dilation < 0 ? 1 : attrs->at[dilation].ints[axis],
    };
}

bool cvyi_window_ceil(const cvyi_attrs *attrs)
{
    const int ceil = cvyi_attr_index(attrs->op, "ceil");

    return ceil >= 0 && attrs->at[ceil].ints[0] != 0 &&
           cvyi_attr_border(attrs, "border")->rule == CVYI_BORDER_GIVEN;
}

static cvy_status check_window(cvy_window w, cvy_border b, cvy_error *err)
{
    cvy_border unused;

    CVYI_TRY(cvy_border_causal(&unused, w, err));
    if (b.before < 0 || b.after < 0)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "border needs values >= 0, got %lld and %lld",
                         (long long)b.before, (long long)b.after);
    return CVY_OK;
}

/*
 * Windows start at 0, stride, 2 * stride ... of the bordered axis. Without
 * `ceil` one more window would reach beyond the border; with it there is one
 * more if anything is left behind the last of these, unless it would start
 * behind the data: as many as stand in
 *
 *   length + before + after - span + stride   (something is left)
 *   length + before                           (it starts on data)
 *
 * whole strides, counted up; the smaller of the two says how many. This is
 * what has to be added to the length.
 */
static int64_t ceil_extra(cvy_window w, cvy_border b)
{
    const int64_t left = b.after - ((w.taps - 1) * w.dilation + 1);

    return b.before + (left < -w.stride ? left + w.stride : 0);
}

static cvyi_size ceil_size(cvyi_sizes *sizes, cvyi_size length, cvy_window w,
                           cvy_border b)
{
    const cvyi_size extra = cvyi_size_of(sizes, ceil_extra(w, b));

    return cvyi_size_same(sizes, cvyi_size_add(sizes, length, extra),
                          w.stride);
}

cvy_status cvyi_window_size(cvyi_size *out, const cvyi_attrs *attrs, int axis,
                            cvyi_size length, cvyi_sizes *sizes,
                            cvy_error *err)
{
    const cvyi_border *const border = cvyi_attr_border(attrs, "border");
    const cvy_window w = cvyi_window_at(attrs, axis);
    const cvy_border b = { border->before[axis], border->after[axis] };
    int64_t known;

    CVYI_TRY(check_window(w, b, err));

    const cvyi_size size =
        cvyi_window_ceil(attrs) ? ceil_size(sizes, length, w, b)
        : border->rule == CVYI_BORDER_GIVEN
            ? cvyi_size_valid(sizes, length, w.taps, w.stride, w.dilation,
                              b.before, b.after)
            : cvyi_size_same(sizes, length, w.stride);

    if (size == NULL)
        return cvyi_fail(err, CVY_MEMORY, "a size outgrew memory or 64 bits");
    if (cvyi_size_constant(&known, size) && known < 1)
        return cvyi_fail(err, CVY_SHAPE,
                         "a window of %lld elements does not fit on spatial "
                         "axis %d with its border",
                         (long long)((w.taps - 1) * w.dilation + 1), axis);
    *out = size;
    return CVY_OK;
}

/* Up to the end of the last window, which may hang over what was given. */
static cvy_status ceil_border(cvy_border *out, int64_t length, cvy_window w,
                              cvy_border given, cvy_error *err)
{
    int64_t reach, end;

    CVYI_TRY(check_window(w, given, err));
    if (length < 1 || !cvyi_add64(&end, length, given.before) ||
        !cvyi_add64(&reach, length, ceil_extra(w, given)) || reach < 1)
        return cvyi_fail(err, CVY_SHAPE,
                         "no window fits on an axis of %lld with its border",
                         (long long)length);

    const int64_t tail = end - (reach - 1) / w.stride * w.stride;
    const int64_t span = (w.taps - 1) * w.dilation + 1;

    *out = (cvy_border){ given.before, span > tail ? span - tail : 0 };
    return CVY_OK;
}

cvy_status cvyi_window_border(cvy_border *out, const cvyi_attrs *attrs,
                              int axis, int64_t length, cvy_error *err)
{
    const cvyi_border *const border = cvyi_attr_border(attrs, "border");
    const cvy_window w = cvyi_window_at(attrs, axis);

    if (border->rule == CVYI_BORDER_SAME)
        return cvy_border_same(out, length, w, err);
    if (border->rule == CVYI_BORDER_CAUSAL)
        return cvy_border_causal(out, w, err);

    const cvy_border given = { border->before[axis], border->after[axis] };

    if (cvyi_window_ceil(attrs))
        return ceil_border(out, length, w, given, err);
    *out = given;
    return CVY_OK;
}

bool cvyi_window_fixed(cvy_border *out, const cvyi_attrs *attrs, int axis)
{
    const cvyi_border *const border = cvyi_attr_border(attrs, "border");
    const cvy_window w = cvyi_window_at(attrs, axis);

    /* SAME covers ceil(length / stride) windows: at stride 1 it always adds
     * the window less one element, and a window of one element never needs
     * anything. Between these the length decides. */
    if (border->rule == CVYI_BORDER_SAME && w.stride > 1 && w.taps > 1)
        return false;
    /* At stride 1 no window hangs over: those behind the data fall away. */
    if (cvyi_window_ceil(attrs) && w.stride == 1) {
        const int64_t most = (w.taps - 1) * w.dilation;
        const int64_t after = border->after[axis];

        *out =
            (cvy_border){ border->before[axis], after < most ? after : most };
        return true;
    }
    if (cvyi_window_ceil(attrs))
        return false;
    return cvyi_window_border(out, attrs, axis, 1, NULL) == CVY_OK;
}

cvy_status cvyi_window_axes(cvyi_conv_axis *out, const cvyi_attrs *attrs,
                            const cvy_view *x, const cvy_view *y,
                            cvy_error *err)
{
    for (int i = 0; i < attrs->n_spatial; i++) {
        const cvy_window w = cvyi_window_at(attrs, i);
        cvy_border border;

        CVYI_TRY(cvyi_window_border(&border, attrs, i, x->dims[2 + i], err));
        out[i] = (cvyi_conv_axis){ .taps = w.taps,
                                   .stride = w.stride,
                                   .dilation = w.dilation,
                                   .before = border.before,
                                   .in = x->dims[2 + i],
                                   .out = y->dims[2 + i] };
    }
    return CVY_OK;
}
