/*
 * read/keras.h - what the files of the Keras reader share.
 *
 * Each kind of file (keras_archive.c, keras_h5.c, keras_folder.c) parses its
 * config and says where the weights are. What is older than Keras 3 archives
 * is said in their words first (keras_legacy.c). keras_file.c hands the config
 * to the model
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

/* The modules of layers that models of keras.applications bring along. */
#define CVYI_KERAS_APPLICATIONS "keras.src.applications."
#define CVYI_KERAS_CONVNEXT CVYI_KERAS_APPLICATIONS "convnext"
#define CVYI_KERAS_INCEPTION CVYI_KERAS_APPLICATIONS "inception_resnet_v2"
typedef struct cvyi_keras_names cvyi_keras_names; /* keras_named.c */

typedef enum cvyi_keras_role {
    CVYI_KERAS_LAYER,
    CVYI_KERAS_INPUT,
    CVYI_KERAS_OPERATION, /* a function that is no layer, without weights */
    CVYI_KERAS_MODEL,     /* a model inside the model */
    CVYI_KERAS_CUSTOM,    /* a class of somebody's own */
} cvyi_keras_role;

/* A value whose axes of time have joined the batch (keras_time.c). */
typedef struct cvyi_keras_time {
    int n;      /* axes that joined, the first one first */
    int joined; /* result of the graph */
    cvyi_size steps[CVYI_MAX_DIMS];
    int lenders[CVYI_MAX_DIMS]; /* what each of them joined in */
} cvyi_keras_time;

/* What flows between layers. */
typedef struct cvyi_keras_value {
    int result; /* of the graph; -1: made by a refused layer */
    bool typed; /* `type` holds; an unknown value may have a recorded one */
    cvyi_type type; /* in the memory's order */
    /* Its type comes from a recorded shape that leaves sizes open, and may
     * know less of them than the layers before it would. */
    bool guessed;
    /* With result -1: there so far in this form only; or NULL. */
    const cvyi_keras_time *time;
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
    bool training_on;  /* it says training=True */
    /* Of an operation: what it is called with. A tensor is the number of its
     * edge, a slice a dict of start, stop and step, an ellipsis "...". */
    const cvyi_value *args, *kwargs;
    uint64_t read; /* bit i: output i of an operation is read; up to 64 */
    int n_out;
    cvyi_keras_value *out; /* in the visit at hand */
} cvyi_keras_node;

/* One variable in a file of weights. */
typedef struct cvyi_keras_stored {
    const char *name;  /* where variables are not numbered: "kernel" */
    const char *path;  /* there what stands before it: "net/conv1"; or "" */
    const char *where; /* "layers/conv2d/vars/0" */
    const cvyi_h5 *h5;
    cvyi_h5_node node;
} cvyi_keras_stored;

/* The weights that a file of weights by name has of one layer, or of a whole
 * inner model. */
typedef struct cvyi_keras_group {
    const char *name;
    int n;
    const cvyi_keras_stored *all; /* as the file lists them */
} cvyi_keras_group;

/* A layer's variables, which are taken one after another. */
typedef struct cvyi_keras_vars {
    bool found;   /* the file has a place for them */
    bool by_name; /* their order says nothing; others may be among them */
    const char *prefix; /* of parameters' names: "conv1", "net/conv1" */
    const char *where;  /* "layers/conv2d/vars" */
    int n, taken;
    cvyi_keras_stored *all; /* in the order in which the layer made them */
} cvyi_keras_vars;

typedef struct cvyi_keras_layer {
    cvyi_keras_role role;
    const char *name, *class_name;
    const char *path;        /* "encoder.conv": with the models around it */
    const char *where;       /* "config.json: layers[3].layers[0]" */
    const char *group;       /* "layers/conv2d_1"; NULL: it has none */
    cvyi_keras_names *names; /* of a legacy group; NULL: not yet read */
    const cvyi_value *entry, *config;
    /* Of a layer inside a wrapper, under whose name it stands here: the
     * outermost wrapper's class and group, or NULL. */
    const char *wrapper, *outer;
    int n_wrappers;
    const char *inside;            /* its own name */
    int n_times;                   /* axes of time that wrappers take */
    bool spectral;                 /* its kernel is normalised in training */
    bool said_time, said_spectral; /* remarks on it were made */
    int place;                     /* of the outline: calls of the wrapper */
    const cvyi_value *shape;       /* of an input */
    cvyi_keras_model *home;        /* that it is a layer of */
    cvyi_keras_model *inner;       /* of a model */
    cvy_dtype stored, computed;    /* of its variables, of its values */
    bool trainable;                /* its own flag */
    bool listed;                   /* an input that the model lists */
    bool used;                     /* something reads it, in a Functional */
    bool faulty;                   /* it has refusals */
    bool refused;                  /* the call at hand gives nothing */
    bool asked;                    /* for its words, once at least */
    bool remarked, said_training;  /* remarks on it were made */
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

typedef struct cvyi_keras cvyi_keras;

/* A way in which weights are stored. */
typedef struct cvyi_keras_layout {
    /* Fills found, n and all; `where` and `prefix` are set. */
    cvy_status (*list)(cvyi_keras_vars *out, cvyi_keras *k,
                       cvyi_keras_layer *layer, cvy_error *err);
    /* Refuses weights of layers that the model does not have. */
    cvy_status (*check)(cvyi_keras *k, cvy_error *err);
} cvyi_keras_layout;

/* By class and number (keras_numbered.c), and by name (keras_named.c). */
extern const cvyi_keras_layout cvyi_keras_numbered, cvyi_keras_named;

/* Where the weights of a file are. */
typedef struct cvyi_keras_store {
    const cvyi_keras_layout *layout;
    const char *container; /* "layers"; named: "model_weights", "" */
    bool counts_twice;     /* numbered: layers with weights */
    cvyi_h5_node groups;   /* named: the group that holds the layers' groups */
    cvyi_h5 h5;
    /* Numbered weights in several files: their names and, beside each, the
     * file; and which group is in which of them. n_shards 0: all is in h5. */
    int n_shards;
    const char **shard_names;
    cvyi_h5 *shards;
    const cvyi_value *shard_map;
} cvyi_keras_store;

/* Opens one file of weights and finds out its layout; CVY_FORMAT if it has
 * none of ours. */
cvy_status cvyi_keras_store_open(cvyi_keras_store *out, const void *bytes,
                                 size_t size, cvy_error *err);

/* A model's file, parsed. */
typedef struct cvyi_keras_file {
    const cvyi_value *config; /* module, class_name, config … */
    const char *where;        /* "config.json" */
    const char *version;      /* of Keras, as the file says it, or NULL */
    bool bare;                /* its objects do not say their modules */
    const cvyi_value
        *training; /* where it stands apart from config, or NULL */
    cvyi_keras_store store;
} cvyi_keras_file;

struct cvyi_keras {
    cvyi_arena *arena; /* of the source: outlives the graph */
    cvyi_graph *graph;
    cvyi_findings *findings;
    const char *dialect; /* of words: "keras3", "keras2" */
    const char *where;   /* of the config: "config.json" */
    cvyi_keras_store store;
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
};

/* ---- from a file to a source ---- */

struct cvyi_source;

/* Fills source->graph; refusals as cvyi_source_kind has it. The file's version
 * is checked, and its config is put into the words of Keras 3 if need be. */
cvy_status cvyi_keras_source(struct cvyi_source *source, cvyi_keras_file *file,
                             cvyi_findings *findings, cvy_error *err);
/* The whole file, for one reason, with advice of its own. Never CVY_OK. */
cvy_status cvyi_keras_refuse_file(cvyi_findings *findings, const char *where,
                                  const char *text, const char *advice,
                                  cvy_error *err);
/* A config of Keras 2, or one whose objects do not say their modules, as an
 * archive of Keras 3 has it. */
cvy_status cvyi_keras_legacy(const cvyi_value **out, cvyi_arena *arena,
                             const cvyi_value *model, bool keras2,
                             cvy_error *err);

/* ---- keras_file.c's way in ---- */

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

/* Is it a class that is known by name and not carried over? The reason does
 * not name it. */
bool cvyi_keras_refused_class(cvyi_refusal *out, const char *class_name);

/* ---- opening a model ---- */

/* Everything that is said once; model->self and ->where are set, and
 * model->config is the member "config" of a model's object. */
cvy_status cvyi_keras_open(cvyi_keras_model *model, cvyi_keras *k,
                           cvy_error *err);
cvy_status cvyi_keras_table(cvyi_keras_model *model, cvyi_keras *k,
                            cvy_error *err);
/* Index of the layer of that name, or -1. */
int cvyi_keras_find(const cvyi_keras_model *model, const char *name);
/* Input, layer, model or what else, by its module (or NULL) and class. */
cvyi_keras_role cvyi_keras_role_of(const char *module, const char *class_name);
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
/* Notes that an operation's call has an output `index`: how many there are is
 * known by who reads them. false: that cannot be. */
bool cvyi_keras_output(cvyi_keras_node *node, int64_t index);
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
                            const cvyi_keras_edge *edges,
                            const cvyi_keras_value *in, int n_in,
                            cvy_error *err);
/* The layer's or model's place in the outline, made at its first call. */
cvy_status cvyi_keras_module(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvyi_module_kind kind, cvy_error *err);

/* ---- types of numbers (keras_precision.c) ---- */

/* The dtype member of a config: what the layer stores and computes in. */
cvy_status cvyi_keras_dtype(cvyi_keras *k, cvyi_keras_layer *layer,
                            const cvyi_value *dtype, cvy_error *err);
/* That of an input, which may be one of whole numbers. */
cvy_status cvyi_keras_input_dtype(cvyi_keras *k, cvyi_keras_layer *layer,
                                  cvy_error *err);
/* Casts what a layer, or an operation on tensors of several types, is called
 * on: results become those of the casts. `op` is what reads them; `edges` may
 * be NULL. The layer has its module. */
cvy_status cvyi_keras_cast_in(int *in, int n_in, cvyi_keras *k,
                              cvyi_keras_layer *layer,
                              const cvyi_keras_edge *edges, const cvyi_op *op,
                              cvy_error *err);
/* The same of what it gives, where that is of its weights' type. */
cvy_status cvyi_keras_cast_out(int *result, cvyi_keras *k,
                               const cvyi_keras_layer *layer, cvy_error *err);
/* Says once in which types the model computes, if not in float32. */
cvy_status cvyi_keras_remark_precision(cvyi_keras *k, cvy_error *err);

/* ---- wrappers (keras_wrapper.c, keras_time.c) ---- */

/* Rows of wrappers become those of the layers inside. */
cvy_status cvyi_keras_unwrap(cvyi_keras_model *model, cvyi_keras *k,
                             cvy_error *err);
/* From a row's group in a file of weights to that of the layer inside, through
 * groups that may hold nothing else; MISSING if it is not there. */
cvy_status cvyi_keras_wrapped_group(cvyi_h5_node *out, cvyi_keras *k,
                                    const cvyi_h5 *h5,
                                    const cvyi_keras_layer *layer,
                                    const cvyi_h5_node *group, cvy_error *err);
/* Fills node->out of a wrapped layer. */
cvy_status cvyi_keras_wrapped(cvyi_keras *k, cvyi_keras_layer *layer,
                              cvyi_keras_node *node,
                              const cvyi_keras_value *in, cvy_error *err);
/* The same as if nothing were around it. */
cvy_status cvyi_keras_call_inside(cvyi_keras *k, cvyi_keras_layer *layer,
                                  cvyi_keras_node *node,
                                  const cvyi_keras_value *in, cvy_error *err);
/* A value that `layer` has left in its joined form has its own axes again. */
cvy_status cvyi_keras_settle(cvyi_keras_value *value, cvyi_keras *k,
                             cvyi_keras_layer *layer, cvy_error *err);

/* ---- operations (keras_operation.c) ---- */

/* Is it one, by its module (or NULL) and class? */
bool cvyi_keras_is_operation(const char *module, const char *class_name);
/* A TFOpLambda or SlicingOpLambda: a layer of tf.keras, though without
 * weights. */
bool cvyi_keras_is_lambda(const char *class_name);
/* Its arguments as values of a call; `tensor` gives a tensor its number. */
typedef cvy_status cvyi_keras_number(int *out, void *self,
                                     const cvyi_value *tensor, cvy_error *err);
cvy_status cvyi_keras_arguments(const cvyi_value **out, cvyi_arena *arena,
                                const cvyi_value *value,
                                cvyi_keras_number *tensor, void *self,
                                cvy_error *err);
/* Fills node->out of an operation. */
cvy_status cvyi_keras_operate(cvyi_keras *k, cvyi_keras_layer *layer,
                              cvyi_keras_node *node,
                              const cvyi_keras_value *in, cvy_error *err);
/* The calls of a spelling that a call was bound to; *out stays unknown where
 * it is refused. */
cvy_status cvyi_keras_bound(cvyi_keras_value *out, cvyi_keras *k,
                            cvyi_keras_layer *layer,
                            const cvyi_keras_node *node, cvyi_bound *bound,
                            const cvyi_keras_value *in, cvy_error *err);
/* Binds what a layer's config and its call say; false and a refusal if that
 * does not fit. */
cvy_status cvyi_keras_bind(cvyi_bound *out, bool *fits, cvyi_keras *k,
                           cvyi_keras_layer *layer,
                           const cvyi_spelling *spelling, int n_spatial,
                           const cvyi_value *positional,
                           const cvyi_value *keywords, cvy_error *err);
/* A config without what every layer has. */
cvy_status cvyi_keras_own_config(cvyi_value *out, cvyi_keras *k,
                                 const cvyi_value *config, cvy_error *err);

/* ---- weights without the model's config ---- */

/* The groups of weights by name that hold any, in the order of the file. */
cvy_status cvyi_keras_named_groups(const cvyi_keras_group **out, int *n,
                                   cvyi_arena *arena,
                                   const cvyi_keras_store *store,
                                   cvy_error *err);
/* Numbered variables of the group `where`, "layers/conv2d/vars", and the name
 * of their layer, NULL where the file does not say it. */
cvy_status cvyi_keras_numbered_vars(cvyi_keras_vars *out, const char **name,
                                    cvyi_arena *arena,
                                    const cvyi_keras_store *store,
                                    const char *where, cvy_error *err);

/* ---- weights ---- */

/* The variables of a layer. */
cvy_status cvyi_keras_vars_open(cvyi_keras_vars *out, cvyi_keras *k,
                                cvyi_keras_layer *layer, cvy_error *err);
/* The next variable, of that type, as a parameter of shape `want` in the
 * slot's order. */
cvy_status cvyi_keras_vars_take(int *out, cvyi_keras *k, cvyi_keras_vars *vars,
                                cvy_dtype dtype, const cvyi_step_slot *slot,
                                bool trainable, int n_spatial,
                                const cvyi_shape *want, cvy_error *err);
/* Refuses what nobody took. */
cvy_status cvyi_keras_vars_close(const cvyi_keras_vars *vars, cvy_error *err);

/* "Conv2DTranspose" -> "conv2d_transpose"; NULL when memory is refused. */
char *cvyi_keras_snake(cvyi_arena *arena, const char *class_name);

#endif
