/* layer/keras_amounts.h - elements at both ends of each spatial axis, as Keras
 * is told them for padding and for cropping. */
#ifndef CVYI_LAYER_KERAS_AMOUNTS_H
#define CVYI_LAYER_KERAS_AMOUNTS_H

#include "layer/words.h"

/* p, one p an axis, or one pair an axis, none below 0: argument `name`. */
cvy_status cvyi_keras_amounts(cvyi_border *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, const char *name,
                              cvy_error *err);
/* The shortest of these as the next argument. */
void cvyi_keras_put_amounts(cvyi_said *out, const int64_t *before,
                            const int64_t *after, int n);

#endif
