/* layer/pool: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

#include "layer/window.h"

static cvyi_attrs pool_attrs(const char *kind, int n, const int64_t *taps,
                             const int64_t *stride, cvyi_border border)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("pool"), n);
    cvyi_set_word(&attrs, "kind", kind);
    cvyi_set_ints(&attrs, "taps", taps, n);
    cvyi_set_ints(&attrs, "stride", stride, n);
    cvyi_set_border(&attrs, "border", border);
    return attrs;
}

static const cvyi_border same_border = { .rule = CVYI_BORDER_SAME };

/* ---- meaning ---- */

typedef struct pool_data {
    const cvyi_attrs *attrs;
    cvy_view x;
} pool_data;

/* One axis and two: axes beyond the rank have one tap. */
static double pool_truth(const void *context, const int64_t *at)
{
    const pool_data *const d = context;
    const int n = d->attrs->n_spatial;
    const bool max = cvyi_attr_is(d->attrs, "kind", "max");
    int64_t taps[2] = { 1, 1 }, first[2] = { 0, 0 }, length[2] = { 1, 1 };
    int64_t step[2] = { 1, 1 };
    double most = -INFINITY, sum = 0, count = 0;

    for (int i = 0; i < n; i++) {
        cvy_border border;

        length[i] = d->x.dims[2 + i];
        taps[i] = cvyi_window_at(d->attrs, i).taps;
        step[i] = cvyi_window_at(d->attrs, i).dilation;
        CHECK_EQ(cvyi_window_border(&border, d->attrs, i, length[i], NULL),
                 CVY_OK);
        first[i] =
            at[2 + i] * cvyi_window_at(d->attrs, i).stride - border.before;
    }
    for (int64_t t = 0; t < taps[0]; t++)
        for (int64_t u = 0; u < taps[1]; u++) {
            const int64_t i = first[0] + t * step[0];
            const int64_t j = first[1] + u * step[1];
            const int64_t from[] = { at[0], at[1], i, j };

            if (i < 0 || i >= length[0] || j < 0 || j >= length[1])
                continue;
            most = fmax(most, *bench_at(&d->x, from));
            sum += *bench_at(&d->x, from);
            count++;
        }
    if (max)
        return most;
    return sum / (cvyi_attr_is(d->attrs, "count", "real")
                      ? count
                      : (double)(taps[0] * taps[1]));
}

static void compare(bench *b, cvyi_attrs attrs, const int64_t *dims)
{
    pool_data d = { &attrs, bench_random(2 + attrs.n_spatial, dims) };

    bench_compare(b, &attrs, &d.x, NULL, pool_truth, &d);
    cvyi_tensor_close(&d.x);
}

static void windows_slide_over_one_axis(void)
{
    bench b;

    bench_open(&b);
    for (int64_t length = 1; length <= 7; length++)
        for (int64_t taps = 1; taps <= 4; taps++)
            for (int64_t stride = 1; stride <= 4; stride++) {
                const int64_t dims[] = { 2, 3, length };

                compare(&b, pool_attrs("max", 1, &taps, &stride, same_border),
                        dims);
                compare(&b,
                        pool_attrs("average", 1, &taps, &stride, same_border),
                        dims);
            }
    bench_close(&b);
}

static void windows_may_have_gaps(void)
{
    bench b;

    bench_open(&b);
    for (int64_t taps = 1; taps <= 3; taps++)
        for (int64_t gap = 1; gap <= 3; gap++)
            for (int64_t stride = 1; stride <= 3; stride++)
                for (int kind = 0; kind < 4; kind++) {
                    const int64_t two[] = { taps, 2 }, dilation[] = { gap, 2 };
                    const int64_t strides[] = { stride, 1 };
                    cvyi_attrs a = pool_attrs(
                        kind % 2 == 0 ? "max" : "average", 2, two, strides,
                        kind / 2 == 0 ? same_border : (cvyi_border){ 0 });

                    cvyi_set_ints(&a, "dilation", dilation, 2);
                    compare(&b, a, (int64_t[]){ 2, 2, 7, 5 });
                }
    bench_close(&b);
}

static void a_mean_may_count_its_border(void)
{
    const int64_t taps[] = { 3, 2 }, stride[] = { 2, 1 };
    const cvyi_border border = { .before = { 1, 0 }, .after = { 1, 1 } };
    cvyi_attrs attrs = pool_attrs("average", 2, taps, stride, border);
    bench b;

    bench_open(&b);
    compare(&b, attrs, (int64_t[]){ 2, 2, 5, 6 });
    cvyi_set_word(&attrs, "count", "window");
    compare(&b, attrs, (int64_t[]){ 2, 2, 5, 6 });
    bench_close(&b);
}

/* ---- the last window may hang over: PyTorch's ceil_mode ---- */

/* Its rule, one window after another: the next one starts on data or on the
 * padding before it, and not all of the window before was the last. */
static int64_t ceil_windows(int64_t length, int64_t taps, int64_t stride,
                            int64_t padding)
{
    int64_t n = 0;

    while (n * stride < length + padding &&
           (n == 0 ? length + 2 * padding + stride > taps
                   : (n - 1) * stride + taps < length + 2 * padding))
        n++;
    return n;
}

typedef struct ceil_case {
    int64_t length, taps, stride, padding;
    bool max, real;
    cvy_view x;
} ceil_case;

static double ceil_truth(const void *context, const int64_t *at)
{
    const ceil_case *const c = context;
    const int64_t first = at[2] * c->stride - c->padding;
    double most = -INFINITY, sum = 0, real = 0, padded = 0;

    for (int64_t i = first; i < first + c->taps; i++) {
        padded += i < c->length + c->padding;
        if (i < 0 || i >= c->length)
            continue;
        most = fmax(most, *bench_at(&c->x, (int64_t[]){ at[0], at[1], i }));
        sum += *bench_at(&c->x, (int64_t[]){ at[0], at[1], i });
        real++;
    }
    return c->max ? most : sum / (c->real ? real : padded);
}

static void check_ceil(bench *b, ceil_case *c)
{
    const int64_t dims[] = { 1, 2, c->length };
    const int64_t windows =
        ceil_windows(c->length, c->taps, c->stride, c->padding);
    const char *const symbol = "W";
    cvyi_attrs a = pool_attrs(
        c->max ? "max" : "average", 1, &c->taps, &c->stride,
        (cvyi_border){ .before = { c->padding }, .after = { c->padding } });
    cvyi_type in = bench_type(b, "(N, 2, W)");
    cvyi_inferred out;
    int64_t size;

    cvyi_set_word(&a, "count", c->real ? "real" : "window");
    cvyi_set_int(&a, "ceil", true);
    CHECK_EQ(a.op->infer(&out, &a, &in, 1, &b->sizes, &b->err), CVY_OK);
    CHECK(cvyi_size_eval(&size, out.out[0].dims[2], &symbol, &c->length, 1));
    in.dims[2] = cvyi_size_of(&b->sizes, c->length);
    if (windows < 1) {
        CHECK(size < 1);
        CHECK_EQ(a.op->infer(&out, &a, &in, 1, &b->sizes, &b->err), CVY_SHAPE);
        return;
    }
    CHECK_EQ(size, windows);
    c->x = bench_random(3, dims);
    CHECK_EQ(bench_infer(b, &a, &c->x).out[0].dims[2],
             cvyi_size_of(&b->sizes, windows));
    bench_compare(b, &a, &c->x, NULL, ceil_truth, c);
    cvyi_tensor_close(&c->x);
}

static void the_last_window_may_hang_over(void)
{
    bench b;

    bench_open(&b);
    for (int64_t length = 1; length <= 8; length++)
        for (int64_t taps = 1; taps <= 5; taps++)
            for (int64_t stride = 1; stride <= 6; stride++)
                for (int64_t padding = 0; padding <= taps / 2; padding++)
                    for (int kind = 0; kind < 3; kind++) {
                        ceil_case c = { .length = length,
                                        .taps = taps,
                                        .stride = stride,
                                        .padding = padding,
                                        .max = kind == 0,
                                        .real = kind == 1 };

                        check_ceil(&b, &c);
                    }
    bench_close(&b);
}

/* What `ceil` makes of a border that was split off and is data now. */
static int64_t windows_of(bench *b, cvyi_attrs a, int64_t length)
{
    cvyi_size size;
    int64_t n = 0;

    if (cvyi_window_size(&size, &a, 0, cvyi_size_of(&b->sizes, length),
                         &b->sizes, &b->err) == CVY_OK)
        CHECK(cvyi_size_constant(&n, size));
    return n;
}

/* A border of data would let in one more window: it is split off only where
 * it does not for any length. */
static void a_border_that_is_hung_over_is_split_off_where_nothing_changes(void)
{
    bench b;
    double fill;

    bench_open(&b);
    for (int64_t taps = 1; taps <= 4; taps++)
        for (int64_t stride = 1; stride <= 4; stride++)
            for (int64_t before = 0; before <= 3; before++)
                for (int64_t after = 0; after <= 3; after++) {
                    cvyi_border border = { .before = { before },
                                           .after = { after } };
                    cvyi_attrs a = pool_attrs("max", 1, &taps, &stride,
                                              border),
                               rest = a;
                    bool alike = true;

                    cvyi_set_int(&a, "ceil", true);
                    cvyi_set_int(&rest, "ceil", true);
                    cvyi_set_border(&rest, "border", (cvyi_border){ 0 });
                    for (int64_t n = 1; n <= 12; n++)
                        alike = alike &&
                                windows_of(&b, a, n) ==
                                    windows_of(&b, rest, n + before + after);
                    if (a.op->border_fill(&fill, &a) && !alike)
                        CHECK_FAIL("%lld taps, stride %lld, border %lld:%lld",
                                   (long long)taps, (long long)stride,
                                   (long long)before, (long long)after);
                    CHECK(before + after == 0 || taps < stride ||
                          alike == a.op->border_fill(&fill, &a));
                    cvyi_set_word(&a, "kind", "average");
                    CHECK(!a.op->border_fill(&fill, &a));
                }
    bench_close(&b);
}

/* Numbers at the end of 64 bits are refused or right, never undefined. */
static void huge_numbers_hang_over_too(void)
{
    static const int64_t numbers[] = { 1, 2, INT64_MAX / 2, INT64_MAX };
    const int64_t n = sizeof numbers / sizeof *numbers;
    bench b;

    bench_open(&b);
    for (int64_t code = 0; code < n * n * n * n; code++) {
        const int64_t taps = numbers[code % n];
        const int64_t stride = numbers[code / n % n];
        const int64_t amount = numbers[code / n / n % n] - 1;
        const int64_t length = numbers[code / n / n / n];
        cvyi_attrs a = pool_attrs("max", 1, &taps, &stride,
                                  (cvyi_border){ .before = { amount },
                                                 .after = { amount } });
        cvy_border border;
        cvyi_size size;

        cvyi_set_int(&a, "ceil", true);
        if (cvyi_window_border(&border, &a, 0, length, NULL) == CVY_OK)
            CHECK(border.before == amount && border.after >= 0);
        if (cvyi_window_size(&size, &a, 0, cvyi_size_of(&b.sizes, length),
                             &b.sizes, NULL) == CVY_OK)
            CHECK(cvyi_size_at_least(size, 1));
    }
    bench_close(&b);
}

static void a_window_longer_than_its_axis_is_refused(void)
{
    const int64_t taps = 4, stride = 1;
    const cvyi_attrs attrs =
        pool_attrs("max", 1, &taps, &stride, (cvyi_border){ 0 });
    cvyi_inferred out = { .n_out = 77 };
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, 2, 3)");
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    in = bench_type(&b, "(N, 2, 3, 4)");
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    CHECK_EQ(out.n_out, 77);
    bench_close(&b);
}

/* ---- words ---- */

static const struct {
    const char *class_name, *config, *shape;
    const char *attrs;
    const char *torch_shape, *torch;
} word_rows[] = {
    /* clang-format off */
    { "MaxPooling1D", "{}", "(N, 9, 4)",
      "kind=max taps=[2] stride=[2]", "(N, 4, 9)", "nn.MaxPool1d(2)" },
    { "MaxPooling2D", "{\"pool_size\": [3, 3], \"strides\": [2, 2], "
      "\"padding\": \"same\"}", "(N, 8, 8, 4)",
      "kind=max taps=[3 3] stride=[2 2] border=same", "(N, 4, 8, 8)",
      "nn.MaxPool2d(3, stride=2, ceil_mode=True)" },
    { "MaxPooling2D", "{\"pool_size\": [3, 3], \"strides\": [2, 2], "
      "\"padding\": \"same\"}", "(N, 7, 7, 4)",
      "kind=max taps=[3 3] stride=[2 2] border=same", "(N, 4, 7, 7)",
      "nn.MaxPool2d(3, stride=2, padding=1)" },
    { "MaxPooling2D", "{\"pool_size\": [3, 3], \"strides\": [2, 2], "
      "\"padding\": \"same\"}", "(N, H, W, 4)",
      "kind=max taps=[3 3] stride=[2 2] border=same", "(N, 4, H, W)",
      "refused: torch's pool has no word for this border" },
    { "MaxPool2D", "{\"padding\": \"same\"}", "(N, H, W, 4)",
      "kind=max taps=[2 2] stride=[2 2] border=same", "(N, 4, H, W)",
      "nn.MaxPool2d(2, ceil_mode=True)" },
    { "MaxPooling2D", "{\"pool_size\": [2, 3], \"strides\": 1}",
      "(N, H, W, 4)",
      "kind=max taps=[2 3]", "(N, 4, H, W)",
      "nn.MaxPool2d((2, 3), stride=1)" },
    { "MaxPooling3D", "{\"strides\": [1, 2, 2]}", "(N, 8, 8, 8, 4)",
      "kind=max taps=[2 2 2] stride=[1 2 2]", "(N, 4, 8, 8, 8)",
      "nn.MaxPool3d(2, stride=(1, 2, 2))" },
    { "AveragePooling1D", "{\"pool_size\": 3, \"strides\": 1, "
      "\"padding\": \"same\"}", "(N, L, 4)",
      "kind=average taps=[3] border=same", "(N, 4, L)",
      "nn.AvgPool1d(3, stride=1, padding=1, count_include_pad=False)" },
    { "AveragePooling1D", "{\"pool_size\": 2, \"strides\": 1, "
      "\"padding\": \"same\"}", "(N, 9, 4)",
      "kind=average taps=[2] border=same", "(N, 4, 9)",
      "SameAvgPool((2,), (1,))" },
    { "AveragePooling2D", "{\"pool_size\": 3, \"strides\": 2, "
      "\"padding\": \"same\"}", "(N, H, 7, 4)",
      "kind=average taps=[3 3] stride=[2 2] border=same", "(N, 4, H, 7)",
      "SameAvgPool((3, 3), (2, 2))" },
    { "AvgPool3D", "{\"pool_size\": 2, \"padding\": \"same\"}",
      "(N, 5, 5, 5, 4)",
      "kind=average taps=[2 2 2] stride=[2 2 2] border=same",
      "(N, 4, 5, 5, 5)", "nn.AvgPool3d(2, ceil_mode=True)" },
    { "AvgPool3D", "{\"pool_size\": 2, \"padding\": \"same\"}",
      "(N, 5, 1, 5, 4)",
      "kind=average taps=[2 2 2] stride=[2 2 2] border=same",
      "(N, 4, 5, 1, 5)", "SameAvgPool((2, 2, 2), (2, 2, 2))" },
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
        CHECK_EQ(b.phrase.n, 1);
        CHECK_EQ(b.phrase.steps[0].axes, CVYI_AXES_LAST);
        CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs),
                  word_rows[i].attrs);
        CHECK_STR(bench_step(&b, 0, word_rows[i].torch_shape,
                             CVYI_FORM_MODULE),
                  word_rows[i].torch);
        bench_close(&b);
    }
}

static void a_mean_that_counts_its_border_is_sayable(void)
{
    const int64_t taps[] = { 3, 3 }, stride[] = { 1, 1 };
    cvyi_border border = { .before = { 1, 1 }, .after = { 1, 1 } };
    cvyi_attrs attrs = pool_attrs("average", 2, taps, stride, border);
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, 3, 8, 8)");
    cvyi_set_word(&attrs, "count", "window");
    CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_MODULE, NULL),
              "nn.AvgPool2d(3, stride=1, padding=1)");
    CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_FUNCTION, NULL),
              "F.avg_pool2d({0}, 3, stride=1, padding=1)");
    border.after[1] = 2;
    cvyi_set_border(&attrs, "border", border);
    CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_MODULE, NULL),
              "nn.Sequential(nn.ZeroPad2d((1, 2, 1, 1)), "
              "nn.AvgPool2d(3, stride=1))");
    bench_close(&b);
}

/* ---- a law: what is said for every length is right for every length ---- */

static int64_t torch_count(int64_t length, int64_t taps, int64_t stride,
                           int64_t padding, bool ceil)
{
    int64_t top = length + 2 * padding - taps + (ceil ? stride - 1 : 0);

    if (top < 0)
        return 0;
    top = top / stride + 1;
    return ceil && (top - 1) * stride >= length + padding ? top - 1 : top;
}

enum { LONGEST = 24 };

static bool right_for_every_length(cvy_window w, int64_t padding, bool ceil)
{
    for (int64_t length = 1; length <= LONGEST; length++) {
        cvy_border same;

        CHECK_EQ(cvy_border_same(&same, length, w, NULL), CVY_OK);
        if (padding > w.taps / 2 ||
            torch_count(length, w.taps, w.stride, padding, ceil) !=
                (length + w.stride - 1) / w.stride ||
            same.before != padding)
            return false;
    }
    return true;
}

static void same_of_any_length_is_said_where_one_call_is_right(void)
{
    bench b;

    bench_open(&b);
    for (int64_t taps = 1; taps <= 7; taps++)
        for (int64_t stride = 1; stride <= 5; stride++) {
            const cvyi_attrs attrs =
                pool_attrs("max", 1, &taps, &stride, same_border);
            const cvy_window w = { taps, stride, 1 };
            const cvyi_type in = bench_type(&b, "(N, 3, L)");
            const char *const said =
                bench_say(&b, &attrs, &in, 0, CVYI_FORM_MODULE, NULL);
            const char *const padding = strstr(said, "padding=");
            bool possible = false;

            for (int64_t p = 0; p < taps; p++)
                possible = possible || right_for_every_length(w, p, false) ||
                           right_for_every_length(w, p, true);
            if ((strncmp(said, "refused", 7) != 0) != possible)
                CHECK_FAIL("taps %lld stride %lld: %s", (long long)taps,
                           (long long)stride, said);
            if (possible &&
                !right_for_every_length(
                    w, padding != NULL ? strtoll(padding + 8, NULL, 10) : 0,
                    strstr(said, "ceil_mode=True") != NULL))
                CHECK_FAIL("taps %lld stride %lld: %s is wrong",
                           (long long)taps, (long long)stride, said);
        }
    bench_close(&b);
}

static const struct {
    const char *config, *shape, *word;
    cvyi_refusal_kind kind;
} bad_rows[] = {
    { "{\"padding\": \"causal\"}", "(N, 8, 8, 3)", "valid",
      CVYI_ILLEGAL_IN_SOURCE },
    { "{\"pool_size\": [2, 2, 2]}", "(N, 8, 8, 3)", "pool_size",
      CVYI_ILLEGAL_IN_SOURCE },
    { "{\"strides\": 0}", "(N, 8, 8, 3)", "strides", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"data_format\": \"NCHW\"}", "(N, 8, 8, 3)", "data_format",
      CVYI_ILLEGAL_IN_SOURCE },
    { "{}", "(N, 8, 3)", "4 axes", CVYI_ILLEGAL_IN_SOURCE },
};

static void bad_arguments_are_refused_by_name(void)
{
    for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++) {
        bench b;

        bench_open(&b);
        CHECK_EQ(bench_read(&b, "MaxPooling2D", bad_rows[i].config,
                            bad_rows[i].shape),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, bad_rows[i].kind);
        if (strstr(b.phrase.refusal.reason, bad_rows[i].word) == NULL)
            CHECK_FAIL("row %zu: %s", i, b.phrase.refusal.reason);
        bench_close(&b);
    }
}

static void a_refused_allocation_is_told(void)
{
    const int64_t taps = 2, stride = 1, dims[] = { 1, 1, 5 };
    const cvyi_attrs attrs =
        pool_attrs("average", 1, &taps, &stride, same_border);
    cvy_view x = bench_random(3, dims), y = bench_zeros(3, dims);
    const cvyi_job job = {
        .attrs = &attrs, .in = &x, .n_in = 1, .out = &y, .n_out = 1
    };
    cvy_status status = CVY_MEMORY;

    for (size_t n = 1; status != CVY_OK && n < 50; n++) {
        cvyi_alloc_refuse(n);
        status = attrs.op->bound(&job, NULL);
        cvyi_alloc_refuse(0);
        CHECK(status == CVY_OK || status == CVY_MEMORY);
    }
    CHECK_EQ(status, CVY_OK);
    cvyi_tensor_close(&x);
    cvyi_tensor_close(&y);
}

static const check_case cases[] = {
    { "windows_slide_over_one_axis", windows_slide_over_one_axis },
    { "windows_may_have_gaps", windows_may_have_gaps },
    { "a_mean_may_count_its_border", a_mean_may_count_its_border },
    { "the_last_window_may_hang_over", the_last_window_may_hang_over },
    { "a_border_that_is_hung_over_is_split_off_where_nothing_changes",
      a_border_that_is_hung_over_is_split_off_where_nothing_changes },
    { "huge_numbers_hang_over_too", huge_numbers_hang_over_too },
    { "a_window_longer_than_its_axis_is_refused",
      a_window_longer_than_its_axis_is_refused },
    { "keras_words_become_torch_words", keras_words_become_torch_words },
    { "a_mean_that_counts_its_border_is_sayable",
      a_mean_that_counts_its_border_is_sayable },
    { "same_of_any_length_is_said_where_one_call_is_right",
      same_of_any_length_is_said_where_one_call_is_right },
    { "bad_arguments_are_refused_by_name", bad_arguments_are_refused_by_name },
    { "a_refused_allocation_is_told", a_refused_allocation_is_told },
};
CHECK_MAIN(cases)
