/* layer/dense: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

typedef struct dense_data {
    cvy_view x, weight, bias;
    int axis;
} dense_data;

static double dense_truth(const void *context, const int64_t *at)
{
    const dense_data *const d = context;
    const int64_t unit = at[d->axis];
    double sum = d->bias.data != NULL ? *bench_at(&d->bias, &unit) : 0;
    int64_t from[CVYI_MAX_DIMS];

    memcpy(from, at, (size_t)d->x.rank * sizeof *from);
    for (int64_t i = 0; i < d->x.dims[d->axis]; i++) {
        from[d->axis] = i;
        sum += (double)*bench_at(&d->weight, (int64_t[]){ unit, i }) *
               *bench_at(&d->x, from);
    }
    return sum;
}

static void eval_contracts_any_axis_of_any_rank(void)
{
    static const int64_t dims[] = { 2, 3, 4, 2, 3, 2 };
    bench b;

    bench_open(&b);
    for (int rank = 2; rank <= 6; rank++)
        for (int axis = 1; axis < rank; axis++)
            for (int bias = 0; bias < 2; bias++) {
                const int64_t units = 5;
                dense_data d = { .axis = axis };
                cvyi_attrs attrs;

                cvyi_attrs_open(&attrs, cvyi_op_find("dense"), 0);
                cvyi_set_int(&attrs, "units", units);
                cvyi_set_int(&attrs, "axis", axis);
                d.x = bench_random(rank, dims);
                d.weight = bench_random(2, (int64_t[]){ units, dims[axis] });
                if (bias)
                    d.bias = bench_random(1, &units);

                const cvy_view slots[] = { d.weight, d.bias };

                bench_compare(&b, &attrs, &d.x, slots, dense_truth, &d);
                cvyi_tensor_close(&d.x);
                cvyi_tensor_close(&d.weight);
                if (bias)
                    cvyi_tensor_close(&d.bias);
            }
    bench_close(&b);
}

static void keras_works_on_the_last_axis(void)
{
    cvyi_inferred inferred;
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Dense", "{\"units\": 5}", "(N, L, 7)"), CVY_OK);
    CHECK_EQ(b.phrase.n, 1);
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "units=5 axis=2");
    CHECK_STR(b.phrase.steps[0].slots[0].layout, "I O -> O I");
    CHECK_EQ(b.phrase.steps[0].n_slots, 2);
    CHECK_EQ(cvyi_op_find("dense")->infer(&inferred, &b.phrase.steps[0].attrs,
                                          &b.in, 1, &b.sizes, &b.err),
             CVY_OK);
    CHECK_STR(bench_shape(&b, &inferred.out[0]), "(N, L, 5)");
    CHECK_EQ(inferred.slots[0].dims[0], 5);
    CHECK_EQ(inferred.slots[0].dims[1], 7);

    cvyi_text work = { 0 };

    cvyi_size_print(&work, inferred.multiply_adds);
    CHECK_STR(cvyi_text_c(&work), "35 * L * N");
    cvyi_text_close(&work);
    bench_close(&b);
}

static void keras_options_that_change_the_weights_are_refused(void)
{
    static const struct {
        const char *json, *shape, *attribute;
        cvyi_refusal_kind kind;
    } rows[] = {
        { "{\"units\": 0}", "(N, 3)", "units", CVYI_ILLEGAL_IN_SOURCE },
        { "{\"units\": 4}", "(N, C)", "", CVYI_ILLEGAL_IN_SOURCE },
        { "{\"units\": 4}", "(N)", "", CVYI_ILLEGAL_IN_SOURCE },
        { "{\"units\": 4, \"lora_rank\": 2}", "(N, 3)", "lora_rank",
          CVYI_NOT_SUPPORTED },
        { "{\"units\": 4, \"quantization_config\": {}}", "(N, 3)",
          "quantization_config", CVYI_NOT_SUPPORTED },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, "Dense", rows[i].json, rows[i].shape),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, rows[i].kind);
        CHECK_STR(b.phrase.refusal.attribute, rows[i].attribute);
    }
    bench_close(&b);
}

static void torch_says_linear_or_a_convolution_of_one_tap(void)
{
    static const struct {
        const char *shape;
        int axis;
        unsigned present;
        const char *said, *layout;
    } rows[] = {
        { "(N, 7)", 1, 3, "nn.Linear(7, 5)", "O I" },
        { "(N, 4, 7)", 2, 1, "nn.Linear(7, 5, bias=False)", "O I" },
        { "(N, 7, L)", 1, 3, "nn.Conv1d(7, 5, 1)", "O I -> O I 1S" },
        { "(N, 7, H, W)", 1, 1, "nn.Conv2d(7, 5, 1, bias=False)",
          "O I -> O I 1S" },
        { "(N, 7, D, H, W)", 1, 3, "nn.Conv3d(7, 5, 1)", "O I -> O I 1S" },
        { "(N, 4, 7, W)", 2, 3,
          "refused: nn.Linear works on the last axis only", NULL },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_type in = bench_type(&b, rows[i].shape);
        cvyi_attrs attrs;
        cvyi_said said;

        cvyi_attrs_open(&attrs, cvyi_op_find("dense"), 0);
        cvyi_set_int(&attrs, "units", 5);
        cvyi_set_int(&attrs, "axis", rows[i].axis);
        CHECK_STR(bench_say(&b, &attrs, &in, rows[i].present, CVYI_FORM_MODULE,
                            &said),
                  rows[i].said);
        if (rows[i].layout == NULL)
            continue;
        CHECK_EQ(said.n_slots, rows[i].present == 3 ? 2 : 1);
        CHECK_STR(said.slots[0].layout, rows[i].layout);
    }
    bench_close(&b);
}

static const check_case cases[] = {
    { "eval_contracts_any_axis_of_any_rank",
      eval_contracts_any_axis_of_any_rank },
    { "keras_works_on_the_last_axis", keras_works_on_the_last_axis },
    { "keras_options_that_change_the_weights_are_refused",
      keras_options_that_change_the_weights_are_refused },
    { "torch_says_linear_or_a_convolution_of_one_tap",
      torch_says_linear_or_a_convolution_of_one_tap },
};
CHECK_MAIN(cases)
