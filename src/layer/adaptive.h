/* layer/adaptive.h - adaptive and global pools, and reductions, as steps. */
#ifndef CVYI_LAYER_ADAPTIVE_H
#define CVYI_LAYER_ADAPTIVE_H

#include "layer/words.h"

/* The next step for these outputs along the spatial axes, 0: as many as there
 * are. One along each axis is a global pool that keeps them, and as many as
 * there are along each nothing at all. */
cvy_status cvyi_adaptive_pool_add(cvyi_phrase *out, const cvyi_bound *call,
                                  const char *kind, cvyi_axes axes,
                                  const int64_t *sizes, int n, cvy_error *err);

/* ---- reductions over some of the axes: mean, max ---- */

/* The axes that the argument `name` says (a number, a list, None: all),
 * marked; refused where one is twice or is none of the input's. */
cvy_status cvyi_reduced_axes(bool *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             cvy_error *err);

/* The next step: a global pool if the axes are all but batch and channels,
 * which stand where that fits; with `keep` also some of these. `name` is
 * refused for others. */
cvy_status cvyi_reduction_add(cvyi_phrase *out, const cvyi_bound *call,
                              const char *kind, const bool *reduced, bool keep,
                              const char *name, cvy_error *err);

#endif
