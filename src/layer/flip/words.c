/* layer/flip/words.c - what its words in all frameworks share. */
#include "layer/flip/words.h"

#include "layer/adaptive.h"

cvy_status cvyi_flip_from_axes(cvyi_phrase *out, const cvyi_bound *call,
                               const char *name, cvy_error *err)
{
    const int rank = call->in[0].rank;
    int64_t marks[CVYI_MAX_DIMS];
    bool turned[CVYI_MAX_DIMS], some = false;
    cvyi_step *step;

    CVYI_TRY(cvyi_reduced_axes(turned, out, call, name, err));
    if (turned[0])
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           name, "name axes behind the batch",
                           "another order of the batch is not carried over");
    for (int i = 0; i < rank; i++) {
        marks[i] = turned[i];
        some = some || turned[i];
    }
    step = cvyi_phrase_add(out, call, some ? "flip" : "identity");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    if (some)
        cvyi_set_ints(&step->attrs, "axes", marks, rank);
    return CVY_OK;
}
