/* layer/conv_transpose: how each dialect spells it. */
#include "caller.h"

#include "convey/padding.h"

/* ---- Keras' words ---- */

/* The lengths that both versions document, with output_padding -1 for None. */
static int64_t keras_length(int64_t n, cvy_window w, bool same, int64_t extra)
{
    const int64_t span = (w.taps - 1) * w.dilation + 1;

    if (extra < 0)
        return same ? n * w.stride
                    : (n - 1) * w.stride + (span > w.stride ? span : w.stride);
    return (n - 1) * w.stride + (same ? span % 2 : span) + extra;
}

/* For every window: the length is Keras', and what is cut off in front is the
 * border of the forward layer over that length. */
static int check_keras(const char *dialect, cvy_window w, bool same,
                       int64_t extra)
{
    int checked = 0;

    for (int64_t n = 1; n <= 5; n++) {
        const int64_t length = keras_length(n, w, same, extra);
        const int64_t forward = (length + w.stride - 1) / w.stride;
        cvy_border border = { 0, 0 };
        caller_row row = { .dialect = dialect,
                           .name = "keras.layers.Conv1DTranspose" };
        cvyi_inferred inferred;
        cvy_error err = { 0 };
        bench b;

        bench_open(&b);
        row.json = cvyi_arena_printf(
            &b.arena,
            "{\"filters\": 1, \"kernel_size\": %d, \"strides\": %d, "
            "\"dilation_rate\": %d, \"padding\": \"%s\", "
            "\"output_padding\": %s}",
            (int)w.taps, (int)w.stride, (int)w.dilation,
            same ? "same" : "valid",
            extra < 0 ? "null"
                      : cvyi_arena_printf(&b.arena, "%d", (int)extra));
        row.tensors = cvyi_arena_printf(&b.arena, "(N, %d, 2)", (int)n);
        if (same && forward != n) {
            CHECK_STR(caller_becomes(&b, &row), "illegal output_padding");
            bench_close(&b);
            continue;
        }
        CHECK_EQ(caller_read(&b, &row), CVY_OK);
        if (same)
            CHECK_OK(cvy_border_same(&border, length, w, &err));

        const cvyi_attrs *const attrs = &b.phrase.steps[0].attrs;
        const cvyi_type in =
            bench_type(&b, cvyi_arena_printf(&b.arena, "(N, 2, %d)", (int)n));

        CHECK_EQ(attrs->op->infer(&inferred, attrs, &in, 1, &b.sizes, &b.err),
                 CVY_OK);
        CHECK_STR(bench_shape(&b, &inferred.out[0]),
                  cvyi_arena_printf(&b.arena, "(N, 1, %d)", (int)length));
        CHECK_EQ(cvyi_attr_border(attrs, "crop")->before[0], border.before);
        checked++;
        bench_close(&b);
    }
    return checked;
}

static void keras_crops_as_the_forward_layer_pads(void)
{
    int checked = 0;

    for (int code = 0; code < 6 * 4 * 2 * 2; code++) {
        const cvy_window w = { code % 6 + 1, code / 6 % 4 + 1,
                               code / 24 % 2 + 1 };

        if (w.stride > 1 && w.dilation > 1)
            continue;
        for (int64_t extra = -1; extra < w.stride; extra++) {
            checked += check_keras("keras3", w, code / 48 != 0, extra);
            checked += check_keras("keras2", w, code / 48 != 0, extra);
        }
    }
    CHECK(checked > 1000);
}

#define K3 "keras3", "keras.layers.Conv2DTranspose"
#define K2 "keras2", "keras.layers.Conv2DTranspose"
#define IMAGE "(N, 5, 5, 4)"

/* clang-format off */
static const caller_row keras_rows[] = {
    { K3, "{\"filters\": 3, \"kernel_size\": 3}", IMAGE,
      "conv_transpose outputs=3 taps=[3 3] weight bias" },
    { K3, "{\"filters\": 3, \"kernel_size\": 3, \"strides\": 2,"
      " \"padding\": \"SAME\", \"use_bias\": false}", IMAGE,
      "conv_transpose outputs=3 taps=[3 3] stride=[2 2] crop=[0:1 0:1] "
      "weight" },
    { K3, "{\"filters\": 3, \"kernel_size\": [3, 4], \"strides\": 2,"
      " \"output_padding\": [0, 1], \"padding\": \"same\","
      " \"activation\": \"relu\"}", "(N, H, W, 4)",
      "conv_transpose outputs=3 taps=[3 4] stride=[2 2] crop=[1:1 1:2] "
      "weight bias | pointwise function=relu" },
    { "keras3", "keras.layers.Convolution1DTranspose",
      "{\"filters\": 3, \"kernel_size\": 1, \"strides\": 2,"
      " \"data_format\": \"channels_first\"}", "(N, 4, 9)",
      "conv_transpose outputs=3 taps=[1] stride=[2] crop=[0:-1] "
      "weight bias" },
    { K3, "{\"filters\": 3, \"kernel_size\": 3, \"dilation_rate\":"
      " [1, 2]}", IMAGE,
      "conv_transpose outputs=3 taps=[3 3] dilation=[1 2] weight bias" },
    { K2, "{\"filters\": 2.7, \"kernel_size\": 3, \"groups\": 2}", IMAGE,
      "conv_transpose outputs=2 taps=[3 3] weight bias" },
    { "keras2", "keras.layers.Convolution2DTranspose",
      "{\"filters\": 2, \"kernel_size\": 3, \"dilation_rate\": 2}", IMAGE,
      "conv_transpose outputs=2 taps=[3 3] dilation=[2 2] weight bias" },
    { "keras3", "keras.layers.Conv3DTranspose",
      "{\"filters\": 2, \"kernel_size\": 2, \"dilation_rate\": 2}",
      "(N, 3, 3, 3, 1)",
      "conv_transpose outputs=2 taps=[2 2 2] dilation=[2 2 2] "
      "weight bias" },
    { "keras3", "keras.ops.conv_transpose", "{\"strides\": 2,"
      " \"dilation_rate\": 2}", "x (N, 5, 5, 4); kernel (3, 3, 2, 4)",
      "conv_transpose outputs=2 taps=[3 3] stride=[2 2] dilation=[2 2] "
      "weight@1" },
    { "keras3", "keras.ops.conv_transpose", "{\"padding\": \"same\"}",
      "x (N, L, 4); kernel (3, 2, 4)",
      "conv_transpose outputs=2 taps=[3] crop=[1:1] weight@1" },
    /* what Keras refuses */
    { K3, "{\"filters\": 2.0, \"kernel_size\": 3}", IMAGE,
      "illegal filters" },
    { K3, "{\"filters\": 0, \"kernel_size\": 3}", IMAGE,
      "illegal filters" },
    { K3, "{\"filters\": 2, \"kernel_size\": [3]}", IMAGE,
      "illegal kernel_size" },
    { K3, "{\"filters\": 2, \"kernel_size\": 3.0}", IMAGE,
      "illegal kernel_size" },
    { K3, "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 0}", IMAGE,
      "illegal strides" },
    { K3, "{\"filters\": 2, \"kernel_size\": 3, \"strides\": [2, 1],"
      " \"dilation_rate\": [1, 2]}", IMAGE, "illegal dilation_rate" },
    { K3, "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 2,"
      " \"output_padding\": 2}", IMAGE, "illegal output_padding" },
    { K3, "{\"filters\": 2, \"kernel_size\": 3, \"strides\": 2,"
      " \"output_padding\": -1}", IMAGE, "illegal output_padding" },
    { K3, "{\"filters\": 2, \"kernel_size\": 4, \"strides\": 2,"
      " \"padding\": \"same\", \"output_padding\": 0}", IMAGE,
      "illegal output_padding" },
    { K3, "{\"filters\": 2, \"kernel_size\": 3, \"padding\":"
      " \"causal\"}", IMAGE, "illegal padding" },
    { K3, "{\"filters\": 2, \"kernel_size\": 3, \"padding\": 1}", IMAGE,
      "illegal padding" },
    { K3, "{\"filters\": 2, \"kernel_size\": 3}", "(N, 5, 4)",
      "illegal " },
    { K3, "{\"filters\": 2, \"kernel_size\": 3}", "(N, 5, 5, C)",
      "illegal " },
    { K2, "{\"filters\": 2, \"kernel_size\": 3, \"dilation_rate\":"
      " [1, 2]}", IMAGE, "illegal dilation_rate" },
    { "keras3", "keras.ops.conv_transpose", "{}",
      "x (N, 5, 5, 4); kernel (3, 3, 2, 3)", "illegal kernel" },
    { "keras3", "keras.ops.conv_transpose", "{}",
      "x (N, 5, 5, 4); kernel (3, 2, 4)", "illegal kernel" },
    { "keras3", "keras.ops.conv_transpose", "{\"strides\": 2,"
      " \"output_padding\": 2}", "x (N, 5, 5, 4); kernel (3, 3, 2, 4)",
      "illegal output_padding" },
    { "keras3", "keras.ops.conv_transpose", "{}",
      "x (N, 5, 5, 4); kernel ?", "unsupported kernel" },
    /* tf_keras computes something else than it says */
    { "keras2", "keras.layers.Conv3DTranspose",
      "{\"filters\": 2, \"kernel_size\": 2, \"dilation_rate\": 2}",
      "(N, 3, 3, 3, 1)", "unsupported dilation_rate" },
};
/* clang-format on */

static void keras_words_are_read_as_keras_has_them(void)
{
    caller_check(keras_rows, sizeof keras_rows / sizeof *keras_rows);
}

/* ---- TensorFlow's words ---- */

#define TF2 "tf2", "tf.nn.conv2d_transpose"
#define FILTERED "x (1, 5, 5, 4); filters (3, 3, 2, 4)"

/* clang-format off */
static const caller_row tf_rows[] = {
    { TF2, "{\"output_shape\": [1, 10, 10, 2], \"strides\": 2}", FILTERED,
      "conv_transpose outputs=2 taps=[3 3] stride=[2 2] crop=[0:1 0:1] "
      "weight@1" },
    { TF2, "{\"output_shape\": [1, 9, 9, 2], \"strides\": [1, 2, 2, 1]}",
      FILTERED,
      "conv_transpose outputs=2 taps=[3 3] stride=[2 2] crop=[1:1 1:1] "
      "weight@1" },
    { TF2, "{\"output_shape\": [9, 10], \"strides\": [2]}", FILTERED,
      "conv_transpose outputs=2 taps=[3 3] stride=[2 2] crop=[1:1 0:1] "
      "weight@1" },
    { TF2, "{\"output_shape\": [-1, 12, 11, 2], \"strides\": [2, 2],"
      " \"padding\": \"VALID\"}", FILTERED,
      "conv_transpose outputs=2 taps=[3 3] stride=[2 2] crop=[0:-1 0:0] "
      "weight@1" },
    { TF2, "{\"output_shape\": [1, 6, 9, 2], \"strides\": 2,"
      " \"padding\": [[0, 0], [5, 0], [1, 1], [0, 0]]}", FILTERED,
      "conv_transpose outputs=2 taps=[3 3] stride=[2 2] crop=[5:0 1:1] "
      "weight@1" },
    { TF2, "{\"output_shape\": [1, 4, 10, 10], \"strides\": 2,"
      " \"data_format\": \"NCHW\"}",
      "x (1, 4, 5, 5); filters (3, 3, 2, 4)",
      "conv_transpose outputs=4 taps=[3 3] stride=[2 2] groups=2 "
      "crop=[0:1 0:1] weight@1" },
    { "tf2", "tf.nn.conv1d_transpose", "{\"output_shape\": [5, 10, 2],"
      " \"strides\": [1, 2, 1]}", "x (5, 5, 4); filters (3, 2, 4)",
      "conv_transpose outputs=2 taps=[3] stride=[2] crop=[0:1] "
      "weight@1" },
    { "tf2", "tf.nn.conv3d_transpose", "{\"output_shape\":"
      " [1, 1, 10, 10, 2], \"strides\": [1, 2, 2]}",
      "x (1, 1, 5, 5, 4); filters (1, 3, 3, 2, 4)",
      "conv_transpose outputs=2 taps=[1 3 3] stride=[1 2 2] "
      "crop=[0:0 0:1 0:1] weight@1" },
    { "tf2", "tf.nn.conv_transpose", "{\"output_shape\": [5, 10, 2],"
      " \"strides\": 2.0}", "x (5, 5, 4); filters (3, 2, 4)",
      "conv_transpose outputs=2 taps=[3] stride=[2] crop=[0:1] "
      "weight@1" },
    { "tf1", "tf.nn.conv2d_transpose", "{\"output_shape\":"
      " [1, 10, 10, 2], \"strides\": 2}",
      "x (1, 5, 5, 4); filter (3, 3, 2, 4)",
      "conv_transpose outputs=2 taps=[3 3] stride=[2 2] crop=[0:1 0:1] "
      "weight@1" },
    { "tf1", "tf.nn.conv3d_transpose", "{\"output_shape\":"
      " [1, 5, 5, 5, 2], \"strides\": 1}",
      "x (1, 5, 5, 5, 4); filters (1, 1, 1, 2, 4)",
      "conv_transpose outputs=2 taps=[1 1 1] weight@1" },
    { "tf1", "tf.layers.conv2d_transpose", "{\"filters\": 2,"
      " \"kernel_size\": 3, \"strides\": 2, \"padding\": \"same\"}",
      "x (N, 5, 5, 4)",
      "conv_transpose outputs=2 taps=[3 3] stride=[2 2] crop=[0:1 0:1] "
      "weight bias" },
    /* refused */
    { TF2, "{\"output_shape\": [1, 9, 9, 2], \"strides\": 2,"
      " \"dilations\": 2, \"padding\": [[0, 0], [2, 2], [2, 2], [0, 0]]}",
      FILTERED, "illegal padding" },
    { "tf2", "tf.nn.conv1d_transpose", "{\"output_shape\": [1, 2, 2],"
      " \"strides\": 2, \"padding\": \"VALID\"}",
      "x (1, 1, 4); filters (3, 2, 4)", "unsupported output_shape" },
    { "tf2", "tf.nn.conv1d_transpose", "{\"output_shape\": [1, 1, 2],"
      " \"strides\": 2, \"padding\": \"VALID\"}",
      "x (1, 1, 4); filters (3, 2, 4)", "illegal output_shape" },
    { TF2, "{\"output_shape\": [1, 8, 10, 2], \"strides\": 2}", FILTERED,
      "illegal output_shape" },
    { TF2, "{\"output_shape\": [1, 11, 10, 2], \"strides\": 2}", FILTERED,
      "illegal output_shape" },
    { TF2, "{\"output_shape\": [2, 10, 10, 2], \"strides\": 2}", FILTERED,
      "illegal output_shape" },
    { TF2, "{\"output_shape\": [1, 10, 10, 3], \"strides\": 2}", FILTERED,
      "illegal output_shape" },
    { TF2, "{\"output_shape\": 10, \"strides\": 2}", FILTERED,
      "illegal output_shape" },
    { TF2, "{\"output_shape\": [1, 10, 10, 2], \"strides\": 2}",
      "x (1, H, 5, 4); filters (3, 3, 2, 4)",
      "unsupported output_shape" },
    { TF2, "{\"output_shape\": [1, 10, 10, 2], \"strides\": [2, 2, 2]}",
      FILTERED, "illegal strides" },
    { TF2, "{\"output_shape\": [1, 10, 10, 2], \"strides\":"
      " [1, 2, 2, 2]}", FILTERED, "illegal strides" },
    { TF2, "{\"output_shape\": [1, 10, 10, 2], \"strides\": 0}", FILTERED,
      "illegal strides" },
    { TF2, "{\"output_shape\": [1, 10, 10, 2], \"strides\": 2,"
      " \"padding\": \"same\"}", FILTERED, "illegal padding" },
    { TF2, "{\"output_shape\": [1, 11, 11, 2], \"strides\": 2,"
      " \"padding\": [[0, 0], [0, 0], [0, 0], [1, 0]]}", FILTERED,
      "illegal padding" },
    { TF2, "{\"output_shape\": [1, 10, 10, 2], \"strides\": 2,"
      " \"data_format\": \"channels_last\"}", FILTERED,
      "illegal data_format" },
    { TF2, "{\"output_shape\": [1, 10, 10, 2], \"strides\": 2}",
      "x (1, 5, 5, 4); filters (3, 3, 2, 3)", "illegal filters" },
    { "tf2", "tf.nn.conv1d_transpose", "{\"output_shape\": [10],"
      " \"strides\": 2}", "x (5, 5, 4); filters (3, 2, 4)",
      "illegal output_shape" },
    { "tf2", "tf.nn.conv1d_transpose", "{\"output_shape\": [5, 9, 2],"
      " \"strides\": 2, \"padding\": [[0, 0], [1, 1], [0, 0]]}",
      "x (5, 5, 4); filters (3, 2, 4)", "illegal padding" },
    { "tf1", "tf.nn.conv2d_transpose", "{\"output_shape\":"
      " [1, 10, 10, 2], \"strides\": 2}",
      "x (1, 5, 5, 4); filter (3, 3, 2, 4); filters (3, 3, 2, 4)",
      "illegal filters" },
};
/* clang-format on */

static void tensorflow_says_the_shape_it_wants(void)
{
    caller_check(tf_rows, sizeof tf_rows / sizeof *tf_rows);
}

/* ---- torch's words ---- */

#define NN "torch", "torch.nn.ConvTranspose2d"
#define LAZY "torch", "torch.nn.LazyConvTranspose2d"
#define FN "torch", "torch.nn.functional.conv_transpose2d"

/* clang-format off */
static const caller_row torch_rows[] = {
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"stride\": [2], \"padding\": 1, \"output_padding\": [1],"
      " \"bias\": 0}", "(N, 4, H, W)",
      "conv_transpose outputs=8 taps=[3 3] stride=[2 2] crop=[1:0 1:0] "
      "weight" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"stride\": 2, \"dilation\": 3, \"output_padding\": 2,"
      " \"groups\": 2}", "(1, 4, 5, 5)",
      "conv_transpose outputs=8 taps=[3 3] stride=[2 2] dilation=[3 3] "
      "groups=2 crop=[0:-2 0:-2] weight bias" },
    { LAZY, "{\"out_channels\": 8, \"kernel_size\": [3, 2]}",
      "(1, 4, 5, 5)", "conv_transpose outputs=8 taps=[3 2] weight bias" },
    { FN, "{\"groups\": 2}",
      "x (1, 4, 5, 5); weight (4, 3, 3, 3); bias (6)",
      "conv_transpose outputs=6 taps=[3 3] groups=2 weight@1 bias@2" },
    { "torch", "torch.conv_transpose1d", "{\"stride\": 3, \"padding\":"
      " 2}", "x (1, 4, 5); weight (4, 3, 7)",
      "conv_transpose outputs=3 taps=[7] stride=[3] crop=[2:2] "
      "weight@1" },
    /* refused */
    { NN, "{\"in_channels\": 3, \"out_channels\": 8, \"kernel_size\": 3}",
      "(1, 4, 5, 5)", "illegal in_channels" },
    { NN, "{\"in_channels\": 0, \"out_channels\": 8, \"kernel_size\": 3}",
      "(1, 0, 5, 5)", "illegal in_channels" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\":"
      " [3]}", "(1, 4, 5, 5)", "illegal kernel_size" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"stride\": true}", "(1, 4, 5, 5)", "illegal stride" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"stride\": 2.0}", "(1, 4, 5, 5)", "illegal stride" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"padding\": -1}", "(1, 4, 5, 5)", "illegal padding" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"padding\": \"same\"}", "(1, 4, 5, 5)", "illegal padding" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"stride\": 2, \"output_padding\": 2}", "(1, 4, 5, 5)",
      "illegal output_padding" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"padding\": 3}", "(1, 4, 4, 4)", "unsupported padding" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"padding\": 4}", "(1, 4, 4, 4)", "illegal padding" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3,"
      " \"padding_mode\": \"reflect\"}", "(1, 4, 4, 4)",
      "illegal padding_mode" },
    { NN, "{\"in_channels\": 4, \"out_channels\": 8, \"kernel_size\": 3}",
      "(4, 4, 4)", "unsupported " },
    { LAZY, "{\"out_channels\": 8, \"kernel_size\": 3, \"groups\": 3}",
      "(1, 4, 5, 5)", "illegal groups" },
    { FN, "{\"groups\": 3}", "x (1, 4, 5, 5); weight (4, 3, 3, 3)",
      "illegal groups" },
    { FN, "{}", "x (1, 4, 5, 5); weight (3, 3, 3, 3)",
      "illegal weight" },
    { FN, "{}", "x (1, 4, 5, 5); weight (4, 3, 3)", "illegal weight" },
    { FN, "{}", "x (1, 4, 5, 5); weight (4, 3, 3, 3); bias (4)",
      "illegal bias" },
    { FN, "{}", "x (1, 4, 5, 5); weight ?", "unsupported weight" },
};
/* clang-format on */

static void torch_words_are_read_as_torch_has_them(void)
{
    caller_check(torch_rows, sizeof torch_rows / sizeof *torch_rows);
}

/* torch counts the fan of the weight's axis 1. */
static void torch_says_how_it_draws(void)
{
    const caller_row row = { NN,
                             "{\"in_channels\": 4, \"out_channels\": 8,"
                             " \"kernel_size\": 3, \"groups\": 2}",
                             "(1, 4, 5, 5)", NULL };
    bench b;

    bench_open(&b);
    CHECK_EQ(caller_read(&b, &row), CVY_OK);
    for (int i = 0; i < 2; i++) {
        const cvyi_start start = b.phrase.steps[0].slots[i].start;

        CHECK_EQ(start.draw, CVYI_DRAW_UNIFORM);
        CHECK(fabs(start.b - 1.0 / 6) < 1e-15 && start.a == -start.b);
    }
    bench_close(&b);
}

static const check_case cases[] = {
    { "keras_crops_as_the_forward_layer_pads",
      keras_crops_as_the_forward_layer_pads },
    { "keras_words_are_read_as_keras_has_them",
      keras_words_are_read_as_keras_has_them },
    { "tensorflow_says_the_shape_it_wants",
      tensorflow_says_the_shape_it_wants },
    { "torch_words_are_read_as_torch_has_them",
      torch_words_are_read_as_torch_has_them },
    { "torch_says_how_it_draws", torch_says_how_it_draws },
};
CHECK_MAIN(cases)
