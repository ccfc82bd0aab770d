/* layer/reduce/reduce.c - one number of the elements along some axes. */
#include "engine/bound.h"
#include "layer/marks.h"
#include "layer/reduce.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

#include <string.h>

/* The marked axes have one element afterwards. */
static const cvyi_attr attrs[] = {
    { "kind", CVYI_ATTR_WORD, NULL,
      "max average min sum product variance "
      "deviation logsumexp" },
    { "axes", CVYI_ATTR_MARKS, "[]", NULL },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static double mean_bound(const cvy_view *part)
{
    return cvyi_reduce_bound(part, 1);
}

static double sum_bound(const cvy_view *part)
{
    return (double)cvy_view_count(part) * cvyi_reduce_bound(part, 0);
}

typedef struct way {
    const char *kind;
    cvyi_reduce *of, *bound;
} way;

static const way ways[] = {
    { "max", cvyi_reduce_max, cvyi_reduce_nothing },
    { "average", cvyi_reduce_mean, mean_bound },
    { "min", cvyi_reduce_min, cvyi_reduce_nothing },
    { "sum", cvyi_reduce_sum, sum_bound },
    { "product", cvyi_reduce_product, cvyi_reduce_product_bound },
    { "variance", cvyi_reduce_variance, cvyi_reduce_variance_bound },
    { "deviation", cvyi_reduce_deviation, cvyi_reduce_deviation_bound },
    { "logsumexp", cvyi_reduce_logsumexp, cvyi_reduce_logsumexp_bound },
};

static const way *way_of(const cvyi_attrs *a)
{
    size_t i = 0;

    while (i + 1 < sizeof ways / sizeof *ways &&
           !cvyi_attr_is(a, "kind", ways[i].kind))
        i++;
    return &ways[i];
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const cvyi_size one = cvyi_size_of(sizes, 1);

    (void)n_in;
    CVYI_TRY(cvyi_marks_check(a, "axes", in, 0, err));
    if (one == NULL)
        return cvyi_no_memory(err);
    cvyi_infer_like(out, in);
    for (int i = 0; i < in->rank; i++)
        if (cvyi_mark(a, "axes", i) != 0)
            out->out[0].dims[i] = one;
    return CVY_OK;
}

static void run(const cvyi_job *job, cvyi_reduce *of, bool up)
{
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    int64_t at[CVY_MAX_RANK] = { 0 };
    cvy_view part = *x;

    if (cvy_view_count(x) == 0)
        return;
    for (int i = 0; i < x->rank; i++)
        part.dims[i] = y->dims[i] == 1 ? x->dims[i] : 1;
    do {
        double value;

        part.data = (float *)x->data + cvyi_offset(x, at);
        value = of(&part);
        ((float *)y->data)[cvyi_offset(y, at)] =
            up ? cvyi_bound_up(value) : (float)value;
    } while (cvyi_next(y->rank, y->dims, at));
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    run(job, way_of(job->attrs)->of, false);
    return CVY_OK;
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    (void)err;
    run(job, way_of(job->attrs)->bound, true);
    return CVY_OK;
}

const cvyi_op cvyi_op_reduce = {
    .name = "reduce",
    .title = "one number of the elements along some axes",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
