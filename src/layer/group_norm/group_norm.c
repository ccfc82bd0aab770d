/* layer/group_norm/group_norm.c - a norm by the mean and variance of groups
 * of channels, sample by sample. */
#include "layer/moments.h"
#include "layer/walk.h"

static const cvyi_attr attrs[] = {
    /* As many as channels: each is normalised by itself. */
    { "groups", CVYI_ATTR_INT, NULL, NULL },
    { "eps", CVYI_ATTR_FLOAT, "0.001", NULL },
    { 0 },
};

enum { WEIGHT, BIAS };

static const cvyi_slot slots[] = {
    [WEIGHT] = { .name = "weight", .letters = "C", .optional = true },
    [BIAS] = { .name = "bias", .letters = "C", .optional = true },
    { 0 },
};

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int64_t groups = cvyi_attr_int(a, "groups");
    int64_t channels;

    (void)n_in;
    (void)sizes;
    if (in->rank < 2 || in->rank >= CVY_MAX_RANK)
        return cvyi_fail(err, CVY_SHAPE,
                         "needs an input of 2 to %d axes, got %d",
                         CVY_MAX_RANK - 1, in->rank);
    if (!cvyi_size_constant(&channels, in->dims[1]))
        return cvyi_fail(err, CVY_SHAPE,
                         "the number of channels is not known");
    if (groups < 1 || channels % groups != 0)
        return cvyi_fail_in(err, CVY_SHAPE, "groups",
                            "%lld channels cannot be cut into %lld groups",
                            (long long)channels, (long long)groups);
    cvyi_infer_like(out, in);
    for (int i = 0; i <= BIAS; i++)
        out->slots[i] = (cvyi_shape){ .rank = 1, .dims = { channels } };
    return CVY_OK;
}

/* Axis 1 cut in two: groups, and the channels of one group. */
static cvy_view cut(const cvy_view *view, int64_t groups)
{
    cvy_view out = *view;
    const int64_t each = view->dims[1] / groups;

    for (int i = out.rank++; i > 2; i--) {
        out.dims[i] = view->dims[i - 1];
        out.strides[i] = view->strides[i - 1];
    }
    out.dims[1] = groups;
    out.dims[2] = each;
    out.strides[2] = view->strides[1];
    out.strides[1] = view->strides[1] * each;
    return out;
}

/* A parameter of the channels as if it had all axes of x. */
static cvy_view widen(const cvy_view *slot, const cvy_view *x, int64_t groups)
{
    cvy_view wide = *x;

    wide.data = slot->data;
    for (int i = 0; i < x->rank; i++)
        wide.strides[i] = i == 1 && slot->data != NULL ? slot->strides[0] : 0;
    return cut(&wide, groups);
}

static cvyi_moments moments_of(const cvyi_job *job)
{
    const int64_t groups = cvyi_attr_int(job->attrs, "groups");
    const cvy_view *const x = &job->in[0];
    cvyi_moments m = {
        .x = cut(x, groups),
        .y = cut(&job->out[0], groups),
        .weight = widen(&job->slots[WEIGHT], x, groups),
        .bias = widen(&job->slots[BIAS], x, groups),
        .centred = true,
        .subtract = true,
        .eps = cvyi_attr_real(job->attrs, "eps"),
    };

    for (int i = 2; i < m.x.rank; i++)
        m.inside[i] = true;
    return m;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const cvyi_moments m = moments_of(job);

    (void)err;
    cvyi_moments_run(&m);
    return CVY_OK;
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    const cvyi_moments m = moments_of(job);

    (void)err;
    cvyi_moments_bound(&m);
    return CVY_OK;
}

const cvyi_op cvyi_op_group_norm = {
    .name = "group_norm",
    .title = "normalisation by mean and variance of groups of channels",
    .order = CVYI_ORDER_CHANNEL,
    .features = CVYI_FEATURES_FIXED,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
