/* layer/squeeze.c - axes of one element go, read. */
#include "layer/squeeze.h"

static cvy_status full(cvy_error *err)
{
    return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
}

/* Features in a row have no order of axes any more. */
cvy_status cvyi_squeeze_add(cvyi_phrase *phrase, const cvyi_bound *call,
                            int rank, cvy_error *err)
{
    static const char *const ops[] = { "flatten", "squeeze" };

    for (int i = rank > 2 ? 0 : 1; i < 2; i++) {
        cvyi_step *const step = cvyi_phrase_add(phrase, call, ops[i]);

        if (step == NULL)
            return full(err);
        step->label = ops[i];
        step->argument = true;
    }
    return CVY_OK;
}

cvy_status cvyi_squeeze_axes(cvyi_phrase *phrase, const cvyi_bound *call,
                             int rank, const bool *gone, const char *label,
                             cvy_error *err)
{
    int64_t marks[CVYI_MAX_DIMS];
    int left = rank;
    cvyi_step *step;

    for (int i = 0; i < rank; i++) {
        marks[i] = gone[i];
        left -= gone[i];
    }
    if (left < 2)
        return cvyi_squeeze_add(phrase, call, rank, err);
    step = cvyi_phrase_add(phrase, call, left == 2 ? "flatten" : "squeeze");
    if (step == NULL)
        return full(err);
    step->label = label;
    step->argument = label != NULL;
    if (left > 2)
        cvyi_set_ints(&step->attrs, "axes", marks, rank);
    return CVY_OK;
}
