/* tests/engine/test_tiles.c - every kernel row returns the contract's bits. */
#include "engine/depth.h"
#include "engine/tile.h"

#include "base/cpu.h"
#include "check.h"
#include "engine/fused.h"

#include <math.h>
#include <stdbool.h>

enum { MAX_TAPS = 5, MAX_IN = 33, MAX_P = 32 };

static uint32_t word(void)
{
    static uint64_t state = 20240607;

    state = state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(state >> 32);
}

static float real(void)
{
    return (float)word() * 0x1p-31f - 1;
}

/* Exactly n floats, so that a sanitizer sees a read past them. */
static float *block(size_t n)
{
    float *const p = malloc(n * sizeof *p);

    for (size_t i = 0; i < n; i++)
        p[i] = real();
    return p;
}

static void tile_contract(const cvyi_tile *k, float *out, size_t step,
                          float *const *taps, size_t first, const float *w,
                          size_t n_taps, size_t n_in)
{
    const size_t P = (size_t)k->positions, C = (size_t)k->channels;

    for (size_t t = 0; t < n_taps; t++)
        for (size_t i = 0; i < n_in; i++)
            for (size_t p = 0; p < P; p++)
                for (size_t c = 0; c < C; c++) {
                    float *const y = &out[p * step + c];

                    *y = fmaf(taps[t * P + p][first + i],
                              w[(t * n_in + i) * C + c], *y);
                }
}

static void depth_contract(const cvyi_depth *k, float *out, size_t step,
                           float *const *taps, size_t first, const float *w,
                           size_t n_taps)
{
    const size_t P = (size_t)k->positions, C = (size_t)k->channels;

    for (size_t t = 0; t < n_taps; t++)
        for (size_t p = 0; p < P; p++)
            for (size_t c = 0; c < C; c++) {
                float *const y = &out[p * step + c];

                *y = fmaf(taps[t * P + p][first + c], w[t * C + c], *y);
            }
}

/* One of the two kinds; the other pointer is NULL. */
static void compare(const cvyi_tile *tile, const cvyi_depth *depth,
                    size_t n_taps, size_t n_in, size_t gap)
{
    const size_t P = (size_t)(tile ? tile->positions : depth->positions);
    const size_t C = (size_t)(tile ? tile->channels : depth->channels);
    const size_t step = C + gap, n_out = (P - 1) * step + C, first = gap * 2;
    const size_t row = tile ? n_in : C;
    float *rows[MAX_TAPS * MAX_P];
    float *const w = block(n_taps * (tile ? n_in : 1) * C);
    float *const got = block(n_out), *const want = block(n_out);

    CHECK(P <= MAX_P);
    for (size_t r = 0; r < n_taps * P; r++)
        rows[r] = block(first + row);
    memcpy(want, got, n_out * sizeof *want);

    if (tile != NULL) {
        tile_contract(tile, want, step, rows, first, w, n_taps, n_in);
        tile->run(got, (ptrdiff_t)step, (const float *const *)rows, first, w,
                  n_taps, n_in);
    } else {
        depth_contract(depth, want, step, rows, first, w, n_taps);
        depth->run(got, (ptrdiff_t)step, (const float *const *)rows, first, w,
                   n_taps);
    }
    if (memcmp(got, want, n_out * sizeof *got) != 0)
        CHECK_FAIL("%s differs at taps %zu, inputs %zu, gap %zu",
                   tile ? tile->name : depth->name, n_taps, n_in, gap);

    for (size_t r = 0; r < n_taps * P; r++)
        free(rows[r]);
    free(want);
    free(got);
    free(w);
}

static bool can_run(const char *name, unsigned needs)
{
    if ((needs & cvyi_cpu()) == needs)
        return true;
    printf("skip %s (this machine cannot run it)\n", name);
    return false;
}

static void every_tile_returns_the_same_bits(void)
{
    static const size_t inputs[] = { 1, 2, 3, 8, MAX_IN };

    for (size_t row = 0; row < cvyi_n_tiles; row++)
        if (can_run(cvyi_tiles[row].name, cvyi_tiles[row].needs))
            for (size_t n_taps = 1; n_taps <= MAX_TAPS; n_taps += 2)
                for (size_t j = 0; j < sizeof inputs / sizeof *inputs; j++)
                    for (size_t gap = 0; gap <= 3; gap += 3)
                        compare(&cvyi_tiles[row], NULL, n_taps, inputs[j],
                                gap);
}

static void every_depthwise_kernel_returns_the_same_bits(void)
{
    for (size_t row = 0; row < cvyi_n_depths; row++)
        if (can_run(cvyi_depths[row].name, cvyi_depths[row].needs))
            for (size_t n_taps = 1; n_taps <= MAX_TAPS; n_taps++)
                for (size_t gap = 0; gap <= 3; gap += 3)
                    compare(NULL, &cvyi_depths[row], n_taps, 1, gap);
}

static void the_last_row_runs_anywhere(void)
{
    CHECK_EQ(cvyi_tiles[cvyi_n_tiles - 1].needs, 0);
    CHECK_EQ(cvyi_depths[cvyi_n_depths - 1].needs, 0);
    CHECK(cvyi_tile_pick(0, 49, 64) == &cvyi_tiles[cvyi_n_tiles - 1]);
    CHECK(cvyi_depth_pick(0) == &cvyi_depths[cvyi_n_depths - 1]);
}

static void a_picked_tile_needs_nothing_that_is_missing(void)
{
    for (unsigned cpu = 0; cpu < 8; cpu++)
        for (int64_t positions = 0; positions < 100; positions += 9)
            for (int64_t channels = 1; channels < 200; channels += 7) {
                const unsigned tile =
                    cvyi_tile_pick(cpu, positions, channels)->needs;

                CHECK_EQ(tile & ~cpu, 0);
                CHECK_EQ(cvyi_depth_pick(cpu)->needs & ~cpu, 0);
            }
}

static bool same_float(float a, float b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static void check_fused(float x, float w, float a)
{
    uint64_t doubt = 0;
    const float got = cvyi_fused(x, w, a, &doubt), want = fmaf(x, w, a);

    if (doubt >> 63 == 0 && !same_float(got, want))
        CHECK_FAIL("%a * %a + %a gave %a, not %a", (double)x, (double)w,
                   (double)a, (double)got, (double)want);
}

static void doubt_is_rare(void)
{
    int doubts = 0;

    for (int i = 0; i < 100000; i++) {
        uint64_t doubt = 0;

        cvyi_fused(real(), real(), real(), &doubt);
        cvyi_fused(0, real(), 0, &doubt);
        doubts += doubt >> 63 != 0;
    }
    CHECK(doubts < 100);
}

/* Where rounding twice differs from rounding once: ties, cancellation,
 * subnormal and huge results, signed zeros, infinities. */
static void the_reference_step_rounds_once_or_doubts(void)
{
    static const float special[] = {
        0,
        -0.0f,
        1,
        -1,
        0x1p-149f,
        -0x1p-149f,
        0x1p-126f,
        0x1.fffffep-127f,
        0x1.fffffep127f,
        -0x1.fffffep127f,
        0x1p-75f,
        0x1p-74f,
        0x1.000002p0f,
        0x1.fffffep0f,
        0x1p-24f,
        -0x1p-24f,
        0x1.8p-25f,
        0x1p24f,
        0x1p64f,
        0x1.000002p-60f,
        INFINITY,
        -INFINITY,
        NAN,
    };
    enum { N = sizeof special / sizeof *special };

    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++)
                check_fused(special[i], special[j], special[k]);
    for (int i = 0; i < 200000; i++) {
        uint32_t bits[3] = { word(), word(), word() };
        float v[3];

        /* Half of them with exponents near each other. */
        for (int k = 0; k < 3; k++)
            if (i % 2 == 0)
                bits[k] = (bits[k] & 0x83ffffff) | 0x3c000000;
        memcpy(v, bits, sizeof v);
        check_fused(v[0], v[1], v[2]);
    }
    /* Just below half-way between two subnormals. */
    check_fused(0x1.000002p-75f, 0x1.fffffcp-76f, 0x1.000004p-127f);
    /* Ties of the sum: w is a power of two and `a` has few bits. */
    for (int i = 0; i < 100000; i++)
        check_fused(real(), ldexpf(1, (int)(word() % 60) - 30),
                    ldexpf((float)(word() % 7) - 3, (int)(word() % 60) - 30));
}

static const check_case cases[] = {
    { "every_tile_returns_the_same_bits", every_tile_returns_the_same_bits },
    { "every_depthwise_kernel_returns_the_same_bits",
      every_depthwise_kernel_returns_the_same_bits },
    { "the_last_row_runs_anywhere", the_last_row_runs_anywhere },
    { "a_picked_tile_needs_nothing_that_is_missing",
      a_picked_tile_needs_nothing_that_is_missing },
    { "doubt_is_rare", doubt_is_rare },
    { "the_reference_step_rounds_once_or_doubts",
      the_reference_step_rounds_once_or_doubts },
};
CHECK_MAIN(cases)
