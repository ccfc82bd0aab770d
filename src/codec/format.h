/*
 * codec/format.h - telling what a file is from its first bytes.
 */
#ifndef CVYI_CODEC_FORMAT_H
#define CVYI_CODEC_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct cvyi_format {
    const char *name; /* one word: "hdf5" */
    const char *what; /* completes "this is ...": "an HDF5 file (.h5)" */
} cvyi_format;

/* All that can be told apart, ended by a row whose name is NULL. */
extern const cvyi_format cvyi_formats[];

/* The row for these bytes, or NULL. A guess for messages: whoever reads the
 * file still checks everything. 512 bytes are enough. */
const cvyi_format *cvyi_format_find(const void *bytes, size_t size);

/* The same as half a sentence, or NULL. */
const char *cvyi_format_guess(const void *bytes, size_t size);

#endif
