/* layer/fill/tf.c - TensorFlow's words for one number in a shape. */
#include "layer/fill/words.h"

/* clang-format off */
#define ROW(version, word, from)                                             \
    { .dialect = version, .name = "tf." word,                                \
      .signature = "x, dtype=None, name=None, optimize=True",                \
      .from_call = from, .form = CVYI_FORM_FUNCTION }

const cvyi_spelling cvyi_fill_tf[] = {
    ROW("tf2", "zeros_like", cvyi_fill_zeros),
    ROW("tf1", "zeros_like", cvyi_fill_zeros),
    ROW("tf2", "ones_like",  cvyi_fill_ones),
    ROW("tf1", "ones_like",  cvyi_fill_ones),
    { 0 }
};
/* clang-format on */
