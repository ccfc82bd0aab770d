/* layer/logic/keras.c - Keras' words for and, or, not. */
#include "layer/logic/words.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_logic_say(out, what, "ops", err);
}

/* clang-format off */
#define ROW(text, made, to)                                                  \
    { .dialect = "keras3", .name = "keras.ops." text, .signature = made,     \
      .from_call = cvyi_logic_from_call, .form = CVYI_FORM_FUNCTION,         \
      .to_call = to }

const cvyi_spelling cvyi_logic_keras[] = {
    ROW("logical_and", "x1, x2", to_call),
    ROW("logical_or",  "x1, x2", NULL),
    ROW("logical_xor", "x1, x2", NULL),
    ROW("logical_not", "x",      NULL),
    { 0 }
};
/* clang-format on */
