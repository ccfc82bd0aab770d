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

/* ---- reductions over some of the axes: mean, sum, max, min ---- */

/* The axes that the argument `name` says (a number, a list, None: all),
 * marked; refused where one is twice or is none of the input's. */
cvy_status cvyi_reduced_axes(bool *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             cvy_error *err);

/* The next steps. A mean ("average") or maximum over all axes but batch and
 * channels, which stand where that fits, is a global pool, with `keep` over
 * some of these an adaptive one; all else is a reduce, and what does not keep
 * the axes a reshape behind it. `name` is refused for the batch. */
cvy_status cvyi_reduction_add(cvyi_phrase *out, const cvyi_bound *call,
                              const char *kind, const bool *reduced, bool keep,
                              const char *name, cvy_error *err);

/* What the code of a reduce that keeps its axes is read back as, in the
 * dialect that is written, where that is a pool. */
void cvyi_reduction_means(cvyi_said *out, const cvyi_saying *what);

#endif
