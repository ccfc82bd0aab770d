/* layer/reshape/reshape.c - the same elements under other axes. */
#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "shape", CVYI_ATTR_SIZES, NULL, NULL }, /* of what follows the batch */
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const cvyi_attr_value *const shape = cvyi_attr_at(a, "shape");
    cvyi_type type = { .dtype = in->dtype, .rank = shape->n + 1 };

    (void)n_in;
    if (shape->n >= CVYI_MAX_DIMS)
        return cvyi_fail_in(err, CVY_SHAPE, "shape", "more than %d axes",
                            CVYI_MAX_DIMS);
    type.dims[0] = in->dims[0];
    for (int i = 0; i < shape->n; i++) /* made anew: in the caller's pool */
        type.dims[i + 1] = cvyi_size_import(sizes, shape->sizes[i]);

    const cvyi_size before = cvyi_type_elements(sizes, in, 1);
    const cvyi_size after = cvyi_type_elements(sizes, &type, 1);

    if (before == NULL || after == NULL)
        return cvyi_no_memory(err);
    if (before != after)
        return cvyi_fail_in(err, CVY_SHAPE, "shape",
                            "the new axes do not hold as many elements as "
                            "the old ones for every input");
    cvyi_infer_like(out, &type);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    cvyi_copy_in_order(&job->out[0], &job->in[0]);
    return CVY_OK;
}

const cvyi_op cvyi_op_reshape = {
    .name = "reshape",
    .title = "the same elements under other axes",
    .order = CVYI_ORDER_FIXED,
    .features = CVYI_FEATURES_RESHAPE,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
