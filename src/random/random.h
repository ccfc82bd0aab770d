/*
 * random/random.h - a stream of pseudorandom numbers.
 *
 * splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014): the state is one number, any start is good, and
 * the same start gives the same numbers on every machine.
 */
#ifndef CVYI_RANDOM_RANDOM_H
#define CVYI_RANDOM_RANDOM_H

#include <stdint.h>

/* The next 64 bits. */
uint64_t cvyi_random_bits(uint64_t *state);
/* In [0, 1), a multiple of 2^-53. */
double cvyi_random_uniform(uint64_t *state);
/* Mean 0, deviation 1 (Box and Muller, 1958: one of the two numbers). */
double cvyi_random_normal(uint64_t *state);

#endif
