/* layer/pad/words.h - what the frameworks' words for padding share. */
#ifndef CVYI_LAYER_PAD_WORDS_H
#define CVYI_LAYER_PAD_WORDS_H

#include "layer/words.h"

/* A border of given amounts. Before 0 cuts; then a `crop` step stands where
 * the frameworks cut: before the border is made of what is left, or behind
 * it if the border is a mirror. */
cvy_status cvyi_pad_add(cvyi_phrase *out, const cvyi_bound *call,
                        cvyi_axes axes, const cvyi_border *border,
                        const char *mode, double value, cvy_error *err);

/* Is there enough of every axis whose length is known? `name` is the argument
 * that is refused otherwise. */
cvy_status cvyi_pad_check(cvyi_phrase *out, const cvyi_bound *call,
                          cvyi_axes axes, int n_spatial,
                          const cvyi_border *border, const char *mode,
                          const char *name, cvy_error *err);

/* Pairs for all axes, batch and channels included, as TensorFlow and NumPy
 * have them: becomes a step. */
cvy_status cvyi_pad_from_pairs(cvyi_phrase *out, const cvyi_bound *call,
                               const int64_t (*pairs)[2], const char *mode,
                               double value, const char *name, cvy_error *err);

/* The amounts if they are the same for every size of the input; refused
 * otherwise. The code is then read back without the window that the border
 * is for. `has` is the mode that the target has of symmetric and replicate:
 * up to one element they are the same, and *mode is `has`. */
cvy_status cvyi_pad_amounts(cvyi_border *out, const char **mode,
                            cvyi_said *said, const cvyi_saying *what,
                            const char *has, cvy_error *err);

#endif
