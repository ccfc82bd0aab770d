/* layer/resize: which elements, how much of each, and the words. */
#include "torch_rows.h"

#include "layer/resize/resize.h"

static cvyi_attrs resize(bench *b, int n, const char *method, const char *grid,
                         double factor, int64_t size)
{
    const int64_t sizes[] = { size, size, size };
    double *const reals = cvyi_arena_alloc(&b->arena, 3, sizeof *reals);
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("resize"), n);
    cvyi_set_word(&attrs, "method", method);
    cvyi_set_word(&attrs, "grid", grid);
    if (size > 0) {
        cvyi_set_ints(&attrs, "size", sizes, n);
        return attrs;
    }
    for (int i = 0; i < 3; i++)
        reals[i] = factor;
    *cvyi_attr_set(&attrs, "factor") =
        (cvyi_attr_value){ .n = n, .reals = reals };
    return attrs;
}

typedef struct resize_data {
    cvy_view x;
    int64_t size;
    const char *grid;
} resize_data;

/* A mix along one axis after the other, in double. */
static double mixed(const resize_data *d, int64_t *from, const int64_t *at,
                    int axis)
{
    if (axis == d->x.rank)
        return (double)*bench_at(&d->x, from);

    const double n = (double)d->x.dims[axis], m = (double)d->size;
    const double i = (double)at[axis];
    double c = strcmp(d->grid, "half") == 0     ? (i + 0.5) * n / m - 0.5
               : strcmp(d->grid, "legacy") == 0 ? i * n / m
               : m > 1                          ? i * (n - 1) / (m - 1)
                                                : 0;

    c = fmin(fmax(c, 0), n - 1);
    from[axis] = (int64_t)c;

    const double low = mixed(d, from, at, axis + 1);

    from[axis] = (int64_t)fmin(floor(c) + 1, n - 1);

    const double high = mixed(d, from, at, axis + 1);

    return low + (high - low) * (c - floor(c));
}

static double linear_truth(const void *context, const int64_t *at)
{
    int64_t from[5] = { at[0], at[1] };

    return mixed(context, from, at, 2);
}

static void a_mix_is_linear_on_every_axis(void)
{
    static const char *const grids[] = { "half", "legacy", "corners" };
    static const int64_t dims[] = { 1, 2, 3, 5, 4 };
    bench b;

    bench_open(&b);
    for (int g = 0; g < 3; g++)
        for (int n = 1; n <= 3; n++)
            for (int64_t size = 1; size <= 7; size++) {
                resize_data d = { .size = size, .grid = grids[g] };
                const cvyi_attrs attrs =
                    resize(&b, n, "linear", grids[g], 0, size);

                d.x = bench_random(n + 2, dims);
                bench_compare(&b, &attrs, &d.x, NULL, linear_truth, &d);
                cvyi_tensor_close(&d.x);
            }
    bench_close(&b);
}

static double repeat_truth(const void *context, const int64_t *at)
{
    const resize_data *const d = context;
    const int64_t from[] = { at[0], at[1], at[2] / 3, at[3] / 3 };

    return *bench_at(&d->x, from);
}

static void a_repeat_is_exact(void)
{
    static const int64_t dims[] = { 2, 2, 3, 2 };
    resize_data d = { 0 };
    bench b;

    bench_open(&b);
    d.x = bench_random(4, dims);

    const cvyi_attrs attrs = resize(&b, 2, "repeat", "half", 3, 0);

    bench_compare(&b, &attrs, &d.x, NULL, repeat_truth, &d);
    cvyi_tensor_close(&d.x);
    bench_close(&b);
}

/* For whole factors every way to round finds the element that is repeated;
 * but torch's nearest does only if cvyi_resize_repeats says so. */
static void whole_factors_repeat(void)
{
    static const char *const grids[] = { "half", "exact", "legacy" };
    bool missed = false;

    for (int64_t f = 1; f <= 130; f++)
        for (int g = 0; g < 3; g++) {
            const cvyi_resize_axis axis = {
                .n = 90, .m = 90 * f, .factor = (double)f, .grid = grids[g]
            };
            bool same = true;

            for (int64_t i = 0; i < axis.m; i++)
                same = same && cvyi_resize_nearest(&axis, i) == i / f;
            if (g < 2)
                CHECK(same);
            else
                CHECK_EQ(same, cvyi_resize_repeats((double)f));
            missed = missed || !same;
        }
    CHECK(missed);
}

/* Found with the frameworks: rounding decides. */
static void nearest_is_what_float32_gives(void)
{
    static const struct {
        const char *grid;
        int64_t n, m, i, element;
    } rows[] = {
        { "legacy", 7, 10, 9, 6 }, { "legacy", 4, 6, 3, 2 },
        { "half", 4, 6, 1, 1 },    { "half", 5, 3, 1, 2 },
        { "exact", 5, 3, 1, 2 },   { "corners", 5, 3, 1, 2 },
        { "corners", 4, 3, 1, 2 }, /* 1.5 is rounded up */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_resize_axis axis = { .n = rows[i].n,
                                        .m = rows[i].m,
                                        .grid = rows[i].grid };

        CHECK_EQ(cvyi_resize_nearest(&axis, rows[i].i), rows[i].element);
    }
}

static void lengths_follow_factors(void)
{
    static const struct {
        double factor;
        const char *in, *out;
    } rows[] = {
        { 2, "(N, 3, H)", "(N, 3, 2 * H)" },
        { 1.5, "(N, 3, 7)", "(N, 3, 10)" },
        { 0.5, "(N, 3, H)", "(N, 3, H // 2)" },
        { 0.3, "(N, 3, 10)", "(N, 3, 3)" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_attrs attrs =
            resize(&b, 1, "linear", "half", rows[i].factor, 0);
        const cvyi_type in = bench_type(&b, rows[i].in);
        cvyi_inferred out;

        CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                 CVY_OK);
        CHECK_STR(bench_shape(&b, &out.out[0]), rows[i].out);
    }
    bench_close(&b);
}

static void keras_forms_are_read_and_said_in_torch(void)
{
    static const struct {
        const char *name, *json, *shape, *moved, *module;
    } rows[] = {
        /* clang-format off */
        { "UpSampling1D", "{\"size\": 3}", "(N, L, 3)", "(N, 3, L)",
          "nn.Upsample(scale_factor=3)" },
        { "UpSampling2D", "{\"size\": [2, 41]}", "(N, H, W, 3)",
          "(N, 3, H, W)",
          "nn.Upsample(scale_factor=(2, 41), mode=\"nearest-exact\")" },
        { "UpSampling2D", "{\"interpolation\": \"bilinear\"}", "(N, H, W, 3)",
          "(N, 3, H, W)", "nn.Upsample(scale_factor=2, mode=\"bilinear\")" },
        { "Resizing", "{\"height\": 8, \"width\": 6}", "(N, H, W, 3)",
          "(N, 3, H, W)", "nn.Upsample(size=(8, 6), mode=\"bilinear\")" },
        { "Resizing", "{\"height\": 8, \"width\": 8, \"interpolation\": "
          "\"nearest\"}", "(N, 5, 7, 3)", "(N, 3, 5, 7)",
          "nn.Upsample(size=8, mode=\"nearest-exact\")" },
        { "Resizing", "{\"height\": 8, \"width\": 8, \"interpolation\": "
          "\"nearest\"}", "(N, H, 7, 3)", "(N, 3, H, 7)",
          "refused: torch takes other elements for some sizes" },
        /* clang-format on */
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, rows[i].name, rows[i].json, rows[i].shape),
                 CVY_OK);
        CHECK_STR(bench_step(&b, 0, rows[i].moved, CVYI_FORM_MODULE),
                  rows[i].module);
    }
    bench_close(&b);
}

static void torch_says_what_it_reads(void)
{
    static const char *const grids[] = { "half", "corners", "exact",
                                         "legacy" };
    int said = 0;
    bench b;

    bench_open(&b);
    for (int n = 1; n <= 3; n++) {
        static const char *const shapes[] = { "(N, 3, 5)", "(N, 3, 5, 5)",
                                              "(N, 3, 5, 5, 5)" };

        for (int g = 0; g < 4; g++)
            for (int k = 0; k < 3; k++) {
                const cvyi_attrs attrs =
                    resize(&b, n, g < 2 ? "linear" : "nearest", grids[g],
                           k == 0 ? 1.5 : 0.7, k == 2 ? 8 : 0);

                said += reader_laws(&attrs, shapes[n - 1], 0);
            }
    }
    CHECK_EQ(said, 3 * 4 * 3 * 2);
    bench_close(&b);
}

/* torch has a class of the written file for it. */
static void a_grid_from_the_corner_is_a_class(void)
{
    bench b;

    bench_open(&b);

    const cvyi_attrs given = resize(&b, 2, "linear", "legacy", 1, 8);
    const cvyi_attrs scaled = resize(&b, 2, "linear", "legacy", 2, 0);
    const cvyi_attrs line = resize(&b, 1, "linear", "legacy", 1, 8);

    CHECK(reader_law(&given, "(N, 3, 5, 7)", 0, CVYI_FORM_MODULE));
    CHECK(!reader_law(&given, "(N, 3, 5, 7)", 0, CVYI_FORM_FUNCTION));
    CHECK(!reader_law(&scaled, "(N, 3, 5, 7)", 0, CVYI_FORM_MODULE));
    CHECK(!reader_law(&line, "(N, 3, 5)", 0, CVYI_FORM_MODULE));
    bench_close(&b);
}

static void torch_forms_are_read(void)
{
    static const reader_row rows[] = {
        { "nn.Upsample(scale_factor=2)", "(N, 3, H, W)",
          "resize method=repeat factor=[2.0 2.0]" },
        { "nn.Upsample(size=(4, 5), mode='nearest')", "(N, 3, H, W)",
          "resize grid=legacy size=[4 5]" },
        { "nn.UpsamplingBilinear2d(scale_factor=2)", "(N, 3, H, W)",
          "resize method=linear grid=corners factor=[2.0 2.0]" },
        { "F.interpolate({0}, scale_factor=1.5, mode='linear', "
          "recompute_scale_factor=True)",
          "(N, 3, 7)", "resize method=linear size=[10]" },
        { "F.interpolate({0}, scale_factor=41)", "(N, 3, L)",
          "resize grid=legacy factor=[41.0]" },
        { "F.interpolate({0}, (2, 3), mode='area')", "(N, 3, H, W)",
          "adaptive_pool kind=average sizes=[2 3]" },
        { "F.interpolate({0}, scale_factor=0.5, mode='area')", "(N, 3, 5)",
          "adaptive_pool kind=average sizes=[2]" },
    };
    static const reader_refusal wrong[] = {
        { "nn.Upsample(scale_factor=2, mode='bilinear')", "(N, 3, L)", "mode",
          "no such mode" },
        { "nn.Upsample(4, 2)", "(N, 3, L)", "size", "one of" },
        { "nn.Upsample(4, align_corners=False)", "(N, 3, L)", "align_corners",
          "takes no" },
        { "nn.Upsample(scale_factor=0.1)", "(N, 3, 5)", "scale_factor",
          "nothing is left" },
        { "F.interpolate({0}, 8, mode='bicubic')", "(N, 3, H, W)", "mode",
          "cubic" },
        { "F.interpolate({0}, 8, mode='bilinear', antialias=True)",
          "(N, 3, H, W)", "antialias", "antialias" },
        { "F.interpolate({0}, scale_factor=0.3)", "(N, 3, L)", "scale_factor",
          "unknown size" },
        { "F.interpolate({0}, scale_factor=2, mode='area')", "(N, 3, L)",
          "scale_factor", "unknown size" },
        { "F.interpolate({0}, 0, mode='area')", "(N, 3, L)", "size",
          "without elements" },
    };

    reader_check_rows(rows, sizeof rows / sizeof *rows);
    reader_check_refusals(wrong, sizeof wrong / sizeof *wrong);
}

static const check_case cases[] = {
    { "a_mix_is_linear_on_every_axis", a_mix_is_linear_on_every_axis },
    { "a_repeat_is_exact", a_repeat_is_exact },
    { "whole_factors_repeat", whole_factors_repeat },
    { "nearest_is_what_float32_gives", nearest_is_what_float32_gives },
    { "lengths_follow_factors", lengths_follow_factors },
    { "keras_forms_are_read_and_said_in_torch",
      keras_forms_are_read_and_said_in_torch },
    { "torch_says_what_it_reads", torch_says_what_it_reads },
    { "a_grid_from_the_corner_is_a_class", a_grid_from_the_corner_is_a_class },
    { "torch_forms_are_read", torch_forms_are_read },
};
CHECK_MAIN(cases)
