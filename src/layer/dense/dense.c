/* layer/dense/dense.c - a matrix over one axis: what it means. */
#include "engine/bound.h"
#include "engine/conv.h"
#include "layer/affine.h"
#include "layer/walk.h"

static const cvyi_attr attrs[] = {
    { "units", CVYI_ATTR_INT, NULL, NULL },
    { "axis", CVYI_ATTR_AXIS, NULL, NULL }, /* contracted; units stand here */
    { 0 },
};

static const cvyi_slot slots[] = {
    { .name = "weight", .letters = "O I" },
    { .name = "bias", .letters = "O", .optional = true },
    { 0 },
};

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int64_t units = cvyi_attr_int(a, "units");
    const int axis = (int)cvyi_attr_int(a, "axis");
    cvyi_inferred found = { .n_out = 1, .out = { *in } };
    int64_t inputs;

    (void)n_in;
    if (axis < 1 || axis >= in->rank)
        return cvyi_fail(err, CVY_SHAPE,
                         "axis %d is not among the %d of the input", axis,
                         in->rank);
    if (!cvyi_size_constant(&inputs, in->dims[axis]))
        return cvyi_fail(err, CVY_SHAPE,
                         "the number of input features is not known");
    if (units < 1)
        return cvyi_fail(err, CVY_SHAPE, "needs at least one unit");
    found.out[0].dims[axis] = cvyi_size_of(sizes, units);
    found.slots[0] = (cvyi_shape){ .rank = 2, .dims = { units, inputs } };
    found.slots[1] = (cvyi_shape){ .rank = 1, .dims = { units } };
    found.multiply_adds = cvyi_size_mul(
        sizes, cvyi_type_elements(sizes, in, 0), found.out[0].dims[axis]);
    if (found.multiply_adds == NULL)
        return cvyi_fail(err, CVY_MEMORY, "a size outgrew memory or 64 bits");
    *out = found;
    return CVY_OK;
}

/* The same elements with `axis` last. */
static cvy_view axis_last(const cvy_view *view, int axis)
{
    int order[CVY_MAX_RANK], n = 0;

    for (int i = 0; i < view->rank; i++)
        if (i != axis)
            order[n++] = i;
    order[n] = axis;
    return cvyi_permuted(view, order);
}

/* Rows as the positions of a convolution with one tap: 1 C rows. */
static cvy_view as_positions(const cvy_view *rows)
{
    return (cvy_view){ .data = rows->data,
                       .dtype = CVY_F32,
                       .rank = 3,
                       .dims = { 1, rows->dims[1], rows->dims[0] },
                       .strides = { 0, rows->strides[1], rows->strides[0] } };
}

static cvy_status run_rows(const cvy_view *y, const cvy_view *x,
                           const cvyi_job *job, cvyi_conv_kind kind,
                           cvy_error *err)
{
    const cvyi_conv_problem problem = {
        .batch = 1,
        .inputs = x->dims[1],
        .outputs = y->dims[1],
        .groups = 1,
        .n_axes = 1,
        .axes = { { 1, 1, 1, 0, x->dims[0], x->dims[0] } },
    };
    cvy_view weight = job->slots[0];
    cvyi_conv_plan *plan;

    weight.rank = 3;
    weight.dims[2] = weight.strides[2] = 1;
    CVYI_TRY(
        cvyi_conv_plan_open(&plan, &problem, &weight, kind, cvyi_cpu(), err));

    const cvy_view to = as_positions(y), from = as_positions(x);
    const cvy_status status =
        cvyi_conv_run(plan, &to, &from, &job->slots[1], err);

    cvyi_conv_plan_close(plan);
    return status;
}

/* More than two axes: through packed rows. */
static cvy_status run_packed(const cvy_view *y, const cvy_view *x,
                             const cvyi_job *job, cvyi_conv_kind kind,
                             cvy_error *err)
{
    const int64_t inputs = x->dims[x->rank - 1];
    const int64_t units = y->dims[y->rank - 1];
    const int64_t rows = inputs > 0 ? cvy_view_count(x) / inputs : 0;
    cvy_view packed_x = { 0 }, packed_y = { 0 };
    cvy_status status;

    CVYI_TRY_OR(status,
                cvyi_tensor_open(&packed_x, CVY_F32, 2,
                                 (int64_t[]){ rows, inputs }, err),
                done);
    CVYI_TRY_OR(status,
                cvyi_tensor_open(&packed_y, CVY_F32, 2,
                                 (int64_t[]){ rows, units }, err),
                done);

    const cvy_view in = cvyi_packed(packed_x.data, CVY_F32, x->rank, x->dims);
    const cvy_view out = cvyi_packed(packed_y.data, CVY_F32, y->rank, y->dims);

    CVYI_TRY_OR(status, cvyi_copy(&in, x, err), done);
    CVYI_TRY_OR(status, run_rows(&packed_y, &packed_x, job, kind, err), done);
    status = cvyi_copy(y, &out, err);
done:
    cvyi_tensor_close(&packed_x);
    cvyi_tensor_close(&packed_y);
    return status;
}

static cvy_status run(const cvyi_job *job, cvyi_conv_kind kind, cvy_error *err)
{
    const int axis = (int)cvyi_attr_int(job->attrs, "axis");
    const cvy_view x = axis_last(&job->in[0], axis);
    const cvy_view y = axis_last(&job->out[0], axis);

    return x.rank == 2 ? run_rows(&y, &x, job, kind, err)
                       : run_packed(&y, &x, job, kind, err);
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return run(job, CVYI_CONV_PLAIN, err);
}

/* gamma(n) * m with m = sum |w x| + |b| (engine/bound.h). The magnitude is a
 * float32 sum itself and may have come out below m by the share gamma(n):
 * m <= found / (1 - gamma(n)) <= found * (1 + 2 gamma(n)) while gamma(n) is
 * at most 1/2. A product that underflows is wrong by at most CVYI_TINY. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    const int axis = (int)cvyi_attr_int(job->attrs, "axis");
    const double n =
        (double)job->in[0].dims[axis] + (job->slots[1].data != NULL ? 1 : 0);
    const double gamma = cvyi_gamma(n);
    const double share = gamma * (1 + 2 * gamma) * (1 + 2 * CVYI_UNIT);
    const double tiny = n * CVYI_TINY;
    const cvyi_affine affine = { .a = &share, .b = &tiny, .axis = -1 };

    CVYI_TRY(run(job, CVYI_CONV_ABSOLUTE, err));
    cvyi_affine_run(&job->out[0], &job->out[0], &affine);
    return CVY_OK;
}

const cvyi_op cvyi_op_dense = {
    .name = "dense",
    .title = "fully connected, over one axis of any",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_CONTRACT,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
