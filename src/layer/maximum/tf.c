/* layer/maximum/tf.c - TensorFlow's words for the largest of two values. */
#include "layer/number_pair.h"

static cvy_status from_pair(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_extreme_from_pair(out, call, true, err);
}

/* clang-format off */
#define ROW(version, text)                                         \
    { .dialect = version, .name = text,                            \
      .signature = "x, y, name=None", .from_call = from_pair,      \
      .form = CVYI_FORM_FUNCTION,                                  \
      .arguments = cvyi_maximum_arguments }

const cvyi_spelling cvyi_maximum_tf[] = {
    ROW("tf2", "tf.maximum"),
    ROW("tf1", "tf.maximum"),
    ROW("tf2", "tf.math.maximum"),
    ROW("tf1", "tf.math.maximum"),
    { 0 }
};
/* clang-format on */
