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
        border->rule == CVYI_BORDER_GIVEN
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

cvy_status cvyi_window_border(cvy_border *out, const cvyi_attrs *attrs,
                              int axis, int64_t length, cvy_error *err)
{
    const cvyi_border *const border = cvyi_attr_border(attrs, "border");
    const cvy_window w = cvyi_window_at(attrs, axis);

    if (border->rule == CVYI_BORDER_SAME)
        return cvy_border_same(out, length, w, err);
    if (border->rule == CVYI_BORDER_CAUSAL)
        return cvy_border_causal(out, w, err);
    *out = (cvy_border){ border->before[axis], border->after[axis] };
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
