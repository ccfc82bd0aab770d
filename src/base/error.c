/* base/error.c - status texts and the error record. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *text;
    int exit_code;
} statuses[] = {
#define X(name, code, text, exit) [code] = { text, exit },
    CVY_STATUS_LIST(X)
#undef X
};

enum { N_STATUSES = sizeof statuses / sizeof *statuses };

const char *cvy_status_text(cvy_status status)
{
    return (unsigned)status < N_STATUSES ? statuses[status].text
                                         : "unknown status";
}

int cvy_status_exit(cvy_status status)
{
    return (unsigned)status < N_STATUSES ? statuses[status].exit_code : 5;
}

const char *cvy_version(void)
{
    return CVYI_VERSION;
}

CVY_PRINTF(5, 0)
static cvy_status fill(cvy_error *err, cvy_status status, int64_t offset,
                       const char *where, const char *format, va_list args)
{
    if (err != NULL) {
        *err = (cvy_error){ .status = status, .offset = offset };
        snprintf(err->where, sizeof err->where, "%s", where);
        vsnprintf(err->text, sizeof err->text, format, args);
    }
    return status;
}

cvy_status cvyi_fail(cvy_error *err, cvy_status status, const char *format,
                     ...)
{
    va_list args;

    va_start(args, format);
    fill(err, status, -1, "", format, args);
    va_end(args);
    return status;
}

cvy_status cvyi_fail_at(cvy_error *err, cvy_status status, int64_t offset,
                        const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(err, status, offset, "", format, args);
    va_end(args);
    return status;
}

cvy_status cvyi_fail_in(cvy_error *err, cvy_status status, const char *where,
                        const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(err, status, -1, where, format, args);
    va_end(args);
    return status;
}

cvy_status cvyi_no_memory(cvy_error *err)
{
    return cvyi_fail(err, CVY_MEMORY, "out of memory");
}

cvy_status cvyi_located(cvy_error *err, cvy_status status, const char *where)
{
    if (status != CVY_OK && err != NULL && err->where[0] == '\0')
        snprintf(err->where, sizeof err->where, "%s", where);
    return status;
}
