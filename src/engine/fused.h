/*
 * engine/fused.h - x * w + a, rounded once to float32, where that is slow.
 *
 * The reference kernels are built on it. Where the compiler has the
 * instruction at hand this is fmaf. Elsewhere (x86-64 without -mfma) fmaf is
 * a call that no loop can be vectorised around, so a whole row is guessed in
 * double first. The product of two floats is exact there; the sum is rounded,
 * and rounded again to float. That differs from rounding once only if the
 * double lies half-way between two floats: every such half-way point is a
 * double, so a sum on one side of it never rounds to the other. Below 2^-126
 * floats are spaced otherwise. In both cases the guess is in doubt, and the
 * row is done again with fmaf.
 */
#ifndef CVYI_ENGINE_FUSED_H
#define CVYI_ENGINE_FUSED_H

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* Sets the top bit of *doubt if fmaf may give something else, and leaves it
 * otherwise. */
#if defined(FP_FAST_FMAF) || defined(__aarch64__) || FLT_EVAL_METHOD != 0

static inline float cvyi_fused(float x, float w, float a, uint64_t *doubt)
{
    (void)doubt;
    return fmaf(x, w, a);
}

#else

static inline float cvyi_fused(float x, float w, float a, uint64_t *doubt)
{
    /* The 29 bits that a float lacks, and their upper half's beginning. */
    const uint64_t lost = 0x1fffffff, half = 0x10000000;
    const uint64_t smallest = 0x3810000000000000; /* 2^-126 as a double */
    const double sum = (double)x * (double)w + (double)a;
    uint64_t bits;

    memcpy(&bits, &sum, sizeof bits);

    const uint64_t size = bits & INT64_MAX;

    /* No comparisons: SSE2 has none for 64-bit lanes. The first term is
     * negative for a half-way point, the second below 2^-126 except for 0. */
    *doubt |= (((bits & lost) ^ half) - 1) | ((size - smallest) & (0 - size));
    return (float)sum;
}

#endif

#endif
