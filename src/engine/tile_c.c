/*
 * engine/tile_c.c - the reference tile: the contract, in plain C.
 *
 * 2 positions x 32 channels. The innermost loop is one that compilers turn
 * into vectors without changing a bit: lanes along the channels, nothing
 * overlapping.
 */
#include "engine/fused.h"
#include "engine/tiles.h"

enum { P = 2, C = 32 };

static void step(float *restrict sum, float x, const float *restrict w)
{
    float next[C];
    uint64_t doubt = 0;

    for (int c = 0; c < C; c++)
        next[c] = cvyi_fused(x, w[c], sum[c], &doubt);
    for (int c = 0; doubt >> 63 && c < C; c++)
        next[c] = fmaf(x, w[c], sum[c]);
    memcpy(sum, next, sizeof next);
}

void cvyi_tile_2x32_c(float *out, ptrdiff_t out_step, const float *const *taps,
                      size_t first, const float *weights, size_t n_taps,
                      size_t n_in)
{
    for (size_t t = 0; t < n_taps; t++, taps += P)
        for (size_t i = first; i < first + n_in; i++, weights += C)
            for (int p = 0; p < P; p++)
                step(out + p * out_step, taps[p][i], weights);
}
