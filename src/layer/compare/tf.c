/* layer/compare/tf.c - TensorFlow's words for comparisons. */
#include "layer/compare/words.h"

/* clang-format off */
#define ROW(version, text)                                                   \
    { .dialect = version, .name = text, .signature = "x, y, name=None",      \
      .from_call = cvyi_compare_from_pair, .form = CVYI_FORM_FUNCTION }
#define BOTH(word)                                            \
    ROW("tf2", "tf." word), ROW("tf1", "tf." word),           \
    ROW("tf2", "tf.math." word), ROW("tf1", "tf.math." word)

const cvyi_spelling cvyi_compare_tf[] = {
    BOTH("greater"),
    BOTH("greater_equal"),
    BOTH("less"),
    BOTH("less_equal"),
    BOTH("equal"),
    BOTH("not_equal"),
    { 0 }
};
/* clang-format on */
