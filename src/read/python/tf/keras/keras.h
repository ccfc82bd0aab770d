/*
 * read/python/tf/keras/keras.h - layers and models of Keras, as a
 * script makes them.
 *
 *   a layer      keras.layers.Conv2D(8, 3), its arguments kept; its weights
 *                are made at its first call and shared by every later one
 *   a function   keras.layers.Lambda(f)
 *   an input     keras.layers.InputLayer((32, 32, 3))
 *   a Sequential its members, called one after another
 *   a Functional tensors between which it stands; called on others, its calls
 *                are made again
 *   a class      an instance of a class of the source that is derived from
 *                Layer or Model; its `host` is such a node
 *
 * Weights have the names that Keras gives them. Modules have paths of their
 * own: of a layer without a name it is the attribute that holds it.
 */
#ifndef CVYI_READ_PYTHON_TF_KERAS_H
#define CVYI_READ_PYTHON_TF_KERAS_H

#include "base/memory.h"
#include "pysrc/eval.h"

typedef struct cvyi_tf_keras cvyi_tf_keras;
struct cvyi_tf_host;

typedef enum cvyi_tf_keras_kind {
    CVYI_TF_LAYER,
    CVYI_TF_LAMBDA,
    CVYI_TF_TIME, /* TimeDistributed */
    CVYI_TF_INPUT,
    CVYI_TF_SEQUENTIAL,
    CVYI_TF_FUNCTIONAL,
    CVYI_TF_CLASS,
} cvyi_tf_keras_kind;

/* layer.trainable = …, among what a script does. */
typedef struct cvyi_tf_keras_flag {
    int event;
    bool trainable;
} cvyi_tf_keras_flag;

typedef struct cvyi_tf_keras_weight {
    const char *name; /* "kernel" */
    struct cvyi_tf_variable *variable;
} cvyi_tf_keras_weight;

struct cvyi_tf_keras {
    cvyi_tf_keras_kind kind;
    const char *dotted;    /* "keras.layers.Conv2D", or the class's name */
    const char *name;      /* Keras' own: "conv2d_1" */
    bool named;            /* the script says it */
    const char *said;      /* the attribute that holds it; or NULL */
    bool legacy;           /* of tf.layers */
    const char *scope;     /* of its variables there, once it was called */
    bool is_model;         /* not a mere layer */
    cvyi_py_call_args own; /* LAYER, INPUT, LAMBDA, TIME: as it was made */
    cvyi_py_value inside;  /* LAMBDA: the function; TIME: the layer */
    int n_flags, flags_capacity;
    cvyi_tf_keras_flag *flags;
    int compiled_at; /* the last compile(…), as an event; 0: never */
    int n_weights, weights_capacity;
    cvyi_tf_keras_weight *weights;
    /* Its first call; of a model what it stands between. None: not yet. */
    cvyi_py_value in, out;
    int n_calls;
    bool built;   /* CLASS: build was called */
    bool running; /* CLASS: its method `call` is, now */
    /* SEQUENTIAL: the last value is `out`. */
    int n_members, members_capacity, outs_capacity;
    cvyi_py_value *members, *outs;
    const cvyi_py_cause *doubt; /* members that may be there or not */
    bool grows;                 /* by its method `add` */
    bool settled;               /* it was compiled, or used: it is whole */
    cvyi_py_value layers;       /* the list of them; None: not yet made */
    int n_layers;               /* that it had */
    cvyi_py_value shape;        /* build(shape) of a model; None: not said */
    int time;                   /* results of the trace when it came about */
    /* compile(…): optimizer, loss, metrics as they were given. */
    bool compiled;
    cvyi_py_call_args compile;
    const char *compile_file;
    int compile_line;
};

extern const cvyi_py_host_type cvyi_tf_keras_type; /* a cvyi_tf_keras */
/* Of a value that is a layer, a model or an instance of such a class; NULL. */
cvyi_tf_keras *cvyi_tf_keras_of(const cvyi_py_value *value);

/* ---- name.c ---- */

/* One name for those that versions of Keras have had. */
const char *cvyi_tf_keras_canonical(cvyi_arena *arena, const char *dotted);
/* Has its package a name like that? What else is asked for is not there. */
bool cvyi_tf_keras_has(const char *dotted);
/* Of keras.backend.relu the function that words know: "keras.ops.relu";
 * another name as it is. NULL without memory. */
const char *cvyi_tf_keras_backend(cvyi_arena *arena, const char *dotted);

/* ---- backend.c ---- */

/* *known false: it is an operation, or nothing. */
cvy_status cvyi_tf_keras_ask(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const char *dotted,
                             const cvyi_py_call_args *args, cvy_error *err);

/* ---- applications.c ---- */

/* The input of a network of Keras' own; *known false: something else. */
cvy_status cvyi_tf_keras_applications(cvyi_py_value *out, bool *known,
                                      cvyi_py_eval *eval, const char *dotted,
                                      const cvyi_py_call_args *args,
                                      cvy_error *err);

/* ---- data.c ---- */

/* load_data() of a set that Keras brings along, and what is made of its
 * labels; *known false: it is neither. */
cvy_status cvyi_tf_keras_data(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval, const char *dotted,
                              const cvyi_py_call_args *args, cvy_error *err);

/* ---- old.c ---- */

/* Arguments of Keras 1 in the words of Keras 2. */
cvy_status cvyi_tf_keras_renew(const char **dotted, cvyi_py_call_args *args,
                               cvyi_py_eval *eval, cvy_error *err);

/* ---- keras.c: making ---- */

/* *known false: it is nothing of Keras. */
cvy_status cvyi_tf_keras_make(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval, const char *dotted,
                              const cvyi_py_call_args *args, cvy_error *err);
/* A node with a name of its own; NULL without memory. */
cvyi_tf_keras *cvyi_tf_keras_new(cvyi_py_eval *eval, cvyi_tf_keras_kind kind,
                                 const char *dotted,
                                 const cvyi_py_call_args *args);
/* Arguments that live as long as the node; false without memory. */
bool cvyi_tf_keep_args(cvyi_py_call_args *out, cvyi_py_eval *eval,
                       const cvyi_py_call_args *args);

/* layer.trainable = …, and of all layers inside. */
cvy_status cvyi_tf_keras_train(cvyi_py_eval *eval, const cvyi_py_value *self,
                               bool trainable, cvy_error *err);
/* Did the script set it to False before the network's model was compiled? */
bool cvyi_tf_keras_frozen(const struct cvyi_tf_host *host,
                          const cvyi_tf_keras *node);

/* ---- call.c: calls ---- */

/* What the node computes of the arguments; `self` is its value. */
cvy_status cvyi_tf_keras_call(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err);

/* ---- time.c ---- */

/* What TimeDistributed makes of the layer inside. */
cvy_status cvyi_tf_keras_over_time(cvyi_py_value *out, cvyi_py_eval *eval,
                                   cvyi_tf_keras *node, const cvyi_py_value *x,
                                   cvy_error *err);

/* ---- layers.c: classes of tf.layers ---- */

/* The class of Keras that it is; another name as it is, NULL without
 * memory. */
const char *cvyi_tf_layers_class(unsigned *marks, cvyi_arena *arena,
                                 const char *dotted);
/* The scope of its variables: of its first call. NULL without memory. */
const char *cvyi_tf_layers_scope(struct cvyi_tf_host *host,
                                 cvyi_tf_keras *node);
/* The scope of any layer; cvyi_tf_leave undoes it. False without memory. */
bool cvyi_tf_keras_enter(struct cvyi_tf_host *host, cvyi_tf_keras *node);
/* self.kernel_size, units … as the layer was made. */
cvy_status cvyi_tf_layer_attribute(cvyi_py_value *out, bool *known,
                                   cvyi_py_eval *eval,
                                   const cvyi_tf_keras *node, const char *name,
                                   cvy_error *err);

/* ---- words.c ---- */

/* A layer that words know, called on tensors. */
cvy_status cvyi_tf_keras_layer(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvyi_tf_keras *node,
                               const cvyi_py_call_args *args, cvy_error *err);
bool cvyi_tf_keras_knows(const char *dotted);
/* A function, method, layer or instance of the script. */
bool cvyi_tf_is_own_function(const cvyi_py_value *value);

/* ---- model.c ---- */

/* Sequential(…), Model(…): fills a node. */
cvy_status cvyi_tf_keras_sequential(cvyi_tf_keras *node, cvyi_py_eval *eval,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err);
cvy_status cvyi_tf_keras_functional(cvyi_tf_keras *node, cvyi_py_eval *eval,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err);
cvy_status cvyi_tf_keras_add(cvyi_tf_keras *node, cvyi_py_eval *eval,
                             const cvyi_py_value *member, cvy_error *err);
cvy_status cvyi_tf_keras_pop(cvyi_tf_keras *node, cvyi_py_eval *eval,
                             cvy_error *err);
/* Lists and dicts of an argument, so that nobody changes them; refused where
 * they hold too much. */
cvy_status cvyi_tf_keras_copy(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, cvy_error *err);
/* The members on `x`, one after another. */
cvy_status cvyi_tf_keras_run(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_tf_keras *node, const cvyi_py_value *x,
                             cvy_error *err);
/* Input(shape=…) of the arguments. */
cvy_status cvyi_tf_keras_input(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err);

/* ---- replay.c ---- */

/* The calls between a Functional's inputs and outputs, on other tensors. */
cvy_status cvyi_tf_keras_replay(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_tf_keras *node,
                                const cvyi_py_value *given, cvy_error *err);

/* ---- list.c ---- */

/* model.layers; opaque where their order is not known. */
cvy_status cvyi_tf_keras_layers(cvyi_py_value *out, cvyi_py_eval *eval,
                                cvyi_tf_keras *node, cvy_error *err);

/* The layers inside: members, layers of a Functional, what TimeDistributed has;
 * opaque where they are not known. *certain false: calls that are no layers
 * stand between them, and their order is a guess. */
cvy_status cvyi_tf_keras_members(cvyi_py_value *out, bool *certain,
                                 cvyi_py_eval *eval, const cvyi_tf_keras *node,
                                 cvy_error *err);

/* A script that changed the list may mean another network. */
cvy_status cvyi_tf_keras_watch(cvyi_py_eval *eval, cvyi_tf_keras *node,
                               cvy_error *err);

/* ---- stored.c: weights from a file of Keras ---- */

/* Finds for each weight of the network's model what the file has for it; what
 * does not fit is a finding, with names and shapes. */
cvy_status cvyi_tf_keras_find_stored(cvyi_py_eval *eval, cvy_error *err);

/* ---- get.c: attributes and methods ---- */

cvy_status cvyi_tf_keras_get(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self, const char *name,
                             cvy_error *err);

/* Its network is not known from now on, for this reason. */
cvy_status cvyi_tf_keras_doubt(cvyi_py_eval *eval, cvyi_tf_keras *node,
                               cvy_error *err, const char *format, ...)
    CVY_PRINTF(4, 5);
cvyi_py_value cvyi_tf_keras_doubted(const cvyi_tf_keras *node);

/* ---- class.c: Layer and Model as bases ---- */

cvy_status cvyi_tf_base_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *base,
                            const cvyi_py_value *instance, const char *name,
                            cvy_error *err);
cvy_status cvyi_tf_base_call(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *base,
                             const cvyi_py_value *instance,
                             const cvyi_py_call_args *args, cvy_error *err);
cvy_status cvyi_tf_keras_run_class(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_value *self,
                                   const cvyi_py_call_args *args,
                                   cvy_error *err);
/* self.add_weight(…) */
cvy_status cvyi_tf_keras_add_weight(cvyi_py_value *out, cvyi_py_eval *eval,
                                    cvyi_tf_keras *node,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err);

/* isinstance(value, a name) */
cvy_status cvyi_tf_name_instance(bool *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *self,
                                 const cvyi_py_value *value, cvy_error *err);

/* ---- entry.c ---- */

/* When a model came about, as results of the trace; -1: it is none. */
int cvyi_tf_keras_time(const cvyi_py_value *value);
/* What a model gives; of one without inputs those that --input says. */
cvy_status cvyi_tf_keras_outputs(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *model, cvy_error *err);

#endif
