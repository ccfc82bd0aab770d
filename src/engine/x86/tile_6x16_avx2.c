/*
 * engine/x86/tile_6x16_avx2.c - 6 positions x 16 channels, AVX2 + FMA.
 *
 * 6 x 2 accumulators, 2 weight vectors and 1 broadcast use 15 of the 16
 * registers. Each step loads 2 vectors, broadcasts 6 floats and retires 12
 * multiply-adds.
 */
#include "engine/tiles.h"

#include <immintrin.h>

enum { P = 6, C = 16, LANES = 8, V = C / LANES };

void cvyi_tile_6x16_avx2(float *out, ptrdiff_t out_step,
                         const float *const *taps, size_t first,
                         const float *weights, size_t n_taps, size_t n_in)
{
    __m256 sum[P][V];

    for (int p = 0; p < P; p++)
        for (int v = 0; v < V; v++)
            sum[p][v] = _mm256_loadu_ps(out + p * out_step + v * LANES);

    for (size_t t = 0; t < n_taps; t++, taps += P)
        for (size_t i = first; i < first + n_in; i++, weights += C) {
            __m256 w[V];

            for (int v = 0; v < V; v++)
                w[v] = _mm256_loadu_ps(weights + v * LANES);
            for (int p = 0; p < P; p++) {
                const __m256 x = _mm256_set1_ps(taps[p][i]);

                for (int v = 0; v < V; v++)
                    sum[p][v] = _mm256_fmadd_ps(x, w[v], sum[p][v]);
            }
        }

    for (int p = 0; p < P; p++)
        for (int v = 0; v < V; v++)
            _mm256_storeu_ps(out + p * out_step + v * LANES, sum[p][v]);
}
