/* layer/global_pool/global_pool.c - one number a channel. */
#include <math.h>

#include "engine/bound.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "kind", CVYI_ATTR_WORD, NULL, "max average" },
    { "keepdims", CVYI_ATTR_BOOL, "false", NULL },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const cvyi_size one = cvyi_size_of(sizes, 1);
    const bool keep = cvyi_attr_bool(a, "keepdims");

    (void)n_in;
    if (in->rank < 3)
        return cvyi_fail(err, CVY_SHAPE,
                         "a global pool needs axes after batch and channel");
    if (one == NULL)
        return cvyi_no_memory(err);
    cvyi_infer_like(out, in);
    for (int i = 2; i < in->rank; i++)
        out->out[0].dims[i] = keep ? one : NULL;
    out->out[0].rank = keep ? in->rank : 2;
    return CVY_OK;
}

/* The elements of one channel of one sample. */
static cvy_view channel_of(const cvy_view *in, const int64_t *at)
{
    cvy_view part = *in;

    part.data = (float *)in->data + cvyi_offset(in, at);
    part.rank = in->rank - 2;
    for (int i = 0; i < part.rank; i++) {
        part.dims[i] = in->dims[i + 2];
        part.strides[i] = in->strides[i + 2];
    }
    return part;
}

static double largest(const cvy_view *part)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    double most = -INFINITY;

    do {
        const double x = cvyi_at(part, at);

        most = isnan(x) || x > most ? x : most;
    } while (!isnan(most) && cvyi_next(part->rank, part->dims, at));
    return most;
}

static double mean(const cvy_view *part)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    double sum = 0;

    do
        sum += cvyi_at(part, at);
    while (cvyi_next(part->rank, part->dims, at));
    return sum / (double)cvy_view_count(part);
}

static double none(const cvy_view *part)
{
    (void)part;
    return 0;
}

/* n - 1 additions and a division of float32, in any order: gamma(n) times
 * the mean of magnitudes (engine/bound.h); one more for a mean that
 * multiplies by a rounded 1 / n. */
static double mean_bound(const cvy_view *part)
{
    const double n = (double)cvy_view_count(part);
    int64_t at[CVY_MAX_RANK] = { 0 };
    double size = 0;

    do
        size += fabs(cvyi_at(part, at));
    while (cvyi_next(part->rank, part->dims, at));
    return cvyi_gamma(n + 1) * size / n + CVYI_TINY;
}

static cvy_status run(const cvyi_job *job, double (*of)(const cvy_view *),
                      bool up)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (cvy_view_count(x) == 0)
        return CVY_OK;
    do {
        const cvy_view part = channel_of(x, at);
        const double value = of(&part);

        ((float *)y->data)[cvyi_offset(y, at)] =
            up ? cvyi_bound_up(value) : (float)value;
    } while (cvyi_next(2, x->dims, at));
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    return run(job, cvyi_attr_is(job->attrs, "kind", "max") ? largest : mean,
               false);
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    return run(job,
               cvyi_attr_is(job->attrs, "kind", "max") ? none : mean_bound,
               true);
}

const cvyi_op cvyi_op_global_pool = {
    .name = "global_pool",
    .title = "maximum or mean of every channel",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
