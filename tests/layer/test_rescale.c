/* layer/rescale: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

typedef struct scale_data {
    cvy_view x;
    const double *scale, *offset;
    int n_scale, n_offset, axis;
} scale_data;

static double scale_truth(const void *context, const int64_t *at)
{
    const scale_data *const d = context;

    return *bench_at(&d->x, at) * d->scale[d->n_scale > 1 ? at[d->axis] : 0] +
           d->offset[d->n_offset > 1 ? at[d->axis] : 0];
}

static void eval_scales_by_one_number_or_one_a_channel(void)
{
    static const double many[] = { 0.1, -2, 3.3 }, one[] = { 1 / 255.0 };
    bench b;

    bench_open(&b);
    for (int k = 0; k < 4; k++)
        for (int axis = 0; axis < 3; axis++) {
            scale_data d = { .x = bench_random(3, (int64_t[]){ 3, 3, 3 }),
                             .scale = k & 1 ? many : one,
                             .offset = k & 2 ? many : one,
                             .n_scale = k & 1 ? 3 : 1,
                             .n_offset = k & 2 ? 3 : 1,
                             .axis = axis };
            cvyi_attrs attrs;

            cvyi_attrs_open(&attrs, cvyi_op_find("rescale"), 1);
            *cvyi_attr_set(&attrs, "scale") =
                (cvyi_attr_value){ .n = d.n_scale, .reals = d.scale };
            *cvyi_attr_set(&attrs, "offset") =
                (cvyi_attr_value){ .n = d.n_offset, .reals = d.offset };
            cvyi_set_int(&attrs, "axis", axis);
            bench_compare(&b, &attrs, &d.x, NULL, scale_truth, &d);
            cvyi_tensor_close(&d.x);
        }
    bench_close(&b);
}

static void keras_and_torch_words_fit(void)
{
    static const struct {
        const char *json, *function, *module;
    } rows[] = {
        { "{\"scale\": 0.00392156862745098}", "{0} * (1 / 255)",
          "Rescale(1 / 255)" },
        { "{\"scale\": 0.00784313725490196, \"offset\": -1}",
          "{0} * (1 / 127.5) - 1.0", "Rescale(1 / 127.5, offset=-1.0)" },
        { "{\"scale\": 2}", "{0} * 2.0", "Rescale(2.0)" },
        { "{\"scale\": 1.0, \"offset\": 0.5}", "{0} + 0.5",
          "Rescale(1.0, offset=0.5)" },
        { "{\"scale\": 1}", "{0}", "Rescale(1.0)" },
        { "{\"scale\": [1, 2, 0.5]}",
          "refused: numbers per channel must move with the model",
          "Rescale([1.0, 2.0, 0.5])" },
        { "{\"scale\": {\"class_name\": \"__numpy__\","
          " \"config\": {\"value\": [1, 2, 3], \"dtype\": \"float32\"}},"
          " \"offset\": [4, 5, 6]}",
          "refused: numbers per channel must move with the model",
          "Rescale([1.0, 2.0, 3.0], offset=[4.0, 5.0, 6.0])" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, "Rescaling", rows[i].json, "(N, H, W, 3)"),
                 CVY_OK);
        CHECK_STR(bench_step(&b, 0, "(N, H, W, 3)", CVYI_FORM_FUNCTION),
                  rows[i].function);
        CHECK_STR(bench_step(&b, 0, "(N, H, W, 3)", CVYI_FORM_MODULE),
                  rows[i].module);
    }
    bench_close(&b);
}

static void a_moved_axis_shows_in_the_module(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Rescaling", "{\"scale\": [1, 2, 0.5]}",
                        "(N, H, W, 3)"),
             CVY_OK);
    cvyi_set_int(&b.phrase.steps[0].attrs, "axis", 1);
    CHECK_STR(bench_step(&b, 0, "(N, 3, H, W)", CVYI_FORM_MODULE),
              "Rescale([1.0, 2.0, 0.5], axes_after=2)");
    bench_close(&b);
}

static void numbers_that_fit_no_axis_are_refused(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Rescaling", "{\"scale\": [1, 2]}",
                        "(N, H, W, 3)"),
             CVY_UNSUPPORTED);
    CHECK_STR(b.phrase.refusal.attribute, "scale");
    CHECK_EQ(bench_read(&b, "Rescaling",
                        "{\"scale\": 1, \"offset\": [[1, 2, 3]]}",
                        "(N, H, W, 3)"),
             CVY_UNSUPPORTED);
    CHECK_STR(b.phrase.refusal.attribute, "offset");
    bench_close(&b);
}

static const check_case cases[] = {
    { "eval_scales_by_one_number_or_one_a_channel",
      eval_scales_by_one_number_or_one_a_channel },
    { "keras_and_torch_words_fit", keras_and_torch_words_fit },
    { "a_moved_axis_shows_in_the_module", a_moved_axis_shows_in_the_module },
    { "numbers_that_fit_no_axis_are_refused",
      numbers_that_fit_no_axis_are_refused },
};
CHECK_MAIN(cases)
