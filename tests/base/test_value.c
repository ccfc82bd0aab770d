/* tests/base/test_value.c - looking into trees of plain values. */
#include "base/value.h"

#include <math.h>

#include "check.h"

#define INT(v)                           \
    {                                    \
        .kind = CVYI_INT, .integer = (v) \
    }
#define REAL(v)                         \
    {                                   \
        .kind = CVYI_FLOAT, .real = (v) \
    }
#define TEXT(v)                        \
    {                                  \
        .kind = CVYI_TEXT, .text = (v) \
    }

static const cvyi_value none = { .kind = CVYI_NONE };
static const cvyi_value yes = { .kind = CVYI_BOOL, .truth = true };
static const cvyi_value no = { .kind = CVYI_BOOL };
static const cvyi_value word = TEXT("same");

static const cvyi_value ab[] = { INT(1), TEXT("x") };
static const cvyi_value ba[] = { TEXT("x"), REAL(1.0) };
static const char *const ab_keys[] = { "a", "b" };
static const char *const ba_keys[] = { "b", "a" };
static const cvyi_value dict = { .kind = CVYI_DICT,
                                 .n = 2,
                                 .items = ab,
                                 .keys = ab_keys };
static const cvyi_value turned = { .kind = CVYI_DICT,
                                   .n = 2,
                                   .items = ba,
                                   .keys = ba_keys };
static const cvyi_value list = { .kind = CVYI_LIST, .n = 2, .items = ab };
static const cvyi_value other_list = { .kind = CVYI_LIST,
                                       .n = 2,
                                       .items = ba };

static void a_dict_gives_its_members(void)
{
    CHECK(cvyi_get(&dict, "a") == &ab[0]);
    CHECK(cvyi_get(&dict, "b") == &ab[1]);
    CHECK(cvyi_get(&dict, "c") == NULL);
    CHECK(cvyi_get(&list, "a") == NULL);
    CHECK(cvyi_get(NULL, "a") == NULL);
}

/* clang-format off */
static const struct { cvyi_value value; bool is; int64_t wanted; } ints[] = {
    { INT(5), true, 5 },
    { INT(INT64_MIN), true, INT64_MIN },
    { INT(INT64_MAX), true, INT64_MAX },
    { REAL(3.0), true, 3 },
    { REAL(-9007199254740992.0), true, -9007199254740992 },
    { REAL(3.5), false, 0 },
    { REAL(1e300), false, 0 },
    { REAL(INFINITY), false, 0 },
    { REAL(NAN), false, 0 },
    { TEXT("3"), false, 0 },
    { { .kind = CVYI_BOOL, .truth = true }, false, 0 },
    { { .kind = CVYI_NONE }, false, 0 },
};
/* clang-format on */

static void whole_numbers_are_ints(void)
{
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) {
        int64_t got = 77;

        CHECK_EQ(cvyi_as_int(&got, &ints[i].value), ints[i].is);
        CHECK(got == (ints[i].is ? ints[i].wanted : 77));
    }
    CHECK(!cvyi_as_int(NULL, NULL));
}

static void each_kind_is_read_as_itself_only(void)
{
    double real = 77;
    bool truth = false;

    CHECK(cvyi_as_double(&real, &ab[0]) && real == 1);
    CHECK(cvyi_as_double(&real, &ba[1]) && real == 1);
    CHECK(!cvyi_as_double(&real, &yes) && !cvyi_as_double(&real, NULL));
    CHECK(cvyi_as_bool(&truth, &yes) && truth);
    CHECK(!cvyi_as_bool(&truth, &ab[0]) && !cvyi_as_bool(&truth, NULL));
    CHECK_STR(cvyi_as_text(&word), "same");
    CHECK(cvyi_as_text(&yes) == NULL && cvyi_as_text(NULL) == NULL);
    CHECK(cvyi_is_text(&word, "same") && !cvyi_is_text(&word, "valid"));
    CHECK(!cvyi_is_text(&yes, "same") && !cvyi_is_text(NULL, "same"));
    CHECK(cvyi_is_none(&none) && cvyi_is_none(NULL) && !cvyi_is_none(&no));
}

static void values_are_equal_by_content(void)
{
    const cvyi_value nan = REAL(NAN), big = INT(INT64_MAX),
                     bigger = INT(INT64_MAX - 1);
    const cvyi_value *const distinct[] = { &none, &yes, &no,  &word,  &dict,
                                           &list, &nan, &big, &bigger };

    for (size_t i = 0; i < sizeof distinct / sizeof *distinct; i++)
        for (size_t k = 0; k < sizeof distinct / sizeof *distinct; k++)
            CHECK_EQ(cvyi_value_equal(distinct[i], distinct[k]), i == k);
    CHECK(cvyi_value_equal(&dict, &turned)); /* the order does not matter */
    CHECK(!cvyi_value_equal(&list, &other_list)); /* here it does */
    CHECK(cvyi_value_equal(&ab[0], &ba[1]));      /* 1 == 1.0 */
}

static bool put_tensor(cvyi_text *out, const cvyi_value *value,
                       const void *context)
{
    if (value->kind != CVYI_TENSOR)
        return false;
    cvyi_text_put(out, ((const char *const *)context)[value->integer]);
    return true;
}

static void values_are_printed_as_python_writes_them(void)
{
    static const char *const names[] = { "x", "w" };
    const cvyi_value tensor = { .kind = CVYI_TENSOR, .integer = 1 };
    const cvyi_value items[] = { INT(-3),
                                 REAL(2),
                                 TEXT("a\"b"),
                                 tensor,
                                 { .kind = CVYI_NONE },
                                 { .kind = CVYI_BOOL, .truth = true } };
    const cvyi_value one = { .kind = CVYI_LIST, .n = 1, .items = items };
    const cvyi_value all = { .kind = CVYI_LIST, .n = 6, .items = items };
    cvyi_text text = { 0 };

    cvyi_value_put(&text, &one, NULL, NULL);
    cvyi_value_put(&text, &all, put_tensor, names);
    CHECK_STR(cvyi_text_c(&text), "(-3,)(-3, 2.0, \"a\\\"b\", w, None, True)");
    cvyi_text_close(&text);
}

static const check_case cases[] = {
    { "values_are_printed_as_python_writes_them",
      values_are_printed_as_python_writes_them },
    { "a_dict_gives_its_members", a_dict_gives_its_members },
    { "whole_numbers_are_ints", whole_numbers_are_ints },
    { "each_kind_is_read_as_itself_only", each_kind_is_read_as_itself_only },
    { "values_are_equal_by_content", values_are_equal_by_content },
};
CHECK_MAIN(cases)
