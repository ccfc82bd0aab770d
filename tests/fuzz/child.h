/*
 * tests/fuzz/child.h - the parser's child answers what the input says.
 *
 * A program that has this function of its own does not take the library's,
 * and no process is started.
 */
#ifndef CVYT_FUZZ_CHILD_H
#define CVYT_FUZZ_CHILD_H

#include "base/child.h"

#include <stdint.h>
#include <string.h>

static const uint8_t *child_answer;
static size_t child_size;

cvy_status cvyi_child_run(cvyi_text *out, cvyi_child_end *end,
                          const char *const *argv, const void *input, size_t n,
                          const cvyi_child_limits *limits, cvy_error *err)
{
    cvyi_text answer = { 0 };
    cvy_status status;

    (void)argv;
    (void)input;
    (void)n;
    (void)limits;
    if (end != NULL)
        *end = CVYI_CHILD_DONE;
    cvyi_text_add(&answer, (const char *)child_answer, child_size);
    status = cvyi_text_status(&answer, err);
    cvyi_text_close(out);
    *out = answer;
    return status;
}

/* The bytes up to the next vertical tab; *data and *size go behind it. */
static inline size_t child_part(const uint8_t **part, const uint8_t **data,
                                size_t *size)
{
    const uint8_t *const end = *size > 0 ? memchr(*data, '\v', *size) : NULL;
    const size_t n = end != NULL ? (size_t)(end - *data) : *size;
    const size_t skip = end != NULL ? n + 1 : n;

    *part = *data;
    *data += skip;
    *size -= skip;
    return n;
}

#endif
