/* layer/slice/keras.c - subscripts of Keras' tensors. */
#include "layer/slice.h"

static cvy_status from_item(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_slice_from_item(out, call, false, err);
}

static cvy_status to_item(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_slice_say(out, what, false, err);
}

const cvyi_spelling cvyi_slice_keras[] = {
    { .dialect = "keras3",
      .name = "operator.getitem",
      .signature = "x, index",
      .from_call = from_item,
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_item },
    { 0 },
};
