/* layer/roll/tf.c - TensorFlow's words for elements moved along axes. */
#include "layer/roll/words.h"

static cvy_status from_roll(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    if (call->n_in != 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "x",
                           "correct this call in the source",
                           "it takes one tensor, not %d", call->n_in);
    return cvyi_roll_from_call(out, call, "shift", "axis", false, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "shift", "shift",        NULL },
    { "axis",  "shifted axes", NULL },
    { 0 }
};

const cvyi_spelling cvyi_roll_tf[] = {
    { .dialect = "tf2", .name = "tf.roll",
      .signature = "x, shift, axis, name=None", .from_call = from_roll,
      .form = CVYI_FORM_FUNCTION, .arguments = arguments },
    { 0 }
};
/* clang-format on */
