/*
 * base/error.h - filling the caller's error record, and passing failures up.
 *
 * Every function returns the status it was given, so that failing is one
 * line: `return cvyi_fail(err, CVY_SHAPE, "...", ...)`. `err` may be NULL.
 */
#ifndef CVYI_BASE_ERROR_H
#define CVYI_BASE_ERROR_H

#include "convey/base.h"

/* Leave the function with the status of `call` unless it is CVY_OK. */
#define CVYI_TRY(call)                       \
    do {                                     \
        const cvy_status cvyi_try_ = (call); \
        if (cvyi_try_ != CVY_OK)             \
            return cvyi_try_;                \
    } while (0)

/* As CVYI_TRY, but clean up at `label`; `status` is a variable in scope. */
#define CVYI_TRY_OR(status, call, label) \
    do {                                 \
        (status) = (call);               \
        if ((status) != CVY_OK)          \
            goto label;                  \
    } while (0)

cvy_status cvyi_fail(cvy_error *err, cvy_status status, const char *format,
                     ...) CVY_PRINTF(3, 4);

/* With the byte of the input that decided it. */
cvy_status cvyi_fail_at(cvy_error *err, cvy_status status, int64_t offset,
                        const char *format, ...) CVY_PRINTF(4, 5);

/* With a place: a layer, a member of an archive, an attribute. */
cvy_status cvyi_fail_in(cvy_error *err, cvy_status status, const char *where,
                        const char *format, ...) CVY_PRINTF(4, 5);

/* CVY_MEMORY with its one text. */
cvy_status cvyi_no_memory(cvy_error *err);

/* Set `where` if the record has none yet: for callers that know the place
 * better than the function that failed. Returns `status` unchanged. */
cvy_status cvyi_located(cvy_error *err, cvy_status status, const char *where);

#endif
