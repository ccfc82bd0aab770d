/* layer/repeat/words.c - what its words in all frameworks share. */
#include "layer/repeat/words.h"

#include "layer/marks.h"

static cvy_status refuse(cvyi_phrase *out, const cvyi_bound *call,
                         const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, "repeat axes behind the batch, one number each",
                       "%s", reason);
}

static cvy_status add(cvyi_phrase *out, const cvyi_bound *call,
                      const int64_t *times, bool each, cvy_error *err)
{
    const int rank = call->in[0].rank;
    bool some = false;
    cvyi_step *step;

    for (int i = 0; i < rank; i++)
        some = some || times[i] > 1;
    step = cvyi_phrase_add(out, call, some ? "repeat" : "identity");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    if (!some)
        return CVY_OK;
    cvyi_set_ints(&step->attrs, "times", times, rank);
    cvyi_set_int(&step->attrs, "each", each);
    return CVY_OK;
}

/* At least once: nothing is left of none. */
static bool read_times(int64_t *out, const cvyi_value *value)
{
    return value->kind == CVYI_INT && cvyi_as_int(out, value) && *out >= 1 &&
           *out <= INT32_MAX;
}

cvy_status cvyi_repeat_whole(cvyi_phrase *out, const cvyi_bound *call,
                             const char *name, const cvyi_value *list,
                             cvy_error *err)
{
    const int rank = call->in[0].rank;
    int64_t times[CVYI_MAX_DIMS] = { 0 };

    if (list->n > rank)
        return refuse(out, call, name,
                      "new axes before the batch are not carried over", err);
    for (int i = 0; i < list->n; i++) {
        const int axis = rank - list->n + i;

        if (!read_times(&times[axis], &list->items[i]))
            return refuse(out, call, name,
                          "it needs whole numbers of at least 1", err);
        if (times[axis] == 1)
            times[axis] = 0;
    }
    if (times[0] > 1)
        return refuse(out, call, name,
                      "samples that come several times are not carried over",
                      err);
    return add(out, call, times, false, err);
}

cvy_status cvyi_repeat_each(cvyi_phrase *out, const cvyi_bound *call,
                            const char *axis, cvy_error *err)
{
    int64_t times[CVYI_MAX_DIMS] = { 0 };
    int at;

    if (cvyi_is_none(cvyi_arg(call, axis)))
        return refuse(out, call, axis,
                      "without an axis, samples are joined to one row", err);
    CVYI_TRY(cvyi_arg_axis(&at, out, call, axis, err));
    if (at == 0)
        return refuse(out, call, axis,
                      "samples that come several times are not carried over",
                      err);
    if (!read_times(&times[at], cvyi_arg(call, "repeats")))
        return refuse(out, call, "repeats",
                      "it needs one whole number of at least 1", err);
    return add(out, call, times, true, err);
}

int cvyi_repeat_times(int64_t *times, const cvyi_saying *what)
{
    int n = 0;

    for (int i = 0; i < what->in[0].rank; i++) {
        times[i] = cvyi_mark(what->attrs, "times", i);
        if (times[i] < 1)
            times[i] = 1;
        n += times[i] > 1;
    }
    return n;
}
