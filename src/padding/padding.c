/* padding/padding.c - the border a sliding window needs on one axis. */
#include "convey/padding.h"

#include "base/error.h"
#include "base/memory.h"

/* Input elements covered by one window: first tap to last tap, inclusive. */
static cvy_status window_span(int64_t *out, cvy_window w, cvy_error *err)
{
    if (w.taps < 1 || w.stride < 1 || w.dilation < 1)
        return cvyi_fail(
            err, CVY_ARGUMENT,
            "window needs taps, stride and dilation >= 1, got %lld, %lld, %lld",
            (long long)w.taps, (long long)w.stride, (long long)w.dilation);
    if (w.taps - 1 > (INT64_MAX - 1) / w.dilation)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "window spans more than 2^63 elements");

    *out = (w.taps - 1) * w.dilation + 1;
    return CVY_OK;
}

static cvy_status check_length(int64_t length, cvy_error *err)
{
    if (length < 1)
        return cvyi_fail(err, CVY_ARGUMENT, "axis length %lld is below 1",
                         (long long)length);
    return CVY_OK;
}

cvy_status cvy_border_same(cvy_border *out, int64_t length, cvy_window window,
                           cvy_error *err)
{
    int64_t span = 0;

    CVYI_TRY(window_span(&span, window, err));
    CVYI_TRY(check_length(length, err));

    /* Where the last window starts, counted from the first one. It is the
     * largest multiple of the stride that is still below the length. */
    const int64_t last = (length - 1) / window.stride * window.stride;
    const int64_t room = length - last;
    const int64_t total = span > room ? span - room : 0;

    out->before = total / 2;
    out->after = total - out->before;
    return CVY_OK;
}

cvy_status cvy_border_causal(cvy_border *out, cvy_window window,
                             cvy_error *err)
{
    int64_t span = 0;

    CVYI_TRY(window_span(&span, window, err));
    *out = (cvy_border){ .before = span - 1, .after = 0 };
    return CVY_OK;
}

cvy_status cvy_window_count(int64_t *out, int64_t length, cvy_window window,
                            cvy_border border, cvy_error *err)
{
    int64_t span = 0, total;

    CVYI_TRY(window_span(&span, window, err));
    CVYI_TRY(check_length(length, err));
    if (border.before < 0 || border.after < 0)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "border needs values >= 0, got %lld and %lld",
                         (long long)border.before, (long long)border.after);
    if (!cvyi_add64(&total, length, border.before) ||
        !cvyi_add64(&total, total, border.after))
        return cvyi_fail(err, CVY_ARGUMENT,
                         "axis and border hold more than 2^63 elements");
    if (total < span)
        return cvyi_fail(err, CVY_SHAPE,
                         "a window over %lld elements does not fit on an axis "
                         "of %lld with its border",
                         (long long)span, (long long)total);

    *out = (total - span) / window.stride + 1;
    return CVY_OK;
}
