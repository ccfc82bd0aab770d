/* verb/face_torch.c - PyTorch's layers from structs (convey/torch.h). */
#include "convey/torch.h"

#include "base/error.h"
#include "verb/face.h"

#include <stdio.h>

static cvy_status make(cvy_layer **out, const cvyi_face *face,
                       const cvy_view *input, cvy_error *err)
{
    return cvyi_face_make(out, face, "torch", input, err);
}

cvy_status cvy_torch_conv_make(cvy_layer **out, const cvy_torch_conv *conv,
                               const cvy_view *input, cvy_error *err)
{
    const int32_t n = conv->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face, "torch.nn.Conv#d", n);
    cvyi_face_int(&face, NULL, conv->in_channels);
    cvyi_face_int(&face, NULL, conv->out_channels);
    cvyi_face_axes(&face, "kernel_size", conv->taps, n);
    cvyi_face_axes(&face, "stride", conv->stride, n);
    if (conv->same)
        cvyi_face_text(&face, "padding", "same");
    else
        cvyi_face_each(&face, "padding", conv->border, n);
    cvyi_face_axes(&face, "dilation", conv->dilation, n);
    cvyi_face_some(&face, "groups", conv->groups);
    cvyi_face_flag(&face, "bias", conv->no_bias, false);
    cvyi_face_text(&face, "padding_mode", conv->mode);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_conv_transpose_make(cvy_layer **out,
                                         const cvy_torch_conv_transpose *conv,
                                         const cvy_view *input, cvy_error *err)
{
    const int32_t n = conv->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face, "torch.nn.ConvTranspose#d", n);
    cvyi_face_int(&face, NULL, conv->in_channels);
    cvyi_face_int(&face, NULL, conv->out_channels);
    cvyi_face_axes(&face, "kernel_size", conv->taps, n);
    cvyi_face_axes(&face, "stride", conv->stride, n);
    cvyi_face_each(&face, "padding", conv->crop, n);
    cvyi_face_each(&face, "output_padding", conv->extra, n);
    cvyi_face_some(&face, "groups", conv->groups);
    cvyi_face_flag(&face, "bias", conv->no_bias, false);
    cvyi_face_axes(&face, "dilation", conv->dilation, n);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_linear_make(cvy_layer **out,
                                 const cvy_torch_linear *linear,
                                 const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { .name = "torch.nn.Linear" };

    cvyi_face_int(&face, NULL, linear->in_features);
    cvyi_face_int(&face, NULL, linear->out_features);
    cvyi_face_flag(&face, "bias", linear->no_bias, false);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_embedding_make(cvy_layer **out,
                                    const cvy_torch_embedding *embedding,
                                    const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { .name = "torch.nn.Embedding" };

    cvyi_face_int(&face, NULL, embedding->rows);
    cvyi_face_int(&face, NULL, embedding->features);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_pool_make(cvy_layer **out, const cvy_torch_pool *pool,
                               const cvy_view *input, cvy_error *err)
{
    const int32_t n = pool->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(
        &face, pool->mean ? "torch.nn.AvgPool#d" : "torch.nn.MaxPool#d", n);
    cvyi_face_axes(&face, "kernel_size", pool->taps, n);
    cvyi_face_axes(&face, "stride", pool->stride, n);
    cvyi_face_each(&face, "padding", pool->border, n);
    cvyi_face_axes(&face, "dilation", pool->dilation, n);
    cvyi_face_flag(&face, "ceil_mode", pool->ceil, true);
    cvyi_face_flag(&face, "count_include_pad", pool->data_only, false);
    cvyi_face_some(&face, "divisor_override", pool->divisor);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_adaptive_pool_make(cvy_layer **out,
                                        const cvy_torch_adaptive_pool *pool,
                                        const cvy_view *input, cvy_error *err)
{
    const int32_t n = pool->n_spatial;
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    cvyi_face_name(&face,
                   pool->mean ? "torch.nn.AdaptiveAvgPool#d"
                              : "torch.nn.AdaptiveMaxPool#d",
                   n);
    cvyi_face_axes(&face, "output_size", pool->outputs, n);
    return make(out, &face, input, err);
}

/* The class by the rank of the input: N C is a signal of one axis too. */
static int32_t spatial_of(const cvy_view *input)
{
    return input->rank <= 3 ? 1 : input->rank - 2;
}

cvy_status cvy_torch_batch_norm_make(cvy_layer **out,
                                     const cvy_torch_batch_norm *norm,
                                     const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(spatial_of(input), 3, err));
    cvyi_face_name(&face, "torch.nn.BatchNorm#d", spatial_of(input));
    cvyi_face_int(&face, NULL, norm->channels);
    cvyi_face_real(&face, "eps", norm->epsilon);
    cvyi_face_real(&face, "momentum", norm->momentum);
    cvyi_face_flag(&face, "affine", norm->plain, false);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_instance_norm_make(cvy_layer **out,
                                        const cvy_torch_instance_norm *norm,
                                        const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { 0 };

    CVYI_TRY(cvyi_face_spatial(spatial_of(input), 3, err));
    cvyi_face_name(&face, "torch.nn.InstanceNorm#d", spatial_of(input));
    cvyi_face_int(&face, NULL, norm->channels);
    cvyi_face_real(&face, "eps", norm->epsilon);
    cvyi_face_flag(&face, "affine", norm->affine, true);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_layer_norm_make(cvy_layer **out,
                                     const cvy_torch_layer_norm *norm,
                                     const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { .name = "torch.nn.LayerNorm" };

    if (norm->rank < 1 || norm->rank > 4)
        return cvyi_fail_in(err, CVY_ARGUMENT, "rank",
                            "a LayerNorm is over 1 to 4 axes, not %d",
                            (int)norm->rank);
    cvyi_face_list(&face, NULL, norm->dims, norm->rank);
    cvyi_face_real(&face, "eps", norm->epsilon);
    cvyi_face_flag(&face, "elementwise_affine", norm->plain, false);
    cvyi_face_flag(&face, "bias", norm->no_bias, false);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_group_norm_make(cvy_layer **out,
                                     const cvy_torch_group_norm *norm,
                                     const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { .name = "torch.nn.GroupNorm" };

    cvyi_face_int(&face, NULL, norm->groups);
    cvyi_face_int(&face, NULL, norm->channels);
    cvyi_face_real(&face, "eps", norm->epsilon);
    cvyi_face_flag(&face, "affine", norm->plain, false);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_pad_make(cvy_layer **out, const cvy_torch_pad *pad,
                              const cvy_view *input, cvy_error *err)
{
    static const char *const names[] = {
        [CVY_TORCH_ZERO] = "torch.nn.ZeroPad#d",
        [CVY_TORCH_CONSTANT] = "torch.nn.ConstantPad#d",
        [CVY_TORCH_REFLECT] = "torch.nn.ReflectionPad#d",
        [CVY_TORCH_REPLICATE] = "torch.nn.ReplicationPad#d",
        [CVY_TORCH_CIRCULAR] = "torch.nn.CircularPad#d",
    };
    const int32_t n = pad->n_spatial;
    cvyi_face face = { 0 };
    int64_t amounts[6];

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    if ((unsigned)pad->fill >= sizeof names / sizeof *names)
        return cvyi_fail_in(err, CVY_ARGUMENT, "fill",
                            "there is no such fill");
    for (int32_t i = 0; i < n; i++) { /* the last axis first */
        amounts[2 * i] = pad->border[n - 1 - i].before;
        amounts[2 * i + 1] = pad->border[n - 1 - i].after;
    }
    cvyi_face_name(&face, names[pad->fill], n);
    cvyi_face_list(&face, "padding", amounts, 2 * n);
    if (pad->fill == CVY_TORCH_CONSTANT)
        CVYI_TRY(cvyi_face_add(&face,
                               &(cvy_argument){ .name = "value",
                                                .kind = CVY_VALUE_REAL,
                                                .real = pad->value },
                               1, err));
    return make(out, &face, input, err);
}

cvy_status cvy_torch_upsample_make(cvy_layer **out,
                                   const cvy_torch_upsample *up,
                                   const cvy_view *input, cvy_error *err)
{
    const int32_t n = input->rank - 2;
    cvyi_face face = { .name = "torch.nn.Upsample" };
    cvy_argument scale[3];

    CVYI_TRY(cvyi_face_spatial(n, 3, err));
    for (int i = 0; i < 3; i++)
        scale[i] = cvy_argument_real("scale_factor", up->scale[i]);
    if (up->size[0] != 0)
        cvyi_face_axes(&face, "size", up->size, n);
    else
        CVYI_TRY(
            cvyi_face_add(&face,
                          n == 1 || (up->scale[1] == 0 && up->scale[2] == 0)
                              ? &scale[0]
                              : &(cvy_argument){ .name = "scale_factor",
                                                 .kind = CVY_VALUE_LIST,
                                                 .integer = n,
                                                 .items = scale },
                          1, err));
    cvyi_face_text(&face, "mode", up->mode);
    cvyi_face_flag(&face, "align_corners", up->align_corners, true);
    return make(out, &face, input, err);
}

cvy_status cvy_torch_make(cvy_layer **out, const char *name,
                          const cvy_argument *arguments, int32_t n,
                          const cvy_view *input, cvy_error *err)
{
    cvyi_face face = { 0 };

    snprintf(face.name, sizeof face.name, "torch.nn.%s", name);
    CVYI_TRY(cvyi_face_add(&face, arguments, n, err));
    return make(out, &face, input, err);
}
