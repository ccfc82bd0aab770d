/* engine/problem.c - windows over a grid, as numbers only. */
#include "engine/problem.h"

static bool axis_fits(const cvyi_conv_axis *a)
{
    int64_t last, reach, end;

    if (a->taps < 1 || a->stride < 1 || a->dilation < 1 || a->in < 0 ||
        a->out < 0 || a->before == INT64_MIN)
        return false;
    return cvyi_mul64(&last, a->out > 0 ? a->out - 1 : 0, a->stride) &&
           cvyi_mul64(&reach, a->taps, a->dilation) &&
           cvyi_add64(&end, last, reach) &&
           cvyi_add64(&end, end, -a->before) && cvyi_add64(&end, end, a->in);
}

cvy_status cvyi_problem_check(const cvyi_conv_problem *p, cvy_error *err)
{
    int64_t in = p->batch, out = p->batch, taps = 1;

    if (p->n_axes < 1 || p->n_axes > 3)
        return cvyi_fail(err, CVY_ARGUMENT, "a window over %d axes",
                         p->n_axes);
    if (p->batch < 0 || p->groups < 1 || p->inputs < 1 || p->outputs < 1 ||
        p->inputs % p->groups != 0 || p->outputs % p->groups != 0)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "%lld input and %lld output channels in %lld groups",
                         (long long)p->inputs, (long long)p->outputs,
                         (long long)p->groups);
    for (int i = 0; i < p->n_axes; i++)
        if (!axis_fits(&p->axes[i]) || !cvyi_mul64(&in, in, p->axes[i].in) ||
            !cvyi_mul64(&out, out, p->axes[i].out) ||
            !cvyi_mul64(&taps, taps, p->axes[i].taps))
            return cvyi_fail(err, CVY_ARGUMENT,
                             "axis %d: taps, stride and dilation must be at "
                             "least 1 and the windows must end below 2^63",
                             i);
    if (!cvyi_mul64(&in, in, p->inputs) ||
        !cvyi_mul64(&out, out, p->outputs) ||
        !cvyi_mul64(&taps, taps, p->inputs / p->groups))
        return cvyi_fail(err, CVY_ARGUMENT, "beyond 2^63 elements");
    return CVY_OK;
}

cvyi_conv_problem cvyi_problem_spread(const cvyi_conv_problem *p)
{
    const cvyi_conv_axis one = { 1, 1, 1, 0, 1, 1 };
    const int missing = 3 - p->n_axes;
    cvyi_conv_problem out = *p;

    for (int i = 0; i < 3; i++)
        out.axes[i] = i < missing ? one : p->axes[i - missing];
    out.n_axes = 3;
    return out;
}

static cvy_status wrong(const cvyi_conv_problem *p, const cvy_view *view,
                        bool output, int axis, int64_t expected,
                        cvy_error *err)
{
    const char *const side = output ? "output" : "input";

    if (view->rank != p->n_axes + 2)
        return cvyi_fail(err, CVY_SHAPE, "%s of %d axes where %d are needed",
                         side, (int)view->rank, p->n_axes + 2);
    if (view->dtype != CVY_F32)
        return cvyi_fail(err, CVY_SHAPE, "%s is not float32", side);
    return cvyi_fail(err, CVY_SHAPE,
                     "%s has %lld elements on axis %d where %lld are needed",
                     side, (long long)view->dims[axis], axis,
                     (long long)expected);
}

cvy_status cvyi_problem_grid(cvyi_grid *out, const cvyi_conv_problem *p,
                             const cvy_view *view, bool output, cvy_error *err)
{
    int64_t strides[5] = { 1, 1, 1, 1, 1 };

    if (view->rank != p->n_axes + 2 || view->dtype != CVY_F32)
        return wrong(p, view, output, 0, 0, err);
    for (int i = 0; i < view->rank; i++) {
        const cvyi_conv_axis *const axis = &p->axes[i < 2 ? 0 : i - 2];
        const int64_t channels = output ? p->outputs : p->inputs;
        const int64_t length = output ? axis->out : axis->in;
        const int64_t expected = i == 0   ? p->batch
                                 : i == 1 ? channels
                                          : length;

        if (view->dims[i] != expected)
            return wrong(p, view, output, i, expected, err);
        if (expected != 1)
            strides[i < 2 ? i : i + 3 - p->n_axes] = view->strides[i];
    }
    *out = (cvyi_grid){ .data = view->data,
                        .batch = strides[0],
                        .channel = strides[1],
                        .axis = { strides[2], strides[3], strides[4] } };
    return CVY_OK;
}

int64_t cvyi_problem_positions(const cvyi_conv_problem *p)
{
    int64_t n = 1;

    for (int i = 0; i < p->n_axes; i++)
        n *= p->axes[i].out;
    return n;
}

int64_t cvyi_problem_taps(const cvyi_conv_problem *p)
{
    int64_t n = 1;

    for (int i = 0; i < p->n_axes; i++)
        n *= p->axes[i].taps;
    return n;
}
