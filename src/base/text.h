/*
 * base/text.h - a growing text, for everything that convey prints or writes.
 *
 * Appending never fails on the spot: when memory is refused the text goes
 * bad and stays so, and cvyi_text_status says it once at the end. { 0 } is an
 * empty text. `bytes` is terminated whenever size > 0.
 */
#ifndef CVYI_BASE_TEXT_H
#define CVYI_BASE_TEXT_H

#include "base/error.h"

typedef struct cvyi_text {
    char *bytes; /* owned; NULL while empty */
    size_t size, capacity;
    bool bad; /* an allocation was refused */
} cvyi_text;

void cvyi_text_add(cvyi_text *text, const char *bytes, size_t n);
void cvyi_text_put(cvyi_text *text, const char *terminated);
void cvyi_text_printf(cvyi_text *text, const char *format, ...)
    CVY_PRINTF(2, 3);
/* The shortest decimal that reads back as the same double; always with a
 * point or an exponent ("1.0", "0.001", "1e-07"), as Python prints it;
 * "inf", "-inf", "nan" for the others. */
void cvyi_text_double(cvyi_text *text, double value);
/* A JSON string with its quotes. */
void cvyi_text_json(cvyi_text *text, const char *terminated);
/* "" while empty; borrowed until the next append. */
const char *cvyi_text_c(const cvyi_text *text);
/* CVY_MEMORY if any append was refused. */
cvy_status cvyi_text_status(const cvyi_text *text, cvy_error *err);
void cvyi_text_close(cvyi_text *text);

#endif
