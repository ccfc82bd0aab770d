/*
 * layer/unit_norm/words.h - what the dialects' words for it share.
 */
#ifndef CVYI_LAYER_UNIT_NORM_WORDS_H
#define CVYI_LAYER_UNIT_NORM_WORDS_H

#include "layer/words.h"

/* A step over the axes that the argument names, a number or a list of them;
 * with `all` None stands for all of them. */
cvy_status cvyi_unit_norm_add(cvyi_phrase *out, const cvyi_bound *call,
                              const char *argument, bool all, double least,
                              cvy_error *err);
/* The marked axes as an argument: one number, or a tuple of n. */
int cvyi_unit_norm_axes(int64_t *axes, const cvyi_saying *what);

#endif
