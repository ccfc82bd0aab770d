/* engine/bound.c - how far a float32 sum of products may be from the truth. */
#include "engine/bound.h"

#include <math.h>

double cvyi_gamma(double n)
{
    const double share = n * 0x1p-24;

    return share < 1 ? share / (1 - share) : INFINITY;
}

double cvyi_conv_terms(const cvyi_conv_problem *problem, bool bias)
{
    const double products = (double)cvyi_problem_taps(problem) *
                            (double)(problem->inputs / problem->groups);

    return products + (bias ? 1 : 0);
}
