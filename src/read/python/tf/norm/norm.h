/*
 * read/python/tf/norm/norm.h - norms that scripts write by hand,
 * and convolutions in groups.
 */
#ifndef CVYI_READ_PYTHON_TF_NORM_H
#define CVYI_READ_PYTHON_TF_NORM_H

#include "read/python/tf/host.h"

/* The mean or variance of a batch, which only training has. */
typedef struct cvyi_tf_statistic {
    const char *name; /* of the operation: "norm/moments/Squeeze" */
    cvyi_shape shape;
    int results; /* that the trace had when it was made */
} cvyi_tf_statistic;

/* ---- moments.c, average.c: norms by hand ---- */

extern const cvyi_py_host_type cvyi_tf_statistic_type;
/* NULL if it is none. */
const cvyi_tf_statistic *cvyi_tf_statistic_of(const cvyi_py_value *value);
/* tf.nn.moments and what goes with it. *known false: it is none of it. */
cvy_status cvyi_tf_normed(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          const char *dotted, const cvyi_py_call_args *args,
                          cvy_error *err);
cvyi_tf_function cvyi_tf_average; /* tf.train.ExponentialMovingAverage */
/* A norm of averages: how fast they move is its momentum. */
void cvyi_tf_average_pace(cvyi_attrs *attrs, const cvyi_tf_host *host,
                          const cvyi_call *call);

/* ---- group.c: convolutions of parts ---- */

/* *known false: no part of a variable is among the arguments. */
cvy_status cvyi_tf_grouped(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, const cvyi_py_call_args *args,
                           cvy_error *err);
/* How many results the trace had when one group alone was convolved; -1: the
 * value is no such group. */
int cvyi_tf_group_at(const cvyi_py_value *value);

/* ---- fold.c, spread.c: norms written out, as layers ---- */

/* *known false: it is no part of a batch norm of variables. */
cvy_status cvyi_tf_spread(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          const char *dotted, const cvyi_py_call_args *args,
                          cvy_error *err);

/* If the call that made *result completes a norm, *result is the norm's. */
cvy_status cvyi_tf_fold(int *result, cvyi_graph *trace, cvy_error *err);
/* Did that make the call? */
bool cvyi_tf_folded(const cvyi_call *call);

#endif
