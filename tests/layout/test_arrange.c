/* tests/layout/test_arrange.c - the public face: orders, shapes, copies. */
#include "convey/layout.h"

#include "check.h"

static cvy_error err;

static float numbers[1000], moved[1000];

static cvy_view counted(int rank, const int64_t *dims)
{
    for (int i = 0; i < 1000; i++)
        numbers[i] = (float)i;
    return cvy_view_packed(numbers, rank, dims);
}

/* ---- orders ---- */

static void first_and_last_are_each_others_way_back(void)
{
    for (int32_t rank = 0; rank <= CVY_MAX_RANK; rank++) {
        int32_t first[CVY_MAX_RANK], last[CVY_MAX_RANK];

        cvy_axes_to_first(first, rank);
        cvy_axes_to_last(last, rank);
        for (int32_t i = 0; i < rank; i++) {
            CHECK_EQ(last[first[i]], i);
            CHECK_EQ(first[i], rank <= 2 ? i
                               : i == 0  ? 0
                               : i == 1  ? rank - 1
                                         : i - 1);
        }
    }
}

static void a_permuted_view_has_the_same_memory(void)
{
    const int64_t dims[] = { 2, 3, 4 };
    const cvy_view x = counted(3, dims);
    const int32_t order[] = { 2, 0, 1 };
    cvy_view y;

    CHECK_OK(cvy_view_permute(&y, &x, order, &err));
    CHECK(y.data == x.data);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(y.dims[i], x.dims[order[i]]);
        CHECK_EQ(y.strides[i], x.strides[order[i]]);
    }
}

static void no_order_is_refused(void)
{
    static const int32_t wrong[][3] = { { 0, 0, 1 },
                                        { 0, 1, 3 },
                                        { -1, 0, 1 } };
    const int64_t dims[] = { 2, 3, 4 };
    const cvy_view x = counted(3, dims);

    for (int i = 0; i < 3; i++) {
        cvy_view y = { .rank = 77 };

        CHECK_EQ(cvy_view_permute(&y, &x, wrong[i], &err), CVY_ARGUMENT);
        CHECK_EQ(y.rank, 77);
    }
}

/* ---- rules ---- */

/* Each with the place in the source of element (a, b, c, d) of the target. */
static int64_t hwio(const int64_t *at) /* O I H W of {3, 2, 4, 5} */
{
    return ((at[2] * 2 + at[3]) * 4 + at[1]) * 5 + at[0];
}

static int64_t depthwise(const int64_t *at) /* (I M) 1 H W of {3, 2, 4, 2} */
{
    return ((at[2] * 2 + at[3]) * 4 + at[0] / 2) * 2 + at[0] % 2;
}

static int64_t dense(const int64_t *at) /* O I of {6, 7} */
{
    return at[1] * 7 + at[0];
}

static int64_t image(const int64_t *at) /* N C H W of {2, 3, 4, 5} */
{
    return ((at[0] * 3 + at[2]) * 4 + at[3]) * 5 + at[1];
}

static const struct {
    const char *rule;
    int32_t n_spatial, rank;
    int64_t dims[4];
    int32_t target_rank;
    int64_t target[4];
    int64_t (*from)(const int64_t *at);
} rules[] = {
    { "S I O -> O I S", 2, 4, { 3, 2, 4, 5 }, 4, { 5, 4, 3, 2 }, hwio },
    { "S I M -> (I M) 1 S",
      2,
      4,
      { 3, 2, 4, 2 },
      4,
      { 8, 1, 3, 2 },
      depthwise },
    { "I O -> O I", 0, 2, { 6, 7 }, 2, { 7, 6 }, dense },
    { "N S C -> N C S", 2, 4, { 2, 3, 4, 5 }, 4, { 2, 5, 3, 4 }, image },
};

static void a_rule_moves_each_element_to_its_place(void)
{
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        const cvy_view source = counted(rules[r].rank, rules[r].dims);
        cvy_view to;
        int64_t n;

        CHECK_OK(cvy_layout_shape(&to, &source, rules[r].rule,
                                  rules[r].n_spatial, &err));
        CHECK_EQ(to.rank, rules[r].target_rank);
        for (int i = 0; i < to.rank; i++)
            CHECK_EQ(to.dims[i], rules[r].target[i]);
        to.data = moved;
        CHECK_OK(cvy_layout_copy(&to, &source, rules[r].rule,
                                 rules[r].n_spatial, &err));
        n = cvy_view_count(&to);
        for (int64_t k = 0; k < n; k++) {
            int64_t at[4] = { 0 }, rest = k;

            for (int i = to.rank - 1; i >= 0; i--) {
                at[i] = rest % to.dims[i];
                rest /= to.dims[i];
            }
            CHECK_EQ((int64_t)moved[k], rules[r].from(at));
        }
    }
}

/* Into a view with strides of its own, where an axis is joined of two. */
static void the_target_may_have_any_strides(void)
{
    const int64_t dims[] = { 3, 4, 2 }; /* S I M */
    const cvy_view source = counted(3, dims);
    cvy_view to;

    CHECK_OK(cvy_layout_shape(&to, &source, "S I M -> (I M) 1 S", 1, &err));
    to.data = moved;
    to.strides[0] = 7; /* rows of seven numbers */
    to.strides[2] = 2;
    CHECK_OK(cvy_layout_copy(&to, &source, "S I M -> (I M) 1 S", 1, &err));
    for (int64_t c = 0; c < 8; c++)
        for (int64_t s = 0; s < 3; s++)
            CHECK_EQ((int64_t)moved[7 * c + 2 * s], s * 8 + c);
}

static void what_does_not_fit_is_refused(void)
{
    const int64_t dims[] = { 3, 4, 2 };
    const cvy_view source = counted(3, dims);
    cvy_view to = cvy_view_packed(moved, 3, dims);

    CHECK_EQ(cvy_layout_copy(&to, &source, "S I O -> O I S", 1, &err),
             CVY_SHAPE);
    CHECK_EQ(cvy_layout_shape(&to, &source, "S I O -> O I S", 2, &err),
             CVY_SHAPE);
    CHECK_EQ(cvy_layout_shape(&to, &source, "S I O -> O I I", 1, &err),
             CVY_ARGUMENT);
    CHECK_EQ(cvy_layout_shape(&to, &source, "S I O -> O I S", -1, &err),
             CVY_ARGUMENT);
    CHECK(to.data == moved);
}

static const check_case cases[] = {
    { "first and last are each other's way back",
      first_and_last_are_each_others_way_back },
    { "a permuted view has the same memory",
      a_permuted_view_has_the_same_memory },
    { "no order is refused", no_order_is_refused },
    { "a rule moves each element to its place",
      a_rule_moves_each_element_to_its_place },
    { "the target may have any strides", the_target_may_have_any_strides },
    { "what does not fit is refused", what_does_not_fit_is_refused },
};

CHECK_MAIN(cases)
