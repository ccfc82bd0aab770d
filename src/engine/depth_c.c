/*
 * engine/depth_c.c - the reference depthwise kernel, in plain C: 4 positions
 * x 32 channels.
 */
#include "engine/depths.h"
#include "engine/fused.h"

enum { P = 4, C = 32 };

static void step(float *restrict sum, const float *restrict x,
                 const float *restrict w)
{
    float next[C];
    uint64_t doubt = 0;

    for (int c = 0; c < C; c++)
        next[c] = cvyi_fused(x[c], w[c], sum[c], &doubt);
    for (int c = 0; doubt >> 63 && c < C; c++)
        next[c] = fmaf(x[c], w[c], sum[c]);
    memcpy(sum, next, sizeof next);
}

void cvyi_depth_4x32_c(float *out, ptrdiff_t out_step,
                       const float *const *taps, size_t first,
                       const float *weights, size_t n_taps)
{
    for (size_t t = 0; t < n_taps; t++, taps += P, weights += C)
        for (int p = 0; p < P; p++)
            step(out + p * out_step, taps[p] + first, weights);
}
