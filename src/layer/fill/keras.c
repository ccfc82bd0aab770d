/* layer/fill/keras.c - Keras' words for one number in a shape. */
#include "layer/fill/words.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_fill_say(out, what, "ops", err);
}

/* clang-format off */
#define ROW(word, made, from, to)                                            \
    { .dialect = "keras3", .name = "keras.ops." word, .signature = made,     \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to }

const cvyi_spelling cvyi_fill_keras[] = {
    ROW("zeros_like", "x, dtype=None",             cvyi_fill_zeros, to_call),
    ROW("ones_like",  "x, dtype=None",             cvyi_fill_ones,  NULL),
    ROW("full_like",  "x, fill_value, dtype=None", cvyi_fill_number, NULL),
    { 0 }
};
/* clang-format on */
