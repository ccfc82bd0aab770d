/* layer/flatten/tf.c - TensorFlow's function for flattening. */
#include "layer/flatten/words.h"

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "data_format", "axes", "channels_first is flattened as channels_last" },
    { 0 }
};

const cvyi_spelling cvyi_flatten_tf[] = {
    { .dialect = "tf1", .name = "tf.layers.flatten",
      .signature = "x, name=None, data_format='channels_last'",
      .from_call = cvyi_flatten_from_keras, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
