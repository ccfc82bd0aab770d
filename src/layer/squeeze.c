/* layer/squeeze.c - the batch alone, read. */
#include "layer/squeeze.h"

/* Features in a row have no order of axes any more. */
cvy_status cvyi_squeeze_add(cvyi_phrase *phrase, const cvyi_bound *call,
                            int rank, cvy_error *err)
{
    static const char *const ops[] = { "flatten", "squeeze" };

    for (int i = rank > 2 ? 0 : 1; i < 2; i++) {
        cvyi_step *const step = cvyi_phrase_add(phrase, call, ops[i]);

        if (step == NULL)
            return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
        step->label = ops[i];
        step->argument = true;
    }
    return CVY_OK;
}
