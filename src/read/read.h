/*
 * read/read.h - from a file to a graph.
 *
 * One source kind a file and one line of sources.def; codec/format.c tells
 * which kind a file is, by content and never by name. A reader never runs
 * anything from the file. It opens nothing but the file and, where a model is
 * in several, files of the same folder (read/keras_folder.h).
 */
#ifndef CVYI_READ_READ_H
#define CVYI_READ_READ_H

#include "base/file.h"
#include "graph/graph.h"
#include "read/call.h"
#include "read/candidates.h"

typedef struct cvyi_source_kind cvyi_source_kind;

/* What is wanted of a source. { 0 } is the whole of it as it stands. */
typedef struct cvyi_source_request {
    const char *name; /* of the model; NULL: made from the path */
    bool part;        /* of a refused model, what could be read of it */
    bool port;        /* it is to be ported, not only looked at */
    bool no_values;   /* of weights: their shapes will do */
    /* Of Python source alone: */
    const char *from;  /* its dialect, "keras2-2.3"; NULL: as its names say */
    const char *entry; /* what the network gives, or NULL */
    const char *root;  /* a folder that may be imported from, or NULL */
    int n_sets;
    const char *const *sets; /* "NAME=VALUE": values from outside the file */
    int n_inputs;
    const cvyi_call_input *inputs; /* shapes of inputs by name */
    cvyi_candidates *list;         /* filled instead of a graph; or NULL */
    const char *weights; /* a file with its variables' values, or NULL */
} cvyi_source_request;

/* A source that was read: the graph borrows from the mappings. */
typedef struct cvyi_source {
    const cvyi_source_kind *kind;
    cvyi_mapping file;
    cvyi_mapping weights; /* where they stand in a file of their own */
    cvyi_mapping *more;   /* or in several */
    int n_more;
    /* While it is read; path NULL: there is none. */
    const char *path; /* of `file` */
    const cvyi_source_request *request;
    cvyi_arena arena; /* parsed parts of the file */
    cvyi_graph *graph;
    /* Layers were refused: the graph holds the others, as far as they could
     * be read. What a missing layer gives is an input of the graph if its
     * shape is known; outputs are these inputs, and what a missing layer
     * reads. Good for asking what else would be refused, and for nothing
     * else. */
    bool part;
} cvyi_source;

struct cvyi_source_kind {
    const char *name;   /* a row of codec/formats.def: "keras" */
    const char *title;  /* a line for `convey formats` */
    const char *advice; /* for a file that is refused as a whole */
    /* Fills source->graph, all but its name. Refusals of single layers go to
     * `findings` (all of a model in one run) and then the status is
     * CVY_UNSUPPORTED, with a part of the graph if there is one. */
    cvy_status (*read)(cvyi_source *source, cvyi_findings *findings,
                       cvy_error *err);
    const char *dialect; /* whose words it reads (layer/words.h): "keras3" */
    bool script;         /* it obeys what a request says of Python source */
};

/* In the order of sources.def. */
extern const cvyi_source_kind *const cvyi_source_kinds[];
extern const size_t cvyi_n_source_kinds;

/* Maps the file, finds its kind, reads it. A folder may be one that a port has
 * written (read/ported.h), or hold the files of a Keras model. On failure
 * everything is closed again. Of a model of which layers are refused, a part
 * is opened if the request allows it and one could be read: CVY_OK, refusals
 * in `findings`, and out->part. */
cvy_status cvyi_source_ask(cvyi_source *out, const char *path,
                           const cvyi_source_request *request,
                           cvyi_findings *findings, cvy_error *err);
/* Nothing is asked but a name, which may be NULL; with a part, or without. */
cvy_status cvyi_source_open(cvyi_source *out, const char *path,
                            const char *name, cvyi_findings *findings,
                            cvy_error *err);
cvy_status cvyi_source_open_part(cvyi_source *out, const char *path,
                                 const char *name, cvyi_findings *findings,
                                 cvy_error *err);
/* As cvyi_source_open, from bytes that the caller keeps until the source is
 * closed. */
cvy_status cvyi_source_read(cvyi_source *out, const void *bytes, size_t size,
                            const char *name, cvyi_findings *findings,
                            cvy_error *err);
/* Safe for { 0 }, and twice. */
void cvyi_source_close(cvyi_source *source);

#endif
