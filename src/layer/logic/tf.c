/* layer/logic/tf.c - TensorFlow's words for and, or, not. */
#include "layer/logic/words.h"

/* clang-format off */
#define ROW(version, text, made)                                             \
    { .dialect = version, .name = text, .signature = made,                   \
      .from_call = cvyi_logic_from_call, .form = CVYI_FORM_FUNCTION }
#define BOTH(word, made)                                                     \
    ROW("tf2", "tf." word, made), ROW("tf1", "tf." word, made),              \
    ROW("tf2", "tf.math." word, made), ROW("tf1", "tf.math." word, made)

const cvyi_spelling cvyi_logic_tf[] = {
    BOTH("logical_and", "x, y, name=None"),
    BOTH("logical_or",  "x, y, name=None"),
    BOTH("logical_xor", "x, y, name=None"),
    BOTH("logical_not", "x, name=None"),
    { 0 }
};
/* clang-format on */
