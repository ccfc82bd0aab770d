/* layer/select/tf.c - TensorFlow's word for one of two values. */
#include "layer/select/words.h"

#define ROW(version, text)                                             \
    {                                                                  \
        .dialect = version, .name = text,                              \
        .signature = "condition, x=None, y=None, name=None",           \
        .from_call = cvyi_select_from_call, .form = CVYI_FORM_FUNCTION \
    }

const cvyi_spelling cvyi_select_tf[] = {
    ROW("tf2", "tf.where"),
    ROW("tf1", "tf.where"),
    ROW("tf1", "tf.where_v2"),
    { 0 },
};
