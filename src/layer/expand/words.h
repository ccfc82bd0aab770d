/* layer/expand/words.h - one new axis, in the words of any framework. */
#ifndef CVYI_LAYER_EXPAND_WORDS_H
#define CVYI_LAYER_EXPAND_WORDS_H

#include "layer/words.h"

/* The argument `name` is its place, counted from the end if it is below 0. */
cvy_status cvyi_expand_from_axis(cvyi_phrase *out, const cvyi_bound *call,
                                 const char *name, cvy_error *err);

#endif
