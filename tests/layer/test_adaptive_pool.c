/* layer/adaptive_pool: what it means, and how frameworks spell it. */
#include "pool_rows.h"

/* ---- meaning ---- */

typedef struct adaptive_data {
    const cvyi_attrs *attrs;
    cvy_view x;
} adaptive_data;

/* Element j of n belongs to output i of m if some part of the unit interval
 * [j, j + 1) lies in the i-th of m equal parts of [0, n). */
static bool sees(int64_t i, int64_t m, int64_t j, int64_t n)
{
    return (j + 1) * m > i * n && j * m < (i + 1) * n;
}

static double adaptive_truth(const void *context, const int64_t *at)
{
    const adaptive_data *const d = context;
    const int64_t *const sizes = cvyi_attr_ints(d->attrs, "sizes", NULL);
    int64_t from[CVYI_MAX_DIMS] = { 0 };
    double most = -INFINITY, sum = 0, count = 0;

    do {
        bool seen = from[0] == at[0] && from[1] == at[1];

        for (int i = 2; seen && i < d->x.rank; i++)
            seen = sees(at[i], sizes[i - 2] > 0 ? sizes[i - 2] : d->x.dims[i],
                        from[i], d->x.dims[i]);
        if (!seen)
            continue;
        most = fmax(most, *bench_at(&d->x, from));
        sum += *bench_at(&d->x, from);
        count++;
    } while (cvyi_next(d->x.rank, d->x.dims, from));
    return cvyi_attr_is(d->attrs, "kind", "max") ? most : sum / count;
}

static cvyi_attrs adaptive(const char *kind, int n, const int64_t *sizes)
{
    cvyi_attrs a;

    cvyi_attrs_open(&a, cvyi_op_find("adaptive_pool"), n);
    cvyi_set_word(&a, "kind", kind);
    cvyi_set_ints(&a, "sizes", sizes, n);
    return a;
}

static void outputs_see_their_share_of_an_axis(void)
{
    bench b;

    bench_open(&b);
    for (int64_t length = 1; length <= 9; length++)
        for (int64_t size = 0; size <= 12; size++)
            for (int max = 0; max < 2; max++) {
                const int64_t dims[] = { 2, 3, length };
                const cvyi_attrs a =
                    adaptive(max ? "max" : "average", 1, &size);
                adaptive_data d = { &a, bench_random(3, dims) };

                bench_compare(&b, &a, &d.x, NULL, adaptive_truth, &d);
                cvyi_tensor_close(&d.x);
            }
    bench_close(&b);
}

static void every_axis_is_cut_on_its_own(void)
{
    static const int64_t dims[] = { 2, 2, 5, 4, 3 };
    static const int64_t sizes[][3] = { { 2, 3, 2 },
                                        { 0, 7, 1 },
                                        { 5, 1, 0 } };
    bench b;

    bench_open(&b);
    for (int n = 2; n <= 3; n++)
        for (int code = 0; code < 6; code++) {
            const cvyi_attrs a =
                adaptive(code % 2 ? "max" : "average", n, sizes[code / 2]);
            adaptive_data d = { &a, bench_random(2 + n, dims) };

            bench_compare(&b, &a, &d.x, NULL, adaptive_truth, &d);
            cvyi_tensor_close(&d.x);
        }
    bench_close(&b);
}

static void sizes_are_inferred_or_refused(void)
{
    const int64_t sizes[] = { 0, 7 }, bad[] = { -1, 7 };
    cvyi_inferred out;
    cvyi_attrs a = adaptive("max", 2, sizes);
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, 3, H, W)");
    CHECK_EQ(a.op->infer(&out, &a, &in, 1, &b.sizes, &b.err), CVY_OK);
    CHECK_STR(bench_shape(&b, &out.out[0]), "(N, 3, H, 7)");
    a = adaptive("max", 2, bad);
    out.n_out = 77;
    CHECK_EQ(a.op->infer(&out, &a, &in, 1, &b.sizes, &b.err), CVY_ARGUMENT);
    in = bench_type(&b, "(N, 3, L)");
    CHECK_EQ(a.op->infer(&out, &a, &in, 1, &b.sizes, &b.err), CVY_SHAPE);
    CHECK_EQ(out.n_out, 77);
    bench_close(&b);
}

/* ---- words ---- */

/* clang-format off */
#define T "torch"
#define NN "torch.nn."
#define F "torch.nn.functional."
#define L "keras.layers."
#define SIZE(x) "{\"output_size\": " x "}"

static const caller_row read_rows[] = {
    { T, NN "AdaptiveAvgPool2d", SIZE("7"), "(N, 3, H, W)",
      "adaptive_pool kind=average sizes=[7 7]" },
    { T, NN "AdaptiveMaxPool2d", SIZE("[null, 3]"), "(N, 3, H, W)",
      "adaptive_pool kind=max sizes=[0 3]" },
    { T, NN "AdaptiveAvgPool3d", SIZE("[null, null, null]"),
      "(N, 3, D, H, W)", "identity" },
    { T, NN "AdaptiveMaxPool1d", SIZE("[1]"), "(N, 3, L)",
      "global_pool kind=max keepdims=true" },
    { T, NN "AdaptiveAvgPool2d", SIZE("[2, true]"), "(N, 3, H, W)",
      "adaptive_pool kind=average sizes=[2 1]" },
    { T, F "adaptive_avg_pool1d", SIZE("20"), "x (N, 3, 8)",
      "adaptive_pool kind=average sizes=[20]" },
    { T, "torch.adaptive_avg_pool1d", SIZE("2"), "x (N, 3, 8)",
      "adaptive_pool kind=average sizes=[2]" },
    { T, F "adaptive_max_pool3d", SIZE("[2, 3, 4]"), "x (N, 3, D, H, W)",
      "adaptive_pool kind=max sizes=[2 3 4]" },
    { T, NN "AdaptiveAvgPool1d", SIZE("null"), "(N, 3, L)",
      "illegal output_size" },
    { T, NN "AdaptiveAvgPool1d", SIZE("[null]"), "(N, 3, L)",
      "illegal output_size" },
    { T, NN "AdaptiveAvgPool2d", SIZE("null"), "(N, 3, H, W)",
      "illegal output_size" },
    { T, NN "AdaptiveAvgPool2d", SIZE("[2]"), "(N, 3, H, W)",
      "illegal output_size" },
    { T, NN "AdaptiveAvgPool2d", SIZE("[true, 2]"), "(N, 3, H, W)",
      "illegal output_size" },
    { T, NN "AdaptiveAvgPool2d", SIZE("2.0"), "(N, 3, H, W)",
      "illegal output_size" },
    { T, NN "AdaptiveAvgPool2d", SIZE("-1"), "(N, 3, H, W)",
      "illegal output_size" },
    { T, NN "AdaptiveAvgPool2d", SIZE("0"), "(N, 3, H, W)",
      "unsupported output_size" },
    { T, NN "AdaptiveAvgPool2d", SIZE("2"), "(N, 3, D, H, W)", "illegal " },
    { T, NN "AdaptiveAvgPool2d", SIZE("1"), "(N, 3, D, H, W)",
      "unsupported " },
    { T, NN "AdaptiveMaxPool2d", SIZE("1"), "(N, 3, D, H, W)", "illegal " },
    { T, F "adaptive_max_pool1d",
      "{\"output_size\": 2, \"return_indices\": true}", "x (N, 3, L)",
      "unsupported return_indices" },
    { "keras3", L "AdaptiveAveragePooling2D", SIZE("[3, 5]"),
      "(N, H, W, 3)", "adaptive_pool kind=average sizes=[3 5]" },
    { "keras3", L "AdaptiveMaxPooling1D",
      "{\"output_size\": 2, \"data_format\": \"channels_first\"}",
      "(N, 3, L)", "adaptive_pool kind=max sizes=[2]" },
    { "keras3", L "AdaptiveAveragePooling3D", SIZE("1"), "(N, D, H, W, 3)",
      "global_pool kind=average keepdims=true" },
    { "keras3", "keras.ops.adaptive_max_pool", SIZE("[2, 3]"),
      "x (N, H, W, 3)", "adaptive_pool kind=max sizes=[2 3]" },
    { "keras3", L "AdaptiveAveragePooling2D", SIZE("[null, 3]"),
      "(N, H, W, 3)", "illegal output_size" },
    { "keras3", L "AdaptiveAveragePooling2D", SIZE("[3]"), "(N, H, W, 3)",
      "illegal output_size" },
    { "keras3", L "AdaptiveAveragePooling2D", SIZE("true"), "(N, H, W, 3)",
      "illegal output_size" },
    { "keras3", L "AdaptiveAveragePooling2D", SIZE("0"), "(N, H, W, 3)",
      "illegal output_size" },
    { "keras3", L "AdaptiveAveragePooling2D", SIZE("3"), "(N, L, 3)",
      "illegal " },
    { "keras3", L "AdaptiveMaxPooling1D",
      "{\"output_size\": 2, \"data_format\": \"Channels_First\"}",
      "(N, 3, L)", "illegal data_format" },
    { "keras3", "keras.ops.adaptive_max_pool", SIZE("3"), "x (N, 3)",
      "illegal x" },
};

static const caller_row said_rows[] = {
    { T, NN "AdaptiveAvgPool2d", SIZE("7"), "(N, 3, H, W)",
      "layers.AdaptiveAveragePooling2D(7)" },
    { T, NN "AdaptiveAvgPool2d", SIZE("7"), "(N, 3, 7, 14)",
      "layers.AveragePooling2D((1, 2))" },
    { T, NN "AdaptiveMaxPool2d", SIZE("[null, 3]"), "(N, 3, 5, 7)",
      "layers.AdaptiveMaxPooling2D((5, 3))" },
    { T, NN "AdaptiveMaxPool2d", SIZE("[null, 3]"), "(N, 3, H, 6)",
      "layers.MaxPooling2D((1, 2))" },
    { T, NN "AdaptiveAvgPool2d", SIZE("[null, 3]"), "(N, 3, H, W)",
      "refused: Keras needs a number of outputs for every axis, and one that "
      "is kept has an unknown size" },
    { T, NN "AdaptiveAvgPool2d", SIZE("[null, 1]"), "(N, 3, H, W)",
      "ops.mean({0}, axis=2, keepdims=True)" },
    { T, NN "AdaptiveMaxPool3d", SIZE("[1, null, 1]"), "(N, 3, D, H, W)",
      "ops.max({0}, axis=(1, 3), keepdims=True)" },
    { T, NN "AdaptiveMaxPool2d", SIZE("[3, 1]"), "(N, 3, H, W)",
      "refused: Keras' adaptive maximum over TensorFlow crashes where the "
      "last axis has one element or one output" },
    { T, NN "AdaptiveMaxPool1d", SIZE("3"), "(N, 3, 1)",
      "refused: Keras' adaptive maximum over TensorFlow crashes where the "
      "last axis has one element or one output" },
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

/* Whatever the code means gives the same numbers. */
static void what_keras_is_told_is_exact(void)
{
    int said = 0;

    for (int64_t length = 1; length <= 8; length++)
        for (int code = 0; code < 2 * 2 * 9; code++) {
            const int64_t sizes[] = { code % 9, 2 };
            const int64_t dims[] = { 1, 2, length, 5 };
            const cvyi_attrs a =
                adaptive(code / 9 % 2 ? "max" : "average", 2, sizes);
            const cvyi_form form =
                code / 18 ? CVYI_FORM_FUNCTION : CVYI_FORM_MODULE;
            const char *text;
            cvyi_said how;
            cvy_view x;
            cvyi_type in;
            bench b;

            bench_open(&b);
            in = bench_type(&b, cvyi_arena_printf(&b.arena, "(1, 2, %d, 5)",
                                                  (int)length));
            text = pool_say(&b, &a, &in, form, &how);
            CHECK(!pool_refused(text));
            x = bench_random(4, dims);
            pool_check_equal(&b, text, &a, how.differs ? how.means : &a,
                             how.differs ? how.n_means : 1, &x);
            cvyi_tensor_close(&x);
            said += how.differs;
            bench_close(&b);
        }
    CHECK(said > 8);
}

static void torch_is_told(void)
{
    static const struct {
        int n;
        int64_t sizes[3];
        const char *kind, *module, *function;
    } rows[] = {
        { 1,
          { 4 },
          "max",
          "nn.AdaptiveMaxPool1d(4)",
          "F.adaptive_max_pool1d({0}, 4)" },
        { 2,
          { 7, 7 },
          "average",
          "nn.AdaptiveAvgPool2d(7)",
          "F.adaptive_avg_pool2d({0}, 7)" },
        { 2,
          { 0, 3 },
          "average",
          "nn.AdaptiveAvgPool2d((None, 3))",
          "F.adaptive_avg_pool2d({0}, (None, 3))" },
        { 3,
          { 1, 0, 1 },
          "max",
          "nn.AdaptiveMaxPool3d((1, None, 1))",
          "F.adaptive_max_pool3d({0}, (1, None, 1))" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_attrs a = adaptive(rows[i].kind, rows[i].n, rows[i].sizes);
        cvyi_type in;
        bench b;

        bench_open(&b);
        in = bench_type(&b, rows[i].n == 1   ? "(N, 3, L)"
                            : rows[i].n == 2 ? "(N, 3, H, W)"
                                             : "(N, 3, D, H, W)");
        CHECK_STR(bench_say(&b, &a, &in, 0, CVYI_FORM_MODULE, NULL),
                  rows[i].module);
        CHECK_STR(bench_say(&b, &a, &in, 0, CVYI_FORM_FUNCTION, NULL),
                  rows[i].function);
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "outputs_see_their_share_of_an_axis",
      outputs_see_their_share_of_an_axis },
    { "every_axis_is_cut_on_its_own", every_axis_is_cut_on_its_own },
    { "sizes_are_inferred_or_refused", sizes_are_inferred_or_refused },
    { "calls_are_read", calls_are_read },
    { "keras_is_told", keras_is_told },
    { "what_keras_is_told_is_exact", what_keras_is_told_is_exact },
    { "torch_is_told", torch_is_told },
};
CHECK_MAIN(cases)
