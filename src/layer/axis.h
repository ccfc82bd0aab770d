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
/* TensorFlow's `axis`, and `dim` where the signature has it: an integer; None
 * is the last axis. */
cvy_status cvyi_axis_from_tf(cvyi_phrase *out, const cvyi_bound *call,
                             const char *op, cvy_error *err);
/* Torch's `dim`: an integer; None, where that is the default, is torch's own
 * choice, which depends on the number of axes. Refuses a dtype that the call
 * gives. */
cvy_status cvyi_axis_from_dim(cvyi_phrase *out, const cvyi_bound *call,
                              const char *op, cvy_error *err);
/* "nn.Softmax(dim=1)" and "F.softmax({0}, dim=1)" */
cvy_status cvyi_axis_say(cvyi_said *out, const cvyi_saying *what,
                         const char *name, cvyi_form form, cvy_error *err);
/* "ops.softmax({0}, axis=1)" and "layers.Softmax(axis=1)", in the form that is
 * asked for; the last axis is Keras' default. */
cvy_status cvyi_axis_say_keras(cvyi_said *out, const cvyi_saying *what,
                               const char *name, cvy_error *err);
/* layers.Activation("softmax"), along the last axis alone. */
cvy_status cvyi_axis_say_activation(cvyi_said *out, const cvyi_saying *what,
                                    const char *name, cvy_error *err);

/* What the arguments axis and dim mean. */
extern const cvyi_argument cvyi_axis_arguments[];
extern const cvyi_argument cvyi_axis_dim_arguments[];

#endif
