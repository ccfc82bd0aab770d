/* Inputs that can show a fault, and the sizes they are made for. */
#include "verify/parts.h"

#include "layer/walk.h"
#include "net.h"

#include <math.h>

/* ---- sizes ---- */

static const struct {
    int64_t dims[4]; /* 0: unknown */
    int rounds;
    int64_t values[2][4]; /* of the axes, per round */
} rows[] = {
    /* clang-format off */
    { { 0, 5, 7, 3 }, 1, { { 3, 5, 7, 3 } } },
    { { 2, 5, 7, 3 }, 1, { { 2, 5, 7, 3 } } },
    { { 0, 0, 7, 3 }, 2, { { 3, 18, 7, 3 }, { 3, 19, 7, 3 } } },
    { { 0, 0, 0, 3 }, 2, { { 3, 18, 20, 3 }, { 3, 19, 21, 3 } } },
    { { 2, 0, 0, 3 }, 2, { { 2, 16, 18, 3 }, { 2, 17, 19, 3 } } },
    /* clang-format on */
};

static void unknown_sizes_are_even_and_then_odd(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvy_error err = { 0 };
        net n;
        const int in = net_open(&n, true, 4, rows[i].dims);

        net_output(&n, net_relu(&n, "relu", in));
        CHECK_EQ(cvyi_probe_rounds(n.graph), rows[i].rounds);
        for (int round = 0; round < rows[i].rounds; round++) {
            cvyi_probe_sizes sizes;
            int64_t dims[CVYI_MAX_DIMS];

            CHECK_OK(cvyi_probe_sizes_for(&sizes, n.graph, round, &err));

            const cvyi_symbols symbols = { sizes.n, sizes.names,
                                           sizes.values };

            CHECK_OK(cvyi_run_dims(dims, &n.graph->results[in].type, &symbols,
                                   &err));
            for (int a = 0; a < 4; a++)
                CHECK_EQ(dims[a], rows[i].values[round][a]);
        }
        net_close(&n);
    }
}

/* Five halvings and a window of three need 96 elements. */
static void sizes_grow_until_every_layer_has_an_element(void)
{
    static const int64_t dims[] = { 0, 0, 2 };
    cvyi_probe_sizes sizes;
    cvy_error err = { 0 };
    net n;
    int x = net_open(&n, true, 3, dims);

    for (int i = 0; i < 5; i++)
        x = net_pool(&n, "pool", "max", "real", x,
                     (net_window){ 2, 2, 1, CVYI_BORDER_GIVEN });
    net_output(&n, net_conv(&n, "conv", x, 2,
                            (net_window){ 3, 1, 1, CVYI_BORDER_GIVEN }));
    CHECK_OK(cvyi_probe_sizes_for(&sizes, n.graph, 0, &err));
    CHECK_EQ(sizes.n, 2);
    CHECK_EQ(sizes.values[1], 128 + 2);
    net_close(&n);
}

static void a_net_for_giants_is_refused(void)
{
    static const int64_t dims[] = { 0, 0, 1 };
    cvyi_probe_sizes sizes;
    cvy_error err = { 0 };
    net n;
    int x = net_open(&n, true, 3, dims);

    for (int i = 0; i < 12; i++)
        x = net_pool(&n, "pool", "max", "real", x,
                     (net_window){ 2, 2, 1, CVYI_BORDER_GIVEN });
    net_output(&n, x);
    CHECK_EQ(cvyi_probe_sizes_for(&sizes, n.graph, 0, &err), CVY_SHAPE);
    net_close(&n);
}

/* A reshape that fits some inputs only: sizes are looked for that fit. */
static void sizes_suit_a_reshape(void)
{
    static const struct {
        int64_t shape[2];       /* 0: what is left, rounded down */
        int64_t divisor, exact; /* of the length; 0: any */
    } cases_of[] = { { { 0, 4 }, 4, 0 },
                     { { 7, 0 }, 7, 0 },
                     { { 5, 3 }, 1, 5 } };
    static const int64_t dims[] = { 0, 0, 3 };

    for (size_t i = 0; i < sizeof cases_of / sizeof *cases_of; i++)
        for (int round = 0; round < 2; round++) {
            cvyi_probe_sizes sizes;
            cvyi_attrs attrs;
            cvy_error err = { 0 };
            net n;
            const int in = net_open(&n, true, 3, dims);
            cvyi_sizes *const pool = &n.graph->sizes;
            const cvyi_size all =
                cvyi_type_elements(pool, &n.graph->results[in].type, 1);

            cvyi_attrs_open(&attrs, cvyi_op_find("reshape"), 0);
            cvyi_set_int(&attrs, "partial", 1);

            cvyi_attr_value *const shape = cvyi_attr_set(&attrs, "shape");

            shape->n = 2;
            for (int k = 0; k < 2; k++) {
                const cvyi_size other =
                    cvyi_size_of(pool, cases_of[i].shape[1 - k]);

                shape->sizes[k] =
                    cases_of[i].shape[k] != 0
                        ? cvyi_size_of(pool, cases_of[i].shape[k])
                        : cvyi_size_floor(pool, all, other);
            }
            net_output(&n,
                       net_call(&n, "turn", "Reshape", &attrs, &in, 1, NULL));
            CHECK_OK(cvyi_probe_sizes_for(&sizes, n.graph, round, &err));
            CHECK_EQ(sizes.values[1] % cases_of[i].divisor, 0);
            if (cases_of[i].exact != 0)
                CHECK_EQ(sizes.values[1], cases_of[i].exact);
            net_close(&n);
        }
}

/* ---- values ---- */

enum { LENGTH = 40, CHANNELS = 3, EACH = LENGTH * CHANNELS };

static void every_sample_shows_another_fault(void)
{
    static const int64_t dims[] = { CVYI_PROBES, LENGTH, CHANNELS };
    cvy_view view;
    cvy_error err = { 0 };
    uint64_t seed = 1;
    int ones = 0, zeros = 0;

    CHECK_OK(cvyi_tensor_open(&view, CVY_F32, 3, dims, &err));
    cvyi_probe_fill(&view, &seed);

    const float *const p = view.data;

    for (int i = 0; i < EACH; i++) {
        ones += p[i] == 1;
        zeros += p[i] == 0;
    }
    CHECK(ones >= 1 && ones <= 5 && ones + zeros == EACH);
    for (int i = 1; i < EACH; i++)
        CHECK(p[EACH + i] > p[EACH + i - 1]);
    for (int i = 0; i < EACH; i++)
        CHECK(fabsf(p[EACH + i]) <= 1 && fabsf(p[2 * EACH + i]) <= 6);
    CHECK_STR(cvyi_probe_name(0), "the impulses");
    CHECK_STR(cvyi_probe_name(1), "the ramp");
    CHECK_STR(cvyi_probe_name(2), "random data");
    cvyi_tensor_close(&view);
}

static void random_numbers_have_mean_0_and_variance_1(void)
{
    enum { N = 20000 };
    static const int64_t dims[] = { N };
    cvy_view view;
    cvy_error err = { 0 };
    uint64_t seed = 1;
    double sum = 0, squares = 0;

    CHECK_OK(cvyi_tensor_open(&view, CVY_F32, 1, dims, &err));
    cvyi_probe_random(&view, &seed);
    for (int i = 0; i < N; i++) {
        const double x = (double)((const float *)view.data)[i];

        sum += x;
        squares += x * x;
    }
    /* Five standard deviations of a mean, and of a mean of squares. */
    CHECK(fabs(sum / N) < 5 / sqrt(N));
    CHECK(fabs(squares / N - 1) < 5 * sqrt(2.0 / N));
    cvyi_tensor_close(&view);
}

static void the_seed_decides(void)
{
    static const int64_t dims[] = { CVYI_PROBES, 5, 2 };
    float a[CVYI_PROBES * 10], b[CVYI_PROBES * 10], c[CVYI_PROBES * 10];
    uint64_t one = 1, again = 1, two = 2;
    const cvy_view va = cvyi_packed(a, CVY_F32, 3, dims);
    const cvy_view vb = cvyi_packed(b, CVY_F32, 3, dims);
    const cvy_view vc = cvyi_packed(c, CVY_F32, 3, dims);

    memset(a, 0, sizeof a);
    memset(b, 0, sizeof b);
    memset(c, 0, sizeof c);
    cvyi_probe_fill(&va, &one);
    cvyi_probe_fill(&vb, &again);
    cvyi_probe_fill(&vc, &two);
    CHECK(memcmp(a, b, sizeof a) == 0);
    CHECK(memcmp(a, c, sizeof a) != 0);
}

static void dead_values_are_told(void)
{
    static const struct {
        int64_t n;
        float values[3];
        bool dead;
    } values[] = {
        /* clang-format off */
        { 3, { 1, 2, 3 },        false },
        { 3, { 0, 0, 1 },        false },
        { 3, { 0, 0, 0 },        true },
        { 3, { 2, 2, 2 },        true },
        { 3, { 1, NAN, 3 },      true },
        { 3, { 1, INFINITY, 3 }, true },
        { 3, { 1, 0x1p61f, 3 },  true },
        { 1, { 2 },              false }, /* one number has no equal */
        /* clang-format on */
    };

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        float copy[3];
        const cvy_view view = cvyi_packed(copy, CVY_F32, 1, &values[i].n);

        memcpy(copy, values[i].values, sizeof copy);
        CHECK_EQ(cvyi_probe_is_dead(&view), values[i].dead);
    }
}

static const check_case cases[] = {
    { "unknown_sizes_are_even_and_then_odd",
      unknown_sizes_are_even_and_then_odd },
    { "sizes_grow_until_every_layer_has_an_element",
      sizes_grow_until_every_layer_has_an_element },
    { "sizes_suit_a_reshape", sizes_suit_a_reshape },
    { "a_net_for_giants_is_refused", a_net_for_giants_is_refused },
    { "every_sample_shows_another_fault", every_sample_shows_another_fault },
    { "random_numbers_have_mean_0_and_variance_1",
      random_numbers_have_mean_0_and_variance_1 },
    { "the_seed_decides", the_seed_decides },
    { "dead_values_are_told", dead_values_are_told },
};
CHECK_MAIN(cases)
