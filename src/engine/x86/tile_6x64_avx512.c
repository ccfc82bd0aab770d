/*
 * engine/x86/tile_6x64_avx512.c - 6 positions x 64 channels, AVX-512.
 *
 * 6 x 4 accumulators, 4 weight vectors and 1 broadcast use 29 of the 32
 * registers. Each step loads 4 vectors, broadcasts 6 floats and retires 24
 * multiply-adds: 0.42 loads for each, which a machine that sustains one
 * 512-bit load a cycle can feed.
 */
#include "engine/tiles.h"

#include <immintrin.h>

enum { P = 6, C = 64, LANES = 16, V = C / LANES };

void cvyi_tile_6x64_avx512(float *out, ptrdiff_t out_step,
                           const float *const *taps, size_t first,
                           const float *weights, size_t n_taps, size_t n_in)
{
    __m512 sum[P][V];

    for (int p = 0; p < P; p++)
        for (int v = 0; v < V; v++)
            sum[p][v] = _mm512_loadu_ps(out + p * out_step + v * LANES);

    for (size_t t = 0; t < n_taps; t++, taps += P)
        for (size_t i = first; i < first + n_in; i++, weights += C) {
            __m512 w[V];

            for (int v = 0; v < V; v++)
                w[v] = _mm512_loadu_ps(weights + v * LANES);
            for (int p = 0; p < P; p++) {
                const __m512 x = _mm512_set1_ps(taps[p][i]);

                for (int v = 0; v < V; v++)
                    sum[p][v] = _mm512_fmadd_ps(x, w[v], sum[p][v]);
            }
        }

    for (int p = 0; p < P; p++)
        for (int v = 0; v < V; v++)
            _mm512_storeu_ps(out + p * out_step + v * LANES, sum[p][v]);
}
