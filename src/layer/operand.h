/*
 * layer/operand.h - weights that are arguments of a function: F.linear(x, w).
 *
 * A tensor argument is a value of kind CVYI_TENSOR; its number says which of
 * the call's types is its. The input is called x and is number 0, wherever it
 * stands in the signature.
 */
#ifndef CVYI_LAYER_OPERAND_H
#define CVYI_LAYER_OPERAND_H

#include "layer/words.h"

/* The same call with its input alone, for checks that count tensors. */
cvyi_bound cvyi_operand_input(const cvyi_bound *call);

/* Is the argument there? None is not. */
bool cvyi_operand_given(const cvyi_bound *call, const char *name);

/* The number of a tensor argument and its shape, which must have `rank` axes
 * (0: any number) of known sizes. */
cvy_status cvyi_operand_shape(cvyi_shape *out, int *number,
                              cvyi_phrase *phrase, const cvyi_bound *call,
                              const char *name, int rank, cvy_error *err);

/* A vector of `wanted` elements, such as a bias. */
cvy_status cvyi_operand_vector(int *number, cvyi_phrase *phrase,
                               const cvyi_bound *call, const char *name,
                               int64_t wanted, cvy_error *err);

/* A slot of the step that is that argument. */
cvyi_step_slot *cvyi_operand_slot(cvyi_step *step, const char *slot,
                                  const char *name, const char *layout,
                                  int number);

#endif
