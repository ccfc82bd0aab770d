/* graph/test_param.c - stored numbers in the shape of a slot. */
#include "graph/param.h"

#include "check.h"

static float numbers[4096];

static void fill_numbers(void)
{
    for (int i = 0; i < 4096; i++)
        numbers[i] = (float)i;
}

/* A parameter of these stored dims, brought to its slot by `rule`. */
static cvyi_param made(const char *rule, int n_spatial, int rank,
                       const int64_t *dims)
{
    cvyi_param param = { .name = "p", .slot = "weight" };
    cvy_error err;

    fill_numbers();
    param.stored = cvyi_packed(numbers, CVY_F32, rank, dims);
    CHECK_OK(
        cvyi_layout_parse(&param.layout, rule, n_spatial, rank, dims, &err));
    return param;
}

/* The elements, row by row, of a view. */
static int64_t read_all(double *out, const cvy_view *view)
{
    int64_t at[CVY_MAX_RANK] = { 0 }, n = 0;

    do
        out[n++] = cvyi_at(view, at);
    while (cvyi_next(view->rank, view->dims, at));
    return n;
}

static void a_kernel_is_transposed_without_a_copy(void)
{
    const int64_t dims[] = { 3, 2, 4, 5 };
    const cvyi_param param = made("S I O -> O I S", 2, 4, dims);
    cvyi_shape shape;
    cvy_view view;
    cvy_error err;

    CHECK_OK(cvyi_param_view(&view, &shape, &param, NULL, &err));
    CHECK(view.data == numbers);
    CHECK_EQ(shape.rank, 4);
    for (int64_t o = 0; o < 5; o++)
        for (int64_t i = 0; i < 4; i++)
            for (int64_t y = 0; y < 3; y++)
                for (int64_t x = 0; x < 2; x++) {
                    const int64_t at[] = { o, i, y, x };

                    CHECK(cvyi_at(&view, at) ==
                          (double)(((y * 2 + x) * 4 + i) * 5 + o));
                }
}

static void a_view_is_joined_only_if_its_strides_allow_it(void)
{
    const int64_t dims[] = { 3, 3, 4, 2 };
    const cvyi_shape slot = { 4, { 8, 1, 3, 3 } };
    const cvyi_param param = made("S I M -> (I M) 1 S", 2, 4, dims);
    const cvyi_shape flat = { 1, { 72 } }, wrong = { 2, { 8, 8 } };
    const cvyi_shape parts = { 3, { 3, 3, 8 } };
    cvy_view view, joined;
    cvyi_shape shape;
    cvy_error err;

    CHECK_OK(cvyi_param_view(&view, &shape, &param, NULL, &err));
    CHECK_EQ(shape.rank, 4);
    CHECK_EQ(shape.dims[0], 8);
    CHECK_EQ(shape.dims[1], 1);
    /* 4 x 2 stand beside one another in the memory: they are one axis. */
    CHECK(cvyi_view_joined(&joined, &view, &slot));
    CHECK_EQ(joined.rank, 4);
    CHECK_EQ(joined.strides[0], 1);
    CHECK_EQ(joined.strides[2], 24);
    CHECK(!cvyi_view_joined(&joined, &view, &flat));
    CHECK(!cvyi_view_joined(&joined, &view, &wrong));
    CHECK(cvyi_view_joined(&joined, &param.stored, &flat));
    CHECK(cvyi_view_joined(&joined, &param.stored, &parts));
    CHECK_EQ(joined.strides[1], 8);
}

static void a_joined_view_has_the_elements_of_its_parts(void)
{
    static const int64_t shapes[][4] = {
        { 24, 1, 1, 1 }, { 2, 12, 1, 1 }, { 4, 1, 6, 1 },  { 1, 2, 3, 4 },
        { 6, 4, 1, 1 },  { 3, 8, 1, 1 },  { 1, 1, 1, 24 },
    };
    const int64_t dims[] = { 2, 3, 4 };
    const cvy_view view = cvyi_packed(numbers, CVY_F32, 3, dims);

    fill_numbers();
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        cvyi_shape shape = { .rank = 4 };
        double want[24], have[24];
        cvy_view joined;

        memcpy(shape.dims, shapes[i], sizeof shapes[i]);
        if (!cvyi_view_joined(&joined, &view, &shape))
            continue;
        CHECK_EQ(read_all(want, &view), 24);
        CHECK_EQ(read_all(have, &joined), 24);
        CHECK(memcmp(want, have, sizeof want) == 0);
    }
}

/* ---- features in blocks ---- */

static const cvyi_feature_block channels_first = { 3,
                                                   { 2, 3, 4 },
                                                   { 2, 0, 1 } };
static const cvyi_feature_block plain = { 1, { 5 }, { 0 } };

static void a_feature_of_a_flatten_comes_from_its_place_in_the_source(void)
{
    /* Here C H W, there H W C. */
    for (int64_t c = 0; c < 4; c++)
        for (int64_t h = 0; h < 2; h++)
            for (int64_t w = 0; w < 3; w++)
                CHECK_EQ(cvyi_feature_source(&channels_first, 1,
                                             (c * 2 + h) * 3 + w),
                         (h * 3 + w) * 4 + c);
}

static void blocks_stand_one_after_the_other(void)
{
    const cvyi_feature_block blocks[] = { plain, channels_first, plain };

    for (int64_t i = 0; i < 5; i++) {
        CHECK_EQ(cvyi_feature_source(blocks, 3, i), i);
        CHECK_EQ(cvyi_feature_source(blocks, 3, 29 + i), 29 + i);
    }
    for (int64_t i = 0; i < 24; i++)
        CHECK_EQ(cvyi_feature_source(blocks, 3, 5 + i),
                 5 + cvyi_feature_source(&channels_first, 1, i));
}

/* The law: along the permuted axis, element `at` is what the unpermuted
 * parameter has at cvyi_feature_source(at). */
static void check_permuted(cvyi_param param, int axis,
                           const cvyi_feature_block *blocks, int n)
{
    cvyi_arena arena = { 0 };
    cvyi_param before = param;
    cvyi_shape shape;
    cvy_view view, have, want;
    int64_t at[CVY_MAX_RANK] = { 0 };
    cvy_error err;

    param.permuted_axis = axis;
    param.blocks = blocks;
    param.n_blocks = n;
    CHECK_OK(cvyi_param_view(&view, &shape, &param, &arena, &err));
    CHECK_OK(cvyi_view_packed(&have, &view, &shape, CVY_F32, &arena, &err));
    CHECK_OK(cvyi_param_view(&view, &shape, &before, NULL, &err));
    CHECK_OK(cvyi_view_packed(&want, &view, &shape, CVY_F32, &arena, &err));
    do {
        int64_t from[CVY_MAX_RANK];

        memcpy(from, at, sizeof at);
        from[axis] = cvyi_feature_source(blocks, n, at[axis]);
        CHECK(cvyi_at(&have, at) == cvyi_at(&want, from));
    } while (cvyi_next(shape.rank, shape.dims, at));
    cvyi_arena_close(&arena);
}

static void a_permuted_axis_follows_the_blocks(void)
{
    const cvyi_feature_block many[] = { plain, channels_first, plain };
    const int64_t dense[] = { 34, 6 }, one[] = { 24, 6 }, bias[] = { 34 };
    const int64_t kernel[] = { 3, 34, 7 }, last[] = { 3, 2, 24 };
    /* An axis of 2 x 17 that lies in two pieces of memory. */
    const int64_t apart[] = { 2, 3, 17 };

    check_permuted(made("I O -> O I", 0, 2, dense), 1, many, 3);
    check_permuted(made("I O -> O I", 0, 2, one), 1, &channels_first, 1);
    check_permuted(made("O", 0, 1, bias), 0, many, 3);
    check_permuted(made("S I O -> O I S", 1, 3, kernel), 1, many, 3);
    check_permuted(made("S I O -> O I S", 1, 3, last), 0, &channels_first, 1);
    check_permuted(made("A B C -> B (A C)", 0, 3, apart), 1, many, 3);
}

static void several_blocks_need_an_arena(void)
{
    const cvyi_feature_block many[] = { plain, channels_first };
    const int64_t dims[] = { 29, 2 };
    cvyi_param param = made("I O -> O I", 0, 2, dims);
    cvy_view view = { .rank = 77 };

    param.permuted_axis = 1;
    param.blocks = many;
    param.n_blocks = 2;
    CHECK_EQ(cvyi_param_view(&view, NULL, &param, NULL, NULL), CVY_ARGUMENT);
    CHECK_EQ(view.rank, 77);
}

static void a_parameter_without_a_value_has_no_view(void)
{
    const int64_t dims[] = { 29, 2 };
    cvyi_param param = made("I O -> O I", 0, 2, dims);
    cvy_view view;
    cvy_error err;

    param.stored.data = NULL;
    CHECK_EQ(cvyi_param_view(&view, NULL, &param, NULL, &err), CVY_ARGUMENT);
    CHECK_STR(err.where, "p");
}

static const check_case cases[] = {
    { "a_kernel_is_transposed_without_a_copy",
      a_kernel_is_transposed_without_a_copy },
    { "a_view_is_joined_only_if_its_strides_allow_it",
      a_view_is_joined_only_if_its_strides_allow_it },
    { "a_joined_view_has_the_elements_of_its_parts",
      a_joined_view_has_the_elements_of_its_parts },
    { "a_feature_of_a_flatten_comes_from_its_place_in_the_source",
      a_feature_of_a_flatten_comes_from_its_place_in_the_source },
    { "blocks_stand_one_after_the_other", blocks_stand_one_after_the_other },
    { "a_permuted_axis_follows_the_blocks",
      a_permuted_axis_follows_the_blocks },
    { "several_blocks_need_an_arena", several_blocks_need_an_arena },
    { "a_parameter_without_a_value_has_no_view",
      a_parameter_without_a_value_has_no_view },
};
CHECK_MAIN(cases)
