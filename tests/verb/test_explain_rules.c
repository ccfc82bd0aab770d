/* verb/test_explain_rules.c - what is told of a call whose sizes are not. */
#include "convey/explain.h"

#include "base/memory.h"
#include "base/text.h"
#include "check.h"

#include <ctype.h>

static cvy_explain *explain(const char *code)
{
    const cvy_explain_options options = { .code = code };
    cvy_explain *made = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvy_explain_open(&made, &options, &err));
    return made;
}

static const char *text_of(cvy_explain *made, int32_t i, int columns)
{
    const cvy_look look = { .columns = columns };
    const char *text = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvy_explain_text(&text, made, i, look, &err));
    return text;
}

/* ---- rules ---- */

enum { MOST_WANTED = 7 };

static const struct {
    const char *call, *advice;
    const char *wanted[MOST_WANTED];
} rules[] = {
    /* clang-format off */
    { "layers.Conv2D(16, 3, padding='same')", "--input 1x32x32x3",
      { "the input is (N, H, W, C)", "layer = nn.Conv2d(C, 16, 3, padding=1)",
        "nn.LazyConv2d(16, 3, padding=1), which takes C",
        "transpose(0, 3, 1, 2)", "weight (16, C, 3, 3)",
        "sqrt(6 / (fan_in + fan_out))",
        "nn.init.xavier_uniform_(layer.weight)" } },
    { "tf.nn.conv2d(x, W, strides=2, padding='SAME')",
      "--input x=1x32x32x3 --input W=3x3x3x16",
      { "x is (N, H, W, C), W is (kh, kw, C, O)",
        "SamePad((kh, kw), (2, 2))", "nn.Conv2d(C, O, (kh, kw), stride=2",
        "max((ceil(n / 2) - 1) * 2 + k - n, 0)", "the shape of W says it",
        "1.weight (O, C, kh, kw)  =  W.transpose(3, 2, 0, 1)",
        "taken as TensorFlow 2" } },
    { "F.conv2d(x, w, stride=1, padding=1)", "--input w=16x3x3x3",
      { "layers.ZeroPadding2D(1)", "layers.Conv2D(O, (kh, kw), use_bias",
        "1 before, 1 after for every length",
        "kernel (kh, kw, C, O)  =  w.transpose(2, 3, 1, 0)" } },
    { "F.conv1d(x, w, b, groups=2)", "--input w=16x1x3 --input b=16",
      { "w is (O, C / 2, k), b is (O,)", "layers.Conv1D(O, k, groups=2)",
        "(N, O, L - (k - 1))", "kernel (k, C // 2, O)" } },
    { "nn.LazyConv2d(16, 3)", "--input 1x3x32x32",
      { "layers.Conv2D(16, 3)", "uniform in \xc2\xb1sqrt(1 / fan_in)",
        "VarianceScaling(1 / 3, \"fan_in\", \"uniform\")" } },
    { "layers.DepthwiseConv2D(3, depth_multiplier=2)", "--input 1x32x32x3",
      { "nn.Conv2d(C, 2 * C, 3, groups=C)", "weight (2 * C, 1, 3, 3)" } },
    { "tf.nn.separable_conv2d(x, d, p, [1,1,1,1], 'VALID')",
      "--input d=3x3x3x1 --input p=1x1x3x16",
      { "nn.Conv2d(C, C * M, (kh, kw), groups=C", "nn.Conv2d(C * M, O, 1",
        "the shape of p says it", "p is (1, 1, C * M, O)" } },
    { "layers.Dense(10)", "--input 1x3",
      { "nn.Linear(C, 10)", "nn.LazyLinear(10)" } },
    { "layers.GroupNormalization()", "--input 1x32x32x32",
      { "nn.GroupNorm(32, C, eps=1e-3)" } },
    { "F.embedding(x, w)", "--input w=100x16",
      { "x is (N, T), w is (V, E)", "layers.Embedding(V, E)",
        "(N, T)  ->  (N, T)" } },
    { "tf.nn.conv2d_transpose(x, w, [1, 8, 8, 3], 2, 'SAME')",
      "--input x=1x4x4x3 --input w=3x3x3x3",
      { "x is (1, 4, 4, C), w is (kh, kw, 3, C)", "in_channels=C",
        "(1, 4, 4, C)  ->  (1, C, 4, 4)", "(1, 8, 8, 3)  ->  (1, 3, 8, 8)",
        "H, W: n elements reach (n - 1) * 2 + k outputs with k taps; t = k - 2",
        "not the same for all sizes; say them",
        "w (kh, kw, 3, C)  ->  weight (C, 3, kh, kw)  =  w.trans" } },
    { "tf.nn.conv1d_transpose(x, w, [2, 5, 16], 3, data_format='NCW')",
      "--input x=2x3x6 --input w=3x5x3",
      { "x is (2, C, 6), w is (k, 5, C)", "(2, C, 6)  ->  (2, C, 6)",
        "(n - 1) * 3 + k outputs with k taps; t = k - 1 are" } },
    { "tf.nn.conv3d_transpose(x, w, [1, 8, 8, 8, 3], [1, 2, 2, 2, 1])",
      "--input x=1x4x4x4x3 --input w=3x3x3x3x3",
      { "w is (kd, kh, kw, 3, C)", "D, H, W: n elements reach" } },
    { "F.conv_transpose1d(x, w, stride=2)", "--input x=1x3x32 --input w=3x16x3",
      { "layers.Conv1DTranspose(O, k, strides=2", "w is (C, O, k)",
        "n elements reach 2 * n + (k - 2) outputs; 0 cut off before" } },
    { "tf.nn.depth_to_space(x, 3)", "--input 1x30x30x9",
      { "layer = DepthToSpace(3)", "(N, 3 * H, 3 * W, C // 9)",
        "block_size=3  block=3", "channels are (block, block, C)" } },
    { "tf.nn.space_to_depth(x, 2)", "--input 1x32x32x4",
      { "layer = SpaceToDepth(2)", "(N, 4 * C, H // 2, W // 2)" } },
    { "tf.nn.bias_add(x, b)", "--input x=1x32x32x3 --input b=3",
      { "x is (N, H, W, C), b is (C,)", "ChannelBias(C, axes_after=2)",
        "the shape of b says it", "b (C,)  ->  bias (C, 1, 1)",
        "x + bias.view(-1, 1, 1)" } },
    /* clang-format on */
};

static void all_that_needs_no_size_is_told(void)
{
    char code[4096] = "";
    cvy_explain *made;
    int32_t n = 0;

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        strcat(code, rules[i].call);
        strcat(code, "\n");
    }
    made = explain(code);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++, n++) {
        const char *json = NULL;
        cvy_error err = { 0 };

        CHECK_EQ(cvy_explain_status(made, n), CVY_UNSUPPORTED);
        CHECK_STR(cvy_explain_refusal(made, n).kind, "unsupported");
        if (strstr(cvy_explain_refusal(made, n).advice, rules[i].advice) ==
            NULL)
            CHECK_FAIL("%s: %s", rules[i].call,
                       cvy_explain_refusal(made, n).advice);
        for (int k = 0; k < MOST_WANTED && rules[i].wanted[k] != NULL; k++)
            if (strstr(text_of(made, n, 0), rules[i].wanted[k]) == NULL)
                CHECK_FAIL("no \"%s\" in\n%s", rules[i].wanted[k],
                           text_of(made, n, 0));
        CHECK_OK(cvy_explain_json(&json, made, n, &err));
        CHECK(strstr(json, "\"target\": null") != NULL);
        CHECK(strstr(json, "\"arguments\": null") != NULL);
    }
    cvy_explain_close(made);
}

/* The call with the sizes that the advice has for it. */
static void put_advised(cvyi_text *out, const char *call, const char *advice)
{
    const char *const options = strstr(advice, "--input");

    CHECK(options != NULL);
    cvyi_text_printf(out, "%s  # %s\n", call, options);
}

static void who_follows_the_advice_gets_the_counterpart(void)
{
    static const char *const valid[] = {
        "tf.nn.conv1d_transpose(x, w, [2, 16, 5], 3, 'VALID')",
        "tf.nn.conv2d_transpose(x, w, [1, 5, 9, 3], 2, 'VALID', "
        "data_format=None)",
        "tf.nn.conv2d_transpose(x, w, [9, 8], [2, 1], "
        "[[0, 0], [1, 1], [1, 0], [0, 0]])",
        "tf.nn.conv_transpose(x, w, [1, 3, 9, 9], 2, 'VALID', "
        "data_format='NCHW')",
    };
    enum {
        RULES = sizeof rules / sizeof *rules,
        ALL = RULES + sizeof valid / sizeof *valid
    };
    cvyi_text code = { 0 }, advised = { 0 };
    cvy_explain *made;

    for (int i = 0; i < ALL; i++)
        cvyi_text_printf(&code, "%s\n",
                         i < RULES ? rules[i].call : valid[i - RULES]);
    made = explain(cvyi_text_c(&code));
    for (int i = 0; i < ALL; i++)
        put_advised(&advised, i < RULES ? rules[i].call : valid[i - RULES],
                    cvy_explain_refusal(made, i).advice);
    cvy_explain_close(made);
    made = explain(cvyi_text_c(&advised));
    for (int i = 0; i < ALL; i++)
        if (cvy_explain_status(made, i) != CVY_OK)
            CHECK_FAIL("%s", text_of(made, i, 0));
    cvy_explain_close(made);
    cvyi_text_close(&code);
    cvyi_text_close(&advised);
}

/* With numbers in the place of the letters each line about weights and shapes
 * stands in the explanation for these numbers. */
static void letters_are_what_the_numbers_would_be(void)
{
    cvy_explain *const made =
        explain("layers.Conv2D(16, 3)\n"
                "layers.Conv2D(16, 3)  # --input ?x?x?x7\n"
                "tf.nn.conv1d(x, W, stride=2, padding='SAME')\n"
                "tf.nn.conv1d(x, W, stride=2, padding='SAME')"
                "  # --input x=?x?x7 --input W=2x7x9\n");
    static const struct {
        char letter, digit;
    } sizes[] = { { 'C', '7' }, { 'k', '2' }, { 'O', '9' } };
    int lines = 0;

    for (int32_t i = 0; i < 4; i += 2) {
        char text[8192];
        const char *whole = text_of(made, i, 0);

        CHECK(strlen(whole) < sizeof text);
        strcpy(text, whole);
        whole = text_of(made, i + 1, 0);

        for (char *line = strtok(text, "\n"); line != NULL;
             line = strtok(NULL, "\n")) {
            if (strstr(line, "->") == NULL)
                continue;
            for (char *at = line + 1; *at != '\0'; at++)
                for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
                    if (*at == sizes[s].letter && !isalpha(at[-1]) &&
                        !isalpha(at[1]))
                        *at = sizes[s].digit;
            if (strstr(whole, line) == NULL)
                CHECK_FAIL("no \"%s\" in\n%s", line, whole);
            lines++;
        }
    }
    CHECK_EQ(lines, 9); /* two of them are code */
    cvy_explain_close(made);
}

/* ---- refusals ---- */

/* Nobody is asked for a size that would not help. */
static void what_no_size_helps_is_said_at_once(void)
{
    cvy_explain *const made =
        explain("layers.Conv2D(16, 3, strides=2, dilation_rate=2)\n"
                "layers.Conv2D(16, 3, padding=1)\n"
                "F.interpolate(x, scale_factor=2, mode='bicubic')\n"
                "tf.nn.conv2d(x, W, [1, 1, 1, 1], 'SAMES')\n"
                "nn.PixelShuffle(3)\n"
                "F.pixel_unshuffle(x, 2)\n");

    for (int32_t i = 4; i < 6; i++) {
        const cvy_finding why = cvy_explain_refusal(made, i);

        CHECK_STR(why.kind, "no_counterpart");
        CHECK(strstr(why.text, "Keras has no layer for either") != NULL);
        CHECK(strstr(why.advice, i == 4 ? "depth_to_space(x, 3)"
                                        : "space_to_depth(x, 2)") != NULL);
        CHECK(strstr(why.advice, i == 4 ? "reshape(-1, 9).T.ravel()"
                                        : "reshape(4, -1).T.ravel()") != NULL);
    }
    for (int32_t i = 0; i < 4; i++) {
        const cvy_finding why = cvy_explain_refusal(made, i);

        CHECK_EQ(cvy_explain_status(made, i), CVY_UNSUPPORTED);
        CHECK(*why.attribute != '\0');
        CHECK(strstr(why.advice, "--input") == NULL);
    }
    CHECK_STR(cvy_explain_refusal(made, 0).kind, "illegal_in_source");
    CHECK(strstr(cvy_explain_refusal(made, 2).text, "cubic") != NULL);
    cvy_explain_close(made);
}

static void functions_that_always_drop_are_refused_alike(void)
{
    cvy_explain *const made =
        explain("F.dropout(x, 0.5)\n"
                "tf.nn.dropout(x, 0.5)\n"
                "tf.nn.dropout(x, keep_prob=0.5)  # --from tf1\n"
                "F.dropout(x, 0.5, training=self.training)\n"
                "tf.nn.dropout(x, 0)\n");

    for (int32_t i = 0; i < 3; i++) {
        const cvy_finding why = cvy_explain_refusal(made, i);

        CHECK_STR(why.kind, "no_counterpart");
        CHECK(strstr(why.text, "at inference too") != NULL);
        CHECK(strstr(why.advice, "Dropout instead") != NULL);
    }
    CHECK_EQ(cvy_explain_status(made, 3), CVY_OK);
    CHECK(strstr(text_of(made, 3, 0), "layers.Dropout(0.5)") != NULL);
    CHECK_EQ(cvy_explain_status(made, 4), CVY_OK);
    cvy_explain_close(made);
}

/* A shape of a name that stands for a number would not help. */
static void names_of_numbers_are_asked_for_their_value(void)
{
    static const struct {
        const char *argument, *text, *advice;
    } wanted[] = {
        { "rate", "rate is a name", "a number, as in 0.5 (rate = 1 - keep" },
        { "keep_prob", "keep_prob is a name", "(rate = 1 - keep_prob)" },
        { "negative_slope", "slope is a name", "write its value" },
        { "strides", "s is a name", "write its value" },
        { "output_shape", "size is a name", "write its value" },
    };
    cvy_explain *const made =
        explain("tf.nn.dropout(x, keep_prob)\n"
                "tf.nn.dropout(x, keep_prob=kept)\n"
                "F.leaky_relu(x, slope)\n"
                "tf.nn.conv2d(x, w, strides=s, padding='SAME')\n"
                "tf.nn.conv2d_transpose(x, w, size, 2)\n");

    for (int32_t i = 0; i < 5; i++) {
        const cvy_finding why = cvy_explain_refusal(made, i);

        CHECK_STR(why.kind, "unsupported");
        CHECK_STR(why.attribute, wanted[i].argument);
        CHECK(strstr(why.text, wanted[i].text) != NULL);
        CHECK(strstr(why.advice, wanted[i].advice) != NULL);
        CHECK(strstr(why.advice, "--input") == NULL);
    }
    cvy_explain_close(made);
}

static void a_flatten_in_disguise_asks_for_the_shape(void)
{
    cvy_explain *const made = explain("x.view(-1, 512)\n"
                                      "tf.reshape(x, [-1, 500])\n"
                                      "torch.reshape(x, (-1, 4, 128))\n"
                                      "x.view(-1, 512)  # --input 1x8x8x8\n"
                                      "x.view(-1, 512)  # --input 1x8x8x7\n");
    static const char *const advice[] = {
        "--input 1x32x4x4; if a sample has 512 elements it is a Flatten",
        "--input 1x1x1x500; if a sample has 500 elements it is a Flatten",
        "--input 1x32x4x4; if a sample has 512 elements it is a Reshape",
    };

    for (int32_t i = 0; i < 3; i++)
        CHECK(strstr(cvy_explain_refusal(made, i).advice, advice[i]) != NULL);
    CHECK(strstr(text_of(made, 3, 0), "layers.Flatten()") != NULL);
    CHECK(strstr(cvy_explain_refusal(made, 4).text, "one sample to another") !=
          NULL);
    cvy_explain_close(made);
}

static void calls_in_calls_are_to_be_given_one_by_one(void)
{
    cvy_explain *const made =
        explain("layers.Conv2D(16, 3)(layers.ZeroPadding2D(1)(x))\n"
                "F.relu(F.conv2d(x, w))\n"
                "nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU())\n");
    static const char *const inner[] = { "keras.layers.ZeroPadding2D",
                                         "torch.nn.functional.conv2d",
                                         "torch.nn.Conv2d" };

    for (int32_t i = 0; i < 3; i++) {
        const cvy_finding why = cvy_explain_refusal(made, i);

        CHECK(strncmp(why.text, inner[i], strlen(inner[i])) == 0);
        CHECK(strstr(why.text, "inside of another call") != NULL);
        CHECK(strstr(why.advice, "the inner one first") != NULL);
        CHECK(strstr(text_of(made, i, 0), "unknown") == NULL);
    }
    cvy_explain_close(made);
}

/* ---- pages ---- */

/* Columns of the longest line: code is left as it is. */
static int widest(const char *text)
{
    int most = 0, n = 0;

    for (; *text != '\0'; text++) {
        n = *text == '\n' ? 0 : n + ((*text & 0xc0) != 0x80);
        most = n > most ? n : most;
    }
    return most;
}

static void narrow_pages_lose_nothing(void)
{
    cvy_explain *const made =
        explain("nn.LeakyReLU()\n"
                "nn.Conv2d(3, 16, 3, stride=2, padding=1)\n"
                "layers.Conv2D(16, 3, strides=2, padding='same')"
                "  # --input 1x31x31x3\n");

    CHECK(widest(text_of(made, 0, 50)) <= 50);
    CHECK(widest(text_of(made, 2, 50)) <= 50);
    for (int32_t i = 0; i < 3; i++)
        for (int columns = 40; columns < 100; columns += 7)
            CHECK(strchr(text_of(made, i, columns), '~') == NULL);
    CHECK(strstr(text_of(made, 1, 40), "  ->  layers.ZeroPadding2D(1)") !=
          NULL);
    cvy_explain_close(made);
}

/* ---- arguments ---- */

static void has(cvy_explain *made, int32_t i, const char *wanted, bool there)
{
    const char *json = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvy_explain_json(&json, made, i, &err));
    if ((strstr(json, wanted) != NULL) != there)
        CHECK_FAIL("%s\"%s\" in %s", there ? "no " : "", wanted, json);
}

static void arguments_meet_what_says_the_same(void)
{
    cvy_explain *const made =
        explain("layers.SeparableConv2D(32, 3)  # --input 1x8x8x4\n"
                "nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1)\n"
                "nn.InstanceNorm2d(8)\n"
                "nn.Flatten()\n"
                "nn.Softmax(dim=1)\n"
                "nn.Softmax(dim=1)  # --input 2x5\n"
                "layers.Flatten()\n"
                "keras.ops.maximum(x, 0.5)\n"
                "tf.minimum(0.5, x)\n"
                "torch.sub(x, 2)\n"
                "keras.ops.swapaxes(x, 1, 2)\n");

    has(made, 0, "\"kernel_size=3\", \"target\": \"kernel_size=3\"", true);
    has(made, 1, "output_padding", false);
    has(made, 2, "True in PyTorch, True", false);
    has(made, 3, "needs layers.Permute((3, 1, 2)) before", true);
    has(made, 4, "axis 1 is axis -1", true);
    has(made, 5, "axis 1 is axis -1", false);
    has(made, 6, "needs x.permute(0, 2, 3, 1) before", true);
    has(made, 7, "\"x2=0.5\", \"target\": \"min_val=0.5\"", true);
    has(made, 8, "\"x=0.5\", \"target\": \"max_val=0.5\"", true);
    has(made, 9, "\"other=2\", \"target\": \"offset=-2.0\"", true);
    for (int32_t i = 7; i < 11; i++)
        has(made, i, "says nothing", false);
    cvy_explain_close(made);
}

static void no_refused_allocation_breaks_it(void)
{
    const cvy_explain_options options = { .code = "F.linear(x, w)" };
    cvy_status status = CVY_MEMORY;

    for (size_t n = 1; status != CVY_OK; n += 1 + n / 2) {
        cvy_explain *made = NULL;
        const char *text = NULL;
        cvy_error err = { 0 };

        cvyi_alloc_refuse(n);
        status = cvy_explain_open(&made, &options, &err);
        if (status == CVY_OK)
            status = cvy_explain_text(&text, made, 0, (cvy_look){ 0 }, &err);
        cvyi_alloc_refuse(0);
        if (status != CVY_OK)
            CHECK_EQ(status, CVY_MEMORY);
        else
            CHECK(strstr(text, "layers.Dense(O") != NULL);
        cvy_explain_close(made);
    }
}

static const check_case cases[] = {
    { "all_that_needs_no_size_is_told", all_that_needs_no_size_is_told },
    { "who_follows_the_advice_gets_the_counterpart",
      who_follows_the_advice_gets_the_counterpart },
    { "letters_are_what_the_numbers_would_be",
      letters_are_what_the_numbers_would_be },
    { "what_no_size_helps_is_said_at_once",
      what_no_size_helps_is_said_at_once },
    { "functions_that_always_drop_are_refused_alike",
      functions_that_always_drop_are_refused_alike },
    { "names_of_numbers_are_asked_for_their_value",
      names_of_numbers_are_asked_for_their_value },
    { "a_flatten_in_disguise_asks_for_the_shape",
      a_flatten_in_disguise_asks_for_the_shape },
    { "calls_in_calls_are_to_be_given_one_by_one",
      calls_in_calls_are_to_be_given_one_by_one },
    { "narrow_pages_lose_nothing", narrow_pages_lose_nothing },
    { "arguments_meet_what_says_the_same", arguments_meet_what_says_the_same },
    { "no_refused_allocation_breaks_it", no_refused_allocation_breaks_it },
};

CHECK_MAIN(cases)
