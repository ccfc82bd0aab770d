/* layer/logic/words.h - and, or, not, read and said. */
#ifndef CVYI_LAYER_LOGIC_WORDS_H
#define CVYI_LAYER_LOGIC_WORDS_H

#include "layer/words.h"

/* A call whose name ends in logical_and, logical_or, logical_xor or
 * logical_not, on truth values. */
cvy_status cvyi_logic_from_call(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err);
/* PACKAGE.logical_and({0}, {1}) */
cvy_status cvyi_logic_say(cvyi_said *out, const cvyi_saying *what,
                          const char *package, cvy_error *err);

#endif
