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

/* A call of the graph in the written code, for reading it back. */
typedef struct cvyi_written_call {
    /* What stands for it: "conv1", "torch.relu(x)". */
    const char *target;
    /* Its module: "encoder.conv1"; of a function the module whose forward
     * holds it, "" for the model itself. */
    const char *path;
    bool module;
    /* What it is when it is read back, one step after another. */
    int n_means;
    const cvyi_attrs *means;
    int repeated; /* the last step comes so many times more */
    int lent;     /* inputs at the end that lend their sizes only */
    int n_slots;
    const cvyi_said_slot *slots; /* parameters as the target has them */
} cvyi_written_call;

/* What was written, for the report and the proof. Memory of `arena`. */
typedef struct cvyi_written {
    cvyi_arena arena;
    cvyi_text code;         /* NAME.py, whole */
    const char *class_name; /* of the model */
    int n_weights;
    cvyi_written_weight *weights;
    int n_names; /* layers: source name and name in the target */
    const char *const *source_names, *const *target_names;
    const cvyi_written_call *calls; /* per call of the graph */
} cvyi_written;

void cvyi_written_close(cvyi_written *written);

/* A kind of file that weights are written to. A table ends with a row that
 * has no name. */
typedef struct cvyi_weights_format {
    const char *name;   /* of `--weights-format` */
    const char *suffix; /* what NAME is followed by */
    /* Streams the weights of what was written. */
    cvy_status (*write)(const cvyi_written *written, const cvyi_graph *graph,
                        cvyi_sink_fn *sink, void *context, cvy_error *err);
} cvyi_weights_format;

typedef struct cvyi_write_options {
    const char *file_name;   /* identifier: the base of NAME.py */
    const char *source_file; /* base name, for the first line */
    /* Of the target, for `load_model`; NULL: its first. */
    const cvyi_weights_format *weights;
    bool flat;           /* no classes for blocks that repeat */
    bool exact_training; /* training keeps what the source keeps */
} cvyi_write_options;

/* ---- targets: one file and one line of targets.def each ---- */

typedef struct cvyi_target_kind {
    const char *name;          /* of `--to`, and of its words: "torch" */
    const char *framework;     /* as people call it: "PyTorch" */
    const char *title;         /* a line for `convey formats` */
    cvyi_axes axes;            /* order of axes it wants */
    const char *source_suffix; /* what NAME is followed by */
    const cvyi_weights_format *weights; /* the first where nobody asks */
    /* Modules that the source imports, blank-separated: it must not be found
     * in their place. */
    const char *imports;
    /* `source` is the graph as it was read: its order of axes stands in the
     * first lines. Refusals go to `findings`; then CVY_UNSUPPORTED. */
    cvy_status (*write)(cvyi_written *out, cvyi_graph *graph,
                        const cvyi_graph *source,
                        const cvyi_write_options *options,
                        cvyi_findings *findings, cvy_error *err);
    /* Refusals of all calls that it has no words for go to `findings`. `part`:
     * the graph lacks calls beside its outputs; what those might change is no
     * reason. */
    cvy_status (*ask)(cvyi_graph *graph, bool part, cvyi_findings *findings,
                      cvy_error *err);
    /* Says in the first line of finished code why it is not proven. */
    cvy_status (*mark)(cvyi_text *code, const char *why, cvy_error *err);
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
/* Of its ways to keep weights; the same. */
cvy_status cvyi_weights_find(const cvyi_weights_format **out,
                             const cvyi_target_kind *target, const char *name,
                             cvy_error *err);

/* ---- the functions of the row `torch` ---- */

cvy_status cvyi_ask_torch(cvyi_graph *graph, bool part,
                          cvyi_findings *findings, cvy_error *err);
cvy_status cvyi_write_torch(cvyi_written *out, cvyi_graph *graph,
                            const cvyi_graph *source,
                            const cvyi_write_options *options,
                            cvyi_findings *findings, cvy_error *err);
cvy_status cvyi_mark_torch(cvyi_text *code, const char *why, cvy_error *err);
/* As safetensors, and as torch.save writes a state dict. */
cvy_status cvyi_write_torch_weights(const cvyi_written *written,
                                    const cvyi_graph *graph,
                                    cvyi_sink_fn *sink, void *context,
                                    cvy_error *err);
cvy_status cvyi_write_torch_pth(const cvyi_written *written,
                                const cvyi_graph *graph, cvyi_sink_fn *sink,
                                void *context, cvy_error *err);

#endif
