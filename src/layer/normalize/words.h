/*
 * layer/normalize/words.h - what the files of normalize/ share.
 */
#ifndef CVYI_LAYER_NORMALIZE_WORDS_H
#define CVYI_LAYER_NORMALIZE_WORDS_H

#include "layer/words.h"

cvy_status cvyi_normalize_to_layer(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err);

/* "C 1 D -> C D", for means of these lengths: axes of one element are left
 * out, but for one if all are. One mean for everything: "-> 1". NULL without
 * memory. */
const char *cvyi_normalize_layout(cvyi_arena *arena, const int64_t *lengths,
                                  int n_lengths);

#endif
