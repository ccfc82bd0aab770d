/* base/thread.c - one loop over several threads. */
#define _GNU_SOURCE
#include "base/thread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

enum { MAX_THREADS = 64 };

typedef struct loop {
    atomic_size_t next;
    size_t n;
    cvyi_piece_fn *run;
    void *context;
} loop;

static int processors(void)
{
#ifdef __linux__
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
#endif
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

int cvyi_threads(void)
{
    const char *const wanted = getenv("CONVEY_THREADS");
    int n = processors();

    if (wanted != NULL && atoi(wanted) > 0 && atoi(wanted) < n)
        n = atoi(wanted);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : n;
}

static void *work(void *argument)
{
    loop *const l = argument;

    for (size_t i; (i = atomic_fetch_add(&l->next, 1)) < l->n;)
        l->run(l->context, i);
    return NULL;
}

void cvyi_parallel(size_t n, cvyi_piece_fn *run, void *context)
{
    loop l = { .n = n, .run = run, .context = context };
    pthread_t helpers[MAX_THREADS];
    int n_helpers = 0;
    const int wanted = n > 1 ? cvyi_threads() - 1 : 0;

    for (int i = 0; i < wanted && (size_t)i + 1 < n; i++) {
        if (pthread_create(&helpers[n_helpers], NULL, work, &l) != 0)
            break;
        n_helpers++;
    }
    work(&l);
    for (int i = 0; i < n_helpers; i++)
        pthread_join(helpers[i], NULL);
}
