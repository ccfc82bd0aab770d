/* tests/base/test_memory.c - checked sizes, refusals and arenas. */
#include "base/memory.h"

#include "check.h"

static void sizes_that_do_not_fit_are_told(void)
{
    size_t n = 77;
    int64_t s = 77;

    CHECK(!cvyi_mul(&n, SIZE_MAX, 2));
    CHECK(!cvyi_mul(&n, SIZE_MAX / 2 + 1, 2));
    CHECK(!cvyi_add(&n, SIZE_MAX, 1));
    CHECK_EQ(n, 77);
    CHECK(cvyi_mul(&n, SIZE_MAX / 2, 2) && n == SIZE_MAX - 1);
    CHECK(cvyi_mul(&n, SIZE_MAX, 0) && n == 0);
    CHECK(cvyi_add(&n, SIZE_MAX, 0) && n == SIZE_MAX);

    CHECK(!cvyi_mul64(&s, INT64_MIN, -1));
    CHECK(!cvyi_mul64(&s, INT64_MAX, 2));
    CHECK(!cvyi_add64(&s, INT64_MIN, -1));
    CHECK(!cvyi_add64(&s, INT64_MAX, 1));
    CHECK_EQ(s, 77);
    CHECK(cvyi_mul64(&s, INT64_MIN, 1) && s == INT64_MIN);
    CHECK(cvyi_add64(&s, INT64_MAX, INT64_MIN) && s == -1);
}

static bool all_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0)
            return false;
    return true;
}

static void memory_is_zeroed_and_may_be_empty(void)
{
    unsigned char *p = cvyi_alloc(100, 3), *moved;
    void *const empty = cvyi_alloc(0, 8), *const none = cvyi_alloc(8, 0);

    CHECK(p != NULL && all_zero(p, 300));
    CHECK(empty != NULL && none != NULL);
    CHECK(cvyi_alloc(SIZE_MAX, 2) == NULL);
    memset(p, 5, 300);
    CHECK(cvyi_realloc(p, SIZE_MAX, 2) == NULL);
    moved = cvyi_realloc(p, 1000, 1);
    CHECK(moved != NULL && moved[299] == 5);
    cvyi_free(moved);
    cvyi_free(empty);
    cvyi_free(none);
    cvyi_free(NULL);
}

static void the_nth_allocation_and_all_later_ones_are_refused(void)
{
    for (size_t n = 1; n <= 4; n++) {
        void *got[6];

        cvyi_alloc_refuse(n);
        for (size_t i = 0; i < 6; i++)
            got[i] = i % 2 ? cvyi_realloc(NULL, 1, 1) : cvyi_alloc(1, 1);
        cvyi_alloc_refuse(0);
        for (size_t i = 0; i < 6; i++) {
            CHECK_EQ(got[i] != NULL, i + 1 < n);
            cvyi_free(got[i]);
        }
    }
}

/* Blocks of all sizes around the arena's own block size. */
static void an_arena_gives_zeroed_aligned_pieces_apart(void)
{
    static const size_t sizes[] = { 0,     1,     7,     16,     100,
                                    32767, 32768, 32769, 100000, 3 };
    enum { ROUNDS = 5, N = ROUNDS * (sizeof sizes / sizeof *sizes) };
    unsigned char *pieces[N];
    cvyi_arena arena = { 0 };

    for (size_t i = 0; i < N; i++) {
        const size_t size = sizes[i % (N / ROUNDS)];

        pieces[i] = cvyi_arena_alloc(&arena, size, 1);
        CHECK(pieces[i] != NULL);
        CHECK_EQ((uintptr_t)pieces[i] % sizeof(max_align_t), 0);
        CHECK(all_zero(pieces[i], size));
        memset(pieces[i], (int)i + 1, size);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < sizes[i % (N / ROUNDS)]; k++)
            CHECK_EQ(pieces[i][k], (int)i + 1);
    cvyi_arena_close(&arena);
    cvyi_arena_close(&arena);
}

static void an_arena_refuses_what_does_not_fit(void)
{
    cvyi_arena arena = { 0 };

    CHECK(cvyi_arena_alloc(&arena, SIZE_MAX, 2) == NULL);
    CHECK(cvyi_arena_alloc(&arena, SIZE_MAX, 1) == NULL);
    CHECK(cvyi_arena_alloc(&arena, SIZE_MAX - 40, 1) == NULL);
    CHECK(cvyi_arena_text(&arena, "", SIZE_MAX) == NULL);
    cvyi_alloc_refuse(1);
    CHECK(cvyi_arena_alloc(&arena, 1, 1) == NULL);
    CHECK(cvyi_arena_printf(&arena, "%d", 1) == NULL);
    cvyi_alloc_refuse(0);
    CHECK_STR(cvyi_arena_text(&arena, "convey", 3), "con");
    CHECK_STR(cvyi_arena_text(&arena, NULL, 0), "");
    CHECK_STR(cvyi_arena_printf(&arena, "%s-%d", "a", 7), "a-7");
    cvyi_arena_close(&arena);
}

static void an_array_grows_in_its_arena(void)
{
    cvyi_arena arena = { 0 };
    int *items = NULL, capacity = 0;

    for (int n = 0; n < 1000; n++) {
        items = cvyi_arena_grow(&arena, items, n, &capacity, sizeof *items);
        CHECK(items != NULL && capacity > n);
        items[n] = n * n;
    }
    for (int n = 0; n < 1000; n++)
        CHECK_EQ(items[n], n * n);

    const int before = capacity;

    CHECK(cvyi_arena_grow(&arena, items, capacity, &capacity, SIZE_MAX / 2) ==
          NULL);
    CHECK_EQ(capacity, before);
    cvyi_arena_close(&arena);
}

static const check_case cases[] = {
    { "sizes_that_do_not_fit_are_told", sizes_that_do_not_fit_are_told },
    { "memory_is_zeroed_and_may_be_empty", memory_is_zeroed_and_may_be_empty },
    { "the_nth_allocation_and_all_later_ones_are_refused",
      the_nth_allocation_and_all_later_ones_are_refused },
    { "an_arena_gives_zeroed_aligned_pieces_apart",
      an_arena_gives_zeroed_aligned_pieces_apart },
    { "an_arena_refuses_what_does_not_fit",
      an_arena_refuses_what_does_not_fit },
    { "an_array_grows_in_its_arena", an_array_grows_in_its_arena },
};
CHECK_MAIN(cases)
