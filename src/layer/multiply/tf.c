/* layer/multiply/tf.c - TensorFlow's words for a product. */
#include "layer/torch_number.h"

/* clang-format off */
#define ROW(version, text, made, from)                        \
    {                                                         \
        .dialect = version, .name = text, .signature = made,  \
        .from_call = from, .form = CVYI_FORM_FUNCTION         \
    }
#define PAIR "x, y, name=None"

const cvyi_spelling cvyi_multiply_tf[] = {
    ROW("tf2", "tf.multiply",      PAIR, cvyi_torch_product),
    ROW("tf1", "tf.multiply",      PAIR, cvyi_torch_product),
    ROW("tf2", "tf.math.multiply", PAIR, cvyi_torch_product),
    ROW("tf1", "tf.math.multiply", PAIR, cvyi_torch_product),
    { 0 }
};
/* clang-format on */
