/*
 * write/write.h - from a graph to the target framework's own files.
 *
 * The graph has passed all passes. What is written is made in memory (source)
 * or streamed (weights); nothing here opens a file.
 */
#ifndef CVYI_WRITE_WRITE_H
#define CVYI_WRITE_WRITE_H

#include "base/file.h"
#include "graph/graph.h"

/* One array of the written weights. */
typedef struct cvyi_written_weight {
    int param;        /* of the graph; -1: made by the writer */
    const char *name; /* in the target: "conv1.weight" */
    /* From stored to the target's shape, feature blocks included where one
     * rearrangement can say them. Several are not part of it: their features
     * are put in order when the weights are written. */
    cvyi_layout layout;
    cvy_dtype dtype;
    double fill; /* param -1: every element */
} cvyi_written_weight;

/* What was written, for the report and the proof. Memory of `arena`. */
typedef struct cvyi_written {
    cvyi_arena arena;
    cvyi_text code;         /* NAME.py, whole */
    const char *class_name; /* of the model */
    int n_weights;
    cvyi_written_weight *weights;
    int n_names; /* layers: source name and name in the target */
    const char *const *source_names, *const *target_names;
    /* Per call of the graph: what stands for it in the code ("conv1",
     * "torch.relu(x)"). */
    const char *const *call_targets;
} cvyi_written;

void cvyi_written_close(cvyi_written *written);

typedef struct cvyi_write_options {
    const char *file_name;   /* identifier: the base of NAME.py */
    const char *source_file; /* base name, for the first line */
    const char *doubt;       /* why the port is not proven, or NULL */
} cvyi_write_options;

/* ---- targets: one file and one line of targets.def each ---- */

typedef struct cvyi_target_kind {
    const char *name;      /* of `--to`, and of its words: "torch" */
    const char *framework; /* as people call it: "PyTorch" */
    const char *title;     /* a line for `convey formats` */
    cvyi_axes axes;        /* order of axes it wants */
    /* What NAME is followed by in the names of the two files. */
    const char *source_suffix, *weights_suffix;
    /* Modules that the source imports, blank-separated: it must not be found
     * in their place. */
    const char *imports;
    /* `source` is the graph as it was read: its order of axes stands in the
     * first lines. Refusals go to `findings`; then CVY_UNSUPPORTED. */
    cvy_status (*write)(cvyi_written *out, cvyi_graph *graph,
                        const cvyi_graph *source,
                        const cvyi_write_options *options,
                        cvyi_findings *findings, cvy_error *err);
    /* Streams the weights of what was written. */
    cvy_status (*write_weights)(const cvyi_written *written,
                                const cvyi_graph *graph, cvyi_sink_fn *sink,
                                void *context, cvy_error *err);
} cvyi_target_kind;

#define TARGET(name) extern const cvyi_target_kind cvyi_target_##name;
#include "write/targets.def"
#undef TARGET

/* In the order of targets.def. */
extern const cvyi_target_kind *const cvyi_targets[];
extern const size_t cvyi_n_targets;

/* By name; NULL: the first. CVY_ARGUMENT if there is none. */
cvy_status cvyi_target_find(const cvyi_target_kind **out, const char *name,
                            cvy_error *err);

/* ---- the functions of the row `torch` ---- */

cvy_status cvyi_write_torch(cvyi_written *out, cvyi_graph *graph,
                            const cvyi_graph *source,
                            const cvyi_write_options *options,
                            cvyi_findings *findings, cvy_error *err);
cvy_status cvyi_write_torch_weights(const cvyi_written *written,
                                    const cvyi_graph *graph,
                                    cvyi_sink_fn *sink, void *context,
                                    cvy_error *err);

#endif
