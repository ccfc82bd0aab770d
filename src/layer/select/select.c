/* layer/select/select.c - one of two values, as a truth value says. */
#include "layer/merge.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

/* Inputs are the truth and those of the two values that are no numbers. */
static const cvyi_attr attrs[] = {
    { "numbers", CVYI_ATTR_WORD, "none", "none first second both" },
    { "first", CVYI_ATTR_FLOAT, "0", NULL },  /* where it is true */
    { "second", CVYI_ATTR_FLOAT, "0", NULL }, /* where it is not */
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

static bool is_number(const cvyi_attrs *a, const char *side)
{
    return cvyi_attr_is(a, "numbers", side) ||
           cvyi_attr_is(a, "numbers", "both");
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int wanted = 3 - is_number(a, "first") - is_number(a, "second");

    if (n_in != wanted)
        return cvyi_fail(err, CVY_SHAPE, "called on %d tensors, not %d", n_in,
                         wanted);
    if (in[0].dtype != CVY_BOOL)
        return cvyi_fail(err, CVY_SHAPE, "input 0 is no truth value");
    CVYI_TRY(cvyi_merge_infer(out, a, in, n_in, sizes, err));
    out->out[0].dtype = n_in > 1 ? in[1].dtype : CVY_F32;
    return CVY_OK;
}

/* The value of a side at a place: an input, or its number. */
typedef struct side {
    cvy_view view; /* data NULL: the number */
    double number;
} side;

static side side_of(const cvyi_job *job, const char *name, int *next)
{
    side s = { .number = (double)(float)cvyi_attr_real(job->attrs, name) };

    if (!is_number(job->attrs, name))
        s.view = cvyi_merge_spread(&job->in[(*next)++], &job->out[0]);
    return s;
}

static double at_side(const side *s, const int64_t *at)
{
    return s->view.data != NULL ? cvyi_at(&s->view, at) : s->number;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const cvy_view *const y = &job->out[0];
    const cvy_view truth = cvyi_merge_spread(&job->in[0], y);
    int64_t at[CVY_MAX_RANK] = { 0 };
    int next = 1;
    const side first = side_of(job, "first", &next);
    const side second = side_of(job, "second", &next);

    (void)err;
    if (cvy_view_count(y) == 0)
        return CVY_OK;
    do
        ((float *)y->data)[cvyi_offset(y, at)] =
            (float)at_side(cvyi_at(&truth, at) != 0 ? &first : &second, at);
    while (cvyi_next(y->rank, y->dims, at));
    return CVY_OK;
}

const cvyi_op cvyi_op_select = {
    .name = "select",
    .title = "one of two values, as a truth value says",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 3,
    .by_sample = true,
    .typed = true,
    .conditional = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
