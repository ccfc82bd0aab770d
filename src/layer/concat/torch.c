/* layer/concat/torch.c - torch's words for values one behind the other. */
#include "layer/merge.h"
#include "layer/torch.h"

static cvy_status read_cat(cvyi_phrase *out, const cvyi_bound *call,
                           const char *dim, cvy_error *err)
{
    cvyi_step *step;
    int axis;

    CVYI_TRY(cvyi_merge_list(out, call, err));
    CVYI_TRY(cvyi_torch_must_be_off(out, call, "out",
                                    "use what the call returns", err));
    CVYI_TRY(cvyi_arg_axis(&axis, out, call, dim, err));
    step = cvyi_phrase_add(out, call, "concat");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&step->attrs, "axis", axis);
    return CVY_OK;
}

static cvy_status from_dim(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return read_cat(out, call, "dim", err);
}

static cvy_status from_axis(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return read_cat(out, call, "axis", err);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    cvyi_code_begin(out, "torch.cat");
    cvyi_code_raw(out, NULL, "[{*}]");
    cvyi_code_int(out, "dim", cvyi_attr_int(what->attrs, "axis"));
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "tensors", "tensors", "the inputs in this order" },
    { "dim", "axis", NULL },
    { "axis", "axis", NULL },
    { 0 }
};

const cvyi_spelling cvyi_concat_torch[] = {
    { .dialect = "torch", .arguments = arguments,
      .name = "torch.cat",
      .signature = "tensors, dim=0, *, out=None",
      .from_call = from_dim,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call },
    { .dialect = "torch", .arguments = arguments,
      .name = "torch.concat",
      .signature = "tensors, dim=0, *, out=None",
      .from_call = from_dim,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .arguments = arguments,
      .name = "torch.concatenate",
      .signature = "tensors, axis=0, out=None",
      .from_call = from_axis,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
