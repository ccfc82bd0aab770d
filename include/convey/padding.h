/*
 * convey/padding.h - the border a sliding window needs on one axis.
 *
 * A convolution or a pool is described axis by axis, so every function here
 * is about ONE spatial axis. All quantities count elements along that axis.
 * Nothing in this header allocates, and every function may be called from
 * any thread. `out` is untouched on failure and `err` may be NULL.
 */
#ifndef CONVEY_PADDING_H
#define CONVEY_PADDING_H

#include "convey/base.h"

CVY_BEGIN

/** A sliding window along one axis. Every field must be >= 1. */
typedef struct cvy_window {
    int64_t taps;     /**< weights along the axis */
    int64_t stride;   /**< input elements between two outputs */
    int64_t dilation; /**< input elements between two taps */
} cvy_window;

/** Zeros (or mirrored values) added outside the data. Both are >= 0. */
typedef struct cvy_border {
    int64_t before; /**< toward index 0: top, left, front */
    int64_t after;  /**< toward the last index: bottom, right, back */
} cvy_border;

/**
 * Border that TensorFlow calls "SAME".
 *
 * Chosen so that the output has ceil(length / stride) elements. When the
 * total is odd the extra element goes AFTER the data, and the total depends
 * on `length`: the same layer gets a different border for a different image.
 *
 *   length 5, taps 2, stride 1  ->  {0, 1}
 *   length 8, taps 3, stride 2  ->  {0, 1}
 *   length 7, taps 3, stride 2  ->  {1, 1}
 *
 * @param out     receives the border
 * @param length  input elements on this axis, >= 1
 * @param window  the sliding window
 * @param err     filled only on failure
 * @return CVY_OK, or CVY_ARGUMENT if a value is below 1 or the span of the
 *         window does not fit in 63 bits
 */
CVY_CALL cvy_border_same(cvy_border *out, int64_t length, cvy_window window,
                         cvy_error *err);

/**
 * Border that Keras calls "causal".
 *
 * The whole span of the window but its last tap goes BEFORE the data, so that
 * an output never sees a later input. It does not depend on the length.
 *
 *   taps 3, dilation 1  ->  {2, 0}
 *   taps 2, dilation 4  ->  {4, 0}
 *   taps 1, dilation 1  ->  {0, 0}
 *
 * @return CVY_OK, or CVY_ARGUMENT as above
 */
CVY_CALL cvy_border_causal(cvy_border *out, cvy_window window, cvy_error *err);

/**
 * Number of outputs a window yields over a bordered axis.
 *
 * Counts only positions where every tap lands on data or border.
 *
 *   length 5, taps 3, stride 1, border {0, 0}  ->  3
 *   length 8, taps 3, stride 2, border {0, 1}  ->  4
 *   length 7, taps 3, stride 2, border {0, 0}  ->  3
 *
 * @return CVY_OK, CVY_ARGUMENT as above or for a border below 0, or CVY_SHAPE
 *         if not even one position fits
 */
CVY_CALL cvy_window_count(int64_t *out, int64_t length, cvy_window window,
                          cvy_border border, cvy_error *err);

CVY_END

#endif
