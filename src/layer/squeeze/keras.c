/* layer/squeeze/keras.c - Keras' function for axes that go; those that are
 * read stand with reshape. */
#include "layer/marks.h"
#include "layer/words.h"

/* ops.squeeze({0}, axis=2), ops.squeeze({0}, axis=(2, 3)) */
static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS] = { 1 };
    const int n = cvyi_marked(axes, what->attrs, "axes");

    if (n == 0 && what->in[0].rank != 2)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another reshape");
    cvyi_code_begin(out, "ops.squeeze");
    cvyi_code_raw(out, NULL, "{0}");
    if (n > 1)
        cvyi_code_tuple(out, "axis", axes, n);
    else
        cvyi_code_int(out, "axis", axes[0]);
    cvyi_code_end(out);
    return CVY_OK;
}

const cvyi_spelling cvyi_squeeze_keras[] = {
    { .dialect = "keras3",
      .name = "keras.ops.squeeze",
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_call },
    { 0 },
};
