/*
 * verb/show.h - the parts of the verb `show`: show.c reads the model and
 * counts, show_table.c and show_json.c print.
 */
#ifndef CVYI_VERB_SHOW_H
#define CVYI_VERB_SHOW_H

#include "convey/show.h"
#include "pass/pass.h"
#include "read/read.h"
#include "verify/report.h"

/* A number that may be unknown: known is false then. */
typedef struct cvyi_show_number {
    bool known;
    int64_t n;
} cvyi_show_number;

/* A line of the table: an input, or a layer or an inner model with all its
 * calls. A model's own numbers are those of calls that no layer of it makes. */
typedef struct cvyi_show_row {
    const char *name, *class_name;
    const char *op; /* of the layer's first call; NULL for inputs and models */
    int module;     /* of the outline; -1: an input */
    int depth;      /* how many models it is in, beside the whole */
    int calls;      /* how often it computes */
    int result;     /* that the last of them gives out; -1: not known */
    int64_t parameters, trainable;
    bool shared; /* parameters that an earlier line has counted */
    cvyi_show_number adds;
} cvyi_show_row;

enum { CVYI_SHOW_SYMBOLS = 64 };

struct cvy_show {
    cvy_status status;
    cvy_error error;
    cvyi_arena arena;
    const char *path;
    const char *after;              /* NULL: the graph as it was read */
    const cvyi_target_kind *target; /* of the passes */
    cvyi_findings findings;
    cvyi_source source;
    cvyi_graph *copy;  /* after passes, or NULL */
    cvyi_graph *graph; /* that is shown; borrowed */
    bool batch_given;
    int n_symbols; /* sizes that are known */
    const char *symbols[CVYI_SHOW_SYMBOLS];
    int64_t sizes[CVYI_SHOW_SYMBOLS];
    int n_rows;
    cvyi_show_row *rows;
    cvyi_show_number adds;
    int64_t parameters, trainable, parameter_bytes;
    cvyi_text table, json, text;
};

/* Takes "[NAME=]1x32x32x3" for one of the graph's inputs: its unknown sizes
 * become known. CVY_ARGUMENT for a text that is none, or where the model has
 * another size. */
cvy_status cvyi_show_input(cvy_show *show, const char *text, cvy_error *err);
/* Without a batch size, one sample is counted. */
cvy_status cvyi_show_one_sample(cvy_show *show, cvy_error *err);
/* The value of a size, if it is known. */
cvyi_show_number cvyi_show_size(const cvy_show *show, cvyi_size size);
/* Rows and totals. */
cvy_status cvyi_show_count(cvy_show *show, cvy_error *err);

#endif
