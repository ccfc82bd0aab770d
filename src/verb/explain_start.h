/*
 * verb/explain_start.h - the distribution of a fresh weight, and code for it.
 */
#ifndef CVYI_VERB_EXPLAIN_START_H
#define CVYI_VERB_EXPLAIN_START_H

#include "init/fresh.h"
#include "verb/explain.h"

/* Code that makes a weight of the target with these dims draw so: a line for
 * the key of a state dict, an argument of a Keras layer. NULL: there is none,
 * or no memory. */
const char *cvyi_fresh_torch(cvyi_arena *arena, const cvyi_fresh *s,
                             const char *weight, int rank,
                             const int64_t *dims);
const char *cvyi_fresh_keras(cvyi_arena *arena, const cvyi_fresh *s,
                             const char *argument, int rank,
                             const int64_t *dims);

#endif
