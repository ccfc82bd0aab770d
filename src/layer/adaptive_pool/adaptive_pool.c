/* layer/adaptive_pool/adaptive_pool.c - as many windows as are wanted. */
#include "engine/bound.h"
#include "layer/reduce.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

/* sizes: outputs along each spatial axis; 0 keeps the axis. Output i of m
 * sees elements i * n / m, rounded down, up to (i + 1) * n / m, rounded up:
 * windows of up to two lengths, which may overlap. */
static const cvyi_attr attrs[] = {
    { "kind", CVYI_ATTR_WORD, NULL, "max average" },
    { "sizes", CVYI_ATTR_INTS, NULL, NULL },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    int n;
    const int64_t *const wanted = cvyi_attr_ints(a, "sizes", &n);
    cvyi_inferred found;

    (void)n_in;
    if (n != a->n_spatial || n < 1 || in->rank != 2 + n)
        return cvyi_fail(err, CVY_SHAPE, "needs an input of %d axes, got %d",
                         2 + a->n_spatial, in->rank);
    cvyi_infer_like(&found, in);
    for (int i = 0; i < n; i++) {
        if (wanted[i] < 0)
            return cvyi_fail_in(err, CVY_ARGUMENT, "sizes",
                                "needs sizes >= 0, got %lld",
                                (long long)wanted[i]);
        if (wanted[i] > 0)
            found.out[0].dims[2 + i] = cvyi_size_of(sizes, wanted[i]);
        if (found.out[0].dims[2 + i] == NULL)
            return cvyi_no_memory(err);
    }
    *out = found;
    return CVY_OK;
}

/* The elements that the output at `at` sees. */
static cvy_view window_of(const cvy_view *x, const cvy_view *y,
                          const int64_t *at)
{
    cvy_view part = *x;
    float *first = x->data;

    part.rank = x->rank - 2;
    for (int k = 0; k < x->rank; k++) {
        const int64_t n = x->dims[k], m = y->dims[k];
        const int64_t begin = k < 2 ? at[k] : at[k] * n / m;
        const int64_t end = k < 2 ? begin + 1 : ((at[k] + 1) * n + m - 1) / m;

        first += begin * x->strides[k];
        if (k < 2)
            continue;
        part.dims[k - 2] = end - begin;
        part.strides[k - 2] = x->strides[k];
    }
    part.data = first;
    return part;
}

/* A division for every axis, as frameworks that go axis by axis do. */
static double mean_bound(const cvy_view *part)
{
    return cvyi_reduce_bound(part, 3);
}

static void run(const cvyi_job *job, cvyi_reduce *of, bool up)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (cvy_view_count(y) == 0)
        return;
    do {
        const cvy_view part = window_of(x, y, at);
        const double value = of(&part);

        ((float *)y->data)[cvyi_offset(y, at)] =
            up ? cvyi_bound_up(value) : (float)value;
    } while (cvyi_next(y->rank, y->dims, at));
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    run(job,
        cvyi_attr_is(job->attrs, "kind", "max") ? cvyi_reduce_max
                                                : cvyi_reduce_mean,
        false);
    return CVY_OK;
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    run(job,
        cvyi_attr_is(job->attrs, "kind", "max") ? cvyi_reduce_nothing
                                                : mean_bound,
        true);
    return CVY_OK;
}

const cvyi_op cvyi_op_adaptive_pool = {
    .name = "adaptive_pool",
    .title = "maximum or mean over as many windows as are wanted",
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
