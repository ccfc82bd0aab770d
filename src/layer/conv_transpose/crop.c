/* layer/conv_transpose/crop.c - TensorFlow's rule for what is cut off. */
#include "layer/conv_transpose/words.h"

bool cvyi_transpose_span(int64_t *out, cvy_window window)
{
    cvy_border span;

    if (cvy_border_causal(&span, window, NULL) != CVY_OK ||
        span.before > INT64_MAX / 4 || window.stride > INT64_MAX / 4)
        return false;
    *out = span.before + 1;
    return true;
}

bool cvyi_transpose_crop(int64_t *before, int64_t *after, cvy_window window,
                         int64_t rest, const cvy_border *given)
{
    int64_t span;

    if (!cvyi_transpose_span(&span, window))
        return false;

    const int64_t total = span > rest ? span - rest : 0;
    const int64_t cut = given != NULL ? given->before : total / 2;
    const int64_t room =
        given != NULL ? rest + given->before + given->after - span : rest - 1;

    if (room < 0 || room >= window.stride)
        return false;
    *before = cut;
    *after = span - rest - cut;
    return true;
}
