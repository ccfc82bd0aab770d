/*
 * tests/check.h - the words tests are written in, over cmocka.
 *
 * A test file is a program: a table of cases and CHECK_MAIN.
 */
#ifndef CVYT_CHECK_H
#define CVYT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHECK(truth) assert_true(truth)
#define CHECK_EQ(a, b) assert_int_equal(a, b)
#define CHECK_STR(a, b) assert_string_equal(a, b)
#define CHECK_FAIL(...) fail_msg(__VA_ARGS__)
/* A call that must succeed; says why it did not. `err` is in scope. */
#define CHECK_OK(call)                                          \
    do {                                                        \
        if ((call) != CVY_OK)                                   \
            fail_msg("%s: %s: %s", #call, err.where, err.text); \
    } while (0)

typedef struct check_case {
    const char *name;
    void (*run)(void);
} check_case;

static void check_run(void **state)
{
    ((const check_case *)*state)->run();
}

static int check_all(const check_case *cases, size_t n)
{
    struct CMUnitTest *const tests = calloc(n, sizeof *tests);
    int failed;

    if (tests == NULL)
        return 1;
    for (size_t i = 0; i < n; i++) {
        tests[i].name = cases[i].name;
        tests[i].test_func = check_run;
        tests[i].initial_state = (void *)(uintptr_t)&cases[i];
    }
    failed = _cmocka_run_group_tests("", tests, n, NULL, NULL);
    free(tests);
    return failed;
}

#define CHECK_MAIN(cases)                                         \
    int main(void)                                                \
    {                                                             \
        return check_all(cases, sizeof(cases) / sizeof *(cases)); \
    }

#endif
