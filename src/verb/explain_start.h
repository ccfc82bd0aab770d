/*
 * verb/explain_start.h - the distribution of a fresh weight, and code for it.
 */
#ifndef CVYI_VERB_EXPLAIN_START_H
#define CVYI_VERB_EXPLAIN_START_H

#include "verb/explain.h"

/* Deviation of a standard normal truncated at two: the number that Keras
 * divides by. */
#define CVYI_TRUNCATED 0.87962566103423978

typedef struct cvyi_fresh {
    enum {
        CVYI_FRESH_UNSAID,
        CVYI_FRESH_CONSTANT,  /* a */
        CVYI_FRESH_UNIFORM,   /* from a to b */
        CVYI_FRESH_NORMAL,    /* mean a, deviation b */
        CVYI_FRESH_TRUNCATED, /* the same, without what is past 2 b */
        CVYI_FRESH_OTHER,
    } kind;
    double a, b;
    const char *name; /* OTHER: the initialiser's */
} cvyi_fresh;

/* The fans of a weight of these dims, as Keras counts them. */
void cvyi_fresh_fans(double *in, double *out, int rank, const int64_t *dims);

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
