/* layer/dot/dot.c - products of two values, summed along one axis of each. */
#include <math.h>

#include "engine/bound.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

/* For each place of the axes that both share, which stand first: every place
 * of the first with every place of the second. The axes that stay are those
 * of the first, then those of the second. */
static const cvyi_attr attrs[] = {
    { "axis", CVYI_ATTR_INT, NULL, NULL },  /* of the first, not shared */
    { "other", CVYI_ATTR_INT, NULL, NULL }, /* of the second */
    { "shared", CVYI_ATTR_INT, "1", NULL }, /* the batch, and more axes */
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static cvy_status check(const cvyi_type *in, const int64_t *axes,
                        int64_t shared, cvy_error *err)
{
    for (int k = 0; k < 2; k++)
        if (shared < 1 || axes[k] < shared || axes[k] >= in[k].rank)
            return cvyi_fail(err, CVY_SHAPE,
                             "axis %lld is not among the %d of input %d",
                             (long long)axes[k], in[k].rank, k);
    if (in[0].rank + in[1].rank - shared - 2 > CVYI_MAX_DIMS)
        return cvyi_fail(err, CVY_SHAPE, "the result has more than %d axes",
                         CVYI_MAX_DIMS);
    for (int64_t i = 1; i < shared; i++)
        if (in[0].dims[i] != in[1].dims[i])
            return cvyi_fail(err, CVY_SHAPE,
                             "axis %lld, which both share, does not have one "
                             "size for every input",
                             (long long)i);
    if (in[0].dims[axes[0]] != in[1].dims[axes[1]])
        return cvyi_fail(err, CVY_SHAPE,
                         "the sizes along axis %lld and %lld are not equal "
                         "for every input",
                         (long long)axes[0], (long long)axes[1]);
    return CVY_OK;
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int64_t axes[] = { cvyi_attr_int(a, "axis"),
                             cvyi_attr_int(a, "other") };
    const int64_t shared = cvyi_attr_int(a, "shared");
    cvyi_type type = { .dtype = in[0].dtype };

    (void)n_in;
    CVYI_TRY(check(in, axes, shared, err));
    for (int k = 0; k < 2; k++)
        for (int i = k == 0 ? 0 : (int)shared; i < in[k].rank; i++)
            if (i != axes[k])
                type.dims[type.rank++] = in[k].dims[i];

    const cvyi_size work = cvyi_size_mul(
        sizes, cvyi_type_elements(sizes, &type, 0), in[0].dims[axes[0]]);

    if (work == NULL)
        return cvyi_fail(err, CVY_MEMORY, "a size outgrew memory or 64 bits");
    cvyi_infer_like(out, &type);
    out->multiply_adds = work;
    return CVY_OK;
}

/* Where the sum of one output begins in input k, whose axes that stay stand in
 * the output from axis `first` on, behind those that are shared. */
static const float *begin(const cvy_view *in, int64_t axis, const int64_t *at,
                          int shared, int first)
{
    int64_t from[CVY_MAX_RANK] = { 0 };

    for (int i = 0; i < in->rank; i++)
        if (i != axis)
            from[i] = i < shared ? at[i] : at[first++];
    return (const float *)in->data + cvyi_offset(in, from);
}

static void run(const cvyi_job *job, bool bound)
{
    const int64_t axes[] = { cvyi_attr_int(job->attrs, "axis"),
                             cvyi_attr_int(job->attrs, "other") };
    const int shared = (int)cvyi_attr_int(job->attrs, "shared");
    const cvy_view *const y = &job->out[0];
    const int64_t n = job->in[0].dims[axes[0]];
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (cvy_view_count(y) == 0)
        return;
    do {
        const float *const a = begin(&job->in[0], axes[0], at, shared, shared);
        const float *const b =
            begin(&job->in[1], axes[1], at, shared, job->in[0].rank - 1);
        double sum = 0;

        for (int64_t i = 0; i < n; i++) {
            const double product = (double)a[i * job->in[0].strides[axes[0]]] *
                                   (double)b[i * job->in[1].strides[axes[1]]];

            sum += bound ? fabs(product) : product;
        }
        ((float *)y->data)[cvyi_offset(y, at)] =
            bound ? cvyi_bound_up(cvyi_gamma((double)n) * sum +
                                  (double)n * CVYI_TINY)
                  : (float)sum;
    } while (cvyi_next(y->rank, y->dims, at));
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    run(job, false);
    return CVY_OK;
}

/* A sum of n products (engine/bound.h). */
static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    run(job, true);
    return CVY_OK;
}

const cvyi_op cvyi_op_dot = {
    .name = "dot",
    .title = "products of two values, summed along one axis of each",
    .order = CVYI_ORDER_SUMS,
    .least_in = 2,
    .most_in = 2,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
