/*
 * engine/source.h - the input of a convolution as its kernels read it.
 *
 * Kernels need the channels of a position next to each other. Where the
 * caller's memory is so already it is read in place; otherwise images are
 * copied channels-last, as many at a time as a few megabytes hold.
 * Private to the convolution.
 */
#ifndef CVYI_ENGINE_SOURCE_H
#define CVYI_ENGINE_SOURCE_H

#include "engine/plan.h"

typedef struct cvyi_conv_source {
    const cvyi_conv_plan *plan;
    cvyi_grid x;        /* the caller's memory */
    float *copy;        /* NULL if it is read in place */
    const float *zeros; /* a row of zeros, as long as any that is read */
    int64_t pitch, row; /* floats of a copied position; positions of a row */
    int64_t images;     /* that fit into `copy`, or all */
    int64_t first;      /* image that is read now */
    /* Image `first` and the strides from there, channels side by side. */
    const float *data;
    int64_t batch, axis[3];
} cvyi_conv_source;

/* Memory comes from the arena. */
cvy_status cvyi_conv_source_open(cvyi_conv_source *out,
                                 const cvyi_conv_plan *plan,
                                 const cvyi_grid *x, cvyi_arena *arena,
                                 cvy_error *err);

/* Makes images first .. first + n readable; n <= source->images. */
void cvyi_conv_source_seek(cvyi_conv_source *source, int64_t first, int64_t n);

#endif
