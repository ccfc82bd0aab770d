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
      "squeeze axes=[0 1 0 0]" },
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
      "x (N, H, 6)", "flip axes=[0 1 0]" },
    { "tf2", "operator.getitem", ITEM(ALL "," S("-2", "null", "-1")),
      "x (N, H, 6)",
      "flip axes=[0 1 0] | slice before=[0 1 0] after=[0 0 0] step=[0 0 0]" },
    { "keras3", "operator.getitem", ITEM("\"...\"," S("4", "0", "-2")),
      "x (N, 5, 6)",
      "flip axes=[0 0 1] | slice before=[0 0 1] after=[0 0 1] step=[0 0 2]" },
    { "keras3", "operator.getitem", ITEM(ALL "," S("null", "2", "-1")),
      "x (N, H, 6)",
      "flip axes=[0 1 0] | slice before=[0 0 0] after=[0 3 0] step=[0 0 0]" },
    { "keras3", "operator.getitem", ITEM(ALL "," S("3", "null", "-1")),
      "x (N, H, 6)", "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL "," S("null", "-2", "-1")),
      "x (N, H, 6)", "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL "," S("1", "3", "-1")),
      "x (N, 5, 6)", "unsupported index" },
    { "keras3", "operator.getitem", ITEM(S("null", "null", "-1")),
      "x (N, 5, 6)", "unsupported index" },
    { "torch", "operator.getitem", ITEM(ALL "," S("null", "null", "-1")),
      "x (N, 5, 6)", "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL "," S("4", "2", "null")),
      "x (N, 5, 6)", "unsupported index" },
    { "keras3", "operator.getitem", ITEM(ALL ", 0, 0"), "x (N, 5, 6)",
      "slice before=[0 0 0] after=[0 4 5] step=[0 0 0] | flatten | "
      "squeeze" },
    { "keras3", "operator.getitem", ITEM(ALL ", [0, 1]"), "x (N, 5, 6)",
      "unsupported index" },
};
/* clang-format on */

static void subscripts_are_read(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
}

typedef struct backwards_data {
    int64_t start, stop, step;
    bool starts, stops;
} backwards_data;

static int64_t bound_of(int64_t at, int64_t n)
{
    at += at < 0 ? n : 0;
    return at < -1 ? -1 : at > n - 1 ? n - 1 : at;
}

/* Which elements Python takes, from the definition. */
static int python_takes(int64_t *out, const backwards_data *d, int64_t n)
{
    const int64_t start = d->starts ? bound_of(d->start, n) : n - 1;
    const int64_t stop = d->stops ? bound_of(d->stop, n) : -1;
    int found = 0;

    for (int64_t i = start; i > stop; i += d->step)
        out[found++] = i;
    return found;
}

/* Those that the phrase takes: turned, then cut. */
static int phrase_takes(int64_t *out, const cvyi_phrase *phrase, int64_t n)
{
    int64_t before = 0, after = 0, step = 0;
    int found = 0;

    CHECK_STR(phrase->steps[0].attrs.op->name, "flip");
    if (phrase->n > 1) {
        const cvyi_attrs *const a = &phrase->steps[1].attrs;

        before = cvyi_attr_ints(a, "before", NULL)[1];
        after = cvyi_attr_ints(a, "after", NULL)[1];
        step = cvyi_attr_ints(a, "step", NULL)[1];
    }
    for (int64_t i = before; i<n - after; i += step> 1 ? step : 1)
        out[found++] = n - 1 - i;
    return found;
}

static void check_backwards(const backwards_data *d, int64_t n)
{
    int64_t want[8], got[8];
    char text[3][24], json[256], shape[16];
    caller_row row = { "keras3", "operator.getitem", json, shape, NULL };
    const int count = python_takes(want, d, n);
    cvy_status status;
    bench b;

    snprintf(text[0], sizeof text[0], "%lld", (long long)d->start);
    snprintf(text[1], sizeof text[1], "%lld", (long long)d->stop);
    snprintf(text[2], sizeof text[2], "%lld", (long long)d->step);
    snprintf(json, sizeof json,
             "{\"index\": [" ALL ", {\"start\": %s, \"stop\": %s, "
             "\"step\": %s}]}",
             d->starts ? text[0] : "null", d->stops ? text[1] : "null",
             text[2]);
    snprintf(shape, sizeof shape, "x (N, %d)", (int)n);
    bench_open(&b);
    status = caller_read(&b, &row);
    if (status != (count > 0 ? CVY_OK : CVY_UNSUPPORTED))
        CHECK_FAIL("%s over %s: %d elements", json, shape, count);
    if (count > 0) {
        CHECK_EQ(phrase_takes(got, &b.phrase, n), count);
        for (int i = 0; i < count; i++)
            CHECK_EQ(got[i], want[i]);
    }
    bench_close(&b);
}

static void steps_below_0_take_what_python_takes(void)
{
    for (int64_t n = 1; n <= 4; n++)
        for (int set = 0; set < 4; set++)
            for (int64_t start = -6; start <= 6; start++)
                for (int64_t stop = -6; stop <= 6; stop++)
                    for (int64_t step = -3; step < 0; step++) {
                        const backwards_data d = { start, stop, step,
                                                   (set & 1) != 0,
                                                   (set & 2) != 0 };

                        if ((d.starts || start == 0) && (d.stops || stop == 0))
                            check_backwards(&d, n);
                    }
}

static const check_case cases[] = {
    { "eval_takes_what_is_marked", eval_takes_what_is_marked },
    { "lengths_are_what_is_left", lengths_are_what_is_left },
    { "torch_says_what_it_reads", torch_says_what_it_reads },
    { "subscripts_are_read", subscripts_are_read },
    { "steps_below_0_take_what_python_takes",
      steps_below_0_take_what_python_takes },
};
CHECK_MAIN(cases)
