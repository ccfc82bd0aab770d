/* layer/combine/combine.c - arithmetic with a trained array. */
#include <math.h>

#include "engine/bound.h"
#include "layer/affine.h"
#include "layer/combine.h"
#include "layer/marks.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

/* The array has the marked axes; along all others it is repeated. */
static const cvyi_attr attrs[] = {
    { "way", CVYI_ATTR_WORD, NULL, CVYI_COMBINE_WAYS },
    { "axes", CVYI_ATTR_MARKS, "[]", NULL },
    { 0 },
};

/* C, then D, E, ... with more marks; one number without any. */
static const cvyi_slot slots[] = {
    { .name = "value", .letters = "C" },
    { 0 },
};

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    int n;
    const int64_t *const marks = cvyi_attr_ints(a, "axes", &n);
    cvyi_shape shape;

    (void)n_in;
    (void)sizes;
    CVYI_TRY(cvyi_marks_shape(&shape, marks, n, in, err));
    if (shape.rank > 0 && marks[0] != 0)
        return cvyi_fail_in(err, CVY_SHAPE, "axes",
                            "every sample meets the same array");
    cvyi_infer_like(out, in);
    if (shape.rank == 0)
        shape = (cvyi_shape){ .rank = 1, .dims = { 1 } };
    out->slots[0] = shape;
    return CVY_OK;
}

/* ---- ways ---- */

typedef double combine_fn(double x, double v);

static double add(double x, double v)
{
    return x + v;
}

static double subtract(double x, double v)
{
    return x - v;
}

static double from(double x, double v)
{
    return v - x;
}

static double multiply(double x, double v)
{
    return x * v;
}

static double divide(double x, double v)
{
    return x / v;
}

static double over(double x, double v)
{
    return v / x;
}

/* NaN if either is. */
static double maximum(double x, double v)
{
    return isnan(x) || x > v ? x : v;
}

static double minimum(double x, double v)
{
    return isnan(x) || x < v ? x : v;
}

/* One sum, and the rounding of its bound. */
static double sum_bound(double x, double v)
{
    return 1.01 * CVYI_UNIT * (fabs(x) + fabs(v)) + CVYI_TINY;
}

static double product_bound(double x, double v)
{
    return 1.01 * CVYI_UNIT * fabs(x * v) + CVYI_TINY;
}

/* A reciprocal and a product round once each. */
static double quotient_bound(double x, double v)
{
    return cvyi_gamma(2) * fabs(x / v) + CVYI_TINY;
}

static double over_bound(double x, double v)
{
    return quotient_bound(v, x);
}

static double nothing(double x, double v)
{
    (void)x;
    (void)v;
    return 0;
}

static const struct {
    const char *way;
    combine_fn *of, *bound;
} ways[] = {
    { "add", add, sum_bound },
    { "subtract", subtract, sum_bound },
    { "from", from, sum_bound },
    { "multiply", multiply, product_bound },
    { "divide", divide, quotient_bound },
    { "over", over, over_bound },
    { "maximum", maximum, nothing },
    { "minimum", minimum, nothing },
};

static size_t way_of(const cvyi_attrs *a)
{
    size_t i = 0;

    while (i + 1 < sizeof ways / sizeof *ways &&
           !cvyi_attr_is(a, "way", ways[i].way))
        i++;
    return i;
}

/* ---- evaluation ---- */

/* The array as if it had all axes of x. */
static cvy_view widen(const cvyi_job *job)
{
    int n;
    const int64_t *const marks = cvyi_attr_ints(job->attrs, "axes", &n);
    cvy_view wide = job->in[0];

    wide.data = job->slots[0].data;
    for (int i = 0; i < wide.rank; i++)
        wide.strides[i] =
            i < n && marks[i] != 0 ? job->slots[0].strides[marks[i] - 1] : 0;
    return wide;
}

static void run_row(const cvy_view *y, const cvy_view *x, const cvy_view *v,
                    const int64_t *at, combine_fn *of, bool up)
{
    const int last = y->rank - 1;
    float *const to = (float *)y->data + cvyi_offset(y, at);
    const float *const from_x = (const float *)x->data + cvyi_offset(x, at);
    const float *const from_v = (const float *)v->data + cvyi_offset(v, at);

    for (int64_t i = 0; i < y->dims[last]; i++) {
        const double value = of((double)from_x[i * x->strides[last]],
                                (double)from_v[i * v->strides[last]]);

        to[i * y->strides[last]] = up ? cvyi_bound_up(value) : (float)value;
    }
}

static void run(const cvyi_job *job, combine_fn *of, bool up)
{
    const cvy_view *const y = &job->out[0];
    const cvy_view v = widen(job);
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (cvy_view_count(y) == 0)
        return;
    do
        run_row(y, &job->in[0], &v, at, of, up);
    while (cvyi_next(y->rank - 1, y->dims, at));
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    run(job, ways[way_of(job->attrs)].of, false);
    return CVY_OK;
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    run(job, ways[way_of(job->attrs)].bound, true);
    return CVY_OK;
}

const cvyi_op cvyi_op_combine = {
    .name = "combine",
    .title = "arithmetic with a trained array, element by element",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
