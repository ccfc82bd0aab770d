/* layer/compare/words.h - comparisons, read. */
#ifndef CVYI_LAYER_COMPARE_WORDS_H
#define CVYI_LAYER_COMPARE_WORDS_H

#include "layer/words.h"

/* A call named like its sign ("tf.math.greater", "torch.gt") on two tensors,
 * or on a tensor and a number in either order. */
cvy_status cvyi_compare_from_pair(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err);

/* "lt" of "less" */
const char *cvyi_compare_short(const char *sign);

#endif
