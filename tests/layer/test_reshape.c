/* layer/reshape and layer/flatten: other axes for the same elements. */
#include "workbench.h"

/* Runs the operator over 0, 1, 2 ... seen through strides that are not
 * packed, and expects 0, 1, 2 ... */
static void keeps_row_major_order(const cvyi_attrs *attrs)
{
    const int64_t dims[] = { 2, 3, 4 };
    const int turn[] = { 2, 0, 1 }, back[] = { 1, 2, 0 };
    cvy_view packed = bench_zeros(3, dims);
    const cvy_view turned = cvyi_permuted(&packed, turn);
    cvy_view copy = bench_zeros(3, turned.dims), x;
    bench b;

    bench_open(&b);
    for (int i = 0; i < 24; i++)
        ((float *)packed.data)[i] = (float)i;
    CHECK_EQ(cvyi_copy(&copy, &turned, NULL), CVY_OK);
    x = cvyi_permuted(&copy, back);
    CHECK(!cvyi_is_packed(&x));

    const cvyi_inferred inferred = bench_infer(&b, attrs, &x);
    cvy_view y = bench_output(&inferred);
    const cvyi_job job = {
        .attrs = attrs, .in = &x, .n_in = 1, .out = &y, .n_out = 1
    };

    CHECK_EQ(attrs->op->eval(&job, NULL), CVY_OK);
    for (int i = 0; i < 24; i++)
        CHECK(((float *)y.data)[i] == (float)i);
    cvyi_tensor_close(&packed);
    cvyi_tensor_close(&copy);
    cvyi_tensor_close(&y);
    bench_close(&b);
}

static void elements_stay_in_row_major_order(void)
{
    cvyi_arena arena = { 0 };
    cvyi_sizes sizes;
    cvyi_attrs attrs;

    cvyi_sizes_open(&sizes, &arena);
    cvyi_attrs_open(&attrs, cvyi_op_find("flatten"), 1);
    keeps_row_major_order(&attrs);
    cvyi_attrs_open(&attrs, cvyi_op_find("reshape"), 1);

    cvyi_attr_value *const shape = cvyi_attr_set(&attrs, "shape");

    shape->n = 3;
    shape->sizes[0] = cvyi_size_of(&sizes, 2);
    shape->sizes[1] = cvyi_size_of(&sizes, 3);
    shape->sizes[2] = cvyi_size_of(&sizes, 2);
    keeps_row_major_order(&attrs);
    cvyi_arena_close(&arena);
}

static const struct {
    const char *class_name, *config, *shape;
    const char *out, *module, *function;
} word_rows[] = {
    /* clang-format off */
    { "Flatten", "{}", "(N, 3, 4, 5)", "(N, 60)", "nn.Flatten()",
      "{0}.flatten(1)" },
    { "Flatten", "{}", "(N, H, W, 5)", "(N, 5 * H * W)", "nn.Flatten()",
      "{0}.flatten(1)" },
    { "Flatten", "{}", "(N, 7)", "(N, 7)", "nn.Flatten()",
      "{0}.flatten(1)" },
    { "Flatten", "{}", "(N)", "(N, 1)", "nn.Unflatten(0, (-1, 1))",
      "{0}.unsqueeze(1)" },
    { "Reshape", "{\"target_shape\": [3, 4]}", "(N, 12)", "(N, 3, 4)",
      "nn.Unflatten(1, (3, 4))", "{0}.unflatten(1, (3, 4))" },
    { "Reshape", "{\"target_shape\": [3, -1]}", "(N, 2, 6)", "(N, 3, 4)",
      "nn.Sequential(nn.Flatten(), nn.Unflatten(1, (3, 4)))",
      "{0}.reshape(-1, 3, 4)" },
    { "Reshape", "{\"target_shape\": [-1, 6]}", "(N, H, W, 6)",
      "(N, H * W, 6)",
      "nn.Sequential(nn.Flatten(), nn.Unflatten(1, (-1, 6)))",
      "{0}.flatten(1, 2)" },
    { "Reshape", "{\"target_shape\": [-1]}", "(N, 2, 6)", "(N, 12)",
      "nn.Flatten()", "{0}.flatten(1)" },
    { "Reshape", "{\"target_shape\": [1, 1, 12]}", "(N, 12)",
      "(N, 1, 1, 12)", "nn.Unflatten(1, (1, 1, 12))",
      "{0}.unflatten(1, (1, 1, 12))" },
    { "Reshape", "{\"target_shape\": [1, 1]}", "(N)", "(N, 1, 1)",
      "nn.Unflatten(0, (-1, 1, 1))", "{0}.reshape(-1, 1, 1)" },
    /* These fit some inputs only. */
    { "Reshape", "{\"target_shape\": [2, -1]}", "(N, H, 3)",
      "(N, 2, H + H // 2)",
      "nn.Sequential(nn.Flatten(), nn.Unflatten(1, (2, -1)))",
      "{0}.flatten(1).unflatten(1, (2, -1))" },
    { "Reshape", "{\"target_shape\": [null, 4]}", "(N, H, W, 3)",
      "(N, (3 * H * W) // 4, 4)",
      "nn.Sequential(nn.Flatten(), nn.Unflatten(1, (-1, 4)))",
      "{0}.flatten(1).unflatten(1, (-1, 4))" },
    { "Reshape", "{\"target_shape\": [-1, 4]}", "(N, H)", "(N, H // 4, 4)",
      "nn.Unflatten(1, (-1, 4))", "{0}.unflatten(1, (-1, 4))" },
    { "Reshape", "{\"target_shape\": [3, 4]}", "(N, H, 4)", "(N, 3, 4)",
      "nn.Sequential(nn.Flatten(), nn.Unflatten(1, (3, 4)))",
      "{0}.flatten(1).unflatten(1, (3, 4))" },
    { "Reshape", "{\"target_shape\": [12]}", "(N, H, 4)", "(N, 12)",
      "nn.Sequential(nn.Flatten(), nn.Unflatten(1, (12,)))",
      "{0}.flatten(1).unflatten(1, (12,))" },
    /* clang-format on */
};

static void keras_words_become_torch_words(void)
{
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++) {
        cvyi_inferred out;
        bench b;

        bench_open(&b);
        if (bench_read(&b, word_rows[i].class_name, word_rows[i].config,
                       word_rows[i].shape) != CVY_OK)
            CHECK_FAIL("row %zu: %s", i, b.err.text);

        const cvyi_attrs *const attrs = &b.phrase.steps[0].attrs;

        CHECK_EQ(attrs->op->infer(&out, attrs, &b.in, 1, &b.sizes, &b.err),
                 CVY_OK);
        CHECK_STR(bench_shape(&b, &out.out[0]), word_rows[i].out);
        CHECK_STR(bench_step(&b, 0, word_rows[i].shape, CVYI_FORM_MODULE),
                  word_rows[i].module);
        CHECK_STR(bench_step(&b, 0, word_rows[i].shape, CVYI_FORM_FUNCTION),
                  word_rows[i].function);
        bench_close(&b);
    }
}

static void channels_first_is_flattened_in_the_other_order(void)
{
    bench b;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Flatten", "{\"data_format\": \"channels_first\"}",
                        "(N, 3, 4, 5)"),
             CVY_OK);
    CHECK_EQ(b.phrase.n, 2);
    CHECK_STR(bench_attrs(&b, &b.phrase.steps[0].attrs), "axes=[0 2 3 1]");
    CHECK_STR(b.phrase.steps[1].attrs.op->name, "flatten");
    CHECK_EQ(bench_read(&b, "Flatten", "{\"data_format\": \"channels_first\"}",
                        "(N, 3)"),
             CVY_OK);
    CHECK_EQ(b.phrase.n, 1);
    bench_close(&b);
}

static const struct {
    const char *config, *shape;
    cvyi_refusal_kind kind;
} bad_rows[] = {
    { "{\"target_shape\": [3, 0]}", "(N, 12)", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"target_shape\": [-1, -1]}", "(N, 12)", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"target_shape\": [-1, null]}", "(N, 12)", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"target_shape\": [-2]}", "(N, 12)", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"target_shape\": []}", "(N, 1)", CVYI_ILLEGAL_IN_SOURCE },
    { "{\"target_shape\": [1, 1, 1, 1, 1, 1, 1, 1]}", "(N, 1)",
      CVYI_ILLEGAL_IN_SOURCE },
};

/* The input has 12 elements, whatever runs. */
static const char *const misfits[] = {
    "{\"target_shape\": [5, 2]}",
    "{\"target_shape\": [5, -1]}",
    "{\"target_shape\": [13, -1]}",
};

static void shapes_that_hold_something_else_are_refused(void)
{
    bench b;

    for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++) {
        bench_open(&b);
        CHECK_EQ(bench_read(&b, "Reshape", bad_rows[i].config,
                            bad_rows[i].shape),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, bad_rows[i].kind);
        bench_close(&b);
    }
    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++) {
        bench_open(&b);
        CHECK_EQ(bench_read(&b, "Reshape", misfits[i], "(N, 12)"),
                 CVY_UNSUPPORTED);
        CHECK_EQ(b.phrase.refusal.kind, CVYI_ILLEGAL_IN_SOURCE);
        bench_close(&b);
    }
}

/* Only what is left of the elements may be rounded down. */
static void a_partial_shape_is_checked_too(void)
{
    bench b;
    cvyi_inferred out;
    cvyi_attr_value *shape;

    bench_open(&b);
    CHECK_EQ(bench_read(&b, "Reshape", "{\"target_shape\": [-1, 4]}",
                        "(N, H, 3)"),
             CVY_OK);

    cvyi_attrs attrs = b.phrase.steps[0].attrs;

    CHECK(cvyi_attr_bool(&attrs, "partial"));
    CHECK_EQ(attrs.op->infer(&out, &attrs, &b.in, 1, &b.sizes, &b.err),
             CVY_OK);
    shape = cvyi_attr_set(&attrs, "shape");
    shape->sizes[1] = cvyi_size_of(&b.sizes, 5);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &b.in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    shape->sizes[1] = cvyi_size_of(&b.sizes, 4);
    cvyi_set_int(&attrs, "partial", 0);
    CHECK_EQ(attrs.op->infer(&out, &attrs, &b.in, 1, &b.sizes, &b.err),
             CVY_SHAPE);
    bench_close(&b);
}

static const check_case cases[] = {
    { "elements_stay_in_row_major_order", elements_stay_in_row_major_order },
    { "keras_words_become_torch_words", keras_words_become_torch_words },
    { "channels_first_is_flattened_in_the_other_order",
      channels_first_is_flattened_in_the_other_order },
    { "shapes_that_hold_something_else_are_refused",
      shapes_that_hold_something_else_are_refused },
    { "a_partial_shape_is_checked_too", a_partial_shape_is_checked_too },
};
CHECK_MAIN(cases)
