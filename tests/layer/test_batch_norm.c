/* layer/batch_norm: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

enum { SCALE, SHIFT, MEAN, VARIANCE };

typedef struct norm_data {
    cvy_view x, slots[4];
    double eps;
} norm_data;

static double norm_truth(const void *context, const int64_t *at)
{
    const norm_data *const d = context;
    const double scale =
        d->slots[SCALE].data != NULL ? *bench_at(&d->slots[SCALE], &at[1]) : 1;
    const double shift =
        d->slots[SHIFT].data != NULL ? *bench_at(&d->slots[SHIFT], &at[1]) : 0;

    return (*bench_at(&d->x, at) -
            (double)*bench_at(&d->slots[MEAN], &at[1])) /
               sqrt(*bench_at(&d->slots[VARIANCE], &at[1]) + d->eps) * scale +
           shift;
}

static void eval_normalises_channel_by_channel(void)
{
    static const int64_t dims[] = { 2, 5, 3, 2, 2 };
    bench b;

    bench_open(&b);
    for (int rank = 2; rank <= 5; rank++)
        for (int k = 0; k < 8; k++) {
            norm_data d = { .eps = 0.01 };
            cvyi_attrs attrs;
            cvy_view memory;

            if (k & 4) { /* channels last */
                int64_t last[5] = { dims[0] };
                int perm[CVY_MAX_RANK];

                memcpy(last + 1, dims + 2, (size_t)(rank - 2) * sizeof *last);
                last[rank - 1] = dims[1];
                memory = bench_random(rank, last);
                cvyi_axes_last_to_first(rank, perm);
                d.x = cvyi_permuted(&memory, perm);
            } else {
                d.x = memory = bench_random(rank, dims);
            }
            for (int i = k & 1 ? 0 : 1; i < 4; i++)
                if (i != SHIFT || (k & 2))
                    d.slots[i] = bench_random(1, &dims[1]);
            for (int64_t c = 0; c < dims[1]; c++) {
                float *const variance = bench_at(&d.slots[VARIANCE], &c);

                *variance = fabsf(*variance);
            }
            cvyi_attrs_open(&attrs, cvyi_op_find("batch_norm"), 0);
            cvyi_set_real(&attrs, "eps", d.eps);
            bench_compare(&b, &attrs, &d.x, d.slots, norm_truth, &d);
            cvyi_tensor_close(&memory);
            for (int i = 0; i < 4; i++)
                if (d.slots[i].data != NULL)
                    cvyi_tensor_close(&d.slots[i]);
        }
    bench_close(&b);
}

static void keras_axis_tells_where_channels_are(void)
{
    static const struct {
        const char *json, *shape;
        cvyi_axes axes;
    } rows[] = {
        { "{}", "(N, 3)", CVYI_AXES_LAST },
        { "{}", "(N, H, W, 3)", CVYI_AXES_LAST },
        { "{\"axis\": 3}", "(N, H, W, 3)", CVYI_AXES_LAST },
        { "{\"axis\": 1}", "(N, 3, H, W)", CVYI_AXES_FIRST },
        { "{\"axis\": -3}", "(N, 3, H, W)", CVYI_AXES_FIRST },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, "BatchNormalization", rows[i].json,
                            rows[i].shape),
                 CVY_OK);
        CHECK_EQ(b.phrase.steps[0].axes, rows[i].axes);
        CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "");
        CHECK_EQ(b.phrase.steps[0].n_slots, 4);
        CHECK_STR(b.phrase.steps[0].slots[0].source, "gamma");
        CHECK(!b.phrase.steps[0].slots[0].frozen);
        CHECK_STR(b.phrase.steps[0].slots[3].source, "moving_variance");
        CHECK(b.phrase.steps[0].slots[3].frozen);
    }
    CHECK_EQ(bench_read(&b, "BatchNormalization", "{\"axis\": 2}",
                        "(N, 4, 3, 5)"),
             CVY_UNSUPPORTED);
    CHECK_EQ(b.phrase.refusal.kind, CVYI_NOT_SUPPORTED);
    CHECK_STR(b.phrase.refusal.attribute, "axis");
    CHECK_EQ(bench_read(&b, "BatchNormalization", "{\"renorm\": true}",
                        "(N, 3)"),
             CVY_UNSUPPORTED);
    CHECK_STR(b.phrase.refusal.attribute, "renorm");
    bench_close(&b);
}

static void torch_says_one_layer_for_each_rank(void)
{
    static const struct {
        const char *json, *keras, *torch, *said;
        int n_slots;
    } rows[] = {
        { "{}", "(N, 3)", "(N, 3)",
          "nn.BatchNorm1d(3, eps=1e-3, momentum=0.01)", 4 },
        { "{}", "(N, L, 3)", "(N, 3, L)",
          "nn.BatchNorm1d(3, eps=1e-3, momentum=0.01)", 4 },
        { "{\"epsilon\": 1e-5, \"momentum\": 0.9}", "(N, H, W, 3)",
          "(N, 3, H, W)", "nn.BatchNorm2d(3)", 4 },
        { "{\"momentum\": 0.997}", "(N, D, H, W, 3)", "(N, 3, D, H, W)",
          "nn.BatchNorm3d(3, eps=1e-3, momentum=0.003)", 4 },
        { "{\"scale\": false, \"center\": false}", "(N, 3)", "(N, 3)",
          "nn.BatchNorm1d(3, eps=1e-3, momentum=0.01, affine=False)", 2 },
        { "{\"center\": false}", "(N, 3)", "(N, 3)",
          "nn.BatchNorm1d(3, eps=1e-3, momentum=0.01, bias=False)", 3 },
        { "{\"scale\": false}", "(N, 3)", "(N, 3)",
          "nn.BatchNorm1d(3, eps=1e-3, momentum=0.01)", 4 },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_type in = bench_type(&b, rows[i].torch);
        cvyi_said said;

        CHECK_EQ(bench_read(&b, "BatchNormalization", rows[i].json,
                            rows[i].keras),
                 CVY_OK);

        const cvyi_step *const step = &b.phrase.steps[0];

        CHECK_STR(bench_say(&b, &step->attrs, &in, bench_present(step),
                            CVYI_FORM_MODULE, &said),
                  rows[i].said);
        CHECK_EQ(said.n_slots, rows[i].n_slots);
        CHECK(said.n_remarks >= 1);
    }
    bench_close(&b);
}

static void a_scale_that_only_torch_has_is_filled_with_ones(void)
{
    cvyi_said said;
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "BatchNormalization", "{\"scale\": false}",
                        "(N, 3)"),
             CVY_OK);

    const cvyi_step *const step = &b.phrase.steps[0];

    bench_say(&b, &step->attrs, &b.in, bench_present(step), CVYI_FORM_MODULE,
              &said);
    CHECK_STR(said.slots[0].slot, "scale");
    CHECK_STR(said.slots[0].name, "weight");
    CHECK(said.slots[0].fill == 1);
    CHECK_EQ(said.n_remarks, 2);
    bench_close(&b);
}

static const check_case cases[] = {
    { "eval_normalises_channel_by_channel",
      eval_normalises_channel_by_channel },
    { "keras_axis_tells_where_channels_are",
      keras_axis_tells_where_channels_are },
    { "torch_says_one_layer_for_each_rank",
      torch_says_one_layer_for_each_rank },
    { "a_scale_that_only_torch_has_is_filled_with_ones",
      a_scale_that_only_torch_has_is_filled_with_ones },
};
CHECK_MAIN(cases)
