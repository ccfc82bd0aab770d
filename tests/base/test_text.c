/* tests/base/test_text.c - the growing text, numbers and JSON strings. */
#include "base/text.h"

#include "base/memory.h"

#include <math.h>

#include "check.h"

/* Python's repr. */
/* clang-format off */
static const struct { double value; const char *text; } double_rows[] = {
    { 0x0.0p+0, "0.0" },
    { -0x0.0p+0, "-0.0" },
    { 0x1.0000000000000p+0, "1.0" },
    { -0x1.0000000000000p+0, "-1.0" },
    { 0x1.999999999999ap-4, "0.1" },
    { 0x1.0000000000000p-1, "0.5" },
    { 0x1.5555555555555p-2, "0.3333333333333333" },
    { 0x1.5555555555555p-1, "0.6666666666666666" },
    { 0x1.4f8b588e368f1p-17, "1e-05" },
    { 0x1.a36e2eb1c432dp-14, "0.0001" },
    { 0x1.0624dd2f1a9fcp-10, "0.001" },
    { 0x1.89374bc6a7efap-10, "0.0015" },
    { 0x1.e240c9fbe76c9p+16, "123456.789" },
    { 0x1.c6bf526340000p+49, "1000000000000000.0" },
    { 0x1.1c37937e08000p+53, "1e+16" },
    { 0x1.aa535d3d0c000p+53, "1.5e+16" },
    { 0x1.1c37937e07fffp+53, "9999999999999998.0" },
    { 0x1.5ee2a2eb5a5c4p+53, "1.2345678901234568e+16" },
    { 0x1.0f0cf064dd592p+73, "1e+22" },
    { 0x1.249ad2594c37dp+332, "1e+100" },
    { 0x0.0000000000001p-1022, "5e-324" },
    { 0x1.0000000000000p-1022, "2.2250738585072014e-308" },
    { 0x1.fffffffffffffp+1023, "1.7976931348623157e+308" },
    { 0x1.0000000000000p-1019, "1.7800590868057611e-307" },
    { 0x1.0000000000000p-24, "5.960464477539063e-08" },
    { 0x1.0000000000000p+63, "9.223372036854776e+18" },
    { 0x1.0000000000000p+53, "9007199254740992.0" },
    { 0x1.9000000000000p+6, "100.0" },
    { 0x1.e000000000000p+6, "120.0" },
    { 0x1.fae147ae147aep-1, "0.99" },
    { 0x1.47ae147ae147bp-7, "0.01" },
    { -0x1.f237594c664eep-28, "-7.25e-09" },
    { 0x1.99999a0000000p-4, "0.10000000149011612" },
};
static const struct { const char *text, *json; } json_rows[] = {
    { "", "\"\"" },
    { "plain", "\"plain\"" },
    { "a\"b\\c", "\"a\\\"b\\\\c\"" },
    { "\n\t\x01", "\"\\u000a\\u0009\\u0001\"" },
    { "\xc3\xa4/\x7f", "\"\xc3\xa4/\x7f\"" },
};
/* clang-format on */

static void doubles_print_as_python_prints_them(void)
{
    for (size_t i = 0; i < sizeof double_rows / sizeof *double_rows; i++) {
        cvyi_text text = { 0 };

        cvyi_text_double(&text, double_rows[i].value);
        CHECK_STR(cvyi_text_c(&text), double_rows[i].text);
        cvyi_text_close(&text);
    }
}

/* Every power of two: where the digits are hardest to choose. */
static void doubles_read_back(void)
{
    for (int k = -1074; k < 1024; k++) {
        const double value = ldexp(1, k);
        cvyi_text text = { 0 };

        cvyi_text_double(&text, -value);
        CHECK(strtod(cvyi_text_c(&text), NULL) == -value);
        CHECK(strpbrk(cvyi_text_c(&text), ".e") != NULL);
        cvyi_text_close(&text);
    }
}

static void what_is_no_number_has_a_name(void)
{
    cvyi_text text = { 0 };

    cvyi_text_double(&text, INFINITY);
    cvyi_text_put(&text, " ");
    cvyi_text_double(&text, -INFINITY);
    cvyi_text_put(&text, " ");
    cvyi_text_double(&text, NAN);
    CHECK_STR(cvyi_text_c(&text), "inf -inf nan");
    cvyi_text_close(&text);
}

static void json_strings_are_quoted(void)
{
    for (size_t i = 0; i < sizeof json_rows / sizeof *json_rows; i++) {
        cvyi_text text = { 0 };

        cvyi_text_json(&text, json_rows[i].text);
        CHECK_STR(cvyi_text_c(&text), json_rows[i].json);
        cvyi_text_close(&text);
    }
}

static void a_text_grows_piece_by_piece(void)
{
    cvyi_text text = { 0 };
    char wanted[5001] = "";

    CHECK_STR(cvyi_text_c(&text), "");
    for (size_t i = 0; i < 1000; i++) {
        snprintf(wanted + 5 * i, 6, "%05zu", i);
        cvyi_text_printf(&text, "%05zu", i);
        CHECK_EQ(text.size, 5 * (i + 1));
    }
    CHECK_STR(cvyi_text_c(&text), wanted);
    cvyi_text_add(&text, "a\0b", 3);
    CHECK_EQ(text.size, 5003);
    CHECK(memcmp(text.bytes + 5000, "a\0b", 4) == 0);
    cvyi_text_add(&text, NULL, 0);
    CHECK_EQ(cvyi_text_status(&text, NULL), CVY_OK);
    cvyi_text_close(&text);
    cvyi_text_close(&text);
}

static void a_refused_append_is_told_at_the_end(void)
{
    cvyi_text text = { 0 };
    cvy_error err = { 0 };

    cvyi_text_put(&text, "kept");
    cvyi_alloc_refuse(1);
    cvyi_text_printf(&text, "%200d", 1);
    cvyi_alloc_refuse(0);
    CHECK_EQ(cvyi_text_status(&text, &err), CVY_MEMORY);
    cvyi_text_put(&text, "x"); /* stays bad, and stays whole */
    CHECK_STR(cvyi_text_c(&text), "kept");
    CHECK_EQ(cvyi_text_status(&text, &err), CVY_MEMORY);
    CHECK_STR(err.text, "out of memory");
    cvyi_text_close(&text);
}

static const check_case cases[] = {
    { "doubles_print_as_python_prints_them",
      doubles_print_as_python_prints_them },
    { "doubles_read_back", doubles_read_back },
    { "what_is_no_number_has_a_name", what_is_no_number_has_a_name },
    { "json_strings_are_quoted", json_strings_are_quoted },
    { "a_text_grows_piece_by_piece", a_text_grows_piece_by_piece },
    { "a_refused_append_is_told_at_the_end",
      a_refused_append_is_told_at_the_end },
};
CHECK_MAIN(cases)
