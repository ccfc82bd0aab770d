/* pysrc/eval_skip.h - a walk through statements that may run or not. */
#ifndef CVYI_PYSRC_EVAL_SKIP_H
#define CVYI_PYSRC_EVAL_SKIP_H

#include "pysrc/eval_parts.h"

enum { CVYI_PY_KNOWN = 8 };

/* A walk through statements. In the body of a function that they call,
 * `function` is that one and `known` are its parameters. */
typedef struct cvyi_py_skipper {
    cvyi_py_eval *eval;
    const cvyi_py_cause *cause;
    cvy_error *err;
    const cvyi_py_function *function;
    const cvyi_py_bound *bound;
    int n, calls, loops;
    int keys;                     /* of dicts around what is visited */
    const cvyi_py_cause *through; /* of the call around it, or NULL */
    const char *names[CVYI_PY_KNOWN];
    cvyi_py_value known[CVYI_PY_KNOWN];
    cvyi_py_flow flow;
} cvyi_py_skipper;

/* What an expression is, without evaluating it: no code runs. False if that
 * does not say. */
bool cvyi_py_look(cvyi_py_value *out, cvyi_py_skipper *w,
                  const cvyi_py_node *node);
bool cvyi_py_look_name(cvyi_py_value *out, cvyi_py_skipper *w,
                       const char *name);
bool cvyi_py_look_attribute(cvyi_py_value *out, const cvyi_py_value *owner,
                            const char *name);
bool cvyi_py_look_item(cvyi_py_value *out, cvyi_py_skipper *w,
                       const cvyi_py_value *owner, const cvyi_py_node *node);

#endif
