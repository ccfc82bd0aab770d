/*
 * base/findings.h - refusals and remarks, collected over a whole model.
 *
 * A model that is refused for seven reasons fills seven records and is
 * refused once. Texts are copied into the list's arena.
 */
#ifndef CVYI_BASE_FINDINGS_H
#define CVYI_BASE_FINDINGS_H

#include "base/memory.h"

typedef struct cvyi_finding {
    bool refusal; /* else a remark */
    /* "illegal_in_source", "no_counterpart", "unknown_call", "unsupported";
     * "" for a remark */
    const char *kind;
    const char *layer;     /* source name, or "" */
    const char *attribute; /* or "" */
    const char *text;      /* reason or remark, no final period */
    const char *advice;    /* what the user can do, or "" */
    const char *where;     /* path or file:line, or "" */
} cvyi_finding;

typedef struct cvyi_findings {
    cvyi_arena arena; /* { 0 } is an empty list */
    cvyi_finding *items;
    int n, capacity, n_refusals;
} cvyi_findings;

/* Fields that are NULL become "". A record equal to an earlier one (same
 * layer, attribute and text) is kept once. */
cvy_status cvyi_findings_add(cvyi_findings *list, cvyi_finding finding,
                             cvy_error *err);
/* The last record becomes the first one. */
void cvyi_findings_lead(cvyi_findings *list);
cvy_status cvyi_remark(cvyi_findings *list, const char *layer,
                       const char *text, cvy_error *err);
/* CVY_OK without refusals; else CVY_UNSUPPORTED, telling the first. */
cvy_status cvyi_findings_verdict(const cvyi_findings *list, cvy_error *err);
void cvyi_findings_close(cvyi_findings *list);

#endif
