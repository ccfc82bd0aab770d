/* layer/reshape/reshape.c - the same elements under other axes. */
#include "layer/walk.h"
#include "tensor/tensor.h"

static const cvyi_attr attrs[] = {
    { "shape", CVYI_ATTR_SIZES, NULL, NULL }, /* of what follows the batch */
    /* The new axes hold as many elements for some inputs only: all sizes are
     * numbers, or one is what the others leave, rounded down. */
    { "partial", CVYI_ATTR_BOOL, "false", NULL },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

/* Do the new axes hold `all` elements for some inputs? */
static bool fits_some(cvyi_sizes *sizes, cvyi_size all, const cvyi_type *type)
{
    bool numbers = true;
    int64_t known;

    if (cvyi_size_constant(&known, all))
        return false;
    for (int i = 1; i < type->rank; i++) {
        cvyi_size others = cvyi_size_of(sizes, 1);

        if (cvyi_size_constant(&known, type->dims[i]))
            continue;
        numbers = false;
        for (int k = 1; k < type->rank; k++)
            if (k != i)
                others = cvyi_size_mul(sizes, others, type->dims[k]);
        if (type->dims[i] == cvyi_size_floor(sizes, all, others))
            return true;
    }
    return numbers;
}

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
    if (before != after &&
        !(cvyi_attr_bool(a, "partial") && fits_some(sizes, before, &type)))
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
