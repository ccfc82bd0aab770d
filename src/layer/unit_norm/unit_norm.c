/* layer/unit_norm/unit_norm.c - a value divided by its length over axes. */
#include "layer/affine.h"
#include "layer/walk.h"

#include "engine/bound.h"
#include "tensor/tensor.h"

#include <math.h>

/* x / max(length, least), where the length is the root of the sum of squares
 * over the marked axes. */
static const cvyi_attr attrs[] = {
    { "axes", CVYI_ATTR_MARKS, "[]", NULL },
    { "least", CVYI_ATTR_FLOAT, "1e-12", NULL },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    int n;

    (void)n_in;
    (void)sizes;
    cvyi_attr_ints(a, "axes", &n);
    if (n != 0 && n != in->rank)
        return cvyi_fail_in(err, CVY_SHAPE, "axes",
                            "%d marks for a value with %d axes", n, in->rank);
    cvyi_infer_like(out, in);
    return CVY_OK;
}

/* Views of one set of elements, which differ in their places on the marked
 * axes alone. */
typedef struct set {
    cvy_view x, y;
} set;

typedef void set_fn(const set *s, double least);

static void each_set(const cvyi_job *job, set_fn *run)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    const double least = cvyi_attr_real(job->attrs, "least");
    int n;
    const int64_t *const marks = cvyi_attr_ints(job->attrs, "axes", &n);
    int64_t at[CVY_MAX_RANK] = { 0 }, places[CVY_MAX_RANK];
    set s = { *x, *y };

    if (cvy_view_count(x) == 0)
        return;
    for (int i = 0; i < x->rank; i++) {
        const bool inside = i < n && marks[i] != 0;

        places[i] = inside ? 1 : x->dims[i];
        s.x.dims[i] = s.y.dims[i] = inside ? x->dims[i] : 1;
    }
    do {
        s.x.data = (float *)x->data + cvyi_offset(x, at);
        s.y.data = (float *)y->data + cvyi_offset(y, at);
        run(&s, least);
    } while (cvyi_next(x->rank, places, at));
}

static double squares(const set *s)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    double sum = 0;

    do {
        const double x = cvyi_at(&s->x, at);

        sum += x * x;
    } while (cvyi_next(s->x.rank, s->x.dims, at));
    return sum;
}

static void divide(const set *s, double least)
{
    const double length = sqrt(squares(s));
    const double by = length < least ? least : length; /* keeps a NaN */
    int64_t at[CVY_MAX_RANK] = { 0 };

    do
        ((float *)s->y.data)[cvyi_offset(&s->y, at)] =
            (float)(cvyi_at(&s->x, at) / by);
    while (cvyi_next(s->x.rank, s->x.dims, at));
}

/* A sum of n squares is off by gamma(n + 1) of itself and by n flushed
 * subnormals; its root by half as much. The root, `least` as a float32 and
 * the quotient, or an approximated reciprocal root and a product, add 6 u. */
static void divide_bound(const set *s, double least)
{
    const double n = (double)cvy_view_count(&s->x), sum = squares(s);
    const double most = fmax(sum, least * least), by = sqrt(most);
    const double off = 1.01 * (cvyi_gamma(n + 1) / 2 + 6 * CVYI_UNIT +
                               n * CVYI_TINY / (2 * most));
    int64_t at[CVY_MAX_RANK] = { 0 };

    do
        ((float *)s->y.data)[cvyi_offset(&s->y, at)] =
            cvyi_bound_up(fabs(cvyi_at(&s->x, at)) / by * off + CVYI_TINY);
    while (cvyi_next(s->x.rank, s->x.dims, at));
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    each_set(job, divide);
    return CVY_OK;
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    each_set(job, divide_bound);
    return CVY_OK;
}

const cvyi_op cvyi_op_unit_norm = {
    .name = "unit_norm",
    .title = "a value divided by its length over axes",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
