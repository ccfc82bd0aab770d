/*
 * verb/explain.h - the parts of the verb `explain`.
 *
 * explain.c reads the calls and finds their counterparts; the other files
 * make what is said about one of them (arguments, border, fresh weights), and
 * explain_json.c and explain_text.c print.
 */
#ifndef CVYI_VERB_EXPLAIN_H
#define CVYI_VERB_EXPLAIN_H

#include "convey/explain.h"
#include "convey/padding.h"
#include "pass/pass.h"
#include "read/call.h"
#include "verify/verify.h"
#include "write/snippet.h"

/* An argument of the source and what it became. */
typedef struct cvyi_explain_argument {
    const char *source; /* "stride=2"; NULL: the target alone says it */
    const char *target; /* "strides=2"; NULL: nothing */
    const char *why;
} cvyi_explain_argument;

/* The border of one spatial axis. */
typedef struct cvyi_explain_border {
    const char *axis; /* "H" */
    cvy_window window;
    int64_t length;        /* of the input; -1: not known */
    bool known;            /* before and after are */
    bool depends;          /* they are others for other lengths */
    int64_t before, after; /* elements */
    bool hangs;            /* ceil: the last window may hang over the end */
    const char *rule;      /* for all lengths */
    /* The target's simple word ("padding=1"), and the lengths for which it
     * means the same: "every length", "odd lengths". NULL: there is none. */
    const char *simple, *simple_for;
} cvyi_explain_border;

/* What a weight holds before training. */
typedef struct cvyi_explain_start {
    const char *weight; /* the source's name */
    const char *source; /* "uniform in ±0.1925" */
    const char *target; /* what the target draws by default; or NULL */
    const char *code; /* line or argument that makes it draw alike; or NULL */
} cvyi_explain_start;

typedef struct cvyi_explained {
    cvyi_arena arena;
    const cvyi_call_text *text;
    cvyi_target target; /* dialect NULL: the call was not understood */
    cvy_status status;
    cvy_error error;
    cvyi_findings findings;
    cvyi_call_graph source;
    cvyi_graph *port; /* NULL: refused */
    cvyi_snippet snippet;
    bool written; /* snippet is whole */
    /* What call i of the port says when it is read as people's code: its
     * phrase has what the target draws by default. NULL: not read. */
    const cvyi_phrase **back;
    bool file_proven; /* and it means what was meant */
    cvyi_proof proof;
    double worst_error, worst_bound;
    int n_arguments, n_borders, n_starts;
    cvyi_explain_argument *arguments;
    cvyi_explain_border *borders;
    cvyi_explain_start *starts;
} cvyi_explained;

struct cvy_explain {
    cvyi_arena arena;
    cvyi_call_texts back; /* the targets' calls, read again */
    int n_texts;
    cvyi_call_texts *texts; /* one list for each dialect asked for */
    int n;
    cvyi_explained *items;
    cvyi_text out;
};

/* "Keras 3", "PyTorch", "TensorFlow 1". */
const char *cvyi_dialect_title(const char *dialect);

/* ---- what is said about one call; memory of its arena ---- */

cvy_status cvyi_explain_arguments(cvyi_explained *e, cvy_error *err);
cvy_status cvyi_explain_borders(cvyi_explained *e, cvy_error *err);
cvy_status cvyi_explain_starts(cvyi_explained *e, cvy_error *err);
/* Which elements each output sees, a line for each. */
void cvyi_explain_draw(cvyi_text *out, const cvyi_explain_border *border,
                       cvy_look look);

/* ---- the target's code, read as anybody's code ---- */

/* Reads the code of all calls of all items with one python3 and compares what
 * it means with what was meant; what differs gets the status CVY_PROOF. */
cvy_status cvyi_explain_read_back(cvy_explain *ex, cvy_error *err);

/* ---- weights, as rows of both outputs ---- */

/* How the target's arrays lie: a permutation such that the target is
 * numpy.transpose(source, axes); false: unchanged. */
bool cvyi_explain_moves(int *axes, const cvyi_explained *e, int result);
/* "kernel.transpose(3, 2, 0, 1)": arena text; NULL without memory. */
const char *cvyi_explain_numpy(cvyi_explained *e,
                               const cvyi_written_weight *weight);

/* ---- the outputs ---- */

void cvyi_explain_put_json(cvyi_text *out, const cvyi_explained *e);
void cvyi_explain_put_text(cvyi_text *out, cvyi_explained *e, cvy_look look);

#endif
