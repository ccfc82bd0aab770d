/* layer/select/words.h - where(condition, x, y), read and said. */
#ifndef CVYI_LAYER_SELECT_WORDS_H
#define CVYI_LAYER_SELECT_WORDS_H

#include "layer/words.h"

/* The first three arguments: a truth value, and two values of which each is a
 * tensor of as many axes or a number. */
cvy_status cvyi_select_from_call(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err);
/* PACKAGE.where({0}, {1}, 0.0) */
cvy_status cvyi_select_say(cvyi_said *out, const cvyi_saying *what,
                           const char *package, cvy_error *err);

#endif
