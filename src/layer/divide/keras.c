/* layer/divide/keras.c - Keras' word for a quotient. Those that are read take
 * numbers too and stand with rescale. */
#include "layer/merge.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    CVYI_TRY(cvyi_merge_say(out, what, "/", CVYI_BIND_PRODUCT, err));
    out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_divide_keras[] = {
    { .dialect = "keras3", .name = "operator.truediv",
      .form = CVYI_FORM_FUNCTION, .to_call = to_call },
    { 0 }
};
/* clang-format on */
