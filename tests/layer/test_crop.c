/* layer/crop: what it means, how the frameworks spell it. */
#include "torch_rows.h"

typedef struct crop_data {
    cvy_view x;
    int64_t before[3];
} crop_data;

static double crop_truth(const void *context, const int64_t *at)
{
    const crop_data *const d = context;
    int64_t from[5] = { at[0], at[1] };

    for (int i = 2; i < d->x.rank; i++)
        from[i] = at[i] + d->before[i - 2];
    return *bench_at(&d->x, from);
}

static void eval_leaves_elements_out(void)
{
    static const int64_t dims[] = { 2, 2, 5, 4, 6 };
    static const int64_t after[] = { 2, 0, 3 };
    bench b;

    bench_open(&b);
    for (int n = 1; n <= 3; n++) {
        crop_data d = { .before = { 1, 3, 0 } };
        cvyi_attrs attrs;

        d.x = bench_random(n + 2, dims);
        cvyi_attrs_open(&attrs, cvyi_op_find("crop"), n);
        cvyi_set_ints(&attrs, "before", d.before, n);
        cvyi_set_ints(&attrs, "after", after, n);
        bench_compare(&b, &attrs, &d.x, NULL, crop_truth, &d);
        cvyi_tensor_close(&d.x);
    }
    bench_close(&b);
}

static void lengths_are_the_difference(void)
{
    static const int64_t before[] = { 1, 2 }, after[] = { 3, 0 };
    static const int64_t all[] = { 4, 1 };
    cvyi_inferred out = { .n_out = 77 };
    cvyi_attrs attrs;
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, 3, H, 9)");
    cvyi_attrs_open(&attrs, cvyi_op_find("crop"), 2);
    cvyi_set_ints(&attrs, "before", before, 2);
    cvyi_set_ints(&attrs, "after", after, 2);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err), CVY_OK);
    CHECK_STR(bench_shape(&b, &out.out[0]), "(N, 3, H - 4, 7)");
    in = bench_type(&b, "(N, 3, 7, 9)");
    out.n_out = 77;
    cvyi_set_ints(&attrs, "before", all, 2);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    CHECK_EQ(out.n_out, 77);
    bench_close(&b);
}

static void keras_forms_are_read(void)
{
    static const struct {
        const char *name, *json, *shape, *print;
    } rows[] = {
        { "Cropping1D", "{}", "(N, L, 3)", "before=[1] after=[1]" },
        { "Cropping1D", "{\"cropping\": [0, 2]}", "(N, L, 3)", "after=[2]" },
        { "Cropping2D", "{}", "(N, 5, 5, 3)", "" },
        { "Cropping2D", "{\"cropping\": [1, 2]}", "(N, 5, 5, 3)",
          "before=[1 2] after=[1 2]" },
        { "Cropping3D", "{\"cropping\": [[1, 0], [0, 2], [1, 1]]}",
          "(N, 5, 5, 5, 3)", "before=[1 0 1] after=[0 2 1]" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, rows[i].name, rows[i].json, rows[i].shape),
                 CVY_OK);
        CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), rows[i].print);
    }
    CHECK_EQ(bench_read(&b, "Cropping2D", "{\"cropping\": [[2, 3], [0, 0]]}",
                        "(N, 5, 5, 3)"),
             CVY_UNSUPPORTED);
    CHECK_EQ(b.phrase.refusal.kind, CVYI_ILLEGAL_IN_SOURCE);
    CHECK_STR(b.phrase.refusal.attribute, "cropping");
    CHECK_EQ(bench_read(&b, "Cropping2D", "{\"cropping\": -1}",
                        "(N, 5, 5, 3)"),
             CVY_UNSUPPORTED);
    bench_close(&b);
}

static void torch_says_what_it_reads(void)
{
    static const char *const shapes[] = { "(N, 3, L)", "(N, 3, 9, W)",
                                          "(N, 3, D, 9, 9)" };
    static const int64_t before[] = { 1, 0, 2 }, after[] = { 0, 3, 2 };

    for (int n = 1; n <= 3; n++) {
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("crop"), n);
        CHECK_EQ(reader_laws(&attrs, shapes[n - 1], 0), 2);
        cvyi_set_ints(&attrs, "before", before, n);
        CHECK_EQ(reader_laws(&attrs, shapes[n - 1], 0), 2);
        cvyi_set_ints(&attrs, "after", after, n);
        CHECK_EQ(reader_laws(&attrs, shapes[n - 1], 0), 2);
    }
}

static void torch_cuts_by_slices_and_negative_pads(void)
{
    static const reader_row rows[] = {
        { "nn.ZeroPad2d(-1)", "(N, 3, H, 9)",
          "crop before=[1 1] after=[1 1]" },
        { "nn.ZeroPad2d((-1, 2, 0, -3))", "(N, 3, H, 9)",
          "crop before=[0 1] after=[3 0]; pad border=[0:0 0:2]" },
        { "nn.ReflectionPad1d((-1, 2))", "(N, 3, 9)",
          "pad border=[0:2] mode=reflect; crop before=[1]" },
        { "nn.CircularPad1d((-1, 2))", "(N, 3, 9)",
          "crop before=[1]; pad border=[0:2] mode=circular" },
    };

    reader_check_rows(rows, sizeof rows / sizeof *rows);
}

static const check_case cases[] = {
    { "eval_leaves_elements_out", eval_leaves_elements_out },
    { "lengths_are_the_difference", lengths_are_the_difference },
    { "keras_forms_are_read", keras_forms_are_read },
    { "torch_says_what_it_reads", torch_says_what_it_reads },
    { "torch_cuts_by_slices_and_negative_pads",
      torch_cuts_by_slices_and_negative_pads },
};
CHECK_MAIN(cases)
