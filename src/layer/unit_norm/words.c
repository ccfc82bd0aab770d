/* layer/unit_norm/words.c - what the dialects' words for it share. */
#include "layer/unit_norm/words.h"

cvy_status cvyi_unit_norm_add(cvyi_phrase *out, const cvyi_bound *call,
                              const char *argument, bool all, double least,
                              cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, argument);
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    const bool list = given->kind == CVYI_LIST;
    const bool none = all && cvyi_is_none(given);
    const int n = none ? rank : list ? given->n : 1;
    int64_t marks[CVYI_MAX_DIMS] = { 0 };
    bool good = n > 0;
    cvyi_step *step;

    if (list && n == 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           argument, "name the axes",
                           "an empty list of axes is not carried over");
    for (int i = 0; good && i < n; i++) {
        int64_t axis = i;

        good = none || (cvyi_as_int(&axis, list ? &given->items[i] : given) &&
                        axis >= -rank && axis < rank);
        axis += good && axis < 0 ? rank : 0;
        good = good && marks[axis] == 0;
        if (good)
            marks[axis] = 1;
    }
    if (!good)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, argument,
                           "name axes that the input has, each once",
                           "%s names no different axes of an input of %d "
                           "axes",
                           argument, rank);
    step = cvyi_phrase_add(out, call, "unit_norm");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_ints(&step->attrs, "axes", marks, rank);
    cvyi_set_real(&step->attrs, "least", least);
    return CVY_OK;
}

int cvyi_unit_norm_axes(int64_t *axes, const cvyi_saying *what)
{
    int rank, n = 0;
    const int64_t *const marks = cvyi_attr_ints(what->attrs, "axes", &rank);

    for (int i = 0; i < rank; i++)
        if (marks[i] != 0)
            axes[n++] = i;
    return n;
}
