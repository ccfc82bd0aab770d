/* layer/pointwise/pointwise.c - one function of one number, everywhere. */
#include <math.h>

#include "layer/pointwise/functions.h"
#include "layer/walk.h"

/* The functions and the meaning of a, b and c: functions.def. */
static const cvyi_attr attrs[] = {
/* clang-format off */
#define FUNCTION(name, n, of_y, of_x, of_one) #name " "
    { "function", CVYI_ATTR_WORD,  NULL,
#include "layer/pointwise/functions.def"
    },
#undef FUNCTION
    { "a",        CVYI_ATTR_FLOAT, "0.0", NULL },
    { "b",        CVYI_ATTR_FLOAT, "0.0", NULL },
    { "c",        CVYI_ATTR_FLOAT, "0.0", NULL },
    /* clang-format on */
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

typedef struct use {
    const cvyi_function *function;
    double p[CVYI_FUNCTION_PARAMS]; /* rounded to float32 */
    double size;                    /* the largest of 1 and |p| */
} use;

static cvy_status find_use(use *out, const cvyi_attrs *a, cvy_error *err)
{
    const char *const name = cvyi_attr_word(a, "function");

    out->function = cvyi_function_find(name);
    if (out->function == NULL)
        return cvyi_fail_in(err, CVY_ARGUMENT, "function", "no function '%s'",
                            name);
    out->size = 1;
    for (int i = 0; i < CVYI_FUNCTION_PARAMS; i++) {
        out->p[i] = (double)(float)cvyi_attr_real(a, cvyi_function_params[i]);
        if (isfinite(out->p[i]))
            out->size = fmax(out->size, fabs(out->p[i]));
    }
    return CVY_OK;
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    use u;

    (void)n_in;
    (void)sizes;
    CVYI_TRY(find_use(&u, a, err));
    cvyi_infer_like(out, in);
    return CVY_OK;
}

static void eval_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    const use *const u = context;

    for (int64_t i = 0; i < in.n; i++)
        out.data[i * out.step] =
            (float)u->function->at((double)in.data[i * in.step], u->p);
}

static void bound_lane(void *context, cvyi_lane out, cvyi_lane in)
{
    const use *const u = context;
    const cvyi_function *const f = u->function;

    if (f->of_y == 0 && f->of_x == 0 && f->of_one == 0) { /* it chooses */
        for (int64_t i = 0; i < in.n; i++)
            out.data[i * out.step] = 0;
        return;
    }
    for (int64_t i = 0; i < in.n; i++) {
        const double x = (double)in.data[i * in.step];
        const double y = f->at(x, u->p);
        double size = f->of_one * u->size;

        /* Products with 0 are left out: 0 times infinity is no number. */
        if (f->of_y > 0)
            size += f->of_y * fabs(y);
        if (f->of_x > 0)
            size += f->of_x * fabs(x);
        out.data[i * out.step] =
            cvyi_bound_up(0x1p-24 * size + CVYI_TINY * (1 + fabs(x)));
    }
}

static cvy_status run(const cvyi_job *job, cvyi_lane_fn *lane, cvy_error *err)
{
    use u;

    CVYI_TRY(find_use(&u, job->attrs, err));
    cvyi_each_lane(&job->out[0], &job->in[0], job->in[0].rank - 1, lane, &u);
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return run(job, eval_lane, err);
}

static cvy_status bound(const cvyi_job *job, cvy_error *err)
{
    return run(job, bound_lane, err);
}

const cvyi_op cvyi_op_pointwise = {
    .name = "pointwise",
    .title = "a function of each element: relu, tanh, gelu ...",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .by_sample = true,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
    .bound = bound,
};
