/*
 * convey/keras.h - the layers of Keras 3, on arrays of a C program.
 *
 * A layer is described by a struct and built for the shape of its input, which
 * is N S... C: batch, spatial axes, channels. As in Keras, only what comes out
 * is said; the channels that go in are those of the input. Weights are those
 * of the layer, in its order, under its names.
 *
 * Fields have neutral words; Keras' own stand beside them. One that is zero or
 * NULL means Keras' default. Of an array with a number for each spatial axis
 * the first alone stands for all, if the others are zero.
 *
 * Every function makes one layer (convey/layer.h says what it can do): `out`
 * receives it, owned by the caller, untouched on failure; of `input` only the
 * shape is looked at; `err` may be NULL. They return CVY_OK, CVY_UNSUPPORTED
 * for what Keras or convey refuses, CVY_ARGUMENT for numbers that say no
 * layer, CVY_MEMORY.
 */
#ifndef CONVEY_KERAS_H
#define CONVEY_KERAS_H

#include "convey/layer.h"
#include "convey/padding.h"

CVY_BEGIN

/** Conv1D, Conv2D, Conv3D. kernel: S... I/groups O */
typedef struct cvy_keras_conv {
    int32_t n_spatial; /**< 1, 2 or 3 */
    int64_t filters;
    int64_t taps[3];        /**< kernel_size */
    int64_t stride[3];      /**< strides; 0: 1 */
    int64_t dilation[3];    /**< dilation_rate; 0: 1 */
    const char *border;     /**< padding: "valid", "same", "causal" */
    int64_t groups;         /**< 0: 1 */
    const char *activation; /**< "relu"; NULL: none */
    bool no_bias;           /**< use_bias=False */
} cvy_keras_conv;

CVY_CALL cvy_keras_conv_make(cvy_layer **out, const cvy_keras_conv *conv,
                             const cvy_view *input, cvy_error *err);

/** Conv1DTranspose, 2D, 3D. kernel: S... O I */
typedef struct cvy_keras_conv_transpose {
    int32_t n_spatial;
    int64_t filters;
    int64_t taps[3];
    int64_t stride[3];
    int64_t dilation[3];
    const char *border; /**< "valid", "same" */
    bool with_extra;    /**< output_padding is said, which is not as 0 */
    int64_t extra[3];   /**< output_padding */
    const char *activation;
    bool no_bias;
} cvy_keras_conv_transpose;

CVY_CALL cvy_keras_conv_transpose_make(cvy_layer **out,
                                       const cvy_keras_conv_transpose *conv,
                                       const cvy_view *input, cvy_error *err);

/** DepthwiseConv1D, 2D. kernel: S... I multiplier */
typedef struct cvy_keras_depthwise_conv {
    int32_t n_spatial; /**< 1 or 2 */
    int64_t taps[2], stride[2], dilation[2];
    const char *border;
    int64_t multiplier; /**< depth_multiplier; 0: 1 */
    const char *activation;
    bool no_bias;
} cvy_keras_depthwise_conv;

CVY_CALL cvy_keras_depthwise_conv_make(cvy_layer **out,
                                       const cvy_keras_depthwise_conv *conv,
                                       const cvy_view *input, cvy_error *err);

/** SeparableConv1D, 2D: depthwise, then 1 x 1. */
typedef struct cvy_keras_separable_conv {
    int32_t n_spatial; /**< 1 or 2 */
    int64_t filters;
    int64_t taps[2], stride[2], dilation[2];
    const char *border;
    int64_t multiplier; /**< depth_multiplier; 0: 1 */
    const char *activation;
    bool no_bias;
} cvy_keras_separable_conv;

CVY_CALL cvy_keras_separable_conv_make(cvy_layer **out,
                                       const cvy_keras_separable_conv *conv,
                                       const cvy_view *input, cvy_error *err);

/** Dense, over the last axis. kernel: I O */
typedef struct cvy_keras_dense {
    int64_t units;
    const char *activation;
    bool no_bias;
} cvy_keras_dense;

CVY_CALL cvy_keras_dense_make(cvy_layer **out, const cvy_keras_dense *dense,
                              const cvy_view *input, cvy_error *err);

/** Embedding: indices, as float32 whole numbers, to rows of `embeddings`. */
typedef struct cvy_keras_embedding {
    int64_t rows, features; /**< input_dim, output_dim */
} cvy_keras_embedding;

CVY_CALL cvy_keras_embedding_make(cvy_layer **out,
                                  const cvy_keras_embedding *embedding,
                                  const cvy_view *input, cvy_error *err);

/** MaxPooling1D ... AveragePooling3D. */
typedef struct cvy_keras_pool {
    int32_t n_spatial;
    bool mean;          /**< AveragePooling; else MaxPooling */
    int64_t taps[3];    /**< pool_size */
    int64_t stride[3];  /**< strides; 0: as taps */
    const char *border; /**< padding: "valid", "same" */
} cvy_keras_pool;

CVY_CALL cvy_keras_pool_make(cvy_layer **out, const cvy_keras_pool *pool,
                             const cvy_view *input, cvy_error *err);

/** GlobalMaxPooling1D ... GlobalAveragePooling3D. */
typedef struct cvy_keras_global_pool {
    int32_t n_spatial;
    bool mean, keep; /**< keep: keepdims */
} cvy_keras_global_pool;

CVY_CALL cvy_keras_global_pool_make(cvy_layer **out,
                                    const cvy_keras_global_pool *pool,
                                    const cvy_view *input, cvy_error *err);

/** BatchNormalization at inference. Weights: gamma, beta, moving_mean,
 * moving_variance. */
typedef struct cvy_keras_batch_norm {
    int32_t axis;           /**< of the channels; 0: the last */
    double epsilon;         /**< 0: 1e-3 */
    double momentum;        /**< share of the OLD value; 0: 0.99 */
    bool no_gamma, no_beta; /**< scale=False, center=False */
} cvy_keras_batch_norm;

CVY_CALL cvy_keras_batch_norm_make(cvy_layer **out,
                                   const cvy_keras_batch_norm *norm,
                                   const cvy_view *input, cvy_error *err);

/** LayerNormalization over the last axis. */
typedef struct cvy_keras_layer_norm {
    double epsilon;         /**< 0: 1e-3 */
    bool no_gamma, no_beta; /**< scale=False, center=False */
} cvy_keras_layer_norm;

CVY_CALL cvy_keras_layer_norm_make(cvy_layer **out,
                                   const cvy_keras_layer_norm *norm,
                                   const cvy_view *input, cvy_error *err);

/** GroupNormalization over the last axis. */
typedef struct cvy_keras_group_norm {
    int64_t groups; /**< 0: 32; -1: as many as channels */
    double epsilon; /**< 0: 1e-3 */
    bool no_gamma, no_beta;
} cvy_keras_group_norm;

CVY_CALL cvy_keras_group_norm_make(cvy_layer **out,
                                   const cvy_keras_group_norm *norm,
                                   const cvy_view *input, cvy_error *err);

/** ZeroPadding1D, 2D, 3D, and Cropping1D, 2D, 3D. */
typedef struct cvy_keras_border {
    int32_t n_spatial;
    cvy_border border[3]; /**< of each spatial axis: zeros, or what is cut */
} cvy_keras_border;

CVY_CALL cvy_keras_pad_make(cvy_layer **out, const cvy_keras_border *pad,
                            const cvy_view *input, cvy_error *err);
CVY_CALL cvy_keras_crop_make(cvy_layer **out, const cvy_keras_border *crop,
                             const cvy_view *input, cvy_error *err);

/** UpSampling1D, 2D, 3D. */
typedef struct cvy_keras_upsample {
    int32_t n_spatial;
    int64_t scale[3]; /**< size */
    const char *mode; /**< interpolation, of UpSampling2D; NULL: "nearest" */
} cvy_keras_upsample;

CVY_CALL cvy_keras_upsample_make(cvy_layer **out, const cvy_keras_upsample *up,
                                 const cvy_view *input, cvy_error *err);

/**
 * Any class of keras.layers that `convey ops` lists, by its name.
 *
 *   cvy_argument slope = cvy_argument_real("negative_slope", 0.2);
 *   cvy_keras_make(&layer, "LeakyReLU", &slope, 1, &input, &err);
 *
 * `arguments` are as cvy_layer_call has them. For Keras 2 say `from` there.
 */
CVY_CALL cvy_keras_make(cvy_layer **out, const char *name,
                        const cvy_argument *arguments, int32_t n,
                        const cvy_view *input, cvy_error *err);

CVY_END

#endif
