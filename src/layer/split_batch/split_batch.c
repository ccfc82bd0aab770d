/*
 * layer/split_batch/split_batch.c - the batch becomes two axes: the batch and
 * `steps` elements behind it, what join_batch has joined.
 *
 * A second input lends its first two sizes to words that cannot say `steps`
 * as a number; nothing else of it is looked at.
 */
#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "steps", CVYI_ATTR_SIZES, NULL, NULL }, /* one size */
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const cvyi_attr_value *const value = cvyi_attr_at(a, "steps");
    cvyi_type type = { .dtype = in->dtype, .rank = in->rank + 1 };

    (void)n_in;
    if (value->n != 1 || type.rank > CVYI_MAX_DIMS)
        return cvyi_fail_in(err, CVY_SHAPE, "steps",
                            "one size, and at most %d axes with it",
                            CVYI_MAX_DIMS);
    type.dims[1] = cvyi_size_import(sizes, value->sizes[0]);
    type.dims[0] = cvyi_size_floor(sizes, in->dims[0], type.dims[1]);

    const cvyi_size again = cvyi_size_mul(sizes, type.dims[0], type.dims[1]);

    if (again == NULL)
        return cvyi_no_memory(err);
    if (again != in->dims[0])
        return cvyi_fail_in(err, CVY_SHAPE, "steps",
                            "the batch is not a multiple of it for every "
                            "input");
    for (int i = 2; i < type.rank; i++)
        type.dims[i] = in->dims[i - 1];
    cvyi_infer_like(out, &type);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    cvyi_copy_in_order(&job->out[0], &job->in[0]);
    return CVY_OK;
}

const cvyi_op cvyi_op_split_batch = {
    .name = "split_batch",
    .title = "the batch becomes two axes",
    .order = CVYI_ORDER_FIXED,
    .least_in = 1,
    .most_in = 2,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
