/*
 * tests/layer/test_laws.c - laws of sliding windows, over every small case.
 *
 * The numbers are small and whole: every sum is exact in float32, so the two
 * sides of a law are equal to the last bit, whatever the order of additions.
 */
#include "workbench.h"

#include "convey/padding.h"

enum { INPUTS = 2, OUTPUTS = 3, MOST_KEPT = 24 }; /* channels of one group */

typedef struct law_case {
    int64_t taps, stride, dilation, length, groups;
    cvyi_border border;
} law_case;

typedef void law(const law_case *c);

/* Tensors of the case at hand; closed when it has been checked. */
static cvy_view kept[MOST_KEPT];
static int n_kept;

static cvy_view keep(cvy_view tensor)
{
    CHECK(n_kept < MOST_KEPT);
    return kept[n_kept++] = tensor;
}

static void drop(void)
{
    while (n_kept > 0)
        cvyi_tensor_close(&kept[--n_kept]);
}

static cvy_view zeros(int64_t a, int64_t b, int64_t c)
{
    return keep(bench_zeros(3, (int64_t[]){ a, b, c }));
}

static cvy_view whole(int rank, const int64_t *dims)
{
    const cvy_view out = keep(bench_zeros(rank, dims));

    for (int64_t i = 0; i < cvy_view_count(&out); i++)
        ((float *)out.data)[i] = (float)floor(bench_uniform() * 5);
    return out;
}

static float at3(const cvy_view *view, int64_t a, int64_t b, int64_t c)
{
    return *bench_at(view, (int64_t[]){ a, b, c });
}

static cvy_view input_of(const law_case *c)
{
    return whole(3, (int64_t[]){ 2, c->groups * INPUTS, c->length });
}

static cvy_view kernel_of(const law_case *c)
{
    return whole(3, (int64_t[]){ c->groups * OUTPUTS, INPUTS, c->taps });
}

static cvyi_attrs attrs_of(const char *op, const law_case *c)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find(op), 1);
    cvyi_set_ints(&attrs, "taps", &c->taps, 1);
    cvyi_set_ints(&attrs, "stride", &c->stride, 1);
    cvyi_set_ints(&attrs, "dilation", &c->dilation, 1);
    return attrs;
}

static cvyi_attrs conv_of(const law_case *c)
{
    cvyi_attrs attrs = attrs_of("conv", c);

    cvyi_set_int(&attrs, "outputs", c->groups * OUTPUTS);
    cvyi_set_int(&attrs, "groups", c->groups);
    cvyi_set_border(&attrs, "border", c->border);
    return attrs;
}

static cvyi_attrs pool_of(const law_case *c, const char *kind)
{
    cvyi_attrs attrs = attrs_of("pool", c);

    cvyi_set_word(&attrs, "kind", kind);
    cvyi_set_border(&attrs, "border", c->border);
    return attrs;
}

/* The operator's value; `kernel` may be NULL. */
static cvy_view value(cvyi_attrs attrs, cvy_view x, const cvy_view *kernel)
{
    const cvy_view slots[CVYI_MAX_SLOTS] = { kernel != NULL
                                                 ? *kernel
                                                 : (cvy_view){ 0 } };
    cvy_error err = { 0 };
    bench b;

    bench_open(&b);

    const cvyi_inferred inferred = bench_infer(&b, &attrs, &x);
    cvy_view y = keep(bench_output(&inferred));
    const cvyi_job job = { &attrs, &x, 1, slots, &y, 1 };

    CHECK_OK(attrs.op->eval(&job, &err));
    bench_close(&b);
    return y;
}

static cvy_view conv(const law_case *c, cvy_view x, cvy_view kernel)
{
    return value(conv_of(c), x, &kernel);
}

/* m * a + n * b; both are packed. */
static cvy_view mixed(float m, cvy_view a, float n, cvy_view b)
{
    cvy_view out = keep(bench_zeros(a.rank, a.dims));

    CHECK_EQ(cvy_view_count(&a), cvy_view_count(&b));
    for (int64_t i = 0; i < cvy_view_count(&a); i++)
        ((float *)out.data)[i] =
            m * ((float *)a.data)[i] + n * ((float *)b.data)[i];
    return out;
}

/* Every step-th element of the last axis, n of them: the same memory. */
static cvy_view part(cvy_view view, int64_t first, int64_t step, int64_t n)
{
    const int last = view.rank - 1;

    CHECK(first + (n - 1) * step < view.dims[last]);
    view.data = (float *)view.data + first * view.strides[last];
    view.dims[last] = n;
    view.strides[last] *= step;
    return view;
}

static void same(cvy_view got, cvy_view want)
{
    int64_t at[CVY_MAX_RANK] = { 0 };

    CHECK_EQ(got.rank, want.rank);
    for (int i = 0; i < got.rank; i++)
        CHECK_EQ(got.dims[i], want.dims[i]);
    do
        if (*bench_at(&got, at) != *bench_at(&want, at))
            CHECK_FAIL("[%lld %lld %lld] is %g, not %g", (long long)at[0],
                       (long long)at[1], (long long)at[2],
                       (double)*bench_at(&got, at),
                       (double)*bench_at(&want, at));
    while (cvyi_next(got.rank, got.dims, at));
}

/* ---- every small case ---- */

static int64_t span_of(const law_case *c)
{
    return (c->taps - 1) * c->dilation + 1;
}

static cvy_border amounts_of(const law_case *c)
{
    const cvy_window w = { c->taps, c->stride, c->dilation };
    cvy_border out = { c->border.before[0], c->border.after[0] };
    cvy_error err = { 0 };

    if (c->border.rule == CVYI_BORDER_SAME)
        CHECK_OK(cvy_border_same(&out, c->length, w, &err));
    return out;
}

static bool fits(const law_case *c)
{
    const cvy_border b = amounts_of(c);

    return c->length + b.before + b.after >= span_of(c);
}

static const cvyi_border none = { .rule = CVYI_BORDER_GIVEN };
static const cvyi_border by_rule = { .rule = CVYI_BORDER_SAME };
static const cvyi_border uneven = { CVYI_BORDER_GIVEN, { 1 }, { 2 } };

static void every_window(law *check, cvyi_border border, int64_t groups)
{
    law_case c = { .groups = groups, .border = border };

    for (c.taps = 1; c.taps <= 3; c.taps++)
        for (c.stride = 1; c.stride <= 3; c.stride++)
            for (c.dilation = 1; c.dilation <= 2; c.dilation++)
                for (c.length = 1; c.length <= 7; c.length++)
                    if (fits(&c)) {
                        check(&c);
                        drop();
                    }
}

static void every_case(law *check)
{
    for (int64_t groups = 1; groups <= 2; groups++) {
        every_window(check, none, groups);
        every_window(check, by_rule, groups);
        every_window(check, uneven, groups);
    }
}

/* ---- convolution ---- */

static void check_linear(const law_case *c)
{
    const cvy_view x = input_of(c), y = input_of(c);
    const cvy_view v = kernel_of(c), w = kernel_of(c);

    same(conv(c, mixed(2, x, -3, y), w),
         mixed(2, conv(c, x, w), -3, conv(c, y, w)));
    same(conv(c, x, mixed(2, v, -3, w)),
         mixed(2, conv(c, x, v), -3, conv(c, x, w)));
}

static void a_convolution_is_linear(void)
{
    every_case(check_linear);
}

/* One sample for each element of (channels, length): a 1 there, else 0. */
static cvy_view impulses(int64_t channels, int64_t length)
{
    const cvy_view x = zeros(channels * length, channels, length);

    for (int64_t k = 0; k < channels * length; k++)
        *bench_at(&x, (int64_t[]){ k, k / length, k % length }) = 1;
    return x;
}

static void check_impulse(const law_case *c)
{
    const cvy_view w = kernel_of(c);
    const cvy_view y = conv(c, impulses(c->groups * INPUTS, c->length), w);
    const int64_t before = amounts_of(c).before;
    cvy_view want = zeros(y.dims[0], y.dims[1], y.dims[2]);

    for (int64_t k = 0; k < y.dims[0]; k++)
        for (int64_t o = 0; o < y.dims[1]; o++)
            for (int64_t q = 0; q < y.dims[2]; q++) {
                const int64_t i = k / c->length - o / OUTPUTS * INPUTS;
                const int64_t far = k % c->length - q * c->stride + before;
                const int64_t t = far / c->dilation;

                if (i >= 0 && i < INPUTS && far >= 0 && t < c->taps &&
                    far % c->dilation == 0)
                    *bench_at(&want, (int64_t[]){ k, o, q }) =
                        at3(&w, o, i, t);
            }
    same(y, want);
}

static void an_impulse_gives_the_kernel_unflipped(void)
{
    every_case(check_impulse);
}

/* The input `stride` further on gives the output one further on. */
static void check_shift(const law_case *c)
{
    const int64_t rest = c->length - c->stride;
    const cvy_view x = input_of(c), w = kernel_of(c);
    const cvy_view y = conv(c, x, w);

    if (rest >= span_of(c))
        same(conv(c, part(x, c->stride, 1, rest), w),
             part(y, 1, 1, y.dims[2] - 1));
    else
        CHECK_EQ(y.dims[2], 1);
}

static void a_shift_of_the_input_shifts_the_output(void)
{
    every_window(check_shift, none, 1);
    every_window(check_shift, none, 2);
}

static void check_groups(const law_case *c)
{
    const cvy_view x = input_of(c), w = kernel_of(c);
    cvy_view dense = zeros(w.dims[0], c->groups * INPUTS, c->taps);
    cvyi_attrs attrs = conv_of(c);

    for (int64_t o = 0; o < w.dims[0]; o++)
        for (int64_t i = 0; i < INPUTS; i++)
            for (int64_t t = 0; t < c->taps; t++)
                *bench_at(&dense, (int64_t[]){ o, o / OUTPUTS * INPUTS + i,
                                               t }) = at3(&w, o, i, t);
    cvyi_set_int(&attrs, "groups", 1);
    same(conv(c, x, w), value(attrs, x, &dense));
}

static void groups_are_the_blocks_of_a_dense_kernel(void)
{
    every_case(check_groups);
}

static cvyi_border given(const law_case *c)
{
    const cvy_border b = amounts_of(c);

    return (cvyi_border){ CVYI_BORDER_GIVEN, { b.before }, { b.after } };
}

static void check_stride(const law_case *c)
{
    const cvy_view x = input_of(c), w = kernel_of(c), y = conv(c, x, w);
    law_case dense = *c;

    dense.stride = 1;
    dense.border = given(c);
    same(y, part(conv(&dense, x, w), 0, c->stride, y.dims[2]));
}

static void a_stride_takes_every_nth_output(void)
{
    every_case(check_stride);
}

static void check_dilation(const law_case *c)
{
    const cvy_view x = input_of(c), w = kernel_of(c);
    const cvy_view spread = zeros(w.dims[0], INPUTS, span_of(c));
    const cvy_view taps = part(spread, 0, c->dilation, c->taps);
    law_case plain = *c;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_copy(&taps, &w, &err));
    plain.taps = span_of(c);
    plain.dilation = 1;
    same(conv(c, x, w), conv(&plain, x, spread));
}

static void a_dilation_is_a_kernel_with_zeros_between(void)
{
    every_case(check_dilation);
}

static void check_border(const law_case *c)
{
    const cvy_view x = input_of(c), w = kernel_of(c);
    cvyi_attrs pad = attrs_of("pad", c);
    law_case bare = *c;

    cvyi_set_border(&pad, "border", c->border);
    bare.border = none;
    same(conv(c, x, w), conv(&bare, value(pad, x, NULL), w));
}

static void a_border_is_zeros_put_there_before(void)
{
    every_case(check_border);
}

/* Two axes: what holds for one holds for the other. */
static void check_axes(const int64_t *taps, const int64_t *stride,
                       const int64_t *dilation, cvyi_border border)
{
    static const int swap[] = { 0, 1, 3, 2 };
    const cvy_view x = whole(4, (int64_t[]){ 2, 2, 7, 5 });
    const cvy_view w = whole(4, (int64_t[]){ 3, 2, taps[0], taps[1] });
    const cvy_view xt = cvyi_permuted(&x, swap), wt = cvyi_permuted(&w, swap);
    cvyi_attrs a, t;

    cvyi_attrs_open(&a, cvyi_op_find("conv"), 2);
    cvyi_set_int(&a, "outputs", 3);
    cvyi_set_border(&a, "border", border);
    t = a;
    cvyi_set_ints(&a, "taps", taps, 2);
    cvyi_set_ints(&a, "stride", stride, 2);
    cvyi_set_ints(&a, "dilation", dilation, 2);
    cvyi_set_ints(&t, "taps", (int64_t[]){ taps[1], taps[0] }, 2);
    cvyi_set_ints(&t, "stride", (int64_t[]){ stride[1], stride[0] }, 2);
    cvyi_set_ints(&t, "dilation", (int64_t[]){ dilation[1], dilation[0] }, 2);

    const cvy_view yt = value(t, xt, &wt);

    same(value(a, x, &w), cvyi_permuted(&yt, swap));
    drop();
}

static void all_axes_are_alike(void)
{
    for (int64_t k = 0; k < 81; k++)
        for (int64_t d = 0; d < 4; d++) {
            const int64_t taps[] = { 1 + k % 3, 1 + k / 3 % 3 };
            const int64_t stride[] = { 1 + k / 9 % 3, 1 + k / 27 };
            const int64_t dilation[] = { 1 + d % 2, 1 + d / 2 };

            check_axes(taps, stride, dilation, none);
            check_axes(taps, stride, dilation, by_rule);
        }
}

/* ---- transposed convolution ---- */

/* The whole matrix of the one is that of the other, transposed. The same
 * numbers are O I S of the one and I O S of the other. What no window of the
 * forward layer reaches gets nothing back, and stands at the end. */
static void check_adjoint(const law_case *c)
{
    const cvy_border b = amounts_of(c);
    const int64_t rest =
        (c->length + b.before + b.after - span_of(c)) % c->stride;
    const int64_t reached = c->length - (rest > b.after ? rest - b.after : 0);
    const cvy_view w = kernel_of(c);
    const cvy_view y = conv(c, impulses(c->groups * INPUTS, c->length), w);
    const int64_t m = y.dims[2];
    cvyi_attrs back = attrs_of("conv_transpose", c);

    cvyi_set_int(&back, "outputs", c->groups * INPUTS);
    cvyi_set_int(&back, "groups", c->groups);
    cvyi_set_border(&back, "crop",
                    (cvyi_border){ CVYI_BORDER_GIVEN,
                                   { b.before },
                                   { rest > b.after ? 0 : b.after - rest } });

    const cvy_view x = value(back, impulses(y.dims[1], m), &w);

    CHECK_EQ(x.dims[2], reached);
    for (int64_t k = 0; k < y.dims[0]; k++)
        for (int64_t o = 0; o < y.dims[1] * m; o++) {
            const int64_t channel = k / c->length, place = k % c->length;
            const float forth = at3(&y, k, o / m, o % m);

            if (place >= reached)
                CHECK(forth == 0);
            else
                CHECK(forth == at3(&x, o, channel, place));
        }
}

static void the_transposed_layer_is_the_adjoint_of_the_forward_one(void)
{
    every_case(check_adjoint);
}

/* ---- SAME ---- */

static void check_same_rule(const law_case *c)
{
    const int64_t n = (c->length + c->stride - 1) / c->stride;
    const int64_t reach = (n - 1) * c->stride + span_of(c);
    const int64_t total = reach > c->length ? reach - c->length : 0;
    const cvy_view x = input_of(c), w = kernel_of(c), y = conv(c, x, w);
    law_case halves = *c;

    halves.border = (cvyi_border){ CVYI_BORDER_GIVEN,
                                   { total / 2 },
                                   { total - total / 2 } };
    CHECK_EQ(y.dims[2], n);
    same(y, conv(&halves, x, w));
    same(value(pool_of(c, "max"), x, NULL),
         value(pool_of(&halves, "max"), x, NULL));
}

static void same_is_ceil_of_length_by_stride_the_odd_element_after(void)
{
    every_window(check_same_rule, by_rule, 1);
    every_window(check_same_rule, by_rule, 2);
}

/* ---- pools ---- */

/* Every channel holds one number. A window with gaps may see nothing but
 * the border, and then has no mean. */
static void check_constant(const law_case *c)
{
    if (c->dilation > 1 && c->border.rule == CVYI_BORDER_SAME)
        return;

    const cvy_view x = input_of(c);
    int64_t at[3] = { 0 };

    do
        *bench_at(&x, at) = (float)(3 * at[0] + 7 * at[1] - 5);
    while (cvyi_next(3, x.dims, at));

    const cvy_view mean = value(pool_of(c, "average"), x, NULL);
    const cvy_view want = zeros(2, x.dims[1], mean.dims[2]);

    memset(at, 0, sizeof at);
    do
        *bench_at(&want, at) = (float)(3 * at[0] + 7 * at[1] - 5);
    while (cvyi_next(3, want.dims, at));
    same(mean, want);
    same(value(pool_of(c, "max"), x, NULL), want);
}

static void pools_keep_a_constant(void)
{
    every_window(check_constant, none, 1);
    every_window(check_constant, by_rule, 1);
}

/* With the border counted, a mean is a convolution by ones, divided. */
static void check_mean(const law_case *c)
{
    const cvy_view x = whole(3, (int64_t[]){ 2, 1, c->length });
    const cvy_view ones = zeros(1, 1, c->taps);
    cvyi_attrs sum = conv_of(c), mean = pool_of(c, "average");

    for (int64_t i = 0; i < c->taps; i++)
        ((float *)ones.data)[i] = 1;
    cvyi_set_int(&sum, "outputs", 1);
    cvyi_set_word(&mean, "count", "window");

    const cvy_view got = value(mean, x, NULL), want = value(sum, x, &ones);

    for (int64_t i = 0; i < cvy_view_count(&want); i++)
        ((float *)want.data)[i] /= (float)c->taps;
    same(got, want);
}

static void a_mean_is_a_convolution_by_ones_divided(void)
{
    every_window(check_mean, none, 1);
    every_window(check_mean, uneven, 1);
}

static const check_case cases[] = {
    { "a_convolution_is_linear", a_convolution_is_linear },
    { "an_impulse_gives_the_kernel_unflipped",
      an_impulse_gives_the_kernel_unflipped },
    { "a_shift_of_the_input_shifts_the_output",
      a_shift_of_the_input_shifts_the_output },
    { "groups_are_the_blocks_of_a_dense_kernel",
      groups_are_the_blocks_of_a_dense_kernel },
    { "a_stride_takes_every_nth_output", a_stride_takes_every_nth_output },
    { "a_dilation_is_a_kernel_with_zeros_between",
      a_dilation_is_a_kernel_with_zeros_between },
    { "a_border_is_zeros_put_there_before",
      a_border_is_zeros_put_there_before },
    { "all_axes_are_alike", all_axes_are_alike },
    { "the_transposed_layer_is_the_adjoint_of_the_forward_one",
      the_transposed_layer_is_the_adjoint_of_the_forward_one },
    { "same_is_ceil_of_length_by_stride_the_odd_element_after",
      same_is_ceil_of_length_by_stride_the_odd_element_after },
    { "pools_keep_a_constant", pools_keep_a_constant },
    { "a_mean_is_a_convolution_by_ones_divided",
      a_mean_is_a_convolution_by_ones_divided },
};

CHECK_MAIN(cases)
