/* layer/slice: some elements of each axis, and subscripts of all kinds. */
#include "caller.h"
#include "torch_rows.h"

typedef struct slice_data {
    cvy_view x;
    int64_t before[4], step[4];
} slice_data;

static double slice_truth(const void *context, const int64_t *at)
{
    const slice_data *const d = context;
    int64_t from[4];

    for (int i = 0; i < 4; i++)
        from[i] = d->before[i] + at[i] * (d->step[i] > 1 ? d->step[i] : 1);
    return *bench_at(&d->x, from);
}

static void eval_takes_what_is_marked(void)
{
    static const int64_t dims[] = { 2, 5, 7, 6 }, after[] = { 0, 1, 0, 2 };
    slice_data d = { .before = { 0, 1, 0, 3 }, .step = { 0, 2, 3, 0 } };
    cvyi_attrs attrs;
    bench b;

    bench_open(&b);
    d.x = bench_random(4, dims);
    cvyi_attrs_open(&attrs, cvyi_op_find("slice"), 0);
    cvyi_set_ints(&attrs, "before", d.before, 4);
    cvyi_set_ints(&attrs, "after", after, 4);
    cvyi_set_ints(&attrs, "step", d.step, 4);
    bench_compare(&b, &attrs, &d.x, NULL, slice_truth, &d);
    cvyi_tensor_close(&d.x);
    bench_close(&b);
}

static void lengths_are_what_is_left(void)
{
    static const int64_t before[] = { 0, 1, 2 }, after[] = { 0, 3, 0 };
    static const int64_t step[] = { 0, 0, 2 }, all[] = { 0, 0, 9 };
    cvyi_inferred out = { .n_out = 77 };
    cvyi_attrs attrs;
    cvyi_type in;
    bench b;

    bench_open(&b);
    in = bench_type(&b, "(N, H, 9)");
    cvyi_attrs_open(&attrs, cvyi_op_find("slice"), 0);
    cvyi_set_ints(&attrs, "before", before, 3);
    cvyi_set_ints(&attrs, "after", after, 3);
    cvyi_set_ints(&attrs, "step", step, 3);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err), CVY_OK);
    CHECK_STR(bench_shape(&b, &out.out[0]), "(N, H - 4, 4)");
    out.n_out = 77;
    cvyi_set_ints(&attrs, "before", all, 3);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    cvyi_set_ints(&attrs, "before", before, 2);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    CHECK_EQ(out.n_out, 77);
    bench_close(&b);
}

/* Marks behind and in front of the channels, in steps and without. */
static void torch_says_what_it_reads(void)
{
    static const char *const shapes[] = { "(N, 5)", "(N, 6, L)",
                                          "(N, 4, 7, W)" };

    for (int rank = 2; rank <= 4; rank++)
        for (int axis = 1; axis < rank; axis++)
            for (int kind = 1; kind < 8; kind++) {
                int64_t marks[3][CVYI_MAX_DIMS] = { { 0 } };
                cvyi_attrs attrs;

                cvyi_attrs_open(&attrs, cvyi_op_find("slice"), 0);
                for (int m = 0; m < 3; m++)
                    marks[m][axis] = (kind >> m & 1) != 0 ? 1 + (m > 1) : 0;
                cvyi_set_ints(&attrs, "before", marks[0], rank);
                cvyi_set_ints(&attrs, "after", marks[1], rank);
                cvyi_set_ints(&attrs, "step", marks[2], rank);
                CHECK_EQ(reader_laws(&attrs, shapes[rank - 2], 0), 1);
            }
}

/* clang-format off */
#define ITEM(x) "{\"index\": [" x "]}"
#define S(a, b, c) "{\"start\": " a ", \"stop\": " b ", \"step\": " c "}"
#define ALL S("null", "null", "null")

static const caller_row rows[] = {
    { "keras3", "operator.getitem", ITEM(ALL "," S("1", "-1", "null")),
      "x (N, H, W, 3)",
      "slice before=[0 1 0 0] after=[0 1 0 0] step=[0 0 0 0]" },
    { "torch", "operator.getitem",
      ITEM(ALL "," ALL "," S("1", "-1", "null")), "x (N, 3, H, W)",
      "crop before=[1 0] after=[1 0]" },
    { "keras3", "operator.getitem", ITEM("\"...\", " S("1", "3", "null")),
      "x (N, H, W, 6)",
      "slice before=[0 0 0 1] after=[0 0 0 3] step=[0 0 0 0]" },
    { "tf2", "operator.getitem", ITEM(ALL "," S("null", "null", "2")),
      "x (N, H, 6)", "slice before=[0 0 0] after=[0 0 0] step=[0 2 0]" },
    { "keras3", "operator.getitem", ITEM(ALL ", 2"), "x (N, 5, W, 6)",
      "slice before=[0 2 0 0] after=[0 2 0 0] step=[0 0 0 0] | "
      "reshape shape=[W, 6]" },
    { "keras3", "operator.getitem", ITEM(ALL ", 0"), "x (N, 1, 6)",
      "flatten" },
    { "keras3", "operator.getitem", ITEM("\"...\", null"), "x (N, 5, 6)",
      "expand rank=4 axis=3" },
    { "keras3", "operator.getitem", ITEM(ALL ", null, -1"), "x (N, 5, 6)",
      "slice before=[0 4 0] after=[0 0 0] step=[0 0 0] | flatten | "
      "expand rank=3" },
    { "keras3", "operator.getitem", ITEM("\"...\""), "x (N, 5, 6)",
      "identity" },
    { "keras3", "operator.getitem", ITEM(ALL ", 7"), "x (N, 5, 6)",
      "illegal index" },
    { "keras3", "operator.getitem", ITEM(ALL ", 0, 0, 0"), "x (N, 5, 6)",
      "illegal index" },
    { "keras3", "operator.getitem", ITEM("0"), "x (N, 5, 6)",
      "unsupported index" },
    { "keras3", "operator.getitem", ITEM("null"), "x (N, 5, 6)",
      "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL ", 0"), "x (N, L, 6)",
      "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL "," S("null", "4", "null")),
      "x (N, L, 6)", "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL "," S("null", "null", "-1")),
      "x (N, 5, 6)", "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL "," S("4", "2", "null")),
      "x (N, 5, 6)", "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL ", 0, 0"), "x (N, 5, 6)",
      "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL ", [0, 1]"), "x (N, 5, 6)",
      "unsupported index" },
};
/* clang-format on */

static void subscripts_are_read(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
}

static const check_case cases[] = {
    { "eval_takes_what_is_marked", eval_takes_what_is_marked },
    { "lengths_are_what_is_left", lengths_are_what_is_left },
    { "torch_says_what_it_reads", torch_says_what_it_reads },
    { "subscripts_are_read", subscripts_are_read },
};
CHECK_MAIN(cases)
