/* layer/pad: what it means, how Keras spells it, how torch does. */
#include "torch_reader.h"

#include "convey/padding.h"

typedef struct pad_data {
    cvy_view x;
    int64_t before[3];
    double value;
} pad_data;

static double pad_truth(const void *context, const int64_t *at)
{
    const pad_data *const d = context;
    int64_t from[5] = { at[0], at[1] };

    for (int i = 2; i < d->x.rank; i++) {
        from[i] = at[i] - d->before[i - 2];
        if (from[i] < 0 || from[i] >= d->x.dims[i])
            return d->value;
    }
    return *bench_at(&d->x, from);
}

static void eval_puts_the_value_around_the_data(void)
{
    static const int64_t dims[] = { 2, 2, 3, 2, 4 };
    bench b;

    bench_open(&b);
    for (int n = 1; n <= 3; n++) {
        const cvyi_border border = { CVYI_BORDER_GIVEN,
                                     { 1, 0, 2 },
                                     { 0, 3, 1 } };
        pad_data d = { .before = { 1, 0, 2 }, .value = n == 2 ? -3.5 : 0 };
        cvyi_attrs attrs;

        d.x = bench_random(n + 2, dims);
        cvyi_attrs_open(&attrs, cvyi_op_find("pad"), n);
        cvyi_set_border(&attrs, "border", border);
        cvyi_set_real(&attrs, "value", d.value);
        bench_compare(&b, &attrs, &d.x, NULL, pad_truth, &d);
        cvyi_tensor_close(&d.x);
    }
    bench_close(&b);
}

/* Which element stands at place i around 0 .. n-1: as a picture of it. */
static int64_t seen_at(const char *mode, int64_t i, int64_t n)
{
    const bool reflect = strcmp(mode, "reflect") == 0;

    if (strcmp(mode, "circular") == 0)
        return (i % n + n) % n;
    if (strcmp(mode, "replicate") == 0)
        return i < 0 ? 0 : i >= n ? n - 1 : i;
    if (i < 0)
        return -i - !reflect;
    return i >= n ? 2 * n - 1 - reflect - i : i;
}

typedef struct mirror_data {
    cvy_view x;
    int64_t before[3];
    const char *mode;
} mirror_data;

static double mirror_truth(const void *context, const int64_t *at)
{
    const mirror_data *const d = context;
    int64_t from[5] = { at[0], at[1] };

    for (int i = 2; i < d->x.rank; i++)
        from[i] = seen_at(d->mode, at[i] - d->before[i - 2], d->x.dims[i]);
    return *bench_at(&d->x, from);
}

static void eval_makes_a_border_of_the_data(void)
{
    static const char *const modes[] = { "reflect", "replicate", "circular",
                                         "symmetric" };
    static const int64_t dims[] = { 2, 2, 3, 2, 4 };
    bench b;

    bench_open(&b);
    for (int m = 0; m < 4; m++)
        for (int n = 1; n <= 3; n++) {
            const cvyi_border border = { CVYI_BORDER_GIVEN,
                                         { 2, 1, 0 },
                                         { 1, 0, 3 } };
            mirror_data d = { .before = { 2, 1, 0 }, .mode = modes[m] };
            cvyi_attrs attrs;

            d.x = bench_random(n + 2, dims);
            cvyi_attrs_open(&attrs, cvyi_op_find("pad"), n);
            cvyi_set_border(&attrs, "border", border);
            cvyi_set_word(&attrs, "mode", modes[m]);
            bench_compare(&b, &attrs, &d.x, NULL, mirror_truth, &d);
            cvyi_tensor_close(&d.x);
        }
    bench_close(&b);
}

static void a_mirror_needs_enough_elements(void)
{
    static const struct {
        const char *mode;
        int64_t most; /* of 4 elements */
    } rows[] = { { "reflect", 3 },
                 { "symmetric", 4 },
                 { "circular", 4 },
                 { "replicate", 99 } };
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(N, 1, 4)");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int64_t over = 0; over < 2; over++) {
            const cvyi_border border = { .before = { rows[i].most + over } };
            cvyi_inferred out;
            cvyi_attrs attrs;

            cvyi_attrs_open(&attrs, cvyi_op_find("pad"), 1);
            cvyi_set_border(&attrs, "border", border);
            cvyi_set_word(&attrs, "mode", rows[i].mode);
            CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                     over == 0 || i == 3 ? CVY_OK : CVY_SHAPE);
        }
    bench_close(&b);
}

static void torch_says_each_mode(void)
{
    static const char *const rows[][3] = {
        { "reflect", "nn.ReflectionPad2d((0, 0, 1, 2))",
          "F.pad({0}, (0, 0, 1, 2), mode=\"reflect\")" },
        { "replicate", "nn.ReplicationPad2d((0, 0, 1, 2))",
          "F.pad({0}, (0, 0, 1, 2), mode=\"replicate\")" },
        { "circular", "nn.CircularPad2d((0, 0, 1, 2))",
          "F.pad({0}, (0, 0, 1, 2), mode=\"circular\")" },
        { "symmetric",
          "refused: torch has no border that mirrors the edge too",
          "refused: torch has no border that mirrors the edge too" },
    };
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(N, 3, H, W)");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_border border = { .before = { 1 }, .after = { 2 } };
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("pad"), 2);
        cvyi_set_border(&attrs, "border", border);
        cvyi_set_word(&attrs, "mode", rows[i][0]);
        CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_MODULE, NULL),
                  rows[i][1]);
        CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_FUNCTION, NULL),
                  rows[i][2]);
        CHECK_EQ(reader_laws(&attrs, "(N, 3, H, W)", 0), i < 3 ? 2 : 0);
    }
    bench_close(&b);
}

/* One element beyond the edge is the edge in both modes. */
static void a_mirror_of_the_edge_alone_repeats_it(void)
{
    const cvyi_border border = { .before = { 0, 1 }, .after = { 1, 1 } };
    cvyi_attrs attrs;
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(N, 3, H, W)");

    cvyi_attrs_open(&attrs, cvyi_op_find("pad"), 2);
    cvyi_set_border(&attrs, "border", border);
    cvyi_set_word(&attrs, "mode", "symmetric");
    CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_MODULE, NULL),
              "nn.ReplicationPad2d((1, 1, 0, 1))");
    CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_FUNCTION, NULL),
              "F.pad({0}, (1, 1, 0, 1), mode=\"replicate\")");
    CHECK_EQ(reader_laws(&attrs, "(N, 3, H, W)", 0), 2);
    bench_close(&b);
}

/* For every small window: the size of a SAME pad over a symbol is what the
 * border for that length says. */
static void the_size_of_a_same_pad_is_exact_for_every_length(void)
{
    static const char *const names[] = { "L" };
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(1, 1, L)");

    for (int64_t taps = 1; taps <= 5; taps++)
        for (int64_t stride = 1; stride <= 6; stride++)
            for (int64_t dilation = 1; dilation <= 2; dilation++) {
                const cvy_window w = { taps, stride, dilation };
                const cvyi_border same = { .rule = CVYI_BORDER_SAME };
                cvyi_inferred inferred;
                cvyi_attrs attrs;

                cvyi_attrs_open(&attrs, cvyi_op_find("pad"), 1);
                cvyi_set_ints(&attrs, "taps", &taps, 1);
                cvyi_set_ints(&attrs, "stride", &stride, 1);
                cvyi_set_ints(&attrs, "dilation", &dilation, 1);
                cvyi_set_border(&attrs, "border", same);
                CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes,
                                         &b.err),
                         CVY_OK);
                for (int64_t length = 1; length <= 20; length++) {
                    cvy_border border;
                    int64_t size;

                    CHECK_EQ(cvy_border_same(&border, length, w, NULL),
                             CVY_OK);
                    CHECK(cvyi_size_eval(&size, inferred.out[0].dims[2], names,
                                         &length, 1));
                    CHECK_EQ(size, length + border.before + border.after);
                }
            }
    bench_close(&b);
}

/* The window that a SAME pad was made for then gives the size of SAME. */
static void a_window_after_its_pad_simplifies_to_same(void)
{
    bench b;

    bench_open(&b);

    const cvyi_size length = cvyi_size_symbol(&b.sizes, "L");

    for (int64_t taps = 1; taps <= 5; taps++)
        for (int64_t stride = 1; stride <= taps; stride++) {
            const cvyi_border same = { .rule = CVYI_BORDER_SAME };
            const cvyi_type in = bench_type(&b, "(1, 1, L)");
            cvyi_inferred inferred;
            cvyi_attrs attrs;

            cvyi_attrs_open(&attrs, cvyi_op_find("pad"), 1);
            cvyi_set_ints(&attrs, "taps", &taps, 1);
            cvyi_set_ints(&attrs, "stride", &stride, 1);
            cvyi_set_border(&attrs, "border", same);
            CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes,
                                     &b.err),
                     CVY_OK);
            CHECK(cvyi_size_valid(&b.sizes, inferred.out[0].dims[2], taps,
                                  stride, 1, 0, 0) ==
                  cvyi_size_same(&b.sizes, length, stride));
        }
    bench_close(&b);
}

static void keras_forms_are_read(void)
{
    static const struct {
        const char *name, *json, *shape, *print;
    } rows[] = {
        { "ZeroPadding1D", "{}", "(N, L, 3)", "border=[1:1]" },
        { "ZeroPadding1D", "{\"padding\": 2}", "(N, L, 3)", "border=[2:2]" },
        { "ZeroPadding1D", "{\"padding\": [0, 3]}", "(N, L, 3)",
          "border=[0:3]" },
        { "ZeroPadding2D", "{}", "(N, 5, 5, 3)", "border=[1:1 1:1]" },
        { "ZeroPadding2D", "{\"padding\": [1, 2]}", "(N, 5, 5, 3)",
          "border=[1:1 2:2]" },
        { "ZeroPadding2D", "{\"padding\": [[1, 2], [3, 4]]}", "(N, 5, 5, 3)",
          "border=[1:2 3:4]" },
        { "ZeroPadding2D", "{\"padding\": 0}", "(N, 5, 5, 3)", "" },
        { "ZeroPadding3D", "{}", "(N, 5, 5, 5, 3)", "border=[1:1 1:1 1:1]" },
        { "ZeroPadding3D", "{\"padding\": [[1, 2], [3, 4], [5, 6]]}",
          "(N, 5, 5, 5, 3)", "border=[1:2 3:4 5:6]" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, rows[i].name, rows[i].json, rows[i].shape),
                 CVY_OK);
        CHECK_EQ(b.phrase.steps[0].axes, CVYI_AXES_LAST);
        CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), rows[i].print);
    }
    CHECK_EQ(bench_read(&b, "ZeroPadding2D",
                        "{\"data_format\": \"channels_first\"}",
                        "(N, C, 5, 5)"),
             CVY_OK);
    CHECK_EQ(b.phrase.steps[0].axes, CVYI_AXES_FIRST);
    bench_close(&b);
}

static void a_broken_border_is_illegal_in_the_source(void)
{
    static const char *const rows[] = {
        "{\"padding\": -1}",       "{\"padding\": [1, 2, 3]}",
        "{\"padding\": \"same\"}", "{\"padding\": [[1, 2, 3], [1, 2]]}",
        "{\"padding\": null}",     "{\"padding\": 1.5}",
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, "ZeroPadding2D", rows[i], "(N, 5, 5, 3)"),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, CVYI_ILLEGAL_IN_SOURCE);
        CHECK_STR(b.phrase.refusal.attribute, "padding");
    }
    bench_close(&b);
}

static void torch_counts_from_the_last_axis(void)
{
    static const struct {
        int n;
        cvyi_border border;
        double value;
        const char *module, *function;
    } rows[] = {
        { 1,
          { CVYI_BORDER_GIVEN, { 1 }, { 2 } },
          0,
          "nn.ZeroPad1d((1, 2))",
          "F.pad({0}, (1, 2))" },
        { 2,
          { CVYI_BORDER_GIVEN, { 1, 3 }, { 2, 4 } },
          0,
          "nn.ZeroPad2d((3, 4, 1, 2))",
          "F.pad({0}, (3, 4, 1, 2))" },
        { 2,
          { CVYI_BORDER_GIVEN, { 1, 1 }, { 1, 1 } },
          0,
          "nn.ZeroPad2d(1)",
          "F.pad({0}, (1, 1, 1, 1))" },
        { 2,
          { CVYI_BORDER_GIVEN, { 0, 0 }, { 1, 1 } },
          -INFINITY,
          "nn.ConstantPad2d((0, 1, 0, 1), float(\"-inf\"))",
          "F.pad({0}, (0, 1, 0, 1), value=float(\"-inf\"))" },
        { 3,
          { CVYI_BORDER_GIVEN, { 1, 3, 5 }, { 2, 4, 6 } },
          0,
          "nn.ZeroPad3d((5, 6, 3, 4, 1, 2))",
          "F.pad({0}, (5, 6, 3, 4, 1, 2))" },
        { 1,
          { .rule = CVYI_BORDER_SAME },
          0,
          "SamePad((5,), (2,))",
          "refused: the border depends on the input's size" },
        { 2,
          { .rule = CVYI_BORDER_SAME },
          -INFINITY,
          "SamePad((5, 5), (2, 2), float(\"-inf\"))",
          "refused: the border depends on the input's size" },
        { 1,
          { .rule = CVYI_BORDER_CAUSAL },
          0,
          "nn.ZeroPad1d((4, 0))",
          "F.pad({0}, (4, 0))" },
    };
    static const char *const shapes[] = { "(N, C, L)", "(N, C, H, W)",
                                          "(N, C, D, H, W)" };
    static const int64_t threes[] = { 3, 3, 3 }, twos[] = { 2, 2, 2 };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int n = rows[i].n;
        const cvyi_type in = bench_type(&b, shapes[n - 1]);
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("pad"), n);
        cvyi_set_border(&attrs, "border", rows[i].border);
        cvyi_set_real(&attrs, "value", rows[i].value);
        cvyi_set_ints(&attrs, "taps", threes, n);
        cvyi_set_ints(&attrs, "stride", twos, n);
        cvyi_set_ints(&attrs, "dilation", twos, n);
        CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_MODULE, NULL),
                  rows[i].module);
        CHECK_STR(bench_say(&b, &attrs, &in, 0, CVYI_FORM_FUNCTION, NULL),
                  rows[i].function);
    }
    bench_close(&b);
}

static const check_case cases[] = {
    { "eval_puts_the_value_around_the_data",
      eval_puts_the_value_around_the_data },
    { "eval_makes_a_border_of_the_data", eval_makes_a_border_of_the_data },
    { "a_mirror_needs_enough_elements", a_mirror_needs_enough_elements },
    { "torch_says_each_mode", torch_says_each_mode },
    { "a_mirror_of_the_edge_alone_repeats_it",
      a_mirror_of_the_edge_alone_repeats_it },
    { "the_size_of_a_same_pad_is_exact_for_every_length",
      the_size_of_a_same_pad_is_exact_for_every_length },
    { "a_window_after_its_pad_simplifies_to_same",
      a_window_after_its_pad_simplifies_to_same },
    { "keras_forms_are_read", keras_forms_are_read },
    { "a_broken_border_is_illegal_in_the_source",
      a_broken_border_is_illegal_in_the_source },
    { "torch_counts_from_the_last_axis", torch_counts_from_the_last_axis },
};
CHECK_MAIN(cases)
