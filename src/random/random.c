/* random/random.c - a stream of pseudorandom numbers. */
#include "random/random.h"

#include <math.h>

static const double TWO_PI = 6.283185307179586;

uint64_t cvyi_random_bits(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double cvyi_random_uniform(uint64_t *state)
{
    return (double)(cvyi_random_bits(state) >> 11) * 0x1p-53;
}

double cvyi_random_normal(uint64_t *state)
{
    /* In (0, 1]: its logarithm is finite. */
    const double radius = 1 - cvyi_random_uniform(state);
    const double angle = cvyi_random_uniform(state);

    return sqrt(-2 * log(radius)) * cos(TWO_PI * angle);
}
