/*
 * layer/axis.h - operators that work along one axis: an attribute `axis`, an
 * input and an output of one shape, and words with one argument for it.
 */
#ifndef CVYI_LAYER_AXIS_H
#define CVYI_LAYER_AXIS_H

#include "layer/walk.h"
#include "layer/words.h"

/* The one attribute: axis. */
extern const cvyi_attr cvyi_axis_attrs[];
/* Input 0 has the axis; CVY_SHAPE otherwise. */
cvy_status cvyi_axis_check(const cvyi_attrs *attrs, const cvyi_type *in,
                           cvy_error *err);
/* cvyi_axis_check, and the output is as the input. */
cvy_status cvyi_axis_infer(cvyi_inferred *out, const cvyi_attrs *attrs,
                           const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                           cvy_error *err);
/* Runs over the lanes of that axis. */
cvy_status cvyi_axis_run(const cvyi_job *job, cvyi_lane_fn *lane);

/* Keras' `axis`: an integer. */
cvy_status cvyi_axis_from_call(cvyi_phrase *out, const cvyi_bound *call,
                               const char *op, cvy_error *err);
/* Torch's `dim`: an integer; None is torch's own choice, which depends on the
 * number of axes. Refuses a dtype that the call gives. */
cvy_status cvyi_axis_from_dim(cvyi_phrase *out, const cvyi_bound *call,
                              const char *op, cvy_error *err);
/* "nn.Softmax(dim=1)" and "F.softmax({0}, dim=1)" */
cvy_status cvyi_axis_say(cvyi_said *out, const cvyi_saying *what,
                         const char *name, cvyi_form form, cvy_error *err);

#endif
