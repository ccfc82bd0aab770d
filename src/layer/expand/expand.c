/* layer/expand/expand.c - axes of one element between the others. */
#include "layer/walk.h"

/* `rank` axes come out; the new ones stand together, before `axis`. */
static const cvyi_attr attrs[] = {
    { "rank", CVYI_ATTR_INT, NULL, NULL },
    { "axis", CVYI_ATTR_PLACE, "1", NULL },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int64_t rank = cvyi_attr_int(a, "rank");
    const int64_t axis = cvyi_attr_int(a, "axis");
    const cvyi_size one = cvyi_size_of(sizes, 1);
    cvyi_type type = { .dtype = in->dtype };

    (void)n_in;
    if (rank <= in->rank || rank > CVYI_MAX_DIMS)
        return cvyi_fail_in(err, CVY_SHAPE, "rank",
                            "%d axes cannot be expanded to %lld", in->rank,
                            (long long)rank);
    if (axis < 1 || axis > in->rank)
        return cvyi_fail_in(err, CVY_SHAPE, "axis",
                            "new axes before axis %lld of a value with %d "
                            "axes",
                            (long long)axis, in->rank);
    if (one == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < in->rank; i++) {
        while (i == axis && type.rank < axis + rank - in->rank)
            type.dims[type.rank++] = one;
        type.dims[type.rank++] = in->dims[i];
    }
    while (type.rank < rank)
        type.dims[type.rank++] = one;
    cvyi_infer_like(out, &type);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    cvyi_copy_in_order(&job->out[0], &job->in[0]);
    return CVY_OK;
}

const cvyi_op cvyi_op_expand = {
    .name = "expand",
    .title = "axes of one element between the others",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
