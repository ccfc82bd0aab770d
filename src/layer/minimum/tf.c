/* layer/minimum/tf.c - TensorFlow's words for the smallest of two values. */
#include "layer/number_pair.h"

static cvy_status from_pair(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_extreme_from_pair(out, call, false, err);
}

/* clang-format off */
#define ROW(version, text)                                         \
    { .dialect = version, .name = text,                            \
      .signature = "x, y, name=None", .from_call = from_pair,      \
      .form = CVYI_FORM_FUNCTION,                                  \
      .arguments = cvyi_minimum_arguments }

const cvyi_spelling cvyi_minimum_tf[] = {
    ROW("tf2", "tf.minimum"),
    ROW("tf1", "tf.minimum"),
    ROW("tf2", "tf.math.minimum"),
    ROW("tf1", "tf.math.minimum"),
    { 0 }
};
/* clang-format on */
