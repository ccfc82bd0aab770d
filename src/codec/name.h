/*
 * codec/name.h - which texts from a file may be used as names.
 *
 * Names end up in messages, on terminals and in written source, so they must
 * be UTF-8 without control characters and of a sane length.
 */
#ifndef CVYI_CODEC_NAME_H
#define CVYI_CODEC_NAME_H

#include <stdbool.h>
#include <stddef.h>

enum { CVYI_NAME_MOST = 4096 };

/* Well-formed UTF-8: no overlong forms, no surrogates, nothing above
 * U+10FFFF. A NUL byte is a character like others. */
bool cvyi_is_utf8(const char *text, size_t size);

/* What is wrong with a name, as half a sentence; NULL if nothing is. */
const char *cvyi_name_fault(const char *name, size_t size);

#endif
