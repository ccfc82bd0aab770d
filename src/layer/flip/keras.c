/* layer/flip/keras.c - Keras' words for axes in the opposite order. */
#include "layer/flip/words.h"
#include "layer/keras.h"
#include "layer/marks.h"

static cvy_status from_flip(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_keras_input(NULL, out, call, call->in[0].rank,
                              CVYI_AXES_LAST, err));
    return cvyi_flip_from_axes(out, call, "axis", err);
}

static cvy_status to_flip(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS];
    const int n = cvyi_marked(axes, what->attrs, "axes");

    if (n == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "nothing is turned");
    cvyi_code_begin(out, "ops.flip");
    cvyi_code_raw(out, NULL, "{0}");
    if (n == 1)
        cvyi_code_int(out, "axis", axes[0]);
    else
        cvyi_code_tuple(out, "axis", axes, n);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = { { "axis", "axes", NULL }, { 0 } };

const cvyi_spelling cvyi_flip_keras[] = {
    { .dialect = "keras3", .name = "keras.ops.flip",
      .signature = "x, axis=None", .from_call = from_flip,
      .form = CVYI_FORM_FUNCTION, .to_call = to_flip,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
