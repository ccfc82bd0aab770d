/* layer/dense: what it means, how Keras spells it, how torch does. */
#include "caller.h"

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

/* ---- every dialect ---- */

#define LINEAR "torch", "torch.nn.Linear"
#define FN "torch", "torch.nn.functional.linear"
#define K3 "keras3", "keras.layers.Dense"
#define K2 "keras2", "keras.layers.Dense"

/* clang-format off */
static const caller_row dialect_rows[] = {
    { LINEAR, "{\"in_features\": 7, \"out_features\": 5}", "(N, L, 7)",
      "dense units=5 axis=2 weight bias" },
    { LINEAR, "{\"in_features\": 7, \"out_features\": 5, \"bias\": 0}",
      "(N, 7)", "dense units=5 axis=1 weight" },
    { "torch", "torch.nn.LazyLinear", "{\"out_features\": 5}", "(N, 7)",
      "dense units=5 axis=1 weight bias" },
    { FN, "{}", "x (N, 7); weight (5, 7)",
      "dense units=5 axis=1 weight@1" },
    { FN, "{}", "x (N, L, 7); weight (5, 7); bias (5)",
      "dense units=5 axis=2 weight@1 bias@2" },
    { LINEAR, "{\"in_features\": 6, \"out_features\": 5}", "(N, 7)",
      "illegal in_features" },
    { LINEAR, "{\"in_features\": 7, \"out_features\": -1}", "(N, 7)",
      "illegal out_features" },
    { LINEAR, "{\"in_features\": 7, \"out_features\": 5.0}", "(N, 7)",
      "illegal out_features" },
    { LINEAR, "{\"in_features\": 7, \"out_features\": true}", "(N, 7)",
      "illegal out_features" },
    { LINEAR, "{\"in_features\": 7, \"out_features\": 0}", "(N, 7)",
      "unsupported out_features" },
    { LINEAR, "{\"in_features\": 7, \"out_features\": 5}", "(7)",
      "unsupported " },
    { "torch", "torch.nn.LazyLinear", "{\"out_features\": 5}", "(N, L)",
      "unsupported " },
    { FN, "{}", "x (N, 7); weight (5, 6)", "illegal weight" },
    { FN, "{}", "x (N, 7); weight (7)", "unsupported weight" },
    { FN, "{}", "x (N, 7); weight ?", "unsupported weight" },
    { FN, "{}", "x (N, 7); weight (5, 7); bias (4)", "illegal bias" },
    { FN, "{}", "x (N, 7); weight (5, 7); bias (1)",
      "unsupported bias" },
    { FN, "{}", "x (7); weight (5, 7)", "unsupported " },
    { "torch", "torch.nn.Bilinear", "{\"in1_features\": 3,"
      " \"in2_features\": 4, \"out_features\": 5}", "(N, 3)",
      "no_counterpart " },
    { K2, "{\"units\": 2.7, \"activation\": \"relu\"}", "(N, 3)",
      "dense units=2 axis=1 weight bias | pointwise function=relu" },
    { K2, "{\"units\": 0}", "(N, 3)", "unsupported units" },
    { K2, "{\"units\": -1}", "(N, 3)", "illegal units" },
    { K3, "{\"units\": 2.0}", "(N, 3)", "illegal units" },
    { "keras3", "keras.ops.matmul", "{}", "x (N, L, 3); x2 (3, 5)",
      "dense units=5 axis=2 weight@1" },
    { "tf2", "tf.matmul", "{}", "x (N, 3); b (3, 5)",
      "dense units=5 axis=1 weight@1" },
    { "tf2", "tf.linalg.matmul", "{\"transpose_b\": true}",
      "x (N, L, 3); b (5, 3)", "dense units=5 axis=2 weight@1" },
    { "tf1", "tf.matmul", "{\"adjoint_b\": true}",
      "x (N, L, 3); b (5, 3)", "dense units=5 axis=2 weight@1" },
    { "tf2", "tf.matmul", "{\"transpose_b\": true, \"adjoint_b\": true}",
      "x (N, 3); b (5, 3)", "illegal transpose_b" },
    { "tf2", "tf.matmul", "{\"transpose_a\": true}",
      "x (3, 4); b (3, 5)", "unsupported transpose_a" },
    { "tf2", "tf.matmul", "{}", "x (N, 3); b (4, 5)", "illegal b" },
    { "tf2", "tf.matmul", "{}", "x (N, 2, 3); b (N, 3, 5)",
      "dot axis=2 other=1" },
    { "tf1", "tf.nn.xw_plus_b", "{}",
      "x (N, 3); weights (3, 5); biases (5)",
      "dense units=5 axis=1 weight@1 bias@2" },
    { "tf1", "tf.nn.xw_plus_b", "{}",
      "x (N, 3); weights (3, 5); biases (1)", "illegal biases" },
    { "tf1", "tf.layers.dense", "{\"units\": 5}", "x (N, 3)",
      "dense units=5 axis=1 weight bias" },
};
/* clang-format on */

static void every_dialect_is_read_as_it_has_it(void)
{
    caller_check(dialect_rows, sizeof dialect_rows / sizeof *dialect_rows);
}

/* A transposed matrix has its outputs first, as torch has them. */
static void a_matrix_lies_as_it_is_said(void)
{
    static const struct {
        const char *json, *tensors, *layout;
    } rows[] = {
        { "{}", "x (N, 3); b (3, 5)", "I O -> O I" },
        { "{\"transpose_b\": true}", "x (N, 3); b (5, 3)", "O I" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const caller_row row = { "tf2", "tf.matmul", rows[i].json,
                                 rows[i].tensors, NULL };

        CHECK_EQ(caller_read(&b, &row), CVY_OK);
        CHECK_STR(b.phrase.steps[0].slots[0].layout, rows[i].layout);
        CHECK_STR(b.phrase.steps[0].slots[0].source, "b");
    }
    bench_close(&b);
}

static void fresh_weights_start_as_the_framework_draws_them(void)
{
    const caller_row linear = { LINEAR,
                                "{\"in_features\": 4, \"out_features\": 5}",
                                "(N, 4)", NULL };
    const caller_row tf1 = { "tf1", "tf.layers.dense", "{\"units\": 5}",
                             "x (N, 4)", NULL };
    bench b;

    bench_open(&b);
    CHECK_EQ(caller_read(&b, &linear), CVY_OK);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(b.phrase.steps[0].slots[i].start.draw, CVYI_DRAW_UNIFORM);
        CHECK(b.phrase.steps[0].slots[i].start.a == -0.5);
        CHECK(b.phrase.steps[0].slots[i].start.b == 0.5);
    }
    CHECK_EQ(caller_read(&b, &tf1), CVY_OK);
    CHECK(cvyi_is_text(b.phrase.steps[0].slots[0].initialiser,
                       "glorot_uniform"));
    bench_close(&b);
}

static void keras_says_dense_over_the_last_axis(void)
{
    static const struct {
        const char *shape;
        int axis;
        unsigned present;
        const char *said;
    } rows[] = {
        { "(N, 7)", 1, 3, "layers.Dense(5)" },
        { "(N, H, W, 7)", 3, 1, "layers.Dense(5, use_bias=False)" },
        { "(N, 7, L)", 1, 3,
          "refused: Keras' Dense works on the last axis only" },
    };
    bench b;

    bench_open(&b);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_type in = bench_type(&b, rows[i].shape);
        const cvyi_shape slots[] = { { 2, { 5, 7 } }, { 1, { 5 } } };
        cvyi_attrs attrs;
        cvyi_said said;

        cvyi_attrs_open(&attrs, cvyi_op_find("dense"), 0);
        cvyi_set_int(&attrs, "units", 5);
        cvyi_set_int(&attrs, "axis", rows[i].axis);

        const cvyi_saying what = { .attrs = &attrs,
                                   .in = &in,
                                   .n_in = 1,
                                   .slots = slots,
                                   .present = rows[i].present,
                                   .axes = CVYI_AXES_LAST,
                                   .arena = &b.arena,
                                   .sizes = &b.sizes };
        const cvy_status status =
            cvyi_say(&said, "keras3", CVYI_FORM_MODULE, &what, &b.err);

        CHECK_STR(status == CVY_OK ? cvyi_text_c(&said.code)
                                   : cvyi_arena_printf(&b.arena, "refused: %s",
                                                       said.refusal.reason),
                  rows[i].said);
        if (status == CVY_OK)
            CHECK_STR(said.slots[0].layout, "O I -> I O");
        cvyi_said_close(&said);
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
    { "every_dialect_is_read_as_it_has_it",
      every_dialect_is_read_as_it_has_it },
    { "a_matrix_lies_as_it_is_said", a_matrix_lies_as_it_is_said },
    { "fresh_weights_start_as_the_framework_draws_them",
      fresh_weights_start_as_the_framework_draws_them },
    { "keras_says_dense_over_the_last_axis",
      keras_says_dense_over_the_last_axis },
};
CHECK_MAIN(cases)
