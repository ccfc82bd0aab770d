/* layer/combine: arithmetic with a trained array; layer/squeeze: the batch
 * alone. */
#include "torch_rows.h"

typedef struct combine_data {
    cvy_view x, value;
    const int64_t *marks;
    int way;
} combine_data;

static const char *const ways[] = { "add",      "subtract", "from",
                                    "multiply", "divide",   "over",
                                    "maximum",  "minimum" };

static double combine_truth(const void *context, const int64_t *at)
{
    const combine_data *const d = context;
    int64_t there[CVY_MAX_RANK] = { 0 };
    const double x = (double)*bench_at(&d->x, at);
    double v;

    for (int i = 0; i < d->x.rank; i++)
        if (d->marks[i] != 0)
            there[d->marks[i] - 1] = at[i];
    v = (double)*bench_at(&d->value, there);
    switch (d->way) {
    case 0:
        return x + v;
    case 1:
        return x - v;
    case 2:
        return v - x;
    case 3:
        return x * v;
    case 4:
        return x / v;
    case 5:
        return v / x;
    case 6:
        return x > v ? x : v;
    default:
        return x < v ? x : v;
    }
}

/* Every way over every choice and order of axes. */
static void arrays_meet_the_marked_axes(void)
{
    static const int64_t dims[] = { 2, 3, 4, 5 };
    static const int64_t marks[][4] = { { 0, 0, 0, 0 }, { 0, 1, 0, 0 },
                                        { 0, 0, 0, 1 }, { 0, 2, 0, 1 },
                                        { 0, 3, 1, 2 }, { 0, 1, 2, 3 } };
    bench b;

    bench_open(&b);
    for (int way = 0; way < 8; way++)
        for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
            combine_data d = { .x = bench_random(4, dims),
                               .marks = marks[m],
                               .way = way };
            int64_t shape[CVY_MAX_RANK] = { 1 };
            cvyi_attrs attrs;
            int rank = 0;

            for (int i = 0; i < 4; i++)
                if (marks[m][i] != 0) {
                    shape[marks[m][i] - 1] = dims[i];
                    rank++;
                }
            d.value = bench_random(rank > 0 ? rank : 1, shape);
            cvyi_attrs_open(&attrs, cvyi_op_find("combine"), 2);
            cvyi_set_word(&attrs, "way", ways[way]);
            cvyi_set_ints(&attrs, "axes", marks[m], 4);
            bench_compare(&b, &attrs, &d.x, &d.value, combine_truth, &d);
            cvyi_tensor_close(&d.x);
            cvyi_tensor_close(&d.value);
        }
    bench_close(&b);
}

static void torch_says_a_class_and_reads_it_back(void)
{
    static const struct {
        const char *way, *shape;
        int64_t marks[4];
        const char *code, *layout;
        bool sorted;
    } rows[] = {
        { "add",
          "(N, 8, H, 5)",
          { 0, 1, 0, 0 },
          "Plus((8, 1, 1))",
          "C -> C 1 1",
          true },
        { "multiply",
          "(N, 3, 4, 5)",
          { 0, 3, 1, 2 },
          "Times((3, 4, 5))",
          "C D E -> E C D",
          false },
        { "subtract",
          "(N, 3, 4, 5)",
          { 0, 2, 0, 1 },
          "Minus((3, 1, 5))",
          "C D -> D 1 C",
          false },
        { "from", "(N, 3)", { 0, 1 }, "MinusFrom((3,))", "C -> C", true },
        { "divide",
          "(N, T, 3)",
          { 0, 0, 1 },
          "DividedBy((3,))",
          "C -> C",
          true },
        { "over", "(N, T, 3)", { 0 }, "Dividing((1,))", "C -> C", false },
        { "maximum",
          "(N, 2, 3)",
          { 0, 1, 2 },
          "AtLeast((2, 3))",
          "C D -> C D",
          true },
        { "minimum", "(N)", { 0 }, "AtMost((1,))", "C -> C", false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_attrs attrs;
        cvyi_type in;
        cvyi_said said;
        bench b;

        bench_open(&b);
        in = bench_type(&b, rows[i].shape);
        cvyi_attrs_open(&attrs, cvyi_op_find("combine"), 0);
        cvyi_set_word(&attrs, "way", rows[i].way);
        cvyi_set_ints(&attrs, "axes", rows[i].marks, in.rank);
        CHECK_STR(bench_say(&b, &attrs, &in, 1, CVYI_FORM_MODULE, &said),
                  rows[i].code);
        CHECK_EQ(said.n_slots, 1);
        CHECK_STR(said.slots[0].layout, rows[i].layout);
        /* torch's array is in the order of the input's axes, and has no letter
         * for an axis of one element. */
        if (rows[i].sorted)
            CHECK(reader_law(&attrs, rows[i].shape, 1, CVYI_FORM_MODULE));
        bench_close(&b);
    }
}

/* ---- squeeze ---- */

static const reader_row squeezes[] = {
    { "{0}.squeeze(1)", "(N, 1)", "squeeze" },
    { "{0}.squeeze()", "(2, 1)", "squeeze" },
    { "{0}.reshape(-1)", "(N, 1)", "squeeze" },
    { "{0}.squeeze((1, 2))", "(N, 1, 1)", "flatten; squeeze" },
    { "{0}.squeeze(1)", "(N, 1, 1)", "flatten" },
    { "{0}.squeeze(1)", "(N, 1, H, 1)", "squeeze axes=[0 1 0 0]" },
    { "{0}.squeeze(-1)", "(N, 1, H, 1)", "squeeze axes=[0 0 0 1]" },
    { "{0}.squeeze((1, 3))", "(N, 1, H, 1, W)", "squeeze axes=[0 1 0 1 0]" },
    { "{0}.squeeze((1, 2))", "(N, 1, 7, 3)", "squeeze axes=[0 1 0 0]" },
    { "{0}.sum(dim=1)", "(N, 7)", "reduce kind=sum axes=[0 1]; squeeze" },
};

static const reader_refusal kept[] = {
    { "{0}.reshape(-1)", "(N, 2)", "shape", "from one sample to another" },
    { "{0}.squeeze()", "(N, 1)", "dim", "batch may go" },
};

static void the_batch_is_left_alone(void)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("squeeze"), 0);
    CHECK(reader_law(&attrs, "(N, 1)", 1, CVYI_FORM_FUNCTION));
    CHECK(!reader_law(&attrs, "(N, 1, 1)", 1, CVYI_FORM_FUNCTION));
    reader_check_rows(squeezes, sizeof squeezes / sizeof *squeezes);
    reader_check_refusals(kept, sizeof kept / sizeof *kept);
}

/* The marked axes go, and every way to mark some is written and read back. */
static void axes_of_one_element_go(void)
{
    for (int64_t bits = 2; bits < 32; bits += 2) {
        int64_t marks[5];
        cvyi_attrs attrs;
        int left = 5;

        for (int i = 0; i < 5; i++) {
            marks[i] = bits >> i & 1;
            left -= (int)marks[i];
        }
        cvyi_attrs_open(&attrs, cvyi_op_find("squeeze"), 0);
        cvyi_set_ints(&attrs, "axes", marks, 5);
        if (left > 2)
            CHECK(
                reader_law(&attrs, "(N, 1, 1, 1, 1)", 1, CVYI_FORM_FUNCTION));
    }
}

static void an_axis_of_more_elements_stays(void)
{
    static const char *const wrong[] = { "(N, 2, 3)", "(N, H, 3)", "(N, 1)",
                                         "(N, 1, 1, 1)" };
    static const int64_t marks[] = { 0, 1, 0 };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cvyi_inferred out;
        cvyi_attrs attrs;
        bench b;

        bench_open(&b);
        cvyi_attrs_open(&attrs, cvyi_op_find("squeeze"), 0);
        cvyi_set_ints(&attrs, "axes", marks, 3);

        const cvyi_type in = bench_type(&b, wrong[i]);

        CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                 CVY_SHAPE);
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "arrays_meet_the_marked_axes", arrays_meet_the_marked_axes },
    { "torch_says_a_class_and_reads_it_back",
      torch_says_a_class_and_reads_it_back },
    { "the_batch_is_left_alone", the_batch_is_left_alone },
    { "axes_of_one_element_go", axes_of_one_element_go },
    { "an_axis_of_more_elements_stays", an_axis_of_more_elements_stays },
};
CHECK_MAIN(cases)
