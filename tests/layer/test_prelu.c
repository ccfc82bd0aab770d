/* layer/prelu: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

typedef struct prelu_data {
    cvy_view x, weight;
} prelu_data;

static double prelu_truth(const void *context, const int64_t *at)
{
    const prelu_data *const d = context;
    const double x = (double)*bench_at(&d->x, at);
    int64_t place[CVYI_MAX_DIMS] = { 0 };

    for (int i = 0; i < d->weight.rank; i++)
        place[i] = d->weight.dims[i] > 1 ? at[i + 1] : 0;
    return x > 0 ? x : (double)*bench_at(&d->weight, place) * x;
}

/* Bit 0 of `own`: channels have slopes; bits 1 and 2: the spatial axes. */
static void compare_slopes(bench *b, int rank, int own)
{
    static const int64_t dims[] = { 2, 3, 4, 5 };
    int64_t shape[3] = { 0 }, positions[2] = { 0 };
    prelu_data d;
    cvyi_attrs attrs;

    for (int i = 0; i + 1 < rank; i++)
        shape[i] = own >> i & 1 ? dims[i + 1] : 1;
    positions[0] = own >> 1 & 1;
    positions[1] = own >> 2 & 1;
    cvyi_attrs_open(&attrs, cvyi_op_find("prelu"), rank - 2);
    cvyi_set_int(&attrs, "channels", own & 1);
    if (rank > 2)
        cvyi_set_ints(&attrs, "positions", positions, rank - 2);
    d.x = bench_random(rank, dims);
    d.weight = bench_random(rank - 1, shape);

    const cvyi_inferred inferred = bench_infer(b, &attrs, &d.x);

    CHECK_EQ(inferred.slots[0].rank, rank - 1);
    for (int i = 0; i + 1 < rank; i++)
        CHECK_EQ(inferred.slots[0].dims[i], shape[i]);
    bench_compare(b, &attrs, &d.x, &d.weight, prelu_truth, &d);
    cvyi_tensor_close(&d.x);
    cvyi_tensor_close(&d.weight);
}

static void every_axis_may_have_slopes_of_its_own(void)
{
    bench b;

    bench_open(&b);
    for (int rank = 2; rank <= 4; rank++)
        for (int own = 0; own < 1 << (rank - 1); own++)
            compare_slopes(&b, rank, own);
    bench_close(&b);
}

static const struct {
    const char *config, *shape;
    cvyi_axes axes;
    const char *layout, *torch_shape, *torch;
} word_rows[] = {
    /* clang-format off */
    { "{}", "(N, 7)", CVYI_AXES_LAST, "S C -> C S", "(N, 7)", "nn.PReLU(7)" },
    { "{\"shared_axes\": [1, 2]}", "(N, H, W, 7)", CVYI_AXES_LAST,
      "S C -> C S", "(N, 7, H, W)", "nn.PReLU(7)" },
    { "{\"shared_axes\": [2, 3]}", "(N, 7, H, W)", CVYI_AXES_FIRST,
      "C S", "(N, 7, H, W)", "nn.PReLU(7)" },
    { "{\"shared_axes\": 1}", "(N, L, 7)", CVYI_AXES_LAST, "S C -> C S",
      "(N, 7, L)", "nn.PReLU(7)" },
    { "{\"shared_axes\": [1, 2, 3]}", "(N, H, W, 7)", CVYI_AXES_LAST,
      "S C -> C S", "(N, 7, H, W)", "nn.PReLU()" },
    { "{}", "(N, 8, 9, 7)", CVYI_AXES_LAST, "S C -> C S", "(N, 7, 8, 9)",
      "PositionPReLU(7, 8, 9)" },
    { "{\"shared_axes\": [1]}", "(N, H, 8, 7)", CVYI_AXES_LAST, "S C -> C S",
      "(N, 7, H, 8)", "PositionPReLU(7, 1, 8)" },
    { "{\"shared_axes\": [1, 3]}", "(N, H, 8, W)", CVYI_AXES_LAST,
      "S C -> C S", "(N, W, H, 8)", "PositionPReLU(1, 1, 8)" },
    { "{}", "(N, 1, 1, 7)", CVYI_AXES_LAST, "S C -> C S", "(N, 7, 1, 1)",
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
    { "{\"shared_axes\": [4]}", "(N, 8, 8, 7)", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"shared_axes\": [-3]}", "(N, 8, 8, 7)", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"shared_axes\": \"all\"}", "(N, 8, 7)", CVYI_ILLEGAL_IN_SOURCE },
};

static void axes_that_are_not_there_are_refused(void)
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
    { "every_axis_may_have_slopes_of_its_own",
      every_axis_may_have_slopes_of_its_own },
    { "keras_words_become_torch_words", keras_words_become_torch_words },
    { "axes_that_are_not_there_are_refused",
      axes_that_are_not_there_are_refused },
};
CHECK_MAIN(cases)
