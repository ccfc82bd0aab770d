/* layer/roll/keras.c - Keras' words for elements moved along axes. */
#include "layer/keras.h"
#include "layer/roll/words.h"

static cvy_status from_roll(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_keras_input(NULL, out, call, call->in[0].rank,
                              CVYI_AXES_LAST, err));
    return cvyi_roll_from_call(out, call, "shift", "axis", false, err);
}

static cvy_status to_roll(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_roll_say(out, what, "ops.roll", "shift", "axis", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "shift", "shift",         NULL },
    { "axis",  "shifted axes",  NULL },
    { 0 }
};

const cvyi_spelling cvyi_roll_keras[] = {
    { .dialect = "keras3", .name = "keras.ops.roll",
      .signature = "x, shift, axis=None", .from_call = from_roll,
      .form = CVYI_FORM_FUNCTION, .to_call = to_roll,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
