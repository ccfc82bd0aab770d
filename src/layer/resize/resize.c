/* layer/resize/resize.c - other lengths of the spatial axes. */
#include "layer/resize/resize.h"

#include "layer/walk.h"
#include "tensor/tensor.h"

#include <math.h>
#include <string.h>

/* `repeat`: every element `factor` times. Otherwise the nearest element, or a
 * mix of the two around. Lengths are given, or come of factors. */
static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "method", CVYI_ATTR_WORD,   "nearest", "repeat nearest linear" },
    { "grid",   CVYI_ATTR_WORD,   "half",    "half exact legacy corners" },
    { "size",   CVYI_ATTR_INTS,   "0",       NULL }, /* 0: by the factor */
    { "factor", CVYI_ATTR_FLOATS, "[]",      NULL },
    { 0 }
    /* clang-format on */
};

static const cvyi_slot slots[] = { { 0 } };

/* Factors times this are integers, if an unknown length is to take them. */
#define MOST_PARTS 1024

static bool is_repeat(const cvyi_attrs *a)
{
    return cvyi_attr_is(a, "method", "repeat");
}

static cvy_status check(const cvyi_attrs *a, cvy_error *err)
{
    const cvyi_attr_value *const factor = cvyi_attr_at(a, "factor");
    const int64_t *const size = cvyi_attr_ints(a, "size", NULL);

    if (factor->n != 0 && factor->n != a->n_spatial)
        return cvyi_fail_in(err, CVY_SHAPE, "factor",
                            "needs %d factors, got %d", a->n_spatial,
                            factor->n);
    for (int i = 0; i < a->n_spatial; i++)
        if (size[i] < 0 || (size[i] == 0 && factor->n == 0) ||
            (is_repeat(a) && size[i] != 0))
            return cvyi_fail_in(err, CVY_ARGUMENT, "size",
                                "spatial axis %d has neither a length nor a "
                                "factor",
                                i);
    for (int i = 0; i < factor->n; i++)
        if (!(factor->reals[i] > 0) || !(factor->reals[i] < 0x1p31) ||
            (is_repeat(a) && factor->reals[i] != floor(factor->reals[i])))
            return cvyi_fail_in(err, CVY_ARGUMENT, "factor",
                                "%g is no factor here", factor->reals[i]);
    return CVY_OK;
}

/* floor(length * factor), which the frameworks work out in float64. */
static cvyi_size scaled(cvyi_sizes *sizes, cvyi_size length, double factor)
{
    const double parts = factor * MOST_PARTS;
    int64_t known;

    if (cvyi_size_constant(&known, length))
        return cvyi_size_of(sizes, cvyi_resize_length(known, factor));
    if (parts != floor(parts))
        return NULL;
    return cvyi_size_floor(sizes,
                           cvyi_size_mul(sizes, length,
                                         cvyi_size_of(sizes, (int64_t)parts)),
                           cvyi_size_of(sizes, MOST_PARTS));
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const cvyi_attr_value *const factor = cvyi_attr_at(a, "factor");
    const int64_t *const size = cvyi_attr_ints(a, "size", NULL);
    cvyi_inferred found = { .n_out = 1, .out = { *in } };

    (void)n_in;
    if (in->rank != 2 + a->n_spatial || a->n_spatial < 1)
        return cvyi_fail(err, CVY_SHAPE, "needs an input of %d axes, got %d",
                         2 + a->n_spatial, in->rank);
    CVYI_TRY(check(a, err));
    for (int i = 0; i < a->n_spatial; i++) {
        cvyi_size *const to = &found.out[0].dims[2 + i];
        int64_t known;

        *to = size[i] > 0 ? cvyi_size_of(sizes, size[i])
                          : scaled(sizes, *to, factor->reals[i]);
        if (*to == NULL)
            return cvyi_fail(err, CVY_MEMORY,
                             "spatial axis %d has a length that cannot be "
                             "told",
                             i);
        if (cvyi_size_constant(&known, *to) && known < 1)
            return cvyi_fail(err, CVY_SHAPE,
                             "nothing is left of spatial axis %d", i);
    }
    *out = found;
    return CVY_OK;
}

/* ---- one axis ---- */

int64_t cvyi_resize_length(int64_t n, double factor)
{
    const double length = floor((double)n * factor);

    return length >= 1 && length < 0x1p31 ? (int64_t)length : 0;
}

cvyi_resize_axis cvyi_resize_axis_at(const cvyi_attrs *a, int axis, int64_t n)
{
    const int64_t size = cvyi_attr_ints(a, "size", NULL)[axis];
    const cvyi_attr_value *const factor = cvyi_attr_at(a, "factor");
    const double f = size > 0 ? 0 : factor->reals[axis];

    return (cvyi_resize_axis){ .n = n,
                               .m = size > 0 ? size : cvyi_resize_length(n, f),
                               .factor = f,
                               .plane = a->n_spatial == 2,
                               .grid = cvyi_attr_word(a, "grid") };
}

static float scale_of(const cvyi_resize_axis *axis)
{
    if (strcmp(axis->grid, "corners") == 0)
        return axis->m > 1 ? (float)(axis->n - 1) / (float)(axis->m - 1) : 0;
    if (axis->factor > 0)
        return (float)(1 / axis->factor);
    return (float)axis->n / (float)axis->m;
}

/* Over two axes torch does not look at the factor where an axis keeps its
 * length or doubles it. */
static bool shortcut(int64_t *out, const cvyi_resize_axis *axis, int64_t i)
{
    const int64_t times = axis->m == axis->n ? 1 : 2;

    *out = i / times;
    return axis->plane && axis->factor > 0 && axis->m == times * axis->n;
}

int64_t cvyi_resize_nearest(const cvyi_resize_axis *axis, int64_t i)
{
    const float scale = scale_of(axis), at = (float)i;
    int64_t soon;
    float found;

    if (strcmp(axis->grid, "half") == 0) {
        found = floorf((at + 0.5F) * scale);
    } else if (strcmp(axis->grid, "exact") == 0) {
        /* torch is compiled to round product and difference at once */
        const float source = fmaf(scale, at + 0.5F, -0.5F);

        found = floorf((source > 0 ? source : 0) + 0.5F);
    } else if (strcmp(axis->grid, "legacy") == 0) {
        if (shortcut(&soon, axis, i))
            return soon;
        found = floorf(at * scale);
    } else {
        found = roundf(at * scale);
    }
    return found < (float)(axis->n - 1) ? (int64_t)found : axis->n - 1;
}

/* With t = fl(1 / factor) the place k * factor, the first of element k, gives
 * fl(k * factor * t), which must not be below k. If that holds for k = 1, t is
 * less than 2^-25 (relative) below 1 / factor, and that is at most half of the
 * distance from any k to the float32 below it. */
bool cvyi_resize_repeats(double factor)
{
    return (float)factor * (float)(1 / factor) >= 1.0F;
}

/* Exact but for float64: 2^-29 of what float32 may miss. An axis that keeps
 * its length is not mixed, whatever the factor. */
static double coordinate(const cvyi_resize_axis *axis, int64_t i)
{
    const double n = (double)axis->n, m = (double)axis->m, at = (double)i;
    const bool given = axis->factor > 0 && axis->m != axis->n;
    const double r = given ? 1 / axis->factor : n / m;
    const double c = strcmp(axis->grid, "legacy") == 0 ? at * r
                     : strcmp(axis->grid, "corners") == 0
                         ? (m > 1 ? at * (n - 1) / (m - 1) : 0)
                         : (at + 0.5) * r - 0.5;

    return c < 0 ? 0 : c > n - 1 ? n - 1 : c;
}

/* ---- whole values ---- */

/* The element of an axis that output i begins with, and how much of the next
 * one there is. */
typedef struct mix {
    int64_t first;
    double share; /* of first + 1 */
} mix;

static mix mix_at(const cvyi_attrs *a, int axis, int64_t n, int64_t i)
{
    const cvyi_resize_axis at = cvyi_resize_axis_at(a, axis, n);

    if (is_repeat(a))
        return (mix){ i / (int64_t)at.factor, 0 };
    if (!cvyi_attr_is(a, "method", "linear"))
        return (mix){ cvyi_resize_nearest(&at, i), 0 };

    const double c = coordinate(&at, i);

    return (mix){ (int64_t)c, c - floor(c) };
}

/* Mixes of every output of every spatial axis, one behind the other. */
static cvy_status all_mixes(mix **out, const mix **of, const cvyi_job *job,
                            cvy_error *err)
{
    const cvyi_attrs *const a = job->attrs;
    size_t total = 0;
    mix *mixes;

    for (int i = 0; i < a->n_spatial; i++)
        total += (size_t)job->out[0].dims[2 + i];
    mixes = cvyi_alloc(total, sizeof *mixes);
    if (mixes == NULL)
        return cvyi_no_memory(err);
    *out = mixes;
    for (int i = 0; i < a->n_spatial; i++) {
        of[i] = mixes;
        for (int64_t k = 0; k < job->out[0].dims[2 + i]; k++)
            *mixes++ = mix_at(a, i, job->in[0].dims[2 + i], k);
    }
    return CVY_OK;
}

/* Over the corners of the cell that has `first` at axis 2 + i of `from`. */
static double mixed(const cvy_view *x, int64_t *from, const mix *const *at,
                    int axis)
{
    if (axis == x->rank)
        return ((const float *)x->data)[cvyi_offset(x, from)];

    const mix *const m = at[axis - 2];

    from[axis] = m->first;

    const double low = mixed(x, from, at, axis + 1);

    if (m->share == 0)
        return low;
    from[axis] = m->first + 1;
    return low * (1 - m->share) + mixed(x, from, at, axis + 1) * m->share;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const cvy_view *const y = &job->out[0], *const x = &job->in[0];
    const mix *of[CVYI_MAX_SPATIAL], *here[CVYI_MAX_SPATIAL];
    int64_t at[CVY_MAX_RANK] = { 0 }, from[CVY_MAX_RANK];
    mix *mixes;

    if (cvy_view_count(y) == 0)
        return CVY_OK;
    CVYI_TRY(all_mixes(&mixes, of, job, err));
    do {
        from[0] = at[0];
        from[1] = at[1];
        for (int i = 0; i < job->attrs->n_spatial; i++)
            here[i] = &of[i][at[2 + i]];
        ((float *)y->data)[cvyi_offset(y, at)] =
            (float)mixed(x, from, here, 2);
    } while (cvyi_next(y->rank, y->dims, at));
    cvyi_free(mixes);
    return CVY_OK;
}

/* ---- the bound of a mix ----
 *
 * Let u be half an ulp of 1, c the coordinate and M the largest |x| around it.
 * In float32, r is within u, its product with i or i + 1/2 within another u,
 * the difference from 1/2 within a third: c is off by at most
 * 3 u (c + 1) =: d, second orders in the last 1 %. A mix is continuous and
 * piecewise linear in c, and its slope is at most 2 M, so that makes 2 d M. M
 * is taken over all elements that c - d and c + d may touch. Then x0 + (x1 -
 * x0) s rounds three times, numbers of at most 2 M: 5 u M; two products and a
 * sum with 1 - s, or products of weights made before, are less. One axis after
 * the other adds up. */

static double axis_error(const cvyi_job *job, int axis, int64_t i,
                         int64_t *first, int64_t *last)
{
    const double u = 0x1p-24;
    const int64_t n = job->in[0].dims[2 + axis];
    const cvyi_resize_axis at = cvyi_resize_axis_at(job->attrs, axis, n);
    const double c = coordinate(&at, i), d = 3.03 * u * (c + 1);

    *first = c > d ? (int64_t)(c - d) : 0;
    *last = (int64_t)(c + d) + 1;
    if (*last > n - 1)
        *last = n - 1;
    return 2 * d + 5.05 * u;
}

/* The largest magnitude between `first` and `last`, axis by axis. */
static double largest(const cvy_view *x, int64_t *from, const int64_t *first,
                      const int64_t *last, int axis)
{
    double most = 0;

    if (axis == x->rank)
        return fabs((double)((const float *)x->data)[cvyi_offset(x, from)]);
    for (int64_t k = first[axis]; k <= last[axis]; k++) {
        from[axis] = k;

        const double here = largest(x, from, first, last, axis + 1);

        most = here > most ? here : most;
    }
    return most;
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    const cvy_view *const y = &job->out[0], *const x = &job->in[0];
    const bool linear = cvyi_attr_is(job->attrs, "method", "linear");
    int64_t at[CVY_MAX_RANK] = { 0 }, from[CVY_MAX_RANK];
    int64_t first[CVY_MAX_RANK], last[CVY_MAX_RANK];

    (void)err;
    if (cvy_view_count(y) == 0)
        return CVY_OK;
    do {
        float *const to = &((float *)y->data)[cvyi_offset(y, at)];
        double error = 0;

        *to = 0;
        if (!linear)
            continue;
        from[0] = at[0];
        from[1] = at[1];
        for (int i = 0; i < job->attrs->n_spatial; i++)
            error +=
                axis_error(job, i, at[2 + i], &first[2 + i], &last[2 + i]);
        *to = cvyi_bound_up(error * largest(x, from, first, last, 2) +
                            CVYI_TINY);
    } while (cvyi_next(y->rank, y->dims, at));
    return CVY_OK;
}

const cvyi_op cvyi_op_resize = {
    .name = "resize",
    .title = "other lengths of the spatial axes",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
