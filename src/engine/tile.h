/*
 * engine/tile.h - the one contract every convolution tile kernel obeys.
 *
 * A tile is `positions` output pixels by `channels` output channels. The
 * kernel adds up, for each of them, taps x inputs products:
 *
 *   out[p * out_step + c]  +=  sum over t, i of
 *       taps[t * positions + p][first + i] *
 *       weights[(t * n_in + i) * channels + c]
 *
 *   taps      n_taps x positions pointers; each one leads to first + n_in
 *             floats. A tap that falls on the border leads to a row of zeros,
 *             so a kernel never asks where the border is.
 *   first     where the channels of this group begin; the same table of taps
 *             serves every group
 *   weights   n_taps x n_in x channels floats, packed by engine/pack.c
 *   out       read and written; out_step counts floats between positions
 *
 * What a kernel may rely on: n_taps >= 1, n_in >= 1, out does not overlap the
 * inputs, no alignment. What it may not do: read one float past any of the
 * above, allocate, or handle a ragged edge. The caller pads ragged tiles into
 * scratch, so kernels have no tails.
 *
 * ORDER. The sum starts from out[] and runs t outermost, i inside, one fused
 * multiply-add at a time. Vector lanes hold output channels and are never
 * added to each other. Every kernel therefore returns the same bits, and the
 * tests compare bits.
 */
#ifndef CVYI_ENGINE_TILE_H
#define CVYI_ENGINE_TILE_H

#include <stddef.h>
#include <stdint.h>

typedef void cvyi_tile_fn(float *out, ptrdiff_t out_step,
                          const float *const *taps, size_t first,
                          const float *weights, size_t n_taps, size_t n_in);

typedef struct cvyi_tile {
    const char *name;
    unsigned needs; /* CVYI_CPU_* bits, all required */
    int positions;
    int channels;
    double speed; /* multiply-adds a cycle, roughly */
    cvyi_tile_fn *run;
} cvyi_tile;

/* Fastest first; the last row needs nothing and is the reference. */
extern const cvyi_tile cvyi_tiles[];
extern const size_t cvyi_n_tiles;

/* Of the rows whose needs are all in `cpu`, the one that should be done first
 * with that many positions and channels, idle lanes counted as work. Never
 * NULL. */
const cvyi_tile *cvyi_tile_pick(unsigned cpu, int64_t positions,
                                int64_t channels);

#endif
