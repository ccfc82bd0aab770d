/* layer/prelu: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

typedef struct prelu_data {
    cvy_view x, weight;
} prelu_data;

static double prelu_truth(const void *context, const int64_t *at)
{
    const prelu_data *const d = context;
    const int64_t channel = d->weight.dims[0] == 1 ? 0 : at[1];
    const double x = (double)*bench_at(&d->x, at);

    return x > 0 ? x : (double)*bench_at(&d->weight, &channel) * x;
}

static void a_channel_has_one_slope(void)
{
    static const int64_t dims[] = { 2, 3, 4, 5 };
    bench b;

    bench_open(&b);
    for (int rank = 2; rank <= 4; rank++)
        for (int single = 0; single < 2; single++) {
            const int64_t n = single ? 1 : 3;
            prelu_data d = { bench_random(rank, dims), bench_random(1, &n) };
            cvyi_attrs attrs;

            cvyi_attrs_open(&attrs, cvyi_op_find("prelu"), rank - 2);
            cvyi_set_int(&attrs, "single", single);
            CHECK_EQ(bench_infer(&b, &attrs, &d.x).slots[0].dims[0], n);
            bench_compare(&b, &attrs, &d.x, &d.weight, prelu_truth, &d);
            cvyi_tensor_close(&d.x);
            cvyi_tensor_close(&d.weight);
        }
    bench_close(&b);
}

static const struct {
    const char *config, *shape;
    cvyi_axes axes;
    const char *layout, *torch_shape, *torch;
} word_rows[] = {
    /* clang-format off */
    { "{}", "(N, 7)", CVYI_AXES_LAST, "1S C -> C", "(N, 7)", "nn.PReLU(7)" },
    { "{\"shared_axes\": [1, 2]}", "(N, H, W, 7)", CVYI_AXES_LAST,
      "1S C -> C", "(N, 7, H, W)", "nn.PReLU(7)" },
    { "{\"shared_axes\": [2, 3]}", "(N, 7, H, W)", CVYI_AXES_FIRST,
      "C 1S -> C", "(N, 7, H, W)", "nn.PReLU(7)" },
    { "{\"shared_axes\": 1}", "(N, L, 7)", CVYI_AXES_LAST, "1S C -> C",
      "(N, 7, L)", "nn.PReLU(7)" },
    { "{\"shared_axes\": [1, 2, 3]}", "(N, H, W, 7)", CVYI_AXES_LAST,
      "1S C -> C", "(N, 7, H, W)", "nn.PReLU()" },
    { "{}", "(N, 1, 1, 7)", CVYI_AXES_LAST, "1S C -> C", "(N, 7, 1, 1)",
      "nn.PReLU(7)" },
    /* clang-format on */
};

static void keras_words_become_torch_words(void)
{
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++) {
        bench b;

        bench_open(&b);
        if (bench_read(&b, "PReLU", word_rows[i].config, word_rows[i].shape) !=
            CVY_OK)
            CHECK_FAIL("row %zu: %s", i, b.err.text);
        CHECK_EQ(b.phrase.steps[0].axes, word_rows[i].axes);
        CHECK_EQ(b.phrase.steps[0].n_slots, 1);
        CHECK_STR(b.phrase.steps[0].slots[0].source, "alpha");
        CHECK_STR(b.phrase.steps[0].slots[0].layout, word_rows[i].layout);
        CHECK_STR(bench_step(&b, 0, word_rows[i].torch_shape,
                             CVYI_FORM_MODULE),
                  word_rows[i].torch);
        bench_close(&b);
    }
}

static const struct {
    const char *config, *shape;
    cvyi_refusal_kind kind;
} bad_rows[] = {
    { "{}", "(N, 8, 8, 7)", CVYI_NO_COUNTERPART },
    { "{\"shared_axes\": [1]}", "(N, 8, 8, 7)", CVYI_NO_COUNTERPART },
    { "{\"shared_axes\": [1, 3]}", "(N, 8, 8, 7)", CVYI_NO_COUNTERPART },
    { "{\"shared_axes\": [4]}", "(N, 8, 8, 7)", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"shared_axes\": [0]}", "(N, 8, 8, 7)", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"shared_axes\": \"all\"}", "(N, 8, 7)", CVYI_ILLEGAL_IN_SOURCE },
};

static void slopes_of_positions_are_refused(void)
{
    for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++) {
        bench b;

        bench_open(&b);
        CHECK_EQ(bench_read(&b, "PReLU", bad_rows[i].config,
                            bad_rows[i].shape),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, bad_rows[i].kind);
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "a_channel_has_one_slope", a_channel_has_one_slope },
    { "keras_words_become_torch_words", keras_words_become_torch_words },
    { "slopes_of_positions_are_refused", slopes_of_positions_are_refused },
};
CHECK_MAIN(cases)
