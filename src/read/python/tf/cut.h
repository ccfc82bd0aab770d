/*
 * read/python/tf/cut.h - the network, while it is cut out of the trace.
 */
#ifndef CVYI_READ_PYTHON_TF_CUT_H
#define CVYI_READ_PYTHON_TF_CUT_H

#include "read/python/tf/weights.h"

typedef struct cvyi_tf_cutting {
    cvyi_py_eval *eval;
    cvyi_tf_host *host;
    const cvyi_graph *from;
    cvyi_graph *to;
    bool *needed; /* calls of the trace */
    bool *wanted; /* results of the trace */
    int *users;   /* needed calls that read a result, outputs included */
    int *results; /* of the trace -> of the graph, or -1 */
    int *params;  /* the same */
    int *modules; /* of calls of the trace, or -1 */
    int *biases;  /* of calls: the call whose bias they took over, or -1 */
    cvyi_tf_counts names;
    size_t skip; /* bytes of what all paths of Keras begin with */
    cvyi_tf_weights weights;
    int n_outputs;
} cvyi_tf_cutting;

/* The first parameter that a call has, or -1. */
int cvyi_tf_first_param(const cvyi_call *call);
/* Does the call add a bias, and nothing else? */
bool cvyi_tf_is_bias(const cvyi_call *call);
/* Is it a bias that the layer before it has taken over? */
bool cvyi_tf_is_merged(const cvyi_tf_cutting *c, int i);

/* ---- cut_name.c ---- */

/* A name for the layer of call `i`, which no other layer has. */
cvy_status cvyi_tf_cut_name(const char **out, cvyi_tf_cutting *c, int i,
                            cvy_error *err);

#endif
