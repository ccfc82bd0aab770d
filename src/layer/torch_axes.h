/*
 * layer/torch_axes.h - torch's numbers for every spatial axis.
 */
#ifndef CVYI_LAYER_TORCH_AXES_H
#define CVYI_LAYER_TORCH_AXES_H

#include "layer/torch.h"

/* As torch takes it: an int, no float and no bool, or a bool behind the first
 * item of a list. */
bool cvyi_torch_int(int64_t *out, const cvyi_value *value, bool first);

/* An int repeated for every spatial axis, or a list of one or n_spatial. */
cvy_status cvyi_torch_per_axis(int64_t *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, const char *name,
                               int64_t least, cvy_error *err);

/* x.mean(dim=(2, 3)) and its like: the next steps of a reduction of that kind
 * ("average", "max", "min", "sum") over the axes that `dim` says. */
cvy_status cvyi_torch_reduction(cvyi_phrase *out, const cvyi_bound *call,
                                const char *kind, cvy_error *err);

#endif
