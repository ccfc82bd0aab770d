/* layer/reshape/torch.h - reading torch's words for other axes. */
#ifndef CVYI_LAYER_RESHAPE_TORCH_H
#define CVYI_LAYER_RESHAPE_TORCH_H

#include "layer/torch.h"

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
