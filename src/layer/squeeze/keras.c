/* layer/squeeze/keras.c - Keras' function for the batch alone; those that are
 * read stand with reshape. */
#include "layer/words.h"

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    if (what->in[0].rank != 2)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another reshape");
    cvyi_text_put(&out->code, "ops.squeeze({0}, axis=1)");
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

const cvyi_spelling cvyi_squeeze_keras[] = {
    { .dialect = "keras3",
      .name = "keras.ops.squeeze",
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_call },
    { 0 },
};
