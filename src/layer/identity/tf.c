/* layer/identity/tf.c - TensorFlow's words for nothing at all. */
#include "layer/words.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    if (cvyi_phrase_add(out, call, "identity") == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return CVY_OK;
}

static cvy_status from_cast(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    if (cvyi_is_text(cvyi_arg(call, "dtype"), "float32"))
        return from_call(out, call, err);
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "dtype", "make it a model of float32",
                       "only float32 is carried over");
}

#define CAST(version)                                               \
    {                                                               \
        .dialect = version, .name = "tf.cast",                      \
        .signature = "x, dtype, name=None", .from_call = from_cast, \
        .form = CVYI_FORM_FUNCTION                                  \
    }
#define ROW(version)                                         \
    {                                                        \
        .dialect = version, .name = "tf.identity",           \
        .signature = "x, name=None", .from_call = from_call, \
        .form = CVYI_FORM_FUNCTION                           \
    }

const cvyi_spelling cvyi_identity_tf[] = { ROW("tf2"),
                                           ROW("tf1"),
                                           CAST("tf2"),
                                           CAST("tf1"),
                                           { 0 } };
