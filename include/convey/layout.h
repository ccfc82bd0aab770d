/*
 * convey/layout.h - the order in which frameworks keep axes.
 *
 * TensorFlow keeps images as N H W C and kernels as H W I O, PyTorch keeps
 * N C H W and O I H W. The functions here carry arrays of either into the
 * other: as a view with other strides where that is enough, as a copy where
 * axes are cut or joined.
 *
 * A rule names the axes of the source, an arrow, and the axes of the target:
 *
 *   N S C -> N C S          images of any number of spatial axes
 *   S I O -> O I S          kernels of convolutions
 *   S I M -> (I M) 1 S      depthwise: each input channel M outputs
 *   I O -> O I              dense
 *
 * A letter is one axis, S all spatial axes in order, 1 an axis of size 1.
 * Parentheses join axes on the right, and cut one on the left, where all parts
 * but one say their size: (C M=2).
 *
 * Nothing here allocates, and every function may be called from any thread.
 * `err` may be NULL.
 */
#ifndef CONVEY_LAYOUT_H
#define CONVEY_LAYOUT_H

#include "convey/tensor.h"

CVY_BEGIN

/**
 * The order of axes that carries N S... C to N C S..., as in
 * numpy.transpose(x, order): axis i of the result is axis order[i].
 *
 *   rank 4  ->  {0, 3, 1, 2}
 *   rank 2  ->  {0, 1}
 *
 * @param order  has room for `rank` numbers
 * @param rank   0 .. CVY_MAX_RANK
 */
CVY_EXPORT void cvy_axes_to_first(int32_t *order, int32_t rank);

/** And back: N C S... to N S... C. rank 4  ->  {0, 2, 3, 1} */
CVY_EXPORT void cvy_axes_to_last(int32_t *order, int32_t rank);

/**
 * The same elements with their axes in another order, without a copy.
 *
 * @param out    receives a view of the same memory; untouched on failure
 * @param view   any strides; borrowed
 * @param order  each axis of `view` once: axis i of the result is order[i]
 * @return CVY_OK, or CVY_ARGUMENT if `order` is no order of the axes
 */
CVY_CALL cvy_view_permute(cvy_view *out, const cvy_view *view,
                          const int32_t *order, cvy_error *err);

/**
 * The shape that a rule gives an array.
 *
 *   "S I O -> O I S" of {3, 3, 8, 16}  ->  {16, 8, 3, 3}
 *
 * @param out        receives a view without data, packed, of the same type;
 *                   untouched on failure
 * @param source     its shape is looked at, not its elements
 * @param n_spatial  axes that S stands for, 0 and up
 * @return CVY_OK, CVY_ARGUMENT for a rule that is none, CVY_SHAPE if the array
 *         does not have the axes of its left side
 */
CVY_CALL cvy_layout_shape(cvy_view *out, const cvy_view *source,
                          const char *rule, int32_t n_spatial, cvy_error *err);

/**
 * Puts the elements of an array into the target's order.
 *
 * @param to         receives them: a view of the shape that cvy_layout_shape
 *                   says, any strides; types are converted, to nearest
 * @param source     any strides; must not overlap `to`
 * @param rule       as above
 * @param n_spatial  axes that S stands for
 * @return CVY_OK, CVY_ARGUMENT and CVY_SHAPE as above, and CVY_SHAPE if `to`
 *         has another shape
 */
CVY_CALL cvy_layout_copy(const cvy_view *to, const cvy_view *source,
                         const char *rule, int32_t n_spatial, cvy_error *err);

CVY_END

#endif
