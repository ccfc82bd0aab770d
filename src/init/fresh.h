/*
 * init/fresh.h - what a weight holds before training.
 *
 * An initialiser, as Keras' configs write it, and the shape of the weight give
 * a distribution with its numbers.
 *
 * Keras (keras/src/initializers/random_initializers.py; the same rules in
 * Keras 2 and TensorFlow 1): fans of a kernel are the last two axes times the
 * others; uniform reaches sqrt(3 scale / fan); a normal is truncated at two
 * deviations and widened by 1 / 0.87962566 so that its own deviation is
 * sqrt(scale / fan).
 */
#ifndef CVYI_INIT_FRESH_H
#define CVYI_INIT_FRESH_H

#include "base/value.h"

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

/* A distribution whose spread follows from the weight's fans: scale / fan. */
typedef struct cvyi_scaling {
    const char *name;
    const char *mode; /* "fan_in", "fan_out", else their mean */
    const char *kind; /* "uniform", "untruncated_normal", else truncated */
    double scale;
} cvyi_scaling;

/* The fans of a weight of these dims, as Keras counts them. */
void cvyi_fresh_fans(double *in, double *out, int rank, const int64_t *dims);

/* false: it is none of those that look at the weight's shape. `value` is a
 * name ("he_normal") or a config with a class_name; NULL is neither. */
bool cvyi_scaling_of(cvyi_scaling *out, const cvyi_value *value);

/* What a weight of these dims is drawn from. */
cvyi_fresh cvyi_fresh_of(const cvyi_value *initialiser, int rank,
                         const int64_t *dims);

/* Fills n elements; false for UNSAID and OTHER, which say no distribution. */
bool cvyi_fresh_fill(float *out, int64_t n, const cvyi_fresh *fresh,
                     uint64_t *seed);

#endif
