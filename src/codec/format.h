/*
 * codec/format.h - telling what a file is from its content.
 */
#ifndef CVYI_CODEC_FORMAT_H
#define CVYI_CODEC_FORMAT_H

#include "base/error.h"

typedef struct cvyi_format {
    const char *name; /* one word: "hdf5" */
    const char *what; /* completes "this is ...": "an HDF5 file (.h5)" */
} cvyi_format;

/* All that can be told apart, ended by a row whose name is NULL. */
extern const cvyi_format cvyi_formats[];

/* The row for a whole file, NULL if none fits. A guess, never by the file's
 * name: whoever reads the file still checks everything. Fails for lack of
 * memory only. */
cvy_status cvyi_format_find(const cvyi_format **out, const void *bytes,
                            size_t size, cvy_error *err);

#endif
