/* layer/affine.c - y = a x + b with one a and b per channel, in double. */
#include "layer/affine.h"

#include "base/thread.h"
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

static void run_part(const cvy_view *y, const cvy_view *x,
                     const cvyi_affine *affine)
{
    const int last = y->rank - 1, inner = inner_axis(y);
    int64_t at[CVY_MAX_RANK] = { 0 };
    int perm[CVY_MAX_RANK], axis = -1;
    cvy_view to, from;

    cvyi_walk_order(perm, x, inner);
    to = cvyi_permuted(y, perm);
    from = cvyi_permuted(x, perm);
    for (int i = 0; i <= last; i++)
        if (perm[i] == affine->axis)
            axis = i;
    do {
        run_row((float *)to.data + cvyi_offset(&to, at), to.strides[last],
                (const float *)from.data + cvyi_offset(&from, at),
                from.strides[last], to.dims[last], affine,
                axis < 0 ? 0 : at[axis], axis == last);
    } while (cvyi_next(last, to.dims, at));
}

typedef struct parts {
    const cvy_view *y, *x;
    const cvyi_affine *affine;
} parts;

/* One index of axis 0. */
static void run_piece(void *context, size_t piece)
{
    const parts *const p = context;
    cvy_view y = *p->y, x = *p->x;

    y.dims[0] = x.dims[0] = 1;
    y.data = (float *)y.data + (int64_t)piece * y.strides[0];
    x.data = (float *)x.data + (int64_t)piece * x.strides[0];
    run_part(&y, &x, p->affine);
}

void cvyi_affine_run(const cvy_view *y, const cvy_view *x,
                     const cvyi_affine *affine)
{
    enum { WORTH_THREADS = 1 << 15 };
    const int64_t n = cvy_view_count(y);
    parts p = { y, x, affine };

    if (n == 0)
        return;
    if (y->rank == 0)
        run_row(y->data, 0, x->data, 0, 1, affine, 0, 0);
    else if (n >= WORTH_THREADS && y->dims[0] > 1 && affine->axis != 0)
        cvyi_parallel((size_t)y->dims[0], run_piece, &p);
    else
        run_part(y, x, affine);
}
