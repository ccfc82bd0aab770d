/*
 * pysrc/eval_module.h - files of the source's own that import each other.
 */
#ifndef CVYI_PYSRC_EVAL_MODULE_H
#define CVYI_PYSRC_EVAL_MODULE_H

#include "pysrc/eval_parts.h"

/* ---- eval.c: files ---- */

cvy_status cvyi_py_make_file(cvyi_py_file **out, cvyi_py_eval *eval,
                             const cvyi_py_tree *tree, const char *name,
                             cvy_error *err);
/* Runs its top level. */
cvy_status cvyi_py_run_file(cvyi_py_module **out, cvyi_py_eval *eval,
                            cvyi_py_file *file, cvy_error *err);

/* ---- eval_module.c ---- */

/* A module of the source's own: it runs if it has not. *found false: there is
 * none. *out is opaque where it is there and not known. */
cvy_status cvyi_py_module_load(cvyi_py_value *out, bool *found,
                               cvyi_py_eval *eval, const char *dotted,
                               cvy_error *err);
/* NULL: it is none of the source's own. */
cvyi_py_file *cvyi_py_file_of(const cvyi_py_eval *eval,
                              const cvyi_py_value *module);
/* A name of a module, a module inside of a package among them. */
cvy_status cvyi_py_module_name(cvyi_py_value *out, bool *found,
                               cvyi_py_eval *eval, const cvyi_py_value *module,
                               const char *name, cvy_error *err);
/* from module import * */
cvy_status cvyi_py_module_star(cvyi_py_eval *eval, const cvyi_py_value *module,
                               cvy_error *err);
/* What `from … import *` in that file of modules that the host knows would have
 * bound. */
cvy_status cvyi_py_from_stars(cvyi_py_value *out, bool *found,
                              cvyi_py_eval *eval, cvyi_py_file *file,
                              const char *name, cvy_error *err);

#endif
