/* layer/combine.h - arithmetic with a trained array, read. */
#ifndef CVYI_LAYER_COMBINE_H
#define CVYI_LAYER_COMBINE_H

#include "layer/words.h"

/* x + v, x - v, v - x, x * v, x / v, v / x, and the larger and the smaller of
 * both. */
#define CVYI_COMBINE_WAYS \
    "add subtract from multiply divide over maximum minimum"

/* The first two arguments of a call, one of which is a weight of the source:
 * `way` of x and the weight, `back` of the weight and x. Fitted from the last
 * axis, as every framework does. *done false: neither or both are weights. A
 * number for each channel is the operator of that meaning. */
cvy_status cvyi_combine_pair(bool *done, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *way,
                             const char *back, cvy_error *err);

#endif
