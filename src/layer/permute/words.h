/* layer/permute/words.h - an order of axes, in the words of any framework. */
#ifndef CVYI_LAYER_PERMUTE_WORDS_H
#define CVYI_LAYER_PERMUTE_WORDS_H

#include "layer/words.h"

/* The argument `name` lists every axis of the input, batch included. */
cvy_status cvyi_permute_from_axes(cvyi_phrase *out, const cvyi_bound *call,
                                  const char *name, cvy_error *err);

/* The same, or None: the axes from the last to the first. */
cvy_status cvyi_permute_from_transpose(cvyi_phrase *out,
                                       const cvyi_bound *call,
                                       const char *name, cvy_error *err);

/* Two axes change places: the second and third arguments. */
cvy_status cvyi_permute_from_swap(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err);
/* Axes `source` get the places `destination`, the others keep their order. */
cvy_status cvyi_permute_from_move(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err);

#endif
