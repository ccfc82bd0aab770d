/* layer/channel_scale: a trained factor for each channel. */
#include "torch_rows.h"

#include "caller.h"

typedef struct scale_data {
    cvy_view x, weight;
} scale_data;

static double scale_truth(const void *context, const int64_t *at)
{
    const scale_data *const d = context;

    return (double)*bench_at(&d->x, at) *
           (double)((const float *)d->weight.data)[at[1]];
}

static void every_channel_has_its_factor(void)
{
    static const int64_t dims[] = { 2, 3, 4, 2, 2 }, channels[] = { 3 };
    bench b;

    bench_open(&b);
    for (int rank = 2; rank <= 5; rank++) {
        scale_data d = { .x = bench_random(rank, dims),
                         .weight = bench_random(1, channels) };
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("channel_scale"), rank - 2);
        bench_compare(&b, &attrs, &d.x, &d.weight, scale_truth, &d);
        cvyi_tensor_close(&d.x);
        cvyi_tensor_close(&d.weight);
    }
    bench_close(&b);
}

#define C "keras.src.applications.convnext."

static const caller_row rows[] = {
    { "keras3", C "LayerScale",
      "{\"init_values\": 1e-6, \"projection_dim\": 8}", "(N, H, W, 8)",
      "channel_scale weight" },
    { "keras2", C "LayerScale",
      "{\"init_values\": 1e-6, \"projection_dim\": 8}", "(N, 8)",
      "channel_scale weight" },
    { "keras3", C "LayerScale",
      "{\"init_values\": 1e-6, \"projection_dim\": 7}", "(N, H, W, 8)",
      "illegal projection_dim" },
    { "keras3", C "LayerScale",
      "{\"init_values\": 1e-6, \"projection_dim\": 1}", "(N, H, W, 8)",
      "unsupported projection_dim" },
    { "keras3", C "StochasticDepth", "{\"drop_path_rate\": 0.25}",
      "(N, H, W, 8)", "dropout rate=0.25 shared=[0 1 1 1]" },
    { "keras3", C "StochasticDepth", "{\"drop_path_rate\": 2}", "(N, H, W, 8)",
      "illegal drop_path_rate" },
};

static void the_layers_of_convnext_are_read(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
}

static void torch_says_a_class_of_its_own(void)
{
    static const char *const shapes[] = { "(N, 8)", "(N, 8, 2)",
                                          "(N, 8, H, W)" };
    static const char *const codes[] = { "LayerScale(8)",
                                         "LayerScale(8, axes_after=1)",
                                         "LayerScale(8, axes_after=2)" };

    for (int i = 0; i < 3; i++) {
        cvyi_attrs attrs;
        cvyi_type in;
        cvyi_said said;
        bench b;

        bench_open(&b);
        cvyi_attrs_open(&attrs, cvyi_op_find("channel_scale"), i);
        in = bench_type(&b, shapes[i]);
        CHECK_STR(bench_say(&b, &attrs, &in, 1, CVYI_FORM_MODULE, &said),
                  codes[i]);
        CHECK_EQ(said.n_slots, 1);
        CHECK_STR(said.slots[0].layout, "C -> C 1S");
        CHECK(reader_law(&attrs, shapes[i], 1, CVYI_FORM_MODULE));
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "every_channel_has_its_factor", every_channel_has_its_factor },
    { "the_layers_of_convnext_are_read", the_layers_of_convnext_are_read },
    { "torch_says_a_class_of_its_own", torch_says_a_class_of_its_own },
};
CHECK_MAIN(cases)
