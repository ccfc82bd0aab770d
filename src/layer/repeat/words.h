/*
 * layer/repeat/words.h - what its words in all frameworks share.
 */
#ifndef CVYI_LAYER_REPEAT_WORDS_H
#define CVYI_LAYER_REPEAT_WORDS_H

#include "layer/words.h"

/* A list of numbers, one for each of the last axes: whole axes come so many
 * times. */
cvy_status cvyi_repeat_whole(cvyi_phrase *out, const cvyi_bound *call,
                             const char *name, const cvyi_value *list,
                             cvy_error *err);
/* The argument `repeats` for the elements of one axis, which is not None. */
cvy_status cvyi_repeat_each(cvyi_phrase *out, const cvyi_bound *call,
                            const char *axis, cvy_error *err);
/* The times of every axis, 1 for those without a mark; how many have one. */
int cvyi_repeat_times(int64_t *times, const cvyi_saying *what);

#endif
