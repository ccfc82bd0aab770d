/* layer/cast/keras.c - Keras' words for another type. */
#include "layer/cast/words.h"

/* Without a type it is float32, Keras' own default. */
static cvy_status from_cast(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_value *const dtype = cvyi_arg(call, "dtype");

    return cvyi_cast_step(
        out, call, "dtype",
        cvyi_is_none(dtype) ? "float32" : cvyi_as_text(dtype), err);
}

static cvy_status to_cast(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    cvyi_code_begin(out, "keras.ops.cast");
    cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_word(out, NULL, cvyi_attr_word(what->attrs, "dtype"));
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

static const cvyi_argument arguments[] = { { "dtype", "dtype", NULL }, { 0 } };

const cvyi_spelling cvyi_cast_keras[] = {
    { .dialect = "keras3",
      .name = "keras.ops.cast",
      .signature = "x, dtype=None",
      .from_call = from_cast,
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_cast,
      .arguments = arguments },
    { 0 },
};
