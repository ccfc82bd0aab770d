/* layer/global_pool/global_pool.c - one number a channel. */
#include "engine/bound.h"
#include "layer/reduce.h"
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

static double mean_bound(const cvy_view *part)
{
    return cvyi_reduce_bound(part, 1);
}

static cvy_status run(const cvyi_job *job, cvyi_reduce *of, bool up)
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
    return run(job,
               cvyi_attr_is(job->attrs, "kind", "max") ? cvyi_reduce_max
                                                       : cvyi_reduce_mean,
               false);
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    return run(job,
               cvyi_attr_is(job->attrs, "kind", "max") ? cvyi_reduce_nothing
                                                       : mean_bound,
               true);
}

const cvyi_op cvyi_op_global_pool = {
    .name = "global_pool",
    .title = "maximum or mean of every channel",
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
