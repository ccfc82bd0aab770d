/* layer/global_pool: what it means, how Keras spells it, how torch does. */
#include "pool_rows.h"

typedef struct global_data {
    cvy_view x;
    bool max;
} global_data;

static double global_truth(const void *context, const int64_t *at)
{
    const global_data *const d = context;
    int64_t from[CVYI_MAX_DIMS] = { 0 };
    double most = -INFINITY, sum = 0, count = 0;

    do {
        if (from[0] != at[0] || from[1] != at[1])
            continue;
        most = fmax(most, *bench_at(&d->x, from));
        sum += *bench_at(&d->x, from);
        count++;
    } while (cvyi_next(d->x.rank, d->x.dims, from));
    return d->max ? most : sum / count;
}

static void a_channel_becomes_one_number(void)
{
    static const int64_t dims[] = { 2, 3, 4, 5, 2 };
    bench b;

    bench_open(&b);
    for (int rank = 3; rank <= 5; rank++)
        for (int max = 0; max < 2; max++)
            for (int keep = 0; keep < 2; keep++) {
                global_data d = { bench_random(rank, dims), max };
                cvyi_attrs attrs;

                cvyi_attrs_open(&attrs, cvyi_op_find("global_pool"), rank - 2);
                cvyi_set_word(&attrs, "kind", max ? "max" : "average");
                cvyi_set_int(&attrs, "keepdims", keep);
                CHECK_EQ(bench_infer(&b, &attrs, &d.x).out[0].rank,
                         keep ? rank : 2);
                bench_compare(&b, &attrs, &d.x, NULL, global_truth, &d);
                cvyi_tensor_close(&d.x);
            }
    bench_close(&b);
}

static const struct {
    const char *class_name, *config, *shape, *torch_shape;
    const char *module, *function;
} word_rows[] = {
    /* clang-format off */
    { "GlobalMaxPooling1D", "{}", "(N, 9, 4)", "(N, 4, 9)",
      "nn.Sequential(nn.AdaptiveMaxPool1d(1), nn.Flatten())",
      "{0}.amax(dim=2)" },
    { "GlobalAveragePooling2D", "{}", "(N, H, W, 4)", "(N, 4, H, W)",
      "nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())",
      "{0}.mean(dim=(2, 3))" },
    { "GlobalAvgPool2D", "{\"keepdims\": true}", "(N, 8, 8, 4)",
      "(N, 4, 8, 8)", "nn.AdaptiveAvgPool2d(1)",
      "{0}.mean(dim=(2, 3), keepdim=True)" },
    { "GlobalMaxPooling3D", "{\"data_format\": \"channels_first\"}",
      "(N, 4, 8, 8, 8)", "(N, 4, 8, 8, 8)",
      "nn.Sequential(nn.AdaptiveMaxPool3d(1), nn.Flatten())",
      "{0}.amax(dim=(2, 3, 4))" },
    /* clang-format on */
};

static void keras_words_become_torch_words(void)
{
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++) {
        bench b;

        bench_open(&b);
        if (bench_read(&b, word_rows[i].class_name, word_rows[i].config,
                       word_rows[i].shape) != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, b.err.text);
        CHECK_STR(bench_step(&b, 0, word_rows[i].torch_shape,
                             CVYI_FORM_MODULE),
                  word_rows[i].module);
        CHECK_STR(bench_step(&b, 0, word_rows[i].torch_shape,
                             CVYI_FORM_FUNCTION),
                  word_rows[i].function);
        bench_close(&b);
    }
}

static void an_input_without_positions_is_refused(void)
{
    cvyi_inferred out;
    cvyi_attrs attrs;
    cvyi_type in;
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "GlobalMaxPooling2D", "{}", "(N, 9, 4)"),
             CVY_UNSUPPORTED);
    cvyi_attrs_open(&attrs, cvyi_op_find("global_pool"), 0);
    cvyi_set_word(&attrs, "kind", "max");
    in = bench_type(&b, "(N, 4)");
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    bench_close(&b);
}

/* ---- calls of every dialect ---- */

/* clang-format off */
#define L "keras.layers."
#define AXIS(x) "{\"axis\": " x "}"

static const caller_row read_rows[] = {
    { "keras2", L "GlobalMaxPool2D", "{\"keepdims\": 1}", "(N, H, W, 3)",
      "global_pool kind=max keepdims=true" },
    { "keras2", L "GlobalAveragePooling1D", "{\"keepdims\": null}",
      "(N, L, 3)", "global_pool kind=average" },
    { "keras2", L "GlobalAvgPool1D",
      "{\"data_format\": \"channels_first\"}", "(N, 3, L)",
      "global_pool kind=average" },
    { "keras3", L "GlobalMaxPooling2D", "{\"data_format\": \"NCHW\"}",
      "(N, 3, H, W)", "illegal data_format" },
    { "keras3", "keras.ops.mean", AXIS("[1, 2]"), "x (N, H, W, 3)",
      "global_pool kind=average" },
    { "keras3", "keras.ops.amax", "{\"axis\": 1, \"keepdims\": true}",
      "x (N, L, 3)", "global_pool kind=max keepdims=true" },
    { "keras3", "keras.ops.max", "{\"axis\": 2, \"keepdims\": true}",
      "x (N, H, W, 3)", "adaptive_pool kind=max sizes=[0 1]" },
    { "keras3", "keras.ops.max", "{\"axis\": 1, \"initial\": 0}",
      "x (N, L, 3)", "unsupported initial" },
    { "tf2", "tf.reduce_mean", AXIS("[-3, 2]"), "x (N, H, W, 3)",
      "global_pool kind=average" },
    { "tf2", "tf.math.reduce_max",
      "{\"axis\": [2, 3], \"keepdims\": true}", "x (N, 3, H, W)",
      "global_pool kind=max keepdims=true" },
    { "tf1", "tf.reduce_mean",
      "{\"reduction_indices\": [1, 2], \"keep_dims\": true}",
      "x (N, H, W, 3)", "global_pool kind=average keepdims=true" },
    { "tf1", "tf.reduce_mean",
      "{\"axis\": [1, 2], \"reduction_indices\": [1, 2]}",
      "x (N, H, W, 3)", "illegal reduction_indices" },
    { "tf1", "tf.reduce_mean",
      "{\"axis\": 1, \"keepdims\": true, \"keep_dims\": true}",
      "x (N, L, 3)", "illegal keep_dims" },
    { "tf2", "tf.reduce_mean", AXIS("[1, -3]"), "x (N, H, W, 3)",
      "illegal axis" },
    { "tf2", "tf.reduce_mean", AXIS("[4]"), "x (N, H, W, 3)",
      "illegal axis" },
    { "tf2", "tf.reduce_mean", AXIS("[1, 2.0]"), "x (N, H, W, 3)",
      "illegal axis" },
    { "tf2", "tf.reduce_mean", AXIS("null"), "x (N, H, W, 3)",
      "unsupported axis" },
    { "tf2", "tf.reduce_mean", AXIS("[]"), "x (N, H, W, 3)", "identity" },
    { "tf2", "tf.reduce_mean", AXIS("1"), "x (N, H, W, 3)",
      "reduce kind=average axes=[0 1 0 0] | squeeze axes=[0 1 0 0]" },
    { "torch", "torch.mean", "{\"dim\": 3, \"keepdim\": true}",
      "x (N, 3, H, W)", "adaptive_pool kind=average sizes=[0 1]" },
    { "torch", "torch.amax", "{\"dim\": []}", "x (N, 3, H, W)",
      "unsupported dim" },
    { "torch", "torch.amax", "{\"dim\": true}", "x (N, 3, H, W)",
      "illegal dim" },
    { "torch", "torch.mean", "{\"dim\": 3, \"keepdim\": 1}",
      "x (N, 3, H, W)", "illegal keepdim" },
};

static const caller_row said_rows[] = {
    { "keras2", L "GlobalMaxPool2D", "{}", "(N, H, W, 3)",
      "layers.GlobalMaxPooling2D()" },
    { "torch", "torch.nn.AdaptiveAvgPool1d", "{\"output_size\": 1}",
      "(N, 3, L)", "layers.GlobalAveragePooling1D(keepdims=True)" },
    { "torch", "torch.amax", "{\"dim\": [2, 3, 4, 5]}",
      "x (N, 3, A, B, C, D)", "ops.max({0}, axis=(1, 2, 3, 4))" },
};
/* clang-format on */

static void calls_are_read(void)
{
    caller_check(read_rows, sizeof read_rows / sizeof *read_rows);
}

static void keras_is_told(void)
{
    pool_check_keras(said_rows, sizeof said_rows / sizeof *said_rows);
}

static const check_case cases[] = {
    { "a_channel_becomes_one_number", a_channel_becomes_one_number },
    { "keras_words_become_torch_words", keras_words_become_torch_words },
    { "an_input_without_positions_is_refused",
      an_input_without_positions_is_refused },
    { "calls_are_read", calls_are_read },
    { "keras_is_told", keras_is_told },
};
CHECK_MAIN(cases)
