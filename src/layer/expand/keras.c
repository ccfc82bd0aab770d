/* layer/expand/keras.c - Keras' function for new axes; it has no layer. */
#include "layer/expand/words.h"

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    if (cvyi_arg(call, "axis")->kind == CVYI_LIST)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "axis", "expand one axis after the other",
                           "several axes at once are not carried over");
    return cvyi_expand_from_axis(out, call, "axis", err);
}

/* ops.expand_dims({0}, 1), for each of several new axes once. */
static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    const int64_t axis = cvyi_attr_int(what->attrs, "axis");
    const int rank = (int)cvyi_attr_int(what->attrs, "rank");
    const int n = rank - what->in[0].rank;

    for (int i = 0; i < n; i++)
        cvyi_text_put(&out->code, "ops.expand_dims(");
    cvyi_text_put(&out->code, "{0}");
    for (int i = 0; i < n; i++) {
        cvyi_text_printf(&out->code, ", %lld)", (long long)axis);
        if (n > 1 && n <= CVYI_MAX_STEPS) {
            cvyi_attrs *const means = cvyi_said_means(out, "expand", 0);

            cvyi_set_int(means, "rank", rank - n + i + 1);
            cvyi_set_int(means, "axis", axis);
        }
    }
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "axis", "axis", NULL },
    { 0 }
};

const cvyi_spelling cvyi_expand_keras[] = {
    { .dialect = "keras3", .name = "keras.ops.expand_dims",
      .signature = "x, axis",
      .from_call = from_function,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
