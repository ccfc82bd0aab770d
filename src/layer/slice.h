/* layer/slice.h - a subscript that leaves elements out. */
#ifndef CVYI_LAYER_SLICE_H
#define CVYI_LAYER_SLICE_H

#include "layer/words.h"

/* Are these subscripts slices (or an ellipsis), one of which leaves something
 * out? A slice is a dict of start, stop and step, an ellipsis "...". */
bool cvyi_slice_cuts(const cvyi_value *index);

/* x[:, :, 1:-1, 2:], channels at axis 1. */
cvy_status cvyi_slice_crop(cvyi_phrase *out, const cvyi_bound *call,
                           const cvyi_value *index, cvy_error *err);

#endif
