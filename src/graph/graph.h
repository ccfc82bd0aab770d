/*
 * graph/graph.h - the one graph between all readers and all writers.
 *
 * Calls apply operators to results and parameters; the outline (a tree of
 * modules) says where they came from and what a person would call them. All
 * references are indices into the graph's arrays, -1 for none, so a graph is
 * copied by copying arrays. Everything lives in the graph's arena; stored
 * parameter data are borrowed from the source that was read and must outlive
 * the graph.
 */
#ifndef CVYI_GRAPH_GRAPH_H
#define CVYI_GRAPH_GRAPH_H

#include "base/findings.h"
#include "layer/words.h"
#include "layout/layout.h"

/* How a result of this graph lies compared with the same result of the source
 * graph. Made by the pass that orders axes; trivial in a graph just read. */
typedef struct cvyi_feature_block {
    int rank;                    /* axes the features were flattened from */
    int64_t dims[CVYI_MAX_DIMS]; /* in the source's order */
    int order[CVYI_MAX_DIMS];    /* axis i here = axis order[i] there */
} cvyi_feature_block;

/* The one axis that may stand elsewhere than in the source. */
typedef enum cvyi_moved {
    CVYI_MOVED_NOT,
    CVYI_MOVED_FIRST, /* the last axis of the source stands at axis 1 here */
    CVYI_MOVED_LAST,  /* axis 1 of the source stands last here */
} cvyi_moved;

typedef struct cvyi_arrangement {
    cvyi_moved moved;
    /* The features of the last axis are permuted, block by block: they were
     * flattened from another order. 0: not permuted. */
    int n_blocks;
    const cvyi_feature_block *blocks;
} cvyi_arrangement;

/* A value: output `index` of call `call`; call -1: an input of the graph. */
typedef struct cvyi_result {
    int call, index;
    cvyi_type type;   /* in the memory's order */
    const char *name; /* the source's name of the tensor, or NULL */
    int origin;       /* result of the source graph that it equals, or -1 */
    cvyi_arrangement arrangement; /* against that result */
} cvyi_result;

typedef struct cvyi_call {
    cvyi_attrs attrs; /* attrs.op is the operator */
    int n_in, n_out;
    int *in;                    /* results */
    int out[CVYI_MAX_OUTPUTS];  /* results */
    int params[CVYI_MAX_SLOTS]; /* as op->slots, -1: absent */
    cvyi_axes axes;      /* where ORDER_CHANNEL operators find channels */
    int module;          /* its node in the outline */
    int visit;           /* of the module that holds its layer; 0: the whole */
    const char *label;   /* part of its layer: "pad", "activation"; or NULL */
    bool argument;       /* it was an argument of the layer in the source */
    const char *comment; /* why it is here or as it is, or NULL */
    const char *where;   /* file:line that calls it, or NULL */
    int origin;          /* call of the source graph it carries over, or -1 */
} cvyi_call;

typedef struct cvyi_param {
    const char *name;   /* the source's: "conv1/kernel" */
    const char *slot;   /* the operator's slot it was made for */
    cvy_view stored;    /* as the source stores it; data NULL: no value */
    cvyi_layout layout; /* from stored to the slot's neutral shape */
    /* Then, along `permuted_axis` of the neutral shape, features stand in
     * the order of these blocks. n_blocks 0: unchanged. */
    int permuted_axis, n_blocks;
    const cvyi_feature_block *blocks;
    bool trainable;
    int created; /* place in the order of creation */
    const cvyi_value *initialiser, *regulariser, *constraint; /* or NULL */
} cvyi_param;

typedef enum cvyi_module_kind {
    CVYI_MODULE_MODEL,
    CVYI_MODULE_SEQUENTIAL, /* each member's output is the next one's input */
    CVYI_MODULE_LIST,
    CVYI_MODULE_BLOCK,
    CVYI_MODULE_LAYER,
} cvyi_module_kind;

/* A node of the outline. Module 0 is the whole model. */
typedef struct cvyi_module {
    cvyi_module_kind kind;
    int parent;             /* -1 for module 0; children come after parents */
    const char *name;       /* the source's layer name */
    const char *class_name; /* the source's class: "Conv2D" */
    /* What the class of the block around it calls it: "conv1"; NULL: its
     * name. */
    const char *role;
    const char *where; /* file:line or path inside the file, or NULL */
    bool frozen;       /* the source said trainable = False */
    /* Where it came from a loop or a factory: its text, or NULL. */
    const char *loop_variable, *loop_iterable;
    int n_comments;
    const char **comments;
    /* What a model inside the model calls its inputs; 0: nothing is known. */
    int n_inputs;
    const char *const *input_names;
} cvyi_module;

/*
 * One time that a composed module (a model, a sequential, a block) computes.
 * A model that is called twice is one module with two visits, and each of its
 * layers one module with two calls. Visit 0 is the whole model's.
 *
 * Inputs and outputs are results of the graph as it was read, in the module's
 * own order: in a copy they name origins. They say in which order a writer
 * puts what crosses the border, not what crosses it.
 */
typedef struct cvyi_visit {
    int module;
    int parent; /* visit inside which it happens; -1 for visit 0 */
    int n_in, n_out;
    const int *in, *out;
} cvyi_visit;

/* Inputs and outputs keep the source's structure. */
typedef struct cvyi_tree cvyi_tree;
struct cvyi_tree {
    enum { CVYI_TREE_SINGLE, CVYI_TREE_LIST, CVYI_TREE_DICT } kind;
    int result; /* SINGLE */
    int n;      /* LIST, DICT */
    const cvyi_tree *items;
    const char *const *keys; /* DICT */
};

typedef struct cvyi_graph {
    cvyi_arena arena;
    cvyi_sizes sizes;
    const char *name;    /* of the model */
    const char *dialect; /* "keras3" … where it came from */
    const char *version; /* of the framework that wrote it, or NULL */
    int n_calls, n_results, n_params, n_modules, n_visits;
    cvyi_call *calls; /* every call stands after those that feed it */
    cvyi_result *results;
    cvyi_param *params;
    cvyi_module *modules;
    cvyi_visit *visits;
    int calls_capacity, results_capacity, params_capacity, modules_capacity;
    int visits_capacity;
    int n_inputs; /* results that are inputs, in positional order */
    int *inputs;
    cvyi_tree input_tree, output_tree;
    const cvyi_value *training; /* compile configuration, or NULL */
} cvyi_graph;

/* ---- life ---- */

/* On the heap, because sizes point into it. NULL when memory is refused. */
cvy_status cvyi_graph_open(cvyi_graph **out, const char *name, cvy_error *err);
void cvyi_graph_close(cvyi_graph *graph); /* NULL is accepted */
/* A copy that passes may change; each result and call has its origin set to
 * its own index. Stored parameter data stay borrowed. */
cvy_status cvyi_graph_copy(cvyi_graph **out, const cvyi_graph *graph,
                           cvy_error *err);

/* ---- building; texts are copied, indices returned through *out ---- */

/* Module 0 comes with visit 0. */
cvy_status cvyi_graph_add_module(int *out, cvyi_graph *graph, int parent,
                                 cvyi_module_kind kind, const char *name,
                                 const char *class_name, cvy_error *err);
/* A visit of a composed module inside another visit, without inputs and
 * outputs; calls made in it get its number in `visit`. */
cvy_status cvyi_graph_add_visit(int *out, cvyi_graph *graph, int module,
                                int parent, cvy_error *err);
cvy_status cvyi_graph_wire_visit(cvyi_graph *graph, int visit, const int *in,
                                 int n_in, const int *out, int n_out,
                                 cvy_error *err);
cvy_status cvyi_graph_add_input(int *out, cvyi_graph *graph, const char *name,
                                const cvyi_type *type, cvy_error *err);
cvy_status cvyi_graph_add_param(int *out, cvyi_graph *graph,
                                const cvyi_param *param, cvy_error *err);
/* Appends a call, checks the number of inputs, infers its results' types and
 * compares the shapes of its parameters. `params` as op->slots or NULL. The
 * new call's results are graph->calls[*out].out[]. CVY_SHAPE with the place
 * if types do not fit. */
cvy_status cvyi_graph_add_call(int *out, cvyi_graph *graph,
                               const cvyi_attrs *attrs, cvyi_axes axes,
                               const int *in, int n_in, const int *params,
                               int module, cvy_error *err);

/* ---- asking ---- */

/* Axis i here is axis perm[i] of the source, in a value that lies so. */
void cvyi_moved_axes(cvyi_moved moved, int rank, int *perm);
/* The other way round: axis i of the source is axis perm[i] here. */
void cvyi_moved_back(cvyi_moved moved, int rank, int *perm);
/* What op->infer says of a call, in the MEMORY's order of the call. */
cvy_status cvyi_graph_infer_call(cvyi_inferred *out, const cvyi_graph *graph,
                                 const cvyi_call *call, cvy_error *err);
/* Has it float32 weights, and gives a half? */
bool cvyi_call_is_mixed(const cvyi_graph *graph, const cvyi_call *call);
/* All types again, in order of the calls (after a pass). */
cvy_status cvyi_graph_infer(cvyi_graph *graph, cvy_error *err);
/* Every law of this header: indices, order of calls, types, slot shapes. */
cvy_status cvyi_graph_check(const cvyi_graph *graph, cvy_error *err);
/* Calls that read the result; returns how many, stores up to `capacity`. */
int cvyi_graph_users(const cvyi_graph *graph, int result, int *calls,
                     int capacity);
/* A layer that is called several times: the next call, at or after `from`, of
 * the same module and label as call `call`; -1 if there is none. */
int cvyi_graph_twin(const cvyi_graph *graph, int call, int from);
bool cvyi_graph_is_output(const cvyi_graph *graph, int result);
/* Leaves of a tree, left to right. */
int cvyi_tree_leaves(const cvyi_tree *tree, int *results, int capacity);
/* The composed module that holds a module: itself, if it is composed, or the
 * nearest one around it. */
int cvyi_module_home(const cvyi_graph *graph, int module);
/* Is the module frozen, by itself or with one around it? */
bool cvyi_module_frozen(const cvyi_graph *graph, int module);
/* Names from the model down to a module, without the model's: "stem.conv1".
 * "" for module 0. */
void cvyi_module_path(cvyi_text *out, const cvyi_graph *graph, int module);
/* Name of the layer a call belongs to. */
const char *cvyi_call_layer(const cvyi_graph *graph, const cvyi_call *call);
/* Shape of a parameter as its slot has it. */
cvyi_shape cvyi_param_shape(const cvyi_param *param);
/* A strided view over the stored data in neutral order, one axis per atom of
 * the layout; `shape` (may be NULL) gets the neutral shape. With feature
 * blocks that strides cannot say the data are copied into `arena` first (NULL
 * arena: refused). */
cvy_status cvyi_param_view(cvy_view *out, cvyi_shape *shape,
                           const cvyi_param *param, cvyi_arena *arena,
                           cvy_error *err);
/* For one element of an axis with feature blocks: which source feature stands
 * at position `at`. */
int64_t cvyi_feature_source(const cvyi_feature_block *blocks, int n_blocks,
                            int64_t at);
/* Fills what a writer's spelling may look at, for a call of the graph. */
cvy_status cvyi_graph_saying(cvyi_saying *out, cvyi_graph *graph, int call,
                             cvy_error *err);
/* Elements of all parameters, and of those that train. */
void cvyi_graph_parameters(const cvyi_graph *graph, int64_t *all,
                           int64_t *trainable);

/* ---- changing (passes) ---- */

/* Inserts a call of one output before call `before` (indices of later calls
 * move up by one, origins stay). The new call inherits nothing: the caller
 * sets module (-1 until then, which no check lets pass), visit, label,
 * comment. Its result has origin -1. */
cvy_status cvyi_graph_insert_call(cvyi_graph *graph, int before,
                                  const cvyi_attrs *attrs, cvyi_axes axes,
                                  const int *in, int n_in, cvy_error *err);
/* Every use of `old` by calls at or after `from`, and by outputs when
 * `outputs` is true, becomes `new_result`. */
void cvyi_graph_replace(cvyi_graph *graph, int old, int new_result, int from,
                        bool outputs);

/* ---- text form (graph/text.c): printed, and read back to an equal graph,
 * parameters without their data ---- */

void cvyi_graph_print(cvyi_text *out, const cvyi_graph *graph);
cvy_status cvyi_graph_parse(cvyi_graph **out, const char *text, size_t size,
                            cvy_error *err);

#endif
