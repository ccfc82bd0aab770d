/*
 * convey/base.h - what every other convey header leans on.
 *
 * Status codes, the error record, and the macro that exports a function. A
 * function of this library returns a status; what it computes goes through
 * out parameters, which stay untouched when it fails. Nothing here allocates
 * and every function may be called from any thread.
 */
#ifndef CONVEY_BASE_H
#define CONVEY_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define CVY_BEGIN extern "C" {
#define CVY_END }
#else
#define CVY_BEGIN
#define CVY_END
#endif

#if defined(__GNUC__)
#define CVY_EXPORT __attribute__((visibility("default")))
#define CVY_CALL \
    __attribute__((visibility("default"), warn_unused_result)) cvy_status
#define CVY_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define CVY_EXPORT
#define CVY_CALL cvy_status
#define CVY_PRINTF(text, first)
#endif

CVY_BEGIN

/* Codes are appended, never renumbered. The text is what `convey` prints; the
 * last column is the exit code of the command (docs/contract.md 1). */
/* clang-format off */
#define CVY_STATUS_LIST(X)                                                  \
    X(OK,          0, "success",                                        0)  \
    X(ARGUMENT,    1, "the caller broke the function's contract",       2)  \
    X(MEMORY,      2, "an allocation was refused",                      5)  \
    X(IO,          3, "the operating system refused a read or write",   5)  \
    X(FORMAT,      4, "the file does not follow its own format",        4)  \
    X(UNSUPPORTED, 5, "valid input that convey does not handle",        3)  \
    X(SHAPE,       6, "shapes do not fit together",                     3)  \
    X(PROOF,       7, "the proof of a port failed",                     1)  \
    X(INTERRUPTED, 8, "interrupted by the user",                      130)
/* clang-format on */

typedef enum cvy_status {
#define X(name, code, text, exit) CVY_##name = code,
    CVY_STATUS_LIST(X)
#undef X
} cvy_status;

/** Why a call failed. Owned by the caller, usually on its stack. */
typedef struct cvy_error {
    cvy_status status; /**< same value the call returned */
    int32_t line;      /**< line of a source text, or 0 */
    int64_t offset;    /**< byte in the input file, or -1 */
    char where[112];   /**< layer, member or attribute, or "" */
    char text[256];    /**< one line, no trailing period, UTF-8 */
} cvy_error;

/** One readable line for a status; never NULL, never freed. */
CVY_EXPORT const char *cvy_status_text(cvy_status status);

/** The exit code that the command gives for a status. */
CVY_EXPORT int cvy_status_exit(cvy_status status);

/** Version of the library, "major.minor.patch"; never freed. */
CVY_EXPORT const char *cvy_version(void);

CVY_END

#endif
