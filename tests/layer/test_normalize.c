/* layer/normalize: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

typedef struct spread_data {
    cvy_view x, slots[2];
    int axis; /* -1: one for all */
    bool invert;
} spread_data;

static double spread_truth(const void *context, const int64_t *at)
{
    const spread_data *const d = context;
    const int64_t i = d->axis < 0 ? 0 : at[d->axis];
    const double mean = *bench_at(&d->slots[0], &i);
    const double spread = fmax(sqrt(*bench_at(&d->slots[1], &i)), 1e-7);
    const double x = *bench_at(&d->x, at);

    return d->invert ? x * spread + mean : (x - mean) / spread;
}

static void run(bench *b, int axis, bool invert, bool given)
{
    const int64_t n = axis < 0 ? 1 : 3;
    spread_data d = { .x = bench_random(3, (int64_t[]){ 3, 3, 3 }),
                      .axis = axis,
                      .invert = invert };
    double mean[3], variance[3];
    cvyi_attrs attrs;

    d.slots[0] = bench_random(1, &n);
    d.slots[1] = bench_random(1, &n);
    for (int64_t i = 0; i < n; i++) {
        float *const v = bench_at(&d.slots[1], &i);

        *v = fabsf(*v);
        mean[i] = (double)*bench_at(&d.slots[0], &i);
        variance[i] = (double)*v;
    }
    cvyi_attrs_open(&attrs, cvyi_op_find("normalize"), 1);
    cvyi_set_int(&attrs, "axis", axis < 0 ? 0 : axis);
    cvyi_set_int(&attrs, "whole", axis < 0);
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

static void eval_takes_mean_and_spread_out_or_puts_them_back(void)
{
    bench b;

    bench_open(&b);
    for (int axis = -1; axis < 3; axis++)
        for (int k = 0; k < 4; k++)
            run(&b, axis, k & 1, k & 2);
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
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "axis=2");
    CHECK_EQ(b.phrase.steps[0].n_slots, 2);
    CHECK(b.phrase.steps[0].slots[0].frozen);
    CHECK_STR(b.phrase.steps[0].slots[0].layout, "C");
    CHECK_EQ(bench_read(&b, "Normalization", "{\"axis\": []}", "(N, L, 3)"),
             CVY_OK);
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "whole=true");
    CHECK_STR(b.phrase.steps[0].slots[0].layout, "-> 1");
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
          "FixedNormalize([1.5, 1.5, 1.5], [2.0, 2.0, 2.0])" },
        { "{\"mean\": -1, \"variance\": 4, \"axis\": null}",
          "({0} + 1.0) / 2.0", "FixedNormalize([-1.0], [2.0])" },
        { "{\"mean\": 1, \"variance\": 2, \"invert\": true, \"axis\": null}",
          "{0} * 1.4142135 + 1.0", "FixedDenormalize([1.0], [1.4142135])" },
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
          "Normalize(4, axes_after=1)" },
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

static void what_cannot_be_read_is_refused_by_name(void)
{
    static const struct {
        const char *json, *attribute;
    } rows[] = {
        { "{\"axis\": [1, 2]}", "axis" },
        { "{\"axis\": 3}", "axis" },
        { "{\"axis\": 0}", "axis" },
        { "{\"mean\": 1}", "variance" },
        { "{\"mean\": [1, 2], \"variance\": [1, 2]}", "mean" },
        { "{\"mean\": 1, \"variance\": [[1, 2, 3]]}", "variance" },
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
    { "an_adapted_layer_has_two_frozen_parameters",
      an_adapted_layer_has_two_frozen_parameters },
    { "one_number_of_the_source_is_layout_arrow_1",
      one_number_of_the_source_is_layout_arrow_1 },
    { "torch_words_fit", torch_words_fit },
    { "what_cannot_be_read_is_refused_by_name",
      what_cannot_be_read_is_refused_by_name },
};
CHECK_MAIN(cases)
