/* layer/walk.c - walking over values, element by element or along an axis. */
#include "layer/walk.h"

#include <string.h>

#include "tensor/tensor.h"

void cvyi_infer_like(cvyi_inferred *out, const cvyi_type *in)
{
    memset(out, 0, sizeof *out);
    out->n_out = 1;
    out->out[0] = *in;
}

static cvyi_lane lane_at(const cvy_view *view, int axis, const int64_t *at)
{
    return (cvyi_lane){
        (float *)view->data + cvyi_offset(view, at),
        view->dims[axis],
        view->strides[axis],
    };
}

void cvyi_each_lane(const cvy_view *out, const cvy_view *in, int axis,
                    cvyi_lane_fn *run, void *context)
{
    const int last = in->rank - 1;
    int64_t at[CVY_MAX_RANK] = { 0 };
    int perm[CVY_MAX_RANK];
    cvy_view y, x;

    if (cvy_view_count(out) == 0 && cvy_view_count(in) == 0)
        return;
    cvyi_walk_order(perm, in, axis);
    y = cvyi_permuted(out, perm);
    x = cvyi_permuted(in, perm);
    do
        run(context, lane_at(&y, last, at), lane_at(&x, last, at));
    while (cvyi_next(last, x.dims, at));
}

cvyi_size cvyi_type_elements(cvyi_sizes *sizes, const cvyi_type *type,
                             int first)
{
    cvyi_size product = cvyi_size_of(sizes, 1);

    for (int i = first; i < type->rank; i++)
        product = cvyi_size_mul(sizes, product, type->dims[i]);
    return product;
}

void cvyi_copy_in_order(const cvy_view *to, const cvy_view *from)
{
    int64_t there[CVY_MAX_RANK] = { 0 }, here[CVY_MAX_RANK] = { 0 };
    float *const y = to->data;
    const float *const x = from->data;

    if (cvy_view_count(from) == 0)
        return;
    do {
        y[cvyi_offset(to, there)] = x[cvyi_offset(from, here)];
        cvyi_next(to->rank, to->dims, there);
    } while (cvyi_next(from->rank, from->dims, here));
}
