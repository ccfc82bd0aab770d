/* layout/arrange.c - the public face: orders of axes, shapes and copies. */
#include "convey/layout.h"

#include "layout/layout.h"
#include "tensor/tensor.h"

static void narrow(int32_t *order, int32_t rank, void (*fill)(int, int *))
{
    int axes[CVY_MAX_RANK];

    if (rank < 0 || rank > CVY_MAX_RANK)
        return;
    fill(rank, axes);
    for (int32_t i = 0; i < rank; i++)
        order[i] = axes[i];
}

void cvy_axes_to_first(int32_t *order, int32_t rank)
{
    narrow(order, rank, cvyi_axes_last_to_first);
}

void cvy_axes_to_last(int32_t *order, int32_t rank)
{
    narrow(order, rank, cvyi_axes_first_to_last);
}

cvy_status cvy_view_permute(cvy_view *out, const cvy_view *view,
                            const int32_t *order, cvy_error *err)
{
    bool seen[CVY_MAX_RANK] = { false };
    int axes[CVY_MAX_RANK];

    for (int32_t i = 0; i < view->rank; i++) {
        if (order[i] < 0 || order[i] >= view->rank || seen[order[i]])
            return cvyi_fail(err, CVY_ARGUMENT,
                             "an order of %d axes has each of them once",
                             (int)view->rank);
        seen[order[i]] = true;
        axes[i] = order[i];
    }
    *out = cvyi_permuted(view, axes);
    return CVY_OK;
}

static cvy_status parse(cvyi_layout *out, const cvy_view *source,
                        const char *rule, int32_t n_spatial, cvy_error *err)
{
    if (n_spatial < 0 || n_spatial > CVY_MAX_RANK || source->rank < 0 ||
        source->rank > CVY_MAX_RANK)
        return cvyi_fail(err, CVY_ARGUMENT, "an array has at most %d axes",
                         CVY_MAX_RANK);
    return cvyi_layout_parse(out, rule, n_spatial, source->rank, source->dims,
                             err);
}

cvy_status cvy_layout_shape(cvy_view *out, const cvy_view *source,
                            const char *rule, int32_t n_spatial,
                            cvy_error *err)
{
    cvyi_layout layout;
    int64_t dims[CVY_MAX_RANK];
    int rank;

    CVYI_TRY(parse(&layout, source, rule, n_spatial, err));
    rank = cvyi_layout_target(&layout, dims);
    *out = cvyi_packed(NULL, source->dtype, rank, dims);
    return CVY_OK;
}

/* The axes of `to` cut as the layout's target is: one for each atom. */
static cvy_view cut(const cvyi_layout *layout, const cvy_view *to)
{
    cvy_view out = { .data = to->data, .dtype = to->dtype, .rank = layout->n };
    int last = layout->n;

    for (int axis = layout->target_rank - 1; axis >= 0; axis--) {
        int64_t stride = to->strides[axis];

        for (int k = 0; k < layout->target_group[axis]; k++) {
            last--;
            out.dims[last] = layout->dims[layout->perm[last]];
            out.strides[last] = stride;
            stride *= out.dims[last];
        }
    }
    return out;
}

cvy_status cvy_layout_copy(const cvy_view *to, const cvy_view *source,
                           const char *rule, int32_t n_spatial, cvy_error *err)
{
    cvyi_layout layout;
    cvy_view from, pieces;
    int64_t dims[CVY_MAX_RANK];
    bool fits;

    CVYI_TRY(parse(&layout, source, rule, n_spatial, err));
    fits = to->rank == cvyi_layout_target(&layout, dims);
    for (int i = 0; fits && i < to->rank; i++)
        fits = to->dims[i] == dims[i];
    if (!fits)
        return cvyi_fail(err, CVY_SHAPE,
                         "the view does not have the shape that \"%.60s\" "
                         "leads to",
                         rule);
    CVYI_TRY(cvyi_layout_view(&from, &layout, source, err));
    pieces = cut(&layout, to);
    return cvyi_copy(&pieces, &from, err);
}
