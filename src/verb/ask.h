/* verb/ask.h - what is said of a script beside its path. */
#ifndef CVYI_VERB_ASK_H
#define CVYI_VERB_ASK_H

#include "read/read.h"

typedef struct cvyi_asking {
    const char *from, *entry, *root, *weights; /* or NULL */
    int32_t n_sets, n_inputs;
    const char *const *sets;   /* "NAME=VALUE" */
    const char *const *inputs; /* "[NAME=]1x3x32x32", or of files */
    bool files;                /* "[NAME=]x.npy": their shapes count */
    bool no_values;            /* of weights: their shapes will do */
} cvyi_asking;

/* Opens a source, and what is said of a script reaches it. CVY_ARGUMENT for
 * what is said of a script where there is none. */
cvy_status cvyi_ask(cvyi_source *out, const char *path,
                    const cvyi_asking *asking, cvyi_arena *arena,
                    cvyi_findings *findings, cvy_error *err);

#endif
