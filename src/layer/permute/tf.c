/* layer/permute/tf.c - TensorFlow's function for it. */
#include "layer/permute/words.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_permute_from_transpose(out, call, "perm", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "perm", "axes of the input", NULL },
    { 0 }
};

const cvyi_spelling cvyi_permute_tf[] = {
    { .dialect = "tf2", .name = "tf.transpose",
      .signature = "x, perm=None, conjugate=False, name='transpose'",
      .from_call = from_call, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { .dialect = "tf1", .name = "tf.transpose",
      .signature = "x, perm=None, name='transpose', conjugate=False",
      .from_call = from_call, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
