/*
 * layer/norm.h - what the words of several norms share.
 */
#ifndef CVYI_LAYER_NORM_H
#define CVYI_LAYER_NORM_H

#include "layer/words.h"

/* A slot of the step that is the tensor `name` of the call, unless that is
 * None: refuses one that has not this shape. */
cvy_status cvyi_norm_operand(cvyi_step *step, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             const char *slot, const char *layout,
                             const cvyi_shape *shape, cvy_error *err);

/* A slot that is `value` in every element at first. */
cvyi_step_slot *cvyi_norm_slot(cvyi_step *step, const char *slot,
                               const char *source, const char *layout,
                               double value);

#endif
