/* layer/cast/words.c - a cast that was read. */
#include "layer/cast/words.h"

#include <string.h>

cvy_status cvyi_cast_step(cvyi_phrase *out, const cvyi_bound *call,
                          const char *attribute, const char *word,
                          cvy_error *err)
{
    cvyi_step *step;
    cvy_dtype dtype;

    if (!cvyi_cast_type(&dtype, word) ||
        (dtype == CVY_I64 && strcmp(call->spelling->dialect, "torch") != 0))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           attribute, "cast to float32, or leave the cast out",
                           "a cast to %s is not carried over",
                           word != NULL ? word : "something else");
    step = cvyi_phrase_add(out, call, "cast");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_word(&step->attrs, "dtype", cvy_dtype_name(dtype));
    return CVY_OK;
}
