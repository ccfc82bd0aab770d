/* tests/layout/test_layout.c - layouts against elements moved one by one. */
#include "layout/layout.h"

#include "tensor/tensor.h"

#include "check.h"

enum { MOST = 5000 };

static cvy_error err;

/* What the layout makes of 0, 1, 2 ... in a packed source. */
static int64_t apply(int32_t *out, const cvyi_layout *l)
{
    static int32_t from[MOST];
    int64_t dims[CVY_MAX_RANK];
    const int rank = cvyi_layout_source(l, dims);
    const cvy_view source = cvyi_packed(from, CVY_I32, rank, dims);
    cvy_view view;

    CHECK(cvy_view_count(&source) <= MOST);
    for (int32_t i = 0; i < MOST; i++)
        from[i] = i;
    CHECK_OK(cvyi_layout_view(&view, l, &source, &err));
    CHECK_EQ(view.rank, l->n);
    cvyi_copy_range(out, &view, 0, cvy_view_count(&view));
    return cvy_view_count(&view);
}

/* The same by NumPy's words. */
static void apply_numpy(int32_t *out, const cvyi_layout *l)
{
    static int32_t from[MOST];
    int64_t dims[CVY_MAX_RANK], reshape[CVY_MAX_RANK];
    int perm[CVY_MAX_RANK], rank = cvyi_layout_source(l, dims), n;

    for (int32_t i = 0; i < MOST; i++)
        from[i] = i;
    cvyi_layout_numpy(l, &n, reshape, perm);

    const cvy_view source = n > 0 ? cvyi_packed(from, CVY_I32, n, reshape)
                                  : cvyi_packed(from, CVY_I32, rank, dims);
    bool seen[CVY_MAX_RANK] = { false };

    for (int i = 0; i < source.rank; i++) {
        CHECK(perm[i] >= 0 && perm[i] < source.rank && !seen[perm[i]]);
        seen[perm[i]] = true;
    }

    const cvy_view moved = cvyi_permuted(&source, perm);

    cvyi_copy_range(out, &moved, 0, cvy_view_count(&moved));
}

static void check_numpy(const cvyi_layout *l)
{
    static int32_t a[MOST], b[MOST];
    const int64_t n = apply(a, l);

    apply_numpy(b, l);
    CHECK(memcmp(a, b, (size_t)n * sizeof *a) == 0);
}

static void check_dims(const cvyi_layout *l, int rank, const int64_t *dims)
{
    int64_t got[CVY_MAX_RANK];

    CHECK_EQ(cvyi_layout_target(l, got), rank);
    for (int i = 0; i < rank; i++)
        CHECK_EQ(got[i], dims[i]);
}

/* Rules, and the permutation that a report prints for them. */
/* clang-format off */
static const struct {
    const char *rule;
    int n_spatial, rank;
    int64_t source[6];
    int target_rank;
    int64_t target[6];
    int n_reshape, n_perm, perm[6];
} rule_rows[] = {
    { "S I O -> O I S", 2, 4, {3,5,4,7}, 4, {7,4,3,5}, 0, 4, {3,2,0,1} },
    { "S I O -> O I S", 1, 3, {3,4,7},   3, {7,4,3},   0, 3, {2,1,0} },
    { "S I O -> O I S", 3, 5, {2,3,4,5,6}, 5, {6,5,2,3,4}, 0, 5, {4,3,0,1,2} },
    { "S I O -> O I S", 2, 4, {1,1,4,7}, 4, {7,4,1,1}, 0, 4, {3,2,0,1} },
    { "S I O -> O I S", 2, 4, {3,3,1,8}, 4, {8,1,3,3}, 0, 4, {3,2,0,1} },
    { "S I M -> (I M) 1 S", 2, 4, {3,3,4,2}, 4, {8,1,3,3}, 0, 4, {2,3,0,1} },
    { "S I M -> (I M) 1 S", 2, 4, {3,3,4,1}, 4, {4,1,3,3}, 0, 4, {2,3,0,1} },
    { "(C M=2) 1 S -> S C M", 2, 4, {8,1,3,5}, 4, {3,5,4,2},
      0, 4, {2,3,0,1} },
    { "(C M=1) 1 S -> S C M", 2, 4, {4,1,3,5}, 4, {3,5,4,1}, 0, 4,
      {2,3,0,1} },
    { "O",              2, 1, {9},       1, {9},       0, 1, {0} },
    { "I O -> O I",     0, 2, {3,8},     2, {8,3},     0, 2, {1,0} },
    { "I O -> O I 1",   1, 2, {3,8},     3, {8,3,1},   0, 2, {1,0} },
    { "I O -> O I 1S",  2, 2, {3,8},     4, {8,3,1,1}, 0, 2, {1,0} },
    { "O I 1S -> I O",  2, 4, {8,3,1,1}, 2, {3,8},     0, 4, {1,0,2,3} },
    { "O I S",          2, 4, {8,3,5,5}, 4, {8,3,5,5}, 0, 4, {0,1,2,3} },
    { "A B C -> (C A B)", 0, 3, {2,3,4}, 1, {24},      0, 3, {2,0,1} },
    { "A B -> B A",     0, 2, {0,3},     2, {3,0},     0, 2, {1,0} },
};
/* clang-format on */

static void rules_give_the_permutations_of_the_table(void)
{
    for (size_t i = 0; i < sizeof rule_rows / sizeof *rule_rows; i++) {
        cvyi_layout l;
        int64_t reshape[CVY_MAX_RANK];
        int perm[CVY_MAX_RANK], n;

        CHECK_OK(cvyi_layout_parse(&l, rule_rows[i].rule,
                                   rule_rows[i].n_spatial, rule_rows[i].rank,
                                   rule_rows[i].source, &err));
        check_dims(&l, rule_rows[i].target_rank, rule_rows[i].target);
        cvyi_layout_numpy(&l, &n, reshape, perm);
        CHECK_EQ(n, rule_rows[i].n_reshape);
        for (int k = 0; k < rule_rows[i].n_perm; k++)
            if (perm[k] != rule_rows[i].perm[k])
                CHECK_FAIL("%s: perm[%d] is %d", rule_rows[i].rule, k,
                           perm[k]);
        check_numpy(&l);
    }
}

/* The convolution and depthwise rules, element by element. */
static void elements_land_where_the_rule_says(void)
{
    enum { H = 2, W = 3, I = 4, O = 5 };
    static const int64_t dims[] = { H, W, I, O };
    static int32_t got[MOST];
    cvyi_layout l;

    CHECK_OK(cvyi_layout_parse(&l, "S I O -> O I S", 2, 4, dims, &err));
    apply(got, &l);
    for (int o = 0; o < O; o++)
        for (int i = 0; i < I; i++)
            for (int h = 0; h < H; h++)
                for (int w = 0; w < W; w++)
                    CHECK_EQ(got[((o * I + i) * H + h) * W + w],
                             ((h * W + w) * I + i) * O + o);

    CHECK_OK(cvyi_layout_parse(&l, "S I M -> (I M) 1 S", 2, 4, dims, &err));
    apply(got, &l);
    for (int c = 0; c < I; c++)
        for (int q = 0; q < O; q++)
            for (int h = 0; h < H; h++)
                for (int w = 0; w < W; w++)
                    CHECK_EQ(got[((c * O + q) * H + h) * W + w],
                             ((h * W + w) * I + c) * O + q);
}

/* W_t[o, (c*H + h)*W + w] = W_k[(h*W + w)*C + c, o] */
static void flatten_becomes_a_permuted_dense_weight(void)
{
    for (int h_n = 1; h_n <= 3; h_n++)
        for (int w_n = 1; w_n <= 3; w_n++)
            for (int c_n = 1; c_n <= 3; c_n++) {
                const int64_t dims[] = { h_n * w_n * c_n, 5 };
                const int64_t factors[] = { h_n, w_n, c_n };
                static const int order[] = { 2, 0, 1 };
                static int32_t got[MOST];
                cvyi_layout dense, l;
                int at = 0;

                CHECK_OK(
                    cvyi_layout_parse(&dense, "I O -> O I", 0, 2, dims, &err));
                CHECK_OK(
                    cvyi_layout_split(&l, &dense, 1, 3, factors, order, &err));
                apply(got, &l);
                for (int o = 0; o < 5; o++)
                    for (int c = 0; c < c_n; c++)
                        for (int h = 0; h < h_n; h++)
                            for (int w = 0; w < w_n; w++)
                                CHECK_EQ(got[at++],
                                         ((h * w_n + w) * c_n + c) * 5 + o);
                check_numpy(&l);
                if (h_n * w_n == 1 || c_n == 1) /* then nothing moves */
                    CHECK(memcmp(&l, &dense, sizeof l) == 0);
            }
}

static uint64_t seed;

static int draw(int n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)n);
}

static void shuffled(int *order, int n)
{
    for (int i = 0; i < n; i++) {
        const int k = draw(i + 1);

        order[i] = order[k];
        order[k] = i;
    }
}

/* A random layout: axes permuted, some joined, one of them reordered. */
static void random_layout(cvyi_layout *out, int rank, const int64_t *dims)
{
    static const char letters[] = "ABCD";
    char rule[64] = "";
    int order[CVY_MAX_RANK], open = 0;
    size_t n = 0;

    for (int i = 0; i < rank; i++)
        n += (size_t)sprintf(rule + n, "%c ", letters[i]);
    n += (size_t)sprintf(rule + n, "-> ");
    shuffled(order, rank);
    for (int i = 0; i < rank; i++) {
        if (open == 0 && draw(4) == 0) {
            n += (size_t)sprintf(rule + n, "(");
            open = 1;
        }
        n += (size_t)sprintf(rule + n, "%c", letters[order[i]]);
        if (open && draw(2) == 0) {
            n += (size_t)sprintf(rule + n, ")");
            open = 0;
        }
        n += (size_t)sprintf(rule + n, draw(5) == 0 ? " 1 " : " ");
    }
    if (open)
        sprintf(rule + n, ")");
    CHECK_OK(cvyi_layout_parse(out, rule, 0, rank, dims, &err));
}

static void random_shape(int64_t *dims, int rank)
{
    static const int64_t sizes[] = { 1, 2, 3, 4 };

    for (int i = 0; i < rank; i++)
        dims[i] = sizes[draw(4)];
}

/* b[i] = a[...]: what `second` makes of what `first` made. */
static void check_then(const cvyi_layout *first, const cvyi_layout *second,
                       const cvyi_layout *both)
{
    static int32_t a[MOST], b[MOST], got[MOST];
    const int64_t n = apply(a, first);

    CHECK_EQ(apply(b, second), n);
    CHECK_EQ(apply(got, both), n);
    for (int64_t i = 0; i < n; i++)
        CHECK_EQ(got[i], a[b[i]]);
}

static void laws_of(const cvyi_layout *l)
{
    const cvyi_layout back = cvyi_layout_inverse(l);
    const cvyi_layout again = cvyi_layout_inverse(&back);
    int64_t source[CVY_MAX_RANK], target[CVY_MAX_RANK];
    const cvyi_layout at_source =
        cvyi_layout_identity(cvyi_layout_source(l, source), source);
    const cvyi_layout at_target =
        cvyi_layout_identity(cvyi_layout_target(l, target), target);
    cvyi_layout both;

    check_numpy(l);
    CHECK(memcmp(&again, l, sizeof again) == 0);
    CHECK_OK(cvyi_layout_then(&both, l, &back, &err));
    CHECK(cvyi_layout_is_identity(&both));
    CHECK(memcmp(&both, &at_source, sizeof both) == 0);
    CHECK_OK(cvyi_layout_then(&both, &back, l, &err));
    CHECK(cvyi_layout_is_identity(&both));
    CHECK_OK(cvyi_layout_then(&both, l, &at_target, &err));
    CHECK(memcmp(&both, l, sizeof both) == 0);
    CHECK_OK(cvyi_layout_then(&both, &at_source, l, &err));
    CHECK(memcmp(&both, l, sizeof both) == 0);
}

static void random_layouts_obey_the_laws(void)
{
    int composed = 0, split = 0;

    for (uint64_t from = 1; from <= 400; from++) {
        int64_t dims[CVY_MAX_RANK];
        cvyi_layout first, second, both;

        seed = from;

        const int rank = 1 + draw(4);

        random_shape(dims, rank);
        random_layout(&first, rank, dims);
        laws_of(&first);

        const int between = cvyi_layout_target(&first, dims);

        if (between <= 4) {
            random_layout(&second, between, dims);
            CHECK_OK(cvyi_layout_then(&both, &first, &second, &err));
            check_then(&first, &second, &both);
            composed++;
        }
        /* 2 x rest, turned round */
        const int axis = draw(between);
        const int64_t factors[] = { 2, dims[axis] / 2 };
        static const int order[] = { 1, 0 };
        const cvyi_layout same = cvyi_layout_identity(between, dims);

        if (dims[axis] % 2 == 0 &&
            cvyi_layout_split(&both, &first, axis, 2, factors, order, NULL) ==
                CVY_OK) {
            CHECK_OK(cvyi_layout_split(&second, &same, axis, 2, factors, order,
                                       &err));
            check_then(&first, &second, &both);
            laws_of(&both);
            split++;
        }
    }
    CHECK(composed > 100 && split > 50);
}

static void an_axis_cut_in_two_ways_is_refused(void)
{
    static const int64_t dims[] = { 6 }, a[] = { 2, 3 }, b[] = { 3, 2 };
    static const int64_t fits[] = { 2, 6 };
    static const int order[] = { 1, 0 };
    const cvyi_layout same = cvyi_layout_identity(1, dims);
    const cvyi_layout wide = cvyi_layout_identity(2, fits);
    cvyi_layout first, out, kept;

    CHECK_OK(cvyi_layout_split(&first, &same, 0, 2, a, order, &err));
    /* After 2 x 3 was turned, the axis is 3 x 2: this one fits ... */
    CHECK_OK(cvyi_layout_split(&out, &first, 0, 2, b, order, &err));
    CHECK(cvyi_layout_is_identity(&out));
    /* ... and this one does not. */
    memset(&out, 7, sizeof out);
    kept = out;
    CHECK_EQ(cvyi_layout_split(&out, &first, 0, 2, a, order, &err),
             CVY_UNSUPPORTED);
    CHECK_EQ(cvyi_layout_then(&out, &first, &wide, &err), CVY_SHAPE);
    CHECK(memcmp(&out, &kept, sizeof out) == 0);
    CHECK_EQ(cvyi_layout_split(&out, &same, 1, 2, a, order, NULL),
             CVY_ARGUMENT);
    CHECK_EQ(cvyi_layout_split(&out, &same, 0, 2, fits, order, NULL),
             CVY_SHAPE);
    CHECK_EQ(cvyi_layout_split(&out, &same, 0, 2, a, (int[]){ 0, 0 }, NULL),
             CVY_ARGUMENT);
}

static void bad_rules_are_refused(void)
{
    /* clang-format off */
    static const struct { const char *rule; cvy_status status; } rows[] = {
        { "S I O",            CVY_OK },
        { "I O",              CVY_SHAPE },
        { "S I 1",            CVY_SHAPE },
        { "S I O -> O S",     CVY_ARGUMENT },
        { "S I I -> I S I",   CVY_ARGUMENT },
        { "S I O -> O I I S", CVY_ARGUMENT },
        { "S I O -> O I S Q", CVY_ARGUMENT },
        { "S (I O) -> O I S", CVY_ARGUMENT },
        { "S I (P Q=5) -> P S I Q", CVY_OK },
        { "S I (P Q=2) -> P S I Q", CVY_SHAPE },
        { "S I (P=1 Q=5) -> P S I Q", CVY_ARGUMENT },
        { "S I (P Q=) -> P S I Q", CVY_ARGUMENT },
        { "S I (P Q=0) -> P S I Q", CVY_ARGUMENT },
        { "S I (P Q=5 -> P S I Q", CVY_ARGUMENT },
        { "S I (P Q=99999999999999999999) -> P S I Q", CVY_ARGUMENT },
        { "S I=4 O -> O I S",    CVY_ARGUMENT },
        { "S I O -> (O I=4) S",  CVY_ARGUMENT },
        { "S I O -> (O I S",  CVY_ARGUMENT },
        { "S I O -> O) I S",  CVY_ARGUMENT },
        { "S I O > O I S",    CVY_ARGUMENT },
        { "S I O - O I S",    CVY_ARGUMENT },
        { "S I O -> O -> I S", CVY_ARGUMENT },
        { "SIO",              CVY_ARGUMENT },
        { "s i o",            CVY_ARGUMENT },
        { "S I O -> O I S 1 1 1 1 1 1 1 1 1", CVY_ARGUMENT },
    };
    /* clang-format on */
    static const int64_t dims[] = { 3, 3, 4, 5 };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_layout out;

        if (cvyi_layout_parse(&out, rows[i].rule, 2, 4, dims, &err) !=
            rows[i].status)
            CHECK_FAIL("\"%s\": %s", rows[i].rule, err.text);
    }
}

static void views_follow_the_strides_of_the_source(void)
{
    static const int64_t dims[] = { 2, 3, 4 };
    int32_t numbers[24], packed[24], got[24];
    cvyi_layout l;
    cvy_view view, other;

    for (int i = 0; i < 24; i++)
        numbers[i] = i;

    const cvy_view whole =
        cvyi_packed(numbers, CVY_I32, 3, (const int64_t[]){ 4, 3, 2 });
    const cvy_view turned = cvyi_permuted(&whole, (const int[]){ 2, 1, 0 });

    cvyi_copy_range(packed, &turned, 0, 24);
    other = cvyi_packed(packed, CVY_I32, 3, dims);
    CHECK_OK(cvyi_layout_parse(&l, "A B C -> B (A C)", 0, 3, dims, &err));
    CHECK_OK(cvyi_layout_view(&view, &l, &turned, &err));
    cvyi_copy_range(got, &view, 0, 24);
    CHECK_OK(cvyi_layout_view(&view, &l, &other, &err));
    cvyi_copy_range(numbers, &view, 0, 24);
    CHECK(memcmp(got, numbers, sizeof got) == 0);
    CHECK_EQ(cvyi_layout_view(&view, &l, &whole, &err), CVY_SHAPE);
}

static void the_orders_of_axes_undo_each_other(void)
{
    static const int first[6][6] = { { 0 },          { 0 },
                                     { 0, 1 },       { 0, 2, 1 },
                                     { 0, 3, 1, 2 }, { 0, 4, 1, 2, 3 } };

    for (int rank = 0; rank < 6; rank++) {
        int to_first[6], to_last[6];

        cvyi_axes_last_to_first(rank, to_first);
        cvyi_axes_first_to_last(rank, to_last);
        for (int i = 0; i < rank; i++) {
            CHECK_EQ(to_first[i], first[rank][i]);
            CHECK_EQ(to_first[to_last[i]], i);
        }
    }
}

static const check_case cases[] = {
    { "rules_give_the_permutations_of_the_table",
      rules_give_the_permutations_of_the_table },
    { "elements_land_where_the_rule_says", elements_land_where_the_rule_says },
    { "flatten_becomes_a_permuted_dense_weight",
      flatten_becomes_a_permuted_dense_weight },
    { "random_layouts_obey_the_laws", random_layouts_obey_the_laws },
    { "an_axis_cut_in_two_ways_is_refused",
      an_axis_cut_in_two_ways_is_refused },
    { "bad_rules_are_refused", bad_rules_are_refused },
    { "views_follow_the_strides_of_the_source",
      views_follow_the_strides_of_the_source },
    { "the_orders_of_axes_undo_each_other",
      the_orders_of_axes_undo_each_other },
};
CHECK_MAIN(cases)
