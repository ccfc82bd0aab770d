/* layer/expand/tf.c - TensorFlow's function for a new axis. */
#include "layer/expand/words.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_expand_from_axis(out, call, "axis", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "axis", "axis", NULL },
    { 0 }
};

const cvyi_spelling cvyi_expand_tf[] = {
    { .dialect = "tf2", .name = "tf.expand_dims",
      .signature = "x, axis, name=None",
      .from_call = from_call, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { .dialect = "tf1", .name = "tf.expand_dims",
      .signature = "x, axis, name=None",
      .from_call = from_call, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
