/*
 * verify/align_parts.h - the parts of finding a written call again.
 */
#ifndef CVYI_VERIFY_ALIGN_PARTS_H
#define CVYI_VERIFY_ALIGN_PARTS_H

#include "verify/align.h"

typedef struct cvyi_align {
    cvyi_file_proof *proof;
    const cvyi_graph *meant;
    const cvyi_written *written;
    cvyi_graph *read;
    int *found;         /* result of meant -> result of read, or -1 */
    int *stand_in;      /* for a result written as nothing; or -1 */
    int *value;         /* of a result of read: the first that is the same */
    bool *used;         /* calls of read */
    int *calls, *chain; /* room for the steps of any call */
    const char **paths; /* of the modules of read */
    cvy_error *err;
} cvyi_align;

/* ---- align_find.c: which calls of `read` stand for a call of `meant` ---- */

enum cvyi_match {
    CVYI_MATCH_NONE,     /* nothing stands for it */
    CVYI_MATCH_WHOLE,    /* reads what it should */
    CVYI_MATCH_ELSEWHERE /* it is there, but reads another value */
};

/* Two calls of one function on the same values are the same value: whoever
 * reads one may as well read the other. Fills a->value. */
void cvyi_align_values(cvyi_align *a);
/* How many calls stand for call `i`, and what step `step` of them is. */
int cvyi_align_steps(const cvyi_align *a, int i);
const cvyi_attrs *cvyi_align_step(const cvyi_align *a, int i, int step);
/* a->calls gets the steps of call `i`. With NONE *instead is a call
 * that stands where it should be, or -1. */
enum cvyi_match cvyi_align_find(int *instead, cvyi_align *a, int i);

/* ---- align_compare.c: what differs ---- */

/* A printed fault; `call` of read tells where, -1: nowhere. */
cvy_status cvyi_align_fault(cvyi_align *a, int meant_call, int call,
                            const char *format, ...) CVY_PRINTF(4, 5);
/* Attributes and axes of one step. */
cvy_status cvyi_align_attrs(cvyi_align *a, int i, int step, int call);
/* The parameters of call `i`, which `call` of read has. */
cvy_status cvyi_align_params(cvyi_align *a, int i, int call);

#endif
