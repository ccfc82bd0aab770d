/*
 * engine/x86/depth_8x16_avx512.c - 8 positions x 16 channels, AVX-512.
 *
 * 8 accumulators and 1 weight vector; the input comes straight from memory.
 * Each tap loads 9 vectors and retires 8 multiply-adds.
 */
#include "engine/depths.h"

#include <immintrin.h>

enum { P = 8, C = 16 };

void cvyi_depth_8x16_avx512(float *out, ptrdiff_t out_step,
                            const float *const *taps, size_t first,
                            const float *weights, size_t n_taps)
{
    __m512 sum[P];

    for (int p = 0; p < P; p++)
        sum[p] = _mm512_loadu_ps(out + p * out_step);

    for (size_t t = 0; t < n_taps; t++, taps += P, weights += C) {
        const __m512 w = _mm512_loadu_ps(weights);

        for (int p = 0; p < P; p++)
            sum[p] =
                _mm512_fmadd_ps(_mm512_loadu_ps(taps[p] + first), w, sum[p]);
    }

    for (int p = 0; p < P; p++)
        _mm512_storeu_ps(out + p * out_step, sum[p]);
}
