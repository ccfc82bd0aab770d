/*
 * engine/x86/tile_10x32_avx512.c - 10 positions x 32 channels, AVX-512.
 *
 * For layers that would leave half of a 64-channel tile idle. 10 x 2
 * accumulators, 2 weight vectors and 1 broadcast use 23 of the 32 registers;
 * more positions would need more addresses than there are general registers.
 * Each step loads 2 vectors, broadcasts 10 floats and retires 20
 * multiply-adds.
 */
#include "engine/tiles.h"

#include <immintrin.h>

enum { P = 10, C = 32, LANES = 16, V = C / LANES };

void cvyi_tile_10x32_avx512(float *out, ptrdiff_t out_step,
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
