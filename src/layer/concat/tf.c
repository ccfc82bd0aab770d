/* layer/concat/tf.c - TensorFlow's words for values one behind the other. */
#include "layer/axis.h"
#include "layer/concat/words.h"
#include "layer/merge.h"

/* A tensor alone is taken for a list of it. */
static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    if (call->values[0]->kind != CVYI_TENSOR)
        CVYI_TRY(cvyi_merge_list(out, call, err));
    return cvyi_axis_from_call(out, call, "concat", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "values", "tensors", "the inputs in this order" },
    { "axis", "axis", NULL },
    { 0 }
};

#define ROW(version)                                                \
    { .dialect = version, .name = "tf.concat",                      \
      .signature = "values, axis, name='concat'",                   \
      .from_call = from_call, .form = CVYI_FORM_FUNCTION,           \
      .arguments = arguments }

#define STACK(version)                                              \
    { .dialect = version, .name = "tf.stack",                       \
      .signature = "values, axis=0, name='stack'",                  \
      .from_call = cvyi_concat_from_stack,                          \
      .form = CVYI_FORM_FUNCTION }

const cvyi_spelling cvyi_concat_tf[] = {
    ROW("tf2"), ROW("tf1"), STACK("tf2"), STACK("tf1"), { 0 }
};
/* clang-format on */
