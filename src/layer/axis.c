/* layer/axis.c - operators that work along one axis. */
#include "layer/axis.h"
#include "layer/torch.h"

#include <string.h>

const cvyi_attr cvyi_axis_attrs[] = {
    { "axis", CVYI_ATTR_AXIS, NULL, NULL },
    { 0 },
};

const cvyi_argument cvyi_axis_arguments[] = {
    { "axis", "axis", NULL },
    { "dim", "old axis", "the old name of axis" },
    { 0 },
};

const cvyi_argument cvyi_axis_dim_arguments[] = {
    { "dim", "axis", NULL },
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

static bool has_argument(const cvyi_bound *call, const char *name)
{
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], name) == 0)
            return true;
    return false;
}

/* A step along that axis. */
static cvy_status add(cvyi_phrase *out, const cvyi_bound *call, const char *op,
                      int axis, cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, op);

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&step->attrs, "axis", axis);
    return CVY_OK;
}

cvy_status cvyi_axis_from_call(cvyi_phrase *out, const cvyi_bound *call,
                               const char *op, cvy_error *err)
{
    int axis;

    CVYI_TRY(cvyi_arg_axis(&axis, out, call, "axis", err));
    return add(out, call, op, axis, err);
}

cvy_status cvyi_axis_from_tf(cvyi_phrase *out, const cvyi_bound *call,
                             const char *op, cvy_error *err)
{
    const bool dim =
        has_argument(call, "dim") && !cvyi_is_none(cvyi_arg(call, "dim"));
    int axis = (call->n_in > 0 ? call->in[0].rank : 0) - 1;

    if (dim && !cvyi_is_none(cvyi_arg(call, "axis")))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dim",
                           "leave out dim, which is the old name",
                           "axis and dim are both given");
    if (axis < 0 || dim || !cvyi_is_none(cvyi_arg(call, "axis")))
        CVYI_TRY(cvyi_arg_axis(&axis, out, call, dim ? "dim" : "axis", err));
    return add(out, call, op, axis, err);
}

/* Axis 0 of 0, 1 or 3 axes, axis 1 of others: where torch's implicit choice
 * takes the place of None. */
static int64_t implicit_axis(int rank)
{
    return rank == 0 || rank == 1 || rank == 3 ? 0 : 1;
}

cvy_status cvyi_axis_from_dim(cvyi_phrase *out, const cvyi_bound *call,
                              const char *op, cvy_error *err)
{
    const cvyi_value *const dim = cvyi_arg(call, "dim");
    const bool may_choose =
        strstr(call->spelling->signature, "dim=None") != NULL;
    int axis;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (has_argument(call, "dtype"))
        CVYI_TRY(cvyi_torch_dtype(out, call, err));
    if (dim->kind == CVYI_FLOAT || (cvyi_is_none(dim) && !may_choose))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dim",
                           "correct this argument in the source",
                           "dim must be an integer");
    if (cvyi_is_none(dim))
        axis = (int)implicit_axis(call->in[0].rank);
    else
        CVYI_TRY(cvyi_arg_axis(&axis, out, call, "dim", err));
    return add(out, call, op, axis, err);
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

cvy_status cvyi_axis_say_keras(cvyi_said *out, const cvyi_saying *what,
                               const char *name, cvy_error *err)
{
    const int64_t axis = cvyi_attr_int(what->attrs, "axis");

    cvyi_code_begin(out, "%s", name);
    if (out->form == CVYI_FORM_FUNCTION)
        cvyi_code_raw(out, NULL, "{0}");
    if (axis != what->in[0].rank - 1)
        cvyi_code_int(out, "axis", axis);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

cvy_status cvyi_axis_say_activation(cvyi_said *out, const cvyi_saying *what,
                                    const char *name, cvy_error *err)
{
    if (cvyi_attr_int(what->attrs, "axis") != what->in[0].rank - 1)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "axis",
                           "write it as a call of keras.ops in the model",
                           "Keras has no layer for %s along another axis than "
                           "the last",
                           name);
    cvyi_code_begin(out, "layers.Activation");
    cvyi_code_word(out, NULL, name);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}
