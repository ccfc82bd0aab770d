/* random/test_random.c - the stream, and what is made of it. */
#include "random/random.h"

#include <math.h>

#include "check.h"

/* The numbers that the authors' own program prints for seed 1234567. */
static void the_stream_is_splitmix64(void)
{
    static const uint64_t wanted[] = {
        6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
        4593380528125082431u, 16408922859458223821u
    };
    uint64_t state = 1234567;

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        CHECK(cvyi_random_bits(&state) == wanted[i]);
}

/* Mean and variance within five deviations of what n draws give. */
static void check_moments(double (*draw)(uint64_t *), double mean,
                          double variance, double fourth)
{
    enum { N = 100000 };
    double sum = 0, squares = 0;
    uint64_t state = 3;

    for (int i = 0; i < N; i++) {
        const double value = draw(&state) - mean;

        sum += value;
        squares += value * value;
    }
    CHECK(fabs(sum / N) < 5 * sqrt(variance / N));
    CHECK(fabs(squares / N - variance) <
          5 * sqrt((fourth - variance * variance) / N));
}

static void numbers_have_their_moments(void)
{
    check_moments(cvyi_random_uniform, 0.5, 1.0 / 12, 1.0 / 80);
    check_moments(cvyi_random_normal, 0, 1, 3);
}

static const check_case cases[] = {
    { "the stream is splitmix64", the_stream_is_splitmix64 },
    { "numbers have their moments", numbers_have_their_moments },
};
CHECK_MAIN(cases)
