/*
 * base/memory.h - allocation, arenas and growing arrays.
 *
 * All memory of the library comes from cvyi_alloc, so that a test can refuse
 * the n-th allocation and a report can tell the peak. Sizes are products of
 * checked multiplications.
 *
 * An arena owns everything made from it until it is closed: graphs, parsed
 * files and value trees are arenas with a root. Memory from an arena is
 * zeroed and never freed alone.
 */
#ifndef CVYI_BASE_MEMORY_H
#define CVYI_BASE_MEMORY_H

#include "base/error.h"

/* Zeroed memory for n items, or NULL. n * size is checked. n == 0 gives a
 * pointer that may be freed. */
void *cvyi_alloc(size_t n, size_t size);
/* Grow or shrink; new bytes are not zeroed; NULL leaves `p` as it was. */
void *cvyi_realloc(void *p, size_t n, size_t size);
void cvyi_free(void *p);

/* Tests: the n-th allocation from now on is refused (1 = the next one), and
 * every later one too; 0 switches refusing off. */
void cvyi_alloc_refuse(size_t n);

/* How many allocations have failed in this thread so far: tells a lack of
 * memory from a number that outgrew its type, where both end alike. */
size_t cvyi_alloc_failures(void);

/* false if the product or sum does not fit in size_t; *out untouched then. */
bool cvyi_mul(size_t *out, size_t a, size_t b);
bool cvyi_add(size_t *out, size_t a, size_t b);
/* The same for int64_t of any sign. */
bool cvyi_mul64(int64_t *out, int64_t a, int64_t b);
bool cvyi_add64(int64_t *out, int64_t a, int64_t b);

typedef struct cvyi_block cvyi_block;
typedef struct cvyi_arena {
    cvyi_block *blocks; /* { 0 } is an empty arena, ready for use */
} cvyi_arena;

/* Zeroed, aligned for any type; NULL when memory is refused. */
void *cvyi_arena_alloc(cvyi_arena *arena, size_t n, size_t size);
/* A copy of `n` bytes of text with a terminator; NULL as above. */
char *cvyi_arena_text(cvyi_arena *arena, const char *text, size_t n);
/* printf into the arena; NULL as above. */
char *cvyi_arena_printf(cvyi_arena *arena, const char *format, ...)
    CVY_PRINTF(2, 3);
void cvyi_arena_close(cvyi_arena *arena);

/* Room for one more item in an array that lives in an arena. `items` holds n;
 * returns the array to use from now on (old or moved, with *capacity raised),
 * or NULL. */
void *cvyi_arena_grow(cvyi_arena *arena, void *items, int n, int *capacity,
                      size_t size);

#endif
