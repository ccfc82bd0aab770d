/* layer/affine.c - y = a x + b with one a and b per channel, in double. */
#include "layer/affine.h"

#include "tensor/tensor.h"

#include <math.h>

double cvyi_element(const cvy_view *view, int64_t i)
{
    return (double)((const float *)view->data)[i * view->strides[0]];
}

/* The axis whose elements lie closest together: the inner loop. */
static int inner_axis(const cvy_view *view)
{
    int best = view->rank - 1;

    for (int i = view->rank - 2; i >= 0; i--)
        if (view->dims[best] < 2 ||
            (view->dims[i] > 1 && view->strides[i] < view->strides[best]))
            best = i;
    return best;
}

/* One run along an axis; the channel moves by `step` from element to
 * element. */
static void run_row(float *y, int64_t y_step, const float *x, int64_t x_step,
                    int64_t n, const cvyi_affine *affine, int64_t channel,
                    int64_t step)
{
    for (int64_t i = 0; i < n; i++, channel += step) {
        const double value = (double)x[i * x_step];

        y[i * y_step] = (float)((affine->absolute ? fabs(value) : value) *
                                    affine->a[channel] +
                                affine->b[channel]);
    }
}

void cvyi_affine_run(const cvy_view *y, const cvy_view *x,
                     const cvyi_affine *affine)
{
    const int rank = y->rank, inner = inner_axis(y);
    int64_t at[CVY_MAX_RANK] = { 0 }, dims[CVY_MAX_RANK];

    if (cvy_view_count(y) == 0)
        return;
    if (rank == 0) {
        run_row(y->data, 0, x->data, 0, 1, affine, 0, 0);
        return;
    }
    for (int i = 0; i < rank; i++)
        dims[i] = i == inner ? 1 : y->dims[i];
    do {
        run_row((float *)y->data + cvyi_offset(y, at), y->strides[inner],
                (const float *)x->data + cvyi_offset(x, at), x->strides[inner],
                y->dims[inner], affine,
                affine->axis < 0 ? 0 : at[affine->axis],
                affine->axis == inner);
    } while (cvyi_next(rank, dims, at));
}
