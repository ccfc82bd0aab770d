/* layer/select/keras.c - Keras' word for one of two values. */
#include "layer/select/words.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_select_say(out, what, "ops", err);
}

const cvyi_spelling cvyi_select_keras[] = {
    { .dialect = "keras3",
      .name = "keras.ops.where",
      .signature = "condition, x1=None, x2=None",
      .from_call = cvyi_select_from_call,
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_call },
    { 0 },
};
