/* read/python/tf/weights.h - what the variables of a script hold. */
#ifndef CVYI_READ_PYTHON_TF_WEIGHTS_H
#define CVYI_READ_PYTHON_TF_WEIGHTS_H

#include "read/python/tf/host.h"

enum { CVYI_TF_SEED = 1 }; /* of weights that are drawn */

typedef struct cvyi_tf_weights {
    const cvyi_arrays *arrays; /* the user's; NULL: weights are drawn */
    uint64_t seed;
    int n_drawn, n_taken;
    bool rounded;
} cvyi_tf_weights;

/* The n elements of a variable. One that the user's file lacks, or has in
 * another shape, is a finding. */
cvy_status cvyi_tf_fill(float *out, cvyi_tf_weights *w, cvyi_py_eval *eval,
                        const cvyi_tf_variable *v, int64_t n, cvy_error *err);
/* When all are filled: a remark, or what the findings refuse. */
cvy_status cvyi_tf_weights_told(const cvyi_tf_weights *w, cvyi_py_eval *eval,
                                cvy_error *err);

#endif
