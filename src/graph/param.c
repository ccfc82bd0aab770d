/* graph/param.c - the numbers of a parameter, in the shape of its slot. */
#include "graph/param.h"

#include "graph/rules.h"

cvyi_shape cvyi_param_shape(const cvyi_param *param)
{
    int64_t dims[CVY_MAX_RANK];
    cvyi_shape shape = { .rank = cvyi_layout_target(&param->layout, dims) };

    for (int i = 0; i < shape.rank && i < CVYI_MAX_DIMS; i++)
        shape.dims[i] = dims[i];
    return shape;
}

bool cvyi_view_joined(cvy_view *out, const cvy_view *view,
                      const cvyi_shape *shape)
{
    cvy_view joined = { .data = view->data,
                        .dtype = view->dtype,
                        .rank = shape->rank };
    int at = 0;

    for (int i = 0; i < shape->rank; i++) {
        int64_t count = 1, stride = 1;

        while (at < view->rank &&
               (count < shape->dims[i] || view->dims[at] == 1)) {
            if (count > 1 && view->dims[at] > 1 &&
                stride != view->strides[at] * view->dims[at])
                return false;
            if (view->dims[at] > 1)
                stride = view->strides[at];
            count *= view->dims[at++];
        }
        if (count != shape->dims[i])
            return false;
        joined.dims[i] = count;
        joined.strides[i] = stride;
    }
    if (at != view->rank)
        return false;
    *out = joined;
    return true;
}

cvy_status cvyi_view_packed(cvy_view *out, const cvy_view *view,
                            const cvyi_shape *shape, cvy_dtype dtype,
                            cvyi_arena *arena, cvy_error *err)
{
    size_t bytes;
    cvy_view to;
    void *data;

    if (!cvyi_packed_size(&bytes, dtype, view->rank, view->dims))
        return cvyi_fail(err, CVY_SHAPE, "an array beyond 63 bits of bytes");
    data = cvyi_arena_alloc(arena, bytes, 1);
    if (data == NULL)
        return cvyi_no_memory(err);
    to = cvyi_packed(data, dtype, view->rank, view->dims);
    CVYI_TRY(cvyi_copy(&to, view, err));
    *out = cvyi_packed(data, dtype, shape->rank, shape->dims);
    return CVY_OK;
}

/* ---- feature blocks ---- */

static int64_t block_size(const cvyi_feature_block *block)
{
    int64_t n = 1;

    for (int i = 0; i < block->rank; i++)
        n *= block->dims[i];
    return n;
}

/* What one step along axis i HERE moves in the source. */
static void block_steps(int64_t *steps, const cvyi_feature_block *block)
{
    int64_t source[CVYI_MAX_DIMS], step = 1;

    for (int i = block->rank - 1; i >= 0; i--) {
        source[i] = step;
        step *= block->dims[i];
    }
    for (int i = 0; i < block->rank; i++)
        steps[i] = source[block->order[i]];
}

int64_t cvyi_feature_source(const cvyi_feature_block *blocks, int n_blocks,
                            int64_t at)
{
    int64_t steps[CVYI_MAX_DIMS], first = 0, source = 0;
    const cvyi_feature_block *block = blocks;

    while (block < blocks + n_blocks - 1 && at - first >= block_size(block))
        first += block_size(block++);
    at -= first;
    block_steps(steps, block);
    for (int i = block->rank - 1; i >= 0; i--) {
        const int64_t dim = block->dims[block->order[i]];

        source += at % dim * steps[i];
        at /= dim;
    }
    return first + source;
}

/* The features of one block along `axis`, cut into the axes they have here:
 * `steps[i]` features lie between two elements of axis i. */
static cvy_view cut(const cvy_view *view, int axis, int64_t first,
                    const cvyi_feature_block *block, const int64_t *steps)
{
    const int64_t stride = view->strides[axis];
    const int64_t bytes = (int64_t)cvy_dtype_size(view->dtype);
    cvy_view out = *view;
    int n = axis;

    out.data = (char *)view->data + first * stride * bytes;
    for (int i = 0; i < block->rank; i++, n++) {
        out.dims[n] = block->dims[block->order[i]];
        out.strides[n] = stride * steps[i];
    }
    for (int i = axis + 1; i < view->rank; i++, n++) {
        out.dims[n] = view->dims[i];
        out.strides[n] = view->strides[i];
    }
    out.rank = n;
    return out;
}

static cvy_status copy_blocks(const cvy_view *to, const cvy_view *from,
                              const cvyi_param *param, cvy_error *err)
{
    int64_t first = 0;

    for (int b = 0; b < param->n_blocks; b++) {
        const cvyi_feature_block *const block = &param->blocks[b];
        int64_t here[CVYI_MAX_DIMS], there[CVYI_MAX_DIMS], step = 1;

        block_steps(there, block);
        for (int i = block->rank - 1; i >= 0; i--) {
            here[i] = step;
            step *= block->dims[block->order[i]];
        }

        const cvy_view a = cut(to, param->permuted_axis, first, block, here);
        const cvy_view b_view =
            cut(from, param->permuted_axis, first, block, there);

        CVYI_TRY(cvyi_copy(&a, &b_view, err));
        first += step;
    }
    return CVY_OK;
}

static cvy_status permuted_copy(cvy_view *out, const cvy_view *atoms,
                                const cvyi_shape *shape,
                                const cvyi_param *param, cvyi_arena *arena,
                                cvy_error *err)
{
    cvy_view from, to;

    if (arena == NULL)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "permuted features need an arena to stand in");
    CVYI_TRY(cvyi_view_packed(&to, atoms, shape, atoms->dtype, arena, err));
    if (!cvyi_view_joined(&from, atoms, shape)) {
        from = to;
        CVYI_TRY(
            cvyi_view_packed(&to, atoms, shape, atoms->dtype, arena, err));
    }
    CVYI_TRY(copy_blocks(&to, &from, param, err));
    *out = to;
    return CVY_OK;
}

cvy_status cvyi_param_view(cvy_view *out, cvyi_shape *shape,
                           const cvyi_param *param, cvyi_arena *arena,
                           cvy_error *err)
{
    const cvyi_feature_block *const block = param->blocks;
    const cvyi_shape neutral = cvyi_param_shape(param);
    cvyi_layout layout = param->layout;
    cvy_view view;

    if (param->stored.data == NULL)
        return cvyi_fail_in(err, CVY_ARGUMENT, param->name,
                            "the parameter has no value");
    CVYI_TRY(cvyi_param_check(param, err));
    /* One block is often only other strides. */
    const bool split =
        param->n_blocks == 1 &&
        cvyi_layout_split(&layout, &param->layout, param->permuted_axis,
                          block->rank, block->dims, block->order,
                          NULL) == CVY_OK;

    CVYI_TRY(cvyi_layout_view(&view, &layout, &param->stored, err));
    if (param->n_blocks > 0 && !split)
        CVYI_TRY(permuted_copy(&view, &view, &neutral, param, arena, err));
    if (shape != NULL)
        *shape = neutral;
    *out = view;
    return CVY_OK;
}
