/*
 * convey/torch.h - PyTorch's layers, on arrays of a C program.
 *
 * A layer is described by a struct and made for the shape of its input, which
 * is N C S...: batch, channels, spatial axes. As in torch, the channels that
 * go in are said, and an input that has others is refused. Weights are those
 * of the state dict, in its order, under its names.
 *
 * Fields have neutral words; torch's own stand beside them. One that is zero
 * or NULL means torch's default. Of an array with a number for each spatial
 * axis the first alone stands for all, if the others are zero.
 *
 * Every function makes one layer (convey/layer.h says what it can do): `out`
 * receives it, owned by the caller, untouched on failure; of `input` only the
 * shape is looked at; `err` may be NULL. They return CVY_OK, CVY_UNSUPPORTED
 * for what torch or convey refuses, CVY_ARGUMENT for numbers that say no
 * layer, CVY_MEMORY.
 */
#ifndef CONVEY_TORCH_H
#define CONVEY_TORCH_H

#include "convey/layer.h"
#include "convey/padding.h"

CVY_BEGIN

/** nn.Conv1d, Conv2d, Conv3d. weight: O I/groups S... */
typedef struct cvy_torch_conv {
    int32_t n_spatial; /**< 1, 2 or 3 */
    int64_t in_channels, out_channels;
    int64_t taps[3];     /**< kernel_size */
    int64_t stride[3];   /**< 0: 1 */
    int64_t dilation[3]; /**< 0: 1 */
    int64_t border[3];   /**< padding, on both sides of each axis */
    bool same;           /**< padding="same"; `border` is not looked at */
    const char *mode;    /**< padding_mode; NULL: "zeros" */
    int64_t groups;      /**< 0: 1 */
    bool no_bias;        /**< bias=False */
} cvy_torch_conv;

CVY_CALL cvy_torch_conv_make(cvy_layer **out, const cvy_torch_conv *conv,
                             const cvy_view *input, cvy_error *err);

/** nn.ConvTranspose1d, 2d, 3d. weight: I O/groups S... */
typedef struct cvy_torch_conv_transpose {
    int32_t n_spatial;
    int64_t in_channels, out_channels;
    int64_t taps[3], stride[3], dilation[3];
    int64_t crop[3];  /**< padding: what each side of the result loses */
    int64_t extra[3]; /**< output_padding: more at the end of each axis */
    int64_t groups;
    bool no_bias;
} cvy_torch_conv_transpose;

CVY_CALL cvy_torch_conv_transpose_make(cvy_layer **out,
                                       const cvy_torch_conv_transpose *conv,
                                       const cvy_view *input, cvy_error *err);

/** nn.Linear, over the last axis. weight: O I */
typedef struct cvy_torch_linear {
    int64_t in_features, out_features;
    bool no_bias;
} cvy_torch_linear;

CVY_CALL cvy_torch_linear_make(cvy_layer **out, const cvy_torch_linear *linear,
                               const cvy_view *input, cvy_error *err);

/** nn.Embedding: indices, as float32 whole numbers, to rows of `weight`. */
typedef struct cvy_torch_embedding {
    int64_t rows;     /**< num_embeddings */
    int64_t features; /**< embedding_dim */
} cvy_torch_embedding;

CVY_CALL cvy_torch_embedding_make(cvy_layer **out,
                                  const cvy_torch_embedding *embedding,
                                  const cvy_view *input, cvy_error *err);

/** nn.MaxPool1d ... AvgPool3d. */
typedef struct cvy_torch_pool {
    int32_t n_spatial;
    bool mean; /**< AvgPool; else MaxPool */
    int64_t taps[3];
    int64_t stride[3]; /**< 0: as taps */
    int64_t border[3];
    int64_t dilation[3]; /**< of MaxPool */
    bool ceil;           /**< ceil_mode */
    bool data_only;      /**< AvgPool's count_include_pad=False */
    int64_t divisor;     /**< AvgPool's divisor_override; 0: none */
} cvy_torch_pool;

CVY_CALL cvy_torch_pool_make(cvy_layer **out, const cvy_torch_pool *pool,
                             const cvy_view *input, cvy_error *err);

/** nn.AdaptiveMaxPool1d ... AdaptiveAvgPool3d. */
typedef struct cvy_torch_adaptive_pool {
    int32_t n_spatial;
    bool mean;
    int64_t outputs[3]; /**< output_size */
} cvy_torch_adaptive_pool;

CVY_CALL cvy_torch_adaptive_pool_make(cvy_layer **out,
                                      const cvy_torch_adaptive_pool *pool,
                                      const cvy_view *input, cvy_error *err);

/** nn.BatchNorm1d, 2d, 3d in eval mode, by the rank of the input. Weights:
 * weight, bias, running_mean, running_var. */
typedef struct cvy_torch_batch_norm {
    int64_t channels; /**< num_features */
    double epsilon;   /**< eps; 0: 1e-5 */
    double momentum;  /**< share of the NEW value; 0: 0.1 */
    bool plain;       /**< affine=False: no weight, no bias */
} cvy_torch_batch_norm;

CVY_CALL cvy_torch_batch_norm_make(cvy_layer **out,
                                   const cvy_torch_batch_norm *norm,
                                   const cvy_view *input, cvy_error *err);

/** nn.InstanceNorm1d, 2d, 3d, by the rank of the input. */
typedef struct cvy_torch_instance_norm {
    int64_t channels;
    double epsilon; /**< 0: 1e-5 */
    bool affine;    /**< with weight and bias; torch's default is without */
} cvy_torch_instance_norm;

CVY_CALL cvy_torch_instance_norm_make(cvy_layer **out,
                                      const cvy_torch_instance_norm *norm,
                                      const cvy_view *input, cvy_error *err);

/** nn.LayerNorm over the last axes. */
typedef struct cvy_torch_layer_norm {
    int32_t rank;    /**< of normalized_shape, 1 .. 4 */
    int64_t dims[4]; /**< normalized_shape */
    double epsilon;  /**< 0: 1e-5 */
    bool plain;      /**< elementwise_affine=False */
    bool no_bias;    /**< bias=False */
} cvy_torch_layer_norm;

CVY_CALL cvy_torch_layer_norm_make(cvy_layer **out,
                                   const cvy_torch_layer_norm *norm,
                                   const cvy_view *input, cvy_error *err);

/** nn.GroupNorm. */
typedef struct cvy_torch_group_norm {
    int64_t groups, channels;
    double epsilon; /**< 0: 1e-5 */
    bool plain;     /**< affine=False */
} cvy_torch_group_norm;

CVY_CALL cvy_torch_group_norm_make(cvy_layer **out,
                                   const cvy_torch_group_norm *norm,
                                   const cvy_view *input, cvy_error *err);

/** What stands in a border. */
typedef enum cvy_torch_fill {
    CVY_TORCH_ZERO,      /**< nn.ZeroPadNd */
    CVY_TORCH_CONSTANT,  /**< nn.ConstantPadNd */
    CVY_TORCH_REFLECT,   /**< nn.ReflectionPadNd */
    CVY_TORCH_REPLICATE, /**< nn.ReplicationPadNd */
    CVY_TORCH_CIRCULAR,  /**< nn.CircularPadNd */
} cvy_torch_fill;

/** nn.ZeroPad1d ... CircularPad3d. Torch lists the last axis first; here the
 * axes stand in their own order. A border below 0 cuts. */
typedef struct cvy_torch_pad {
    int32_t n_spatial;
    cvy_torch_fill fill;
    cvy_border border[3]; /**< of each spatial axis */
    double value;         /**< of CVY_TORCH_CONSTANT */
} cvy_torch_pad;

CVY_CALL cvy_torch_pad_make(cvy_layer **out, const cvy_torch_pad *pad,
                            const cvy_view *input, cvy_error *err);

/** nn.Upsample. */
typedef struct cvy_torch_upsample {
    double scale[3];  /**< scale_factor; looked at where size[0] is 0 */
    int64_t size[3];  /**< of the output */
    const char *mode; /**< NULL: "nearest" */
    bool align_corners;
} cvy_torch_upsample;

CVY_CALL cvy_torch_upsample_make(cvy_layer **out, const cvy_torch_upsample *up,
                                 const cvy_view *input, cvy_error *err);

/**
 * Any class of torch.nn that `convey ops` lists, by its name.
 *
 *   cvy_argument slope = cvy_argument_real("negative_slope", 0.2);
 *   cvy_torch_make(&layer, "LeakyReLU", &slope, 1, &input, &err);
 *
 * `arguments` are as cvy_layer_call has them.
 */
CVY_CALL cvy_torch_make(cvy_layer **out, const char *name,
                        const cvy_argument *arguments, int32_t n,
                        const cvy_view *input, cvy_error *err);

CVY_END

#endif
