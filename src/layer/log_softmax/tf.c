/* layer/log_softmax/tf.c - TensorFlow's words for the logarithm of softmax. */
#include "layer/axis.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_axis_from_tf(out, call, "log_softmax", err);
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

const cvyi_spelling cvyi_log_softmax_tf[] = {
    ROW("tf2", "tf.nn.log_softmax",   NEW),
    ROW("tf2", "tf.math.log_softmax", NEW),
    ROW("tf1", "tf.nn.log_softmax",   OLD),
    ROW("tf1", "tf.math.log_softmax", OLD),
    { 0 }
};
/* clang-format on */
