/*
 * layer/merge.h - joining values element by element, with axes of one element
 * repeated: what sums and products of several inputs have in common.
 */
#ifndef CVYI_LAYER_MERGE_H
#define CVYI_LAYER_MERGE_H

#include "layer/words.h"

/* The joint type. Ranks are equal; along an axis sizes are equal for every
 * input, or 1. CVY_SHAPE otherwise. */
cvy_status cvyi_merge_infer(cvyi_inferred *out, const cvyi_attrs *attrs,
                            const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                            cvy_error *err);

typedef double cvyi_first_fn(double first);
typedef double cvyi_join_fn(double so_far, double next);
typedef double cvyi_finish_fn(double joined, int n_in);

/* out = finish(join(join(first(in[0]), in[1]), in[2]) ...), in double, rounded
 * once; `first` or `finish` NULL: nothing. A finished number is a bound and
 * rounded upwards. */
cvy_status cvyi_merge_run(const cvyi_job *job, cvyi_first_fn *first,
                          cvyi_join_fn *join, cvyi_finish_fn *finish,
                          cvy_error *err);

/* The view with the joint dims: axes of one element stand still. */
cvy_view cvyi_merge_spread(const cvy_view *view, const cvy_view *joint);

/* A phrase of the join `op` as Keras means it: inputs of fewer axes than
 * others get axes of one element behind the batch, which is the same for
 * all. */
cvy_status cvyi_merge_from_call(cvyi_phrase *out, const cvyi_bound *call,
                                const char *op, cvy_error *err);
/* The same of exactly two. */
cvy_status cvyi_merge_from_two(cvyi_phrase *out, const cvyi_bound *call,
                               const char *op, cvy_error *err);

/* Refuses a call whose first argument is no list of all its tensors, in
 * order. */
cvy_status cvyi_merge_list(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err);

/* "{0} + {1} + {2}" for the sign "+". */
cvy_status cvyi_merge_say(cvyi_said *out, const cvyi_saying *what,
                          const char *sign, cvyi_binding binding,
                          cvy_error *err);
/* "torch.maximum(torch.maximum({0}, {1}), {2})" */
cvy_status cvyi_merge_nest(cvyi_said *out, const cvyi_saying *what,
                           const char *function, cvy_error *err);

#endif
