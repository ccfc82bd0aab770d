/* layer/repeat/repeat.c - elements of axes several times. */
#include "layer/marks.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

/* How many times those of an axis come, 0 is once: the whole axis behind
 * itself, or each element behind itself. */
static const cvyi_attr attrs[] = {
    { "times", CVYI_ATTR_MARKS, "[]", NULL },
    { "each", CVYI_ATTR_BOOL, "0", NULL },
    { 0 },
};

static const cvyi_slot slots[] = { { 0 } };

static int64_t times_of(const cvyi_attrs *a, int axis)
{
    const int64_t times = cvyi_mark(a, "times", axis);

    return times > 1 ? times : 1;
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    cvyi_inferred found = { .n_out = 1, .out = { *in } };

    (void)n_in;
    CVYI_TRY(cvyi_marks_check(a, "times", in, 0, err));
    for (int i = 0; i < in->rank; i++) {
        cvyi_size *const size = &found.out[0].dims[i];

        *size =
            cvyi_size_mul(sizes, *size, cvyi_size_of(sizes, times_of(a, i)));
        if (*size == NULL)
            return cvyi_fail(err, CVY_MEMORY,
                             "a size outgrew memory or 64 bits");
    }
    *out = found;
    return CVY_OK;
}

/* All elements of the input, to the places of one of their times. */
static cvy_view places(const cvyi_job *job, const int64_t *at)
{
    const bool each = cvyi_attr_bool(job->attrs, "each");
    cvy_view to = job->out[0];

    for (int i = 0; i < to.rank; i++) {
        const int64_t n = job->in[0].dims[i];

        to.data = (float *)to.data + at[i] * to.strides[i] * (each ? 1 : n);
        to.dims[i] = n;
        to.strides[i] *= each ? times_of(job->attrs, i) : 1;
    }
    return to;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const int rank = job->in[0].rank;
    int64_t at[CVY_MAX_RANK] = { 0 }, times[CVY_MAX_RANK];

    if (cvy_view_count(&job->in[0]) == 0)
        return CVY_OK;
    for (int i = 0; i < rank; i++)
        times[i] = times_of(job->attrs, i);
    do {
        const cvy_view to = places(job, at);

        CVYI_TRY(cvyi_copy(&to, &job->in[0], err));
    } while (cvyi_next(rank, times, at));
    return CVY_OK;
}

const cvyi_op cvyi_op_repeat = {
    .name = "repeat",
    .title = "elements of axes several times",
    .order = CVYI_ORDER_ANY,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
