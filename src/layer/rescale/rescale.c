/* layer/rescale/rescale.c - constants times and plus every element. */
#include "layer/affine.h"
#include "layer/walk.h"

#include "engine/bound.h"

#include <math.h>

/* x * scale + offset, or x / scale + offset with `divide`: one number each, or
 * one an element of `axis`. */
static const cvyi_attr attrs[] = {
    { "scale", CVYI_ATTR_FLOATS, NULL, NULL },
    { "offset", CVYI_ATTR_FLOATS, NULL, NULL },
    { "axis", CVYI_ATTR_AXIS, "0", NULL },
    { "divide", CVYI_ATTR_BOOL, "false", NULL },
    { 0 },
};

static const cvyi_slot slots[] = { { 0 } };

static cvy_status check_list(const cvyi_attrs *a, const char *name,
                             const cvyi_type *in, cvy_error *err)
{
    const cvyi_attr_value *const list = cvyi_attr_at(a, name);
    const int64_t axis = cvyi_attr_int(a, "axis");
    int64_t n;

    if (list->n == 1)
        return CVY_OK;
    if (axis >= in->rank || !cvyi_size_constant(&n, in->dims[axis]) ||
        n != list->n)
        return cvyi_fail(err, CVY_SHAPE,
                         "%s has %d numbers, which do not fit axis %lld of "
                         "the input",
                         name, list->n, (long long)axis);
    return CVY_OK;
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    (void)n_in;
    (void)sizes;
    CVYI_TRY(check_list(a, "scale", in, err));
    CVYI_TRY(check_list(a, "offset", in, err));
    cvyi_infer_like(out, in);
    return CVY_OK;
}

static cvy_status run(const cvyi_job *job, bool magnitude, double share,
                      double tiny, cvy_error *err)
{
    const cvyi_attr_value *const scale = cvyi_attr_at(job->attrs, "scale");
    const cvyi_attr_value *const offset = cvyi_attr_at(job->attrs, "offset");
    const bool divide = cvyi_attr_bool(job->attrs, "divide");
    const int n = scale->n > offset->n ? scale->n : offset->n;
    double *const a = cvyi_alloc((size_t)n, 2 * sizeof *a);

    if (a == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        const double given = scale->reals[scale->n > 1 ? i : 0];
        const double s = divide ? 1 / given : given;
        const double o = offset->reals[offset->n > 1 ? i : 0];

        a[i] = share * (magnitude ? fabs(s) : s);
        a[n + i] = share * (magnitude ? fabs(o) : o) + tiny;
    }

    const cvyi_affine affine = {
        a, a + n, .axis = n > 1 ? (int)cvyi_attr_int(job->attrs, "axis") : -1,
        .absolute = magnitude
    };

    cvyi_affine_run(&job->out[0], &job->in[0], &affine);
    cvyi_free(a);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return run(job, false, 1, 0, err);
}

/* Four roundings: both constants to float32, product or quotient, sum; at most
 * three on the way of one term. gamma(4) (|x scale| + |offset|) leaves one for
 * the rounding of this bound. */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return run(job, true, cvyi_gamma(4), 4 * CVYI_TINY, err);
}

const cvyi_op cvyi_op_rescale = {
    .name = "rescale",
    .title = "constants times and plus every element",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
