/*
 * verify/verify.h - the proof that two graphs compute the same.
 *
 * Level 1 (engine): the source graph against the ported one, layer by layer.
 * Every ported call is fed the source's own intermediate values, put into the
 * order of axes that the port uses, and its result is put back and compared,
 * element by element, with the bound that the operators state.
 */
#ifndef CVYI_VERIFY_VERIFY_H
#define CVYI_VERIFY_VERIFY_H

#include "graph/graph.h"

typedef enum cvyi_verdict {
    CVYI_NOT_CHECKED,
    CVYI_PROVEN, /* every element within its bound */
    CVYI_FAILED,
} cvyi_verdict;

/* What was found about one call of the source graph. */
typedef struct cvyi_layer_proof {
    int source_call; /* of the source graph */
    int target_call; /* of the port: the last call of that layer's part */
    cvyi_verdict verdict;
    double error, bound; /* at the worst element */
    double share;        /* worst error as a share of its bound */
    const char *where;   /* "output [0, 3, 5, 5] on the ramp", or "" */
    const char *cause;   /* likely cause of a failure, or "" */
} cvyi_layer_proof;

typedef struct cvyi_proof {
    cvyi_arena arena;
    cvyi_verdict engine;
    int n_layers; /* one row a call of the source graph, in order */
    cvyi_layer_proof *layers;
    int first_failure;  /* row, or -1 */
    double worst_share; /* over all rows */
    int64_t samples;    /* probe inputs */
    uint64_t seed;
    double seconds;
} cvyi_proof;

/* false: stop, which is CVY_INTERRUPTED. */
typedef bool cvyi_progress_fn(void *context, int done, int total);

/* `source` as it was read, `port` its copy after the passes (results carry
 * origins). CVY_OK also when the proof failed: the verdict is in `out`. */
cvy_status cvyi_verify(cvyi_proof *out, const cvyi_graph *source,
                       const cvyi_graph *port, uint64_t seed,
                       cvyi_progress_fn *progress, void *context,
                       cvy_error *err);
void cvyi_proof_close(cvyi_proof *proof);

#endif
