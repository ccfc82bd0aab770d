/*
 * read/call.h - one call of a framework, as a line of text.
 *
 * `nn.Conv2d(3, 16, 3, padding=1)` is read as Python, evaluated over names of
 * the frameworks, and bound to the words of its dialect; with the shapes of
 * its tensors it becomes a graph of one layer. Nothing of it is executed.
 */
#ifndef CVYI_READ_CALL_H
#define CVYI_READ_CALL_H

#include "graph/graph.h"

/* A call as it stands in the text. Everything lives in the arena of the list
 * that it is part of. */
typedef struct cvyi_call_text {
    const char *code; /* the line, without blanks and comment around it */
    int line;         /* counted from 1 */
    /* CVY_OK, or why it is no call that words could have: `err` says more. */
    cvy_status status;
    cvy_error err;
    cvyi_refusal refusal; /* filled where status is CVY_UNSUPPORTED */
    const char *dialect;  /* "torch", "keras3" … of its words */
    /* How the dialect was told; NULL: it was asked for, or it is torch's
     * alone. */
    const char *why;
    const char *name; /* qualified, as words have it: "torch.nn.Conv2d" */
    const cvyi_spelling *spelling;
    int n_spatial;
    cvyi_bound bound; /* without types; tensors numbered as in the signature */
    /* Free names that stand for tensors, "x" first even if nothing names it;
     * as bound's TENSOR values count them. */
    int n_tensors;
    const char *const *tensors;
    bool frozen; /* trainable=False */
    /* input_shape=… of a Keras layer, with a batch that is not known; rank
     * 0: nothing was said. */
    int input_rank;
    int64_t input_dims[CVYI_MAX_DIMS];
} cvyi_call_text;

typedef struct cvyi_call_texts {
    cvyi_arena arena;
    int n;
    cvyi_call_text *items;
} cvyi_call_texts;

/* Every line of `text` that is not blank, no comment and no import, in order;
 * what an import calls something is obeyed in the lines behind it. `from` is
 * the dialect as `--from` says it ("torch", "keras2-2.15"), or NULL. One
 * python3 parses all. A line that cannot be read is an item with a status;
 * the function itself fails for want of memory or of a python3 (CVY_IO), and
 * with CVY_ARGUMENT for a dialect that is none. `out` is closed by the caller
 * in every case. */
cvy_status cvyi_call_texts_read(cvyi_call_texts *out, const char *text,
                                size_t size, const char *from, cvy_error *err);
void cvyi_call_texts_close(cvyi_call_texts *texts);

/* A call that a program makes: no text, and no python3. */
typedef struct cvyi_call_given {
    const char *name; /* "nn.Conv2d", "keras.layers.Conv2D" */
    const char *from; /* as above */
    /* TENSOR values count `tensors`. */
    int n_positional;
    const cvyi_value *positional;
    const cvyi_value *keywords; /* a dict */
    int n_tensors;
    const char *const *tensors; /* their names */
} cvyi_call_given;

/* A list of one call. What is given may go afterwards. Fails as above; a call
 * that words do not have is an item with a status. */
cvy_status cvyi_call_texts_give(cvyi_call_texts *out,
                                const cvyi_call_given *given, cvy_error *err);
/* A value as Python writes it; tensors by their names. */
void cvyi_call_put_value(cvyi_text *out, const cvyi_value *value,
                         const char *const *tensors, int n_tensors);

/* The shape of a tensor as `--input` says it; -1 is a size that is not known.
 * `name` NULL: the first tensor. */
typedef struct cvyi_call_input {
    const char *name;
    int rank;
    int64_t dims[CVYI_MAX_DIMS];
} cvyi_call_input;

/* A layer read from a call: its graph has one input, module 1 is the layer,
 * and its parameters have the source's names and shapes. Their data are
 * opened with the graph and hold zeros, to be filled by the caller. */
typedef struct cvyi_call_graph {
    cvyi_graph *graph;  /* NULL: refused; the caller closes */
    cvyi_phrase phrase; /* steps, remarks, refusal; texts of `arena` */
    /* The input's rank was chosen here, since nothing said it. */
    bool guessed;
} cvyi_call_graph;

/* Without an input for the first tensor its sizes are symbols (N, C, L / H, W
 * / D, H, W), in the dialect's own order, and the rank is the one that the
 * layer's name says, else the first of 4, 2, 3 and 5 that it takes.
 * CVY_UNSUPPORTED with phrase.refusal filled where the framework or the words
 * refuse; CVY_SHAPE as CVY_UNSUPPORTED. CVY_ARGUMENT for an input whose name
 * is no tensor of the call. Memory from `arena`, which outlives the graph, as
 * do the texts. */
cvy_status cvyi_call_graph_open(cvyi_call_graph *out, cvyi_arena *arena,
                                const cvyi_call_text *text,
                                const cvyi_call_input *inputs, int n_inputs,
                                cvy_error *err);
void cvyi_call_graph_close(cvyi_call_graph *call);

#endif
