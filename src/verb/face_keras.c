/* verb/face_keras.c - the layers of Keras 3 from structs (convey/keras.h). */
#include "convey/keras.h"

#include "base/error.h"
#include "verb/face.h"

#include <stdio.h>

static cvy_status make(cvy_layer **out, const cvyi_face *face,
                       const cvy_view *input, cvy_error *err)
{
    return cvyi_face_make(out, face, "keras3", input, err);
}

cvy_status cvy_keras_conv_make(cvy_layer **out, const cvy_keras_conv *conv,
                               const cvy_view *input, cvy_error *err)
{
    const int32_t n = conv->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face, "keras.layers.Conv#D", n);
    cvyi_face_int(&face, NULL, conv->filters);
    cvyi_face_axes(&face, "kernel_size", conv->taps, n);
    cvyi_face_axes(&face, "strides", conv->stride, n);
    cvyi_face_text(&face, "padding", conv->border);
    cvyi_face_axes(&face, "dilation_rate", conv->dilation, n);
    cvyi_face_some(&face, "groups", conv->groups);
    cvyi_face_text(&face, "activation", conv->activation);
    cvyi_face_flag(&face, "use_bias", conv->no_bias, false);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_conv_transpose_make(cvy_layer **out,
                                         const cvy_keras_conv_transpose *conv,
                                         const cvy_view *input, cvy_error *err)
{
    const int32_t n = conv->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face, "keras.layers.Conv#DTranspose", n);
    cvyi_face_int(&face, NULL, conv->filters);
    cvyi_face_axes(&face, "kernel_size", conv->taps, n);
    cvyi_face_axes(&face, "strides", conv->stride, n);
    cvyi_face_text(&face, "padding", conv->border);
    if (conv->with_extra)
        cvyi_face_list(&face, "output_padding", conv->extra, n);
    cvyi_face_axes(&face, "dilation_rate", conv->dilation, n);
    cvyi_face_text(&face, "activation", conv->activation);
    cvyi_face_flag(&face, "use_bias", conv->no_bias, false);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_depthwise_conv_make(cvy_layer **out,
                                         const cvy_keras_depthwise_conv *conv,
                                         const cvy_view *input, cvy_error *err)
{
    const int32_t n = conv->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 2, err));
    cvyi_face_name(&face, "keras.layers.DepthwiseConv#D", n);
    cvyi_face_axes(&face, "kernel_size", conv->taps, n);
    cvyi_face_axes(&face, "strides", conv->stride, n);
    cvyi_face_text(&face, "padding", conv->border);
    cvyi_face_some(&face, "depth_multiplier", conv->multiplier);
    cvyi_face_axes(&face, "dilation_rate", conv->dilation, n);
    cvyi_face_text(&face, "activation", conv->activation);
    cvyi_face_flag(&face, "use_bias", conv->no_bias, false);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_separable_conv_make(cvy_layer **out,
                                         const cvy_keras_separable_conv *conv,
                                         const cvy_view *input, cvy_error *err)
{
    const int32_t n = conv->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 2, err));
    cvyi_face_name(&face, "keras.layers.SeparableConv#D", n);
    cvyi_face_int(&face, NULL, conv->filters);
    cvyi_face_axes(&face, "kernel_size", conv->taps, n);
    cvyi_face_axes(&face, "strides", conv->stride, n);
    cvyi_face_text(&face, "padding", conv->border);
    cvyi_face_axes(&face, "dilation_rate", conv->dilation, n);
    cvyi_face_some(&face, "depth_multiplier", conv->multiplier);
    cvyi_face_text(&face, "activation", conv->activation);
    cvyi_face_flag(&face, "use_bias", conv->no_bias, false);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_dense_make(cvy_layer **out, const cvy_keras_dense *dense,
                                const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { .name = "keras.layers.Dense" };

    cvyi_face_int(&face, NULL, dense->units);
    cvyi_face_text(&face, "activation", dense->activation);
    cvyi_face_flag(&face, "use_bias", dense->no_bias, false);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_embedding_make(cvy_layer **out,
                                    const cvy_keras_embedding *embedding,
                                    const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { .name = "keras.layers.Embedding" };

    cvyi_face_int(&face, NULL, embedding->rows);
    cvyi_face_int(&face, NULL, embedding->features);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_pool_make(cvy_layer **out, const cvy_keras_pool *pool,
                               const cvy_view *input, cvy_error *err)
{
    const int32_t n = pool->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face,
                   pool->mean ? "keras.layers.AveragePooling#D"
                              : "keras.layers.MaxPooling#D",
                   n);
    cvyi_face_axes(&face, "pool_size", pool->taps, n);
    cvyi_face_axes(&face, "strides", pool->stride, n);
    cvyi_face_text(&face, "padding", pool->border);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_global_pool_make(cvy_layer **out,
                                      const cvy_keras_global_pool *pool,
                                      const cvy_view *input, cvy_error *err)
{
    const int32_t n = pool->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face,
                   pool->mean ? "keras.layers.GlobalAveragePooling#D"
                              : "keras.layers.GlobalMaxPooling#D",
                   n);
    cvyi_face_flag(&face, "keepdims", pool->keep, true);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_batch_norm_make(cvy_layer **out,
                                     const cvy_keras_batch_norm *norm,
                                     const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { .name = "keras.layers.BatchNormalization" };

    cvyi_face_some(&face, "axis", norm->axis);
    cvyi_face_real(&face, "momentum", norm->momentum);
    cvyi_face_real(&face, "epsilon", norm->epsilon);
    cvyi_face_flag(&face, "center", norm->no_beta, false);
    cvyi_face_flag(&face, "scale", norm->no_gamma, false);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_layer_norm_make(cvy_layer **out,
                                     const cvy_keras_layer_norm *norm,
                                     const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { .name = "keras.layers.LayerNormalization" };

    cvyi_face_real(&face, "epsilon", norm->epsilon);
    cvyi_face_flag(&face, "center", norm->no_beta, false);
    cvyi_face_flag(&face, "scale", norm->no_gamma, false);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_group_norm_make(cvy_layer **out,
                                     const cvy_keras_group_norm *norm,
                                     const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { .name = "keras.layers.GroupNormalization" };

    cvyi_face_some(&face, "groups", norm->groups);
    cvyi_face_real(&face, "epsilon", norm->epsilon);
    cvyi_face_flag(&face, "center", norm->no_beta, false);
    cvyi_face_flag(&face, "scale", norm->no_gamma, false);
    return make(out, &face, input, err);
}

static cvy_status make_border(cvy_layer **out, const char *name,
                              const char *argument,
                              const cvy_keras_border *border,
                              const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(border->n_spatial, 3, err));
    cvyi_face_name(&face, name, border->n_spatial);
    cvyi_face_border(&face, argument, border->border, border->n_spatial);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_pad_make(cvy_layer **out, const cvy_keras_border *pad,
                              const cvy_view *input, cvy_error *err)
{
    return make_border(out, "keras.layers.ZeroPadding#D", "padding", pad,
                       input, err);
}

cvy_status cvy_keras_crop_make(cvy_layer **out, const cvy_keras_border *crop,
                               const cvy_view *input, cvy_error *err)
{
    return make_border(out, "keras.layers.Cropping#D", "cropping", crop, input,
                       err);
}

cvy_status cvy_keras_upsample_make(cvy_layer **out,
                                   const cvy_keras_upsample *up,
                                   const cvy_view *input, cvy_error *err)
{
    const int32_t n = up->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face, "keras.layers.UpSampling#D", n);
    cvyi_face_axes(&face, "size", up->scale, n);
    cvyi_face_text(&face, "interpolation", up->mode);
    return make(out, &face, input, err);
}

cvy_status cvy_keras_make(cvy_layer **out, const char *name,
                          const cvy_argument *arguments, int32_t n,
                          const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { 0 };

    snprintf(face.name, sizeof face.name, "keras.layers.%s", name);
    CVYI_TRY(cvyi_face_add(&face, arguments, n, err));
    return make(out, &face, input, err);
}
