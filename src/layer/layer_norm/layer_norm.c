/* layer/layer_norm/layer_norm.c - a norm by the value's own mean and variance
 * over marked axes. */
#include "layer/marks.h"
#include "layer/moments.h"
#include "layer/walk.h"

static const cvyi_attr attrs[] = {
    /* clang-format off */
    { "axes", CVYI_ATTR_MARKS, "[]",      NULL },
    { "eps",  CVYI_ATTR_FLOAT, "0.001",   NULL },
    /* rms: the mean is taken for 0. scaled: x itself is divided by the
     * spread about its mean. */
    { "mode", CVYI_ATTR_WORD,  "centred", "centred rms scaled" },
    { 0 }
    /* clang-format on */
};

enum { WEIGHT, BIAS };

/* C, then D, E, ... with more marks. */
static const cvyi_slot slots[] = {
    [WEIGHT] = { .name = "weight", .letters = "C", .optional = true },
    [BIAS] = { .name = "bias", .letters = "C", .optional = true },
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
    if (shape.rank == 0)
        return cvyi_fail_in(err, CVY_SHAPE, "axes",
                            "no axis is normalised over");
    if (marks[0] != 0)
        return cvyi_fail_in(err, CVY_SHAPE, "axes",
                            "samples are normalised one by one");
    cvyi_infer_like(out, in);
    out->slots[WEIGHT] = shape;
    out->slots[BIAS] = shape;
    return CVY_OK;
}

/* A parameter as if it had all axes of x. */
static cvy_view widen(const cvy_view *slot, const cvy_view *x,
                      const int64_t *marks)
{
    cvy_view wide = *x;

    wide.data = slot->data;
    for (int i = 0; i < x->rank; i++)
        wide.strides[i] = marks[i] != 0 && slot->data != NULL
                              ? slot->strides[marks[i] - 1]
                              : 0;
    return wide;
}

static cvyi_moments moments_of(const cvyi_job *job)
{
    const cvy_view *const x = &job->in[0];
    int n;
    const int64_t *const marks = cvyi_attr_ints(job->attrs, "axes", &n);
    cvyi_moments m = {
        .x = *x,
        .y = job->out[0],
        .weight = widen(&job->slots[WEIGHT], x, marks),
        .bias = widen(&job->slots[BIAS], x, marks),
        .centred = !cvyi_attr_is(job->attrs, "mode", "rms"),
        .subtract = cvyi_attr_is(job->attrs, "mode", "centred"),
        .eps = cvyi_attr_real(job->attrs, "eps"),
    };

    for (int i = 0; i < n; i++)
        m.inside[i] = marks[i] != 0;
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

const cvyi_op cvyi_op_layer_norm = {
    .name = "layer_norm",
    .title = "normalisation by the value's own mean and variance over axes",
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
