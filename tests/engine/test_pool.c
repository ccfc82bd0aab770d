/* tests/engine/test_pool.c - pools against the definition. */
#include "engine/pool.h"

#include "check.h"

#include <math.h>
#include <stdbool.h>

enum { CASES = 60 };

static uint64_t state;

static uint32_t word(void)
{
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(state >> 33);
}

static int64_t upto(int64_t n)
{
    return 1 + (int64_t)(word() % (uint64_t)n);
}

/* Channels first or last, exactly as much memory as that needs. */
static cvy_view view_of(int rank, const int64_t *dims, bool last)
{
    cvy_view v = cvyi_packed(NULL, CVY_F32, rank, dims);
    const int64_t n = cvy_view_count(&v);
    float *const memory = malloc((size_t)n * sizeof *memory + 1);

    for (int64_t i = 0; i < n; i++)
        memory[i] = (float)word() * 0x1p-30f - 1;
    if (last) {
        int64_t step = dims[1];

        v.strides[1] = 1;
        for (int i = rank - 1; i >= 2; i--) {
            v.strides[i] = step;
            step *= dims[i];
        }
    }
    v.data = memory;
    return v;
}

static cvyi_conv_problem any_problem(void)
{
    cvyi_conv_problem p = { .batch = upto(2),
                            .inputs = upto(word() % 6 ? 7 : 90),
                            .groups = 1,
                            .n_axes = (int)upto(3) };

    p.outputs = p.inputs;
    for (int i = 0; i < p.n_axes; i++) {
        cvyi_conv_axis *const a = &p.axes[i];

        *a = (cvyi_conv_axis){ .taps = upto(4),
                               .stride = upto(3),
                               .dilation = upto(2),
                               .in = upto(p.n_axes == 1 ? 150 : 6) };
        a->before = (int64_t)(word() % 9) - 2;
        a->out = upto(a->in / a->stride + 5);
    }
    return p;
}

static void views_of(const cvyi_conv_problem *p, cvy_view *x, cvy_view *y)
{
    int64_t in[5] = { p->batch, p->inputs }, out[5] = { p->batch, p->inputs };

    for (int i = 0; i < p->n_axes; i++) {
        in[i + 2] = p->axes[i].in;
        out[i + 2] = p->axes[i].out;
    }
    *x = view_of(p->n_axes + 2, in, word() % 2);
    *y = view_of(p->n_axes + 2, out, word() % 2);
}

typedef struct expected {
    double max, sum;
    int64_t data, padded, window; /* taps of each kind */
} expected;

static expected define(const cvyi_conv_problem *p, const cvy_view *x,
                       const int64_t *y, const int64_t *after)
{
    expected e = { .max = -INFINITY };
    int64_t taps[3] = { 1, 1, 1 }, tap[3] = { 0 };

    for (int i = 0; i < p->n_axes; i++)
        taps[i] = p->axes[i].taps;
    do {
        int64_t at[5] = { y[0], y[1] };
        bool data = true, padded = true;

        for (int i = 0; i < p->n_axes; i++) {
            const cvyi_conv_axis *const a = &p->axes[i];
            const int64_t k =
                y[i + 2] * a->stride + tap[i] * a->dilation - a->before;

            at[i + 2] = k;
            data = data && k >= 0 && k < a->in;
            padded = padded && k >= -a->before && k < a->in + after[i];
        }
        e.window++;
        e.padded += padded;
        e.data += data;
        if (data) {
            const double v = cvyi_at(x, at);

            e.sum += v;
            if (isnan(v) || v > e.max)
                e.max = v;
        }
    } while (cvyi_next(p->n_axes, taps, tap));
    return e;
}

static bool same(double got, double want)
{
    return (isnan(got) && isnan(want)) || got == want;
}

/* Everything is exact or rounds once, so results are equal, not near. */
static void check_case_of(uint64_t seed)
{
    state = seed;

    const cvyi_conv_problem p = any_problem();
    const int64_t after[3] = { (int64_t)(word() % 4), (int64_t)(word() % 4),
                               (int64_t)(word() % 4) };
    cvy_error err = { 0 };
    cvy_view x, y;

    views_of(&p, &x, &y);
    for (int kind = -1; kind <= CVYI_DIVIDE_BY_PADDED; kind++) {
        int64_t at[CVY_MAX_RANK] = { 0 };

        if (kind < 0)
            CHECK_OK(cvyi_pool_max(&p, &y, &x, &err));
        else
            CHECK_OK(
                cvyi_pool_sum(&p, &y, &x, (cvyi_divisor)kind, after, &err));
        do {
            const expected e = define(&p, &x, at, after);
            const double by[] = { 1, (double)e.data, (double)e.window,
                                  (double)e.padded };
            const double want =
                kind < 0 ? e.max : (double)(float)(e.sum / by[kind]);

            if (!same(cvyi_at(&y, at), want))
                CHECK_FAIL("seed %llu, kind %d: %.9g, not %.9g",
                           (unsigned long long)seed, kind, cvyi_at(&y, at),
                           want);
        } while (cvyi_next(y.rank, y.dims, at));
    }
    free(x.data);
    free(y.data);
}

static void pools_follow_the_definition(void)
{
    printf("seeds 1 .. %d\n", CASES);
    for (uint64_t seed = 1; seed <= CASES; seed++)
        check_case_of(seed);
}

static void nan_wins_and_no_data_is_minus_infinity(void)
{
    const cvyi_conv_problem p = { 1, 1, 1, 1, 1, { { 2, 2, 1, 2, 6, 5 } } };
    float x[] = { 1, 2, NAN, 5, 6, NAN }, y[5] = { 0 };
    const int64_t in[] = { 1, 1, 6 }, out[] = { 1, 1, 5 };
    const cvy_view vx = cvyi_packed(x, CVY_F32, 3, in);
    const cvy_view vy = cvyi_packed(y, CVY_F32, 3, out);
    cvy_error err = { 0 };

    CHECK_OK(cvyi_pool_max(&p, &vy, &vx, &err));
    CHECK(y[0] == -INFINITY);
    CHECK(y[1] == 2);
    CHECK(isnan(y[2]) && isnan(y[3]));
    CHECK(y[4] == -INFINITY);
    CHECK_OK(cvyi_pool_sum(&p, &vy, &vx, CVYI_DIVIDE_BY_COUNT, NULL, &err));
    CHECK(isnan(y[0]));
    CHECK(y[1] == 1.5f);
}

static void a_count_is_a_count(void)
{
    for (int64_t taps = 1; taps <= 4; taps++)
        for (int64_t dilation = 1; dilation <= 3; dilation++)
            for (int64_t before = -2; before <= 5; before++)
                for (int64_t o = 0; o < 6; o++) {
                    const cvyi_conv_axis a = {
                        taps, 2, dilation, before, 5, 6
                    };
                    int64_t n = 0;

                    for (int64_t t = 0; t < taps; t++) {
                        const int64_t k = o * 2 + t * dilation - before;

                        n += k >= 0 && k < 5;
                    }
                    CHECK_EQ(cvyi_pool_count(&a, o, 0, 5), n);
                }
}

static void what_does_not_fit_is_refused(void)
{
    cvyi_conv_problem p = { 1, 2, 2, 1, 1, { { 2, 1, 1, 0, 4, 3 } } };
    float x[8] = { 0 }, y[8] = { 0 };
    const int64_t in[] = { 1, 2, 4 }, out[] = { 1, 2, 3 };
    const cvy_view vx = cvyi_packed(x, CVY_F32, 3, in);
    const cvy_view vy = cvyi_packed(y, CVY_F32, 3, out);
    cvy_error err = { 0 };

    CHECK_OK(cvyi_pool_max(&p, &vy, &vx, &err));
    CHECK_EQ(cvyi_pool_max(&p, &vx, &vx, &err), CVY_SHAPE);
    CHECK_EQ(cvyi_pool_max(&p, &vy, &vy, &err), CVY_SHAPE);
    p.outputs = 4;
    CHECK_EQ(cvyi_pool_max(&p, &vy, &vx, &err), CVY_ARGUMENT);
    p.outputs = 2;
    p.n_axes = 4;
    CHECK_EQ(cvyi_pool_sum(&p, &vy, &vx, CVYI_DIVIDE_BY_PADDED, in, &err),
             CVY_ARGUMENT);
}

static const check_case cases[] = {
    { "pools_follow_the_definition", pools_follow_the_definition },
    { "nan_wins_and_no_data_is_minus_infinity",
      nan_wins_and_no_data_is_minus_infinity },
    { "a_count_is_a_count", a_count_is_a_count },
    { "what_does_not_fit_is_refused", what_does_not_fit_is_refused },
};
CHECK_MAIN(cases)
