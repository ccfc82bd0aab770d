/* verb/test_explain.c - one call, its counterpart and what is said of it. */
#include "convey/explain.h"

#include "base/memory.h"
#include "check.h"

/* ---- counterparts ---- */

static const struct {
    const char *call; /* with its options as a comment */
    const char *code; /* what stands in the JSON */
} counterparts[] = {
    /* clang-format off */
    { "nn.Conv2d(3, 16, 3, padding=1)",
      "layers.Conv2D(16, 3, padding=\\\"same\\\")" },
    /* SAME at stride 2 is not padding=1 */
    { "nn.Conv2d(3, 16, 3, stride=2, padding=1)",
      "layers.ZeroPadding2D(1)" },
    { "layers.Conv2D(16, 3, strides=2, padding='same')  "
      "# --input 1x32x32x3", "nn.ZeroPad2d((0, 1, 0, 1))" },
    { "layers.Conv2D(16, 3, strides=2, padding='same')  "
      "# --input 1x31x31x3",
      "nn.Conv2d(3, 16, 3, stride=2, padding=1)" },
    { "layers.Conv2D(16, 3, strides=2, padding='same')  "
      "# --input 1x?x?x3", "SamePad((3, 3), (2, 2))" },
    { "tf.nn.conv1d(x, W, stride=1, padding='SAME')  "
      "# --input x=1x10x1 --input W=3x1x5",
      "nn.Conv1d(1, 5, 3, padding=1, bias=False)" },
    { "layers.LeakyReLU()", "nn.LeakyReLU(0.3)" },
    { "nn.LeakyReLU()", "layers.LeakyReLU(negative_slope=0.01)" },
    { "nn.Linear(4, 5)", "layers.Dense(5)" },
    { "nn.Flatten(2)  # --input 2x3x4x5", "layers.Reshape((3, 20))" },
    { "nn.Flatten(2)  # --input ?x3x?x?", "layers.Reshape((3, -1))" },
    { "layers.Reshape((4, 6, 1))  # --input 2x6x4x1",
      "nn.Sequential(nn.Flatten(), nn.Unflatten(1, (4, 6, 1)))" },
    { "nn.BatchNorm2d(4)",
      "layers.BatchNormalization(momentum=0.9, epsilon=1e-5)" },
    /* clang-format on */
};

static cvy_explain *explain(const char *code)
{
    const cvy_explain_options options = { .code = code };
    cvy_explain *made = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvy_explain_open(&made, &options, &err));
    return made;
}

static const char *json_of(cvy_explain *made, int32_t i)
{
    const char *json = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvy_explain_json(&json, made, i, &err));
    return json;
}

static void every_call_has_its_exact_counterpart(void)
{
    for (size_t i = 0; i < sizeof counterparts / sizeof *counterparts; i++) {
        cvy_explain *const made = explain(counterparts[i].call);

        CHECK_EQ(cvy_explain_count(made), 1);
        CHECK_EQ(cvy_explain_status(made, 0), CVY_OK);
        CHECK(cvy_explain_error(made, 0) == NULL);
        if (strstr(json_of(made, 0), counterparts[i].code) == NULL)
            CHECK_FAIL("%s gives %s", counterparts[i].call, json_of(made, 0));
        cvy_explain_close(made);
    }
}

/* ---- refusals ---- */

static const struct {
    const char *call, *kind, *reason;
} refusals[] = {
    /* clang-format off */
    { "nn.Conv2d(3, 16, 3, groups=2)", "illegal_in_source", "do not divide" },
    { "layers.Conv2D(4, 3, padding=1)  # --input 1x8x8x3",
      "illegal_in_source", "Keras takes" },
    { "nn.Conv2d(3, 4, 3, stride=2, padding='same')", "illegal_in_source",
      "stride 1 alone" },
    { "nn.Conv2D(3, 4, 1)", "unknown_call", "not known" },
    { "layers.Conv2D(4, 3)", "unsupported", "channels of its input" },
    { "F.relu(nn.Conv2d(3, 4, 1)(x))", "unsupported", "" },
    /* clang-format on */
};

static void what_cannot_be_carried_is_refused_with_advice(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        cvy_explain *const made = explain(refusals[i].call);
        const cvy_finding why = cvy_explain_refusal(made, 0);

        if (cvy_explain_status(made, 0) != CVY_UNSUPPORTED)
            CHECK_FAIL("%s is not refused", refusals[i].call);
        CHECK(cvy_explain_error(made, 0) != NULL);
        CHECK(why.refusal);
        CHECK_STR(why.kind, refusals[i].kind);
        if (strstr(why.text, refusals[i].reason) == NULL)
            CHECK_FAIL("%s: %s", refusals[i].call, why.text);
        CHECK(*why.advice != '\0');
        CHECK(strstr(json_of(made, 0), "\"verdict\": \"refused\"") != NULL);
        CHECK(strstr(json_of(made, 0), "\"target\": null") != NULL);
        cvy_explain_close(made);
    }
}

/* ---- what is said ---- */

static void text_has(const char *call, const char *const *wanted, int n)
{
    cvy_explain *const made = explain(call);
    const char *text = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvy_explain_text(&text, made, 0, (cvy_look){ 0 }, &err));
    for (int i = 0; i < n; i++)
        if (strstr(text, wanted[i]) == NULL)
            CHECK_FAIL("no \"%s\" in\n%s", wanted[i], text);
    cvy_explain_close(made);
}

static void the_border_is_a_rule_for_all_lengths(void)
{
    static const char *const wanted[] = {
        "H, W: ",
        "0 before, 1 after for even lengths",
        "padding=1 is right for odd lengths",
        "(1, 16, 16, 16)",
        "kernel.transpose(3, 2, 0, 1)",
        "uniform in",
        "nn.init.constant_(layer[1].bias, 0.0)",
        "read again, means the same",
    };

    text_has("layers.Conv2D(16, 3, strides=2, padding='same')  "
             "# --input 1x32x32x3",
             wanted, sizeof wanted / sizeof *wanted);
}

/* Without the shape the code is refused, and the rule is told all the same. */
static void rules_need_no_shape(void)
{
    static const char *const wanted[] = { "Refused", "--input", "Border",
                                          "for even lengths" };

    text_has("layers.Conv2D(16, 3, strides=2, padding='same')", wanted,
             sizeof wanted / sizeof *wanted);
}

static void defaults_that_differ_are_named(void)
{
    static const char *const wanted[] = {
        "eps=1e-05 (default)", "the defaults differ: 0.1 in PyTorch, 0.99 in"
    };

    text_has("nn.BatchNorm2d(4)", wanted, sizeof wanted / sizeof *wanted);
}

/* ---- many calls ---- */

static void lines_are_calls_with_options_of_their_own(void)
{
    cvy_explain *const made = explain(
        "# a comment\n"
        "\n"
        "nn.ReLU()  # --to keras\n"
        "layers.Activation('hard_sigmoid')  # --from keras2 --input 1x4\n"
        "not a call (\n"
        "layers.Activation('hard_sigmoid')  # --from keras3 --input 1x4\n");

    CHECK_EQ(cvy_explain_count(made), 4);
    CHECK_EQ(cvy_explain_status(made, 0), CVY_OK);
    CHECK_EQ(cvy_explain_status(made, 1), CVY_OK);
    CHECK_EQ(cvy_explain_status(made, 2), CVY_FORMAT);
    CHECK_EQ(cvy_explain_status(made, 3), CVY_OK);
    CHECK(strstr(json_of(made, 1), "keras2") != NULL);
    CHECK(strstr(json_of(made, 3), "nn.Hardsigmoid()") != NULL);
    CHECK(strstr(json_of(made, 1), "nn.Hardsigmoid()") == NULL);
    CHECK_EQ(cvy_explain_status(made, 4), CVY_ARGUMENT);
    cvy_explain_close(made);
}

static void a_broken_request_is_an_argument_error(void)
{
    static const char *const shape = "1x-3";
    const cvy_explain_options requests[] = {
        { .code = NULL },
        { .code = "nn.ReLU()", .from = "torch7" },
        { .code = "nn.ReLU()", .inputs = &shape, .n_inputs = 1 },
        { .code = "nn.ReLU()  # --input" },
        { .code = "nn.ReLU()  # --output 1" },
    };
    cvy_explain *made = NULL;

    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        cvy_error err = { 0 };

        CHECK_EQ(cvy_explain_open(&made, &requests[i], &err), CVY_ARGUMENT);
        CHECK(made == NULL);
        CHECK(err.text[0] != '\0');
    }
}

/* What it is already, or what is no target: a fault of that call alone. */
static void a_wrong_target_is_an_argument_error(void)
{
    cvy_explain *const made =
        explain("nn.ReLU()  # --to torch\nnn.ReLU()  # --to onnx\n");

    CHECK_EQ(cvy_explain_status(made, 0), CVY_ARGUMENT);
    CHECK_EQ(cvy_explain_status(made, 1), CVY_ARGUMENT);
    cvy_explain_close(made);
}

static void no_refused_allocation_breaks_it(void)
{
    const cvy_explain_options options = {
        .code = "nn.Conv1d(1, 2, 2, padding=1)"
    };
    cvy_status status = CVY_MEMORY;

    for (size_t n = 1; status != CVY_OK; n++) {
        cvy_explain *made = NULL;
        const char *text = NULL;
        cvy_error err = { 0 };

        cvyi_alloc_refuse(n);
        status = cvy_explain_open(&made, &options, &err);
        if (status == CVY_OK)
            status = cvy_explain_text(&text, made, 0, (cvy_look){ 0 }, &err);
        if (status == CVY_OK)
            status = cvy_explain_json(&text, made, 0, &err);
        cvyi_alloc_refuse(0);
        if (status != CVY_OK)
            CHECK_EQ(status, CVY_MEMORY);
        cvy_explain_close(made);
        n += n / 40; /* each of the first, then ever fewer */
    }
}

static const check_case cases[] = {
    { "every_call_has_its_exact_counterpart",
      every_call_has_its_exact_counterpart },
    { "what_cannot_be_carried_is_refused_with_advice",
      what_cannot_be_carried_is_refused_with_advice },
    { "the_border_is_a_rule_for_all_lengths",
      the_border_is_a_rule_for_all_lengths },
    { "rules_need_no_shape", rules_need_no_shape },
    { "defaults_that_differ_are_named", defaults_that_differ_are_named },
    { "lines_are_calls_with_options_of_their_own",
      lines_are_calls_with_options_of_their_own },
    { "a_broken_request_is_an_argument_error",
      a_broken_request_is_an_argument_error },
    { "a_wrong_target_is_an_argument_error",
      a_wrong_target_is_an_argument_error },
    { "no_refused_allocation_breaks_it", no_refused_allocation_breaks_it },
};

CHECK_MAIN(cases)
