/*
 * read/python/std/std.h - modules of the standard library and NumPy, as
 * far as sizes and constant tables need them. They reach nothing outside.
 *
 * A module is a table of functions, with signatures as the evaluator's own
 * builtins have them, and of what else its names mean.
 */
#ifndef CVYI_READ_PYTHON_STD_H
#define CVYI_READ_PYTHON_STD_H

#include "pysrc/eval_parts.h"

typedef struct cvyi_std_module {
    const char *name; /* "os.path" */
    const cvyi_py_builtin *functions;
    int n;
    /* Names that are no functions; *known is false for others. May be NULL. */
    cvy_status (*value)(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const char *name, cvy_error *err);
} cvyi_std_module;

#define CVYI_STD_FUNCTIONS(table) \
    .functions = (table), .n = sizeof(table) / sizeof *(table)

extern const cvyi_std_module cvyi_std_math, cvyi_std_operator;
extern const cvyi_std_module cvyi_std_itertools, cvyi_std_chain;
extern const cvyi_std_module cvyi_std_functools, cvyi_std_copy;
extern const cvyi_std_module cvyi_std_collections, cvyi_std_abc, cvyi_std_six;
extern const cvyi_std_module cvyi_std_os, cvyi_std_path, cvyi_std_environ;
extern const cvyi_std_module cvyi_std_sys, cvyi_std_argparse;
extern const cvyi_std_module cvyi_std_numpy, cvyi_std_pkg_resources;
extern const cvyi_std_module cvyi_std_distutils_version;
extern const cvyi_std_module cvyi_std_packaging_version;

/* *out is its first argument: decorators that change nothing. */
cvyi_py_builtin_fn cvyi_std_same;
/* A function of a module as a value. */
cvy_status cvyi_std_function(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *dotted,
                             const cvyi_py_builtin *function, cvy_error *err);
/* A tuple with names: sys.version_info. `names` outlive the evaluation. */
cvy_status cvyi_std_named(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *type, const char *const *names,
                          const cvyi_py_value *values, int n, cvy_error *err);
/* collections.OrderedDict, and dict of what it was given. */
cvy_status cvyi_std_ordered_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_call_args *args,
                                 cvy_error *err);

#endif
