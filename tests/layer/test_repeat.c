/* layer/repeat: elements of axes several times. */
#include "caller.h"
#include "torch_rows.h"

typedef struct repeat_data {
    cvy_view x;
    int64_t times[3];
    bool each;
} repeat_data;

static double repeat_truth(const void *context, const int64_t *at)
{
    const repeat_data *const d = context;
    int64_t from[3];

    for (int i = 0; i < 3; i++)
        from[i] = d->each ? at[i] / (d->times[i] > 1 ? d->times[i] : 1)
                          : at[i] % d->x.dims[i];
    return *bench_at(&d->x, from);
}

static void eval_repeats_wholes_and_elements(void)
{
    static const int64_t dims[] = { 2, 3, 4 };

    for (int set = 0; set < 54; set++) {
        repeat_data d = { .times = { set % 3, set / 3 % 3, set / 9 % 3 },
                          .each = set >= 27 };
        cvyi_attrs attrs;
        bench b;

        bench_open(&b);
        d.x = bench_random(3, dims);
        cvyi_attrs_open(&attrs, cvyi_op_find("repeat"), 0);
        cvyi_set_ints(&attrs, "times", d.times, 3);
        cvyi_set_int(&attrs, "each", d.each);
        bench_compare(&b, &attrs, &d.x, NULL, repeat_truth, &d);
        cvyi_tensor_close(&d.x);
        bench_close(&b);
    }
}

static void lengths_are_multiplied(void)
{
    static const int64_t times[] = { 0, 3, 2 };
    cvyi_inferred out;
    cvyi_attrs attrs;
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, H, 9)");
    cvyi_attrs_open(&attrs, cvyi_op_find("repeat"), 0);
    cvyi_set_ints(&attrs, "times", times, 3);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err), CVY_OK);
    CHECK_STR(bench_shape(&b, &out.out[0]), "(N, 3 * H, 18)");
    cvyi_set_ints(&attrs, "times", times, 2);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    bench_close(&b);
}

static void torch_says_what_it_reads(void)
{
    for (int set = 1; set < 32; set++) {
        const int64_t times[] = { 0, set & 3, set >> 2 & 3 };
        const bool each = set >= 16, some = times[1] > 1 || times[2] > 1;
        cvyi_attrs attrs;

        if (!some || times[1] == 1 || times[2] == 1)
            continue;
        cvyi_attrs_open(&attrs, cvyi_op_find("repeat"), 0);
        cvyi_set_ints(&attrs, "times", times, 3);
        cvyi_set_int(&attrs, "each", each);
        CHECK_EQ(reader_laws(&attrs, "(N, 4, L)", 0), 1);
    }
}

/* clang-format off */
#define TILE(x) "{\"repeats\": " x "}"
#define REPEAT(x, axis) "{\"repeats\": " x ", \"axis\": " axis "}"

static const caller_row rows[] = {
    { "keras3", "keras.ops.tile", TILE("[1, 2, 1]"), "x (N, H, 3)",
      "repeat times=[0 2 0]" },
    { "keras3", "keras.ops.tile", TILE("[3, 2]"), "x (N, H, W, 3)",
      "repeat times=[0 0 3 2]" },
    { "keras3", "keras.ops.tile", TILE("4"), "x (N, H, 3)",
      "repeat times=[0 0 4]" },
    { "keras3", "keras.ops.tile", TILE("[1, 1]"), "x (N, H, 3)", "identity" },
    { "keras3", "keras.ops.tile", TILE("[2, 1]"), "x (N, 3)",
      "unsupported repeats" },
    { "keras3", "keras.ops.tile", TILE("[1, 1, 2]"), "x (N, 3)",
      "unsupported repeats" },
    { "keras3", "keras.ops.tile", TILE("[1, 0]"), "x (N, 3)",
      "unsupported repeats" },
    { "keras3", "keras.ops.repeat", REPEAT("2", "-1"), "x (N, H, 3)",
      "repeat times=[0 0 2] each=true" },
    { "keras3", "keras.ops.repeat", REPEAT("2", "null"), "x (N, H, 3)",
      "unsupported axis" },
    { "keras3", "keras.ops.repeat", REPEAT("2", "0"), "x (N, H, 3)",
      "unsupported axis" },
    { "keras3", "keras.ops.repeat", REPEAT("[1, 2, 3]", "2"), "x (N, H, 3)",
      "unsupported repeats" },
    { "keras3", "keras.ops.repeat", REPEAT("2", "5"), "x (N, H, 3)",
      "illegal axis" },
    { "tf2", "tf.tile", "{\"multiples\": [1, 2, 1]}", "x (N, H, 3)",
      "repeat times=[0 2 0]" },
    { "tf2", "tf.tile", "{\"multiples\": [2, 1]}", "x (N, H, 3)",
      "illegal multiples" },
    { "tf2", "tf.repeat", REPEAT("2", "1"), "x (N, H, 3)",
      "repeat times=[0 2 0] each=true" },
    { "torch", "torch.tile", "{\"dims\": [2]}", "x (N, 3, L)",
      "repeat times=[0 0 2]" },
    { "torch", "torch.repeat_interleave", "{\"repeats\": 2, \"dim\": 1}",
      "x (N, 3, L)", "repeat times=[0 2 0] each=true" },
    { "torch", "torch.repeat_interleave",
      "{\"repeats\": 2, \"dim\": 1, \"output_size\": 6}", "x (N, 3, L)",
      "unsupported output_size" },
};

static const reader_row methods[] = {
    { "{0}.repeat(1, 2, 3)", "(N, 3, L)", "repeat times=[0 2 3]" },
    { "{0}.repeat((1, 2, 3))", "(N, 3, L)", "repeat times=[0 2 3]" },
    { "{0}.tile(2)", "(N, 3, L)", "repeat times=[0 0 2]" },
    { "{0}.repeat(1, 1, 1)", "(N, 3, L)", "identity" },
};

static const reader_refusal refusals[] = {
    { "{0}.repeat(2)", "(N, 3, L)", "repeats", "at least 3" },
    { "{0}.repeat(1, 1, 1, 2)", "(N, 3, L)", "repeats", "new axes" },
    { "{0}.repeat(2, 1, 1)", "(N, 3, L)", "repeats", "samples" },
    { "{0}.repeat_interleave(2)", "(N, 3, L)", "dim", "one row" },
};
/* clang-format on */

static void calls_are_read(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
    reader_check_rows(methods, sizeof methods / sizeof *methods);
    reader_check_refusals(refusals, sizeof refusals / sizeof *refusals);
}

static const check_case cases[] = {
    { "eval_repeats_wholes_and_elements", eval_repeats_wholes_and_elements },
    { "lengths_are_multiplied", lengths_are_multiplied },
    { "torch_says_what_it_reads", torch_says_what_it_reads },
    { "calls_are_read", calls_are_read },
};
CHECK_MAIN(cases)
