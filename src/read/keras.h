/*
 * read/keras.h - what the files of the Keras 3 reader share.
 *
 * The archive (keras_archive.c) hands a parsed config.json to the model
 * (keras_config.c), which tables its layers (keras_table.c) and walks them:
 * a Sequential in order, a Functional along its calls (keras_functional.c).
 * Each layer becomes calls (keras_layer.c) with parameters from the weights
 * file (keras_weights.c).
 *
 * A refused layer does not end the walk. What it returns is "unknown", and a
 * layer that reads an unknown value is only asked for refusals of its own.
 */
#ifndef CVYI_READ_KERAS_H
#define CVYI_READ_KERAS_H

#include "codec/hdf5.h"
#include "graph/graph.h"

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
} cvyi_keras_value;

/* A tensor of a call: output `index` of call `node` of a layer. */
typedef struct cvyi_keras_edge {
    int layer;
    int64_t node, index;
    const cvyi_value *shape; /* as the file records it */
} cvyi_keras_edge;

typedef struct cvyi_keras_layer {
    cvyi_keras_role role;
    const char *name, *class_name;
    const char *where; /* "config.json: layers[3]" */
    const char *group; /* "layers/conv2d_1"; NULL for operations */
    const cvyi_value *entry, *config;
    bool trainable;
    bool refused;
    bool training_off; /* its call says training=False */
    bool used;         /* something reads it, in a Functional */
    int n_nodes;       /* calls, in a Functional */
    int n_edges;       /* tensors of the first call, in order */
    const cvyi_keras_edge *edges;
    cvyi_keras_value value;
} cvyi_keras_layer;

typedef struct cvyi_keras {
    cvyi_arena *arena; /* of the source: outlives the graph */
    cvyi_graph *graph;
    cvyi_findings *findings;
    cvyi_h5 weights;
    const char *name; /* of the model, as its config says */
    bool trainable;
    bool sequential;
    bool sizes_shared;   /* all inputs have the same unknown sizes */
    bool sizes_disagree; /* a call was refused for its sizes */
    int n_symbolic;      /* inputs with unknown sizes beside the batch */
    int n_created;       /* parameters */
    int n_layers;
    cvyi_keras_layer *layers;
    const int *by_name; /* layers, sorted by name */
} cvyi_keras;

/* ---- keras_archive.c's way in ---- */

/* A whole model from its config.json and its open weights. Refusals are in
 * k->findings and the status is CVY_OK then; the graph is not to be used. */
cvy_status cvyi_keras_model(cvyi_keras *k, const cvyi_value *model,
                            cvy_error *err);

/* ---- refusing ---- */

/* NULL stands for the whole model. */
cvy_status cvyi_keras_refuse(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvyi_refusal refusal, cvy_error *err);
/* A failure as a refusal of the layer; passed on if it is a fault of the file
 * or of the system. */
cvy_status cvyi_keras_refuse_error(cvyi_keras *k, cvyi_keras_layer *layer,
                                   const cvy_error *why, cvy_error *err);

/* ---- the table of layers ---- */

cvy_status cvyi_keras_table(cvyi_keras *k, const cvyi_value *layers,
                            cvy_error *err);
/* Index of the layer of that name, or -1. */
int cvyi_keras_find(const cvyi_keras *k, const char *name);
/* A text member that may be used as a name; NULL if it is none. */
const char *cvyi_keras_name(const cvyi_value *value);

/* ---- values ---- */

/* The type that a list of sizes says, None being the symbols of `names`. */
cvy_status cvyi_keras_feed(cvyi_keras_layer *layer, cvyi_keras *k,
                           const cvyi_value *shape, cvy_error *err);
/* An unknown value of recorded shape; untyped if the shape cannot be used. */
cvyi_keras_value cvyi_keras_recorded(cvyi_keras *k, const cvyi_value *shape);
/* Does a recorded shape agree with a type wherever both are numbers? */
bool cvyi_keras_agrees(const cvyi_value *shape, const cvyi_type *type);

/* ---- layers ---- */

/* Fills layer->value from the values it is called on. */
cvy_status cvyi_keras_call(cvyi_keras *k, cvyi_keras_layer *layer,
                           const cvyi_keras_value *in, int n_in,
                           cvy_error *err);
/* The dtype member of a config; anything but float32 is refused. */
cvy_status cvyi_keras_dtype(cvyi_keras *k, cvyi_keras_layer *layer,
                            const cvyi_value *dtype, cvy_error *err);

cvy_status cvyi_keras_functional(cvyi_keras *k, const cvyi_value *config,
                                 cvy_error *err);
/* Calls of the layers of a Functional: nodes, names, edges. */
cvy_status cvyi_keras_nodes(cvyi_keras *k, cvy_error *err);

/* ---- weights ---- */

/* Where a layer's variables are taken from, one after another. */
typedef struct cvyi_keras_vars {
    cvyi_h5_node vars;  /* MISSING: none */
    const char *prefix; /* of parameters' names: "conv1", "net/conv1" */
    const char *where;  /* "layers/conv2d/vars" */
    int n, taken;
} cvyi_keras_vars;

/* The variables of a layer's group, which must say its name if any. */
cvy_status cvyi_keras_vars_open(cvyi_keras_vars *out, cvyi_keras *k,
                                const char *group, const char *name,
                                cvy_error *err);
/* The next variable as a parameter of shape `want` in the slot's order. */
cvy_status cvyi_keras_vars_take(int *out, cvyi_keras *k, cvyi_keras_vars *vars,
                                const cvyi_step_slot *slot, bool trainable,
                                int n_spatial, const cvyi_shape *want,
                                cvy_error *err);
/* Refuses what nobody took. */
cvy_status cvyi_keras_vars_close(const cvyi_keras_vars *vars, cvy_error *err);
/* Refuses groups of layers that the model does not have. */
cvy_status cvyi_keras_weights_check(cvyi_keras *k, cvy_error *err);

/* "Conv2DTranspose" -> "conv2d_transpose"; NULL when memory is refused. */
char *cvyi_keras_snake(cvyi_arena *arena, const char *class_name);

#endif
