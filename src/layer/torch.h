/*
 * layer/torch.h - what the torch words of many operators share.
 */
#ifndef CVYI_LAYER_TORCH_H
#define CVYI_LAYER_TORCH_H

#include "layer/words.h"

/* Refuses a call on anything but one tensor with a batch: `rank` axes, or at
 * least 1 where it is 0. A function's tensor is its argument x. */
cvy_status cvyi_torch_input(cvyi_phrase *phrase, const cvyi_bound *call,
                            int rank, cvy_error *err);

/* Refuses an axis that is not known to have `wanted` elements, the number
 * that `argument` says. */
cvy_status cvyi_torch_extent(cvyi_phrase *phrase, const cvyi_bound *call,
                             int axis, int64_t wanted, const char *argument,
                             cvy_error *err);

/* Refuses the argument dtype unless it is None or float32 (a text such as
 * "torch.float32"). The argument device says nothing about numbers. */
cvy_status cvyi_torch_dtype(cvyi_phrase *phrase, const cvyi_bound *call,
                            cvy_error *err);

/* Refuses the argument by name unless it is None or False. */
cvy_status cvyi_torch_must_be_off(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const char *name, const char *advice,
                                  cvy_error *err);

/* How many spatial axes a tuple of our own helper classes is about. */
cvy_status cvyi_torch_spatial(int *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, const char *name,
                              cvy_error *err);

/* A new step with torch's order of axes and as many spatial axes as the input
 * has; refuses too many. */
cvy_status cvyi_torch_step(cvyi_step **out, cvyi_phrase *phrase,
                           const cvyi_bound *call, const char *op,
                           cvy_error *err);

/* The code is read back as one call with these attributes: notes it unless
 * they are the ones that were said. */
void cvyi_torch_means(cvyi_said *said, const cvyi_saying *what,
                      const cvyi_attrs *read);

#endif
