/*
 * bench/engine.c - how fast the engine is here.
 *
 * `make bench` builds and runs it (the CMake target bench_engine); no
 * arguments. Prints GFLOP/s (two a multiply-add) of every
 * kernel row from cache on one thread, then of the layers of ResNet-50 at
 * 224 x 224 and a few others, for both memory orders: medians over ROUNDS
 * rounds, kernels and layers taken in turn. CONVEY_CPU and CONVEY_THREADS
 * narrow it.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "engine/conv.h"
#include "engine/depth.h"
#include "engine/tile.h"

enum { ROUNDS = 5, MAX_ROWS = 64 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, ascending);
    return values[ROUNDS / 2];
}

static float *numbers(size_t n)
{
    float *const p = malloc(n * sizeof *p);

    for (size_t i = 0; p != NULL && i < n; i++)
        p[i] = (float)((uint32_t)i * 2654435761U) * 0x1p-32f - 0.5f;
    if (p == NULL)
        exit(5);
    return p;
}

/* Seconds of one run of a kernel row over 9 taps of 64 channels. */
static double kernel_seconds(const cvyi_tile *tile, const cvyi_depth *depth,
                             double *flops)
{
    enum { TAPS = 9, IN = 64 };
    const size_t P = (size_t)(tile ? tile->positions : depth->positions);
    const size_t C = (size_t)(tile ? tile->channels : depth->channels);
    float *const x = numbers(TAPS * P * IN), *const y = numbers(P * C);
    float *const w = numbers(TAPS * IN * C);
    const float *taps[TAPS * 64];
    size_t n = 0;

    for (size_t i = 0; i < TAPS * P; i++)
        taps[i] = x + i * IN;

    const double start = now();

    do {
        for (int i = 0; i < 16; i++, n++)
            if (tile != NULL)
                tile->run(y, (ptrdiff_t)C, taps, 0, w, TAPS, IN);
            else
                depth->run(y, (ptrdiff_t)C, taps, 0, w, TAPS);
    } while (now() - start < 0.02);

    const double seconds = (now() - start) / (double)n;

    *flops = 2.0 * TAPS * (double)(P * C) * (tile ? IN : 1);
    free(x);
    free(y);
    free(w);
    return seconds;
}

static void kernels(void)
{
    const size_t n = cvyi_n_tiles + cvyi_n_depths;
    static double seconds[MAX_ROWS][ROUNDS];
    double flops[MAX_ROWS] = { 0 };

    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < n && i < MAX_ROWS; i++) {
            const bool dense = i < cvyi_n_tiles;
            const cvyi_tile *const t = dense ? &cvyi_tiles[i] : NULL;
            const cvyi_depth *const d =
                dense ? NULL : &cvyi_depths[i - cvyi_n_tiles];
            const unsigned needs = t ? t->needs : d->needs;

            if ((needs & cvyi_cpu()) == needs)
                seconds[i][round] = kernel_seconds(t, d, &flops[i]);
        }
    for (size_t i = 0; i < n && i < MAX_ROWS; i++)
        if (flops[i] > 0)
            printf("%-24s %7.1f GFLOP/s\n",
                   i < cvyi_n_tiles ? cvyi_tiles[i].name
                                    : cvyi_depths[i - cvyi_n_tiles].name,
                   flops[i] / median(seconds[i]) * 1e-9);
}

/* Square two-dimensional layers; `times` is how often ResNet-50 has them. */
static const struct layer {
    int64_t inputs, outputs, groups, in, taps, stride;
    int times;
} layers[] = {
    /* clang-format off */
    { 3, 64, 1, 224, 7, 2, 1 },
    { 64, 64, 1, 56, 1, 1, 1 },
    { 64, 64, 1, 56, 3, 1, 3 },
    { 64, 256, 1, 56, 1, 1, 4 },
    { 256, 64, 1, 56, 1, 1, 2 },
    { 256, 128, 1, 56, 1, 1, 1 },
    { 128, 128, 1, 56, 3, 2, 1 },
    { 128, 128, 1, 28, 3, 1, 3 },
    { 128, 512, 1, 28, 1, 1, 4 },
    { 256, 512, 1, 56, 1, 2, 1 },
    { 512, 128, 1, 28, 1, 1, 3 },
    { 512, 256, 1, 28, 1, 1, 1 },
    { 256, 256, 1, 28, 3, 2, 1 },
    { 256, 256, 1, 14, 3, 1, 5 },
    { 256, 1024, 1, 14, 1, 1, 6 },
    { 512, 1024, 1, 28, 1, 2, 1 },
    { 1024, 256, 1, 14, 1, 1, 5 },
    { 1024, 512, 1, 14, 1, 1, 1 },
    { 512, 512, 1, 14, 3, 2, 1 },
    { 512, 512, 1, 7, 3, 1, 2 },
    { 512, 2048, 1, 7, 1, 1, 3 },
    { 1024, 2048, 1, 14, 1, 2, 1 },
    { 2048, 512, 1, 7, 1, 1, 2 },
    { 2048, 1000, 1, 1, 1, 1, 1 },
    { 96, 96, 96, 112, 3, 2, 0 },
    { 144, 144, 144, 56, 3, 1, 0 },
    { 24, 144, 1, 56, 1, 1, 0 },
    { 144, 24, 1, 56, 1, 1, 0 },
    { 128, 128, 32, 56, 3, 1, 0 },
    /* clang-format on */
};
enum { N_LAYERS = sizeof layers / sizeof *layers };

static cvyi_conv_problem problem_of(const struct layer *l)
{
    const cvyi_conv_axis a = {
        l->taps, l->stride, 1, l->taps / 2, l->in, (l->in - 1) / l->stride + 1,
    };
    const cvyi_conv_problem p = {
        1, l->inputs, l->outputs, l->groups, 2, { a, a },
    };

    return p;
}

/* N C H W dims in packed N H W C memory, or the plain order. */
static cvy_view image(int64_t channels, int64_t side, bool last)
{
    const int64_t dims[] = { 1, channels, side, side };
    cvy_view v = cvyi_packed(numbers((size_t)(channels * side * side)),
                             CVY_F32, 4, dims);

    if (last) {
        v.strides[1] = 1;
        v.strides[2] = side * channels;
        v.strides[3] = channels;
    }
    return v;
}

static double layer_seconds(const struct layer *l, bool last,
                            const char **kernel)
{
    const cvyi_conv_problem p = problem_of(l);
    const int64_t dims[] = { l->outputs, l->inputs / l->groups, l->taps,
                             l->taps };
    const cvy_view x = image(l->inputs, l->in, last);
    const cvy_view y = image(l->outputs, p.axes[0].out, last);
    size_t bytes = 0;
    cvyi_conv_plan *plan = NULL;
    double best = 1e30;

    if (!cvyi_packed_size(&bytes, CVY_F32, 4, dims))
        exit(5);

    const cvy_view w = cvyi_packed(numbers(bytes / 4), CVY_F32, 4, dims);

    if (cvyi_conv_plan_open(&plan, &p, &w, CVYI_CONV_PLAIN, cvyi_cpu(),
                            NULL) != CVY_OK)
        exit(5);

    /* The quickest of a few calls within a round; the first one is cold. */
    for (int i = 0; i < 4 && (i < 2 || best < 0.1); i++) {
        const double start = now();

        if (cvyi_conv_run(plan, &y, &x, NULL, NULL) != CVY_OK)
            exit(5);
        if (now() - start < best)
            best = now() - start;
    }
    *kernel = cvyi_conv_plan_kernel(plan);
    cvyi_conv_plan_close(plan);
    free(x.data);
    free(y.data);
    free(w.data);
    return best;
}

int main(void)
{
    static double seconds[N_LAYERS][2][ROUNDS];
    const char *kernel[N_LAYERS];
    double sum[2] = { 0, 0 };

    kernels();
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < N_LAYERS; i++)
            for (int last = 0; last < 2; last++)
                seconds[i][last][round] =
                    layer_seconds(&layers[i], last != 0, &kernel[i]);

    printf("\n%-30s %15s %15s\n", "layer", "channels first", "last, GFLOP/s");
    for (int i = 0; i < N_LAYERS; i++) {
        const struct layer *const l = &layers[i];
        const cvyi_conv_problem p = problem_of(l);
        const double flops = 2.0 * (double)(l->taps * l->taps) *
                             (double)(l->inputs / l->groups * l->outputs) *
                             (double)cvyi_problem_positions(&p);
        double rate[2];

        for (int last = 0; last < 2; last++) {
            const double s = median(seconds[i][last]);

            rate[last] = flops / s * 1e-9;
            sum[last] += s * l->times;
        }
        printf("%4lld>%-4lld/%-3lld %3lld k%lld s%lld %19.1f %15.1f  %s\n",
               (long long)l->inputs, (long long)l->outputs,
               (long long)l->groups, (long long)l->in, (long long)l->taps,
               (long long)l->stride, rate[0], rate[1], kernel[i]);
    }
    printf("ResNet-50, all convolutions: %.1f ms, %.1f ms\n", 1e3 * sum[0],
           1e3 * sum[1]);
    return 0;
}
