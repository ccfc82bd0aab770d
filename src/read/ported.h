/*
 * read/ported.h - a folder that a port has written, as a source.
 *
 * Its report.json says which files it has and what the model is called on;
 * the model itself is read back from NAME.py and the weights.
 */
#ifndef CVYI_READ_PORTED_H
#define CVYI_READ_PORTED_H

#include "read/read.h"

/* *out: the path is a folder with a report.json. Fails for lack of memory
 * only. */
cvy_status cvyi_ported_find(bool *out, const char *path, cvy_error *err);

/*
 * Opens such a folder. What the report says is believed no more than any
 * other file: CVY_FORMAT if it is not ours, or names files that do not stand
 * beside it. Otherwise as cvyi_read_back.
 */
cvy_status cvyi_ported_open(cvyi_source *out, const char *path,
                            cvy_error *err);

#endif
