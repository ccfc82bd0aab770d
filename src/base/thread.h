/*
 * base/thread.h - one loop over several threads.
 *
 * The work is cut into `n` pieces that threads take one after another; which
 * thread runs which piece must not matter for the result.
 */
#ifndef CVYI_BASE_THREAD_H
#define CVYI_BASE_THREAD_H

#include <stddef.h>

typedef void cvyi_piece_fn(void *context, size_t piece);

/* Runs piece 0 .. n-1, returns when all are done. If no thread can be
 * started the caller's own runs everything. */
void cvyi_parallel(size_t n, cvyi_piece_fn *run, void *context);

/* Threads that cvyi_parallel uses: the processors this process may run on,
 * at most 64; CONVEY_THREADS lowers it. */
int cvyi_threads(void);

#endif
