/* init/test_fresh.c - distributions of fresh weights, and their numbers. */
#include "init/fresh.h"

#include <math.h>

#include "check.h"

static const int64_t kernel[] = { 3, 3, 8, 16 }; /* fans 72 and 144 */

static cvyi_value name(const char *text)
{
    return (cvyi_value){ .kind = CVYI_TEXT, .text = text };
}

static void names_give_their_numbers(void)
{
    static const struct {
        const char *name;
        int kind;
        double a, b;
    } rows[] = {
        { "zeros", CVYI_FRESH_CONSTANT, 0, 0 },
        { "Ones", CVYI_FRESH_CONSTANT, 1, 0 },
        { "glorot_uniform", CVYI_FRESH_UNIFORM, -1 / 6.0, 1 / 6.0 },
        { "HeNormal", CVYI_FRESH_TRUNCATED, 0, 1 / 6.0 / CVYI_TRUNCATED },
        { "lecun_uniform", CVYI_FRESH_UNIFORM, -0.2041241452319315,
          0.2041241452319315 },
        { "random_normal", CVYI_FRESH_NORMAL, 0, 0.05 },
        { "orthogonal", CVYI_FRESH_OTHER, 0, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_value value = name(rows[i].name);
        const cvyi_fresh found = cvyi_fresh_of(&value, 4, kernel);

        CHECK_EQ(found.kind, rows[i].kind);
        CHECK(fabs(found.a - rows[i].a) < 1e-15);
        CHECK(fabs(found.b - rows[i].b) < 1e-15);
    }
    CHECK_EQ(cvyi_fresh_of(NULL, 4, kernel).kind, CVYI_FRESH_UNSAID);
}

/* The spread of what is drawn, within five deviations of 20,000 draws; and
 * where it ends. */
static void draws_follow_the_distribution(void)
{
    enum { N = 20000 };
    static const struct {
        cvyi_fresh fresh;
        double mean, deviation, least, most;
    } rows[] = {
        { { CVYI_FRESH_CONSTANT, 0.25, 0, NULL }, 0.25, 0, 0.25, 0.25 },
        { { CVYI_FRESH_UNIFORM, -1, 3, NULL }, 1, 1.1547005383792515, -1, 3 },
        { { CVYI_FRESH_NORMAL, 2, 0.5, NULL }, 2, 0.5, -2, 6 },
        { { CVYI_FRESH_TRUNCATED, 0, 1, NULL }, 0, CVYI_TRUNCATED, -2, 2 },
    };
    static float out[N];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double sum = 0, squares = 0;
        uint64_t seed = 7;

        CHECK(cvyi_fresh_fill(out, N, &rows[i].fresh, &seed));
        for (int k = 0; k < N; k++) {
            const double value = (double)out[k] - rows[i].mean;

            CHECK((double)out[k] >= rows[i].least &&
                  (double)out[k] <= rows[i].most);
            sum += value;
            squares += value * value;
        }
        CHECK(fabs(sum / N) <= 5 * rows[i].deviation / sqrt(N));
        CHECK(fabs(sqrt(squares / N) - rows[i].deviation) <=
              5 * rows[i].deviation / sqrt(N));
    }
}

static void what_is_not_known_is_not_drawn(void)
{
    const cvyi_fresh other = { .kind = CVYI_FRESH_OTHER };
    const cvyi_fresh unsaid = { .kind = CVYI_FRESH_UNSAID };
    float out[1] = { 5 };
    uint64_t seed = 1;

    CHECK(!cvyi_fresh_fill(out, 1, &other, &seed));
    CHECK(!cvyi_fresh_fill(out, 1, &unsaid, &seed));
    CHECK(out[0] == 5.0f);
}

static const check_case cases[] = {
    { "names give their numbers", names_give_their_numbers },
    { "draws follow the distribution", draws_follow_the_distribution },
    { "what is not known is not drawn", what_is_not_known_is_not_drawn },
};
CHECK_MAIN(cases)
