/* layer/dot/tf.c - TensorFlow's word for products summed along an axis. */
#include "layer/dot/words.h"

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "equation", "axes", "a letter for each axis" }, { 0 }
};

#define ROW(version, text)                                         \
    { .dialect = version, .name = text,                            \
      .signature = "equation, x, other, **kwargs",                 \
      .from_call = cvyi_dot_from_equation,                         \
      .form = CVYI_FORM_FUNCTION, .arguments = arguments }

const cvyi_spelling cvyi_dot_tf[] = {
    ROW("tf2", "tf.einsum"),
    ROW("tf1", "tf.einsum"),
    ROW("tf2", "tf.linalg.einsum"),
    ROW("tf1", "tf.linalg.einsum"),
    { 0 }
};
/* clang-format on */
