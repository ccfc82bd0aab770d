/* layer/normalize: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

typedef struct spread_data {
    cvy_view x, slots[2];
    const int64_t *marks; /* one for each axis of x */
    bool invert;
} spread_data;

/* Index `at` of x, as one of mean and variance. */
static void place(int64_t *out, const spread_data *d, const int64_t *at)
{
    out[0] = 0;
    for (int i = 0; i < d->x.rank; i++)
        if (d->marks[i] != 0)
            out[d->marks[i] - 1] = at[i];
}

static double spread_truth(const void *context, const int64_t *at)
{
    const spread_data *const d = context;
    int64_t i[CVY_MAX_RANK];

    place(i, d, at);

    const double mean = *bench_at(&d->slots[0], i);
    const double spread = fmax(sqrt(*bench_at(&d->slots[1], i)), 1e-7);
    const double x = *bench_at(&d->x, at);

    return d->invert ? x * spread + mean : (x - mean) / spread;
}

enum { RANK = 4 };
static const int64_t lengths[RANK] = { 2, 3, 1, 4 };

/* The same numbers from slots or, with `given`, from attributes. */
static void run(bench *b, const int64_t *marks, bool invert, bool given)
{
    spread_data d = { .x = bench_random(RANK, lengths),
                      .marks = marks,
                      .invert = invert };
    int64_t dims[RANK] = { 1 };
    double mean[24], variance[24];
    cvyi_attrs attrs;
    int rank = 0;

    for (int i = 0; i < RANK; i++) {
        if (marks[i] == 0)
            continue;
        dims[marks[i] - 1] = lengths[i];
        rank++;
    }
    for (int k = 0; k < 2; k++)
        d.slots[k] = bench_random(rank > 0 ? rank : 1, dims);

    const int64_t n = cvy_view_count(&d.slots[0]);

    for (int64_t i = 0; i < n; i++) {
        float *const v = (float *)d.slots[1].data + i;

        *v = fabsf(*v);
        mean[i] = (double)((const float *)d.slots[0].data)[i];
        variance[i] = (double)*v;
    }
    cvyi_attrs_open(&attrs, cvyi_op_find("normalize"), 1);
    if (rank > 0)
        cvyi_set_ints(&attrs, "axes", marks, RANK);
    cvyi_set_int(&attrs, "invert", invert);
    if (given) {
        *cvyi_attr_set(&attrs, "mean") =
            (cvyi_attr_value){ .n = (int)n, .reals = mean };
        *cvyi_attr_set(&attrs, "variance") =
            (cvyi_attr_value){ .n = (int)n, .reals = variance };
    }

    static const cvy_view absent[2];

    bench_compare(b, &attrs, &d.x, given ? absent : d.slots, spread_truth, &d);
    cvyi_tensor_close(&d.x);
    cvyi_tensor_close(&d.slots[0]);
    cvyi_tensor_close(&d.slots[1]);
}

/* Are these 1, 2, ..., each once, and nothing but 0 besides? */
static bool are_marks(const int64_t *marks)
{
    int n = 0, seen = 0;

    for (int i = 0; i < RANK; i++) {
        n += marks[i] != 0;
        if (marks[i] != 0)
            seen |= 1 << (marks[i] - 1);
    }
    return seen == (1 << n) - 1;
}

/* All of them: every set of axes, in every order of the mean's own axes. */
static void eval_takes_mean_and_spread_out_or_puts_them_back(void)
{
    int64_t marks[RANK] = { 0 };
    const int64_t digits[RANK] = { 5, 5, 5, 5 };
    int n = 0;
    bench b;

    bench_open(&b);
    do {
        if (!are_marks(marks))
            continue;
        n++;
        for (int k = 0; k < 4; k++)
            run(&b, marks, k & 1, k & 2);
    } while (cvyi_next(RANK, digits, marks));
    CHECK_EQ(n, 1 + 4 + 6 * 2 + 4 * 6 + 24);
    bench_close(&b);
}

static void marks_that_are_no_order_are_refused(void)
{
    static const int64_t marks[][3] = { { 0, 2, 0 },
                                        { 0, 1, 1 },
                                        { 0, -1, 0 },
                                        { 1, 0, 0 } /* the batch's length */,
                                        { 0, 1, 3 } };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const cvyi_type in = bench_type(&b, "(N, 4, 3)");
        cvyi_inferred out = { .n_out = 77 };
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("normalize"), 1);
        cvyi_set_ints(&attrs, "axes", marks[i], 3);
        CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                 CVY_SHAPE);
        cvyi_set_ints(&attrs, "axes", marks[i], 2);
        CHECK_EQ(attrs.op->infer(&out, &attrs, &in, 1, &b.sizes, &b.err),
                 CVY_SHAPE);
        CHECK_EQ(out.n_out, 77);
    }
    bench_close(&b);
}

static void an_adapted_layer_has_two_frozen_parameters(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Normalization",
                        "{\"axis\": [-1], \"invert\": false, \"mean\": null,"
                        " \"variance\": null}",
                        "(N, L, 3)"),
             CVY_OK);
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "axes=[0 0 1]");
    CHECK_EQ(b.phrase.steps[0].n_slots, 2);
    CHECK(b.phrase.steps[0].slots[0].frozen);
    CHECK_STR(b.phrase.steps[0].slots[0].layout, "C");
    CHECK_EQ(bench_read(&b, "Normalization", "{\"axis\": []}", "(N, L, 3)"),
             CVY_OK);
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "");
    CHECK_STR(b.phrase.steps[0].slots[0].layout, "-> 1");
    CHECK_EQ(bench_read(&b, "Normalization", "{\"axis\": [-1, 1]}",
                        "(N, 4, L, 3)"),
             CVY_OK);
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "axes=[0 1 0 2]");
    CHECK_STR(b.phrase.steps[0].slots[0].layout, "C D");
    bench_close(&b);
}

static void one_number_of_the_source_is_layout_arrow_1(void)
{
    cvyi_layout layout;
    int64_t dims[CVY_MAX_RANK];
    cvy_error err = { 0 };

    CHECK_OK(cvyi_layout_parse(&layout, "-> 1", 0, 0, NULL, &err));
    CHECK_EQ(cvyi_layout_target(&layout, dims), 1);
    CHECK_EQ(dims[0], 1);
}

static void torch_words_fit(void)
{
    static const struct {
        const char *json, *function, *module;
    } rows[] = {
        { "{\"mean\": 1.5, \"variance\": 4}", "({0} - 1.5) / 2.0",
          "FixedNormalize([1.5], [2.0])" },
        { "{\"mean\": -1, \"variance\": 4, \"axis\": null}",
          "({0} + 1.0) / 2.0", "FixedNormalize([-1.0], [2.0])" },
        { "{\"mean\": 1, \"variance\": 2, \"invert\": true, \"axis\": null}",
          "{0} * 1.4142135 + 1.0", "FixedDenormalize([1.0], [1.4142135])" },
        { "{\"mean\": 1, \"variance\": -1}", "({0} - 1.0) / float(\"nan\")",
          "FixedNormalize([1.0], [float(\"nan\")])" },
        { "{\"mean\": [1, 2, 3], \"variance\": [4, 9, 0]}",
          "refused: means along an axis must move with the model",
          "FixedNormalize([1.0, 2.0, 3.0], [2.0, 3.0, 1e-7])" },
        { "{}", "refused: means along an axis must move with the model",
          "Normalize(3)" },
        { "{\"invert\": true}",
          "refused: means along an axis must move with the model",
          "Denormalize(3)" },
        { "{\"axis\": 1}",
          "refused: means along an axis must move with the model",
          "Normalize(4, 1)" },
        { "{\"axis\": [2, 1]}",
          "refused: means along an axis must move with the model",
          "Normalize(4, 3)" },
        { "{\"axis\": [1, 2], \"mean\": [[1], [2], [3], [4]],"
          " \"variance\": [[4], [9], [16], [25]]}",
          "refused: means along an axis must move with the model",
          "FixedNormalize([1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 5.0], "
          "shape=(4, 1))" },
        { "{\"axis\": [1, 2], \"mean\": [1, 2, 3], \"variance\": [1, 1, 1]}",
          "refused: means along an axis must move with the model",
          "FixedNormalize([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, "Normalization", rows[i].json, "(N, 4, 3)"),
                 CVY_OK);
        CHECK_STR(bench_step(&b, 0, "(N, 4, 3)", CVYI_FORM_FUNCTION),
                  rows[i].function);
        CHECK_STR(bench_step(&b, 0, "(N, 4, 3)", CVYI_FORM_MODULE),
                  rows[i].module);
    }
    bench_close(&b);
}

/* What torch is told for an input of (2, 3) behind the batch, whose axes the
 * mean has in the order 2, 1. */
static void say_moved(bench *b, cvyi_said *said, const cvyi_attrs *attrs)
{
    const cvyi_type in = bench_type(b, "(N, 2, 1, 3)");
    cvyi_inferred found;

    CHECK_EQ(attrs->op->infer(&found, attrs, &in, 1, &b->sizes, &b->err),
             CVY_OK);

    const cvyi_saying what = { .attrs = attrs,
                               .in = &in,
                               .n_in = 1,
                               .out = found.out,
                               .slots = found.slots,
                               .present = 3,
                               .arena = &b->arena,
                               .sizes = &b->sizes };

    *said = (cvyi_said){ 0 };
    CHECK_EQ(cvyi_say(said, "torch", CVYI_FORM_MODULE, &what, &b->err),
             CVY_OK);
}

static void given_numbers_follow_axes_that_moved(void)
{
    static const double mean[] = { 1, 2, 3, 4, 5, 6 };
    static const double variance[] = { 1, 4, 9, 16, 25, 36 };
    cvyi_attrs attrs;
    cvyi_said said;
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&attrs, cvyi_op_find("normalize"), 2);
    cvyi_set_ints(&attrs, "axes", (int64_t[]){ 0, 2, 0, 1 }, 4);
    *cvyi_attr_set(&attrs, "mean") =
        (cvyi_attr_value){ .n = 6, .reals = mean };
    *cvyi_attr_set(&attrs, "variance") =
        (cvyi_attr_value){ .n = 6, .reals = variance };
    say_moved(&b, &said, &attrs);
    CHECK_STR(cvyi_text_c(&said.code),
              "FixedNormalize([1.0, 3.0, 5.0, 2.0, 4.0, 6.0], "
              "[1.0, 3.0, 5.0, 2.0, 4.0, 6.0], shape=(2, 1, 3))");
    cvyi_said_close(&said);
    bench_close(&b);
}

static void adapted_numbers_follow_axes_that_moved(void)
{
    cvyi_attrs attrs;
    cvyi_said said;
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&attrs, cvyi_op_find("normalize"), 2);
    cvyi_set_ints(&attrs, "axes", (int64_t[]){ 0, 2, 0, 1 }, 4);
    say_moved(&b, &said, &attrs);
    CHECK_STR(cvyi_text_c(&said.code), "Normalize(2, 1, 3)");
    CHECK_EQ(said.n_slots, 2);
    CHECK_STR(said.slots[1].layout, "C D -> D 1 C");
    cvyi_said_close(&said);
    bench_close(&b);
}

static void what_cannot_be_read_is_refused_by_name(void)
{
    static const struct {
        const char *json, *attribute;
    } rows[] = {
        { "{\"axis\": [1, 1]}", "axis" },
        { "{\"axis\": [2, -1]}", "axis" },
        { "{\"axis\": [1, 0]}", "axis" },
        { "{\"axis\": [1, 1.5]}", "axis" },
        { "{\"axis\": 3}", "axis" },
        { "{\"axis\": 0}", "axis" },
        { "{\"mean\": 1}", "variance" },
        { "{\"mean\": [1, 2], \"variance\": [1, 2]}", "mean" },
        { "{\"mean\": 1, \"variance\": [[1, 2, 3]]}", "variance" },
        { "{\"mean\": [[1, 2, 3]], \"variance\": [[1, 2, 3]]}", "mean" },
        { "{\"mean\": [], \"variance\": []}", "mean" },
        { "{\"mean\": [[1, 2, 3], [4, 5]], \"variance\": 1, \"axis\": [1, 2]}",
          "mean" },
        { "{\"mean\": [1, [2], 3], \"variance\": 1}", "mean" },
        { "{\"mean\": [1, 2, 3], \"variance\": [1]}", "variance" },
        { "{\"mean\": [1], \"variance\": [1], \"axis\": null}", "mean" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, "Normalization", rows[i].json, "(N, 4, 3)"),
                 CVY_UNSUPPORTED);
        CHECK_STR(b.phrase.refusal.attribute, rows[i].attribute);
    }
    bench_close(&b);
}

static const check_case cases[] = {
    { "eval_takes_mean_and_spread_out_or_puts_them_back",
      eval_takes_mean_and_spread_out_or_puts_them_back },
    { "marks_that_are_no_order_are_refused",
      marks_that_are_no_order_are_refused },
    { "given_numbers_follow_axes_that_moved",
      given_numbers_follow_axes_that_moved },
    { "adapted_numbers_follow_axes_that_moved",
      adapted_numbers_follow_axes_that_moved },
    { "an_adapted_layer_has_two_frozen_parameters",
      an_adapted_layer_has_two_frozen_parameters },
    { "one_number_of_the_source_is_layout_arrow_1",
      one_number_of_the_source_is_layout_arrow_1 },
    { "torch_words_fit", torch_words_fit },
    { "what_cannot_be_read_is_refused_by_name",
      what_cannot_be_read_is_refused_by_name },
};
CHECK_MAIN(cases)
