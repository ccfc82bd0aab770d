/*
 * read/call_parts.h - what the files that make a graph of one call share.
 */
#ifndef CVYI_READ_CALL_PARTS_H
#define CVYI_READ_CALL_PARTS_H

#include "read/call.h"

/* The graph of a phrase and the types of the call's tensors. */
typedef struct cvyi_call_build {
    cvyi_arena *arena;
    const cvyi_call_text *text;
    cvyi_graph *graph;
    const cvyi_phrase *phrase;
    const cvyi_type *types; /* one for each tensor; rank 0: not known */
    int module;
    int *in; /* results, one for each tensor; -1: a parameter */
    int n_params;
    size_t bytes; /* of parameters so far */
} cvyi_call_build;

/* Inputs, calls, parameters, trees of a graph that was just opened. */
cvy_status cvyi_call_build_run(cvyi_call_build *b, cvy_error *err);

/* The shape in which the source stores what the rule brings to `want`;
 * `inputs` are the channels of the call's input, 0 if they are not known. */
cvy_status cvyi_call_stored(cvyi_shape *out, const char *rule, int n_spatial,
                            const cvyi_shape *want, int64_t inputs,
                            cvy_error *err);

#endif
