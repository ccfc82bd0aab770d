/*
 * verb/run.h - the parts of the verb `run`.
 *
 * run.c reads, computes and writes; run_input.c brings arrays to the model's
 * inputs; run_output.c names outputs and writes them; run_text.c prints.
 */
#ifndef CVYI_VERB_RUN_H
#define CVYI_VERB_RUN_H

#include "convey/run.h"
#include "read/read.h"

/* An input of the model, and the array for it. */
typedef struct cvyi_run_input {
    const char *name;
    const char *file; /* NULL: none was given yet */
    cvyi_mapping bytes;
    cvy_view view;  /* float32 */
    cvy_view owned; /* the same if it had to be converted, else empty */
} cvyi_run_input;

typedef struct cvyi_run_leaf {
    const char *name; /* each once */
    const char *file; /* to write, or NULL */
    int result;
} cvyi_run_leaf;

enum { CVYI_RUN_SYMBOLS = 64 };

struct cvy_run {
    const cvy_run_options *options; /* borrowed while the run is made */
    cvy_status status;
    cvy_error error;
    cvyi_arena arena;
    const char *path;
    cvyi_findings findings;
    int n_read; /* of these, left by the reader of the model */
    cvyi_source source;
    int n_inputs, n_outputs;
    cvyi_run_input *inputs;
    cvyi_run_leaf *outputs;
    int n_symbols; /* sizes that the arrays say */
    const char *symbols[CVYI_RUN_SYMBOLS];
    int64_t sizes[CVYI_RUN_SYMBOLS];
    int symbol_input[CVYI_RUN_SYMBOLS]; /* that said it */
    cvy_view *results;                  /* of the graph, once it has run */
    double *layers;                     /* seconds a call, or NULL */
    double last;                        /* when the last call was done */
    double read, compute;               /* seconds */
    size_t planned_bytes;
    int64_t peak_bytes;
    cvyi_text text, json;
};

/* Which file is for which input; every input has one. */
cvy_status cvyi_run_name_inputs(cvy_run *run, cvy_error *err);
/* Reads the arrays, compares shapes, solves the unknown sizes. */
cvy_status cvyi_run_read_inputs(cvy_run *run, cvy_error *err);
/* The outputs and which files they go to. */
cvy_status cvyi_run_name_outputs(cvy_run *run, cvy_error *err);
cvy_status cvyi_run_write_outputs(const cvy_run *run, cvy_error *err);

/* "NAME=FILE": does it begin with this name? Then *file is the rest. */
bool cvyi_run_is_named(const char **file, const char *text, const char *name);
/* Is it "NAME=FILE" with any name? A name has no slash. */
bool cvyi_run_has_name(const char *text);

#endif
