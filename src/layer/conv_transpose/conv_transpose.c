/*
 * layer/conv_transpose/conv_transpose.c - transposed convolution: what it
 * means.
 *
 * Each input i adds weight * input to the places i * stride + t * dilation of
 * a full output of (n - 1) * stride + (taps - 1) * dilation + 1 elements; the
 * crop cuts `before` and `after` elements off its ends. Amounts below 0 add
 * elements that no input reaches: they are the bias alone.
 */
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
    { "crop",     CVYI_ATTR_BORDER, "[0:0]", NULL }, /* given amounts */
    { 0 }
    /* clang-format on */
};

/* I: all inputs, O: outputs of one group. */
static const cvyi_slot slots[] = {
    { .name = "weight", .letters = "I O S" },
    { .name = "bias", .letters = "O", .optional = true },
    { 0 },
};

/* ---- shapes ---- */

static cvy_status check_channels(int64_t *channels, const cvyi_attrs *a,
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
    if (groups < 1 || outputs < 1 || *channels < 1 || outputs % groups != 0 ||
        *channels % groups != 0)
        return cvyi_fail(err, CVY_SHAPE,
                         "%lld groups do not divide %lld input and %lld "
                         "output channels",
                         (long long)groups, (long long)*channels,
                         (long long)outputs);
    return CVY_OK;
}

/* (length - 1) * stride + span - before - after */
static cvy_status output_size(cvyi_size *out, const cvyi_attrs *a, int axis,
                              cvyi_size length, cvyi_sizes *sizes,
                              cvy_error *err)
{
    const cvyi_border *const crop = cvyi_attr_border(a, "crop");
    const cvy_window w = cvyi_window_at(a, axis);
    cvy_border span;
    int64_t rest = 1, known;

    CVYI_TRY(cvy_border_causal(&span, w, err));
    if (crop->rule != CVYI_BORDER_GIVEN || crop->before[axis] == INT64_MIN ||
        crop->after[axis] == INT64_MIN ||
        !cvyi_add64(&rest, rest, span.before) ||
        !cvyi_add64(&rest, rest, -w.stride) ||
        !cvyi_add64(&rest, rest, -crop->before[axis]) ||
        !cvyi_add64(&rest, rest, -crop->after[axis]))
        return cvyi_fail(err, CVY_ARGUMENT,
                         "the crop of spatial axis %d is no pair of amounts",
                         axis);

    const cvyi_size size = cvyi_size_add(
        sizes, cvyi_size_mul(sizes, length, cvyi_size_of(sizes, w.stride)),
        cvyi_size_of(sizes, rest));

    if (size == NULL)
        return cvyi_fail(err, CVY_MEMORY, "a size outgrew memory or 64 bits");
    if (cvyi_size_constant(&known, size) && known < 1)
        return cvyi_fail(err, CVY_SHAPE,
                         "nothing is left of spatial axis %d after its crop",
                         axis);
    *out = size;
    return CVY_OK;
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int64_t outputs = cvyi_attr_int(a, "outputs");
    const int64_t *const taps = cvyi_attr_ints(a, "taps", NULL);
    cvyi_inferred found = { .n_out = 1, .out = { *in } };
    cvyi_shape *const weight = &found.slots[0];
    int64_t channels;
    cvyi_size work;

    (void)n_in;
    CVYI_TRY(check_channels(&channels, a, in, err));
    found.out[0].dims[1] = cvyi_size_of(sizes, outputs);
    *weight = (cvyi_shape){
        .rank = in->rank,
        .dims = { channels, outputs / cvyi_attr_int(a, "groups") },
    };
    found.slots[1] = (cvyi_shape){ .rank = 1, .dims = { outputs } };
    work = cvyi_size_mul(sizes, cvyi_type_elements(sizes, in, 0),
                         cvyi_size_of(sizes, weight->dims[1]));
    for (int i = 0; i < a->n_spatial; i++) {
        CVYI_TRY(output_size(&found.out[0].dims[2 + i], a, i, in->dims[2 + i],
                             sizes, err));
        weight->dims[2 + i] = taps[i];
        work = cvyi_size_mul(sizes, work, cvyi_size_of(sizes, taps[i]));
    }
    if (work == NULL || found.out[0].dims[1] == NULL)
        return cvyi_fail(err, CVY_MEMORY, "a size outgrew memory or 64 bits");
    found.multiply_adds = work;
    *out = found;
    return CVY_OK;
}

/* ---- evaluation: a convolution for each phase ---- */

/* Outputs p, p + stride, p + 2 stride ... of one axis see the same taps:
 * those with t * dilation = p + before modulo the stride, `step` apart. Output
 * p + q * stride reads, at the last of them, input q - axis.before, and one
 * more axis.dilation behind for each tap before it: a convolution with the
 * taps in reverse order. */
typedef struct phase {
    int64_t last, step;  /* a tap, and how far the one before it is */
    cvyi_conv_axis axis; /* taps 0: no tap reaches these outputs */
} phase;

static int64_t divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

static phase phase_of(const cvyi_attrs *a, int i, int64_t p, int64_t in,
                      int64_t out)
{
    const cvy_window w = cvyi_window_at(a, i);
    const int64_t place = p + cvyi_attr_border(a, "crop")->before[i];
    const int64_t common = divisor(w.dilation, w.stride);
    phase found = { .step = w.stride / common };
    int64_t first = 0;

    while (first < w.taps && (first * w.dilation - place) % w.stride != 0)
        first++;
    found.axis = (cvyi_conv_axis){ .stride = 1,
                                   .dilation = w.dilation / common,
                                   .in = in,
                                   .out = (out - p - 1) / w.stride + 1 };
    if (first == w.taps)
        return found;
    found.axis.taps = (w.taps - 1 - first) / found.step + 1;
    found.last = first + (found.axis.taps - 1) * found.step;
    found.axis.before = (found.last * w.dilation - place) / w.stride;
    return found;
}

/* The outputs of one phase, as a view of their own. */
static cvy_view phase_outputs(const cvy_view *y, const cvyi_attrs *a,
                              const phase *phases, const int64_t *at)
{
    const int64_t *const stride = cvyi_attr_ints(a, "stride", NULL);
    cvy_view out = *y;

    for (int i = 0; i < a->n_spatial; i++) {
        out.data = (float *)out.data + at[i] * y->strides[2 + i];
        out.dims[2 + i] = phases[i].axis.out;
        out.strides[2 + i] *= stride[i];
    }
    return out;
}

/* Its weights in a convolution's order, O I S, with the taps reversed. */
static cvy_status phase_weights(cvy_view *out, const cvy_view *weight,
                                const cvyi_conv_problem *p,
                                const phase *phases, cvy_error *err)
{
    const int64_t inputs = p->inputs / p->groups;
    const int64_t outputs = p->outputs / p->groups;
    cvy_view from = *weight, to;

    to.rank = weight->rank;
    to.dims[0] = p->outputs;
    to.dims[1] = inputs;
    for (int i = 0; i < p->n_axes; i++) {
        to.dims[2 + i] = from.dims[2 + i] = p->axes[i].taps;
        from.strides[2 + i] = -phases[i].step * weight->strides[2 + i];
        from.data =
            (float *)from.data + phases[i].last * weight->strides[2 + i];
    }
    from.dims[0] = outputs;
    from.dims[1] = inputs;
    from.strides[0] = weight->strides[1];
    from.strides[1] = weight->strides[0];
    CVYI_TRY(cvyi_tensor_open(&to, CVY_F32, to.rank, to.dims, err));

    cvy_view part = to;
    cvy_status status = CVY_OK;

    part.dims[0] = outputs;
    for (int64_t g = 0; g < p->groups && status == CVY_OK; g++) {
        status = cvyi_copy(&part, &from, err);
        part.data = (float *)part.data + outputs * part.strides[0];
        from.data = (float *)from.data + inputs * weight->strides[0];
    }
    if (status != CVY_OK)
        cvyi_tensor_close(&to);
    else
        *out = to;
    return status;
}

/* Where no tap reaches: the bias, which is exact. */
static void fill_bias(const cvy_view *y, const cvy_view *bias,
                      cvyi_conv_kind kind)
{
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (cvy_view_count(y) == 0)
        return;
    do
        ((float *)y->data)[cvyi_offset(y, at)] =
            kind == CVYI_CONV_PLAIN && bias->data != NULL
                ? (float)cvyi_element(bias, at[1])
                : 0;
    while (cvyi_next(y->rank, y->dims, at));
}

/* gamma(n) * m with m = sum |w x| + |b| (engine/bound.h), n the products of
 * an output of this phase and its bias. The magnitude is a float32 sum itself
 * and may have come out below m by the share gamma(n): m <= found * (1 + 2
 * gamma(n)) while gamma(n) is at most 1/2. A product that underflows is wrong
 * by at most CVYI_TINY. */
static void scale(const cvy_view *y, const cvyi_conv_problem *problem,
                  bool bias)
{
    const double n = cvyi_conv_terms(problem, bias);
    const double gamma = cvyi_gamma(n);
    const double share = gamma * (1 + 2 * gamma) * (1 + 2 * CVYI_UNIT);
    const double tiny = n * CVYI_TINY;
    const cvyi_affine affine = { .a = &share, .b = &tiny, .axis = -1 };

    cvyi_affine_run(y, y, &affine);
}

static cvy_status run_problem(const cvy_view *y, const cvyi_job *job,
                              const cvyi_conv_problem *problem,
                              const phase *phases, cvyi_conv_kind kind,
                              cvy_error *err)
{
    cvyi_conv_plan *plan;
    cvy_view weight;

    CVYI_TRY(phase_weights(&weight, &job->slots[0], problem, phases, err));

    cvy_status status =
        cvyi_conv_plan_open(&plan, problem, &weight, kind, cvyi_cpu(), err);

    cvyi_tensor_close(&weight);
    if (status != CVY_OK)
        return status;
    status = cvyi_conv_run(plan, y, &job->in[0], &job->slots[1], err);
    cvyi_conv_plan_close(plan);
    if (status == CVY_OK && kind == CVYI_CONV_ABSOLUTE)
        scale(y, problem, job->slots[1].data != NULL);
    return status;
}

static cvy_status run_phase(const cvyi_job *job, const int64_t *at,
                            cvyi_conv_kind kind, cvy_error *err)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    const cvyi_attrs *const a = job->attrs;
    cvyi_conv_problem problem = { .batch = x->dims[0],
                                  .inputs = x->dims[1],
                                  .outputs = y->dims[1],
                                  .groups = cvyi_attr_int(a, "groups"),
                                  .n_axes = a->n_spatial };
    phase phases[CVYI_MAX_SPATIAL];
    bool reached = true;

    for (int i = 0; i < a->n_spatial; i++) {
        phases[i] = phase_of(a, i, at[i], x->dims[2 + i], y->dims[2 + i]);
        problem.axes[i] = phases[i].axis;
        reached = reached && phases[i].axis.taps > 0;
    }

    const cvy_view out = phase_outputs(y, a, phases, at);

    if (reached)
        return run_problem(&out, job, &problem, phases, kind, err);
    fill_bias(&out, &job->slots[1], kind);
    return CVY_OK;
}

static cvy_status run(const cvyi_job *job, cvyi_conv_kind kind, cvy_error *err)
{
    const int n = job->attrs->n_spatial;
    const int64_t *const stride = cvyi_attr_ints(job->attrs, "stride", NULL);
    int64_t at[CVYI_MAX_SPATIAL] = { 0 }, dims[CVYI_MAX_SPATIAL];

    for (int i = 0; i < n; i++) {
        const int64_t out = job->out[0].dims[2 + i];

        if (out < 1)
            return CVY_OK;
        dims[i] = stride[i] < out ? stride[i] : out;
    }
    do
        CVYI_TRY(run_phase(job, at, kind, err));
    while (cvyi_next(n, dims, at));
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return run(job, CVYI_CONV_PLAIN, err);
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return run(job, CVYI_CONV_ABSOLUTE, err);
}

const cvyi_op cvyi_op_conv_transpose = {
    .name = "conv_transpose",
    .title = "transposed convolution over 1 to 3 axes, with groups",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .cut = "crop",
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
