/* layer/fill/words.h - one number in the shape of a value, read. */
#ifndef CVYI_LAYER_FILL_WORDS_H
#define CVYI_LAYER_FILL_WORDS_H

#include "layer/words.h"

/* zeros_like(x), ones_like(x), and full_like(x, NUMBER): argument `name`. */
cvy_status cvyi_fill_zeros(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err);
cvy_status cvyi_fill_ones(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err);
cvy_status cvyi_fill_number(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err);
/* PACKAGE.zeros_like({0}) */
cvy_status cvyi_fill_say(cvyi_said *out, const cvyi_saying *what,
                         const char *package, cvy_error *err);

#endif
