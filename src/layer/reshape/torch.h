/* layer/reshape/torch.h - reading words for other axes. */
#ifndef CVYI_LAYER_RESHAPE_TORCH_H
#define CVYI_LAYER_RESHAPE_TORCH_H

#include "layer/torch.h"

/* All sizes, batch included: argument `name`. */
cvy_status cvyi_reshape_from_whole(cvyi_phrase *out, const cvyi_bound *call,
                                   const char *name, cvy_error *err);
/* Axes of one element go: argument `name`, or all of them if it is None.
 * `insists`: those that are named must have one element. */
cvy_status cvyi_reshape_from_ones(cvyi_phrase *out, const cvyi_bound *call,
                                  const char *name, bool insists,
                                  cvy_error *err);
/* reshape, view: argument shape */
cvy_status cvyi_reshape_from_shape(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err);
/* unflatten: arguments dim, and sizes or unflattened_size */
cvy_status cvyi_reshape_from_sizes(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err);
cvy_status cvyi_reshape_from_module(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err);
/* squeeze: argument dim */
cvy_status cvyi_reshape_from_squeeze(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);

#endif
