/* layer/rescale/tf.c - TensorFlow's arithmetic with numbers. */
#include "layer/rescale/rescale.h"

/* clang-format off */
#define BOTH(text, made, from)                                     \
    { .dialect = "tf2", .name = text, .signature = made,           \
      .from_call = cvyi_rescale_from_##from,                       \
      .form = CVYI_FORM_FUNCTION },                                \
    { .dialect = "tf1", .name = text, .signature = made,           \
      .from_call = cvyi_rescale_from_##from,                       \
      .form = CVYI_FORM_FUNCTION }
#define PAIR "x, y, name=None"

const cvyi_spelling cvyi_rescale_tf[] = {
    BOTH("tf.subtract",      PAIR,           difference),
    BOTH("tf.math.subtract", PAIR,           difference),
    BOTH("tf.divide",        PAIR,           quotient),
    BOTH("tf.math.divide",   PAIR,           quotient),
    BOTH("tf.truediv",       PAIR,           quotient),
    BOTH("tf.math.truediv",  PAIR,           quotient),
    BOTH("tf.negative",      "x, name=None", negation),
    BOTH("tf.math.negative", "x, name=None", negation),
    { 0 }
};
/* clang-format on */
