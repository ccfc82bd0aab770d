/* tests/padding/test_size.c - size expressions: identities, laws, bounds. */
#include "padding/size.h"

#include "check.h"

static cvyi_arena arena;
static cvyi_sizes pool;

static void begin(void)
{
    arena = (cvyi_arena){ 0 };
    cvyi_sizes_open(&pool, &arena);
}

static void end(void)
{
    cvyi_arena_close(&arena);
}

static cvyi_size read(const char *text)
{
    const char *rest;
    const cvyi_size size = cvyi_size_parse(&pool, text, &rest);

    if (size == NULL || *rest != '\0')
        CHECK_FAIL("cannot read \"%s\"", text);
    return size;
}

/* clang-format off */
static const struct { const char *a, *b; } equal_rows[] = {
    { "ceil(ceil(H / 2) / 2)",             "ceil(H / 4)" },
    { "H // 2 // 2",                       "H // 4" },
    { "(2 * H) // 2",                      "H" },
    { "H - H",                             "0" },
    { "(3 * H + 5) // 2",                  "H + (H + 1) // 2 + 2" },
    { "(H - 3) // 2 + 1",                  "(H - 1) // 2" },
    { "(2 * H + 1) // 4",                  "H // 2" },
    { "(C * H * W) // (H * W)",            "C" },
    { "(H * W + H) // H",                  "W + 1" },
    { "(C * H) // (C * W)",                "H // W" },
    { "(4 * H + 2) // (2 * W)",            "(2 * H + 1) // W" },
    { "1 // (H + 1)",                      "0" },
    { "H // (H + 1)",                      "0" },
    { "H // (-2)",                         "(-H) // 2" },
    { "ceil(H / (-2))",                    "ceil((-H) / 2)" },
    { "(H + 1) * (H - 1)",                 "H * H - 1" },
    { "W * H",                             "H * W" },
    { "-7 // 2",                           "-4" },
    { "ceil(-7 / 2)",                      "-3" },
    { "(ceil(H / 2) - 3) // 2 + 1",        "ceil(H / 4) - 1" },
    { "ceil(H // 3 / 2)",                  "(H + 3) // 6" },
};
static const struct { const char *a, *text; } print_rows[] = {
    { "(H + 3) // 4",              "ceil(H / 4)" },
    { "H * 2 + 1",                 "2 * H + 1" },
    { "1 + H // 2",                "H // 2 + 1" },
    { "W * H * C",                 "C * H * W" },
    { "0 * H",                     "0" },
    { "3 - H",                     "-H + 3" },
    { "5 - 2 * H * W - H",         "-2 * H * W - H + 5" },
    { "C * (H // 2) * (W // 2)",   "C * (H // 2) * (W // 2)" },
    { "2 * ceil(H / 2)",           "2 * ceil(H / 2)" },
    { "(H + W + 1) // 2",          "ceil((H + W) / 2)" },
    { "(H + W + 1) // 3",          "(H + W + 1) // 3" },
    { "(2 * H + 2) // 3",          "ceil(2 * H / 3)" },
    { "H // (W + 1)",              "H // (W + 1)" },
    { "H // (W * C)",              "H // (C * W)" },
    { "H // W // C",               "(H // W) // C" },
    { "-(H // W)",                 "-(H // W)" },
    { "-9223372036854775808 * H",  "-9223372036854775808 * H" },
    { "H - 9223372036854775807 - 1", "H + -9223372036854775808" },
    { "ceil * 2",                  "2 * ceil" },
};
static const struct { const char *size; int64_t bound; bool proven; }
bound_rows[] = {
    { "H",                                1, true },
    { "H",                                2, false },
    { "H - 1",                            0, true },
    { "H * W - H",                        0, true },
    { "H * W - H - W + 1",                0, true },
    { "ceil(H / 4)",                      1, true },
    { "H // 2",                           0, true },
    { "H // 2",                           1, false },
    { "H - ceil(H / 2)",                  0, true },
    { "H - ceil(H / 2)",                  1, false },
    { "ceil(H / 2) - ceil(H / 4)",        0, true },
    { "H - 2 * (H // 2)",                 0, true },
    { "2 * ceil(H / 2) - H",              0, true },
    { "C * H - C * (H // 2)",             1, true },
    { "C * H - C * (H // 2)",             2, false },
    { "H - W",                            0, false },
    { "H // W",                           0, true },
    { "2 * ceil(H / 2) - 2 + 3 - H",      1, true }, /* SAME, 3 taps by 2 */
    { "-H",                               INT64_MIN, false },
};
/* clang-format on */

static void equal_sizes_are_one_pointer(void)
{
    begin();
    for (size_t i = 0; i < sizeof equal_rows / sizeof *equal_rows; i++)
        if (read(equal_rows[i].a) != read(equal_rows[i].b))
            CHECK_FAIL("%s is not %s", equal_rows[i].a, equal_rows[i].b);
    CHECK(read("H") != read("W"));
    CHECK(read("H // 2") != read("ceil(H / 2)"));
    end();
}

static void sizes_print_as_a_person_writes_them(void)
{
    begin();
    for (size_t i = 0; i < sizeof print_rows / sizeof *print_rows; i++) {
        cvyi_text text = { 0 };

        cvyi_size_print(&text, read(print_rows[i].a));
        CHECK_STR(cvyi_text_c(&text), print_rows[i].text);
        CHECK(read(print_rows[i].text) == read(print_rows[i].a));
        cvyi_text_close(&text);
    }
    end();
}

static void bounds_are_proven_where_the_table_says(void)
{
    begin();
    for (size_t i = 0; i < sizeof bound_rows / sizeof *bound_rows; i++)
        if (cvyi_size_at_least(read(bound_rows[i].size),
                               bound_rows[i].bound) != bound_rows[i].proven)
            CHECK_FAIL("%s >= %lld", bound_rows[i].size,
                       (long long)bound_rows[i].bound);
    end();
}

static const char *const symbols[] = { "C", "H", "W" };

/* A random expression as text and as numbers: the truth is computed beside
 * the sizes, for every assignment of 1 .. SIDE to the three symbols. */
enum { SIDE = 4, POINTS = SIDE * SIDE * SIDE };

typedef struct sample {
    cvyi_size size;
    int64_t at[POINTS];
} sample;

static uint64_t seed;

static unsigned draw(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static sample leaf(void)
{
    const unsigned which = draw(5);
    const int64_t number = (int64_t)draw(12) - 3;
    sample s;

    s.size = which < 3 ? cvyi_size_symbol(&pool, symbols[which])
                       : cvyi_size_of(&pool, number);
    for (int i = 0; i < POINTS; i++)
        s.at[i] = which == 0   ? i / SIDE / SIDE + 1
                  : which == 1 ? i / SIDE % SIDE + 1
                  : which == 2 ? i % SIDE + 1
                               : number;
    return s;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static bool has_zero(const sample *s)
{
    for (int i = 0; i < POINTS; i++)
        if (s->at[i] == 0)
            return true;
    return false;
}

static sample combine(unsigned which, const sample *a, const sample *b)
{
    sample s;

    s.size = which == 0   ? cvyi_size_add(&pool, a->size, b->size)
             : which == 1 ? cvyi_size_sub(&pool, a->size, b->size)
             : which == 2 ? cvyi_size_mul(&pool, a->size, b->size)
             : which == 3 ? cvyi_size_floor(&pool, a->size, b->size)
                          : cvyi_size_ceil(&pool, a->size, b->size);
    for (int i = 0; i < POINTS; i++)
        s.at[i] = which == 0   ? a->at[i] + b->at[i]
                  : which == 1 ? a->at[i] - b->at[i]
                  : which == 2 ? a->at[i] * b->at[i]
                  : which == 3 ? floor_div(a->at[i], b->at[i])
                               : -floor_div(-a->at[i], b->at[i]);
    return s;
}

static sample grow(int depth)
{
    if (depth == 0 || draw(6) == 0)
        return leaf();

    const sample a = grow(depth - 1);
    sample b = grow(depth - 1);
    unsigned which = draw(5);

    if (which >= 3 && has_zero(&b))
        which = 0;
    return combine(which, &a, &b);
}

static void check_values(const sample *s, uint64_t from)
{
    int64_t least = INT64_MAX;

    for (int i = 0; i < POINTS; i++) {
        const int64_t values[] = { i / SIDE / SIDE + 1, i / SIDE % SIDE + 1,
                                   i % SIDE + 1 };
        int64_t got;

        if (!cvyi_size_eval(&got, s->size, symbols, values, 3) ||
            got != s->at[i])
            CHECK_FAIL("wrong value at point %d, seed %llu", i,
                       (unsigned long long)from);
        if (got < least)
            least = got;
    }
    /* A proof must hold at every point. */
    for (int64_t over = 1; over < 4; over++)
        if (cvyi_size_at_least(s->size, least + over))
            CHECK_FAIL("proves a falsehood, seed %llu",
                       (unsigned long long)from);
}

/* Print, read, import into another pool and back: the same pointer. */
static void check_text(const sample *s, uint64_t from)
{
    cvyi_arena other_arena = { 0 };
    cvyi_sizes other;
    cvyi_text text = { 0 };
    const char *rest;

    cvyi_size_print(&text, s->size);

    const cvyi_size again = cvyi_size_parse(&pool, cvyi_text_c(&text), &rest);

    if (again != s->size || *rest != '\0')
        CHECK_FAIL("\"%s\" does not read back, seed %llu", cvyi_text_c(&text),
                   (unsigned long long)from);

    cvyi_sizes_open(&other, &other_arena);

    const cvyi_size abroad = cvyi_size_import(&other, s->size);

    CHECK(abroad != NULL);
    CHECK(abroad == cvyi_size_parse(&other, cvyi_text_c(&text), &rest));
    CHECK(cvyi_size_import(&pool, abroad) == s->size);
    cvyi_arena_close(&other_arena);
    cvyi_text_close(&text);
}

static void random_sizes_keep_their_value_and_text(void)
{
    for (uint64_t from = 1; from <= 1000; from++) {
        begin();
        seed = from;

        const sample s = grow(1 + (int)(from % 4));

        if (s.size == NULL)
            CHECK_FAIL("no size, seed %llu", (unsigned long long)from);
        check_values(&s, from);
        check_text(&s, from);
        end();
    }
}

/* Chains as networks make them: pads, strides, pools. */
static void window_sizes_agree_with_numbers(void)
{
    begin();
    for (int64_t taps = 1; taps <= 4; taps++)
        for (int64_t stride = 1; stride <= 3; stride++)
            for (int64_t pad = 0; pad <= 2; pad++) {
                const cvyi_size h = cvyi_size_symbol(&pool, "H");
                const cvyi_size valid =
                    cvyi_size_valid(&pool, cvyi_size_same(&pool, h, stride),
                                    taps, stride, 2, pad, 1);

                for (int64_t n = 20; n < 40; n++) {
                    const int64_t m = (n + stride - 1) / stride;
                    int64_t got;

                    CHECK(cvyi_size_eval(&got, valid, &symbols[1], &n, 1));
                    CHECK_EQ(got,
                             (m + pad + 1 - (taps - 1) * 2 - 1) / stride + 1);
                }
            }
    end();
}

static void strides_one_after_another_are_one_stride(void)
{
    begin();

    const cvyi_size h = cvyi_size_symbol(&pool, "H");

    for (int64_t a = 1; a <= 6; a++)
        for (int64_t b = 1; b <= 6; b++)
            CHECK(cvyi_size_same(&pool, cvyi_size_same(&pool, h, a), b) ==
                  cvyi_size_same(&pool, h, a * b));
    end();
}

static void what_does_not_fit_is_null(void)
{
    begin();

    const cvyi_size h = cvyi_size_symbol(&pool, "H");
    const cvyi_size most = cvyi_size_of(&pool, INT64_MAX);
    const cvyi_size least = cvyi_size_of(&pool, INT64_MIN);
    const char *rest;
    int64_t value = 77;

    CHECK(cvyi_size_add(&pool, most, cvyi_size_of(&pool, 1)) == NULL);
    CHECK(cvyi_size_mul(&pool, most, most) == NULL);
    CHECK(cvyi_size_sub(&pool, cvyi_size_of(&pool, 0), least) == NULL);
    CHECK(cvyi_size_floor(&pool, h, cvyi_size_of(&pool, 0)) == NULL);
    CHECK(cvyi_size_floor(&pool, h, NULL) == NULL);
    CHECK(cvyi_size_ceil(&pool, NULL, h) == NULL);
    CHECK(cvyi_size_add(&pool, NULL, h) == NULL);
    CHECK(cvyi_size_import(&pool, NULL) == NULL);
    CHECK(cvyi_size_valid(&pool, h, 3, 0, 1, 0, 0) == NULL);
    CHECK(cvyi_size_valid(&pool, h, INT64_MAX, 1, 9, 0, 0) == NULL);
    CHECK(!cvyi_size_at_least(NULL, 0));
    CHECK(!cvyi_size_constant(&value, h));
    CHECK(!cvyi_size_eval(&value, h, NULL, NULL, 0));
    CHECK_EQ(value, 77);
    CHECK(cvyi_size_constant(&value, least));
    CHECK(value == INT64_MIN);

    static const char *const bad[] = {
        "",
        "+",
        "H +",
        "(H",
        "ceil(H / 2",
        "ceil(H",
        "9223372036854775808",
        "H // 0",
        "()",
        "-",
        "ceil(H / 0)",
        "@",
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(cvyi_size_parse(&pool, bad[i], &rest) == NULL);
    CHECK(cvyi_size_parse(&pool, "H, W", &rest) == h);
    CHECK_STR(rest, ", W");
    CHECK(cvyi_size_symbol(&pool, "2x") == NULL);
    CHECK(cvyi_size_symbol(&pool, "a b") == NULL);
    CHECK(cvyi_size_symbol(&pool, "") == NULL);
    end();
}

static void endless_text_ends(void)
{
    char deep[4000];
    const char *rest;

    begin();
    memset(deep, '(', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    CHECK(cvyi_size_parse(&pool, deep, &rest) == NULL);
    memset(deep, '-', sizeof deep - 1);
    CHECK(cvyi_size_parse(&pool, deep, &rest) == NULL);
    end();
}

/* Every n-th block refused: NULL or a size of the right value. */
static void refused_memory_gives_null(void)
{
    int refused = 0;

    for (size_t n = 1; n <= 8; n++) {
        begin();
        cvyi_alloc_refuse(n);

        const cvyi_size h = cvyi_size_symbol(&pool, "H");
        cvyi_size size = h;

        for (int64_t i = 2; i < 200; i++)
            size = cvyi_size_floor(
                &pool, cvyi_size_add(&pool, size, cvyi_size_of(&pool, i)),
                cvyi_size_add(&pool, h, cvyi_size_of(&pool, i % 9)));
        refused += size == NULL;
        cvyi_alloc_refuse(0);
        end();
    }
    CHECK(refused > 0);
}

static const check_case cases[] = {
    { "equal_sizes_are_one_pointer", equal_sizes_are_one_pointer },
    { "sizes_print_as_a_person_writes_them",
      sizes_print_as_a_person_writes_them },
    { "bounds_are_proven_where_the_table_says",
      bounds_are_proven_where_the_table_says },
    { "random_sizes_keep_their_value_and_text",
      random_sizes_keep_their_value_and_text },
    { "window_sizes_agree_with_numbers", window_sizes_agree_with_numbers },
    { "strides_one_after_another_are_one_stride",
      strides_one_after_another_are_one_stride },
    { "what_does_not_fit_is_null", what_does_not_fit_is_null },
    { "endless_text_ends", endless_text_ends },
    { "refused_memory_gives_null", refused_memory_gives_null },
};
CHECK_MAIN(cases)
