/*
 * run/run.h - evaluating calls and whole graphs with the engine.
 *
 * Views of results are in the memory's order of their graph, F32, any
 * strides. Operators see them as N C S...: the permutation happens here.
 */
#ifndef CVYI_RUN_RUN_H
#define CVYI_RUN_RUN_H

#include "graph/graph.h"

/* Values of the size symbols of a graph ("N", "H" …). */
typedef struct cvyi_symbols {
    int n;
    const char *const *names;
    const int64_t *values;
} cvyi_symbols;

/* The dims a type has under these values; CVY_SHAPE if one is unknown or
 * below 1. */
cvy_status cvyi_run_dims(int64_t *dims, const cvyi_type *type,
                         const cvyi_symbols *symbols, cvy_error *err);

typedef enum cvyi_run_mode {
    CVYI_RUN_VALUE, /* op->eval */
    CVYI_RUN_BOUND, /* op->bound; zeros where the operator is exact */
} cvyi_run_mode;

/* One call. `in` are views of its inputs, `out` packed tensors that the
 * caller opened with the right dims. */
cvy_status cvyi_run_call(const cvyi_graph *graph, const cvyi_call *call,
                         const cvy_view *in, const cvy_view *out,
                         cvyi_run_mode mode, cvy_error *err);

/* A whole graph. `results` has graph->n_results entries; those of the inputs
 * are filled by the caller (borrowed). With `keep` every result stays, else
 * only outputs: the others share one block of memory (run/plan.h), and their
 * entries are empty at the end. */
cvy_status cvyi_run_graph(cvy_view *results, const cvyi_graph *graph,
                          const cvyi_symbols *symbols, bool keep,
                          cvy_error *err);

typedef struct cvyi_watch {
    /* After each call; false: CVY_INTERRUPTED. May be NULL. */
    bool (*step)(void *context, int call);
    void *context;
    size_t planned_bytes; /* filled: of the block and of the outputs */
} cvyi_watch;

/* The same without `keep`, watched. */
cvy_status cvyi_run_watched(cvy_view *results, const cvyi_graph *graph,
                            const cvyi_symbols *symbols, cvyi_watch *watch,
                            cvy_error *err);
/* Frees what a run opened (inputs are left alone). */
void cvyi_run_close(cvy_view *results, const cvyi_graph *graph);

#endif
