/* layer/conv/keras.c - Keras' words for a convolution. */
#include "layer/conv/keras.h"

/* clang-format off */
#define REGULARISED(stem, of)                                                \
    { stem "_regularizer", of " regulariser", "acts in training only" },     \
    { stem "_constraint",  of " constraint",  "acts in training only" }
#define TAIL                                                                 \
    { "activation",           "activation",           NULL },                \
    { "use_bias",             "bias",                 NULL },                \
    { "bias_initializer",     "bias initialiser",     NULL },                \
    { "activity_regularizer", "activity regulariser",                        \
      "acts in training only" },                                             \
    REGULARISED("bias", "bias")
#define WINDOW                                                               \
    { "kernel_size",   "taps",     NULL },                                   \
    { "strides",       "stride",   NULL },                                   \
    { "padding",       "border",   "a word only" },                          \
    { "data_format",   "axes",     NULL },                                   \
    { "dilation_rate", "dilation", NULL }

static const cvyi_argument layer_arguments[] = {
    { "filters", "outputs", NULL },
    WINDOW,
    { "groups", "groups", NULL },
    { "kernel_initializer", "weight initialiser", NULL },
    REGULARISED("kernel", "weight"),
    TAIL,
    { 0 },
};

/* The first of these is the older Keras' alone. */
static const cvyi_argument depthwise_arguments[] = {
    { "groups", "groups", "does nothing here" },
    { "depth_multiplier", "outputs", "outputs of each channel" },
    WINDOW,
    { "depthwise_initializer", "weight initialiser", NULL },
    REGULARISED("depthwise", "weight"),
    TAIL,
    { 0 },
};

static const cvyi_argument separable_arguments[] = {
    { "groups", "groups", "does nothing here" },
    { "filters", "outputs", NULL },
    WINDOW,
    { "depth_multiplier", "multiplier",
      "outputs of each channel between the two steps" },
    { "depthwise_initializer", "weight initialiser", "of the first step" },
    REGULARISED("depthwise", "weight"),
    { "pointwise_initializer", "weight initialiser", "of the second step" },
    REGULARISED("pointwise", "weight"),
    TAIL,
    { 0 },
};

static const cvyi_argument ops_arguments[] = {
    { "kernel",           "weight", "its shape says taps, inputs, outputs" },
    { "depthwise_kernel", "weight", "of the first step" },
    { "pointwise_kernel", "weight", "of the second step" },
    { "strides",          "stride",   NULL },
    { "padding",          "border",   "a word only" },
    { "data_format",      "axes",     NULL },
    { "dilation_rate",    "dilation", NULL },
    { 0 },
};

#define STEM(stem)                                                           \
    stem "_regularizer=None, bias_regularizer=None, "                        \
    "activity_regularizer=None, " stem "_constraint=None, "                  \
    "bias_constraint=None"
#define CONV_TAIL                                                            \
    "groups=1, activation=None, use_bias=True, "                             \
    "kernel_initializer='glorot_uniform', bias_initializer='zeros', "        \
    STEM("kernel") ", **kwargs"
#define DEPTHWISE_TAIL                                                       \
    "activation=None, use_bias=True, "                                       \
    "depthwise_initializer='glorot_uniform', bias_initializer='zeros', "     \
    STEM("depthwise")
#define SEPARABLE_TAIL                                                       \
    "depth_multiplier=1, activation=None, use_bias=True, "                   \
    "depthwise_initializer='glorot_uniform', "                               \
    "pointwise_initializer='glorot_uniform', bias_initializer='zeros', "     \
    "depthwise_regularizer=None, pointwise_regularizer=None, "               \
    "bias_regularizer=None, activity_regularizer=None, "                     \
    "depthwise_constraint=None, pointwise_constraint=None, "                 \
    "bias_constraint=None"
/* Taken and ignored by the older Keras. */
#define NO_GROUPS ", *, groups=1, **kwargs"
#define NO_KERNEL                                                            \
    ", *, groups=1, kernel_initializer=None, kernel_regularizer=None, "      \
    "kernel_constraint=None, **kwargs"

/* Strides and dilation as the framework writes their defaults. */
#define CONV(in, called, rank, ones, format)                                 \
    .dialect = in, .name = "keras.layers." called "%dD", .ranks = rank,      \
    .signature = "filters, kernel_size, strides=" ones                       \
                 ", padding='valid', data_format=" format                    \
                 ", dilation_rate=" ones ", " CONV_TAIL,                     \
    .from_call = cvyi_conv_keras_layer, .form = CVYI_FORM_MODULE,            \
    .arguments = layer_arguments
#define DEPTHWISE(in, rank, ones, end, table)                                \
    .dialect = in, .name = "keras.layers.DepthwiseConv%dD", .ranks = rank,   \
    .signature = "kernel_size, strides=" ones ", padding='valid', "          \
                 "depth_multiplier=1, data_format=None, "                    \
                 "dilation_rate=" ones ", " DEPTHWISE_TAIL end,              \
    .from_call = cvyi_conv_keras_depthwise, .form = CVYI_FORM_MODULE,        \
    .arguments = table
#define SEPARABLE(in, called, rank, ones, end, table)                        \
    .dialect = in, .name = "keras.layers." called "%dD", .ranks = rank,      \
    .signature = "filters, kernel_size, strides=" ones                       \
                 ", padding='valid', data_format=None, "                     \
                 "dilation_rate=" ones ", " SEPARABLE_TAIL end,              \
    .from_call = cvyi_conv_keras_separable, .form = CVYI_FORM_MODULE,        \
    .arguments = table
#define OPS(called, kernels, read)                                           \
    { .dialect = "keras3", .name = "keras.ops." called,                      \
      .signature = "x, " kernels ", strides=1, padding='valid', "            \
                   "data_format=None, dilation_rate=1",                      \
      .from_call = read, .form = CVYI_FORM_FUNCTION,                         \
      .arguments = ops_arguments }

#define ONE "1"
#define TWO "(1, 1)"
#define THREE "(1, 1, 1)"
#define NEW ", **kwargs"

const cvyi_spelling cvyi_conv_keras[] = {
    /* One row of each class writes, for every rank. */
    { CONV("keras3", "Conv", "1", ONE, "None"),
      .to_call = cvyi_conv_keras_say },
    { CONV("keras3", "Conv", "2", TWO, "None") },
    { CONV("keras3", "Conv", "3", THREE, "None") },
    { CONV("keras3", "Convolution", "1", ONE, "None") },
    { CONV("keras3", "Convolution", "2", TWO, "None") },
    { CONV("keras3", "Convolution", "3", THREE, "None") },
    { CONV("keras2", "Conv", "1", ONE, "'channels_last'") },
    { CONV("keras2", "Conv", "2", TWO, "None") },
    { CONV("keras2", "Conv", "3", THREE, "None") },
    { CONV("keras2", "Convolution", "1", ONE, "'channels_last'") },
    { CONV("keras2", "Convolution", "2", TWO, "None") },
    { CONV("keras2", "Convolution", "3", THREE, "None") },
    { DEPTHWISE("keras3", "1", ONE, NEW, depthwise_arguments + 1),
      .to_call = cvyi_conv_keras_say_depthwise },
    { DEPTHWISE("keras3", "2", TWO, NEW, depthwise_arguments + 1) },
    { DEPTHWISE("keras2", "1", ONE, NO_GROUPS, depthwise_arguments) },
    { DEPTHWISE("keras2", "2", TWO, NO_GROUPS, depthwise_arguments) },
    { SEPARABLE("keras3", "SeparableConv", "1", ONE, NEW,
                separable_arguments + 1) },
    { SEPARABLE("keras3", "SeparableConv", "2", TWO, NEW,
                separable_arguments + 1) },
    { SEPARABLE("keras3", "SeparableConvolution", "1", ONE, NEW,
                separable_arguments + 1) },
    { SEPARABLE("keras3", "SeparableConvolution", "2", TWO, NEW,
                separable_arguments + 1) },
    { SEPARABLE("keras2", "SeparableConv", "1", ONE, NO_KERNEL,
                separable_arguments) },
    { SEPARABLE("keras2", "SeparableConv", "2", TWO, NO_KERNEL,
                separable_arguments) },
    { SEPARABLE("keras2", "SeparableConvolution", "1", ONE, NO_KERNEL,
                separable_arguments) },
    { SEPARABLE("keras2", "SeparableConvolution", "2", TWO, NO_KERNEL,
                separable_arguments) },
    OPS("conv", "kernel", cvyi_conv_keras_ops),
    OPS("depthwise_conv", "kernel", cvyi_conv_keras_ops_depthwise),
    OPS("separable_conv", "depthwise_kernel, pointwise_kernel",
        cvyi_conv_keras_ops_separable),
    { 0 }
};
/* clang-format on */
