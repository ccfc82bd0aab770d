/* verb/layer_rows.h - a layer of every struct of the three public headers. */
#ifndef CVYT_VERB_LAYER_ROWS_H
#define CVYT_VERB_LAYER_ROWS_H

#include "convey/keras.h"
#include "convey/tf.h"
#include "convey/torch.h"

enum { NUMBERS_MOST = 4096 };

/* ---- every struct of the three headers ---- */

#define SHAPE(...)                                                       \
    cvy_view_packed(                                                     \
        NULL,                                                            \
        (int32_t)(sizeof((int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)), \
        (int64_t[]){ __VA_ARGS__ })

/* MAKER(name, function, struct, input): one layer. */
#define MAKER(name, function, description, ...)             \
    static cvy_status name(cvy_layer **out, cvy_error *err) \
    {                                                       \
        const cvy_view input = SHAPE(__VA_ARGS__);          \
                                                            \
        return function(out, description, &input, err);     \
    }
#define OF(type, ...) (&(const type){ __VA_ARGS__ })

MAKER(torch_conv, cvy_torch_conv_make,
      OF(cvy_torch_conv, .n_spatial = 2, .in_channels = 4, .out_channels = 6,
         .taps = { 3, 2 }, .stride = { 2 }, .border = { 1, 0 }, .groups = 2),
      1, 4, 9, 8)
MAKER(torch_same, cvy_torch_conv_make,
      OF(cvy_torch_conv, .n_spatial = 1, .in_channels = 3, .out_channels = 2,
         .taps = { 4 }, .dilation = { 2 }, .same = true, .no_bias = true),
      1, 3, 11)
MAKER(torch_reflect, cvy_torch_conv_make,
      OF(cvy_torch_conv, .n_spatial = 2, .in_channels = 2, .out_channels = 2,
         .taps = { 3 }, .border = { 1, 1 }, .mode = "reflect"),
      1, 2, 5, 6)
MAKER(torch_transpose, cvy_torch_conv_transpose_make,
      OF(cvy_torch_conv_transpose, .n_spatial = 2, .in_channels = 3,
         .out_channels = 2, .taps = { 3 }, .stride = { 2 }, .crop = { 1, 1 },
         .extra = { 1, 1 }),
      1, 3, 4, 5)
MAKER(torch_linear, cvy_torch_linear_make,
      OF(cvy_torch_linear, .in_features = 5, .out_features = 3), 2, 5)
MAKER(torch_embedding, cvy_torch_embedding_make,
      OF(cvy_torch_embedding, .rows = 7, .features = 3), 2, 4)
MAKER(torch_max, cvy_torch_pool_make,
      OF(cvy_torch_pool, .n_spatial = 2, .taps = { 3 }, .stride = { 2 },
         .border = { 1, 1 }),
      1, 2, 7, 6)
MAKER(torch_mean, cvy_torch_pool_make,
      OF(cvy_torch_pool, .n_spatial = 1, .mean = true, .taps = { 2 },
         .ceil = true),
      1, 2, 6)
MAKER(torch_data_only, cvy_torch_pool_make,
      OF(cvy_torch_pool, .n_spatial = 2, .mean = true, .taps = { 3 },
         .stride = { 1 }, .border = { 1, 1 }, .data_only = true),
      1, 2, 5, 6)
MAKER(torch_adaptive, cvy_torch_adaptive_pool_make,
      OF(cvy_torch_adaptive_pool, .n_spatial = 2, .mean = true,
         .outputs = { 1 }),
      1, 3, 5, 6)
MAKER(torch_batch_norm, cvy_torch_batch_norm_make,
      OF(cvy_torch_batch_norm, .channels = 3, .epsilon = 1e-4), 1, 3, 4, 5)
MAKER(torch_batch_norm_flat, cvy_torch_batch_norm_make,
      OF(cvy_torch_batch_norm, .channels = 3, .plain = true), 2, 3)
MAKER(torch_instance_norm, cvy_torch_instance_norm_make,
      OF(cvy_torch_instance_norm, .channels = 3, .affine = true), 1, 3, 4, 5)
MAKER(torch_layer_norm, cvy_torch_layer_norm_make,
      OF(cvy_torch_layer_norm, .rank = 1, .dims = { 6 }), 2, 6)
MAKER(torch_group_norm, cvy_torch_group_norm_make,
      OF(cvy_torch_group_norm, .groups = 2, .channels = 4), 1, 4, 3, 5)
MAKER(torch_pad, cvy_torch_pad_make,
      OF(cvy_torch_pad, .n_spatial = 2, .border = { { 0, 1 }, { 2, 3 } }), 1,
      2, 4, 5)
MAKER(torch_reflection, cvy_torch_pad_make,
      OF(cvy_torch_pad, .n_spatial = 1, .fill = CVY_TORCH_REFLECT,
         .border = { { 2, 1 } }),
      1, 2, 5)
MAKER(torch_constant, cvy_torch_pad_make,
      OF(cvy_torch_pad, .n_spatial = 1, .fill = CVY_TORCH_CONSTANT,
         .border = { { 2, 1 } }, .value = 0.5),
      1, 2, 5)
MAKER(torch_upsample, cvy_torch_upsample_make,
      OF(cvy_torch_upsample, .scale = { 2 }), 1, 2, 3, 4)
MAKER(keras_conv, cvy_keras_conv_make,
      OF(cvy_keras_conv, .n_spatial = 2, .filters = 5, .taps = { 3 },
         .stride = { 2 }, .border = "same", .activation = "relu"),
      1, 8, 7, 3)
MAKER(keras_causal, cvy_keras_conv_make,
      OF(cvy_keras_conv, .n_spatial = 1, .filters = 2, .taps = { 3 },
         .dilation = { 2 }, .border = "causal", .no_bias = true),
      1, 9, 3)
MAKER(keras_transpose, cvy_keras_conv_transpose_make,
      OF(cvy_keras_conv_transpose, .n_spatial = 2, .filters = 2, .taps = { 3 },
         .stride = { 2 }, .border = "same"),
      1, 4, 5, 3)
MAKER(keras_extra, cvy_keras_conv_transpose_make,
      OF(cvy_keras_conv_transpose, .n_spatial = 1, .filters = 2, .taps = { 3 },
         .stride = { 2 }, .with_extra = true, .extra = { 1 }),
      1, 4, 3)
MAKER(keras_depthwise, cvy_keras_depthwise_conv_make,
      OF(cvy_keras_depthwise_conv, .n_spatial = 2, .taps = { 3 },
         .border = "same", .multiplier = 2),
      1, 5, 6, 3)
MAKER(keras_separable, cvy_keras_separable_conv_make,
      OF(cvy_keras_separable_conv, .n_spatial = 2, .filters = 4, .taps = { 3 },
         .multiplier = 2),
      1, 5, 6, 3)
MAKER(keras_dense, cvy_keras_dense_make,
      OF(cvy_keras_dense, .units = 4, .activation = "tanh"), 2, 5)
MAKER(keras_embedding, cvy_keras_embedding_make,
      OF(cvy_keras_embedding, .rows = 7, .features = 3), 2, 4)
MAKER(keras_pool, cvy_keras_pool_make,
      OF(cvy_keras_pool, .n_spatial = 2, .taps = { 3 }, .stride = { 2 },
         .border = "same"),
      1, 7, 6, 2)
MAKER(keras_mean, cvy_keras_pool_make,
      OF(cvy_keras_pool, .n_spatial = 1, .mean = true, .taps = { 2 }), 1, 6, 2)
MAKER(keras_global, cvy_keras_global_pool_make,
      OF(cvy_keras_global_pool, .n_spatial = 2, .mean = true, .keep = true), 1,
      4, 5, 3)
MAKER(keras_batch_norm, cvy_keras_batch_norm_make,
      OF(cvy_keras_batch_norm, .no_gamma = true), 1, 4, 5, 3)
MAKER(keras_layer_norm, cvy_keras_layer_norm_make,
      OF(cvy_keras_layer_norm, .epsilon = 1e-6), 2, 6)
MAKER(keras_group_norm, cvy_keras_group_norm_make,
      OF(cvy_keras_group_norm, .groups = 2), 1, 3, 5, 4)
MAKER(keras_pad, cvy_keras_pad_make,
      OF(cvy_keras_border, .n_spatial = 2, .border = { { 0, 1 }, { 2, 3 } }),
      1, 4, 5, 2)
MAKER(keras_pad_line, cvy_keras_pad_make,
      OF(cvy_keras_border, .n_spatial = 1, .border = { { 0, 1 } }), 1, 4, 2)
MAKER(keras_crop, cvy_keras_crop_make,
      OF(cvy_keras_border, .n_spatial = 2, .border = { { 0, 1 }, { 2, 1 } }),
      1, 4, 5, 2)
MAKER(keras_upsample, cvy_keras_upsample_make,
      OF(cvy_keras_upsample, .n_spatial = 2, .scale = { 2, 3 }), 1, 3, 4, 2)

static cvy_status torch_named(cvy_layer **out, cvy_error *err)
{
    const cvy_argument slope = cvy_argument_real("negative_slope", 0.25);
    const cvy_view x = SHAPE(1, 2, 3);

    return cvy_torch_make(out, "LeakyReLU", &slope, 1, &x, err);
}

static cvy_status keras_named(cvy_layer **out, cvy_error *err)
{
    const cvy_view x = SHAPE(1, 4, 5, 3);

    return cvy_keras_make(out, "Flatten", NULL, 0, &x, err);
}

/* ---- functions of tf.nn: kernels with numbers ---- */

static float kernel[NUMBERS_MOST];

static cvy_view filled(cvy_view view)
{
    for (int i = 0; i < NUMBERS_MOST; i++)
        kernel[i] = 0.5f + (float)(i % 5);
    view.data = kernel;
    return view;
}

static cvy_status tf_conv(cvy_layer **out, cvy_error *err)
{
    const cvy_tf_window window = { 2, { 2 }, { 0 }, "SAME" };
    const cvy_view x = SHAPE(1, 8, 7, 3), w = filled(SHAPE(3, 3, 3, 5));

    return cvy_tf_conv_make(out, &window, &x, &w, err);
}

static cvy_status tf_conv_line(cvy_layer **out, cvy_error *err)
{
    const cvy_tf_window window = { 1, { 0 }, { 2 }, "VALID" };
    const cvy_view x = SHAPE(1, 10, 3), w = filled(SHAPE(3, 3, 4));

    return cvy_tf_conv_make(out, &window, &x, &w, err);
}

static cvy_status tf_conv_volume(cvy_layer **out, cvy_error *err)
{
    const cvy_tf_window window = { 3, { 1, 2, 2 }, { 0 }, "SAME" };
    const cvy_view x = SHAPE(1, 4, 5, 6, 2), w = filled(SHAPE(2, 3, 3, 2, 3));

    return cvy_tf_conv_make(out, &window, &x, &w, err);
}

static cvy_status tf_transpose(cvy_layer **out, cvy_error *err)
{
    const cvy_tf_window window = { 2, { 2 }, { 0 }, "SAME" };
    const cvy_view x = SHAPE(1, 4, 5, 3), w = filled(SHAPE(3, 3, 2, 3));
    const cvy_view shape = SHAPE(1, 8, 9, 2);

    return cvy_tf_conv_transpose_make(out, &window, &x, &w, &shape, err);
}

static cvy_status tf_depthwise(cvy_layer **out, cvy_error *err)
{
    const cvy_tf_window window = { 2, { 1 }, { 2 }, "SAME" };
    const cvy_view x = SHAPE(1, 6, 7, 3), w = filled(SHAPE(3, 3, 3, 2));

    return cvy_tf_depthwise_conv_make(out, &window, &x, &w, err);
}

static cvy_status tf_separable(cvy_layer **out, cvy_error *err)
{
    const cvy_tf_window window = { 2, { 2 }, { 0 }, "VALID" };
    const cvy_view x = SHAPE(1, 6, 7, 3), w = filled(SHAPE(3, 3, 3, 2));
    const cvy_view p = filled(SHAPE(1, 1, 6, 4));

    return cvy_tf_separable_conv_make(out, &window, &x, &w, &p, err);
}

static cvy_status tf_pool(cvy_layer **out, cvy_error *err)
{
    const cvy_tf_pool pool = { 2, true, { 2 }, { 2 }, "VALID" };
    const cvy_view x = SHAPE(1, 6, 8, 3);

    return cvy_tf_pool_make(out, &pool, &x, err);
}

static cvy_status tf_batch_norm(cvy_layer **out, cvy_error *err)
{
    const cvy_tf_batch_norm norm = { .mean = filled(SHAPE(3)),
                                     .variance = filled(SHAPE(3)),
                                     .scale = filled(SHAPE(3)),
                                     .epsilon = 1e-3 };
    const cvy_view x = SHAPE(1, 6, 8, 3);

    return cvy_tf_batch_norm_make(out, &norm, &x, err);
}

static cvy_status tf_named(cvy_layer **out, cvy_error *err)
{
    const cvy_argument alpha = cvy_argument_real("alpha", 0.1);
    const cvy_view x = SHAPE(1, 4, 3);

    return cvy_tf_make(out, "nn.leaky_relu", &alpha, 1, &x, err);
}

/* What each is, in the framework's words, and its output; what it becomes in
 * the other framework. */
static const struct row {
    cvy_status (*make)(cvy_layer **out, cvy_error *err);
    const char *code, *output, *turned;
} rows[] = {
    { torch_conv,
      "torch.nn.Conv2d(4, 6, kernel_size=(3, 2), stride=2, padding=(1, 0), "
      "groups=2)",
      "1x6x5x4", "ZeroPadding2D" },
    { torch_same,
      "torch.nn.Conv1d(3, 2, kernel_size=4, padding=\"same\", dilation=2, "
      "bias=False)",
      "1x2x11", "Conv1D(2, 4, padding=\"same\"" },
    { torch_reflect,
      "torch.nn.Conv2d(2, 2, kernel_size=3, padding=(1, 1), "
      "padding_mode=\"reflect\")",
      "1x2x5x6", "\"reflect\"" },
    { torch_transpose,
      "torch.nn.ConvTranspose2d(3, 2, kernel_size=3, stride=2, "
      "padding=(1, 1), output_padding=(1, 1))",
      "1x2x8x10", "Conv2DTranspose" },
    { torch_linear, "torch.nn.Linear(5, 3)", "2x3", "layers.Dense(3)" },
    { torch_embedding, "torch.nn.Embedding(7, 3)", "2x4x3",
      "layers.Embedding(7, 3" },
    { torch_max, "torch.nn.MaxPool2d(kernel_size=3, stride=2, padding=(1, 1))",
      "1x2x4x3", "MaxPooling2D" },
    { torch_mean, "torch.nn.AvgPool1d(kernel_size=2, ceil_mode=True)", "1x2x3",
      "AveragePooling1D" },
    { torch_data_only,
      "torch.nn.AvgPool2d(kernel_size=3, stride=1, padding=(1, 1), "
      "count_include_pad=False)",
      "1x2x5x6", "AveragePooling2D(3, strides=1, padding=\"same\")" },
    { torch_adaptive, "torch.nn.AdaptiveAvgPool2d(output_size=1)", "1x3x1x1",
      "GlobalAveragePooling2D(keepdims=True)" },
    { torch_batch_norm, "torch.nn.BatchNorm2d(3, eps=0.0001)", "1x3x4x5",
      "BatchNormalization" },
    { torch_batch_norm_flat, "torch.nn.BatchNorm1d(3, affine=False)", "2x3",
      "BatchNormalization" },
    { torch_instance_norm, "torch.nn.InstanceNorm2d(3, affine=True)",
      "1x3x4x5", "GroupNormalization" },
    { torch_layer_norm, "torch.nn.LayerNorm((6,))", "2x6",
      "LayerNormalization" },
    { torch_group_norm, "torch.nn.GroupNorm(2, 4)", "1x4x3x5",
      "GroupNormalization" },
    { torch_pad, "torch.nn.ZeroPad2d(padding=(2, 3, 0, 1))", "1x2x5x10",
      "ZeroPadding2D(((0, 1), (2, 3)))" },
    { torch_reflection, "torch.nn.ReflectionPad1d(padding=(2, 1))", "1x2x8",
      "\"reflect\"" },
    { torch_constant, "torch.nn.ConstantPad1d(padding=(2, 1), value=0.5)",
      "1x2x8", "0.5" },
    { torch_upsample, "torch.nn.Upsample(scale_factor=2.0)", "1x2x6x8",
      "UpSampling2D" },
    { torch_named, "torch.nn.LeakyReLU(negative_slope=0.25)", "1x2x3",
      "LeakyReLU" },
    { keras_conv,
      "keras.layers.Conv2D(5, kernel_size=3, strides=2, padding=\"same\", "
      "activation=\"relu\")",
      "1x4x4x5", "nn.ReLU()" },
    { keras_causal,
      "keras.layers.Conv1D(2, kernel_size=3, padding=\"causal\", "
      "dilation_rate=2, use_bias=False)",
      "1x9x2", "nn.Conv1d(3, 2, 3, dilation=2, bias=False)" },
    { keras_transpose,
      "keras.layers.Conv2DTranspose(2, kernel_size=3, strides=2, "
      "padding=\"same\")",
      "1x8x10x2", "nn.ConvTranspose2d(3, 2, 3, stride=2" },
    { keras_extra,
      "keras.layers.Conv1DTranspose(2, kernel_size=3, strides=2, "
      "output_padding=(1,))",
      NULL, "nn.ConvTranspose1d(3, 2, 3, stride=2" },
    { keras_depthwise,
      "keras.layers.DepthwiseConv2D(kernel_size=3, padding=\"same\", "
      "depth_multiplier=2)",
      "1x5x6x6", "groups=3" },
    { keras_separable,
      "keras.layers.SeparableConv2D(4, kernel_size=3, depth_multiplier=2)",
      "1x3x4x4", "groups=3" },
    { keras_dense, "keras.layers.Dense(4, activation=\"tanh\")", "2x4",
      "nn.Tanh()" },
    { keras_embedding, "keras.layers.Embedding(7, 3)", "2x4x3",
      "nn.Embedding(7, 3)" },
    { keras_pool,
      "keras.layers.MaxPooling2D(pool_size=3, strides=2, padding=\"same\")",
      "1x4x3x2", "nn.MaxPool2d" },
    { keras_mean, "keras.layers.AveragePooling1D(pool_size=2)", "1x3x2",
      "nn.AvgPool1d(2)" },
    { keras_global, "keras.layers.GlobalAveragePooling2D(keepdims=True)",
      "1x1x1x3", "nn.AdaptiveAvgPool2d(1)" },
    { keras_batch_norm, "keras.layers.BatchNormalization(scale=False)",
      "1x4x5x3", "nn.BatchNorm2d(3" },
    { keras_layer_norm, "keras.layers.LayerNormalization(epsilon=1e-06)",
      "2x6", "nn.LayerNorm(6, eps=1e-6" },
    { keras_group_norm, "keras.layers.GroupNormalization(groups=2)", "1x3x5x4",
      "nn.GroupNorm(2, 4" },
    { keras_pad, "keras.layers.ZeroPadding2D(padding=((0, 1), (2, 3)))",
      "1x5x10x2", "nn.ZeroPad2d((2, 3, 0, 1))" },
    { keras_pad_line, "keras.layers.ZeroPadding1D(padding=(0, 1))", "1x5x2",
      "nn.ZeroPad1d((0, 1))" },
    { keras_crop, "keras.layers.Cropping2D(cropping=((0, 1), (2, 1)))",
      "1x3x2x2", "nn.ZeroPad2d((-2, -1, 0, -1))" },
    { keras_upsample, "keras.layers.UpSampling2D(size=(2, 3))", "1x6x12x2",
      "nn.Upsample" },
    { keras_named, "keras.layers.Flatten()", "1x60", "Flatten" },
    { tf_conv,
      "tf.nn.conv2d(x, filters=filters, strides=(1, 2, 2, 1), "
      "padding=\"SAME\")",
      "1x4x4x5", "nn.Conv2d(3, 5, 3, stride=2" },
    { tf_conv_line,
      "tf.nn.conv1d(x, filters=filters, stride=1, padding=\"VALID\", "
      "dilations=2)",
      "1x6x4", "nn.Conv1d(3, 4, 3, dilation=2, bias=False)" },
    { tf_conv_volume,
      "tf.nn.conv3d(x, filters=filters, strides=(1, 1, 2, 2, 1), "
      "padding=\"SAME\")",
      "1x4x3x3x3", "nn.Conv3d" },
    { tf_transpose,
      "tf.nn.conv2d_transpose(x, filters=filters, output_shape=(1, 8, 9, 2), "
      "strides=(1, 2, 2, 1), padding=\"SAME\")",
      "1x8x9x2", "nn.ConvTranspose2d" },
    { tf_depthwise,
      "tf.nn.depthwise_conv2d(x, filter=filter, strides=(1, 1, 1, 1), "
      "padding=\"SAME\", dilations=(2, 2))",
      "1x6x7x6", "groups=3" },
    { tf_separable,
      "tf.nn.separable_conv2d(x, depthwise_filter, pointwise_filter, "
      "strides=(1, 2, 2, 1), padding=\"VALID\")",
      "1x2x3x4", "groups=3" },
    { tf_pool,
      "tf.nn.avg_pool2d(x, ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), "
      "padding=\"VALID\")",
      "1x3x4x3", "nn.AvgPool2d(2)" },
    { tf_batch_norm,
      "tf.nn.batch_normalization(x, mean, variance, None, scale, 0.001)",
      "1x6x8x3", "nn.BatchNorm2d" },
    { tf_named, "tf.nn.leaky_relu(x, alpha=0.1)", "1x4x3",
      "nn.LeakyReLU(0.1)" },
};

enum { N_ROWS = sizeof rows / sizeof *rows };

#endif
