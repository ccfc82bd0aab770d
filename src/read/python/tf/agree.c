/* read/python/tf/agree.c - do two dialects read a call as the same? */
#include "read/python/tf/wording.h"

#include <string.h>

static bool same_slot(const cvyi_step_slot *a, const cvyi_step_slot *b)
{
    return strcmp(a->slot, b->slot) == 0 &&
           strcmp(a->layout, b->layout) == 0 && a->operand == b->operand;
}

/* How a running variance is kept says nothing about an inference. */
static bool same_numbers(const char **which, const cvyi_attrs *a, cvyi_attrs b)
{
    for (int i = 0;
         a->op == b.op && i < CVYI_MAX_ATTRS && a->op->attrs[i].name != NULL;
         i++)
        if (strcmp(a->op->attrs[i].name, "variance") == 0)
            b.at[i] = a->at[i];
    return cvyi_attrs_equal(a, &b, which);
}

/* *which: what differs. */
static bool same_step(const char **which, const cvyi_step *a,
                      const cvyi_step *b)
{
    *which = "what it computes";
    if (!same_numbers(which, &a->attrs, b->attrs))
        return false;
    *which = "its weights";
    if (a->n_slots != b->n_slots)
        return false;
    for (int i = 0; i < a->n_slots; i++)
        if (!same_slot(&a->slots[i], &b->slots[i]))
            return false;
    *which = "its axes";
    return a->axes == b->axes && a->argument == b->argument;
}

static bool same(const char **which, const cvyi_phrase *a,
                 const cvyi_phrase *b)
{
    *which = "what it computes";
    if (a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++)
        if (!same_step(which, &a->steps[i], &b->steps[i]))
            return false;
    return true;
}

cvy_status cvyi_tf_agree(const cvyi_tf_wording *w,
                         const cvyi_tf_wording *other, cvy_status also,
                         cvy_error *err)
{
    const char *const first = w->spelling->dialect;
    const char *const second = other->spelling->dialect;
    const cvyi_refusal *const refusal = &other->phrase.refusal;
    const char *which = "what it computes";

    /* What a dialect calls illegal was not written in it. */
    if (also == CVY_UNSUPPORTED && refusal->reason != NULL &&
        refusal->kind == CVYI_ILLEGAL_IN_SOURCE)
        return CVY_OK;
    if (also == CVY_OK && same(&which, &w->phrase, &other->phrase))
        return CVY_OK;
    return cvyi_fail(err, CVY_UNSUPPORTED,
                     "%s is not the same in all versions (%s): say which it "
                     "is with --from %s or --from %s",
                     w->dotted, which, first, second);
}

cvy_status cvyi_tf_pass_on(cvy_error *err, const cvy_error *why,
                           cvy_status status)
{
    if (status != CVY_OK && err != NULL)
        *err = *why;
    return status;
}
