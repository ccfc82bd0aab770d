/* write/snippet_parts.h - the parts of writing code to paste. */
#ifndef CVYI_WRITE_SNIPPET_PARTS_H
#define CVYI_WRITE_SNIPPET_PARTS_H

#include "write/names.h"
#include "write/snippet.h"

typedef struct cvyi_snippet_work cvyi_snippet_work;

/* How a framework puts calls together. */
typedef struct cvyi_snippet_kind {
    const char *dialect;
    const char *open, *close; /* of a Sequential */
    char separator;           /* between a layer and its weight */
    bool named; /* layers in a Sequential are told apart by name= */
    /* What is no chain of modules. */
    cvy_status (*compose)(cvyi_snippet_work *w);
} cvyi_snippet_kind;

struct cvyi_snippet_work {
    cvyi_snippet *out;
    cvyi_graph *graph;
    const cvyi_snippet_kind *kind;
    cvyi_findings *findings;
    const char **members; /* of each call: "conv" */
    const char **values;  /* of each result: "x" */
    cvy_error *err;
};

/* The rows, snippet_kinds.c. */
extern const cvyi_snippet_kind cvyi_snippet_kinds[];
extern const size_t cvyi_n_snippet_kinds;

/* The expression of call `i` over names of values; a module is `maker` called
 * on them. */
void cvyi_snippet_put_call(cvyi_text *out, const cvyi_snippet_work *w, int i,
                           const char *maker);

#endif
