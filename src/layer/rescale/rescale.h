/* layer/rescale/rescale.h - constants times and plus: what the frameworks'
 * words share. */
#ifndef CVYI_LAYER_RESCALE_RESCALE_H
#define CVYI_LAYER_RESCALE_RESCALE_H

#include "layer/torch_number.h"

/* x - 2 and 2 - x; x / 2, without a rounding_mode that the signature has; -x.
 * Refuse two tensors, and a number divided by one. */
cvy_status cvyi_rescale_from_difference(cvyi_phrase *out,
                                        const cvyi_bound *call,
                                        cvy_error *err);
cvy_status cvyi_rescale_from_quotient(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err);
cvy_status cvyi_rescale_from_negation(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err);

/* A number; 1 / 255 and its like as people write the scale of an image. */
void cvyi_rescale_put(cvyi_said *out, double value, bool parentheses);
/* "{0} * 2.0 + 1.0", which all frameworks' tensors understand; refuses lists
 * of numbers. */
cvy_status cvyi_rescale_say(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err);

#endif
