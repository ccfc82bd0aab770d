/* verb/shape.c - a shape as a person types it. */
#include "verb/shape.h"

#include <errno.h>
#include <stdlib.h>

/* One size: *n, or -1 for "?". Moves *text behind it. */
static bool read_size(int64_t *n, const char **text)
{
    char *end;
    long long value;

    if (**text == '?') {
        *n = -1;
        ++*text;
        return true;
    }
    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    value = strtoll(*text, &end, 10);
    *text = end;
    *n = value;
    return errno == 0 && value >= 1;
}

cvy_status cvyi_shape_read(int64_t *dims, int *rank, const char *text,
                           cvy_error *err)
{
    const char *p = text;

    *rank = 0;
    do {
        if (*rank == CVYI_MAX_DIMS || !read_size(&dims[*rank], &p) ||
            (*p != 'x' && *p != '\0'))
            return cvyi_fail(err, CVY_ARGUMENT,
                             "\"%.64s\" is no shape; one looks like "
                             "1x32x32x3, with ? for an unknown size",
                             text);
        ++*rank;
    } while (*p++ == 'x');
    return CVY_OK;
}
