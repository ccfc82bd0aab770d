/* layer/conv: what it means, how Keras spells it, how torch does. */
#include "workbench.h"

#include "convey/padding.h"

/* ---- meaning ---- */

typedef struct conv_case {
    int n;
    int64_t batch, channels, outputs, groups;
    int64_t length[3], taps[3], stride[3], dilation[3];
    cvyi_border border;
} conv_case;

typedef struct conv_data {
    const conv_case *c;
    cvy_view x, weight, bias;
} conv_data;

static int64_t before_of(const conv_case *c, int i)
{
    const cvy_window w = { c->taps[i], c->stride[i], c->dilation[i] };
    cvy_border border = { c->border.before[i], c->border.after[i] };
    cvy_error err = { 0 };

    if (c->border.rule == CVYI_BORDER_SAME)
        CHECK_OK(cvy_border_same(&border, c->length[i], w, &err));
    if (c->border.rule == CVYI_BORDER_CAUSAL)
        CHECK_OK(cvy_border_causal(&border, w, &err));
    return border.before;
}

/* The sum, written down as it stands in a textbook. */
static double conv_truth(const void *context, const int64_t *at)
{
    const conv_data *const d = context;
    const conv_case *const c = d->c;
    const int64_t per_group = c->channels / c->groups;
    const int64_t group = at[1] / (c->outputs / c->groups);
    double sum = d->bias.data != NULL ? *bench_at(&d->bias, &at[1]) : 0;
    int64_t w[5] = { at[1] };

    do {
        int64_t from[5] = { at[0], group * per_group + w[1] };
        bool inside = true;

        for (int i = 0; i < c->n; i++) {
            from[2 + i] = at[2 + i] * c->stride[i] +
                          w[2 + i] * c->dilation[i] - before_of(c, i);
            inside = inside && from[2 + i] >= 0 && from[2 + i] < c->length[i];
        }
        if (inside)
            sum += (double)*bench_at(&d->weight, w) * *bench_at(&d->x, from);
    } while (cvyi_next(d->weight.rank, d->weight.dims, w) && w[0] == at[1]);
    return sum;
}

static void run_case(const conv_case *c, bool bias, bool last)
{
    const int rank = c->n + 2;
    int64_t dims[5] = { c->batch, c->channels };
    int64_t shape[5] = { c->outputs, c->channels / c->groups };
    conv_data d = { .c = c };
    cvyi_attrs attrs;
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&attrs, cvyi_op_find("conv"), c->n);
    cvyi_set_int(&attrs, "outputs", c->outputs);
    cvyi_set_int(&attrs, "groups", c->groups);
    cvyi_set_ints(&attrs, "taps", c->taps, c->n);
    cvyi_set_ints(&attrs, "stride", c->stride, c->n);
    cvyi_set_ints(&attrs, "dilation", c->dilation, c->n);
    cvyi_set_border(&attrs, "border", c->border);
    for (int i = 0; i < c->n; i++) {
        dims[2 + i] = c->length[i];
        shape[2 + i] = c->taps[i];
    }

    cvy_view x;

    if (last) { /* N S C in memory, seen as N C S */
        int64_t memory[5] = { dims[0] };
        int perm[CVY_MAX_RANK];

        memory[rank - 1] = dims[1];
        for (int i = 0; i < c->n; i++)
            memory[1 + i] = dims[2 + i];
        x = bench_random(rank, memory);
        cvyi_axes_last_to_first(rank, perm);
        d.x = cvyi_permuted(&x, perm);
    } else {
        d.x = x = bench_random(rank, dims);
    }
    d.weight = bench_random(rank, shape);
    if (bias)
        d.bias = bench_random(1, &c->outputs);

    const cvy_view slots[] = { d.weight, d.bias };

    bench_compare(&b, &attrs, &d.x, slots, conv_truth, &d);
    cvyi_tensor_close(&x);
    cvyi_tensor_close(&d.weight);
    if (bias)
        cvyi_tensor_close(&d.bias);
    bench_close(&b);
}

static const conv_case conv_cases[] = {
    { 1,
      2,
      3,
      4,
      1,
      { 9 },
      { 3 },
      { 1 },
      { 1 },
      { .rule = CVYI_BORDER_GIVEN } },
    { 1,
      1,
      4,
      8,
      4,
      { 10 },
      { 4 },
      { 3 },
      { 1 },
      { .rule = CVYI_BORDER_SAME } },
    { 1,
      1,
      2,
      2,
      1,
      { 8 },
      { 3 },
      { 2 },
      { 3 },
      { .rule = CVYI_BORDER_CAUSAL } },
    { 1,
      1,
      1,
      1,
      1,
      { 1 },
      { 7 },
      { 1 },
      { 1 },
      { .rule = CVYI_BORDER_SAME } },
    { 2,
      2,
      3,
      5,
      1,
      { 7, 6 },
      { 3, 2 },
      { 1, 1 },
      { 1, 1 },
      { .rule = CVYI_BORDER_SAME } },
    { 2,
      1,
      6,
      6,
      6,
      { 8, 9 },
      { 3, 3 },
      { 2, 2 },
      { 1, 1 },
      { .rule = CVYI_BORDER_SAME } },
    { 2,
      1,
      4,
      6,
      2,
      { 8, 5 },
      { 2, 3 },
      { 2, 1 },
      { 1, 2 },
      { CVYI_BORDER_GIVEN, { 1, 2 }, { 0, 3 } } },
    { 3,
      1,
      2,
      3,
      1,
      { 4, 5, 6 },
      { 2, 3, 1 },
      { 2, 1, 3 },
      { 1, 1, 1 },
      { .rule = CVYI_BORDER_SAME } },
};

static void eval_is_the_sum_of_products(void)
{
    for (size_t i = 0; i < sizeof conv_cases / sizeof *conv_cases; i++)
        for (int k = 0; k < 4; k++)
            run_case(&conv_cases[i], k & 1, k & 2);
}

static void output_sizes_follow_the_border(void)
{
    static const struct {
        const char *attrs, *in, *out;
    } rows[] = {
        { "\"kernel_size\": 3", "(N, H, W, 3)", "(N, 8, H - 2, W - 2)" },
        { "\"kernel_size\": 3, \"padding\": \"same\"", "(N, H, W, 3)",
          "(N, 8, H, W)" },
        { "\"kernel_size\": 5, \"padding\": \"SAME\", \"strides\": 2",
          "(N, H, 7, 3)", "(N, 8, ceil(H / 2), 4)" },
        { "\"kernel_size\": [2, 3], \"dilation_rate\": [1, 2]", "(4, 9, 9, 3)",
          "(4, 8, 8, 5)" },
        { "\"kernel_size\": 3, \"strides\": [2, 3]", "(1, 9, 9, 3)",
          "(1, 8, 4, 3)" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_inferred inferred;
        const char *const json =
            cvyi_arena_printf(&b.arena, "{\"filters\": 8, %s}", rows[i].attrs);

        CHECK_EQ(bench_read(&b, "Conv2D", json, rows[i].in), CVY_OK);

        const cvyi_type in = bench_first(&b.in);
        const cvyi_attrs *const attrs = &b.phrase.steps[0].attrs;

        CHECK_EQ(attrs->op->infer(&inferred, attrs, &in, 1, &b.sizes, &b.err),
                 CVY_OK);
        CHECK_STR(bench_shape(&b, &inferred.out[0]), rows[i].out);
    }
    bench_close(&b);
}

static void slots_and_work_are_inferred(void)
{
    cvyi_inferred inferred;
    int64_t work;
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Conv2D",
                        "{\"filters\": 8, \"kernel_size\": [3, 5],"
                        " \"groups\": 2}",
                        "(2, 10, 10, 4)"),
             CVY_OK);

    const cvyi_type in = bench_first(&b.in);
    const cvyi_attrs *const attrs = &b.phrase.steps[0].attrs;

    CHECK_EQ(attrs->op->infer(&inferred, attrs, &in, 1, &b.sizes, &b.err),
             CVY_OK);
    CHECK_EQ(inferred.slots[0].rank, 4);
    CHECK_EQ(inferred.slots[0].dims[0], 8);
    CHECK_EQ(inferred.slots[0].dims[1], 2);
    CHECK_EQ(inferred.slots[0].dims[2], 3);
    CHECK_EQ(inferred.slots[0].dims[3], 5);
    CHECK_EQ(inferred.slots[1].rank, 1);
    CHECK_EQ(inferred.slots[1].dims[0], 8);
    CHECK(cvyi_size_constant(&work, inferred.multiply_adds));
    CHECK_EQ(work, 2 * 8 * 8 * 6 * 2 * 3 * 5);
    bench_close(&b);
}

static void a_window_that_does_not_fit_is_a_shape_error(void)
{
    cvyi_inferred inferred;
    cvyi_attrs attrs;
    bench b;

    bench_open(&b);
    cvyi_attrs_open(&attrs, cvyi_op_find("conv"), 1);
    cvyi_set_int(&attrs, "outputs", 1);
    cvyi_set_ints(&attrs, "taps", (int64_t[]){ 5 }, 1);

    const cvyi_type in = bench_type(&b, "(1, 1, 4)");

    CHECK_EQ(attrs.op->infer(&inferred, &attrs, &in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    CHECK(strstr(b.err.text, "does not fit") != NULL);
    bench_close(&b);
}

/* ---- Keras' words ---- */

static void keras_defaults_are_the_operators(void)
{
    static const char *const names[] = { "Conv1D", "Conv2D", "Conv3D" };
    static const char *const shapes[] = { "(N, 9, 3)", "(N, 9, 9, 3)",
                                          "(N, 9, 9, 9, 3)" };
    static const char *const prints[] = { "outputs=4 taps=[3]",
                                          "outputs=4 taps=[3 3]",
                                          "outputs=4 taps=[3 3 3]" };
    bench b;

    bench_open(&b);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(bench_read(&b, names[i],
                            "{\"filters\": 4, \"kernel_size\": 3}", shapes[i]),
                 CVY_OK);
        CHECK_EQ(b.phrase.n, 1);
        CHECK_EQ(b.phrase.n_remarks, 0);
        CHECK_EQ(b.phrase.steps[0].axes, CVYI_AXES_LAST);
        CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), prints[i]);
        CHECK_EQ(b.phrase.steps[0].n_slots, 2);
        CHECK_STR(b.phrase.steps[0].slots[0].layout, "S I O -> O I S");
        CHECK_STR(b.phrase.steps[0].slots[0].source, "kernel");
        CHECK(cvyi_is_text(b.phrase.steps[0].slots[0].initialiser,
                           "glorot_uniform"));
    }
    bench_close(&b);
}

static void depthwise_is_one_group_a_channel(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "DepthwiseConv2D",
                        "{\"kernel_size\": 3, \"depth_multiplier\": 2,"
                        " \"strides\": 2, \"dilation_rate\": 2,"
                        " \"use_bias\": false, \"padding\": \"same\"}",
                        "(N, 9, 9, 3)"),
             CVY_OK);
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs),
              "outputs=6 taps=[3 3] stride=[2 2] dilation=[2 2] groups=3 "
              "border=same");
    CHECK_EQ(b.phrase.steps[0].n_slots, 1);
    CHECK_STR(b.phrase.steps[0].slots[0].layout, "S I M -> (I M) 1 S");
    bench_close(&b);
}

static void regularisers_are_one_remark(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Conv1D",
                        "{\"filters\": 4, \"kernel_size\": 3,"
                        " \"kernel_regularizer\": {\"class_name\": \"L2\"},"
                        " \"bias_constraint\": {\"class_name\": \"NonNeg\"}}",
                        "(N, 9, 3)"),
             CVY_OK);
    CHECK_EQ(b.phrase.n_remarks, 1);
    CHECK_STR(b.phrase.remarks[0],
              "kernel_regularizer, bias_constraint: acts in training only "
              "and is not written; in torch it is a term of the loss, L2 also "
              "a weight_decay; in torch a constraint is applied after each "
              "step");
    CHECK(b.phrase.steps[0].slots[0].regulariser != NULL);
    CHECK(b.phrase.steps[0].slots[0].constraint == NULL);
    CHECK(b.phrase.steps[0].slots[1].constraint != NULL);
    bench_close(&b);
}

static void what_keras_refuses_is_illegal_in_the_source(void)
{
    static const struct {
        const char *name, *json, *shape, *attribute;
    } rows[] = {
        { "Conv2D",
          "{\"filters\": 4, \"kernel_size\": 3, \"strides\": 2,"
          " \"dilation_rate\": [1, 2]}",
          "(N, 9, 9, 3)", "dilation_rate" },
        { "Conv2D", "{\"filters\": 4, \"kernel_size\": 3, \"groups\": 2}",
          "(N, 9, 9, 3)", "groups" },
        { "Conv2D", "{\"filters\": 3, \"kernel_size\": 3, \"groups\": 2}",
          "(N, 9, 9, 4)", "groups" },
        { "Conv2D", "{\"filters\": 0, \"kernel_size\": 3}", "(N, 9, 9, 3)",
          "filters" },
        { "Conv2D", "{\"filters\": 4, \"kernel_size\": [3, 3, 3]}",
          "(N, 9, 9, 3)", "kernel_size" },
        { "Conv2D",
          "{\"filters\": 4, \"kernel_size\": 3, \"padding\": [[1, 1], [1,"
          " 1]]}",
          "(N, 9, 9, 3)", "padding" },
        { "Conv2D",
          "{\"filters\": 4, \"kernel_size\": 3, \"padding\": \"causal\"}",
          "(N, 9, 9, 3)", "padding" },
        { "Conv2D",
          "{\"filters\": 4, \"kernel_size\": 3, \"data_format\": \"NCHW\"}",
          "(N, 9, 9, 3)", "data_format" },
        { "Conv2D", "{\"filters\": 4, \"kernel_size\": 3}", "(N, 9, 3)", "" },
        { "Conv2D", "{\"filters\": 4, \"kernel_size\": 3}", "(N, 9, 9, C)",
          "" },
        { "DepthwiseConv1D", "{\"kernel_size\": 3, \"padding\": \"causal\"}",
          "(N, 9, 3)", "padding" },
        { "DepthwiseConv1D", "{\"kernel_size\": 3, \"depth_multiplier\": 0}",
          "(N, 9, 3)", "depth_multiplier" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQ(bench_read(&b, rows[i].name, rows[i].json, rows[i].shape),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, CVYI_ILLEGAL_IN_SOURCE);
        CHECK_STR(b.phrase.refusal.attribute, rows[i].attribute);
    }
    bench_close(&b);
}

/* ---- torch's words ---- */

static const char no_word[] =
    "refused: torch's convolution has no word for this border";

static const struct {
    int64_t taps, stride, dilation;
    cvyi_border border;
    const char *said;
} border_rows[] = {
/* clang-format off */
#define SAME { .rule = CVYI_BORDER_SAME }
#define CAUSAL { .rule = CVYI_BORDER_CAUSAL }
#define GIVEN(a, b, c, d) { CVYI_BORDER_GIVEN, { a, b }, { c, d } }
    { 3, 1, 1, GIVEN(0, 0, 0, 0), "nn.Conv2d(4, 8, 3)" },
    { 3, 2, 1, GIVEN(1, 1, 1, 1), "nn.Conv2d(4, 8, 3, stride=2, padding=1)" },
    { 3, 1, 1, GIVEN(1, 1, 1, 1), "nn.Conv2d(4, 8, 3, padding=1)" },
    { 3, 1, 1, GIVEN(1, 2, 1, 2), "nn.Conv2d(4, 8, 3, padding=(1, 2))" },
    { 4, 1, 1, GIVEN(1, 1, 2, 2), "nn.Conv2d(4, 8, 4, padding=\"same\")" },
    { 4, 1, 1, GIVEN(2, 2, 1, 1), no_word },
    { 4, 2, 1, GIVEN(1, 1, 2, 2), no_word },
    { 3, 1, 2, SAME,
      "nn.Conv2d(4, 8, 3, padding=\"same\", dilation=2)" },
    { 2, 1, 1, SAME,              "nn.Conv2d(4, 8, 2, padding=\"same\")" },
    { 1, 1, 1, SAME,              "nn.Conv2d(4, 8, 1)" },
    { 1, 2, 1, SAME,              "nn.Conv2d(4, 8, 1, stride=2)" },
    { 3, 2, 1, SAME,              no_word },
    { 3, 1, 1, CAUSAL,            no_word },
    { 1, 1, 1, CAUSAL,            "nn.Conv2d(4, 8, 1)" },
    /* clang-format on */
};

static void torch_says_the_simplest_exact_form(void)
{
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(N, 4, H, W)");

    for (size_t i = 0; i < sizeof border_rows / sizeof *border_rows; i++) {
        const int64_t taps[] = { border_rows[i].taps, border_rows[i].taps };
        const int64_t stride[] = { border_rows[i].stride,
                                   border_rows[i].stride };
        const int64_t dilation[] = { border_rows[i].dilation,
                                     border_rows[i].dilation };
        cvyi_attrs attrs;

        cvyi_attrs_open(&attrs, cvyi_op_find("conv"), 2);
        cvyi_set_int(&attrs, "outputs", 8);
        cvyi_set_ints(&attrs, "taps", taps, 2);
        cvyi_set_ints(&attrs, "stride", stride, 2);
        cvyi_set_ints(&attrs, "dilation", dilation, 2);
        cvyi_set_border(&attrs, "border", border_rows[i].border);
        CHECK_STR(bench_say(&b, &attrs, &in, 3, CVYI_FORM_MODULE, NULL),
                  border_rows[i].said);
    }
    bench_close(&b);
}

static void torch_says_groups_and_a_missing_bias(void)
{
    cvyi_said said;
    bench b;

    bench_open(&b);

    const cvyi_type in = bench_type(&b, "(N, 4, L)");
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("conv"), 1);
    cvyi_set_int(&attrs, "outputs", 8);
    cvyi_set_int(&attrs, "groups", 4);
    cvyi_set_ints(&attrs, "taps", (int64_t[]){ 3 }, 1);
    CHECK_STR(bench_say(&b, &attrs, &in, 1, CVYI_FORM_MODULE, &said),
              "nn.Conv1d(4, 8, 3, groups=4, bias=False)");
    bench_close(&b);
}

static const check_case cases[] = {
    { "eval_is_the_sum_of_products", eval_is_the_sum_of_products },
    { "output_sizes_follow_the_border", output_sizes_follow_the_border },
    { "slots_and_work_are_inferred", slots_and_work_are_inferred },
    { "a_window_that_does_not_fit_is_a_shape_error",
      a_window_that_does_not_fit_is_a_shape_error },
    { "keras_defaults_are_the_operators", keras_defaults_are_the_operators },
    { "depthwise_is_one_group_a_channel", depthwise_is_one_group_a_channel },
    { "regularisers_are_one_remark", regularisers_are_one_remark },
    { "what_keras_refuses_is_illegal_in_the_source",
      what_keras_refuses_is_illegal_in_the_source },
    { "torch_says_the_simplest_exact_form",
      torch_says_the_simplest_exact_form },
    { "torch_says_groups_and_a_missing_bias",
      torch_says_groups_and_a_missing_bias },
};
CHECK_MAIN(cases)
