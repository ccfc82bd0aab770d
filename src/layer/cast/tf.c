/* layer/cast/tf.c - TensorFlow's words for another type. */
#include "layer/cast/words.h"

#include <string.h>

static cvy_status from_cast(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const char *const word = cvyi_as_text(cvyi_arg(call, "dtype"));

    return cvyi_cast_step(
        out, call, "dtype",
        word != NULL && strncmp(word, "tf.", 3) == 0 ? word + 3 : word, err);
}

static const cvyi_argument arguments[] = { { "dtype", "dtype", NULL }, { 0 } };

#define CAST(version)                                               \
    {                                                               \
        .dialect = version, .name = "tf.cast",                      \
        .signature = "x, dtype, name=None", .from_call = from_cast, \
        .form = CVYI_FORM_FUNCTION, .arguments = arguments          \
    }

const cvyi_spelling cvyi_cast_tf[] = { CAST("tf2"), CAST("tf1"), { 0 } };
