/*
 * read/python/std/import.h - what hosts ask of the standard library.
 *
 * Modules of Python itself, and NumPy, as far as a network's sizes and
 * constants need them (std.h has their rows). They reach no file, no clock
 * and nothing else outside.
 */
#ifndef CVYI_READ_PYTHON_STD_IMPORT_H
#define CVYI_READ_PYTHON_STD_IMPORT_H

#include "pysrc/eval.h"

/* The module or name of a dotted path. *known false: it is none of the
 * standard library, or not needed by a network. */
cvy_status cvyi_python_std(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, cvy_error *err);
/* The text of a path, or of a text; NULL if the value is neither. */
const char *cvyi_python_path(const cvyi_py_value *value);

#endif
