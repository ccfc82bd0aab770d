/* layer/matmul.h - a product of two tensors' matrices, read. */
#ifndef CVYI_LAYER_MATMUL_H
#define CVYI_LAYER_MATMUL_H

#include "layer/words.h"

/* Is the argument a tensor that the network computes, and no weight? Where
 * nothing tells, the input and what has more axes than a matrix are. */
bool cvyi_matmul_computed(const cvyi_bound *call, const char *name);

/* The matrices in the last two axes of both tensors, for each place of the
 * axes before these: the next step. `turned`: the matrix of that tensor stands
 * transposed. `name` is the argument of the second. */
cvy_status cvyi_matmul_add(cvyi_phrase *phrase, const cvyi_bound *call,
                           const bool turned[2], const char *name,
                           cvy_error *err);

#endif
