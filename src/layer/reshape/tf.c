/* layer/reshape/tf.c - TensorFlow's functions for other axes. */
#include "layer/reshape/torch.h"

static cvy_status from_reshape(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return cvyi_reshape_from_whole(out, call, "shape", err);
}

static cvy_status from_squeeze(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return cvyi_reshape_from_ones(out, call, "axis", true, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "shape", "shape", "the batch included" },
    { "axis",  "axis",  NULL },
    { 0 }
};

#define FUNCTION(framework, text, given, from)                              \
    { .dialect = framework, .name = text, .signature = given,               \
      .from_call = from, .form = CVYI_FORM_FUNCTION,                        \
      .arguments = arguments }

const cvyi_spelling cvyi_reshape_tf[] = {
    FUNCTION("tf2", "tf.reshape", "x, shape, name=None", from_reshape),
    FUNCTION("tf1", "tf.reshape", "x, shape, name=None", from_reshape),
    FUNCTION("tf2", "tf.squeeze", "x, axis=None, name=None", from_squeeze),
    FUNCTION("tf1", "tf.squeeze", "x, axis=None, name=None", from_squeeze),
    { 0 }
};
/* clang-format on */
