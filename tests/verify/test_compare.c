/* Values of the source and of the port, side by side. */
#include "verify/parts.h"

#include "net.h"

#include <math.h>

enum { N = 2, H = 2, W = 3, C = 2, ALL = N * H * W * C };

static const int64_t last[] = { N, H, W, C };
static const int64_t first[] = { N, C, H, W };
static const cvyi_arrangement same = { 0 };
static const cvyi_arrangement moved = { .moved = true };

/* Element i of N H W C stands at i of N C H W. */
static int64_t place_first(int64_t i)
{
    const int64_t c = i % C, w = i / C % W, h = i / C / W % H,
                  n = i / C / W / H;

    return ((n * C + c) * H + h) * W + w;
}

static void fill(float *values, float bound, float *bounds)
{
    for (int i = 0; i < ALL; i++) {
        values[i] = (float)(i + 1);
        bounds[i] = bound;
    }
}

static void a_moved_result_is_put_back(void)
{
    float x[ALL], b[ALL], y[ALL];
    const cvy_view source = cvyi_packed(x, CVY_F32, 4, last);
    const cvy_view bound = cvyi_packed(b, CVY_F32, 4, last);
    const cvy_view port = cvyi_packed(y, CVY_F32, 4, first);
    cvyi_difference d;
    cvy_error err = { 0 };

    fill(x, 1, b);
    for (int64_t i = 0; i < ALL; i++)
        y[place_first(i)] = x[i];
    CHECK_OK(cvyi_compare(&d, &source, &bound, &port, &moved, &err));
    CHECK(d.share == 0 && d.error == 0 && d.bound == 2);

    /* Any one element, a little off, is found where the source has it. */
    for (int64_t i = 0; i < ALL; i++) {
        y[place_first(i)] += 4;
        CHECK_OK(cvyi_compare(&d, &source, &bound, &port, &moved, &err));
        CHECK(d.share == 2 && d.error == 4 && d.bound == 2);
        CHECK_EQ(cvyi_offset(&source, d.at), i);
        y[place_first(i)] -= 4;
    }
}

/* Two features and a block of H W C = 2 1 2 that stands as C H W. */
static void permuted_features_are_put_back(void)
{
    static const cvyi_feature_block blocks[] = {
        { .rank = 1, .dims = { 2 }, .order = { 0 } },
        { .rank = 3, .dims = { 2, 1, 2 }, .order = { 2, 0, 1 } },
    };
    static const int order[] = { 0, 1, 2, 4, 3, 5 }; /* port's -> source's */
    static const cvyi_arrangement arrangement = { .n_blocks = 2,
                                                  .blocks = blocks };
    static const int64_t dims[] = { 2, 6 };
    float x[12], b[12], y[12];
    const cvy_view source = cvyi_packed(x, CVY_F32, 2, dims);
    const cvy_view bound = cvyi_packed(b, CVY_F32, 2, dims);
    const cvy_view port = cvyi_packed(y, CVY_F32, 2, dims);
    cvy_view arranged;
    cvyi_difference d;
    cvy_error err = { 0 };
    bool owned;

    for (int i = 0; i < 12; i++) {
        x[i] = (float)i;
        b[i] = 0.5f;
    }
    for (int i = 0; i < 12; i++)
        y[i] = x[i / 6 * 6 + order[i % 6]];
    CHECK_OK(cvyi_compare(&d, &source, &bound, &port, &arrangement, &err));
    CHECK(d.share == 0);

    CHECK_OK(cvyi_arranged(&arranged, &owned, &source, &arrangement, &err));
    CHECK(owned);
    CHECK(memcmp(arranged.data, y, sizeof y) == 0);
    cvyi_tensor_close(&arranged);

    y[6 + 3] += 3; /* sample 1, the source's feature 4 */
    CHECK_OK(cvyi_compare(&d, &source, &bound, &port, &arrangement, &err));
    CHECK(d.share == 3);
    CHECK_EQ(d.at[0], 1);
    CHECK_EQ(d.at[1], 4);
}

static void what_only_moves_is_a_view(void)
{
    float x[ALL], b[ALL];
    const cvy_view source = cvyi_packed(x, CVY_F32, 4, last);
    cvy_view arranged;
    cvy_error err = { 0 };
    bool owned;

    fill(x, 0, b);
    CHECK_OK(cvyi_arranged(&arranged, &owned, &source, &moved, &err));
    CHECK(!owned && arranged.data == x);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(arranged.dims[i], first[i]);
    CHECK_OK(cvyi_arranged(&arranged, &owned, &source, &same, &err));
    CHECK(!owned && arranged.data == x && arranged.dims[3] == C);
}

/* One element each: source, port, bound of one side -> share. */
static void one_element_is_judged_as_the_table_says(void)
{
    static const struct {
        float source, port, bound;
        double share;
    } rows[] = {
        /* clang-format off */
        { 1,        1,        0,    0 },
        { 1,        1.5f,     1,    0.25 },
        { 1,        3,        1,    1 },
        { 1,        5,        1,    2 },
        { 1,        1.5f,     0,    INFINITY },
        { 0.0f,     -0.0f,    0,    0 },
        { NAN,      1,        1,    INFINITY },
        { 1,        NAN,      1,    INFINITY },
        { NAN,      NAN,      0,    0 },
        { INFINITY, INFINITY, 0,    0 },
        { INFINITY, 1,        1,    INFINITY },
        { INFINITY, -INFINITY, 1,   INFINITY },
        /* clang-format on */
    };
    static const int64_t dims[] = { 1, 1 };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        float x = rows[i].source, y = rows[i].port, b = rows[i].bound;
        const cvy_view source = cvyi_packed(&x, CVY_F32, 2, dims);
        const cvy_view bound = cvyi_packed(&b, CVY_F32, 2, dims);
        const cvy_view port = cvyi_packed(&y, CVY_F32, 2, dims);
        cvyi_difference d;
        cvy_error err = { 0 };

        CHECK_OK(cvyi_compare(&d, &source, &bound, &port, &same, &err));
        if (d.share != rows[i].share)
            CHECK_FAIL("row %zu: share %g", i, d.share);
    }
}

static void a_refused_allocation_is_said(void)
{
    float x[ALL], b[ALL];
    const cvy_view source = cvyi_packed(x, CVY_F32, 4, last);
    const cvy_view bound = cvyi_packed(b, CVY_F32, 4, last);

    fill(x, 1, b);
    for (size_t k = 1;; k++) {
        cvyi_difference d;
        cvy_status status;

        cvyi_alloc_refuse(k);
        status = cvyi_compare(&d, &source, &bound, &source, &same, NULL);
        cvyi_alloc_refuse(0);
        if (status == CVY_OK)
            break;
        CHECK_EQ(status, CVY_MEMORY);
    }
}

static const check_case cases[] = {
    { "a_moved_result_is_put_back", a_moved_result_is_put_back },
    { "permuted_features_are_put_back", permuted_features_are_put_back },
    { "what_only_moves_is_a_view", what_only_moves_is_a_view },
    { "one_element_is_judged_as_the_table_says",
      one_element_is_judged_as_the_table_says },
    { "a_refused_allocation_is_said", a_refused_allocation_is_said },
};
CHECK_MAIN(cases)
