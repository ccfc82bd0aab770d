/* layer/conv/conv.c - convolution: what it means. */
#include "engine/bound.h"
#include "engine/conv.h"
#include "layer/affine.h"
#include "layer/walk.h"
#include "layer/window.h"

static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "outputs",  CVYI_ATTR_INT,    NULL,    NULL },
    { "taps",     CVYI_ATTR_INTS,   NULL,    NULL },
    { "stride",   CVYI_ATTR_INTS,   "1",     NULL },
    { "dilation", CVYI_ATTR_INTS,   "1",     NULL },
    { "groups",   CVYI_ATTR_INT,    "1",     NULL },
    { "border",   CVYI_ATTR_BORDER, "[0:0]", NULL },
    { 0 }
    /* clang-format on */
};

static const cvyi_slot slots[] = {
    { .name = "weight", .letters = "O I S" },
    { .name = "bias", .letters = "O", .optional = true },
    { 0 },
};

static cvy_status check_groups(int64_t *channels, const cvyi_attrs *a,
                               const cvyi_type *in, cvy_error *err)
{
    const int64_t outputs = cvyi_attr_int(a, "outputs");
    const int64_t groups = cvyi_attr_int(a, "groups");

    if (in->rank != 2 + a->n_spatial || a->n_spatial < 1)
        return cvyi_fail(err, CVY_SHAPE, "needs an input of %d axes, got %d",
                         2 + a->n_spatial, in->rank);
    if (!cvyi_size_constant(channels, in->dims[1]))
        return cvyi_fail(err, CVY_SHAPE,
                         "the number of input channels is not known");
    if (groups < 1 || outputs < 1 || outputs % groups != 0 ||
        *channels % groups != 0)
        return cvyi_fail(err, CVY_SHAPE,
                         "%lld groups do not divide %lld input and %lld "
                         "output channels",
                         (long long)groups, (long long)*channels,
                         (long long)outputs);
    return CVY_OK;
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int64_t outputs = cvyi_attr_int(a, "outputs");
    const int64_t *const taps = cvyi_attr_ints(a, "taps", NULL);
    cvyi_inferred found = { .n_out = 1 };
    cvyi_shape *const weight = &found.slots[0];
    int64_t channels;
    cvyi_size work;

    (void)n_in;
    CVYI_TRY(check_groups(&channels, a, in, err));
    found.out[0] = *in;
    found.out[0].dims[1] = cvyi_size_of(sizes, outputs);
    *weight =
        (cvyi_shape){ .rank = in->rank,
                      .dims = { outputs,
                                channels / cvyi_attr_int(a, "groups") } };
    found.slots[1] = (cvyi_shape){ .rank = 1, .dims = { outputs } };
    work = cvyi_size_mul(sizes, in->dims[0], found.out[0].dims[1]);
    work = cvyi_size_mul(sizes, work, cvyi_size_of(sizes, weight->dims[1]));
    for (int i = 0; i < a->n_spatial; i++) {
        cvyi_size *const size = &found.out[0].dims[2 + i];

        CVYI_TRY(cvyi_window_size(size, a, i, in->dims[2 + i], sizes, err));
        weight->dims[2 + i] = taps[i];
        work = cvyi_size_mul(sizes, work, *size);
        work = cvyi_size_mul(sizes, work, cvyi_size_of(sizes, taps[i]));
    }
    if (work == NULL || found.out[0].dims[1] == NULL)
        return cvyi_fail(err, CVY_MEMORY, "a size outgrew memory or 64 bits");
    found.multiply_adds = work;
    *out = found;
    return CVY_OK;
}

static cvy_status make_problem(cvyi_conv_problem *out, const cvyi_job *job,
                               cvy_error *err)
{
    cvyi_conv_problem p = { .batch = job->in[0].dims[0],
                            .inputs = job->in[0].dims[1],
                            .outputs = job->out[0].dims[1],
                            .groups = cvyi_attr_int(job->attrs, "groups"),
                            .n_axes = job->attrs->n_spatial };

    CVYI_TRY(
        cvyi_window_axes(p.axes, job->attrs, &job->in[0], &job->out[0], err));
    *out = p;
    return CVY_OK;
}

static cvy_status run(const cvyi_job *job, const cvyi_conv_problem *problem,
                      cvyi_conv_kind kind, cvy_error *err)
{
    cvyi_conv_plan *plan;

    CVYI_TRY(cvyi_conv_plan_open(&plan, problem, &job->slots[0], kind,
                                 cvyi_cpu(), err));

    const cvy_status status =
        cvyi_conv_run(plan, &job->out[0], &job->in[0], &job->slots[1], err);

    cvyi_conv_plan_close(plan);
    return status;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    cvyi_conv_problem problem;

    CVYI_TRY(make_problem(&problem, job, err));
    return run(job, &problem, CVYI_CONV_PLAIN, err);
}

/* gamma(n) * m with m = sum |w x| + |b| (engine/bound.h), n the products and
 * the bias. The magnitude is a float32 sum itself, so that what was found may
 * be below m by the share gamma(n): m <= found / (1 - gamma(n)), and
 * 1 + 2 gamma(n) is above that quotient while gamma(n) <= 1/2. A product that
 * underflows, or is flushed to zero, is wrong by at most CVYI_TINY. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    cvyi_conv_problem problem;

    CVYI_TRY(make_problem(&problem, job, err));
    CVYI_TRY(run(job, &problem, CVYI_CONV_ABSOLUTE, err));

    const double n = cvyi_conv_terms(&problem, job->slots[1].data != NULL);
    const double gamma = cvyi_gamma(n);
    const double share = gamma * (1 + 2 * gamma) * (1 + 2 * CVYI_UNIT);
    const double tiny = n * CVYI_TINY;
    const cvyi_affine affine = { .a = &share, .b = &tiny, .axis = -1 };

    cvyi_affine_run(&job->out[0], &job->out[0], &affine);
    return CVY_OK;
}

static bool zeros(double *out, const cvyi_attrs *a)
{
    (void)a;
    *out = 0;
    return true;
}

const cvyi_op cvyi_op_conv = {
    .name = "conv",
    .title = "convolution over 1 to 3 axes, with groups",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .border_fill = zeros,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
