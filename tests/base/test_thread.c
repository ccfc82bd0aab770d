/* tests/base/test_thread.c - the parallel loop runs every piece once. */
#define _GNU_SOURCE
#include "base/thread.h"

#include <stdatomic.h>

#include "check.h"

enum { MOST = 1000 };

static atomic_int runs[MOST];

static void count(void *context, size_t piece)
{
    atomic_int *const counts = context;

    atomic_fetch_add(&counts[piece], 1);
}

static void every_piece_runs_once(void)
{
    static const size_t sizes[] = { 0, 1, 2, 3, 63, 64, 65, MOST };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        memset(runs, 0, sizeof runs);
        cvyi_parallel(sizes[i], count, runs);
        for (size_t k = 0; k < MOST; k++)
            CHECK_EQ(atomic_load(&runs[k]), k < sizes[i]);
    }
}

static void loops_may_follow_one_another(void)
{
    memset(runs, 0, sizeof runs);
    for (int i = 0; i < 50; i++)
        cvyi_parallel(4, count, runs);
    for (size_t k = 0; k < 4; k++)
        CHECK_EQ(atomic_load(&runs[k]), 50);
}

static void the_environment_lowers_the_number_of_threads(void)
{
    const int most = cvyi_threads();

    CHECK(most >= 1 && most <= 64);
    setenv("CONVEY_THREADS", "1", 1);
    CHECK_EQ(cvyi_threads(), 1);
    every_piece_runs_once();
    setenv("CONVEY_THREADS", "100000", 1);
    CHECK_EQ(cvyi_threads(), most);
    setenv("CONVEY_THREADS", "none", 1);
    CHECK_EQ(cvyi_threads(), most);
    setenv("CONVEY_THREADS", "-3", 1);
    CHECK_EQ(cvyi_threads(), most);
    unsetenv("CONVEY_THREADS");
}

static const check_case cases[] = {
    { "every_piece_runs_once", every_piece_runs_once },
    { "loops_may_follow_one_another", loops_may_follow_one_another },
    { "the_environment_lowers_the_number_of_threads",
      the_environment_lowers_the_number_of_threads },
};
CHECK_MAIN(cases)
