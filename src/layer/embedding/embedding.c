/*
 * layer/embedding/embedding.c - rows of a table: what it means.
 *
 * The input holds whole numbers below `entries`, as float32; each becomes the
 * row of that number, along a new last axis.
 */
#include "layer/walk.h"

#include <math.h>

#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "entries", CVYI_ATTR_INT, NULL, NULL }, /* rows of the table */
    { "width", CVYI_ATTR_INT, NULL, NULL },   /* elements of a row */
    { 0 },
};

static const cvyi_slot slots[] = {
    { .name = "weight", .letters = "I O" },
    { 0 },
};

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int64_t entries = cvyi_attr_int(a, "entries");
    const int64_t width = cvyi_attr_int(a, "width");
    cvyi_inferred found = { .n_out = 1, .out = { *in } };

    (void)n_in;
    if (in->rank < 1 || in->rank >= CVYI_MAX_DIMS)
        return cvyi_fail(err, CVY_SHAPE,
                         "needs an input of 1 to %d axes, got %d",
                         CVYI_MAX_DIMS - 1, in->rank);
    if (entries < 1 || width < 1)
        return cvyi_fail(err, CVY_SHAPE, "the table has no elements");
    found.out[0].dims[found.out[0].rank++] = cvyi_size_of(sizes, width);
    if (found.out[0].dims[in->rank] == NULL)
        return cvyi_fail(err, CVY_MEMORY, "a size outgrew memory or 64 bits");
    found.slots[0] = (cvyi_shape){ .rank = 2, .dims = { entries, width } };
    *out = found;
    return CVY_OK;
}

static int64_t rows(const cvyi_attrs *a)
{
    return cvyi_attr_int(a, "entries");
}

static bool is_row(double index, int64_t entries)
{
    return index >= 0 && index < (double)entries && index == floor(index);
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    const cvy_view *const weight = &job->slots[0];
    const int64_t width = y->dims[x->rank], step = y->strides[x->rank];
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (cvy_view_count(x) == 0)
        return CVY_OK;
    do {
        const double index = cvyi_at(x, at);

        if (!is_row(index, weight->dims[0]))
            return cvyi_fail(err, CVY_ARGUMENT,
                             "%g is no row of a table of %lld", index,
                             (long long)weight->dims[0]);

        const float *const from =
            (const float *)weight->data + (int64_t)index * weight->strides[0];
        float *const to = (float *)y->data + cvyi_offset(y, at);

        for (int64_t i = 0; i < width; i++)
            to[i * step] = from[i * weight->strides[1]];
    } while (cvyi_next(x->rank, x->dims, at));
    return CVY_OK;
}

const cvyi_op cvyi_op_embedding = {
    .name = "embedding",
    .title = "rows of a table, by their numbers",
    .order = CVYI_ORDER_FIXED,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .rows = rows,
    .infer = infer,
    .eval = eval,
};
