/*
 * layer/roll/words.h - what its words in all frameworks share.
 */
#ifndef CVYI_LAYER_ROLL_WORDS_H
#define CVYI_LAYER_ROLL_WORDS_H

#include "layer/words.h"

/* One shift for each axis: two arguments, two numbers or two lists; `mixed`:
 * one number may stand beside a list of one. */
cvy_status cvyi_roll_from_call(cvyi_phrase *out, const cvyi_bound *call,
                               const char *shift, const char *axis, bool mixed,
                               cvy_error *err);
/* "{0}.roll(shifts=1, dims=2)", in the words of a dialect. */
cvy_status cvyi_roll_say(cvyi_said *out, const cvyi_saying *what,
                         const char *name, const char *shift, const char *axis,
                         cvy_error *err);

#endif
