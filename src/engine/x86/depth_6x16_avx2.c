/*
 * engine/x86/depth_6x16_avx2.c - 6 positions x 16 channels, AVX2 + FMA.
 *
 * 6 x 2 accumulators and 2 weight vectors use 14 of the 16 registers; the
 * input comes straight from memory. Each tap loads 14 vectors and retires 12
 * multiply-adds.
 */
#include "engine/depths.h"

#include <immintrin.h>

enum { P = 6, C = 16, LANES = 8 };

void cvyi_depth_6x16_avx2(float *out, ptrdiff_t out_step,
                          const float *const *taps, size_t first,
                          const float *weights, size_t n_taps)
{
    __m256 lo[P], hi[P];

    for (int p = 0; p < P; p++) {
        lo[p] = _mm256_loadu_ps(out + p * out_step);
        hi[p] = _mm256_loadu_ps(out + p * out_step + LANES);
    }

    for (size_t t = 0; t < n_taps; t++, taps += P, weights += C) {
        const __m256 w_lo = _mm256_loadu_ps(weights);
        const __m256 w_hi = _mm256_loadu_ps(weights + LANES);

        for (int p = 0; p < P; p++) {
            const float *const x = taps[p] + first;

            lo[p] = _mm256_fmadd_ps(_mm256_loadu_ps(x), w_lo, lo[p]);
            hi[p] = _mm256_fmadd_ps(_mm256_loadu_ps(x + LANES), w_hi, hi[p]);
        }
    }

    for (int p = 0; p < P; p++) {
        _mm256_storeu_ps(out + p * out_step, lo[p]);
        _mm256_storeu_ps(out + p * out_step + LANES, hi[p]);
    }
}
