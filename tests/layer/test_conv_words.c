/* layer/conv: what Keras, torch and TensorFlow take, refuse and are told. */
#include "caller.h"

#include "layer/signature.h"

/* clang-format off */
#define X4 "(1, 9, 9, 4)"
#define XT "(1, 4, 9, 9)"

/* ---- torch ---- */

#define CONV2 "torch", "torch.nn.Conv2d"
#define F2 "torch", "torch.nn.functional.conv2d"
#define IO "\"in_channels\": 4, \"out_channels\": 8"
#define K3 IO ", \"kernel_size\": 3"
#define C3 "conv outputs=8 taps=[3 3]"

static const caller_row torch_rows[] = {
    { CONV2, "{" K3 "}", XT, C3 " weight bias" },
    { CONV2, "{" K3 ", \"bias\": 0}", XT, C3 " weight" },
    { CONV2, "{" K3 ", \"bias\": \"no\"}", XT, C3 " weight bias" },
    { CONV2, "{" IO ", \"kernel_size\": true}", XT,
      "conv outputs=8 taps=[1 1] weight bias" },
    { CONV2, "{" IO ", \"kernel_size\": 3.0}", XT, "illegal kernel_size" },
    { CONV2, "{" IO ", \"kernel_size\": [3]}", XT, "illegal kernel_size" },
    { CONV2, "{" IO ", \"kernel_size\": 0}", XT, "illegal kernel_size" },
    { CONV2, "{" IO ", \"kernel_size\": 10}", XT, "illegal kernel_size" },
    { CONV2, "{" K3 ", \"stride\": [2]}", XT,
      C3 " stride=[2 2] weight bias" },
    { CONV2, "{" K3 ", \"stride\": [1, true]}", XT, C3 " weight bias" },
    { CONV2, "{" K3 ", \"stride\": true}", XT, "illegal stride" },
    { CONV2, "{" K3 ", \"stride\": [true, 1]}", XT, "illegal stride" },
    { CONV2, "{" K3 ", \"stride\": [2, 2, 2]}", XT, "illegal stride" },
    { CONV2, "{" K3 ", \"stride\": []}", XT, "illegal stride" },
    { CONV2, "{" K3 ", \"dilation\": 0}", XT, "illegal dilation" },
    { CONV2, "{" K3 ", \"stride\": 2, \"dilation\": 2}", XT,
      C3 " stride=[2 2] dilation=[2 2] weight bias" },
    { CONV2, "{" K3 ", \"padding\": [1]}", XT,
      C3 " border=[1:1 1:1] weight bias" },
    { CONV2, "{" K3 ", \"padding\": [1, 2]}", XT,
      C3 " border=[1:1 2:2] weight bias" },
    { CONV2, "{" K3 ", \"padding\": true}", XT, "illegal padding" },
    { CONV2, "{" K3 ", \"padding\": null}", XT, "illegal padding" },
    { CONV2, "{" K3 ", \"padding\": 1.0}", XT, "illegal padding" },
    { CONV2, "{" K3 ", \"padding\": -1}", XT, "illegal padding" },
    { CONV2, "{" K3 ", \"padding\": \"SAME\"}", XT, "illegal padding" },
    { CONV2, "{" K3 ", \"padding\": \"valid\"}", XT, C3 " weight bias" },
    { CONV2, "{" IO ", \"kernel_size\": [4, 3], \"padding\": \"same\","
      " \"dilation\": [1, 2]}", XT,
      "conv outputs=8 taps=[4 3] dilation=[1 2] border=[1:2 2:2] "
      "weight bias" },
    { CONV2, "{" K3 ", \"padding\": \"same\", \"stride\": [2]}", XT,
      "illegal padding" },
    { CONV2, "{" K3 ", \"padding\": 1, \"padding_mode\": \"reflect\"}", XT,
      "pad border=[1:1 1:1] mode=reflect | " C3 " weight bias" },
    { CONV2, "{" K3 ", \"padding\": [9, 0],"
      " \"padding_mode\": \"circular\"}", XT,
      "pad border=[9:9 0:0] mode=circular | " C3 " weight bias" },
    { CONV2, "{" K3 ", \"padding\": 80, \"padding_mode\": \"replicate\"}",
      XT, "pad border=[80:80 80:80] mode=replicate | " C3 " weight bias" },
    { CONV2, "{" K3 ", \"padding\": \"same\","
      " \"padding_mode\": \"circular\", \"groups\": 2}", XT,
      "pad border=[1:1 1:1] mode=circular | " C3 " groups=2 weight bias" },
    { CONV2, "{" K3 ", \"padding_mode\": \"reflect\"}", XT,
      C3 " weight bias" },
    { CONV2, "{" K3 ", \"padding\": -1, \"padding_mode\": \"reflect\"}", XT,
      "unsupported padding" },
    { CONV2, "{" K3 ", \"padding\": [1],"
      " \"padding_mode\": \"reflect\"}", XT, "illegal padding" },
    { CONV2, "{" K3 ", \"padding\": 9, \"padding_mode\": \"reflect\"}", XT,
      "illegal padding" },
    { CONV2, "{" K3 ", \"padding\": 10, \"padding_mode\": \"circular\"}",
      XT, "illegal padding" },
    { CONV2, "{" K3 ", \"padding_mode\": \"same\"}", XT,
      "illegal padding_mode" },
    { CONV2, "{" K3 ", \"padding\": \"same\", \"dilation\": [2],"
      " \"padding_mode\": \"reflect\"}", XT, "unsupported dilation" },
    { CONV2, "{" K3 ", \"groups\": true}", XT, "illegal groups" },
    { CONV2, "{" K3 ", \"groups\": 0}", XT, "illegal groups" },
    { CONV2, "{" K3 ", \"groups\": 3}", XT, "illegal groups" },
    { CONV2, "{" K3 ", \"groups\": 4}", XT, C3 " groups=4 weight bias" },
    { CONV2, "{" K3 "}", "(1, 5, 9, 9)", "illegal in_channels" },
    { CONV2, "{" K3 "}", "(4, 9, 9)", "unsupported " },
    { CONV2, "{" K3 "}", "(9, 9)", "illegal " },
    { CONV2, "{\"in_channels\": 0, \"out_channels\": 8,"
      " \"kernel_size\": 3}", "(1, 0, 9, 9)", "unsupported in_channels" },
    { CONV2, "{\"in_channels\": 4, \"out_channels\": true,"
      " \"kernel_size\": 3}", XT, "illegal out_channels" },
    { "torch", "torch.nn.LazyConv2d",
      "{\"out_channels\": 8, \"kernel_size\": 3}", XT, C3 " weight bias" },
    { "torch", "torch.nn.LazyConv2d",
      "{\"out_channels\": 8, \"kernel_size\": 3, \"groups\": 3}", XT,
      "illegal groups" },
    { "torch", "torch.nn.LazyConv2d",
      "{\"out_channels\": 8, \"kernel_size\": 3}", "(1, C, 9, 9)",
      "unsupported " },
    { F2, "{\"padding\": [1]}", "x " XT "; weight (8, 4, 3, 3)",
      C3 " border=[1:1 1:1] weight@1" },
    { F2, "{\"groups\": 2}",
      "x " XT "; weight (8, 2, 3, 3); bias (8)",
      C3 " groups=2 weight@1 bias@2" },
    { F2, "{}", "x " XT "; weight (8, 2, 3, 3)", "illegal weight" },
    { F2, "{\"groups\": 2}", "x " XT "; weight (7, 2, 3, 3)",
      "illegal groups" },
    { F2, "{}", "x " XT "; weight (8, 4, 3)", "illegal weight" },
    { F2, "{}", "x " XT "; weight (8, 4, 0, 3)", "illegal weight" },
    { F2, "{}", "x " XT "; weight ?", "unsupported weight" },
    { F2, "{}", "x " XT "; weight (8, 4, 3, 3); bias (1)", "illegal bias" },
    { F2, "{\"padding\": \"same\", \"stride\": 2}",
      "x " XT "; weight (8, 4, 3, 3)", "illegal padding" },
    { F2, "{}", "x (4, 9, 9); weight (8, 4, 3, 3)", "unsupported " },
    { "torch", "torch.conv1d", "{\"stride\": [2]}",
      "x (1, 4, 9); weight (8, 4, 3)",
      "conv outputs=8 taps=[3] stride=[2] weight@1" },
};

/* ---- Keras ---- */

#define CONV "keras.layers.Conv2D"
#define DEPTH "keras.layers.DepthwiseConv2D"
#define SEP "keras.layers.SeparableConv2D"
#define FK "\"filters\": 8, \"kernel_size\": 3"
#define BOTH "\"strides\": [2, 1], \"dilation_rate\": [1, 2]"
#define OPS "keras3", "keras.ops.conv"
#define W4 "; kernel (3, 3, 4, 8)"
#define D4 "; kernel (3, 3, 4, 2)"

static const caller_row keras_rows[] = {
    { "keras3", CONV, "{" FK "}", X4, C3 " weight bias" },
    { "keras3", "keras.layers.Convolution2D", "{" FK "}", X4,
      C3 " weight bias" },
    { "keras2", "keras.layers.Convolution2D", "{" FK "}", X4,
      C3 " weight bias" },
    { "keras3", CONV, "{" FK ", \"use_bias\": null}", X4, C3 " weight" },
    { "keras2", CONV, "{" FK ", \"use_bias\": 0}", X4, C3 " weight" },
    { "keras3", CONV, "{\"filters\": 2.0, \"kernel_size\": 3}", X4,
      "illegal filters" },
    { "keras2", CONV, "{\"filters\": 2.7, \"kernel_size\": 3}", X4,
      "conv outputs=2 taps=[3 3] weight bias" },
    { "keras3", CONV, "{\"filters\": true, \"kernel_size\": true}", X4,
      "conv outputs=1 taps=[1 1] weight bias" },
    { "keras2", CONV, "{\"filters\": true, \"kernel_size\": 3}", X4,
      "illegal filters" },
    { "keras2", CONV, "{\"filters\": 8, \"kernel_size\": true}", X4,
      "illegal kernel_size" },
    { "keras3", CONV, "{\"filters\": 8, \"kernel_size\": [3]}", X4,
      "illegal kernel_size" },
    { "keras3", CONV, "{" FK ", \"strides\": 2.0}", X4, "illegal strides" },
    { "keras3", CONV, "{" FK ", \"groups\": 0}", X4, "illegal groups" },
    { "keras2", CONV, "{" FK ", \"groups\": 0}", X4, C3 " weight bias" },
    { "keras2", CONV, "{" FK ", \"groups\": null}", X4, C3 " weight bias" },
    { "keras3", CONV, "{" FK ", \"groups\": null}", X4, "illegal groups" },
    { "keras2", CONV, "{" FK ", \"groups\": -1}", X4, "illegal groups" },
    { "keras2", CONV, "{" FK ", \"groups\": 2}", X4,
      C3 " groups=2 weight bias" },
    { "keras3", CONV, "{" FK ", " BOTH "}", X4, "illegal dilation_rate" },
    { "keras2", CONV, "{" FK ", " BOTH "}", X4, "illegal dilation_rate" },
    { "keras3", CONV, "{" FK ", \"padding\": \"Same\"}", X4,
      C3 " border=same weight bias" },
    { "keras2", CONV, "{" FK ", \"padding\": 1}", X4, "illegal padding" },
    { "keras3", "keras.layers.Conv1D",
      "{" FK ", \"padding\": \"Causal\"}", "(1, 9, 4)",
      "conv outputs=8 taps=[3] border=causal weight bias" },
    { "keras3", CONV, "{" FK ", \"data_format\": \"Channels_First\"}", XT,
      C3 " weight bias" },
    { "keras3", CONV, "{\"filters\": 8, \"kernel_size\": 10}", X4,
      "illegal kernel_size" },
    { "keras2", CONV, "{\"filters\": 8, \"kernel_size\": 10}", X4,
      "illegal kernel_size" },
    { "keras3", CONV, "{" FK "}", "(2, 1, 9, 9, 4)", "illegal " },
    { "keras2", CONV, "{" FK "}", "(2, 1, 9, 9, 4)", "unsupported " },
    { "keras2", DEPTH, "{\"kernel_size\": 3}", "(2, 1, 9, 9, 4)",
      "illegal " },
    { "keras3", DEPTH, "{\"kernel_size\": 3, " BOTH "}", X4,
      "conv outputs=4 taps=[3 3] stride=[2 1] dilation=[1 2] groups=4 "
      "weight bias" },
    { "keras2", DEPTH, "{\"kernel_size\": 3, " BOTH "}", X4,
      "illegal dilation_rate" },
    { "keras2", DEPTH, "{\"kernel_size\": 3, \"groups\": \"a\"}", X4,
      "conv outputs=4 taps=[3 3] groups=4 weight bias" },
    { "keras3", DEPTH, "{\"kernel_size\": 3, \"depth_multiplier\": 0}", X4,
      "illegal depth_multiplier" },
    { "keras3", SEP, "{" FK ", \"depth_multiplier\": 2, \"strides\": 2,"
      " \"padding\": \"same\"}", X4,
      "conv outputs=8 taps=[3 3] stride=[2 2] groups=4 border=same weight | "
      "conv outputs=8 taps=[1 1] weight bias" },
    { "keras3", SEP, "{" FK ", " BOTH ", \"use_bias\": false}", X4,
      "conv outputs=4 taps=[3 3] stride=[2 1] dilation=[1 2] groups=4 "
      "weight | conv outputs=8 taps=[1 1] weight" },
    { "keras2", SEP, "{" FK ", \"groups\": 3}", X4, "illegal groups" },
    { "keras2", SEP, "{" FK ", \"groups\": -1}", X4,
      "conv outputs=4 taps=[3 3] groups=4 weight | "
      "conv outputs=8 taps=[1 1] weight bias" },
    { "keras3", "keras.layers.SeparableConv1D",
      "{" FK ", \"padding\": \"causal\"}", "(1, 9, 4)", "illegal padding" },
    { "keras2", "keras.layers.SeparableConv1D",
      "{" FK ", \"padding\": \"causal\"}", "(1, 9, 4)",
      "conv outputs=4 taps=[3] groups=4 border=causal weight | "
      "conv outputs=8 taps=[1] weight bias" },
    { OPS, "{}", "x " X4 W4, C3 " weight@1" },
    { OPS, "{}", "x " X4 "; kernel (3, 3, 2, 8)", C3 " groups=2 weight@1" },
    { OPS, "{}", "x " X4 "; kernel (3, 3, 2, 7)", "illegal kernel" },
    { OPS, "{}", "x " X4 "; kernel (3, 3, 3, 8)", "illegal kernel" },
    { OPS, "{}", "x (1, 4); kernel (4, 8)", "illegal " },
    { OPS, "{\"strides\": [2]}", "x " X4 W4, C3 " stride=[2 2] weight@1" },
    { OPS, "{\"strides\": 2}", "x (1, 2, 4); kernel (5, 4, 8)",
      "unsupported kernel" },
    { OPS, "{\"strides\": 2}", "x (1, 1, 4); kernel (5, 4, 8)",
      "illegal kernel" },
    { OPS, "{\"padding\": \"SAME\"}", "x " X4 W4,
      C3 " border=same weight@1" },
    { OPS, "{\"padding\": \"causal\"}", "x (1, 9, 4); kernel (3, 4, 8)",
      "illegal padding" },
    { OPS, "{" BOTH "}", "x " X4 W4, "illegal dilation_rate" },
    { OPS, "{\"data_format\": \"channels_first\"}", "x " XT W4,
      C3 " weight@1" },
    { "keras3", "keras.ops.depthwise_conv", "{" BOTH "}", "x " X4 D4,
      "conv outputs=8 taps=[3 3] stride=[2 1] dilation=[1 2] groups=4 "
      "weight@1" },
    { "keras3", "keras.ops.depthwise_conv", "{\"strides\": [2]}", "x " X4 D4,
      "illegal strides" },
    { "keras3", "keras.ops.depthwise_conv", "{\"dilation_rate\": [2]}",
      "x " X4 D4, "unsupported dilation_rate" },
    { "keras3", "keras.ops.depthwise_conv", "{}",
      "x " X4 "; kernel (3, 3, 2, 2)", "illegal kernel" },
    { "keras3", "keras.ops.depthwise_conv", "{}",
      "x (1, 9, 9, 9, 4); kernel (3, 3, 3, 4, 2)", "illegal " },
    { "keras3", "keras.ops.separable_conv", "{}",
      "x " X4 "; depthwise_kernel (3, 3, 4, 2);"
      " pointwise_kernel (1, 1, 4, 6)",
      "conv outputs=8 taps=[3 3] groups=4 weight@1 | "
      "conv outputs=6 taps=[1 1] groups=2 weight@2" },
    { "keras3", "keras.ops.separable_conv", "{}",
      "x " X4 "; depthwise_kernel (3, 3, 4, 2);"
      " pointwise_kernel (2, 1, 8, 5)", "illegal pointwise_kernel" },
};

/* ---- TensorFlow ---- */

#define TF(name) "tf2", "tf.nn." name
#define V1(name) "tf1", "tf.nn." name
#define F4 "x " X4 "; filters (3, 3, 4, 8)"
#define A4 "x " X4 "; filter (3, 3, 4, 2)"
#define ONE1 "\"strides\": [1, 1, 1, 1]"
#define SAME "\"padding\": \"SAME\""
#define PAIRS "\"padding\": [[0, 0], [1, 2], [3, 0], [0, 0]]"

static const caller_row tf_rows[] = {
    { TF("conv2d"), "{\"strides\": 2, " SAME "}", F4,
      C3 " stride=[2 2] border=same weight@1" },
    { TF("conv2d"), "{\"strides\": [2], " SAME "}", F4,
      C3 " stride=[2 2] border=same weight@1" },
    { TF("conv2d"), "{\"strides\": [1, 2, 1, 1], " SAME "}", F4,
      C3 " stride=[2 1] border=same weight@1" },
    { TF("conv2d"), "{\"strides\": [1, 2, 1], " SAME "}", F4,
      "illegal strides" },
    { TF("conv2d"), "{\"strides\": [2, 1, 1, 1], " SAME "}", F4,
      "illegal strides" },
    { TF("conv2d"), "{\"strides\": null, " SAME "}", F4,
      C3 " border=same weight@1" },
    { TF("conv2d"), "{\"strides\": 2.7, " SAME "}", F4,
      C3 " stride=[2 2] border=same weight@1" },
    { TF("conv2d"), "{\"strides\": 0, " SAME "}", F4, "illegal strides" },
    { TF("conv2d"), "{\"strides\": 1, \"padding\": \"same\"}", F4,
      "illegal padding" },
    { TF("conv2d"), "{\"strides\": 1, \"padding\": \"EXPLICIT\"}", F4,
      "illegal padding" },
    { TF("conv2d"), "{\"strides\": 1, \"padding\": 1}", F4,
      "illegal padding" },
    { TF("conv2d"), "{\"strides\": 1, " PAIRS "}", F4,
      C3 " border=[1:2 3:0] weight@1" },
    { TF("conv2d"), "{\"strides\": 1, \"padding\": [[1, 2], [0, 3]]}", F4,
      "illegal padding" },
    { TF("conv2d"), "{\"strides\": 1, \"padding\": [[0, 0], [1, -1],"
      " [0, 0], [0, 0]]}", F4, "illegal padding" },
    { TF("conv2d"), "{\"strides\": 1, \"padding\": [[1, 0], [1, 1],"
      " [0, 0], [0, 0]]}", F4, "unsupported padding" },
    { TF("conv2d"), "{\"strides\": 2, \"padding\": \"VALID\","
      " \"dilations\": 2}", F4,
      C3 " stride=[2 2] dilation=[2 2] weight@1" },
    { TF("conv2d"), "{\"strides\": [1, 1, 2, 1], " SAME ","
      " \"data_format\": \"NCHW\"}",
      "x " XT "; filters (3, 3, 4, 8)",
      C3 " stride=[2 1] border=same weight@1" },
    { TF("conv2d"), "{\"strides\": 1, " SAME ","
      " \"data_format\": \"nchw\"}", F4, "illegal data_format" },
    { TF("conv2d"), "{\"strides\": 1, " SAME "}",
      "x " X4 "; filters (3, 3, 2, 8)",
      C3 " groups=2 border=same weight@1" },
    { TF("conv2d"), "{\"strides\": 1, " SAME "}",
      "x " X4 "; filters (3, 3, 2, 7)", "illegal filters" },
    { TF("conv2d"), "{\"strides\": 1, " SAME "}", "x " X4 "; filters ?",
      "unsupported filters" },
    { TF("conv2d"), "{\"strides\": 1, " SAME "}",
      "x (2, 1, 9, 9, 4); filters (3, 3, 4, 8)", "unsupported " },
    { TF("conv2d"), "{\"strides\": 1, \"padding\": \"VALID\"}",
      "x " X4 "; filters (10, 3, 4, 8)", "unsupported filters" },
    { TF("conv2d"), "{\"strides\": 1, \"padding\": \"VALID\"}",
      "x " X4 "; filters (12, 3, 4, 8)", "illegal filters" },
    { V1("conv2d"), "{" ONE1 ", \"padding\": \"VALID\"}",
      "x " X4 "; filter (10, 3, 4, 8)", "illegal filter" },
    { TF("conv1d"), "{\"stride\": [1, 2, 1], " SAME "}",
      "x (1, 9, 4); filters (3, 4, 8)",
      "conv outputs=8 taps=[3] stride=[2] border=same weight@1" },
    { TF("conv1d"), "{\"stride\": [1, 2], " SAME "}",
      "x (1, 9, 4); filters (3, 4, 8)", "illegal stride" },
    { TF("conv1d"), "{\"stride\": 1, \"padding\": \"EXPLICIT\"}",
      "x (1, 9, 4); filters (3, 4, 8)", "unsupported padding" },
    { TF("conv1d"), "{\"stride\": 1, \"padding\": [[0, 0], [1, 1],"
      " [0, 0]]}", "x (1, 9, 4); filters (3, 4, 8)", "illegal padding" },
    { TF("conv1d"), "{\"stride\": [1, 1, 2], " SAME ","
      " \"data_format\": \"NCW\"}", "x (1, 4, 9); filters (3, 4, 8)",
      "conv outputs=8 taps=[3] stride=[2] border=same weight@1" },
    { TF("conv3d"), "{\"strides\": 1, " SAME "}",
      "x (1, 9, 9, 9, 4); filters (3, 3, 3, 4, 8)", "illegal strides" },
    { TF("conv3d"), "{\"strides\": [1, 2, 1, 1, 1], " SAME ","
      " \"dilations\": [1, 2, 2, 2, 1]}",
      "x (1, 9, 9, 9, 4); filters (3, 3, 3, 4, 8)",
      "conv outputs=8 taps=[3 3 3] stride=[2 1 1] dilation=[2 2 2] "
      "border=same weight@1" },
    { TF("conv3d"), "{\"strides\": [1, 1, 1, 1, 1], " SAME ","
      " \"dilations\": 2}", "x (1, 9, 9, 9, 4); filters (3, 3, 3, 4, 8)",
      "illegal dilations" },
    { TF("conv3d"), "{\"strides\": [1, 1, 1, 1, 1], " SAME "}",
      "x (1, 9, 9, 9, 4); filters (3, 3, 3, 2, 8)", "illegal filters" },
    { TF("convolution"), "{}", F4, C3 " weight@1" },
    { TF("convolution"), "{\"strides\": 2, " SAME "}",
      "x (1, 9, 4); filters (3, 4, 8)",
      "conv outputs=8 taps=[3] stride=[2] border=same weight@1" },
    { TF("convolution"), "{\"strides\": [2, 1], \"dilations\": [1, 2]}", F4,
      "illegal dilations" },
    { TF("convolution"), "{\"padding\": \"EXPLICIT\"}", F4,
      "unsupported padding" },
    { TF("convolution"), "{\"padding\": \"EXPLICIT\", \"dilations\": 2}",
      F4, "illegal padding" },
    { V1("convolution"), "{" SAME ", \"dilation_rate\": 2}",
      "x " X4 "; filter (3, 3, 4, 8)",
      C3 " dilation=[2 2] border=same weight@1" },
    { V1("convolution"), "{" SAME ", \"dilation_rate\": 2,"
      " \"dilations\": 2}", "x " X4 "; filter (3, 3, 4, 8)",
      "illegal dilations" },
    { TF("atrous_conv2d"), "{\"rate\": 2, " PAIRS "}", F4,
      C3 " dilation=[2 2] border=[1:2 3:0] weight@1" },
    { TF("atrous_conv2d"), "{\"rate\": 0, " SAME "}", F4, "illegal rate" },
    { TF("depthwise_conv2d"), "{\"strides\": [1, 1, 2, 1], " SAME "}", A4,
      "conv outputs=8 taps=[3 3] stride=[1 2] groups=4 border=same "
      "weight@1" },
    { TF("depthwise_conv2d"), "{\"strides\": 1, " SAME "}", A4,
      "illegal strides" },
    { TF("depthwise_conv2d"), "{" ONE1 ", " PAIRS ","
      " \"dilations\": [2, 1]}", A4,
      "conv outputs=8 taps=[3 3] dilation=[2 1] groups=4 border=[1:2 3:0] "
      "weight@1" },
    { TF("depthwise_conv2d"), "{\"strides\": [1, 2, 2, 1], " SAME ","
      " \"dilations\": [1, 2]}", A4, "unsupported dilations" },
    { TF("depthwise_conv2d"), "{" ONE1 ", " SAME ", \"dilations\": [2]}",
      A4, "unsupported dilations" },
    { TF("depthwise_conv2d"), "{" ONE1 ", " SAME ", \"dilations\": 2}", A4,
      "illegal dilations" },
    { TF("depthwise_conv2d"), "{" ONE1 ", " SAME ","
      " \"dilations\": [1, 2, 2, 1]}", A4, "illegal dilations" },
    { TF("depthwise_conv2d"), "{" ONE1 ", " SAME "}",
      "x " X4 "; filter (3, 3, 2, 2)", "illegal filter" },
    { V1("depthwise_conv2d"), "{" ONE1 ", " SAME ", \"rate\": [2, 2]}", A4,
      "conv outputs=8 taps=[3 3] dilation=[2 2] groups=4 border=same "
      "weight@1" },
    { V1("depthwise_conv2d"), "{" ONE1 ", " SAME ", \"rate\": [2, 2],"
      " \"dilations\": [2, 2]}", A4, "illegal dilations" },
    { TF("separable_conv2d"), "{\"strides\": [1, 2, 2, 1], " SAME "}",
      "x " X4 "; depthwise_filter (3, 3, 4, 2);"
      " pointwise_filter (1, 1, 8, 5)",
      "conv outputs=8 taps=[3 3] stride=[2 2] groups=4 border=same weight@1 "
      "| conv outputs=5 taps=[1 1] weight@2" },
    { TF("separable_conv2d"), "{" ONE1 ", " SAME "}",
      "x " X4 "; depthwise_filter (3, 3, 4, 2);"
      " pointwise_filter (1, 1, 7, 5)", "illegal pointwise_filter" },
    { V1("conv2d"), "{" SAME "}", "x " X4 "; filters (3, 3, 4, 8)",
      C3 " border=same weight@1" },
    { V1("conv2d"), "{\"strides\": 1}", "x " X4 "; filter (3, 3, 4, 8)",
      "illegal padding" },
    { V1("conv1d"), "{\"stride\": 2, " SAME "}",
      "x (1, 9, 4); filters (3, 4, 8)",
      "conv outputs=8 taps=[3] stride=[2] border=same weight@1" },
    { "tf1", "tf.layers.conv2d", "{" FK ", \"padding\": \"Same\"}", "x " X4,
      C3 " border=same weight bias" },
    { "tf1", "tf.layers.conv2d", "{" FK ", \"activation\": \"relu\"}",
      "x " X4, C3 " weight bias | pointwise function=relu" },
    { "tf1", "tf.layers.conv2d", "{" FK ", " BOTH "}", "x " X4,
      "illegal dilation_rate" },
    { "tf1", "tf.layers.conv1d", "{" FK ", \"padding\": \"causal\"}",
      "x (1, 9, 4)", "conv outputs=8 taps=[3] border=causal weight bias" },
    { "tf1", "tf.layers.separable_conv1d",
      "{" FK ", \"padding\": \"causal\"}", "x (1, 9, 4)",
      "conv outputs=4 taps=[3] groups=4 border=causal weight | "
      "conv outputs=8 taps=[1] weight bias" },
};
/* clang-format on */

static void torch_is_read_as_it_computes(void)
{
    caller_check(torch_rows, sizeof torch_rows / sizeof *torch_rows);
}

static void both_kerases_are_read_as_they_compute(void)
{
    caller_check(keras_rows, sizeof keras_rows / sizeof *keras_rows);
}

static void tensorflow_is_read_as_it_computes(void)
{
    caller_check(tf_rows, sizeof tf_rows / sizeof *tf_rows);
}

/* ---- what a step says beside its attributes ---- */

static void parts_have_labels_and_the_frameworks_names(void)
{
    static const struct {
        caller_row row;
        const char *labels[2], *sources[3];
    } rows[] = {
        { { "keras3", SEP, "{" FK "}", X4, NULL },
          { "depthwise", NULL },
          { "depthwise_kernel", "pointwise_kernel", "bias" } },
        { { "keras2", DEPTH, "{\"kernel_size\": 3}", X4, NULL },
          { NULL },
          { "depthwise_kernel", "bias" } },
        { { "keras3", DEPTH, "{\"kernel_size\": 3}", X4, NULL },
          { NULL },
          { "kernel", "bias" } },
        { { CONV2, "{" K3 ", \"padding\": 1, \"padding_mode\": \"reflect\"}",
            XT, NULL },
          { "pad", NULL },
          { "weight", "bias" } },
        { { TF("separable_conv2d"), "{" ONE1 ", " SAME "}",
            "x " X4 "; depthwise_filter (3, 3, 4, 2);"
            " pointwise_filter (1, 1, 8, 5)",
            NULL },
          { "depthwise", NULL },
          { "depthwise_filter", "pointwise_filter" } },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int at = 0;
        bench b;

        bench_open(&b);
        CHECK_EQ(caller_read(&b, &rows[i].row), CVY_OK);
        for (int s = 0; s < b.phrase.n; s++) {
            const cvyi_step *const step = &b.phrase.steps[s];

            if (rows[i].labels[s] == NULL)
                CHECK(step->label == NULL);
            else
                CHECK_STR(step->label, rows[i].labels[s]);
            for (int k = 0; k < step->n_slots; k++)
                CHECK_STR(step->slots[k].source, rows[i].sources[at++]);
        }
        CHECK(at == 3 || rows[i].sources[at] == NULL);
        bench_close(&b);
    }
}

/* kaiming_uniform(a=sqrt(5)) is 1 / sqrt(inputs of a group * taps). */
static void torch_draws_within_the_root_of_the_fan(void)
{
    const caller_row row = {
        "torch", "torch.nn.Conv1d",
        "{\"in_channels\": 8, \"out_channels\": 4, \"kernel_size\": 8,"
        " \"groups\": 2}",
        "(1, 8, 9)", NULL
    };
    bench b;

    bench_open(&b);
    CHECK_EQ(caller_read(&b, &row), CVY_OK);
    for (int i = 0; i < 2; i++) {
        const cvyi_start start = b.phrase.steps[0].slots[i].start;

        CHECK_EQ(start.draw, CVYI_DRAW_UNIFORM);
        CHECK(fabs(start.a + 1 / sqrt(32)) < 1e-15);
        CHECK(fabs(start.b - 1 / sqrt(32)) < 1e-15);
    }
    bench_close(&b);
}

static void layers_of_tensorflow_1_start_with_glorot(void)
{
    const caller_row row = { "tf1", "tf.layers.conv2d", "{" FK "}", "x " X4,
                             NULL };
    bench b;

    bench_open(&b);
    CHECK_EQ(caller_read(&b, &row), CVY_OK);
    CHECK(cvyi_is_text(b.phrase.steps[0].slots[0].initialiser,
                       "glorot_uniform"));
    CHECK(cvyi_is_text(b.phrase.steps[0].slots[1].initialiser, "zeros"));
    bench_close(&b);
}

static void groups_that_do_nothing_are_remarked(void)
{
    const caller_row row = { "keras2", DEPTH,
                             "{\"kernel_size\": 3, \"groups\": 2}", X4, NULL };
    bench b;

    bench_open(&b);
    CHECK_EQ(caller_read(&b, &row), CVY_OK);
    CHECK_EQ(b.phrase.n_remarks, 1);
    CHECK_STR(b.phrase.remarks[0], "groups: Keras does nothing with it here");
    bench_close(&b);
}

/* tf_keras writes them into the config of a separable convolution, which has
 * no kernel. */
static bool is_ignored(const cvyi_spelling *spelling, const char *argument)
{
    return strcmp(spelling->dialect, "keras2") == 0 &&
           strstr(spelling->name, "Separable") != NULL &&
           strncmp(argument, "kernel_", 7) == 0 &&
           strcmp(argument, "kernel_size") != 0;
}

/* Every argument that says something about numbers has a meaning. */
static void check_arguments(const cvyi_spelling *list)
{
    static const char silent[] =
        " x name device dtype trainable reuse use_cudnn_on_gpu ";
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };

    for (; list->dialect != NULL; list++) {
        cvyi_signature s;

        CHECK_OK(cvyi_signature_parse(&s, &arena, list->signature, &err));
        for (int i = 0; i < s.n; i++) {
            const char *const name = s.parameters[i].name;
            const char *const word = cvyi_arena_printf(&arena, " %s ", name);
            const cvyi_argument *a = list->arguments;

            while (a->name != NULL && strcmp(a->name, name) != 0)
                a++;
            if (is_ignored(list, name))
                continue;
            if ((a->name == NULL) != (strstr(silent, word) != NULL))
                CHECK_FAIL("%s: %s has no meaning, or one too many",
                           list->name, name);
        }
    }
    cvyi_arena_close(&arena);
}

static void every_argument_has_a_meaning(void)
{
    for (size_t i = 0; i < cvyi_n_ops; i++)
        if (strcmp(cvyi_ops[i]->name, "conv") == 0) {
            check_arguments(cvyi_all_words[i].keras);
            check_arguments(cvyi_all_words[i].torch);
            check_arguments(cvyi_all_words[i].tf);
        }
}

static const check_case cases[] = {
    { "every_argument_has_a_meaning", every_argument_has_a_meaning },
    { "torch_is_read_as_it_computes", torch_is_read_as_it_computes },
    { "both_kerases_are_read_as_they_compute",
      both_kerases_are_read_as_they_compute },
    { "tensorflow_is_read_as_it_computes", tensorflow_is_read_as_it_computes },
    { "parts_have_labels_and_the_frameworks_names",
      parts_have_labels_and_the_frameworks_names },
    { "torch_draws_within_the_root_of_the_fan",
      torch_draws_within_the_root_of_the_fan },
    { "layers_of_tensorflow_1_start_with_glorot",
      layers_of_tensorflow_1_start_with_glorot },
    { "groups_that_do_nothing_are_remarked",
      groups_that_do_nothing_are_remarked },
};
CHECK_MAIN(cases)
