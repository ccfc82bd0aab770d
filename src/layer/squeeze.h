/* layer/squeeze.h - axes of one element go: how they are read. */
#ifndef CVYI_LAYER_SQUEEZE_H
#define CVYI_LAYER_SQUEEZE_H

#include "layer/words.h"

/* Of a value with `rank` axes, each but the batch of one element, the batch is
 * left: the next step or two. */
cvy_status cvyi_squeeze_add(cvyi_phrase *phrase, const cvyi_bound *call,
                            int rank, cvy_error *err);

/* The axes in `gone`, which have one element of a value with `rank` axes, go:
 * the next step or two. Where one axis is left beside the batch, what it holds
 * are features: a flatten. `label`: what the step is called in its phrase, or
 * NULL where it is the call itself. */
cvy_status cvyi_squeeze_axes(cvyi_phrase *phrase, const cvyi_bound *call,
                             int rank, const bool *gone, const char *label,
                             cvy_error *err);

#endif
