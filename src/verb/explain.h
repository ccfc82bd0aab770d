/*
 * verb/explain.h - the parts of the verb `explain`.
 *
 * explain_lines.c reads what is asked, explain.c finds the counterparts; other
 * files make what is said about one of them (shapes, arguments, border, fresh
 * weights) or, where sizes are missing, what holds for all of them
 * (explain_stand_in.c, explain_merge.c); explain_json.c and explain_text.c
 * print.
 */
#ifndef CVYI_VERB_EXPLAIN_H
#define CVYI_VERB_EXPLAIN_H

#include "convey/explain.h"
#include "convey/padding.h"
#include "pass/pass.h"
#include "read/call.h"
#include "verb/dialect.h"
#include "verify/verify.h"
#include "write/snippet.h"

/* An argument of the source and what it became. */
typedef struct cvyi_explain_argument {
    const char *source; /* "stride=2"; NULL: the target alone says it */
    const char *target; /* "strides=2"; NULL: nothing */
    const char *why;
} cvyi_explain_argument;

/* The border of one spatial axis: put on before a window slides, or cut off
 * what a transposed convolution makes. */
typedef struct cvyi_explain_border {
    const char *axis; /* "H" */
    cvy_window window;
    bool cut;              /* cut off; amounts below 0 are added */
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
    /* Both for all sizes: "uniform in ±sqrt(1 / fan_in)"; or NULL. */
    const char *source_rule, *target_rule;
} cvyi_explain_start;

/* A tensor that goes in or comes out. */
typedef struct cvyi_explain_shape {
    const char *what;            /* "input"; "" for further ones */
    const char *source, *target; /* "(1, 3, 32, 32)" */
    const char *order; /* "0, 2, 3, 1", as numpy.transpose has it; or NULL */
} cvyi_explain_shape;

typedef struct cvyi_explain_weight {
    const char *source; /* "kernel (3, 3, 3, 16)"; NULL: it has none */
    const char *target; /* "weight (16, 3, 3, 3)" */
    const char *how;    /* "kernel.transpose(3, 2, 0, 1)"; NULL: as it is */
} cvyi_explain_weight;

/* A size that nobody said, and the numbers that stood in for it. */
enum { CVYI_STAND_INS = 3 };
typedef struct cvyi_explain_letter {
    const char *name; /* "C" */
    int64_t values[CVYI_STAND_INS];
} cvyi_explain_letter;

/* Where sizes are not known the call is explained with several numbers in
 * their place; what is the same for all of them, but for these numbers, is
 * told with letters. */
typedef struct cvyi_explain_rules {
    const char *where;   /* ", W is (kh, kw, C, O)" */
    const char *missing; /* "the shapes of x and W are not known" */
    const char *options; /* "--input x=1x32x32x3 --input W=3x3x3x16" */
    const char *lazy;    /* a module that needs no C; or NULL */
    int n_letters;
    cvyi_explain_letter *letters;
    struct cvyi_explained *with; /* one for each set of numbers */
} cvyi_explain_rules;

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
    const char *code; /* the target's; NULL: there is none */
    int n_shapes, n_arguments, n_borders, n_weights, n_starts;
    cvyi_explain_shape *shapes;
    cvyi_explain_argument *arguments;
    cvyi_explain_border *borders;
    cvyi_explain_weight *weights;
    cvyi_explain_start *starts;
    cvyi_explain_rules *rules; /* of a call whose sizes are missing; or NULL */
    bool stands_in;            /* part of another call's rules */
} cvyi_explained;

/* What is asked about one call. */
typedef struct cvyi_explain_request {
    const char *from, *target;
    int n_inputs;
    cvyi_call_input *inputs;
} cvyi_explain_request;

typedef struct cvyi_explain_line {
    const char *text;
    size_t size;
    cvyi_explain_request request;
} cvyi_explain_line;

typedef struct cvyi_explain_lines {
    int n, capacity;
    cvyi_explain_line *items;
} cvyi_explain_lines;

struct cvy_explain {
    cvyi_arena arena;
    cvyi_call_texts back; /* the targets' calls, read again */
    int n_texts;
    cvyi_call_texts *texts; /* one list for each dialect asked for */
    int n;
    cvyi_explained *items;
    cvyi_text out;
};

/* ---- what was asked ---- */

/* One more "[NAME=]SHAPE". */
cvy_status cvyi_explain_add_input(cvyi_explain_request *r, cvyi_arena *arena,
                                  const char *text, int *capacity,
                                  cvy_error *err);
/* The lines of the text; a comment behind a call may hold its own options
 * instead of the general ones. */
cvy_status cvyi_explain_lines_read(cvyi_explain_lines *out, cvyi_arena *arena,
                                   const char *code,
                                   const cvyi_explain_request *general,
                                   cvy_error *err);

/* ---- one call ---- */

/* Everything but what the target's code means when it is read again. What the
 * call itself is refused for stands in e->status; the function fails for want
 * of memory. */
cvy_status cvyi_explain_one(cvyi_explained *e, const cvyi_call_text *text,
                            const cvyi_explain_request *r, uint64_t seed,
                            cvy_error *err);
void cvyi_explained_close(cvyi_explained *e);

/* ---- rules, where sizes are not known ---- */

/* Explains the call with numbers in the place of what is missing: e->rules,
 * or nothing where no numbers help. */
cvy_status cvyi_explain_stand_in(cvyi_explained *e,
                                 const cvyi_explain_request *r, uint64_t seed,
                                 cvy_error *err);
/* The output that tf.nn.conv2d_transpose and the like are told, with the
 * window of the forward convolution over it. */
typedef struct cvyi_explain_wanted {
    int n;                  /* spatial axes; 0: nothing is told */
    bool first;             /* channels stand before them */
    int64_t batch, outputs; /* 0: not told */
    int64_t lengths[CVYI_MAX_SPATIAL];
    int64_t stride[CVYI_MAX_SPATIAL], dilation[CVYI_MAX_SPATIAL];
} cvyi_explain_wanted;

/* What the call says that channels are a multiple of, and the side of the
 * blocks that it makes of channels or of pixels: 1 where it says nothing. */
int64_t cvyi_explain_groups(const cvyi_bound *bound);
int64_t cvyi_explain_block(const cvyi_bound *bound);
void cvyi_explain_want(cvyi_explain_wanted *out, const cvyi_bound *bound);
/* The length that the input has along a spatial axis; below 1: there is
 * none. */
int64_t cvyi_explain_length(const cvyi_explain_wanted *want,
                            const cvyi_bound *bound, int axis, int64_t taps);

/* After all code was read again: what the explanations of e->rules agree
 * about becomes that of e, with letters for the numbers. */
cvy_status cvyi_explain_merge(cvyi_explained *e, cvy_error *err);

/* ---- what is said about one call; memory of its arena ---- */

/* "stride=2" as the code of one call says it, "16" becomes "out_channels=16";
 * NULL: the code leaves it at its default. */
const char *cvyi_explain_in_code(cvyi_arena *arena, const char *code,
                                 const cvyi_spelling *spelling,
                                 const char *name);
/* Code, shapes and weights as text. */
cvy_status cvyi_explain_rows(cvyi_explained *e, cvy_error *err);
cvy_status cvyi_explain_arguments(cvyi_explained *e, cvy_error *err);
cvy_status cvyi_explain_borders(cvyi_explained *e, cvy_error *err);
/* What is cut off one axis of a transposed convolution: `out` has its axis,
 * its window and its length. */
cvy_status cvyi_explain_cut(cvyi_explain_border *out, cvyi_explained *e,
                            const cvyi_call *call, int axis, cvy_error *err);
cvy_status cvyi_explain_starts(cvyi_explained *e, cvy_error *err);
/* The rule of several cuts by SAME, of other taps each; NULL: they are not
 * that. */
cvy_status cvyi_explain_cut_rule(const char **out, cvyi_arena *arena,
                                 const cvyi_explain_border *const *with,
                                 cvy_error *err);
/* Which elements each output sees, a line for each; of a transposed
 * convolution, which outputs each element reaches. */
void cvyi_explain_draw(cvyi_text *out, const cvyi_explain_border *border,
                       cvy_look look);

/* ---- the target's code, read as anybody's code ---- */

/* Reads the code of all calls of all items with one python3 and compares what
 * it means with what was meant; what differs gets the status CVY_PROOF. */
cvy_status cvyi_explain_read_back(cvy_explain *ex, cvy_error *err);

/* ---- for both outputs ---- */

/* How the target's arrays lie: a permutation such that the target is
 * numpy.transpose(source, axes); false: unchanged. */
bool cvyi_explain_moves(int *axes, const cvyi_explained *e, int result);

/* ---- the outputs ---- */

void cvyi_explain_put_json(cvyi_text *out, const cvyi_explained *e);
void cvyi_explain_put_text(cvyi_text *out, const cvyi_explained *e,
                           cvy_look look);

#endif
