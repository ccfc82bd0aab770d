/*
 * layer/array_number.h - arithmetic between a tensor and an array of numbers
 * that the model holds: x - [103.9, 116.8, 123.7].
 */
#ifndef CVYI_LAYER_ARRAY_NUMBER_H
#define CVYI_LAYER_ARRAY_NUMBER_H

#include "layer/words.h"

/* One step for `sign` (+ - * /) between the first two arguments, if one of
 * them is an array: a number for each element of the last axis. false with
 * CVY_OK: neither is. Torch has no such arguments. */
cvy_status cvyi_array_rescale(bool *done, cvyi_phrase *phrase,
                              const cvyi_bound *call, char sign,
                              cvy_error *err);

#endif
