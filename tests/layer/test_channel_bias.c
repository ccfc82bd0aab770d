/* layer/channel_bias: a trained number added to each channel. */
#include "torch_rows.h"

#include "caller.h"

typedef struct bias_data {
    cvy_view x, bias;
} bias_data;

static double bias_truth(const void *context, const int64_t *at)
{
    const bias_data *const d = context;

    return (double)*bench_at(&d->x, at) +
           (double)((const float *)d->bias.data)[at[1]];
}

static void every_channel_has_its_number(void)
{
    static const int64_t dims[] = { 2, 3, 4, 2, 2 }, channels[] = { 3 };
    bench b;

    bench_open(&b);
    for (int rank = 2; rank <= 5; rank++) {
        bias_data d = { .x = bench_random(rank, dims),
                        .bias = bench_random(1, channels) };
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("channel_bias"), rank - 2);
        bench_compare(&b, &attrs, &d.x, &d.bias, bias_truth, &d);
        cvyi_tensor_close(&d.x);
        cvyi_tensor_close(&d.bias);
    }
    bench_close(&b);
}

#define ADD "tf.nn.bias_add"

static const caller_row rows[] = {
    { "tf2", ADD, "{}", "x (N, H, W, 8); bias (8)", "channel_bias bias@1" },
    { "tf1", ADD, "{}", "x (N, 8); bias (8)", "channel_bias bias@1" },
    { "tf2", ADD, "{\"data_format\": \"NHWC\"}", "x (N, D, H, W, 2); bias (2)",
      "channel_bias bias@1" },
    { "tf2", ADD, "{\"data_format\": \"NCHW\"}", "x (N, 8, L); bias (8)",
      "channel_bias bias@1" },
    { "tf2", ADD, "{\"data_format\": \"NC\"}", "x (N, 8); bias (8)",
      "channel_bias bias@1" },
    { "tf1", ADD, "{\"data_format\": \"NC\"}", "x (N, 8); bias (8)",
      "illegal data_format" },
    { "tf1", ADD, "{\"data_format\": \"NC\"}", "x (N, 8, L); bias (8)",
      "channel_bias bias@1" },
    /* Numbers are constants. */
    { "tf2", ADD, "{\"bias\": [1, 2.5]}", "x (N, H, W, 2)",
      "rescale scale=[1.0] offset=[1.0 2.5] axis=3" },
    { "tf2", ADD, "{\"bias\": [1, 2.5], \"data_format\": \"NCW\"}",
      "x (N, 2, L)", "rescale scale=[1.0] offset=[1.0 2.5] axis=1" },
    { "tf2", ADD, "{\"bias\": [1, 2, 3]}", "x (N, H, W, 2)", "illegal bias" },
    { "tf2", ADD, "{\"bias\": 1}", "x (N, H, W, 2)", "illegal bias" },
    { "tf2", ADD, "{\"bias\": [[1, 2]]}", "x (N, H, W, 2)", "illegal bias" },
    /* What TensorFlow refuses. */
    { "tf2", ADD, "{}", "x (N, H, W, 8); bias (7)", "illegal bias" },
    { "tf2", ADD, "{}", "x (N, H, W, 8); bias (1, 8)", "illegal bias" },
    { "tf2", ADD, "{\"data_format\": \"HWC\"}", "x (N, 8); bias (8)",
      "illegal data_format" },
    { "tf2", ADD, "{\"data_format\": \"\"}", "x (N, 8); bias (8)",
      "illegal data_format" },
    { "tf2", ADD, "{}", "x (8); bias (8)", "illegal " },
    /* What nobody said, and what is too much. */
    { "tf2", ADD, "{}", "x (N, H, W, 8); bias ?", "unsupported bias" },
    { "tf2", ADD, "{}", "x (N, D, H, W, S, 8); bias (8)", "unsupported x" },
};

static void the_function_of_tensorflow_is_read(void)
{
    caller_check(rows, sizeof rows / sizeof *rows);
}

static void torch_says_a_class_of_its_own(void)
{
    static const char *const shapes[] = { "(N, 8)", "(N, 8, 2)",
                                          "(N, 8, H, W)" };
    static const char *const codes[] = { "ChannelBias(8)",
                                         "ChannelBias(8, axes_after=1)",
                                         "ChannelBias(8, axes_after=2)" };
    static const char *const ends[] = { "x + bias", "x + bias.view(-1, 1)",
                                        "x + bias.view(-1, 1, 1)" };

    for (int i = 0; i < 3; i++) {
        cvyi_attrs attrs;
        cvyi_type in;
        cvyi_said said;
        bench b;

        bench_open(&b);
        cvyi_attrs_open(&attrs, cvyi_op_find("channel_bias"), i);
        in = bench_type(&b, shapes[i]);
        CHECK_STR(bench_say(&b, &attrs, &in, 1, CVYI_FORM_MODULE, &said),
                  codes[i]);
        CHECK_EQ(said.n_slots, 1);
        CHECK_STR(said.slots[0].layout, "C -> C 1S");
        CHECK_EQ(said.n_remarks, 1);
        CHECK_STR(strchr(said.remarks[0], '+') - 2, ends[i]);
        CHECK(reader_law(&attrs, shapes[i], 1, CVYI_FORM_MODULE));
        bench_close(&b);
    }
}

static const check_case cases[] = {
    { "every_channel_has_its_number", every_channel_has_its_number },
    { "the_function_of_tensorflow_is_read",
      the_function_of_tensorflow_is_read },
    { "torch_says_a_class_of_its_own", torch_says_a_class_of_its_own },
};
CHECK_MAIN(cases)
