/* tests/engine/test_conv.c - convolution against the formula, in double. */
#define _POSIX_C_SOURCE 200112L
#include "engine/conv.h"

#include "check.h"
#include "engine/bound.h"

#include <math.h>
#include <stdbool.h>

enum { CASES = 180, MAX_GAP = 3, MAX_CHECKED = 400 };

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

static float real(void)
{
    return (float)word() * 0x1p-30f - 1;
}

/* A view of the dims in one of three memory orders: channels first, channels
 * last, or shuffled with gaps and a negative stride. Exactly as much memory as
 * that needs. */
static cvy_view view_of(int rank, const int64_t *dims, float **memory)
{
    cvy_view v = { .dtype = CVY_F32, .rank = rank };
    const uint32_t order = word() % 3;
    int axes[8];
    int64_t size = 1;

    for (int i = 0; i < rank; i++)
        axes[i] = i;
    if (order == 1 && rank > 2) {
        for (int i = 1; i + 1 < rank; i++)
            axes[i] = i + 1;
        axes[rank - 1] = 1;
    }
    for (int i = rank - 1; order == 2 && i > 0; i--) {
        const int other = (int)(word() % (unsigned)(i + 1)), kept = axes[i];

        axes[i] = axes[other];
        axes[other] = kept;
    }
    for (int i = rank - 1; i >= 0; i--) {
        v.dims[axes[i]] = dims[axes[i]];
        v.strides[axes[i]] = size;
        size *= dims[axes[i]] + (order == 2 ? (int64_t)(word() % MAX_GAP) : 0);
    }
    *memory = malloc((size_t)size * sizeof **memory + 1);
    for (int64_t i = 0; i < size; i++)
        (*memory)[i] = real();
    v.data = *memory;
    if (order == 2 && dims[0] > 1) {
        v.data = *memory + (dims[0] - 1) * v.strides[0];
        v.strides[0] = -v.strides[0];
    }
    return v;
}

typedef struct sample {
    cvyi_conv_problem p;
    cvy_view x, w, b, y;
    float *memory[4];
} sample;

static cvyi_conv_axis any_axis(int n_axes)
{
    cvyi_conv_axis a = {
        .taps = upto(n_axes == 1 ? 9 : 4),
        .stride = upto(3),
        .dilation = upto(3),
        .in = upto(n_axes == 1   ? 40
                   : n_axes == 2 ? 12
                                 : 6),
    };
    const int64_t reach = (a.taps - 1) * a.dilation + 1;

    /* Larger than the window now and then, also negative; `out` is free. */
    a.before = (int64_t)(word() % (uint64_t)(reach + 4)) - 2;
    a.out = upto((a.in + 2 * reach) / a.stride + 2);
    return a;
}

static cvyi_conv_problem any_problem(void)
{
    static const int64_t groups[] = { 1, 1, 2, 3, 5, 16, 19, 33 };
    cvyi_conv_problem p = { .batch = upto(3),
                            .groups = groups[word() % 8],
                            .n_axes = (int)upto(3) };
    const int64_t each = p.groups > 5 ? 2 : 20;

    p.inputs = p.groups * (word() % 3 ? upto(each) : 1);
    p.outputs = p.groups * upto(each + (p.groups == 1 ? 80 : 1));
    for (int i = 0; i < p.n_axes; i++)
        p.axes[i] = any_axis(p.n_axes);
    return p;
}

static sample sample_of(const cvyi_conv_problem *p)
{
    sample s = { .p = *p };
    int64_t x[5] = { p->batch, p->inputs }, y[5] = { p->batch, p->outputs };
    int64_t w[5] = { p->outputs, p->inputs / p->groups };

    for (int i = 0; i < p->n_axes; i++) {
        x[i + 2] = p->axes[i].in;
        y[i + 2] = p->axes[i].out;
        w[i + 2] = p->axes[i].taps;
    }
    s.x = view_of(p->n_axes + 2, x, &s.memory[0]);
    s.w = view_of(p->n_axes + 2, w, &s.memory[1]);
    s.b = view_of(1, &p->outputs, &s.memory[2]);
    s.y = view_of(p->n_axes + 2, y, &s.memory[3]);
    if (word() % 4 == 0)
        s.b.data = NULL;
    return s;
}

static void close_sample(sample *s)
{
    for (int i = 0; i < 4; i++)
        free(s->memory[i]);
}

static float at(const cvy_view *v, const int64_t *index)
{
    return ((const float *)v->data)[cvyi_offset(v, index)];
}

/* One output by the formula, and the sum of magnitudes. */
static double formula(const sample *s, const int64_t *y, double *magnitude)
{
    const cvyi_conv_problem *const p = &s->p;
    const int64_t group = y[1] / (p->outputs / p->groups);
    double sum = s->b.data ? (double)at(&s->b, &y[1]) : 0;
    int64_t tap[3] = { 0 };

    *magnitude = fabs(sum);
    do {
        int64_t x[5] = { y[0] }, w[5] = { y[1] };
        bool inside = true;

        for (int i = 0; i < p->n_axes; i++) {
            const cvyi_conv_axis *const a = &p->axes[i];

            w[i + 2] = tap[i];
            x[i + 2] = y[i + 2] * a->stride + tap[i] * a->dilation - a->before;
            inside = inside && x[i + 2] >= 0 && x[i + 2] < a->in;
        }
        for (int64_t i = 0; inside && i < s->w.dims[1]; i++) {
            w[1] = i;
            x[1] = group * s->w.dims[1] + i;

            const double product = (double)at(&s->x, x) * (double)at(&s->w, w);

            sum += product;
            *magnitude += fabs(product);
        }
    } while (cvyi_next(p->n_axes, s->w.dims + 2, tap));
    return sum;
}

static void run(const sample *s, cvyi_conv_kind kind, unsigned cpu)
{
    cvyi_conv_plan *plan = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_conv_plan_open(&plan, &s->p, &s->w, kind, cpu, &err));
    CHECK_OK(cvyi_conv_run(plan, &s->y, &s->x, &s->b, &err));
    cvyi_conv_plan_close(plan);
}

/* The bound is gamma of the number of terms times the magnitude; the double
 * formula has an error of its own that is 2^29 times smaller: one term more
 * covers it. Of many outputs every few are computed anew. */
static void check_values(const sample *s, uint64_t seed, bool absolute)
{
    const double gamma =
        cvyi_gamma(cvyi_conv_terms(&s->p, s->b.data != NULL) + 1);
    const int64_t every = cvy_view_count(&s->y) / MAX_CHECKED + 1;
    int64_t y[CVY_MAX_RANK] = { 0 }, n = 0;

    do {
        double magnitude;

        if (n++ % every != 0)
            continue;

        const double sum = formula(s, y, &magnitude);
        const double want = absolute ? magnitude : sum;
        const double got = (double)at(&s->y, y);

        if (!(fabs(got - want) <= gamma * magnitude))
            CHECK_FAIL("seed %llu: %.9g, not %.9g, at %lld %lld %lld...",
                       (unsigned long long)seed, got, want, (long long)y[0],
                       (long long)y[1], (long long)y[2]);
    } while (cvyi_next(s->y.rank, s->y.dims, y));
}

static void convolution_follows_the_formula(void)
{
    printf("seeds 1 .. %d\n", CASES);
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        state = seed;

        const cvyi_conv_problem p = any_problem();
        sample s = sample_of(&p);

        run(&s, CVYI_CONV_PLAIN, cvyi_cpu());
        check_values(&s, seed, false);
        if (seed % 4 == 0) {
            run(&s, CVYI_CONV_ABSOLUTE, cvyi_cpu());
            check_values(&s, seed, true);
        }
        close_sample(&s);
    }
}

static uint64_t bits_of(const sample *s)
{
    int64_t y[CVY_MAX_RANK] = { 0 };
    uint64_t hash = 1469598103934665603U;

    do {
        const float value = at(&s->y, y);
        uint32_t bits;

        memcpy(&bits, &value, sizeof bits);
        hash = (hash ^ bits) * 1099511628211U;
    } while (cvyi_next(s->y.rank, s->y.dims, y));
    return hash;
}

static void instruction_sets_threads_and_strides_change_no_bit(void)
{
    for (uint64_t seed = 1; seed <= CASES / 10; seed++) {
        state = seed * 77;

        const cvyi_conv_problem p = any_problem();
        sample s = sample_of(&p);

        run(&s, CVYI_CONV_PLAIN, 0);

        const uint64_t want = bits_of(&s);

        for (unsigned cpu = 1; cpu <= 7; cpu++) {
            setenv("CONVEY_THREADS", cpu % 2 ? "1" : "64", 1);
            run(&s, CVYI_CONV_PLAIN, cpu & cvyi_cpu());
            if (bits_of(&s) != want)
                CHECK_FAIL("seed %llu: other bits on cpu %u",
                           (unsigned long long)seed, cpu);
        }
        unsetenv("CONVEY_THREADS");

        /* The same numbers in packed memory. */
        cvy_error err = { 0 };
        sample packed = s;

        CHECK_OK(
            cvyi_tensor_open(&packed.x, CVY_F32, s.x.rank, s.x.dims, &err));
        CHECK_OK(cvyi_copy(&packed.x, &s.x, &err));
        run(&packed, CVYI_CONV_PLAIN, cvyi_cpu());
        CHECK(bits_of(&packed) == want);
        cvyi_tensor_close(&packed.x);
        close_sample(&s);
    }
}

/* Enough work for several threads, strips, splits and copies of images. */
static void large_problems_follow_the_formula(void)
{
    static const cvyi_conv_problem large[] = {
        { 2,
          40,
          130,
          1,
          2,
          { { 3, 1, 1, 1, 21, 21 }, { 3, 2, 1, 0, 20, 10 } } },
        { 3, 3, 24, 1, 2, { { 7, 2, 1, 3, 40, 20 }, { 7, 2, 1, 2, 40, 20 } } },
        { 1,
          48,
          96,
          48,
          2,
          { { 3, 1, 1, 1, 30, 30 }, { 3, 1, 1, 1, 30, 30 } } },
        { 1, 700, 150, 1, 1, { { 1, 1, 1, 0, 70, 70 } } },
        { 70, 300, 100, 1, 1, { { 1, 1, 1, 0, 1, 1 } } },
        /* Two images at a time where they are copied. */
        { 3, 2, 3, 1, 1, { { 4, 900, 7, 5, 280000, 300 } } },
    };

    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        for (uint64_t order = 0; order < 2; order++) {
            state = 1000 * i + order;

            sample s = sample_of(&large[i]);

            run(&s, CVYI_CONV_PLAIN, cvyi_cpu());
            check_values(&s, 1000 * i + order, false);
            close_sample(&s);
        }
}

static void infinities_and_nan_stay_where_they_are_read(void)
{
    const int64_t dims[] = { 1, 1, 5 }, taps[] = { 1, 1, 2 };
    float x[] = { 1, INFINITY, 2, NAN, 3 }, w[] = { 1, 1 }, y[6] = { 0 };
    const int64_t out[] = { 1, 1, 6 };
    const cvyi_conv_problem p = { 1, 1, 1, 1, 1, { { 2, 1, 1, 1, 5, 6 } } };
    const cvy_view vx = cvyi_packed(x, CVY_F32, 3, dims);
    const cvy_view vw = cvyi_packed(w, CVY_F32, 3, taps);
    const cvy_view vy = cvyi_packed(y, CVY_F32, 3, out);
    cvyi_conv_plan *plan = NULL;
    cvy_error err = { 0 };

    for (unsigned cpu = 0; cpu <= 7; cpu += 7) {
        CHECK_OK(cvyi_conv_plan_open(&plan, &p, &vw, CVYI_CONV_PLAIN,
                                     cpu & cvyi_cpu(), &err));
        CHECK_OK(cvyi_conv_run(plan, &vy, &vx, NULL, &err));
        cvyi_conv_plan_close(plan);
        CHECK(y[0] == 1);
        CHECK(isinf(y[1]) && isinf(y[2]));
        CHECK(isnan(y[3]) && isnan(y[4]));
        CHECK(y[5] == 3);
    }
}

static void nothing_to_do_is_fine(void)
{
    cvyi_conv_problem p = { 2, 3, 4, 1, 1, { { 3, 1, 1, 1, 0, 2 } } };

    /* No data at all: every window hangs over. Then no outputs, no batch. */
    for (int round = 0; round < 3; round++) {
        if (round > 0)
            p.axes[0].out = 0;
        if (round > 1)
            p.batch = 0;
        state = 5;

        sample s = sample_of(&p);

        run(&s, CVYI_CONV_PLAIN, cvyi_cpu());
        if (round == 0)
            check_values(&s, 5, false);
        close_sample(&s);
    }
}

static void what_does_not_fit_is_refused(void)
{
    cvyi_conv_problem p = { 1, 4, 6, 2, 1, { { 3, 1, 1, 1, 5, 5 } } };
    cvyi_conv_plan *plan = NULL;
    cvy_error err = { 0 };

    state = 9;

    sample s = sample_of(&p);
    cvyi_conv_problem bad = p;
    cvy_view v = s.w;

    bad.groups = 3;
    CHECK_EQ(cvyi_conv_plan_open(&plan, &bad, &s.w, CVYI_CONV_PLAIN, 0, &err),
             CVY_ARGUMENT);
    bad = p;
    bad.axes[0].stride = 0;
    CHECK_EQ(cvyi_conv_plan_open(&plan, &bad, &s.w, CVYI_CONV_PLAIN, 0, &err),
             CVY_ARGUMENT);
    bad = p;
    bad.axes[0].dilation = INT64_MAX;
    CHECK_EQ(cvyi_conv_plan_open(&plan, &bad, &s.w, CVYI_CONV_PLAIN, 0, &err),
             CVY_ARGUMENT);
    v.dims[1] = 4;
    CHECK_EQ(cvyi_conv_plan_open(&plan, &p, &v, CVYI_CONV_PLAIN, 0, &err),
             CVY_SHAPE);
    CHECK(strstr(err.text, "axis 1") != NULL);
    CHECK(plan == NULL);

    CHECK_OK(cvyi_conv_plan_open(&plan, &p, &s.w, CVYI_CONV_PLAIN, 0, &err));
    CHECK_EQ(cvyi_conv_run(plan, &s.y, &s.w, NULL, &err), CVY_SHAPE);
    CHECK_EQ(cvyi_conv_run(plan, &s.w, &s.x, NULL, &err), CVY_SHAPE);
    CHECK_EQ(cvyi_conv_run(plan, &s.y, &s.x, &s.x, &err), CVY_SHAPE);
    cvyi_conv_plan_close(plan);
    close_sample(&s);
}

static void refused_memory_leaves_the_output_alone(void)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        state = seed;

        const cvyi_conv_problem p = any_problem();
        sample s = sample_of(&p);
        const uint64_t before = bits_of(&s);
        cvy_status status = CVY_MEMORY;

        for (size_t n = 1; status != CVY_OK; n++) {
            cvyi_conv_plan *plan = NULL;

            CHECK(n < 100);
            CHECK(bits_of(&s) == before);
            cvyi_alloc_refuse(n);
            status = cvyi_conv_plan_open(&plan, &p, &s.w, CVYI_CONV_ABSOLUTE,
                                         cvyi_cpu(), NULL);
            if (status == CVY_OK)
                status = cvyi_conv_run(plan, &s.y, &s.x, &s.b, NULL);
            cvyi_alloc_refuse(0);
            CHECK(status == CVY_OK || status == CVY_MEMORY);
            cvyi_conv_plan_close(plan);
        }
        close_sample(&s);
    }
}

static void gamma_is_what_the_book_says(void)
{
    CHECK(cvyi_gamma(0) == 0);
    CHECK(cvyi_gamma(1) > 0x1p-24 && cvyi_gamma(1) < 0x1.00001p-24);
    CHECK(cvyi_gamma(0x1p23) == 1);
    CHECK(isinf(cvyi_gamma(0x1p24)) && isinf(cvyi_gamma(0x1p30)));
}

static const check_case cases[] = {
    { "convolution_follows_the_formula", convolution_follows_the_formula },
    { "instruction_sets_threads_and_strides_change_no_bit",
      instruction_sets_threads_and_strides_change_no_bit },
    { "large_problems_follow_the_formula", large_problems_follow_the_formula },
    { "infinities_and_nan_stay_where_they_are_read",
      infinities_and_nan_stay_where_they_are_read },
    { "nothing_to_do_is_fine", nothing_to_do_is_fine },
    { "what_does_not_fit_is_refused", what_does_not_fit_is_refused },
    { "refused_memory_leaves_the_output_alone",
      refused_memory_leaves_the_output_alone },
    { "gamma_is_what_the_book_says", gamma_is_what_the_book_says },
};
CHECK_MAIN(cases)
