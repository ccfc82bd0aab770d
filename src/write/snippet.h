/*
 * write/snippet.h - a small graph as code to paste.
 *
 * Not a file with a class and its weights beside it, but what a person types
 * after the framework's usual imports:
 *
 *   layer = nn.Conv2d(3, 16, 3)
 *
 * Several calls are a Sequential; what is no chain of modules is a class with
 * a forward (torch) or a functional model (Keras). Whatever it is, the code
 * leaves `layer`, which takes the graph's inputs in their order.
 */
#ifndef CVYI_WRITE_SNIPPET_H
#define CVYI_WRITE_SNIPPET_H

#include "write/write.h"

typedef struct cvyi_snippet {
    cvyi_arena arena;
    cvyi_text code; /* whole lines */
    int n_calls;
    cvyi_said *said; /* of each call of the graph */
    int n_weights;
    cvyi_written_weight *weights; /* in the order of the calls */
} cvyi_snippet;

/* `dialect` of the words to write: "torch" or "keras3". The graph has passed
 * the passes for it and no call is made twice. CVY_UNSUPPORTED when a call
 * has no words: then each such call is a refusal in `findings`. Remarks of
 * words go there too. `out` is closed by the caller in every case. */
cvy_status cvyi_snippet_write(cvyi_snippet *out, cvyi_graph *graph,
                              const char *dialect, cvyi_findings *findings,
                              cvy_error *err);
void cvyi_snippet_close(cvyi_snippet *snippet);

#endif
