/*
 * engine/bound.h - how far a float32 sum of products may be from the truth.
 *
 * A sum of n products, each rounded and added in any order, differs from the
 * exact one by at most gamma(n) times the sum of the products' magnitudes,
 *
 *   gamma(n) = n u / (1 - n u),   u = 2^-24 (half an ulp of 1),
 *
 * as long as nothing underflows or overflows: N. J. Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd edition, section 3.1 (inner
 * products) and lemma 3.1. Fused multiply-adds round less often, so the bound
 * covers them. n u >= 1 gives infinity: nothing is known then.
 */
#ifndef CVYI_ENGINE_BOUND_H
#define CVYI_ENGINE_BOUND_H

#include "engine/problem.h"

double cvyi_gamma(double n);

/* Terms of one output: a product for every tap and input channel of its
 * group, and one more where there is a bias. */
double cvyi_conv_terms(const cvyi_conv_problem *problem, bool bias);

#endif
