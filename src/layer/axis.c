/* layer/axis.c - operators that work along one axis. */
#include "layer/axis.h"

const cvyi_attr cvyi_axis_attrs[] = {
    { "axis", CVYI_ATTR_AXIS, NULL, NULL },
    { 0 },
};

cvy_status cvyi_axis_check(const cvyi_attrs *attrs, const cvyi_type *in,
                           cvy_error *err)
{
    const int64_t axis = cvyi_attr_int(attrs, "axis");

    if (axis < 0 || axis >= in->rank)
        return cvyi_fail_in(err, CVY_SHAPE, "axis",
                            "axis %lld of a value with %d axes",
                            (long long)axis, in->rank);
    return CVY_OK;
}

cvy_status cvyi_axis_infer(cvyi_inferred *out, const cvyi_attrs *attrs,
                           const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                           cvy_error *err)
{
    (void)n_in;
    (void)sizes;
    CVYI_TRY(cvyi_axis_check(attrs, in, err));
    cvyi_infer_like(out, in);
    return CVY_OK;
}

cvy_status cvyi_axis_run(const cvyi_job *job, cvyi_lane_fn *lane)
{
    cvyi_each_lane(&job->out[0], &job->in[0],
                   (int)cvyi_attr_int(job->attrs, "axis"), lane, NULL);
    return CVY_OK;
}

cvy_status cvyi_axis_from_call(cvyi_phrase *out, const cvyi_bound *call,
                               const char *op, cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "axis");
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    cvyi_step *const step = cvyi_phrase_add(out, call, op);
    int64_t axis;

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    if (given->kind == CVYI_LIST && given->n != 1)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "axis",
                           "reshape these axes into one before this layer",
                           "%s over %d axes at once", op, given->n);
    if (given->kind != CVYI_LIST) {
        int one;

        CVYI_TRY(cvyi_arg_axis(&one, out, call, "axis", err));
        axis = one;
    } else if (!cvyi_as_int(&axis, &given->items[0]) || axis < -rank ||
               axis >= rank) {
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "axis",
                           "name an axis that the input has",
                           "axis is none of an input of %d axes", rank);
    }
    cvyi_set_int(&step->attrs, "axis", axis < 0 ? axis + rank : axis);
    return CVY_OK;
}

cvy_status cvyi_axis_say(cvyi_said *out, const cvyi_saying *what,
                         const char *name, cvyi_form form, cvy_error *err)
{
    cvyi_code_begin(out, "%s", name);
    if (form == CVYI_FORM_FUNCTION)
        cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_int(out, "dim", cvyi_attr_int(what->attrs, "axis"));
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}
