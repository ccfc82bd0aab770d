/*
 * pass/pass.h - rewrites of a graph for a target framework.
 *
 * A pass is one file and one line of passes.def; it asks fields of operators
 * and words of a dialect, never names of operators or frameworks. What cannot
 * be rewritten exactly becomes a refusal in `findings` and the pass goes on,
 * so that all refusals come in one run; the caller stops after the pass.
 */
#ifndef CVYI_PASS_PASS_H
#define CVYI_PASS_PASS_H

#include "graph/graph.h"

typedef struct cvyi_target {
    const char *dialect; /* of the words: "torch" */
    cvyi_axes axes;      /* order of axes it wants */
    bool flat;           /* repeated structure stays a flat list of layers */
    bool plain;          /* two calls rather than one of a class of our own */
} cvyi_target;

typedef struct cvyi_pass {
    const char *name;  /* `convey show --after NAME` */
    const char *title; /* one line */
    cvy_status (*run)(cvyi_graph *graph, const cvyi_target *target,
                      cvyi_findings *findings, cvy_error *err);
} cvyi_pass;

/* The functions of the list. */
#define PASS(id, title)                                                     \
    cvy_status cvyi_pass_##id(cvyi_graph *graph, const cvyi_target *target, \
                              cvyi_findings *findings, cvy_error *err);
#include "pass/passes.def"
#undef PASS

extern const cvyi_pass cvyi_passes[]; /* in the order in which they run */
extern const size_t cvyi_n_passes;

/* All passes, or up to and including `last` (NULL: all). CVY_ARGUMENT if
 * there is no such pass. The graph is checked after each. */
cvy_status cvyi_pass_run(cvyi_graph *graph, const cvyi_target *target,
                         const char *last, cvyi_findings *findings,
                         cvy_error *err);

/* Transposes in the graph that no source layer asked for. */
int cvyi_leftover_transposes(const cvyi_graph *graph);

#endif
