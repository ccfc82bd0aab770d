/* layer/identity/tf.c - TensorFlow's words for nothing at all. */
#include "layer/words.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    if (cvyi_phrase_add(out, call, "identity") == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return CVY_OK;
}

#define ROW(version)                                         \
    {                                                        \
        .dialect = version, .name = "tf.identity",           \
        .signature = "x, name=None", .from_call = from_call, \
        .form = CVYI_FORM_FUNCTION                           \
    }

const cvyi_spelling cvyi_identity_tf[] = { ROW("tf2"), ROW("tf1"), { 0 } };
