/* layer/slice/tf.c - subscripts of TensorFlow's tensors. */
#include "layer/slice.h"

static cvy_status from_item(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_slice_from_item(out, call, false, err);
}

/* clang-format off */
#define ROW(version)                                            \
    { .dialect = version, .name = "operator.getitem",           \
      .signature = "x, index", .from_call = from_item,          \
      .form = CVYI_FORM_FUNCTION }

const cvyi_spelling cvyi_slice_tf[] = { ROW("tf2"), ROW("tf1"), { 0 } };
/* clang-format on */
