/* layer/repeat/tf.c - TensorFlow's words for elements that come again. */
#include "layer/repeat/words.h"

static cvy_status one_tensor(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    if (call->n_in == 1)
        return CVY_OK;
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       "x", "correct this call in the source",
                       "it takes one tensor, not %d", call->n_in);
}

static cvy_status from_tile(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_value *const list = cvyi_arg(call, "multiples");

    CVYI_TRY(one_tensor(out, call, err));
    if (list->kind != CVYI_LIST || list->n != call->in[0].rank)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "multiples",
                           "give a number for each axis",
                           "there must be as many as axes of the input");
    return cvyi_repeat_whole(out, call, "multiples", list, err);
}

static cvy_status from_repeat(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    CVYI_TRY(one_tensor(out, call, err));
    return cvyi_repeat_each(out, call, "axis", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "multiples", "times",         NULL },
    { "repeats",   "times",         NULL },
    { "axis",      "repeated axis", NULL },
    { 0 }
};

const cvyi_spelling cvyi_repeat_tf[] = {
    { .dialect = "tf2", .name = "tf.tile",
      .signature = "x, multiples, name=None", .from_call = from_tile,
      .form = CVYI_FORM_FUNCTION, .arguments = arguments },
    { .dialect = "tf2", .name = "tf.repeat",
      .signature = "x, repeats, axis=None, name=None",
      .from_call = from_repeat, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
