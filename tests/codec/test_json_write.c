/* tests/codec/test_json_write.c - JSON text, member by member. */
#include "codec/json_write.h"

#include "codec/json.h"
#include "check.h"

#include <math.h>

static void tall_and_flat_containers_are_laid_out(void)
{
    cvyi_text text = { 0 };
    cvyi_json j = { .out = &text };

    cvyi_json_open(&j, NULL, '{', CVYI_JSON_TALL);
    cvyi_json_text(&j, "a", "x\"\n");
    cvyi_json_open(&j, "rows", '[', CVYI_JSON_TALL);
    for (int i = 0; i < 2; i++) {
        cvyi_json_open(&j, NULL, '{', CVYI_JSON_FLAT);
        cvyi_json_ints(&j, "n", (const int64_t[]){ 1, -2 }, i);
        cvyi_json_open(&j, "inside", '{', CVYI_JSON_TALL);
        cvyi_json_bool(&j, "t", true);
        cvyi_json_close(&j, '}');
        cvyi_json_close(&j, '}');
    }
    cvyi_json_close(&j, ']');
    cvyi_json_open(&j, "none", '[', CVYI_JSON_TALL);
    cvyi_json_close(&j, ']');
    cvyi_json_null(&j, "z");
    cvyi_json_close(&j, '}');
    CHECK_STR(cvyi_text_c(&text),
              "{\n"
              "  \"a\": \"x\\\"\\u000a\",\n"
              "  \"rows\": [\n"
              "    {\"n\": [], \"inside\": {\"t\": true}},\n"
              "    {\"n\": [1], \"inside\": {\"t\": true}}\n"
              "  ],\n"
              "  \"none\": [],\n"
              "  \"z\": null\n"
              "}\n");
    cvyi_text_close(&text);
}

/* Whatever is put in, a strict reader accepts it. */
static void every_value_can_be_read_back(void)
{
    static const double reals[] = { 0,    -0.0,     1,         0.1, 1e-300,
                                    1e22, INFINITY, -INFINITY, NAN, -2.5e-9 };
    static const char *const texts[] = { "",         "\x01\x1f", "\\",
                                         "\xff\xfe", "\xc3\xa9", "a/b",
                                         NULL };
    const size_t n_reals = sizeof reals / sizeof *reals;
    const size_t n_texts = sizeof texts / sizeof *texts;
    cvyi_text text = { 0 };
    cvyi_json j = { .out = &text };
    cvyi_arena arena = { 0 };
    const cvyi_value *value = NULL;
    cvy_error err = { 0 };

    cvyi_json_open(&j, NULL, '[', CVYI_JSON_TALL);
    for (size_t i = 0; i < n_reals; i++)
        cvyi_json_real(&j, NULL, reals[i]);
    for (size_t i = 0; i < n_texts; i++)
        cvyi_json_text(&j, NULL, texts[i]);
    cvyi_json_int(&j, NULL, INT64_MIN);
    cvyi_json_close(&j, ']');
    CHECK_OK(cvyi_json_read(&value, &arena, text.bytes, text.size, &err));
    CHECK_EQ(value->n, n_reals + n_texts + 1);
    for (size_t i = 0; i < n_reals; i++) {
        double got;

        CHECK_EQ(cvyi_as_double(&got, &value->items[i]), isfinite(reals[i]));
        if (isfinite(reals[i]))
            CHECK(got == reals[i]);
    }
    CHECK(cvyi_is_text(&value->items[n_reals + 1], "\x01\x1f"));
    CHECK(cvyi_is_text(&value->items[n_reals + 3], "??"));
    CHECK(cvyi_is_none(&value->items[n_reals + n_texts - 1]));
    CHECK(value->items[n_reals + n_texts].integer == INT64_MIN);
    cvyi_arena_close(&arena);
    cvyi_text_close(&text);
}

static const check_case cases[] = {
    { "tall_and_flat_containers_are_laid_out",
      tall_and_flat_containers_are_laid_out },
    { "every_value_can_be_read_back", every_value_can_be_read_back },
};
CHECK_MAIN(cases)
