/*
 * read/read.h - from a file to a graph.
 *
 * One source kind a file and one line of sources.def; codec/format.c tells
 * which kind a file is, by content and never by name. A reader never runs
 * anything from the file and opens nothing but the file.
 */
#ifndef CVYI_READ_READ_H
#define CVYI_READ_READ_H

#include "base/file.h"
#include "graph/graph.h"

typedef struct cvyi_source_kind cvyi_source_kind;

/* A source that was read: the graph borrows from the mapping. */
typedef struct cvyi_source {
    const cvyi_source_kind *kind;
    cvyi_mapping file;
    cvyi_arena arena; /* parsed parts of the file */
    cvyi_graph *graph;
} cvyi_source;

struct cvyi_source_kind {
    const char *name;   /* a row of codec/formats.def: "keras" */
    const char *title;  /* a line for `convey formats` */
    const char *advice; /* for a file that is refused as a whole */
    /* Fills source->graph, all but its name. Refusals of single layers go to
     * `findings` (all of a model in one run) and then the status is
     * CVY_UNSUPPORTED. */
    cvy_status (*read)(cvyi_source *source, cvyi_findings *findings,
                       cvy_error *err);
};

/* In the order of sources.def. */
extern const cvyi_source_kind *const cvyi_source_kinds[];
extern const size_t cvyi_n_source_kinds;

/* Maps the file, finds its kind, reads it. `name` is the model's name (NULL:
 * made from the path). On failure everything is closed again. */
cvy_status cvyi_source_open(cvyi_source *out, const char *path,
                            const char *name, cvyi_findings *findings,
                            cvy_error *err);
/* The same from bytes that the caller keeps until the source is closed. */
cvy_status cvyi_source_read(cvyi_source *out, const void *bytes, size_t size,
                            const char *name, cvyi_findings *findings,
                            cvy_error *err);
/* Safe for { 0 }, and twice. */
void cvyi_source_close(cvyi_source *source);

#endif
