/* layer/softmax/tf.c - TensorFlow's words for softmax. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_tf(out, call, "softmax", err);
}

/* clang-format off */
#define ROW(version, text, made)                             \
    {                                                        \
        .dialect = version, .name = text, .signature = made, \
        .from_call = from_call, .form = CVYI_FORM_FUNCTION,  \
        .arguments = cvyi_axis_arguments                     \
    }
#define NEW "x, axis=None, name=None"
#define OLD "x, axis=None, name=None, dim=None"

const cvyi_spelling cvyi_softmax_tf[] = {
    ROW("tf2", "tf.nn.softmax",   NEW),
    ROW("tf2", "tf.math.softmax", NEW),
    ROW("tf1", "tf.nn.softmax",   OLD),
    ROW("tf1", "tf.math.softmax", OLD),
    { 0 }
};
/* clang-format on */
