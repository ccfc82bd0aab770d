/* base/memory.c - allocation, arenas and growing arrays. */
#include "base/memory.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cvyi_block {
    cvyi_block *next;
    size_t used, size;
    max_align_t bytes[];
};

enum { BLOCK_BYTES = 32 * 1024 };

/* 0: never refuse. n: the n-th allocation from now is the first refused. */
static atomic_size_t refuse_at;

void cvyi_alloc_refuse(size_t n)
{
    atomic_store(&refuse_at, n);
}

static bool refused(void)
{
    size_t n = atomic_load(&refuse_at);

    if (n == 0)
        return false;
    if (n > 1)
        atomic_store(&refuse_at, n - 1);
    return n == 1;
}

bool cvyi_mul(size_t *out, size_t a, size_t b)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *out = a * b;
    return true;
}

bool cvyi_add(size_t *out, size_t a, size_t b)
{
    if (a > SIZE_MAX - b)
        return false;
    *out = a + b;
    return true;
}

bool cvyi_mul64(int64_t *out, int64_t a, int64_t b)
{
    int64_t product;

    if (__builtin_mul_overflow(a, b, &product))
        return false;
    *out = product;
    return true;
}

bool cvyi_add64(int64_t *out, int64_t a, int64_t b)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *out = sum;
    return true;
}

static _Thread_local size_t failures;

size_t cvyi_alloc_failures(void)
{
    return failures;
}

void *cvyi_alloc(size_t n, size_t size)
{
    size_t bytes;
    void *p = NULL;

    if (!refused() && cvyi_mul(&bytes, n, size) && bytes <= PTRDIFF_MAX)
        p = calloc(bytes ? bytes : 1, 1);
    failures += p == NULL;
    return p;
}

void *cvyi_realloc(void *p, size_t n, size_t size)
{
    size_t bytes;
    void *grown = NULL;

    if (!refused() && cvyi_mul(&bytes, n, size) && bytes <= PTRDIFF_MAX)
        grown = realloc(p, bytes ? bytes : 1);
    failures += grown == NULL;
    return grown;
}

void cvyi_free(void *p)
{
    free(p);
}

static cvyi_block *new_block(size_t bytes)
{
    const size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    size_t total;

    if (!cvyi_add(&total, size, sizeof(cvyi_block)))
        return NULL;

    cvyi_block *const block = cvyi_alloc(1, total);

    if (block != NULL)
        block->size = size;
    return block;
}

void *cvyi_arena_alloc(cvyi_arena *arena, size_t n, size_t size)
{
    const size_t unit = sizeof(max_align_t);
    cvyi_block *block = arena->blocks;
    size_t bytes;

    if (!cvyi_mul(&bytes, n, size) || !cvyi_add(&bytes, bytes, unit - 1))
        return NULL;
    bytes = bytes / unit * unit;

    if (block == NULL || bytes > block->size - block->used) {
        block = new_block(bytes);
        if (block == NULL)
            return NULL;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    block->used += bytes;
    return (char *)block->bytes + block->used - bytes;
}

char *cvyi_arena_text(cvyi_arena *arena, const char *text, size_t n)
{
    char *const copy = n < SIZE_MAX ? cvyi_arena_alloc(arena, n + 1, 1) : NULL;

    if (copy != NULL && n > 0)
        memcpy(copy, text, n);
    return copy;
}

char *cvyi_arena_printf(cvyi_arena *arena, const char *format, ...)
{
    va_list args, again;
    char *text = NULL;

    va_start(args, format);
    va_copy(again, args);

    const int n = vsnprintf(NULL, 0, format, args);

    if (n >= 0)
        text = cvyi_arena_alloc(arena, (size_t)n + 1, 1);
    if (text != NULL)
        vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

void cvyi_arena_close(cvyi_arena *arena)
{
    while (arena->blocks != NULL) {
        cvyi_block *const next = arena->blocks->next;

        cvyi_free(arena->blocks);
        arena->blocks = next;
    }
}

void *cvyi_arena_grow(cvyi_arena *arena, void *items, int n, int *capacity,
                      size_t size)
{
    if (n < *capacity)
        return items;

    const int wanted = *capacity < 4 ? 8 : *capacity * 2;
    void *const moved = cvyi_arena_alloc(arena, (size_t)wanted, size);

    if (moved == NULL)
        return NULL;
    if (n > 0)
        memcpy(moved, items, (size_t)n * size);
    *capacity = wanted;
    return moved;
}
