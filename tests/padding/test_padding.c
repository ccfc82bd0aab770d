/* tests/padding/test_padding.c - borders and windows on one axis. */
#include "convey/padding.h"

#include "check.h"

/* TensorFlow "SAME". The rows with an even window or a stride above 1 are the
 * ones a symmetric border cannot express. */
static const struct {
    int64_t length, taps, stride, dilation;
    int64_t before, after, count;
} same_rows[] = {
    /* clang-format off */
    { 5, 3, 1, 1,   1, 1,  5 },
    { 5, 2, 1, 1,   0, 1,  5 },
    { 8, 3, 2, 1,   0, 1,  4 },
    { 7, 3, 2, 1,   1, 1,  4 },
    { 9, 3, 1, 4,   4, 4,  9 },
    { 1, 7, 1, 1,   3, 3,  1 },
    { 6, 1, 3, 1,   0, 0,  2 },
    { INT64_MAX, 1, 1, 1,   0, 0,  INT64_MAX },
    /* clang-format on */
};

static void same_matches_the_table(void)
{
    for (size_t i = 0; i < sizeof same_rows / sizeof *same_rows; i++) {
        const cvy_window w = { same_rows[i].taps, same_rows[i].stride,
                               same_rows[i].dilation };
        cvy_border b;
        int64_t count;

        CHECK_EQ(cvy_border_same(&b, same_rows[i].length, w, NULL), CVY_OK);
        CHECK_EQ(b.before, same_rows[i].before);
        CHECK_EQ(b.after, same_rows[i].after);
        CHECK_EQ(cvy_window_count(&count, same_rows[i].length, w, b, NULL),
                 CVY_OK);
        CHECK_EQ(count, same_rows[i].count);
    }
}

/* Positions 0, stride, 2 * stride ... whose taps all lie on the axis. */
static int64_t counted(int64_t length, cvy_window w, cvy_border b)
{
    int64_t n = 0;

    for (int64_t at = 0;
         at + (w.taps - 1) * w.dilation < length + b.before + b.after;
         at += w.stride)
        n++;
    return n;
}

typedef void check_window(int64_t length, cvy_window w);

static void every_small_window(check_window *check)
{
    for (int64_t length = 1; length <= 20; length++)
        for (int64_t taps = 1; taps <= 7; taps++)
            for (int64_t stride = 1; stride <= 5; stride++)
                for (int64_t dilation = 1; dilation <= 3; dilation++)
                    check(length, (cvy_window){ taps, stride, dilation });
}

static void check_same(int64_t length, cvy_window w)
{
    const int64_t wanted = (length + w.stride - 1) / w.stride;
    cvy_border b;

    CHECK_EQ(cvy_border_same(&b, length, w, NULL), CVY_OK);
    CHECK(b.before >= 0);
    CHECK(b.after - b.before == 0 || b.after - b.before == 1);
    CHECK_EQ(counted(length, w, b), wanted);
    /* The smallest border that does: one less and a position is lost. */
    if (b.after > 0) {
        b.after--;
        CHECK_EQ(counted(length, w, b), wanted - 1);
    }
}

static void same_yields_ceil_of_length_over_stride(void)
{
    every_small_window(check_same);
}

static void check_causal(int64_t length, cvy_window w)
{
    const int64_t span = (w.taps - 1) * w.dilation + 1;
    cvy_border b;

    CHECK_EQ(cvy_border_causal(&b, w, NULL), CVY_OK);
    CHECK_EQ(b.after, 0);
    CHECK_EQ(counted(length, w, b), (length + w.stride - 1) / w.stride);
    /* The last tap of output i lies on input i * stride. */
    CHECK_EQ(span - 1 - b.before, 0);
}

static void causal_ends_every_window_on_its_own_input(void)
{
    every_small_window(check_causal);
}

static void check_count(int64_t length, cvy_window w)
{
    for (int64_t before = 0; before <= 2; before++)
        for (int64_t after = 0; after <= 2; after++) {
            const cvy_border b = { before, after };
            const int64_t wanted = counted(length, w, b);
            int64_t count = 77;

            if (wanted > 0) {
                CHECK_EQ(cvy_window_count(&count, length, w, b, NULL), CVY_OK);
                CHECK_EQ(count, wanted);
            } else {
                CHECK_EQ(cvy_window_count(&count, length, w, b, NULL),
                         CVY_SHAPE);
                CHECK_EQ(count, 77);
            }
        }
}

static void counting_agrees_with_walking(void)
{
    every_small_window(check_count);
}

static void a_bad_window_is_refused_and_explained(void)
{
    const cvy_window zero_stride = { 3, 0, 1 };
    const cvy_window endless = { INT64_MAX, 1, 2 };
    const cvy_window plain = { 3, 1, 1 };
    const cvy_border below = { 0, -1 }, huge = { INT64_MAX, 1 };
    cvy_border b = { 77, 77 };
    int64_t count = 77;
    cvy_error err = { 0 };

    CHECK_EQ(cvy_border_same(&b, 5, zero_stride, &err), CVY_ARGUMENT);
    CHECK_EQ(err.status, CVY_ARGUMENT);
    CHECK(strstr(err.text, "stride") != NULL);
    CHECK_EQ(b.before, 77); /* outputs are untouched on failure */
    CHECK_EQ(cvy_border_same(&b, 5, endless, NULL), CVY_ARGUMENT);
    CHECK_EQ(cvy_border_same(&b, 0, plain, NULL), CVY_ARGUMENT);
    CHECK_EQ(cvy_border_causal(&b, endless, NULL), CVY_ARGUMENT);
    CHECK_EQ(b.after, 77);

    CHECK_EQ(cvy_window_count(&count, 5, plain, below, &err), CVY_ARGUMENT);
    CHECK(strstr(err.text, "border") != NULL);
    CHECK_EQ(cvy_window_count(&count, 5, plain, huge, NULL), CVY_ARGUMENT);
    CHECK_EQ(count, 77);
}

static const check_case cases[] = {
    { "same_matches_the_table", same_matches_the_table },
    { "same_yields_ceil_of_length_over_stride",
      same_yields_ceil_of_length_over_stride },
    { "causal_ends_every_window_on_its_own_input",
      causal_ends_every_window_on_its_own_input },
    { "counting_agrees_with_walking", counting_agrees_with_walking },
    { "a_bad_window_is_refused_and_explained",
      a_bad_window_is_refused_and_explained },
};
CHECK_MAIN(cases)
