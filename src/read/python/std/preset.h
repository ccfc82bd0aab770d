/* read/python/std/preset.h - values from outside a script: NAME=VALUE. */
#ifndef CVYI_READ_PYTHON_STD_PRESET_H
#define CVYI_READ_PYTHON_STD_PRESET_H

#include "pysrc/eval.h"

/* What `sets` say of a name: a number, True, False or None, or a list or tuple
 * of values, as Python spells them; anything else is a text. */
cvy_status cvyi_python_preset(cvyi_py_value *out, bool *found,
                              cvyi_py_eval *eval, const char *const *sets,
                              int n_sets, const char *name, cvy_error *err);

#endif
