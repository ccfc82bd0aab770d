/* tests/base/test_error.c - statuses, exit codes and the error record. */
#include "base/error.h"

#include "check.h"

/* What the command's manual promises. */
/* clang-format off */
static const struct { cvy_status status; int exit_code; } exits[] = {
    { CVY_OK, 0 },     { CVY_ARGUMENT, 2 },    { CVY_MEMORY, 5 },
    { CVY_IO, 5 },     { CVY_FORMAT, 4 },      { CVY_UNSUPPORTED, 3 },
    { CVY_SHAPE, 3 },  { CVY_PROOF, 1 },       { CVY_INTERRUPTED, 130 },
    { (cvy_status)77, 5 },                     { (cvy_status)-1, 5 },
};
/* clang-format on */

static void every_status_has_its_exit_code_and_text(void)
{
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++) {
        CHECK_EQ(cvy_status_exit(exits[i].status), exits[i].exit_code);
        CHECK(cvy_status_text(exits[i].status)[0] != '\0');
        for (size_t k = 0; k < i && i < 9; k++)
            CHECK(strcmp(cvy_status_text(exits[i].status),
                         cvy_status_text(exits[k].status)) != 0);
    }
    CHECK(cvy_version()[0] != '\0');
}

static void a_failure_fills_the_whole_record(void)
{
    cvy_error err;

    memset(&err, 'x', sizeof err);
    CHECK_EQ(cvyi_fail(&err, CVY_SHAPE, "axis %d", 3), CVY_SHAPE);
    CHECK_EQ(err.status, CVY_SHAPE);
    CHECK_EQ(err.offset, -1);
    CHECK_EQ(err.line, 0);
    CHECK_STR(err.where, "");
    CHECK_STR(err.text, "axis 3");

    CHECK_EQ(cvyi_fail_at(&err, CVY_FORMAT, 17, "bad"), CVY_FORMAT);
    CHECK_EQ(err.offset, 17);
    CHECK_EQ(cvyi_fail_in(&err, CVY_IO, "conv1", "bad"), CVY_IO);
    CHECK_STR(err.where, "conv1");
    CHECK_EQ(err.offset, -1);
    CHECK_EQ(cvyi_no_memory(&err), CVY_MEMORY);
    CHECK_EQ(err.status, CVY_MEMORY);
}

static void nobody_has_to_listen(void)
{
    CHECK_EQ(cvyi_fail(NULL, CVY_SHAPE, "x"), CVY_SHAPE);
    CHECK_EQ(cvyi_fail_at(NULL, CVY_SHAPE, 1, "x"), CVY_SHAPE);
    CHECK_EQ(cvyi_fail_in(NULL, CVY_SHAPE, "w", "x"), CVY_SHAPE);
    CHECK_EQ(cvyi_located(NULL, CVY_SHAPE, "w"), CVY_SHAPE);
}

static void long_texts_are_cut(void)
{
    char large[1000];
    cvy_error err;

    memset(large, 'a', sizeof large);
    large[sizeof large - 1] = '\0';
    cvyi_fail_in(&err, CVY_IO, large, "%s", large);
    CHECK_EQ(strlen(err.text), sizeof err.text - 1);
    CHECK_EQ(strlen(err.where), sizeof err.where - 1);
}

static void the_first_place_wins(void)
{
    cvy_error err;

    cvyi_fail(&err, CVY_IO, "x");
    CHECK_EQ(cvyi_located(&err, CVY_IO, "inner"), CVY_IO);
    CHECK_EQ(cvyi_located(&err, CVY_IO, "outer"), CVY_IO);
    CHECK_STR(err.where, "inner");
    err.where[0] = '\0';
    CHECK_EQ(cvyi_located(&err, CVY_OK, "nowhere"), CVY_OK);
    CHECK_STR(err.where, "");
}

static cvy_status tried(cvy_status status, int *cleaned)
{
    cvy_status result;

    CVYI_TRY(status == CVY_IO ? CVY_IO : CVY_OK);
    CVYI_TRY_OR(result, status, out);
    return CVY_OK;
out:
    ++*cleaned;
    return result;
}

static void trying_passes_failures_up(void)
{
    int cleaned = 0;

    CHECK_EQ(tried(CVY_OK, &cleaned), CVY_OK);
    CHECK_EQ(tried(CVY_IO, &cleaned), CVY_IO);
    CHECK_EQ(cleaned, 0);
    CHECK_EQ(tried(CVY_SHAPE, &cleaned), CVY_SHAPE);
    CHECK_EQ(cleaned, 1);
}

static const check_case cases[] = {
    { "every_status_has_its_exit_code_and_text",
      every_status_has_its_exit_code_and_text },
    { "a_failure_fills_the_whole_record", a_failure_fills_the_whole_record },
    { "nobody_has_to_listen", nobody_has_to_listen },
    { "long_texts_are_cut", long_texts_are_cut },
    { "the_first_place_wins", the_first_place_wins },
    { "trying_passes_failures_up", trying_passes_failures_up },
};
CHECK_MAIN(cases)
