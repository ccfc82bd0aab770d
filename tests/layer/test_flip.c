/* layer/flip: axes in the opposite order. */
#include "caller.h"
#include "torch_rows.h"

typedef struct flip_data {
    cvy_view x;
    int64_t marks[4];
} flip_data;

static double flip_truth(const void *context, const int64_t *at)
{
    const flip_data *const d = context;
    int64_t from[4];

    for (int i = 0; i < 4; i++)
        from[i] = d->marks[i] != 0 ? d->x.dims[i] - 1 - at[i] : at[i];
    return *bench_at(&d->x, from);
}

static void eval_turns_the_marked_axes(void)
{
    static const int64_t dims[] = { 2, 3, 1, 5 };

    for (int set = 0; set < 16; set++) {
        flip_data d = { 0 };
        cvyi_attrs attrs;
        bench b;

        bench_open(&b);
        d.x = bench_random(4, dims);
        for (int i = 0; i < 4; i++)
            d.marks[i] = set >> i & 1;
        cvyi_attrs_open(&attrs, cvyi_op_find("flip"), 0);
        cvyi_set_ints(&attrs, "axes", d.marks, 4);
        bench_compare(&b, &attrs, &d.x, NULL, flip_truth, &d);
        cvyi_tensor_close(&d.x);
        bench_close(&b);
    }
}

static void marks_fit_the_axes(void)
{
    static const int64_t marks[] = { 0, 1, -1 };
    cvyi_inferred out = { .n_out = 77 };
    cvyi_attrs attrs;
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, H, 9)");
    cvyi_attrs_open(&attrs, cvyi_op_find("flip"), 0);
    cvyi_set_ints(&attrs, "axes", marks, 2);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    cvyi_set_ints(&attrs, "axes", marks, 3);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_ARGUMENT);
    CHECK_EQ(out.n_out, 77);
    bench_close(&b);
}

static void torch_says_what_it_reads(void)
{
    for (int set = 1; set < 8; set++) {
        int64_t marks[4] = { 0 };
        cvyi_attrs attrs;

        for (int i = 1; i < 4; i++)
            marks[i] = set >> (i - 1) & 1;
        cvyi_attrs_open(&attrs, cvyi_op_find("flip"), 0);
        cvyi_set_ints(&attrs, "axes", marks, 4);
        CHECK_EQ(reader_laws(&attrs, "(N, 4, H, W)", 0), 1);
    }
}

/* clang-format off */
#define AXIS(x) "{\"axis\": " x "}"

static const caller_row rows[] = {
    { "keras3", "keras.ops.flip", AXIS("1"), "x (N, H, 3)",
      "flip axes=[0 1 0]" },
    { "keras3", "keras.ops.flip", AXIS("[1, -1]"), "x (N, H, W, 3)",
      "flip axes=[0 1 0 1]" },
    { "keras3", "keras.ops.flip", AXIS("null"), "x (N, 5)",
      "unsupported axis" },
    { "keras3", "keras.ops.flip", AXIS("[1, 0]"), "x (N, 5)",
      "unsupported axis" },
    { "keras3", "keras.ops.flip", AXIS("[1, -1]"), "x (N, 5)",
      "illegal axis" },
    { "keras3", "keras.ops.flip", AXIS("2"), "x (N, 5)", "illegal axis" },
    { "keras3", "keras.ops.flip", AXIS("[]"), "x (N, 5)", "identity" },
    { "tf2", "tf.reverse", AXIS("[1]"), "x (N, H, 3)", "flip axes=[0 1 0]" },
    { "tf2", "tf.reverse", AXIS("1"), "x (N, H, 3)", "illegal axis" },
    { "torch", "torch.flip", "{\"dims\": [-1]}", "x (N, 3, L)",
      "flip axes=[0 0 1]" },
    { "torch", "torch.flip", "{\"dims\": 1}", "x (N, 3, L)", "illegal dims" },
};

static const reader_row methods[] = {
    { "{0}.flip(1, 2)", "(N, 3, L)", "flip axes=[0 1 1]" },
    { "{0}.flip((1, -1))", "(N, 3, L)", "flip axes=[0 1 1]" },
    { "{0}.flip(2)", "(N, 3, L)", "flip axes=[0 0 1]" },
};

static const reader_refusal refusals[] = {
    { "{0}.flip(0)", "(N, 3, L)", "dims", "batch" },
    { "{0}.flip(1, 1)", "(N, 3, L)", "dims", "different axes" },
    { "{0}.flip(3)", "(N, 3, L)", "dims", "different axes" },
};
/* clang-format on */

static void calls_are_read(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
    reader_check_rows(methods, sizeof methods / sizeof *methods);
    reader_check_refusals(refusals, sizeof refusals / sizeof *refusals);
}

static const check_case cases[] = {
    { "eval_turns_the_marked_axes", eval_turns_the_marked_axes },
    { "marks_fit_the_axes", marks_fit_the_axes },
    { "torch_says_what_it_reads", torch_says_what_it_reads },
    { "calls_are_read", calls_are_read },
};
CHECK_MAIN(cases)
