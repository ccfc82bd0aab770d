/* layer/phrase.c - building phrases and refusals. */
#include "layer/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

cvy_status cvyi_refuse(cvyi_refusal *out, cvyi_arena *arena, cvy_error *err,
                       cvyi_refusal_kind kind, const char *attribute,
                       const char *advice, const char *reason, ...)
{
    char text[320];
    va_list args;

    va_start(args, reason);
    vsnprintf(text, sizeof text, reason, args);
    va_end(args);

    const char *const kept = cvyi_arena_text(arena, text, strlen(text));

    if (kept == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_refusal){ kind, attribute, kept, advice };
    return cvyi_fail_in(err, CVY_UNSUPPORTED, attribute, "%s", kept);
}

static int count_spatial(const cvyi_bound *call)
{
    int n = call->n_spatial;

    for (int k = 0; k < call->n_in && call->n_spatial == 0; k++)
        n = call->in[k].rank - 2 > n ? call->in[k].rank - 2 : n;
    return n < 0 ? 0 : n > CVYI_MAX_SPATIAL ? CVYI_MAX_SPATIAL : n;
}

cvyi_step *cvyi_phrase_add(cvyi_phrase *phrase, const cvyi_bound *call,
                           const char *op)
{
    const cvyi_op *const found = cvyi_op_find(op);

    if (phrase->n == CVYI_MAX_STEPS || found == NULL)
        return NULL;

    cvyi_step *const step = &phrase->steps[phrase->n++];

    memset(step, 0, sizeof *step);
    cvyi_attrs_open(&step->attrs, found, count_spatial(call));
    if (phrase->n > 1)
        step->axes = step[-1].axes;
    else if (strcmp(call->spelling->dialect, "torch") == 0)
        step->axes = CVYI_AXES_FIRST;
    return step;
}

cvyi_step_slot *cvyi_step_slot_add(cvyi_step *step, const char *slot,
                                   const char *source, const char *layout)
{
    cvyi_step_slot *const added = &step->slots[step->n_slots++];

    *added =
        (cvyi_step_slot){ .slot = slot, .source = source, .layout = layout };
    return added;
}

bool cvyi_phrase_trains(const cvyi_phrase *phrase)
{
    for (int i = 0; i < phrase->n; i++) {
        if (phrase->steps[i].attrs.op->trains)
            return true;
        for (int s = 0; s < phrase->steps[i].n_slots; s++)
            if (phrase->steps[i].slots[s].frozen)
                return true;
    }
    return false;
}

void cvyi_phrase_remark(cvyi_phrase *phrase, const char *text)
{
    if (phrase->n_remarks < CVYI_MAX_REMARKS)
        phrase->remarks[phrase->n_remarks++] = text;
}
