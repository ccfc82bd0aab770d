/*
 * read/steps.h - the calls of a phrase, where the call's weights are tensors
 * or come from somewhere else.
 *
 * The first step is on the call's own tensors, each later one on what the step
 * before it made; what an operator needs beyond one input is the call's own in
 * both cases. A step with `operands` is one call for each tensor marked there,
 * which from then on stands in that tensor's place.
 */
#ifndef CVYI_READ_STEPS_H
#define CVYI_READ_STEPS_H

#include "graph/graph.h"

typedef struct cvyi_steps {
    cvyi_arena *arena; /* scratch */
    cvyi_graph *graph;
    const cvyi_phrase *phrase;
    int module, visit; /* that the calls belong to */
    int n_tensors;     /* of the call */
    int *in;           /* a result for each; -1: a parameter. Changed by steps
                          with operands */
    /* The parameter of a slot, whose neutral shape is `want`; `input` is the
     * result that the step is on. */
    cvy_status (*param)(int *out, void *self, const cvyi_step *step,
                        const cvyi_step_slot *slot, const cvyi_shape *want,
                        int input, cvy_error *err);
    void *self;
} cvyi_steps;

/* *result: of the last step; -1 if the phrase has none. */
cvy_status cvyi_steps_add(int *result, cvyi_steps *s, cvy_error *err);
/* Is tensor `number` of the call a weight of one of the steps? */
bool cvyi_steps_weight(const cvyi_phrase *phrase, int number);

#endif
