/*
 * layer/number_pair.h - pairs of a tensor and a number that are functions of
 * each element.
 */
#ifndef CVYI_LAYER_NUMBER_PAIR_H
#define CVYI_LAYER_NUMBER_PAIR_H

#include "layer/words.h"

/* maximum(x, y) (`most`) or minimum(x, y): two tensors, or a cut at a
 * number. */
cvy_status cvyi_extreme_from_pair(cvyi_phrase *out, const cvyi_bound *call,
                                  bool most, cvy_error *err);

/* What the number of such a pair is, whichever argument it stands in. */
extern const cvyi_argument cvyi_maximum_arguments[];
extern const cvyi_argument cvyi_minimum_arguments[];

/* number / x: the reciprocal times the number. */
cvy_status cvyi_number_over(cvyi_phrase *out, const cvyi_bound *call,
                            double number, cvy_error *err);

#endif
