/* base/findings.c - refusals and remarks, collected over a whole model. */
#include "base/findings.h"

#include <string.h>

static const char *keep(cvyi_arena *arena, const char *text)
{
    return text == NULL || *text == '\0'
               ? ""
               : cvyi_arena_text(arena, text, strlen(text));
}

static bool known(const cvyi_findings *list, const cvyi_finding *f)
{
    for (int i = 0; i < list->n; i++) {
        const cvyi_finding *const old = &list->items[i];

        if (old->refusal == f->refusal && strcmp(old->layer, f->layer) == 0 &&
            strcmp(old->attribute, f->attribute) == 0 &&
            strcmp(old->text, f->text) == 0)
            return true;
    }
    return false;
}

cvy_status cvyi_findings_add(cvyi_findings *list, cvyi_finding finding,
                             cvy_error *err)
{
    const char **const texts[] = { &finding.kind,      &finding.layer,
                                   &finding.attribute, &finding.text,
                                   &finding.advice,    &finding.where };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = keep(&list->arena, *texts[i]);
        if (*texts[i] == NULL)
            return cvyi_no_memory(err);
    }
    if (known(list, &finding))
        return CVY_OK;

    cvyi_finding *const items = cvyi_arena_grow(
        &list->arena, list->items, list->n, &list->capacity, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    list->items = items;
    list->items[list->n++] = finding;
    list->n_refusals += finding.refusal;
    return CVY_OK;
}

void cvyi_findings_lead(cvyi_findings *list)
{
    const int n = list->n;
    cvyi_finding last;

    if (n < 2)
        return;
    last = list->items[n - 1];
    memmove(list->items + 1, list->items, (size_t)(n - 1) * sizeof last);
    list->items[0] = last;
}

cvy_status cvyi_remark(cvyi_findings *list, const char *layer,
                       const char *text, cvy_error *err)
{
    return cvyi_findings_add(
        list, (cvyi_finding){ .layer = layer, .text = text }, err);
}

cvy_status cvyi_findings_verdict(const cvyi_findings *list, cvy_error *err)
{
    const cvyi_finding *first = list->items;

    if (list->n_refusals == 0)
        return CVY_OK;
    while (!first->refusal)
        first++;
    if (list->n_refusals == 1)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, first->layer, "%s",
                            first->text);
    return cvyi_fail_in(err, CVY_UNSUPPORTED, first->layer,
                        "%s (the first of %d refusals)", first->text,
                        list->n_refusals);
}

void cvyi_findings_close(cvyi_findings *list)
{
    cvyi_arena_close(&list->arena);
    *list = (cvyi_findings){ 0 };
}
