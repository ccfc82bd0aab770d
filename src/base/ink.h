/*
 * base/ink.h - text for terminals: colours, columns, readable numbers.
 */
#ifndef CVYI_BASE_INK_H
#define CVYI_BASE_INK_H

#include "base/text.h"
#include "convey/look.h"

typedef enum cvyi_ink {
    CVYI_INK_PLAIN, /* back to normal */
    CVYI_INK_BOLD,
    CVYI_INK_FAINT,
    CVYI_INK_RED,
    CVYI_INK_GREEN,
    CVYI_INK_YELLOW,
} cvyi_ink;

/* From here on in this ink; nothing without colours. */
void cvyi_ink_use(cvyi_text *out, cvy_look look, cvyi_ink ink);
/* One text in this ink. */
void cvyi_ink_put(cvyi_text *out, cvy_look look, cvyi_ink ink,
                  const char *text);

/* Characters of a UTF-8 text: the columns it takes, but for wide scripts. */
int cvyi_columns(const char *text);
/* The text in exactly `width` columns: blanks after it (before it if `right`),
 * or its beginning and "~" where it is too long. */
void cvyi_text_fit(cvyi_text *out, const char *text, int width, bool right);

/* The text from `column` on, broken at blanks before `width`; later lines
 * begin with `indent` blanks. width 0: never broken. */
void cvyi_text_wrap(cvyi_text *out, const char *text, int column, int indent,
                    int width);

/* "1,234,567" */
void cvyi_text_count(cvyi_text *out, int64_t n);
/* "97.8 MB" of 1000 * 1000 bytes; below 1000: "12 bytes". */
void cvyi_text_bytes(cvyi_text *out, int64_t bytes);

#endif
