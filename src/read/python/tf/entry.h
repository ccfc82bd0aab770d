/*
 * read/python/tf/entry.h - which tensors of a script are the network.
 */
#ifndef CVYI_READ_PYTHON_TF_ENTRY_H
#define CVYI_READ_PYTHON_TF_ENTRY_H

#include "read/python/tf/host.h"

/* ---- definition.c: functions, methods and classes as the network ---- */

/* What --entry names, called if it can be: with inputs of the shapes that
 * --input says, and values that --set does. */
cvy_status cvyi_tf_asked_entry(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_module *file, const char *entry,
                               cvy_error *err);
/* A function or class that the script itself defines. */
bool cvyi_tf_is_own(const cvyi_tf_host *host, const cvyi_py_value *value);
/* The last definition of the file that can be called so; NULL: none. */
const char *cvyi_tf_implied(const cvyi_tf_host *host,
                            const cvyi_py_module *file);
/* Refuses a file that only defines things, and names them. *any false: it
 * defines nothing. */
cvy_status cvyi_tf_offer(cvyi_py_eval *eval, const cvyi_py_module *file,
                         bool *any, cvy_error *err);

/* ---- entry.c, list.c, cut.c ---- */

/* What was taken for the network. */
typedef struct cvyi_tf_choice {
    cvyi_py_value value;    /* a tensor or a model */
    const char *name, *why; /* its name, or "" */
} cvyi_tf_choice;

/* What the network gives: a tensor, or a list, tuple or dict of them. */
cvy_status cvyi_tf_entry(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_module *file, cvy_error *err);
/* When it came about, as results of the trace; -1: it is no tensor with a
 * batch, and none that was lost. */
int cvyi_tf_time(const cvyi_py_eval *eval, const cvyi_py_value *value);
/* list.c: everything that --entry may name. */
cvy_status cvyi_tf_list(cvyi_candidates *out, cvyi_py_eval *eval,
                        const cvyi_py_module *file, cvy_error *err);
/* The graph of what `outputs` needs. */
cvy_status cvyi_tf_cut(cvyi_graph **out, cvyi_py_eval *eval,
                       const cvyi_py_value *outputs, cvy_error *err);

#endif
