/* layer/pool: what the frameworks' calls mean, and what Keras is told. */
#include "pool_rows.h"

#include "layer/window.h"

/* clang-format off */
#define T "torch"
#define NN "torch.nn."
#define F "torch.nn.functional."
#define K3 "keras3"
#define K2 "keras2"
#define L "keras.layers."
#define OPS "keras.ops."

static const caller_row torch_rows[] = {
    { T, NN "MaxPool2d", "{\"kernel_size\": [3], \"stride\": 2, "
      "\"padding\": [1]}", "(N, 3, H, W)",
      "pool kind=max taps=[3 3] stride=[2 2] border=[1:1 1:1]" },
    { T, NN "MaxPool2d", "{\"kernel_size\": 3, \"stride\": [], "
      "\"dilation\": [2, 1]}", "(N, 3, H, W)",
      "pool kind=max taps=[3 3] stride=[3 3] dilation=[2 1]" },
    { T, NN "MaxPool2d", "{\"kernel_size\": [2, true]}", "(N, 3, H, W)",
      "pool kind=max taps=[2 1] stride=[2 1]" },
    { T, "torch.max_pool1d", "{\"kernel_size\": 2}", "x (N, 3, L)",
      "pool kind=max taps=[2] stride=[2]" },
    { T, "torch.avg_pool1d", "{\"kernel_size\": 3, \"stride\": 1, "
      "\"padding\": 1}", "x (N, 3, L)",
      "pool kind=average taps=[3] border=[1:1] count=window" },
    { T, F "avg_pool3d", "{\"kernel_size\": 2, \"count_include_pad\": false, "
      "\"padding\": 1}", "x (N, 3, D, H, W)",
      "pool kind=average taps=[2 2 2] stride=[2 2 2] border=[1:1 1:1 1:1]" },
    { T, NN "AvgPool2d", "{\"kernel_size\": 3, \"divisor_override\": 9}",
      "(N, 3, H, W)", "pool kind=average taps=[3 3] stride=[3 3]" },
    { T, NN "AvgPool2d", "{\"kernel_size\": [2, 3], \"padding\": 1, "
      "\"divisor_override\": -4}", "(N, 3, H, W)",
      "pool kind=average taps=[2 3] stride=[2 3] border=[1:1 1:1] "
      "count=window | rescale scale=[-1.5] offset=[0.0]" },
    { T, NN "AvgPool2d", "{\"kernel_size\": 2, \"ceil_mode\": true, "
      "\"divisor_override\": 2}", "(N, 3, 8, 6)",
      "pool kind=average taps=[2 2] stride=[2 2] | "
      "rescale scale=[2.0] offset=[0.0]" },
    { T, NN "AvgPool2d", "{\"kernel_size\": 2, \"ceil_mode\": true, "
      "\"divisor_override\": 2}", "(N, 3, 8, 7)",
      "unsupported divisor_override" },
    { T, NN "AvgPool2d", "{\"kernel_size\": 2, \"ceil_mode\": true, "
      "\"divisor_override\": 2}", "(N, 3, 8, W)",
      "unsupported divisor_override" },
    { T, NN "AvgPool2d", "{\"kernel_size\": 2, \"divisor_override\": 2.0}",
      "(N, 3, 8, W)", "illegal divisor_override" },
    { T, NN "AvgPool2d", "{\"kernel_size\": 2, \"divisor_override\": true}",
      "(N, 3, 8, W)", "illegal divisor_override" },
    { T, NN "MaxPool2d", "{\"kernel_size\": 2.0}", "(N, 3, H, W)",
      "illegal kernel_size" },
    { T, NN "MaxPool2d", "{\"kernel_size\": true}", "(N, 3, H, W)",
      "illegal kernel_size" },
    { T, NN "MaxPool2d", "{\"kernel_size\": [true, 2]}", "(N, 3, H, W)",
      "illegal kernel_size" },
    { T, NN "MaxPool2d", "{\"kernel_size\": [2, 2, 2]}", "(N, 3, H, W)",
      "illegal kernel_size" },
    { T, NN "MaxPool1d", "{\"kernel_size\": 2, \"stride\": [2, 2]}",
      "(N, 3, L)", "illegal stride" },
    { T, NN "MaxPool2d", "{\"kernel_size\": 2, \"stride\": 0}",
      "(N, 3, H, W)", "illegal stride" },
    { T, NN "MaxPool2d", "{\"kernel_size\": 3, \"padding\": 2}",
      "(N, 3, H, W)", "illegal padding" },
    { T, NN "MaxPool1d", "{\"kernel_size\": 3, \"padding\": 2, "
      "\"dilation\": 2}", "(N, 3, L)", "illegal padding" },
    { T, NN "MaxPool2d", "{\"kernel_size\": 3, \"padding\": \"same\"}",
      "(N, 3, H, W)", "illegal padding" },
    { T, NN "AvgPool2d", "{\"kernel_size\": 3, \"ceil_mode\": 1}",
      "(N, 3, H, W)", "illegal ceil_mode" },
    { T, NN "AvgPool2d", "{\"kernel_size\": 3, \"count_include_pad\": null}",
      "(N, 3, H, W)", "illegal count_include_pad" },
    { T, NN "MaxPool1d", "{\"kernel_size\": 4, \"stride\": 2}", "(N, 3, 3)",
      "illegal kernel_size" },
    { T, NN "MaxPool1d", "{\"kernel_size\": 4, \"stride\": 2, "
      "\"ceil_mode\": true}", "(N, 3, 3)",
      "pool kind=max taps=[4] stride=[2] ceil=true" },
    { T, NN "MaxPool1d", "{\"kernel_size\": 4, \"stride\": 2, "
      "\"ceil_mode\": true}", "(N, 3, 2)", "illegal kernel_size" },
    { T, NN "AvgPool3d", "{\"kernel_size\": 4, \"padding\": 2}",
      "(N, 3, 3, 8, 8)", "illegal kernel_size" },
    { T, NN "MaxPool3d", "{\"kernel_size\": 4, \"padding\": 2}",
      "(N, 3, 3, 8, 8)",
      "pool kind=max taps=[4 4 4] stride=[4 4 4] border=[2:2 2:2 2:2]" },
    { T, NN "MaxPool2d", "{\"kernel_size\": 2}", "(N, 3, 2, H, W)",
      "illegal " },
    { T, F "max_pool2d", "{\"kernel_size\": 2, \"return_indices\": true}",
      "x (N, 3, H, W)", "unsupported return_indices" },
};

static const caller_row keras_rows[] = {
    { K3, L "MaxPooling2D", "{}", "(N, H, W, 3)",
      "pool kind=max taps=[2 2] stride=[2 2]" },
    { K2, L "MaxPool1D", "{\"data_format\": \"channels_first\"}",
      "(N, 3, L)", "pool kind=max taps=[2] stride=[2]" },
    { K2, L "AveragePooling3D", "{}", "(N, D, H, W, 3)",
      "pool kind=average taps=[2 2 2] stride=[2 2 2]" },
    { K3, L "AvgPool2D", "{\"pool_size\": 3, \"strides\": true, "
      "\"padding\": \"same\"}", "(N, H, W, 3)",
      "pool kind=average taps=[3 3] border=same" },
    { K3, L "AvgPool2D", "{\"pool_size\": 3, \"padding\": \"SAME\"}",
      "(N, H, W, 3)", "illegal padding" },
    { K2, L "AvgPool2D", "{\"pool_size\": 3, \"strides\": 1, "
      "\"padding\": \"SAME\"}", "(N, H, W, 3)",
      "pool kind=average taps=[3 3] border=same" },
    { K3, L "MaxPooling2D", "{\"pool_size\": [2, 2.0]}", "(N, H, W, 3)",
      "pool kind=max taps=[2 2] stride=[2 2]" },
    { K3, L "MaxPooling2D", "{\"pool_size\": 2.0}", "(N, H, W, 3)",
      "illegal pool_size" },
    { K3, L "MaxPooling2D", "{\"pool_size\": [2]}", "(N, H, W, 3)",
      "illegal pool_size" },
    { K2, L "MaxPooling2D", "{\"strides\": 0}", "(N, H, W, 3)",
      "illegal strides" },
    { K2, L "MaxPooling2D", "{\"padding\": 1}", "(N, H, W, 3)",
      "illegal padding" },
    { K3, L "MaxPooling2D", "{\"pool_size\": 9}", "(N, 8, W, 3)",
      "illegal pool_size" },
    { K3, L "MaxPooling2D", "{\"pool_size\": 9, \"padding\": \"same\"}",
      "(N, 8, W, 3)",
      "pool kind=max taps=[9 9] stride=[9 9] border=same" },
    { K3, OPS "max_pool", "{\"pool_size\": [2]}", "x (N, H, W, 3)",
      "pool kind=max taps=[2 2] stride=[2 2]" },
    { K3, OPS "average_pool", "{\"pool_size\": 2.0, \"strides\": [1, 2], "
      "\"padding\": \"same\"}", "x (N, H, W, 3)",
      "pool kind=average taps=[2 2] stride=[1 2] border=same" },
    { K3, OPS "max_pool", "{\"pool_size\": 2}", "x (N, 3)", "illegal x" },
    { K3, OPS "max_pool", "{\"pool_size\": 0}", "x (N, L, 3)",
      "illegal pool_size" },
};

#define PADS "\"padding\": [[0, 0], [1, 1], [1, 0], [0, 0]]"
#define TWO "\"ksize\": 2, \"strides\": 2, "

static const caller_row tf_rows[] = {
    { "tf2", "tf.nn.max_pool", "{" TWO "\"padding\": \"VALID\"}",
      "x (N, L, 3)", "pool kind=max taps=[2] stride=[2]" },
    { "tf2", "tf.nn.avg_pool2d", "{\"ksize\": [1, 2, 3, 1], \"strides\": "
      "null, \"padding\": \"SAME\"}", "x (N, H, W, 3)",
      "pool kind=average taps=[2 3] border=same" },
    { "tf2", "tf.nn.max_pool2d", "{\"ksize\": [1, 1, 2, 3], \"strides\": "
      "[1, 1, 2, 1], \"padding\": \"SAME\", \"data_format\": \"NCHW\"}",
      "x (N, 3, H, W)", "pool kind=max taps=[2 3] stride=[2 1] border=same" },
    { "tf2", "tf.nn.max_pool2d", "{" TWO PADS "}", "x (N, H, W, 3)",
      "pool kind=max taps=[2 2] stride=[2 2] border=[1:1 1:0]" },
    { "tf2", "tf.nn.max_pool1d", "{\"ksize\": 2.7, \"strides\": [1], "
      "\"padding\": [[0, 0], [1, 1], [0, 0]]}", "x (N, L, 3)",
      "pool kind=max taps=[2] border=[1:1]" },
    { "tf1", "tf.nn.max_pool", "{" TWO "\"padding\": \"SAME\"}",
      "x (N, H, W, 3)", "pool kind=max taps=[2 2] stride=[2 2] border=same" },
    { "tf1", "tf.nn.max_pool", "{" TWO "\"padding\": \"SAME\"}",
      "x (N, L, 3)", "illegal " },
    { "tf1", "tf.nn.avg_pool_v2", "{" TWO "\"padding\": \"SAME\"}",
      "x (N, L, 3)", "pool kind=average taps=[2] stride=[2] border=same" },
    { "tf2", "tf.nn.avg_pool2d", "{" TWO PADS "}", "x (N, H, W, 3)",
      "illegal padding" },
    { "tf2", "tf.nn.max_pool3d", "{" TWO "\"padding\": [[0, 0], [1, 1], "
      "[1, 1], [1, 1], [0, 0]]}", "x (N, D, H, W, 3)", "illegal padding" },
    { "tf2", "tf.nn.max_pool2d", "{" TWO "\"padding\": [[0, 0], [2, 1], "
      "[1, 0], [0, 0]]}", "x (N, H, W, 3)", "illegal padding" },
    { "tf2", "tf.nn.max_pool2d", "{" TWO "\"padding\": [[0, 0], [1, 1], "
      "[1, 0], [1, 0]]}", "x (N, H, W, 3)", "illegal padding" },
    { "tf2", "tf.nn.max_pool2d", "{" TWO "\"padding\": \"same\"}",
      "x (N, H, W, 3)", "illegal padding" },
    { "tf2", "tf.nn.max_pool2d", "{\"ksize\": [1, 2, 2, 2], \"strides\": 1, "
      "\"padding\": \"SAME\"}", "x (N, H, W, 3)", "illegal ksize" },
    { "tf2", "tf.nn.max_pool2d", "{\"ksize\": [2, 2, 2], \"strides\": 1, "
      "\"padding\": \"SAME\"}", "x (N, H, W, 3)", "illegal ksize" },
    { "tf2", "tf.nn.max_pool2d", "{" TWO "\"padding\": \"SAME\", "
      "\"data_format\": \"nhwc\"}", "x (N, H, W, 3)", "illegal data_format" },
    { "tf2", "tf.nn.max_pool2d", "{" TWO "\"padding\": \"VALID\"}",
      "x (N, 1, W, 3)", "illegal ksize" },
    { "tf2", "tf.nn.pool", "{\"window_shape\": [2, 3], \"pooling_type\": "
      "\"AVG\", \"dilations\": [2, 1]}", "x (N, H, W, 3)",
      "pool kind=average taps=[2 3] dilation=[2 1]" },
    { "tf1", "tf.nn.pool", "{\"window_shape\": [2], \"pooling_type\": "
      "\"MAX\", \"padding\": \"VALID\", \"dilation_rate\": [3]}",
      "x (N, L, 3)", "pool kind=max taps=[2] dilation=[3]" },
    { "tf1", "tf.nn.pool", "{\"window_shape\": [2], \"pooling_type\": "
      "\"MAX\", \"padding\": \"VALID\", \"dilations\": [3]}",
      "x (N, L, 3)", "pool kind=max taps=[2] dilation=[3]" },
    { "tf1", "tf.nn.pool", "{\"window_shape\": [2], \"pooling_type\": "
      "\"MAX\", \"padding\": \"VALID\", \"dilations\": [3], "
      "\"dilation_rate\": [3]}", "x (N, L, 3)", "illegal dilations" },
    { "tf2", "tf.nn.pool", "{\"window_shape\": [2, 2], \"pooling_type\": "
      "\"MAX\", " PADS "}", "x (N, H, W, 3)",
      "pool kind=max taps=[2 2] border=[1:1 1:0]" },
    { "tf2", "tf.nn.pool", "{\"window_shape\": [2, 2], \"pooling_type\": "
      "\"MAX\", \"dilations\": [2, 1], " PADS "}", "x (N, H, W, 3)",
      "unsupported padding" },
    { "tf2", "tf.nn.pool", "{\"window_shape\": [2], \"pooling_type\": "
      "\"MAX\", \"padding\": [[0, 0], [1, 1], [0, 0]]}", "x (N, L, 3)",
      "illegal padding" },
    { "tf2", "tf.nn.pool", "{\"window_shape\": 2, \"pooling_type\": "
      "\"MAX\"}", "x (N, L, 3)", "illegal window_shape" },
    { "tf2", "tf.nn.pool", "{\"window_shape\": [2], \"pooling_type\": "
      "\"max\"}", "x (N, L, 3)", "illegal pooling_type" },
    { "tf2", "tf.nn.pool", "{\"window_shape\": [2], \"pooling_type\": "
      "\"MAX\", \"strides\": [3]}", "x (N, L, 3)", "illegal strides" },
    { "tf2", "tf.nn.pool", "{\"window_shape\": [2], \"pooling_type\": "
      "\"MAX\", \"strides\": [2], \"dilations\": [2]}", "x (N, L, 3)",
      "illegal dilations" },
    { "tf2", "tf.nn.pool", "{\"window_shape\": [2], \"pooling_type\": "
      "\"MAX\", \"padding\": \"SAME\", \"dilations\": [2]}", "x (N, L, 3)",
      "illegal dilations" },
    { "tf1", "tf.layers.max_pooling2d", "{\"pool_size\": 2, \"strides\": "
      "[1, 2], \"padding\": \"same\"}", "x (N, H, W, 3)",
      "pool kind=max taps=[2 2] stride=[1 2] border=same" },
    { "tf1", "tf.layers.average_pooling1d", "{\"pool_size\": [2, 2], "
      "\"strides\": 1}", "x (N, L, 3)", "illegal pool_size" },
    { "tf1", "tf.layers.AveragePooling3D", "{\"pool_size\": 2, "
      "\"strides\": 1}", "(N, D, H, W, 3)",
      "pool kind=average taps=[2 2 2]" },
};

#define SIZE "\"kernel_size\": "
static const caller_row said_rows[] = {
    { T, NN "MaxPool2d", "{" SIZE "2}", "(N, 3, H, W)",
      "layers.MaxPooling2D(2)" },
    { T, NN "AvgPool1d", "{" SIZE "3, \"stride\": 1}", "(N, 3, L)",
      "layers.AveragePooling1D(3, strides=1)" },
    { T, NN "MaxPool3d", "{" SIZE "[1, 2, 2]}", "(N, 3, D, H, W)",
      "layers.MaxPooling3D((1, 2, 2))" },
    { T, NN "MaxPool2d", "{" SIZE "3, \"stride\": 1, \"padding\": 1}",
      "(N, 3, H, W)", "layers.MaxPooling2D(3, strides=1, padding=\"same\")" },
    { T, NN "MaxPool2d", "{" SIZE "2, \"ceil_mode\": true}", "(N, 3, H, W)",
      "layers.MaxPooling2D(2, padding=\"same\")" },
    { T, NN "AvgPool2d", "{" SIZE "2, \"ceil_mode\": true}", "(N, 3, H, W)",
      "layers.AveragePooling2D(2, padding=\"same\")" },
    { T, NN "MaxPool2d", "{" SIZE "2, \"ceil_mode\": true}", "(N, 3, 8, 6)",
      "layers.MaxPooling2D(2)" },
    { T, NN "MaxPool1d", "{" SIZE "4, \"stride\": 2, \"padding\": 1, "
      "\"ceil_mode\": true}", "(N, 3, L)",
      "layers.MaxPooling1D(4, strides=2, padding=\"same\")" },
    { T, NN "MaxPool1d", "{" SIZE "3, \"stride\": 2, \"ceil_mode\": true}",
      "(N, 3, 8)", "layers.MaxPooling1D(3, strides=2, padding=\"same\")" },
    { T, NN "MaxPool1d", "{" SIZE "3, \"stride\": 2, \"padding\": 1, "
      "\"ceil_mode\": true}", "(N, 3, 8)",
      "ops.max_pool(ops.pad({0}, ((0, 0), (1, 2), (0, 0)), "
      "constant_values=float(\"-inf\")), 3, strides=2)" },
    { T, NN "MaxPool1d", "{" SIZE "3, \"stride\": 2, \"ceil_mode\": true}",
      "(N, 3, L)", "refused: a Keras pool adds nothing or what SAME adds, "
      "and this border is neither" },
    { T, NN "AvgPool2d", "{" SIZE "3, \"stride\": 2, \"padding\": 1, "
      "\"count_include_pad\": false}", "(N, 3, 7, 9)",
      "layers.AveragePooling2D(3, strides=2, padding=\"same\")" },
    { T, NN "AvgPool2d", "{" SIZE "3, \"stride\": 2, \"padding\": 1, "
      "\"count_include_pad\": false}", "(N, 3, 7, 8)",
      "refused: a mean that counts real elements only has SAME's border or "
      "none in Keras, and this one is neither" },
    { T, NN "MaxPool2d", "{" SIZE "3, \"dilation\": 2}", "(N, 3, H, W)",
      "refused: Keras' pools have windows without gaps" },
    { T, NN "MaxPool2d", "{" SIZE "1, \"dilation\": 2}", "(N, 3, H, W)",
      "layers.MaxPooling2D(1)" },
    { K3, L "MaxPooling2D", "{\"pool_size\": 3, \"strides\": 2, "
      "\"padding\": \"same\"}", "(N, H, W, 3)",
      "layers.MaxPooling2D(3, strides=2, padding=\"same\")" },
};
/* clang-format on */

static void torch_calls_are_read(void)
{
    caller_check(torch_rows, sizeof torch_rows / sizeof *torch_rows);
}

static void keras_calls_are_read(void)
{
    caller_check(keras_rows, sizeof keras_rows / sizeof *keras_rows);
}

static void tensorflow_calls_are_read(void)
{
    caller_check(tf_rows, sizeof tf_rows / sizeof *tf_rows);
}

static void keras_is_told_the_simplest_exact_layer(void)
{
    pool_check_keras(said_rows, sizeof said_rows / sizeof *said_rows);
}

static void torch_is_told_of_gaps(void)
{
    const int64_t taps[] = { 3, 2 }, stride[] = { 3, 2 }, gaps[] = { 2, 1 };
    cvyi_attrs a;
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, 3, H, W)");
    cvyi_attrs_open(&a, cvyi_op_find("pool"), 2);
    cvyi_set_word(&a, "kind", "max");
    cvyi_set_ints(&a, "taps", taps, 2);
    cvyi_set_ints(&a, "stride", stride, 2);
    cvyi_set_ints(&a, "dilation", gaps, 2);
    CHECK_STR(bench_say(&b, &a, &in, 0, CVYI_FORM_MODULE, NULL),
              "nn.MaxPool2d((3, 2), dilation=(2, 1))");
    CHECK_STR(bench_say(&b, &a, &in, 0, CVYI_FORM_FUNCTION, NULL),
              "F.max_pool2d({0}, (3, 2), dilation=(2, 1))");
    cvyi_set_word(&a, "kind", "average");
    CHECK_STR(bench_say(&b, &a, &in, 0, CVYI_FORM_MODULE, NULL),
              "refused: torch's average pools have windows without gaps");
    bench_close(&b);
}

/* ---- laws: every small pool of torch, in Keras ---- */

typedef struct small_pool {
    int64_t taps, stride, padding;
    bool max, ceil, counted;
} small_pool;

enum { SMALL = 5 * 4 * 3 * 2 * 2 * 2, LONGEST = 14 };

/* false: torch refuses it. */
static bool small_at(small_pool *out, int code)
{
    *out = (small_pool){ .taps = code % 5 + 1,
                         .stride = code / 5 % 4 + 1,
                         .padding = code / 20 % 3,
                         .max = code / 60 % 2 != 0,
                         .ceil = code / 120 % 2 != 0,
                         .counted = code / 240 != 0 };
    return out->padding <= out->taps / 2;
}

static bool small_read(bench *b, const small_pool *p, const char *length)
{
    const char *const json = cvyi_arena_printf(
        &b->arena,
        "{\"kernel_size\": %d, \"stride\": %d, \"padding\": %d, "
        "\"ceil_mode\": %s%s}",
        (int)p->taps, (int)p->stride, (int)p->padding,
        p->ceil ? "true" : "false",
        p->max       ? ""
        : p->counted ? ", \"count_include_pad\": true"
                     : ", \"count_include_pad\": false");
    const caller_row row = {
        T, p->max ? NN "MaxPool1d" : NN "AvgPool1d", json,
        cvyi_arena_printf(&b->arena, "(1, 2, %s)", length), NULL
    };

    return caller_read(b, &row) == CVY_OK;
}

/* What is said for one length gives torch's numbers there, and only a mean
 * of real elements and windows that hang over are not said. */
static void what_is_said_of_one_length_is_exact(void)
{
    int said = 0;

    for (int code = 0; code < SMALL; code++)
        for (int64_t n = 1; n <= LONGEST; n++) {
            const int64_t dims[] = { 1, 2, n };
            cvyi_said how;
            small_pool p;
            const char *text;
            cvy_view x;
            double fill;
            bench b;

            if (!small_at(&p, code))
                continue;
            bench_open(&b);
            if (!small_read(&b, &p,
                            cvyi_arena_printf(&b.arena, "%d", (int)n))) {
                bench_close(&b);
                continue;
            }

            const cvyi_attrs *const a = &b.phrase.steps[0].attrs;
            const cvyi_type in = bench_type(
                &b, cvyi_arena_printf(&b.arena, "(1, 2, %d)", (int)n));

            text = pool_say(&b, a, &in, CVYI_FORM_MODULE, &how);
            if (pool_refused(text))
                text = pool_say(&b, a, &in, CVYI_FORM_FUNCTION, &how);
            if (!pool_refused(text)) {
                x = bench_random(3, dims);
                pool_check_equal(&b, text, a, how.differs ? how.means : a,
                                 how.differs ? how.n_means : 1, &x);
                cvyi_tensor_close(&x);
                said++;
            } else if (p.max) {
                CHECK(a->op->border_fill(&fill, a));
            }
            bench_close(&b);
        }
    CHECK(said > 2000);
}

/* padding="same" is said of an open length if it is right for every one, and
 * nothing else is said of it but windows that never hang over. */
static void what_is_said_of_any_length_is_exact_for_each(void)
{
    int same = 0, valid = 0;

    for (int code = 0; code < SMALL; code++) {
        cvyi_said how;
        small_pool p;
        bench b;

        if (!small_at(&p, code))
            continue;
        bench_open(&b);
        CHECK(small_read(&b, &p, "L"));

        const cvyi_attrs *const a = &b.phrase.steps[0].attrs;
        const cvyi_type in = bench_type(&b, "(1, 2, L)");
        const char *const text = pool_say(&b, a, &in, CVYI_FORM_MODULE, &how);
        const cvyi_attrs *const means = how.differs ? how.means : a;

        for (int64_t n = p.taps; !pool_refused(text) && n <= LONGEST; n++) {
            const int64_t dims[] = { 1, 2, n };
            cvy_view x = bench_random(3, dims);

            CHECK(!how.differs || how.n_means == 1);
            pool_check_equal(&b, text, a, means, 1, &x);
            cvyi_tensor_close(&x);
        }
        same += strstr(text, "same") != NULL;
        valid += !pool_refused(text) && strstr(text, "same") == NULL;
        bench_close(&b);
    }
    CHECK(same > 20);
    CHECK(valid > 60);
}

static const check_case cases[] = {
    { "torch_calls_are_read", torch_calls_are_read },
    { "keras_calls_are_read", keras_calls_are_read },
    { "tensorflow_calls_are_read", tensorflow_calls_are_read },
    { "keras_is_told_the_simplest_exact_layer",
      keras_is_told_the_simplest_exact_layer },
    { "torch_is_told_of_gaps", torch_is_told_of_gaps },
    { "what_is_said_of_one_length_is_exact",
      what_is_said_of_one_length_is_exact },
    { "what_is_said_of_any_length_is_exact_for_each",
      what_is_said_of_any_length_is_exact_for_each },
};
CHECK_MAIN(cases)
