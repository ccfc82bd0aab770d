/* tests/base/test_ink.c - text for terminals. */
#include "base/ink.h"

#include "check.h"

static void numbers_are_grouped_by_thousands(void)
{
    static const struct {
        int64_t n;
        const char *text;
    } rows[] = {
        { 0, "0" },
        { 999, "999" },
        { 1000, "1,000" },
        { -1000, "-1,000" },
        { -100, "-100" },
        { 1234567, "1,234,567" },
        { INT64_MAX, "9,223,372,036,854,775,807" },
        { INT64_MIN, "-9,223,372,036,854,775,808" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_text text = { 0 };

        cvyi_text_count(&text, rows[i].n);
        CHECK_STR(cvyi_text_c(&text), rows[i].text);
        cvyi_text_close(&text);
    }
}

static void sizes_have_units(void)
{
    static const struct {
        int64_t n;
        const char *text;
    } rows[] = {
        { 0, "0 bytes" },
        { 999, "999 bytes" },
        { 1000, "1.0 kB" },
        { 999949, "999.9 kB" },
        { 999950, "1.0 MB" },
        { 102546848, "102.5 MB" },
        { INT64_MAX, "9223372.0 TB" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_text text = { 0 };

        cvyi_text_bytes(&text, rows[i].n);
        CHECK_STR(cvyi_text_c(&text), rows[i].text);
        cvyi_text_close(&text);
    }
}

/* For every width: exactly that many columns, never half a character. */
static void fitted_text_has_the_width_asked_for(void)
{
    static const char *const texts[] = { "", "a", "abcdef",
                                         "\xc3\xa9t\xc3\xa9",
                                         "\xe2\x82\xac\xe2\x82\xac" };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int width = 0; width < 9; width++)
            for (int right = 0; right < 2; right++) {
                cvyi_text text = { 0 };
                const char *at;

                cvyi_text_fit(&text, texts[i], width, right);
                at = cvyi_text_c(&text);
                CHECK_EQ(cvyi_columns(at), width);
                for (; *at != '\0'; at++)
                    if ((*at & 0x80) != 0 && (*at & 0x40) != 0)
                        CHECK((at[1] & 0xc0) == 0x80);
                cvyi_text_close(&text);
            }
}

static void wrapped_text_keeps_its_words(void)
{
    static const char words[] = "one two three four five sixteen letters";

    for (int width = 0; width < 60; width++) {
        cvyi_text text = { 0 };
        int column = 4;

        cvyi_text_wrap(&text, words, 4, 2, width);
        for (const char *p = words, *q = cvyi_text_c(&text); *p != '\0';
             p++, q++) {
            if (*q == '\n') {
                CHECK(*p == ' ' && q[1] == ' ' && q[2] == ' ');
                q += 2;
                column = 2;
                continue;
            }
            CHECK_EQ(*p, *q);
            column++;
            /* Only a word that is alone on its line may be too long. */
            CHECK(width == 0 || column <= width || width < 9 + 4);
        }
        cvyi_text_close(&text);
    }
}

static void without_colours_there_are_no_escapes(void)
{
    cvyi_text text = { 0 };

    cvyi_ink_put(&text, (cvy_look){ 0 }, CVYI_INK_RED, "red");
    CHECK_STR(cvyi_text_c(&text), "red");
    cvyi_ink_put(&text, (cvy_look){ .colour = true }, CVYI_INK_RED, "red");
    CHECK_STR(cvyi_text_c(&text), "red\033[1;31mred\033[0m");
    cvyi_text_close(&text);
}

static const check_case cases[] = {
    { "numbers_are_grouped_by_thousands", numbers_are_grouped_by_thousands },
    { "sizes_have_units", sizes_have_units },
    { "fitted_text_has_the_width_asked_for",
      fitted_text_has_the_width_asked_for },
    { "wrapped_text_keeps_its_words", wrapped_text_keeps_its_words },
    { "without_colours_there_are_no_escapes",
      without_colours_there_are_no_escapes },
};
CHECK_MAIN(cases)
