/*
 * pysrc/line.h - laying out Python statements as ruff and black do.
 *
 * Code comes as one line with blanks where those put them. What does not fit
 * in 88 columns is broken inside brackets from left to right: a call's
 * arguments on one line if they fit, else an item a line with a comma after
 * each; a right side that cannot be broken so gets parentheses. A comment
 * that does not fit behind the code stands on a line of its own before it.
 */
#ifndef CVYI_PYSRC_LINE_H
#define CVYI_PYSRC_LINE_H

#include "base/text.h"

enum { CVYI_PY_WIDTH = 88, CVYI_PY_INDENT = 4 };

/* One statement, or one item of a broken list when `tail` is ",". `indent`
 * in columns; `comment` without its '#', or NULL. */
void cvyi_py_line(cvyi_text *out, int indent, const char *code,
                  const char *tail, const char *comment);

/* A comment broken at blanks to fit, every line at the indent. */
void cvyi_py_comment(cvyi_text *out, int indent, const char *comment);

/* Text inside a docstring: without quotes, escapes and ends of lines. */
void cvyi_py_prose(cvyi_text *out, const char *text);

/* A string literal, with single quotes where that saves escapes. */
void cvyi_py_string(cvyi_text *out, const char *text);

#endif
