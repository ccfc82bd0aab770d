/*
 * layer/flip/words.h - what its words in all frameworks share.
 */
#ifndef CVYI_LAYER_FLIP_WORDS_H
#define CVYI_LAYER_FLIP_WORDS_H

#include "layer/words.h"

/* The axes that the argument `name` says. */
cvy_status cvyi_flip_from_axes(cvyi_phrase *out, const cvyi_bound *call,
                               const char *name, cvy_error *err);

#endif
