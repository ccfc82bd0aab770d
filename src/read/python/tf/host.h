/*
 * read/python/tf/host.h - the values of the host of TensorFlow 1.
 *
 *   a name      tf.nn.conv2d, not yet called (name.c)
 *   a tensor    a result of the trace (tensor.c)
 *   a variable  tf.Variable, tf.get_variable (variable.c)
 *   a start     numbers that come from nowhere: tf.zeros, tf.random_normal;
 *               what a variable begins with, or a literal input
 *   a shape     x.get_shape(), and its elements (shape.c)
 *   a scope     of names or of variables (scope.c)
 *   a mode      a placeholder that is no tensor: is_training, keep_prob
 *   a statistic the mean or variance of a batch, which has a name and a shape
 *               (norm/moments.c); moving averages of it are variables
 *   an object   an initialiser or a regulariser, as Keras' configs have it
 *
 * tf.shape(x), and small whole numbers computed from it, are lists of Python
 * with sizes in them: what is asked of them is asked of lists.
 *
 * The trace is a graph that holds everything the script computes from its
 * placeholders; cut.c makes the network's own graph of what its outputs
 * need.
 */
#ifndef CVYI_READ_PYTHON_TF_HOST_H
#define CVYI_READ_PYTHON_TF_HOST_H

#include "init/fresh.h"
#include "pysrc/eval.h"
#include "pysrc/notebook.h"
#include "read/arrays.h"
#include "read/python/call/host.h"
#include "read/python/std/array.h"
#include "read/python/tf/dialect.h"
#include "read/python/tf/place.h"
#include "read/root.h"
#include "read/python/tf/tf.h"
#include "read/python/tf/keras/keras.h"

/* A variable of the source. */
typedef struct cvyi_tf_variable {
    const char *name; /* TensorFlow's own, without ":0" */
    const char *said; /* what the script calls it, or NULL */
    cvyi_shape shape;
    const cvyi_value *initialiser; /* as Keras' configs have it, or NULL */
    const double *numbers;         /* constant initial values, or NULL */
    bool trainable;
    const char *path; /* of the module of Keras that has it; or NULL */
    const char *file; /* the tree's name */
    const cvyi_tf_keras *owner; /* the layer of Keras that has it; or NULL */
    int line;
    int created;                   /* place in the order of creation */
    const cvyi_value *regulariser; /* or NULL */
    double penalty;                /* of its squares in what is minimised */
    double decay;   /* of a moving average: the share of the old value; or 0 */
    bool untrained; /* what minimises the loss is given others */
    bool constant;  /* it is none: numbers that stand in its place */
    const cvyi_keras_stored *stored; /* in a file of Keras; or NULL */
    /* A view: the variable that it is of, and how; or NULL. */
    const struct cvyi_tf_variable *of;
    cvyi_layout view;
} cvyi_tf_variable;

/* What a tensor of numbers holds that depends on no input. */
typedef struct cvyi_tf_start {
    cvyi_shape shape;
    const cvyi_value *initialiser; /* a distribution, Zeros, Constant */
    const double *numbers;         /* or the numbers themselves */
    bool whole;                    /* they are integers */
    bool random;
    const cvyi_size *open;   /* random: sizes that a run would know; or NULL */
    cvyi_tf_variable *fixed; /* the weight that it became, or NULL */
    int input;               /* the literal input that it became, or -1 */
    const char *said;        /* what the script calls it, or NULL */
} cvyi_tf_start;

typedef struct cvyi_tf_tensor {
    int result; /* of the trace */
} cvyi_tf_tensor;

/* A placeholder of a single number or truth. */
typedef struct cvyi_tf_mode {
    const char *name; /* is_training, keep_prob */
    bool truth;       /* False but for what is True of an inference */
    bool decided;     /* a branch was taken by it */
    struct cvyi_tf_mode *opposite_of; /* or NULL: it is the placeholder */
} cvyi_tf_mode;

/* A call of the trace, beside what the graph knows of it. */
typedef struct cvyi_tf_call {
    const char *word; /* "conv2d" */
    const char *said; /* the layer's scope, or the name argument; or NULL */
    const char *path; /* the layer of Keras that it is: "block_1/conv"; NULL */
    const char *file; /* the tree's name */
    int line;
    int group; /* the calls that one call of the source became */
    int keras; /* the outermost call of a layer of Keras; 0: none */
} cvyi_tf_call;

typedef struct cvyi_tf_count { /* of a name */
    const char *name;
    int n;
    int tried; /* as a scope: name_1 up to here, without it, are taken */
} cvyi_tf_count;

typedef struct cvyi_tf_counts {
    int n, capacity;
    cvyi_tf_count *items;
} cvyi_tf_counts;

typedef struct cvyi_tf_scope {
    struct cvyi_tf_scope *outer;
    const char *variables;  /* prefix of get_variable, "" at the root */
    const char *operations; /* prefix of operations */
    bool reuse, reuse_or_make;
    const cvyi_value *initialiser; /* for get_variable without one */
    const cvyi_value *regulariser; /* the same */
} cvyi_tf_scope;

/* A cause why something computed from tensors is not known. */
typedef struct cvyi_tf_lost {
    const cvyi_py_cause *cause;
    bool beside; /* it is no part of a network: a session, a loss */
    int results; /* that the trace had when it was lost */
} cvyi_tf_lost;

/* What was seen of training. */
typedef struct cvyi_tf_training {
    const void *minimized; /* a loss; NULL: more than one */
    int n_optimizers;      /* that minimise */
    const cvyi_value *optimizer;
    const char *optimizer_name;
    const char *carried[2]; /* calls that are not left out */
    cvyi_py_value var_list; /* what it trains alone; None: all */
    const char *clips;      /* a function that changes gradients, or NULL */
    int n_sums, sums_capacity;
    struct cvyi_tf_sum *sums; /* collections of losses */
} cvyi_tf_training;

/* The outermost call of a layer of Keras. */
typedef struct cvyi_tf_keras_called {
    cvyi_tf_keras *node;
    cvyi_py_value self;
    int first, last; /* calls of the trace: from, up to but not including */
} cvyi_tf_keras_called;

typedef struct cvyi_tf_results { /* of the trace */
    int n, capacity;
    int *items;
} cvyi_tf_results;

typedef struct cvyi_tf_host {
    cvyi_source *source;
    cvyi_findings *findings;
    /* Inputs in the place of data, by name; None: the name is an input's. */
    cvyi_py_names stood;
    cvyi_py_names unknown_data; /* of sets of data, by what is asked */
    cvyi_py_names given; /* that the script set in TensorFlow's modules */
    cvyi_graph *trace;
    cvyi_arena *arena;
    const char *file;                 /* its name without folders */
    const cvyi_py_tree *tree;         /* of the script itself */
    cvyi_root root;                   /* files that it may import */
    struct cvyi_tf_choice *choice;    /* to be filled by entry.c; or NULL */
    const cvyi_py_notebook *notebook; /* NULL: it is none */
    const cvyi_arrays *arrays;        /* weights of the user's, or NULL */
    cvyi_tf_scope *scope;
    cvyi_tf_counts operations; /* names in use */
    cvyi_tf_counts scopes;     /* variable scopes opened */
    cvyi_tf_counts layers;     /* default names of Keras' layers */
    cvyi_tf_dialect dialect;
    int n_variables, variables_capacity;
    cvyi_tf_variable **variables;
    int n_calls, calls_capacity;
    cvyi_tf_call *calls; /* one for each call of the trace */
    int params_capacity;
    const cvyi_tf_variable **params; /* of each parameter of the trace */
    int groups;
    /* What the last loss compares with the labels. */
    cvyi_py_value logits;
    const char *loss; /* its name, or NULL: there was none */
    const char *loss_file;
    int loss_line;
    cvyi_tf_training training;
    cvyi_py_names flags; /* tf.flags.DEFINE_… */
    bool app_run;        /* tf.app.run() without a function: main is meant */
    int n_left, left_capacity;
    const char **left; /* calls of training that are left out */
    int n_said, said_capacity;
    const char **said; /* what the script calls results of the trace */
    int n_lost, lost_capacity;
    cvyi_tf_lost *lost;
    int n_open;        /* inputs with sizes of their own that are not known */
    int normed;        /* what norm/spread.c made last; 0: nothing */
    bool keras_silent; /* a layer gave what it was called on */
    cvyi_py_value compiled;   /* the model that was compiled last; or None */
    cvyi_py_value network;    /* the model that the network is; or None */
    cvyi_py_value lost_model; /* the last Model(…) that is not known; None */
    int n_events;             /* of training: flags set, models compiled */
    int n_unnamed;            /* inputs of Keras without a name */
    bool keras_first;         /* channels_first is the default */
    bool keras_ordered;       /* the script has said so, or not so */
    int keras_call;         /* the outermost call that is made now; 0: none */
    const char *keras_path; /* of the modules of now; NULL: the whole */
    int n_keras_calls, keras_calls_capacity;
    cvyi_tf_keras_called *keras_calls; /* number 1 first */
    const char *model;                 /* what the network is called; NULL */
    int n_ordered;                     /* inputs in the model's own order */
    const int *ordered;
    cvyi_tf_results wholes; /* that all axes were reduced of */
    cvyi_tf_results terms;  /* that were added to a loss */
    bool *losses;           /* of each result, once the script has run */
    cvyi_py_names inner;    /* those of the script's main(), once it has run */
    const struct cvyi_tf_defaults *defaults; /* what arg_scope says; or NULL */
    cvyi_py_value hparams; /* the class; None: not made yet */
    bool legacy;           /* the layer that is made next is of tf.layers */
    int n_within, within_capacity; /* what it was before each unknown scope */
    const struct cvyi_tf_defaults **within;
    int n_collected, collected_capacity;
    struct cvyi_tf_collected *collected; /* in collections, in order */
} cvyi_tf_host;

cvyi_tf_host *cvyi_tf_of(const cvyi_py_eval *eval);
/* A script that is parsed already, within limits (NULL: the usual). Fills
 * source->graph, as cvyi_tf_read does. */
cvy_status cvyi_tf_read_tree(cvyi_source *source, cvyi_findings *findings,
                             const cvyi_py_tree *tree,
                             const cvyi_py_limits *limits, cvy_error *err);

/* ---- arguments ---- */

/* An argument by its place (-1: none) or its name; NULL: not given. */
const cvyi_py_value *cvyi_tf_arg(const cvyi_py_call_args *args, int at,
                                 const char *name);
/* The first opaque value among arguments, and inside their lists; or NULL. */
const cvyi_py_value *cvyi_tf_first_opaque(const cvyi_py_call_args *args);
/* A text argument; NULL if it is none. */
const char *cvyi_tf_text(const cvyi_py_value *value);
/* A remark with the line that is evaluated. */
cvy_status cvyi_tf_remark(cvyi_py_eval *eval, cvy_error *err,
                          const char *format, ...) CVY_PRINTF(3, 4);

/* ---- name.c ---- */

extern const cvyi_py_host_type cvyi_tf_name_type; /* a cvyi_call_name */
cvy_status cvyi_tf_import(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *dotted, cvy_error *err);

/* ---- words.c, layer_words.c: calls that words know ---- */

/* *known false: no words have it. */
cvy_status cvyi_tf_words(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_call_args *args,
                         cvy_error *err);

/* activation.c: a layer whose activation is a function of the script;
 * *known false: it is none. */
cvy_status cvyi_tf_activated(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const char *dotted,
                             const cvyi_py_call_args *args, cvy_error *err);

/* A layer of Keras, called: its words in `dialect`, its own arguments, and what
 * it is called on. `name` is the scope of its weights. */
typedef struct cvyi_tf_layer {
    const char *dotted, *dialect;
    const char *name; /* NULL: they are in the scope of now */
    cvyi_py_call_args own;
    /* Of a function that makes such a layer; each may be NULL. */
    const char *word, *said;    /* "max_pool2d", the name that it was given */
    const char *const *renames; /* "kernel", "weights", …, NULL */
    bool frozen;                /* its weights are not trained */
} cvyi_tf_layer;
cvy_status cvyi_tf_call_layer(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_tf_layer *layer,
                              const cvyi_py_call_args *args, cvy_error *err);

/* ---- layers and models of Keras ---- */

/* Where the modules of a node are: "block_1/conv"; NULL without memory. */
const char *cvyi_tf_keras_path(cvyi_tf_host *host, cvyi_tf_keras *node);
/* Bytes that the paths of all needed calls begin with: the model's name. */
size_t cvyi_tf_keras_skip(const cvyi_tf_host *host, const bool *needed);
/* The call of the same layer, one without weights, that came before and has a
 * module: -1. */
int cvyi_tf_keras_before(const cvyi_tf_host *host, const int *modules, int i);
/* The weight of a layer: made when it is asked for first. */
/* What a weight begins with; in layers.c. */
const cvyi_value *cvyi_tf_layers_start(const cvyi_tf_host *host,
                                       const cvyi_tf_keras *node,
                                       const cvyi_step_slot *slot);
cvy_status cvyi_tf_keras_variable(cvyi_tf_variable **out, cvyi_py_eval *eval,
                                  cvyi_tf_keras *node,
                                  const cvyi_step_slot *slot,
                                  const cvyi_shape *shape, cvy_error *err);
cvy_status cvyi_tf_keras_keep(cvyi_py_eval *eval, cvyi_tf_keras *node,
                              const char *name, cvyi_tf_variable *variable,
                              cvy_error *err);

/* ---- hparams.c ---- */

/* The class tf.contrib.training.HParams. */
cvy_status cvyi_tf_hparams(cvyi_py_value *out, cvyi_py_eval *eval,
                           cvy_error *err);

/* ---- value.c: values as words read them ---- */

/* Tensors and variables of one call, numbered. */
typedef struct cvyi_tf_operand {
    int result; /* -1: a variable */
    const cvyi_tf_variable *variable;
} cvyi_tf_operand;

typedef struct cvyi_tf_operands {
    int n, capacity;
    cvyi_tf_operand *items;
    int n_values, depth; /* converted so far, and lists around this one */
} cvyi_tf_operands;

cvy_status cvyi_tf_plain(cvyi_value *out, cvyi_tf_operands *operands,
                         cvyi_py_eval *eval, const cvyi_py_value *value,
                         cvy_error *err);
/* An initialiser or regulariser in a config; *out NULL for None. */
cvy_status cvyi_tf_config(const cvyi_value **out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err);
/* A regulariser: NULL for None, cvyi_tf_unknown for what is no object. */
const cvyi_value *cvyi_tf_regulariser(const cvyi_py_value *value);
/* The config of a class of Keras with one or two numbers. */
cvy_status cvyi_tf_make_config(const cvyi_value **out, cvyi_py_eval *eval,
                               const char *class_name, const char *first,
                               double a, const char *second, double b,
                               cvy_error *err);

/* ---- tensor.c ---- */

extern const cvyi_py_host_type cvyi_tf_tensor_type; /* a cvyi_tf_tensor */
cvy_status cvyi_tf_make_tensor(cvyi_py_value *out, cvyi_py_eval *eval,
                               int result, cvy_error *err);
/* The result of a tensor value, or -1. */
int cvyi_tf_result(const cvyi_py_value *value);
const cvyi_type *cvyi_tf_type(const cvyi_py_eval *eval, int result);
/* left op right of tensors, variables, numbers: `op` as `ast` has it. */
cvy_status cvyi_tf_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err);
cvy_status cvyi_tf_unary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *self,
                         cvy_error *err);
cvy_status cvyi_tf_item(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_value *self, const cvyi_py_value *index,
                        cvy_error *err);

/* ---- shape.c ---- */

extern const cvyi_py_host_type cvyi_tf_shape_type;
extern const cvyi_py_host_type cvyi_tf_dimension_type; /* a cvyi_size */
/* x.get_shape() of a result, or of a variable. */
cvy_status cvyi_tf_make_shape(cvyi_py_value *out, cvyi_py_eval *eval, int rank,
                              const cvyi_size *dims, cvy_error *err);
/* A size as an int, or as a value of the host. */
cvyi_py_value cvyi_tf_size(cvyi_size size);
/* An int, a dimension or a size; NULL if it is none of them, or None. */
cvyi_size cvyi_tf_as_size(cvyi_py_eval *eval, const cvyi_py_value *value);
/* A shape as an argument: *rank -1 if it is not known at all; NULL in `dims`
 * for a size that is not. */
cvy_status cvyi_tf_read_shape(int *rank, cvyi_size *dims, cvyi_py_eval *eval,
                              const cvyi_py_value *value, cvy_error *err);
/* tf.shape(x) as a list. */
cvy_status cvyi_tf_shape_list(cvyi_py_value *out, cvyi_py_eval *eval,
                              int result, cvy_error *err);
/* tf.shape(x) and tf.rank(x) of an argument, which may be missing. */
cvy_status cvyi_tf_ask_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *x, cvy_error *err);
cvy_status cvyi_tf_ask_rank(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *x, cvy_error *err);

/* ---- scope.c ---- */

extern const cvyi_py_host_type cvyi_tf_scope_type;
/* A name that no operation has had, inside the scope of now. */
const char *cvyi_tf_unique(cvyi_tf_host *host, const char *name);
/* A default name that no variable scope here has had: "conv2d_1". */
const char *cvyi_tf_default_scope(cvyi_tf_host *host, const char *name);
/* The default name of a layer of Keras: "conv2d_1". */
const char *cvyi_tf_layer_name(cvyi_tf_host *host, const char *name);
/* Enters a variable scope; false without memory. cvyi_tf_leave undoes it. */
bool cvyi_tf_enter(cvyi_tf_host *host, const char *name);
/* The same by the prefix of its variables. */
bool cvyi_tf_enter_whole(cvyi_tf_host *host, const char *whole);
void cvyi_tf_leave(cvyi_tf_host *host);
/* variable_scope(scope, fallback, reuse=reuse); either may be NULL. */
cvy_status cvyi_tf_enter_called(cvyi_py_eval *eval, const cvyi_py_value *scope,
                                const char *fallback,
                                const cvyi_py_value *reuse, cvy_error *err);
cvy_status cvyi_tf_variable_scope(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err);
cvy_status cvyi_tf_name_scope(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_call_args *args, cvy_error *err);
cvy_status cvyi_tf_scope_now(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err);

/* ---- variable.c ---- */

extern const cvyi_py_host_type cvyi_tf_variable_type;
extern const cvyi_py_host_type cvyi_tf_start_type;
/* An initialiser that nobody knows: weights are drawn, with a remark. */
extern const cvyi_value cvyi_tf_unknown;
cvy_status cvyi_tf_variable_new(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_call_args *args, cvy_error *err);
cvy_status cvyi_tf_variable_get(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_call_args *args, cvy_error *err);
/* A variable of that whole name: the one there is, if it may be used again,
 * or a new one. */
cvy_status cvyi_tf_variable_take(cvyi_tf_variable **out, cvyi_py_eval *eval,
                                 const char *name, const cvyi_shape *shape,
                                 const cvyi_value *initialiser, bool trainable,
                                 cvy_error *err);
/* A new one; a name that is taken gets a number behind it. */
cvy_status cvyi_tf_variable_make(cvyi_tf_variable **out, cvyi_py_eval *eval,
                                 const cvyi_tf_variable *like, cvy_error *err);
cvy_status cvyi_tf_make_start(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_tf_start *start, cvy_error *err);
/* The input that random numbers are if they are no variable. */
cvy_status cvyi_tf_literal_input(int *out, cvyi_py_eval *eval,
                                 cvyi_tf_start *start, cvy_error *err);

/* ---- constant.c, parts.c: functions of the table of made.c ---- */

typedef cvy_status cvyi_tf_function(cvyi_py_value *out, cvyi_py_eval *eval,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err);
cvyi_tf_function cvyi_tf_constant, cvyi_tf_zeros, cvyi_tf_ones;
/* *known: both are literals, or numbers; it is computed at once. */
cvy_status cvyi_tf_constant_binary(cvyi_py_value *out, bool *known,
                                   cvyi_py_eval *eval, const char *op,
                                   const cvyi_py_value *left,
                                   const cvyi_py_value *right, cvy_error *err);
cvyi_tf_function cvyi_tf_normal, cvyi_tf_truncated, cvyi_tf_uniform;
cvyi_tf_function cvyi_tf_split, cvyi_tf_unstack, cvyi_tf_slice;
/* *known false: it is no initialiser with a table of numbers. */
cvy_status cvyi_tf_table(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_call_args *args,
                         cvy_error *err);
/* A shape of numbers; rank 0 if none is given. */
cvy_status cvyi_tf_fixed_shape(cvyi_shape *out, cvyi_py_eval *eval,
                               const cvyi_py_value *value, cvy_error *err);
double cvyi_tf_number(const cvyi_py_value *value, double fallback);

/* ---- fixed.c: what depends on no input ---- */

cvyi_tf_function cvyi_tf_range, cvyi_tf_one_hot;
/* An argument of a call as it is, or constants as a weight where the call has
 * one there. */
cvy_status cvyi_tf_fixed(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_value *value,
                         cvy_error *err);
/* *known false: it is no tf.concat of constants. */
cvy_status cvyi_tf_join_fixed(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval,
                              const cvyi_py_call_args *args, cvy_error *err);
/* *known false: it is no gather of a variable's rows by constants. */
cvy_status cvyi_tf_gather_fixed(cvyi_py_value *out, bool *known,
                                cvyi_py_eval *eval,
                                const cvyi_py_call_args *args, cvy_error *err);

/* view.c: a variable under other axes; *known false: it is none. */
cvy_status cvyi_tf_view(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const char *dotted, const cvyi_py_call_args *args,
                        cvy_error *err);

/* ---- reshape.c ---- */

/* *known false: it is a reshape like others. */
cvy_status cvyi_tf_reshape(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err);

/* ---- preset.c: --set NAME=VALUE ---- */

/* Of the evaluator's host. */
cvy_status cvyi_tf_preset(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                          const char *name, cvy_error *err);

/* ---- composed.c: functions that are others, one after the other ---- */

/* *known false: it is none of these. */
cvy_status cvyi_tf_composed(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const char *dotted,
                            const cvyi_py_call_args *args, cvy_error *err);

/* ---- scalar.c: functions of single numbers ---- */

/* *known false: it is none of them, or of something else. */
void cvyi_tf_scalar(cvyi_py_value *out, bool *known, const char *dotted,
                    const cvyi_py_call_args *args);

/* ---- made.c: calls with a meaning of the host's own ---- */

extern const cvyi_py_host_type cvyi_tf_mode_type;
extern const cvyi_py_host_type cvyi_tf_object_type; /* a cvyi_value */
/* 0.3 of 0.7, without the last digits of a difference. */
double cvyi_tf_rest(double share);
/* *known false: it is none of them. */
cvy_status cvyi_tf_made(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const cvyi_call_name *name,
                        const cvyi_py_call_args *args, cvy_error *err);

/* ---- cond.c: branches of the mode ---- */

cvyi_tf_function cvyi_tf_cond;
/* Of a mode; *known false: of something else. */
cvy_status cvyi_tf_logical_not(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err);

/* ---- said.c: names that the script gives ---- */

/* The evaluator's host: a value was assigned. */
cvy_status cvyi_tf_named(cvyi_py_eval *eval, const char *name,
                         const cvyi_py_value *value, cvy_error *err);
/* The evaluator's host: a function of the top level came to its end. */
cvy_status cvyi_tf_finished(cvyi_py_eval *eval, const char *function,
                            const cvyi_py_names *names, cvy_error *err);
/* What the script calls a result first; NULL: nothing. */
const char *cvyi_tf_said(const cvyi_tf_host *host, int result);
/* "conv1" of "W_conv1"; *out NULL if the name says nothing. */
cvy_status cvyi_tf_clean(const char **out, cvyi_tf_host *host,
                         const char *name, cvy_error *err);

/* ---- input.c: placeholders ---- */

/* What --input says of a name, or NULL. */
const cvyi_call_input *cvyi_tf_asked(const cvyi_tf_host *host,
                                     const char *name);

cvy_status cvyi_tf_placeholder(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err);
cvy_status cvyi_tf_placeholder_default(cvyi_py_value *out, cvyi_py_eval *eval,
                                       const cvyi_py_call_args *args,
                                       cvy_error *err);
/* A placeholder of that name, whose shape --input says. */
cvy_status cvyi_tf_fresh_input(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *name, cvy_error *err);
/* Of the evaluator's host: what comes from a pipeline of data is an input, if
 * --input says its shape. */
cvy_status cvyi_tf_stand_in(cvyi_py_value *value, cvyi_py_eval *eval,
                            const char *name, cvy_error *err);
/* An input of Keras, the batch among the sizes; `said` NULL: it has no name.
 * Opaque where --input is to say the shape. */
cvy_status cvyi_tf_input(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *said, const cvyi_py_value *shape,
                         cvy_error *err);

/* ---- lost.c: what the network may need and is not known ---- */

/* `out` is what a call of `dotted` gave: if it is opaque and was made of
 * tensors, its cause is kept. Losses, metrics and summaries are not. */
cvy_status cvyi_tf_lose(cvyi_py_eval *eval, const char *dotted,
                        const cvyi_py_call_args *args,
                        const cvyi_py_value *out, cvy_error *err);
/* What is opaque here was to be the network, or part of it. */
cvy_status cvyi_tf_lose_value(cvyi_py_eval *eval, const cvyi_py_value *value,
                              cvy_error *err);
/* The evaluator's host: a value met one that is not known. */
cvy_status cvyi_tf_met(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                       const cvyi_py_cause *through,
                       const cvyi_py_value *value, cvy_error *err);
/* What is opaque with this cause is no part of a network. */
bool cvyi_tf_is_beside(const cvyi_tf_host *host, const cvyi_py_value *value);
cvy_status cvyi_tf_beside(cvyi_py_eval *eval, const cvyi_py_value *value,
                          cvy_error *err);
/* The evaluator's host: a branch that an inference does not take; passed.c. */
cvy_status cvyi_tf_passed(cvyi_py_eval *eval, const cvyi_py_node *node,
                          const cvyi_py_list *body, cvy_error *err);
/* How many results the trace had when the value was lost; -1: it was not. */
int cvyi_tf_lost_at(const cvyi_tf_host *host, const cvyi_py_value *value);

/* ---- training/train.c: what is left out ---- */

/* *known false: it has nothing to do with training. */
cvy_status cvyi_tf_left_out(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const char *dotted,
                            cvy_error *err);
/* A remark names it in the end. */
cvy_status cvyi_tf_note_left(cvyi_py_eval *eval, const char *dotted,
                             cvy_error *err);
extern const cvyi_py_host_type cvyi_tf_flags_type;
cvy_status cvyi_tf_flag(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const char *dotted, const cvyi_py_call_args *args,
                        cvy_error *err);

#endif
