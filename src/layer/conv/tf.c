/* layer/conv/tf.c - TensorFlow's functions for a convolution. */
#include "layer/conv/tf.h"

static const cvyi_argument function_arguments[] = {
    { "filters", "weight", "its shape says taps, inputs of a group, outputs" },
    { "filter", "weight", "its shape says taps, inputs of a group, outputs" },
    { "depthwise_filter", "weight", "of the first step" },
    { "pointwise_filter", "weight", "of the second step" },
    { "stride", "stride", NULL },
    { "strides", "stride", NULL },
    { "padding", "border", NULL },
    { "data_format", "axes", NULL },
    { "dilations", "dilation", NULL },
    { "dilation_rate", "dilation", NULL },
    { "rate", "dilation", NULL },
    { 0 },
};

/* clang-format off */
#define REGULARISED(stem, of)                                                \
    { stem "_regularizer", of " regulariser", "acts in training only" },     \
    { stem "_constraint",  of " constraint",  "acts in training only" }
#define LAYER                                                                \
    { "filters",          "outputs",    NULL },                              \
    { "kernel_size",      "taps",       NULL },                              \
    { "strides",          "stride",     NULL },                              \
    { "padding",          "border",     "a word only" },                     \
    { "data_format",      "axes",       NULL },                              \
    { "dilation_rate",    "dilation",   NULL },                              \
    { "activation",       "activation", NULL },                              \
    { "use_bias",         "bias",       NULL },                              \
    { "bias_initializer", "bias initialiser", NULL },                        \
    { "activity_regularizer", "activity regulariser",                        \
      "acts in training only" },                                             \
    REGULARISED("bias", "bias")

static const cvyi_argument layer_arguments[] = {
    LAYER,
    { "kernel_initializer", "weight initialiser", "None is glorot uniform" },
    REGULARISED("kernel", "weight"),
    { 0 },
};

static const cvyi_argument separable_arguments[] = {
    LAYER,
    { "depth_multiplier", "multiplier",
      "outputs of each channel between the two steps" },
    { "depthwise_initializer", "weight initialiser", "of the first step" },
    REGULARISED("depthwise", "weight"),
    { "pointwise_initializer", "weight initialiser", "of the second step" },
    REGULARISED("pointwise", "weight"),
    { 0 },
};

#define NN(in, called, text, read)                                           \
    { .dialect = in, .name = "tf.nn." called, .signature = text,             \
      .from_call = read, .form = CVYI_FORM_FUNCTION,                         \
      .arguments = function_arguments }
#define NN_OF(in, rank, text)                                                \
    { .dialect = in, .name = "tf.nn.conv%dd", .ranks = rank,                 \
      .signature = text, .from_call = cvyi_conv_tf_nn,                       \
      .form = CVYI_FORM_FUNCTION, .arguments = function_arguments }

#define LAYER_OF(rank, ones)                                                 \
    { .dialect = "tf1", .name = "tf.layers.conv%dd", .ranks = rank,          \
      .signature = "x, filters, kernel_size, strides=" ones                  \
                   ", padding='valid', data_format='channels_last', "        \
                   "dilation_rate=" ones ", activation=None, "               \
                   "use_bias=True, kernel_initializer=None, "                \
                   "bias_initializer='zeros', kernel_regularizer=None, "     \
                   "bias_regularizer=None, activity_regularizer=None, "      \
                   "kernel_constraint=None, bias_constraint=None, "          \
                   "trainable=True, name=None, reuse=None",                  \
      .from_call = cvyi_conv_tf_layer, .form = CVYI_FORM_FUNCTION,           \
      .arguments = layer_arguments }
#define SEPARABLE_OF(rank, ones)                                             \
    { .dialect = "tf1", .name = "tf.layers.separable_conv%dd",               \
      .ranks = rank,                                                         \
      .signature = "x, filters, kernel_size, strides=" ones                  \
                   ", padding='valid', data_format='channels_last', "        \
                   "dilation_rate=" ones ", depth_multiplier=1, "            \
                   "activation=None, use_bias=True, "                        \
                   "depthwise_initializer=None, "                            \
                   "pointwise_initializer=None, bias_initializer='zeros', "  \
                   "depthwise_regularizer=None, "                            \
                   "pointwise_regularizer=None, bias_regularizer=None, "     \
                   "activity_regularizer=None, depthwise_constraint=None, "  \
                   "pointwise_constraint=None, bias_constraint=None, "       \
                   "trainable=True, name=None, reuse=None",                  \
      .from_call = cvyi_conv_tf_layer_separable,                             \
      .form = CVYI_FORM_FUNCTION, .arguments = separable_arguments }

/* v1 has a second name for its tensors: conv1d(input=...) is x. */
const cvyi_spelling cvyi_conv_tf[] = {
    NN_OF("tf2", "1", "x, filters, stride, padding, data_format='NWC', "
                      "dilations=None, name=None"),
    NN_OF("tf2", "2", "x, filters, strides, padding, data_format='NHWC', "
                      "dilations=None, name=None"),
    NN_OF("tf2", "3", "x, filters, strides, padding, data_format='NDHWC', "
                      "dilations=None, name=None"),
    NN("tf2", "convolution",
       "x, filters, strides=None, padding='VALID', data_format=None, "
       "dilations=None, name=None", cvyi_conv_tf_convolution),
    NN("tf2", "atrous_conv2d", "x, filters, rate, padding, name=None",
       cvyi_conv_tf_atrous),
    NN("tf2", "depthwise_conv2d",
       "x, filter, strides, padding, data_format=None, dilations=None, "
       "name=None", cvyi_conv_tf_depthwise),
    NN("tf2", "separable_conv2d",
       "x, depthwise_filter, pointwise_filter, strides, padding, "
       "data_format=None, dilations=None, name=None",
       cvyi_conv_tf_separable),
    NN_OF("tf1", "1", "x, filters=None, stride=None, padding=None, "
                      "use_cudnn_on_gpu=None, data_format=None, name=None, "
                      "dilations=None"),
    NN_OF("tf1", "2", "x, filter=None, strides=None, padding=None, "
                      "use_cudnn_on_gpu=True, data_format='NHWC', "
                      "dilations=[1, 1, 1, 1], name=None, filters=None"),
    NN_OF("tf1", "3", "x, filter=None, strides=None, padding=None, "
                      "data_format='NDHWC', dilations=[1, 1, 1, 1, 1], "
                      "name=None, filters=None"),
    NN("tf1", "convolution",
       "x, filter, padding, strides=None, dilation_rate=None, "
       "name=None, data_format=None, filters=None, dilations=None",
       cvyi_conv_tf_convolution),
    NN("tf1", "atrous_conv2d", "x, filters, rate, padding, name=None",
       cvyi_conv_tf_atrous),
    NN("tf1", "depthwise_conv2d",
       "x, filter, strides, padding, rate=None, name=None, "
       "data_format=None, dilations=None", cvyi_conv_tf_depthwise),
    NN("tf1", "separable_conv2d",
       "x, depthwise_filter, pointwise_filter, strides, padding, rate=None, "
       "name=None, data_format=None, dilations=None",
       cvyi_conv_tf_separable),
    LAYER_OF("1", "1"),
    LAYER_OF("2", "(1, 1)"),
    LAYER_OF("3", "(1, 1, 1)"),
    SEPARABLE_OF("1", "1"),
    SEPARABLE_OF("2", "(1, 1)"),
    { 0 }
};
/* clang-format on */
