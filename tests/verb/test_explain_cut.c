/* verb/explain_cut.c, explain_draw.c: what is cut off a transposed
 * convolution. */
#include "convey/explain.h"

#include "base/text.h"
#include "check.h"

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

static const char *json_of(cvy_explain *made, int32_t i)
{
    const char *json = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvy_explain_json(&json, made, i, &err));
    return json;
}

/* ---- drawings ---- */

#define DOT "\xc2\xb7"

static const struct {
    const char *call, *drawing;
} drawings[] = {
    /* clang-format off */
    { "layers.Conv2DTranspose(3, 3, strides=2, padding='same')"
      "  # --input 1x4x4x5",
      "  H, W: n elements reach 2 * n + 1 outputs; 0 cut off before, 1 after, "
      "for every length\n"
      "  padding=0 is right for no length: it cuts off as much at both ends\n"
      "\n"
      "  output     0 1 2 3 4 5 6 7 " DOT "\n"
      "  input 0    x x x\n"
      "  input 1        x x x\n"
      "  input 2            x x x\n"
      "  input 3                x x x\n"
      "  (" DOT " is cut off)\n\n" },
    { "nn.ConvTranspose1d(5, 3, 2, stride=3, output_padding=2)"
      "  # --input 1x5x2",
      "  L: n elements reach 3 * n - 1 outputs; 0 cut off before, 2 added "
      "after, for every length\n"
      "  output_padding=2 is right for every length\n"
      "\n"
      "  output     0 1 2 3 4 5 6\n"
      "  input 0    x x\n"
      "  input 1          x x\n\n" },
    /* Of padding alone nothing is left until there are three. */
    { "nn.ConvTranspose1d(5, 3, 3, dilation=2, padding=3)  # --input 1x5x99",
      "  output     " DOT " " DOT " " DOT " 0 1 " DOT " " DOT " " DOT "\n"
      "  input 0    x   x   x\n"
      "  input 1      x   x   x\n"
      "  input 2        x   x   x\n"
      "  input 3          x   x   x\n"
      "  (" DOT " is cut off)\n"
      "  (drawn for 4 elements)\n" },
    { "nn.ConvTranspose1d(5, 3, 5, padding=4)  # --input 1x5x6",
      "  L: n elements reach n + 4 outputs; 4 cut off before, 4 after, for "
      "every length\n"
      "  padding=\"same\" is right for no length\n"
      "\n"
      "  output     " DOT " " DOT " " DOT " " DOT " 0 1 " DOT " " DOT " " DOT
      " " DOT "\n"
      "  input 0    x x x x x\n" },
    { "tf.nn.conv1d_transpose(x, w, [1, 4, 3], 3)"
      "  # --input x=1x2x5 --input w=5x3x5",
      "2 cut off before, 2 after, for every length\n"
      "  padding=2 is right for every length\n"
      "\n"
      "  output     " DOT " " DOT " 0 1 2 3 " DOT " " DOT "\n"
      "  input 0    x x x x x\n"
      "  input 1          x x x x x\n" },
    /* clang-format on */
};

static void each_element_stands_over_what_it_reaches(void)
{
    enum { N = sizeof drawings / sizeof *drawings };
    cvyi_text code = { 0 };
    cvy_explain *made;

    for (int i = 0; i < N; i++)
        cvyi_text_printf(&code, "%s\n", drawings[i].call);
    made = explain(cvyi_text_c(&code));
    for (int i = 0; i < N; i++)
        if (strstr(text_of(made, i, 0), drawings[i].drawing) == NULL)
            CHECK_FAIL("no\n%sin\n%s", drawings[i].drawing,
                       text_of(made, i, 0));
    cvy_explain_close(made);
    cvyi_text_close(&code);
}

/* Columns of the widest line between "Border" and the next title. */
static int widest_drawing(const char *text)
{
    const char *at = strstr(text, "\nBorder\n");
    int most = 0, n = 0;

    CHECK(at != NULL);
    for (at += strlen("\nBorder\n");
         !(at[0] == '\n' && at[1] == '\n' && at[2] != ' '); at++) {
        n = *at == '\n' ? 0 : n + ((*at & 0xc0) != 0x80);
        most = n > most ? n : most;
    }
    return most;
}

static void drawings_fit_a_terminal(void)
{
    cvyi_text code = { 0 };
    cvy_explain *made;
    int32_t n = 0;

    for (int taps = 1; taps < 30; taps += 4)
        for (int stride = 1; stride < 9; stride += 3, n++)
            cvyi_text_printf(&code,
                             "nn.ConvTranspose1d(2, 3, %d, stride=%d, "
                             "padding=%d)  # --input 1x2x%d\n",
                             taps, stride, taps / 2, 7 * stride);
    made = explain(cvyi_text_c(&code));
    for (int32_t i = 0; i < n; i++) {
        CHECK(widest_drawing(text_of(made, i, 80)) <= 80);
        CHECK(strstr(text_of(made, i, 80), "elements reach") != NULL);
    }
    cvy_explain_close(made);
    /* A narrow one has fewer elements. */
    made = explain("nn.ConvTranspose1d(2, 3, 4, stride=3)  # --input 1x2x6\n");
    CHECK(strstr(text_of(made, 0, 80), "  input 5 ") != NULL);
    CHECK(strstr(text_of(made, 0, 40), "  input 3 ") != NULL);
    CHECK(strstr(text_of(made, 0, 40), "  input 4 ") == NULL);
    CHECK(widest_drawing(text_of(made, 0, 40)) <= 40);
    cvy_explain_close(made);
    cvyi_text_close(&code);
}

/* ---- words ---- */

/* The counterpart is the layer alone exactly where its words are right. */
static void check_words(const char *code, const char *step)
{
    cvy_explain *const made = explain(code);
    int both[2] = { 0, 0 };

    for (int32_t i = 0; i < cvy_explain_count(made); i++) {
        const char *const json = json_of(made, i);
        const bool right =
            strstr(json, "\"simple_for\": \"every length\"") != NULL;

        if (cvy_explain_status(made, i) != CVY_OK)
            continue;
        CHECK(strstr(json, "\"cut\": true") != NULL);
        if (right == (strstr(json, step) != NULL))
            CHECK_FAIL("%s", text_of(made, i, 0));
        both[right]++;
    }
    CHECK(both[0] > 4);
    CHECK(both[1] > 4);
    cvy_explain_close(made);
}

static void words_are_right_where_no_step_is_needed(void)
{
    cvyi_text keras = { 0 }, torch = { 0 };

    for (int k = 1; k < 7; k++)
        for (int s = 1; s < 5; s++) {
            cvyi_text_printf(&keras,
                             "layers.Conv1DTranspose(3, %d, strides=%d, "
                             "padding='same')  # --input 1x6x2\n"
                             "layers.Conv1DTranspose(3, %d, strides=%d)"
                             "  # --input 1x6x2\n",
                             k, s, k, s);
            for (int p = 0; p < 3; p++)
                cvyi_text_printf(&torch,
                                 "nn.ConvTranspose1d(2, 3, %d, stride=%d, "
                                 "padding=%d, output_padding=%d)"
                                 "  # --input 1x2x6\n",
                                 k, s, p, p % s);
        }
    check_words(cvyi_text_c(&keras), "ZeroPad1d");
    check_words(cvyi_text_c(&torch), "Cropping1D");
    cvyi_text_close(&keras);
    cvyi_text_close(&torch);
}

static void a_window_that_slides_cuts_nothing(void)
{
    cvy_explain *const made =
        explain("nn.Conv2d(3, 4, 3, padding=1)  # --input 1x3x8x8\n");

    CHECK(strstr(json_of(made, 0), "\"cut\": false") != NULL);
    CHECK(strstr(text_of(made, 0, 0), "cut off") == NULL);
    cvy_explain_close(made);
}

static const check_case cases[] = {
    { "each_element_stands_over_what_it_reaches",
      each_element_stands_over_what_it_reaches },
    { "drawings_fit_a_terminal", drawings_fit_a_terminal },
    { "words_are_right_where_no_step_is_needed",
      words_are_right_where_no_step_is_needed },
    { "a_window_that_slides_cuts_nothing", a_window_that_slides_cuts_nothing },
};

CHECK_MAIN(cases)
