/* layer/roll/words.c - what its words in all frameworks share. */
#include "layer/roll/words.h"

#include "layer/marks.h"

static cvy_status illegal(cvyi_phrase *out, const cvyi_bound *call,
                          const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       name, "give one shift for each axis", "%s", reason);
}

/* The argument as a list. */
static cvyi_value listed(const cvyi_bound *call, const char *name)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const cvyi_value one = { .kind = CVYI_LIST, .n = 1, .items = value };

    return value->kind == CVYI_LIST ? *value : one;
}

/* Shifts of an axis that is named twice add up. */
static bool add_shift(int64_t *marks, const cvyi_value *shift,
                      const cvyi_value *axis, int rank)
{
    int64_t by, at;

    if (shift->kind != CVYI_INT || axis->kind != CVYI_INT ||
        !cvyi_as_int(&by, shift) || !cvyi_as_int(&at, axis) || at < -rank ||
        at >= rank || by > INT32_MAX / 2 || by < -(INT32_MAX / 2))
        return false;
    at += at < 0 ? rank : 0;
    marks[at] += by;
    return marks[at] <= INT32_MAX && marks[at] >= -INT32_MAX;
}

static cvy_status add(cvyi_phrase *out, const cvyi_bound *call,
                      const int64_t *marks, cvy_error *err)
{
    const int rank = call->in[0].rank;
    bool some = false;
    cvyi_step *step;

    for (int i = 0; i < rank; i++)
        some = some || marks[i] != 0;
    step = cvyi_phrase_add(out, call, some ? "roll" : "identity");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    if (some)
        cvyi_set_ints(&step->attrs, "shift", marks, rank);
    return CVY_OK;
}

cvy_status cvyi_roll_from_call(cvyi_phrase *out, const cvyi_bound *call,
                               const char *shift, const char *axis, bool mixed,
                               cvy_error *err)
{
    const int rank = call->in[0].rank;
    const bool alike = (cvyi_arg(call, shift)->kind == CVYI_LIST) ==
                       (cvyi_arg(call, axis)->kind == CVYI_LIST);
    const cvyi_value shifts = listed(call, shift), axes = listed(call, axis);
    int64_t marks[CVYI_MAX_DIMS] = { 0 };

    if (cvyi_is_none(cvyi_arg(call, axis)) || axes.n == 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           axis, "name axes behind the batch",
                           "without axes, elements move from one sample to "
                           "the next");
    if (shifts.n != axes.n || (!alike && !mixed))
        return illegal(out, call, shift, "there must be as many as axes", err);
    for (int i = 0; i < axes.n; i++)
        if (!add_shift(marks, &shifts.items[i], &axes.items[i], rank))
            return illegal(out, call, axis,
                           "shifts and axes of the input are integers", err);
    if (marks[0] != 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           axis, "name axes behind the batch",
                           "another order of the batch is not carried over");
    return add(out, call, marks, err);
}

cvy_status cvyi_roll_say(cvyi_said *out, const cvyi_saying *what,
                         const char *name, const char *shift, const char *axis,
                         cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS], shifts[CVYI_MAX_DIMS];
    const int n = cvyi_marked(axes, what->attrs, "shift");

    for (int i = 0; i < n; i++)
        shifts[i] = cvyi_mark(what->attrs, "shift", (int)axes[i]);
    if (n == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "nothing moves");
    cvyi_code_begin(out, "%s", name);
    if (name[0] != '{')
        cvyi_code_raw(out, NULL, "{0}");
    out->operands = CVYI_BIND_ATOM;
    if (n == 1) {
        cvyi_code_int(out, shift, shifts[0]);
        cvyi_code_int(out, axis, axes[0]);
    } else {
        cvyi_code_tuple(out, shift, shifts, n);
        cvyi_code_tuple(out, axis, axes, n);
    }
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}
