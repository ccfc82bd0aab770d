/* layer/unit_norm/tf.c - TensorFlow's words for a division by the length. */
#include "layer/unit_norm/words.h"

#include <math.h>

/* x / sqrt(max(sum of squares, epsilon)) */
static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const char *const axis = cvyi_is_none(cvyi_arg(call, "dim")) ||
                                     !cvyi_is_none(cvyi_arg(call, "axis"))
                                 ? "axis"
                                 : "dim";
    double epsilon;

    CVYI_TRY(cvyi_arg_double(&epsilon, out, call, "epsilon", err));
    if (!(epsilon >= 0))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "epsilon", "give 0 or more",
                           "a least square below 0 is not carried over");
    return cvyi_unit_norm_add(out, call, axis, true, sqrt(epsilon), err);
}

static const cvyi_argument arguments[] = {
    { "axis", "axes", "None: all of them" },
    { "epsilon", "least", "the square of the least length" },
    { 0 },
};

/* clang-format off */
#define L2_NORMALIZE(words, text) \
    { .dialect = words, .name = text, \
      .signature = "x, axis=None, epsilon=1e-12, name=None, dim=None", \
      .from_call = from_call, .form = CVYI_FORM_FUNCTION, \
      .arguments = arguments }

const cvyi_spelling cvyi_unit_norm_tf[] = {
    L2_NORMALIZE("tf2", "tf.nn.l2_normalize"),
    L2_NORMALIZE("tf2", "tf.math.l2_normalize"),
    L2_NORMALIZE("tf2", "tf.linalg.l2_normalize"),
    L2_NORMALIZE("tf1", "tf.nn.l2_normalize"),
    L2_NORMALIZE("tf1", "tf.math.l2_normalize"),
    L2_NORMALIZE("tf1", "tf.linalg.l2_normalize"),
    { 0 }
};
/* clang-format on */
