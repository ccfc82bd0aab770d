/* layer/dropout: nothing at inference, and its words. */
#include "workbench.h"

static double same(const void *context, const int64_t *at)
{
    return (double)*bench_at(context, at);
}

static void values_pass_through(void)
{
    const int64_t dims[] = { 2, 3, 4 };
    cvy_view x = bench_random(3, dims);
    cvyi_attrs attrs;
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&attrs, cvyi_op_find("dropout"), 1);
    cvyi_set_real(&attrs, "rate", 0.5);
    bench_compare(&b, &attrs, &x, NULL, same, &x);
    cvyi_tensor_close(&x);
    bench_close(&b);
}

static const struct {
    const char *class_name, *config, *shape;
    const char *attrs, *torch;
    int remarks;
} word_rows[] = {
    /* clang-format off */
    { "Dropout", "{\"rate\": 0.5}", "(N, 7)", "rate=0.5",
      "nn.Dropout(0.5)", 0 },
    { "Dropout", "{\"rate\": 0.1, \"seed\": 3}", "(N, 8, 7)", "rate=0.1",
      "nn.Dropout(0.1)", 1 },
    { "SpatialDropout2D",
      "{\"rate\": 0.25, \"data_format\": \"channels_first\"}",
      "(N, 7, 8, 8)", "rate=0.25 shared=[0 0 1 1]", "nn.Dropout2d(0.25)", 0 },
    { "SpatialDropout3D",
      "{\"rate\": 0.25, \"data_format\": \"channels_first\"}",
      "(N, 7, 8, 8, 8)", "rate=0.25 shared=[0 0 1 1 1]",
      "nn.Dropout3d(0.25)", 0 },
    { "Dropout", "{\"rate\": 0.2, \"noise_shape\": [null, 1, 1, 1]}",
      "(N, H, 8, 7)", "rate=0.2 shared=[0 1 1 1]",
      "SharedDropout(0.2, (1, 2, 3))", 0 },
    { "Dropout", "{\"rate\": 0.2, \"noise_shape\": [1, 7]}", "(N, 7)",
      "rate=0.2 shared=[1 0]", "SharedDropout(0.2, (0,))", 0 },
    { "Dropout", "{\"rate\": 0.2, \"noise_shape\": [null, 1, 7]}",
      "(N, 1, 7)", "rate=0.2", "nn.Dropout(0.2)", 0 },
    { "Dropout", "{\"rate\": 0.2, \"noise_shape\": [null, null, 1, 1]}",
      "(N, 3, H, W)", "rate=0.2 shared=[0 0 1 1]", "nn.Dropout2d(0.2)", 0 },
    { "SpatialDropout1D", "{\"rate\": 0.5}", "(N, 8, 7)",
      "rate=0.5 shared=[0 1 0]", "SharedDropout(0.5, (1,))", 0 },
    { "AlphaDropout", "{\"rate\": 0.5}", "(N, 7)", "rate=0.5 noise=alpha",
      "nn.AlphaDropout(0.5)", 0 },
    { "AlphaDropout", "{\"rate\": 0.5, \"noise_shape\": [null, null, 1]}",
      "(N, 7, 8)", "rate=0.5 shared=[0 0 1] noise=alpha",
      "nn.FeatureAlphaDropout(0.5)", 0 },
    { "AlphaDropout", "{\"rate\": 0.5, \"noise_shape\": [null, 1, null]}",
      "(N, 7, 8)", "rate=0.5 shared=[0 1 0] noise=alpha",
      "refused: torch has no such noise of training", 0 },
    { "GaussianDropout", "{\"rate\": 0.25}", "(N, 7)",
      "rate=0.25 noise=product", "GaussianDropout(0.25)", 0 },
    { "GaussianNoise", "{\"stddev\": 0.5, \"seed\": 3}", "(N, 7)",
      "rate=0.5 noise=sum", "GaussianNoise(0.5)", 1 },
    /* clang-format on */
};

static void keras_words_become_torch_words(void)
{
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++) {
        bench b;

        bench_open(&b);
        if (bench_read(&b, word_rows[i].class_name, word_rows[i].config,
                       word_rows[i].shape) != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, b.err.text);
        CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs),
                  word_rows[i].attrs);
        CHECK_EQ(b.phrase.n_remarks, word_rows[i].remarks);
        CHECK_STR(bench_step(&b, 0, word_rows[i].shape, CVYI_FORM_MODULE),
                  word_rows[i].torch);
        bench_close(&b);
    }
}

static const struct {
    const char *class_name, *config, *shape;
    cvyi_refusal_kind kind;
} bad_rows[] = {
    { "Dropout", "{\"rate\": 1.5}", "(N, 7)", CVYI_ILLEGAL_IN_SOURCE },
    { "Dropout", "{\"rate\": 0.5, \"noise_shape\": [1, 3]}", "(N, 7)",
      CVYI_NOT_SUPPORTED },
    { "Dropout", "{\"rate\": 0.5, \"noise_shape\": [1]}", "(N, 7)",
      CVYI_NOT_SUPPORTED },
    { "Dropout", "{\"rate\": 0.5, \"noise_shape\": 1}", "(N, 7)",
      CVYI_ILLEGAL_IN_SOURCE },
    { "SpatialDropout2D", "{\"rate\": 0.5}", "(N, 8, 7)",
      CVYI_ILLEGAL_IN_SOURCE },
    { "GaussianNoise", "{\"stddev\": 1.5}", "(N, 7)", CVYI_ILLEGAL_IN_SOURCE },
    { "GaussianDropout", "{\"rate\": -0.5}", "(N, 7)",
      CVYI_ILLEGAL_IN_SOURCE },
    { "AlphaDropout", "{\"rate\": 2}", "(N, 7)", CVYI_ILLEGAL_IN_SOURCE },
};

static void what_does_not_fit_is_refused_by_name(void)
{
    for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++) {
        bench b;

        bench_open(&b);
        CHECK_EQ(bench_read(&b, bad_rows[i].class_name, bad_rows[i].config,
                            bad_rows[i].shape),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, bad_rows[i].kind);
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "values_pass_through", values_pass_through },
    { "keras_words_become_torch_words", keras_words_become_torch_words },
    { "what_does_not_fit_is_refused_by_name",
      what_does_not_fit_is_refused_by_name },
};
CHECK_MAIN(cases)
