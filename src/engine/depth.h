/*
 * engine/depth.h - the one contract every depthwise kernel obeys.
 *
 * Each output channel reads one input channel: `positions` output pixels by
 * `channels` channels, lane c of the output from lane c of the input.
 *
 *   out[p * out_step + c]  +=  sum over t of
 *       taps[t * positions + p][first + c] * weights[t * channels + c]
 *
 * Pointers, borders, ragged edges, the order of the sum and what a kernel may
 * rely on are as in engine/tile.h; each tap leads to first + channels floats.
 */
#ifndef CVYI_ENGINE_DEPTH_H
#define CVYI_ENGINE_DEPTH_H

#include <stddef.h>

typedef void cvyi_depth_fn(float *out, ptrdiff_t out_step,
                           const float *const *taps, size_t first,
                           const float *weights, size_t n_taps);

typedef struct cvyi_depth {
    const char *name;
    unsigned needs; /* CVYI_CPU_* bits, all required */
    int positions;
    int channels;
    cvyi_depth_fn *run;
} cvyi_depth;

/* Fastest first; the last row needs nothing and is the reference. */
extern const cvyi_depth cvyi_depths[];
extern const size_t cvyi_n_depths;

/* First row whose needs are all in `cpu`. Never NULL. */
const cvyi_depth *cvyi_depth_pick(unsigned cpu);

#endif
