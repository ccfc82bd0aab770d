/* layer/flip/tf.c - TensorFlow's words for axes in the opposite order. */
#include "layer/flip/words.h"

static cvy_status from_reverse(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    if (call->n_in != 1 || cvyi_arg(call, "axis")->kind != CVYI_LIST)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "axis",
                           "put the axes in a list",
                           "it takes one tensor and a list of axes");
    return cvyi_flip_from_axes(out, call, "axis", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = { { "axis", "axes", NULL }, { 0 } };

const cvyi_spelling cvyi_flip_tf[] = {
    { .dialect = "tf2", .name = "tf.reverse",
      .signature = "x, axis, name=None", .from_call = from_reverse,
      .form = CVYI_FORM_FUNCTION, .arguments = arguments },
    { 0 }
};
/* clang-format on */
