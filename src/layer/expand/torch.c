/* layer/expand/torch.c - torch's words for new axes. */
#include "layer/expand/words.h"
#include "layer/torch.h"

/* ---- reading ---- */

static cvy_status refuse(cvyi_phrase *out, const cvyi_bound *call,
                         const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, "take the tensor as a whole", "%s", reason);
}

/* `n` new axes before `axis` of a value with `rank` axes. */
static cvy_status add(cvyi_phrase *out, const cvyi_bound *call, int rank,
                      int axis, int n, const char *name, cvy_error *err)
{
    cvyi_step *step;

    if (axis < 1)
        return refuse(out, call, name, "a new axis before the batch", err);
    step = cvyi_phrase_add(out, call, "expand");
    if (step == NULL)
        return refuse(out, call, name, "too many new axes", err);
    cvyi_set_int(&step->attrs, "rank", rank + n);
    cvyi_set_int(&step->attrs, "axis", axis);
    return CVY_OK;
}

cvy_status cvyi_expand_from_axis(cvyi_phrase *out, const cvyi_bound *call,
                                 const char *name, cvy_error *err)
{
    const int rank = call->in[0].rank;
    int64_t axis;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_arg_int(&axis, out, call, name, INT64_MIN, err));
    if (axis < -rank - 1 || axis > rank)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "name a place among the input's axes",
                           "place %lld is outside an input of %d axes",
                           (long long)axis, rank);
    return add(out, call, rank, (int)(axis < 0 ? axis + rank + 1 : axis), 1,
               name, err);
}

static cvy_status from_unsqueeze(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    return cvyi_expand_from_axis(out, call, "dim", err);
}

/* ---- writing ---- */

/* x.unsqueeze(2) for one axis, x[:, :, None, None] for more. */
static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    const int64_t axis = cvyi_attr_int(what->attrs, "axis");
    const int64_t n = cvyi_attr_int(what->attrs, "rank") - what->in[0].rank;

    if (n == 1) {
        cvyi_text_printf(&out->code, "{0}.unsqueeze(%lld)", (long long)axis);
    } else {
        cvyi_text_put(&out->code, "{0}[:");
        for (int64_t i = 1; i < axis + n; i++)
            cvyi_text_put(&out->code, i < axis ? ", :" : ", None");
        cvyi_text_put(&out->code, "]");
    }
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "dim", "axis", NULL },
    { 0 }
};

const cvyi_spelling cvyi_expand_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.unsqueeze",
      .signature = "x, dim",
      .from_call = from_unsqueeze,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.unsqueeze",
      .signature = "x, dim",
      .from_call = from_unsqueeze,
      .form = CVYI_FORM_FUNCTION, .arguments = arguments },
    { 0 }
};
/* clang-format on */
