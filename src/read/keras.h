/*
 * read/keras.h - what the files of the Keras 3 reader share.
 *
 * The archive (keras_archive.c) hands a parsed config.json to the model
 * (keras_config.c). A model is opened first, with every model inside it: its
 * layers in a table (keras_table.c), their calls (keras_nodes.c), what goes
 * in and comes out (keras_functional.c). That is done once for each model in
 * the file. Then the whole model is visited (keras_visit.c): each call of a
 * layer becomes calls of the graph (keras_layer.c, keras_calls.c) with
 * parameters from the weights file (keras_weights.c), and each call of an
 * inner model is a visit of it.
 *
 * A refused layer does not end the visit. What it returns is "unknown". Where
 * the file records the shape of an unknown value, an input of that shape stands
 * in for it, and the layers that read it are read like all others; else they
 * are only asked for refusals of their own.
 */
#ifndef CVYI_READ_KERAS_H
#define CVYI_READ_KERAS_H

#include "codec/hdf5.h"
#include "graph/graph.h"

typedef struct cvyi_keras_model cvyi_keras_model;

typedef enum cvyi_keras_role {
    CVYI_KERAS_LAYER,
    CVYI_KERAS_INPUT,
    CVYI_KERAS_OPERATION, /* keras.ops: no layer, no weights */
    CVYI_KERAS_MODEL,     /* a model inside the model */
    CVYI_KERAS_CUSTOM,    /* a class of somebody's own */
} cvyi_keras_role;

/* What flows between layers. */
typedef struct cvyi_keras_value {
    int result; /* of the graph; -1: made by a refused layer */
    bool typed; /* `type` holds; an unknown value may have a recorded one */
    cvyi_type type; /* in the memory's order */
    /* Its type comes from a recorded shape that leaves sizes open, and may
     * know less of them than the layers before it would. */
    bool guessed;
} cvyi_keras_value;

/* A tensor of a model: output `index` of call `node` of a layer. The outputs
 * of an inner model count in the order in which its config lists them. */
typedef struct cvyi_keras_edge {
    int layer, node, index;
    const cvyi_value *shape; /* as the file records it, or NULL */
} cvyi_keras_edge;

/* One call of a layer. */
typedef struct cvyi_keras_node {
    int n_edges; /* tensors it is called on, in order */
    cvyi_keras_edge *edges;
    cvyi_tree handed;  /* their structure; leaves are edges */
    const int *chosen; /* of an inner model: for each of its inputs the edge,
                        * or -1; NULL: the structures do not fit */
    bool training_off; /* it says training=False */
    int n_out;
    cvyi_keras_value *out; /* in the visit at hand */
} cvyi_keras_node;

/* Where a layer's variables are taken from, one after another. */
typedef struct cvyi_keras_vars {
    cvyi_h5_node vars;  /* MISSING: none */
    const char *prefix; /* of parameters' names: "conv1", "net/conv1" */
    const char *where;  /* "layers/conv2d/vars" */
    int n, taken;
} cvyi_keras_vars;

typedef struct cvyi_keras_layer {
    cvyi_keras_role role;
    const char *name, *class_name;
    const char *path;  /* "encoder.conv": with the models around it */
    const char *where; /* "config.json: layers[3].layers[0]" */
    const char *group; /* "layers/conv2d_1"; NULL for operations */
    const cvyi_value *entry, *config;
    const cvyi_value *shape;      /* of an input */
    cvyi_keras_model *home;       /* that it is a layer of */
    cvyi_keras_model *inner;      /* of a model */
    bool trainable;               /* its own flag */
    bool listed;                  /* an input that the model lists */
    bool used;                    /* something reads it, in a Functional */
    bool faulty;                  /* it has refusals */
    bool refused;                 /* the call at hand gives nothing */
    bool asked;                   /* for its words, once at least */
    bool remarked, said_training; /* remarks on it were made */
    int n_nodes;
    cvyi_keras_node *nodes;
    int module;           /* of the outline; -1 before its first call */
    cvyi_keras_vars vars; /* from the first call on */
    int n_params, params_capacity;
    int *params; /* of the graph, in the order of its variables */
} cvyi_keras_layer;

struct cvyi_keras_model {
    cvyi_keras_layer *self; /* in the model around it; NULL: the whole */
    const char *name;
    const char *where;  /* "config.json", "config.json: layers[2]" */
    const char *prefix; /* of parameters' names: "", "encoder/" */
    const char *group;  /* before "layers/...": "", "layers/functional/" */
    const cvyi_value *config;
    bool trainable; /* it and what is around it */
    bool sequential;
    bool chain; /* a Sequential in which each hands one tensor to the next */
    cvyi_keras_layer *training_off; /* says so of the visit at hand */
    int n_layers;
    cvyi_keras_layer *layers;
    const int *by_name; /* layers, sorted by name */
    /* Inputs and outputs as the config lists them; leaves of the trees are
     * their indices. */
    int n_in, n_out;
    const int *ins; /* layers */
    const cvyi_keras_edge *outs;
    cvyi_tree input_tree, output_tree;
    const int *out_sorted; /* the outputs in Keras' own order */
    int n_order;
    const cvyi_keras_edge *order; /* calls, each after those that feed it */
    int64_t cost;                 /* of one visit: calls and tensors */
};

/* Results of the graph that are to be remembered. */
typedef struct cvyi_keras_marks {
    int n, capacity;
    int *results;
} cvyi_keras_marks;

typedef struct cvyi_keras {
    cvyi_arena *arena; /* of the source: outlives the graph */
    cvyi_graph *graph;
    cvyi_findings *findings;
    cvyi_h5 weights;
    cvyi_keras_model whole;
    int n_inner;           /* models inside it, at any depth */
    bool sizes_shared;     /* all inputs have the same unknown sizes */
    bool sizes_disagree;   /* a call was refused for its sizes */
    bool guessing;         /* the layer at hand reads a guessed value */
    int n_symbolic;        /* inputs with unknown sizes beside the batch */
    int n_created;         /* parameters */
    int visit;             /* at hand */
    int64_t cost;          /* of all visits so far */
    cvyi_keras_marks rim;  /* beside a gap: stand-ins, what nobody reads */
    cvyi_keras_marks kept; /* what a layer gives that was read */
} cvyi_keras;

/* ---- keras_archive.c's way in ---- */

/* A whole model from its config.json and its open weights. Refusals are in
 * k->findings and the status is CVY_OK then; the graph has gaps. */
cvy_status cvyi_keras_read(cvyi_keras *k, const cvyi_value *model,
                           cvy_error *err);
/* Makes a graph with gaps one that obeys the laws of a graph. Its outputs are
 * the results beside a gap: stand-ins, and what a missing layer reads. Without
 * any call the graph is closed, and NULL. */
cvy_status cvyi_keras_part(cvyi_keras *k, cvy_error *err);

/* ---- refusing ---- */

/* NULL stands for the whole model. */
cvy_status cvyi_keras_refuse(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvyi_refusal refusal, cvy_error *err);
/* A failure as a refusal of the layer; passed on if it is a fault of the file
 * or of the system. */
cvy_status cvyi_keras_refuse_error(cvyi_keras *k, cvyi_keras_layer *layer,
                                   const cvy_error *why, cvy_error *err);
/* What stands beside a gap, and what a layer gives. */
cvy_status cvyi_keras_mark(cvyi_keras_marks *marks, cvyi_keras *k, int result,
                           cvy_error *err);

/* ---- opening a model ---- */

/* Everything that is said once; model->self and ->where are set, and
 * model->config is the member "config" of a model's object. */
cvy_status cvyi_keras_open(cvyi_keras_model *model, cvyi_keras *k,
                           cvy_error *err);
cvy_status cvyi_keras_table(cvyi_keras_model *model, cvyi_keras *k,
                            cvy_error *err);
/* Index of the layer of that name, or -1. */
int cvyi_keras_find(const cvyi_keras_model *model, const char *name);
/* A text member that may be used as a name; NULL if it is none. */
const char *cvyi_keras_name(const cvyi_value *value);
/* "config.json: layers[2].input_layers"; NULL when memory is refused. */
const char *cvyi_keras_where(const cvyi_keras_model *model, cvyi_keras *k,
                             const char *member);
/* Calls of the layers: of a Functional as it says, of a Sequential one after
 * another. */
cvy_status cvyi_keras_nodes(cvyi_keras_model *model, cvyi_keras *k,
                            cvy_error *err);
cvy_status cvyi_keras_chain(cvyi_keras_model *model, cvyi_keras *k,
                            cvy_error *err);
/* What goes in and comes out of a Functional, and the order of its calls. */
cvy_status cvyi_keras_functional(cvyi_keras_model *model, cvyi_keras *k,
                                 cvy_error *err);

/* ---- structures (keras_tree.c) ---- */

/* A tree of JSON as a tree of numbers, which `leaf` gives. */
typedef struct cvyi_keras_planting {
    cvyi_arena *arena;
    const char *where;
    const char *expected; /* for an error: "[layer, node, index]" */
    bool (*is_leaf)(const cvyi_value *value);
    cvy_status (*leaf)(int *out, void *self, const cvyi_value *value,
                       cvy_error *err);
    void *self;
} cvyi_keras_planting;

cvy_status cvyi_keras_plant(cvyi_tree *out, const cvyi_keras_planting *how,
                            const cvyi_value *value, cvy_error *err);
/* The leaves in Keras' own order, in which dicts are sorted by key. */
cvy_status cvyi_keras_sorted(const int **out, cvyi_arena *arena,
                             const cvyi_tree *tree, cvy_error *err);
/* For each input of the model the leaf of `handed` that is given to it; NULL
 * if the structures do not fit. */
cvy_status cvyi_keras_match(const int **out, cvyi_keras *k,
                            const cvyi_keras_model *model,
                            const cvyi_tree *handed, cvy_error *err);
/* A copy in the graph's arena, with `results` for leaves. */
cvy_status cvyi_keras_transplant(cvyi_tree *out, cvyi_arena *arena,
                                 const cvyi_tree *tree,
                                 const cvyi_keras_value *results,
                                 cvy_error *err);

/* ---- values (keras_input.c) ---- */

/* An input of the whole model: the type that its sizes say, None being the
 * batch and the axes. */
cvy_status cvyi_keras_feed(cvyi_keras_value *out, cvyi_keras *k,
                           cvyi_keras_layer *layer, cvy_error *err);
/* An input of an inner model: what is handed to it, which must fit. */
cvy_status cvyi_keras_hand(cvyi_keras_value *value, cvyi_keras *k,
                           cvyi_keras_layer *layer, cvy_error *err);
/* A stand-in for an unknown value of recorded shape; untyped if the shape
 * cannot be used. */
cvy_status cvyi_keras_recorded(cvyi_keras_value *out, cvyi_keras *k,
                               const cvyi_value *shape, cvy_error *err);
/* Does a recorded shape agree with a type wherever both are numbers? */
bool cvyi_keras_agrees(const cvyi_value *shape, const cvyi_type *type);

/* ---- visits and calls ---- */

/* Computes a model in the visit at hand: outputs from inputs, both as the
 * config lists them. */
cvy_status cvyi_keras_visit(cvyi_keras_value *out, cvyi_keras *k,
                            cvyi_keras_model *model,
                            const cvyi_keras_value *in, cvy_error *err);
/* Fills node->out from the values it is called on; the layer is no model. */
cvy_status cvyi_keras_call(cvyi_keras *k, cvyi_keras_layer *layer,
                           cvyi_keras_node *node, const cvyi_keras_value *in,
                           cvy_error *err);
/* The calls of a phrase, on known values. */
cvy_status cvyi_keras_calls(cvyi_keras_value *out, cvyi_keras *k,
                            cvyi_keras_layer *layer, const cvyi_phrase *phrase,
                            const cvyi_keras_value *in, int n_in,
                            cvy_error *err);
/* The layer's or model's place in the outline, made at its first call. */
cvy_status cvyi_keras_module(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvyi_module_kind kind, cvy_error *err);
/* The dtype member of a config; anything but float32 is refused. */
cvy_status cvyi_keras_dtype(cvyi_keras *k, cvyi_keras_layer *layer,
                            const cvyi_value *dtype, cvy_error *err);

/* ---- weights ---- */

/* The variables of a layer's group, which must say its name if any. */
cvy_status cvyi_keras_vars_open(cvyi_keras_vars *out, cvyi_keras *k,
                                const cvyi_keras_layer *layer, cvy_error *err);
/* The next variable as a parameter of shape `want` in the slot's order. */
cvy_status cvyi_keras_vars_take(int *out, cvyi_keras *k, cvyi_keras_vars *vars,
                                const cvyi_step_slot *slot, bool trainable,
                                int n_spatial, const cvyi_shape *want,
                                cvy_error *err);
/* Refuses what nobody took. */
cvy_status cvyi_keras_vars_close(const cvyi_keras_vars *vars, cvy_error *err);
/* Refuses groups of layers that the model, or one inside it, does not have. */
cvy_status cvyi_keras_weights_check(cvyi_keras *k,
                                    const cvyi_keras_model *model,
                                    cvy_error *err);

/* "Conv2DTranspose" -> "conv2d_transpose"; NULL when memory is refused. */
char *cvyi_keras_snake(cvyi_arena *arena, const char *class_name);

#endif
