/*
 * layer/number.h - what a framework takes for whole numbers and for truth.
 *
 * Files hold numbers as JSON has them, and layer/words.h reads those. Source
 * text says 3, 3.0, True or [3], and frameworks differ in which they take.
 */
#ifndef CVYI_LAYER_NUMBER_H
#define CVYI_LAYER_NUMBER_H

#include "layer/words.h"

enum {
    CVYI_TAKES_BOOLS = 1,  /* True is 1 */
    CVYI_TAKES_FLOATS = 2, /* 2.7 is 2 */
    CVYI_TAKES_REPEAT = 4, /* a list of one is for every axis */
    /* True is 1 in a list behind its first item: torch looks no further. */
    CVYI_TAKES_BEHIND = 8,
};

/* One number; false if it is none under these rules. */
bool cvyi_take_number(int64_t *out, const cvyi_value *value, unsigned takes);

/* A number for each of `n` axes, or a list of them; `n` 0: one number and no
 * list. Refused as illegal if it is something else or below `least`. */
cvy_status cvyi_take_numbers(int64_t *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name, int n,
                             unsigned takes, int64_t least, cvy_error *err);

/* What Python's `if value:` makes of it. */
bool cvyi_truth(const cvyi_value *value);

/* The argument, or NULL if the signature has none of that name. */
const cvyi_value *cvyi_arg_find(const cvyi_bound *call, const char *name);

bool cvyi_all_equal(const int64_t *numbers, int n, int64_t wanted);

#endif
