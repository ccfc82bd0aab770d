/*
 * convey/tf.h - the functions of tf.nn, on arrays of a C program.
 *
 * TensorFlow's functions take their kernels as arguments: a kernel is a view
 * here too. Its shape says what the layer is; if it has data, they are copied
 * into the layer's weight of that name, where they can be changed afterwards.
 * Inputs are N S... C.
 *
 * The words are those of TensorFlow 2. For those of TensorFlow 1 say `from`
 * in cvy_layer_make. Fields that are zero mean 1, and of an array with a number
 * for each spatial axis the first alone stands for all axes, if the others are
 * zero.
 *
 * Every function makes one layer: `out` receives it, owned by the caller, and
 * is untouched on failure; of `x` only the shape is looked at; `err` may be
 * NULL. They return CVY_OK, CVY_UNSUPPORTED for what TensorFlow or convey
 * refuses, CVY_ARGUMENT for numbers that say no layer, CVY_MEMORY. What a
 * layer can do stands in convey/layer.h.
 */
#ifndef CONVEY_TF_H
#define CONVEY_TF_H

#include "convey/layer.h"

CVY_BEGIN

/** What a window does, in tf.nn's functions. */
typedef struct cvy_tf_window {
    int32_t n_spatial;   /**< 1, 2 or 3 */
    int64_t stride[3];   /**< 0: 1 */
    int64_t dilation[3]; /**< 0: 1 */
    const char *border;  /**< padding: "SAME" or "VALID" */
} cvy_tf_window;

/** tf.nn.conv1d, conv2d, conv3d. `filters`: S... I O. */
CVY_CALL cvy_tf_conv_make(cvy_layer **out, const cvy_tf_window *window,
                          const cvy_view *x, const cvy_view *filters,
                          cvy_error *err);

/** tf.nn.conv1d_transpose, conv2d_transpose, conv3d_transpose. `filters`:
 * S... O I. `output`: the shape that comes out, batch included. */
CVY_CALL cvy_tf_conv_transpose_make(cvy_layer **out,
                                    const cvy_tf_window *window,
                                    const cvy_view *x, const cvy_view *filters,
                                    const cvy_view *output, cvy_error *err);

/** tf.nn.depthwise_conv2d. `filter`: H W I multiplier. */
CVY_CALL cvy_tf_depthwise_conv_make(cvy_layer **out,
                                    const cvy_tf_window *window,
                                    const cvy_view *x, const cvy_view *filter,
                                    cvy_error *err);

/** tf.nn.separable_conv2d: depthwise, then `pointwise`: 1 1 I*multiplier O.
 */
CVY_CALL cvy_tf_separable_conv_make(cvy_layer **out,
                                    const cvy_tf_window *window,
                                    const cvy_view *x,
                                    const cvy_view *depthwise,
                                    const cvy_view *pointwise, cvy_error *err);

/** tf.nn.max_pool1d ... avg_pool3d. */
typedef struct cvy_tf_pool {
    int32_t n_spatial;
    bool mean;          /**< avg_pool; else max_pool */
    int64_t taps[3];    /**< ksize */
    int64_t stride[3];  /**< strides; 0: 1 */
    const char *border; /**< padding: "SAME" or "VALID" */
} cvy_tf_pool;

CVY_CALL cvy_tf_pool_make(cvy_layer **out, const cvy_tf_pool *pool,
                          const cvy_view *x, cvy_error *err);

/** What tf.nn.batch_normalization is called on: numbers for each channel. */
typedef struct cvy_tf_batch_norm {
    cvy_view mean, variance;
    cvy_view offset, scale; /**< rank 0: None */
    double epsilon;         /**< variance_epsilon */
} cvy_tf_batch_norm;

CVY_CALL cvy_tf_batch_norm_make(cvy_layer **out, const cvy_tf_batch_norm *norm,
                                const cvy_view *x, cvy_error *err);

/**
 * Any function that `convey ops` lists, by its name and on tensor x alone,
 * with arguments behind it.
 *
 *   cvy_argument alpha = cvy_argument_real("alpha", 0.1);
 *   cvy_tf_make(&layer, "nn.leaky_relu", &alpha, 1, &x, &err);
 *
 * @param name       behind "tf.": "nn.relu6", "reshape"
 * @param arguments  as cvy_layer_call has them, without x; may be NULL if n is
 *                   0
 */
CVY_CALL cvy_tf_make(cvy_layer **out, const char *name,
                     const cvy_argument *arguments, int32_t n,
                     const cvy_view *x, cvy_error *err);

CVY_END

#endif
