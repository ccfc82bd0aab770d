/* tests/codec/test_json.c - JSON to values. */
#include "codec/json.h"

#include "codec/laws.h"

#include <math.h>

static const cvyi_value *read_text(cvyi_arena *arena, const char *text)
{
    const cvyi_value *value = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_json_read(&value, arena, text, strlen(text), &err));
    return value;
}

static void every_kind_of_value_is_read(void)
{
    cvyi_arena arena = { 0 };
    const cvyi_value *const v =
        read_text(&arena,
                  "{\"n\": null, \"t\": true, \"f\": false, \"i\": -7,"
                  " \"r\": 0.5, \"s\": \"\\u00fc\", \"l\": [1, [], {}]}");

    CHECK_EQ(v->kind, CVYI_DICT);
    CHECK_EQ(v->n, 7);
    CHECK_STR(v->keys[0], "n");
    CHECK_STR(v->keys[6], "l");
    CHECK_EQ(cvyi_get(v, "n")->kind, CVYI_NONE);
    CHECK(cvyi_get(v, "t")->truth);
    CHECK(!cvyi_get(v, "f")->truth);
    CHECK_EQ(cvyi_get(v, "i")->integer, -7);
    CHECK(cvyi_get(v, "r")->real == 0.5);
    CHECK_STR(cvyi_get(v, "s")->text, "\xc3\xbc");
    CHECK_EQ(cvyi_get(v, "l")->n, 3);
    CHECK_EQ(cvyi_get(v, "l")->items[2].kind, CVYI_DICT);
    cvyi_arena_close(&arena);
}

static void keys_keep_the_order_of_the_text(void)
{
    cvyi_arena arena = { 0 };
    const cvyi_value *const v =
        read_text(&arena, "{\"z\": 1, \"a\": 2, \"m\": 3, \"b\": 4}");

    for (int i = 0; i < 4; i++)
        CHECK_EQ(v->items[i].integer, i + 1);
    CHECK_STR(v->keys[0], "z");
    CHECK_STR(v->keys[3], "b");
    cvyi_arena_close(&arena);
}

static void integers_keep_64_bits(void)
{
    cvyi_arena arena = { 0 };

    CHECK_EQ(read_text(&arena, "9223372036854775807")->integer, INT64_MAX);
    CHECK_EQ(read_text(&arena, "-9223372036854775808")->integer, INT64_MIN);
    CHECK_EQ(read_text(&arena, "1e3")->kind, CVYI_FLOAT);
    cvyi_arena_close(&arena);
}

/* Each special word stands beside the string that takes its place inside. */
static void words_of_python_are_floats_and_strings_stay_texts(void)
{
    cvyi_arena arena = { 0 };
    const cvyi_value *const v = read_text(
        &arena,
        "{\"N\": NaN, \"a\": \"N\", \"Infini\": [Infinity, \"Infini\"],"
        " \"b\": {\"-Infini\": -Infinity, \"c\": \"-Infini\"},"
        " \"d\": \"NaN \\\" Infinity\", \"e\": \"\\\\\", \"f\":NaN,"
        " \"g\": -1}");

    CHECK(isnan(cvyi_get(v, "N")->real));
    CHECK_EQ(cvyi_get(v, "N")->kind, CVYI_FLOAT);
    CHECK_STR(cvyi_get(v, "a")->text, "N");
    CHECK(cvyi_get(v, "Infini")->items[0].real == (double)INFINITY);
    CHECK_STR(cvyi_get(v, "Infini")->items[1].text, "Infini");
    CHECK(cvyi_get(cvyi_get(v, "b"), "-Infini")->real == -(double)INFINITY);
    CHECK_STR(cvyi_get(cvyi_get(v, "b"), "c")->text, "-Infini");
    CHECK_STR(cvyi_get(v, "d")->text, "NaN \" Infinity");
    CHECK_STR(cvyi_get(v, "e")->text, "\\");
    CHECK(isnan(cvyi_get(v, "f")->real));
    CHECK_EQ(cvyi_get(v, "g")->integer, -1);
    CHECK(isnan(read_text(&arena, "NaN")->real));
    cvyi_arena_close(&arena);
}

static const struct {
    const char *text;
    cvy_status status;
    int64_t offset; /* -1: not checked */
    const char *word;
} bad[] = {
    /* clang-format off */
    { "",                        CVY_FORMAT,      0,  "cut short" },
    { "{",                       CVY_FORMAT,      1,  "cut short" },
    { "[1, 2",                   CVY_FORMAT,      -1, "cut short" },
    { "\"abc",                   CVY_FORMAT,      -1, "cut short" },
    { "[1,]",                    CVY_FORMAT,      -1, "not valid" },
    { "[1 2]",                   CVY_FORMAT,      -1, "not valid" },
    { "{} {}",                   CVY_FORMAT,      -1, "more text" },
    { "{\"a\": 1, \"a\": 1}",    CVY_FORMAT,      -1, "twice" },
    { "{\"a\": 1, \"\\u0061\": 1}", CVY_FORMAT,   -1, "twice" },
    { "9223372036854775808",     CVY_UNSUPPORTED, -1, "64 bits" },
    { "-9223372036854775809",    CVY_UNSUPPORTED, -1, "64 bits" },
    { "1e999",                   CVY_UNSUPPORTED, -1, "64 bits" },
    { "\"\\u0000\"",             CVY_UNSUPPORTED, -1, "NUL" },
    { "{\"\\u0000\": 1}",        CVY_UNSUPPORTED, -1, "NUL" },
    { "\"\xff\"",                CVY_FORMAT,      -1, "UTF-8" },
    { "\"\\ud800\"",             CVY_FORMAT,      -1, "not valid" },
    { "{NaN: 1}",                CVY_FORMAT,      -1, "key" },
    { "NaNNaN",                  CVY_FORMAT,      -1, "" },
    { "-NaN",                    CVY_FORMAT,      -1, "" },
    { "--Infinity",              CVY_FORMAT,      -1, "" },
    { "+Infinity",               CVY_FORMAT,      -1, "" },
    { "nan",                     CVY_FORMAT,      -1, "" },
    { "Infinit",                 CVY_FORMAT,      -1, "" },
    { "[NaN\"x\"]",              CVY_FORMAT,      -1, "" },
    { "1NaN",                    CVY_FORMAT,      -1, "" },
    { "01",                      CVY_FORMAT,      -1, "" },
    { "'a'",                     CVY_FORMAT,      -1, "" },
    { "[1] // comment",          CVY_FORMAT,      -1, "" },
    /* clang-format on */
};

static void bad_texts_are_refused_and_explained(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const cvyi_value *value = NULL;
        cvyi_arena arena = { 0 };
        cvy_error err = { 0 };

        if (cvyi_json_read(&value, &arena, bad[i].text, strlen(bad[i].text),
                           &err) != bad[i].status)
            fail_msg("%s: %s", bad[i].text, err.text);
        CHECK(value == NULL);
        if (err.text[0] == '\0' || strstr(err.text, bad[i].word) == NULL)
            fail_msg("%s: %s", bad[i].text, err.text);
        if (bad[i].offset >= 0)
            CHECK_EQ(err.offset, bad[i].offset);
        CHECK(err.offset <= (int64_t)strlen(bad[i].text));
        cvyi_arena_close(&arena);
    }
}

static void a_hundred_levels_are_read_and_one_more_is_not(void)
{
    char text[2 * 101 + 1];

    for (int depth = 100; depth <= 101; depth++) {
        cvy_error err = { 0 };

        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        CHECK_EQ(walk_json(text, (size_t)depth * 2, &err),
                 depth == 100 ? CVY_OK : CVY_UNSUPPORTED);
        if (depth == 101) {
            CHECK_EQ(err.offset, 100);
            CHECK(strstr(err.text, "100 levels") != NULL);
        }
    }
}

/* Brackets inside strings are not levels. */
static void a_string_of_brackets_is_a_string(void)
{
    char text[400];

    memset(text, '[', sizeof text);
    text[0] = text[sizeof text - 1] = '"';
    CHECK_EQ(laws_call(walk_json, text, sizeof text), CVY_OK);
}

static void prefixes_and_damage_are_survived(void)
{
    laws_prefixes(walk_json, LAWS_DATA("small.json"), 1);
    laws_damage(walk_json, LAWS_DATA("small.json"), false);
}

static void refused_memory_is_reported(void)
{
    laws_memory(walk_json, LAWS_DATA("small.json"));
}

static void every_reject_file_is_refused(void)
{
    laws_rejects(walk_json, CVYT_DATA "/reject/json", 8);
}

static const check_case cases[] = {
    { "every_kind_of_value_is_read", every_kind_of_value_is_read },
    { "keys_keep_the_order_of_the_text", keys_keep_the_order_of_the_text },
    { "integers_keep_64_bits", integers_keep_64_bits },
    { "words_of_python_are_floats_and_strings_stay_texts",
      words_of_python_are_floats_and_strings_stay_texts },
    { "bad_texts_are_refused_and_explained",
      bad_texts_are_refused_and_explained },
    { "a_hundred_levels_are_read_and_one_more_is_not",
      a_hundred_levels_are_read_and_one_more_is_not },
    { "a_string_of_brackets_is_a_string", a_string_of_brackets_is_a_string },
    { "prefixes_and_damage_are_survived", prefixes_and_damage_are_survived },
    { "refused_memory_is_reported", refused_memory_is_reported },
    { "every_reject_file_is_refused", every_reject_file_is_refused },
};
CHECK_MAIN(cases)
