/*
 * read/python/tf/contrib/contrib.h - calls of tf.contrib.layers,
 * which slim has too.
 *
 * Each makes the layers that it is made of in a variable scope of its own,
 * with what arg_scope says about arguments that are not given (default.c).
 */
#ifndef CVYI_READ_PYTHON_TF_CONTRIB_H
#define CVYI_READ_PYTHON_TF_CONTRIB_H

#include "read/python/tf/host.h"

/* ---- contrib.c: tf.contrib.layers and slim ---- */

/* *known false: it is none of theirs. */
cvy_status cvyi_tf_contrib(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, const cvyi_py_call_args *args,
                           cvy_error *err);
/* "conv2d" of any name of a function there; NULL: it is none. */
const char *cvyi_tf_contrib_last(const char *dotted);
/* What Python calls the function, "convolution2d"; NULL: no such word. */
const char *cvyi_tf_contrib_function_name(const char *dotted);
/* "conv1/batch_norm" of "conv1/BatchNorm": scopes by default as Python writes
 * names. NULL without memory. */
const char *cvyi_tf_contrib_plain(cvyi_arena *arena, const char *scope);
/* The same for every name of one function; NULL: no such word. */
const void *cvyi_tf_contrib_key(const char *dotted);

/* A call whose arguments are all known by name. */
typedef struct cvyi_tf_contrib_call {
    cvyi_py_eval *eval;
    cvyi_tf_host *host;
    const char *name;       /* "convolution2d" */
    const char *said;       /* the scope that it was given, or NULL */
    cvyi_py_call_args args; /* n = 0 */
    const cvyi_py_value *x; /* the input, a tensor */
    int rank;               /* of it */
} cvyi_tf_contrib_call;

typedef cvy_status cvyi_tf_contrib_function(cvyi_py_value *out,
                                            const cvyi_tf_contrib_call *call,
                                            cvy_error *err);

typedef struct cvyi_tf_contrib_word {
    const char *name, *arguments; /* in order, blanks between */
    const char *scope;            /* by default */
    bool variables;               /* the scope is one of variables */
    cvyi_tf_contrib_function *run;
} cvyi_tf_contrib_word;

/* NULL: it is none. *activation: what the function has by itself, "" for none;
 * NULL: what the call says. */
const cvyi_tf_contrib_word *cvyi_tf_contrib_find(const char **activation,
                                                 const char *dotted);

/* An argument, or NULL: it is not given, or None. */
const cvyi_py_value *cvyi_tf_contrib_arg(const cvyi_tf_contrib_call *call,
                                         const char *name);
/* Whether it is given as None, where that says something. */
bool cvyi_tf_contrib_none(const cvyi_tf_contrib_call *call, const char *name);
bool cvyi_tf_contrib_flag(const cvyi_tf_contrib_call *call, const char *name,
                          bool fallback);
/* Does data_format say that channels stand before the spatial axes? */
bool cvyi_tf_contrib_first(const cvyi_tf_contrib_call *call);

/* ---- a layer of Keras with some of a call's arguments ---- */

enum { CVYI_TF_CONTRIB_MOST = 20 };

typedef struct cvyi_tf_contrib_layer {
    const char *dotted; /* "keras.layers.Conv2D" */
    int n;
    const char *keywords[CVYI_TF_CONTRIB_MOST];
    cvyi_py_value values[CVYI_TF_CONTRIB_MOST];
} cvyi_tf_contrib_layer;

void cvyi_tf_contrib_put(cvyi_tf_contrib_layer *layer, const char *keyword,
                         cvyi_py_value value);
/* The call's argument `from`, else `fallback`; neither: not said. */
void cvyi_tf_contrib_take(cvyi_tf_contrib_layer *layer, const char *keyword,
                          const cvyi_tf_contrib_call *call, const char *from,
                          const cvyi_py_value *fallback);
/* Calls it on x, in the scope of now. */
cvy_status cvyi_tf_contrib_run(cvyi_py_value *out,
                               const cvyi_tf_contrib_call *call,
                               const cvyi_tf_contrib_layer *layer,
                               const cvyi_py_value *x, cvy_error *err);
/* normalizer_fn of it, then activation_fn; `active`: relu if nothing is
 * said. */
cvy_status cvyi_tf_contrib_finish(cvyi_py_value *out,
                                  const cvyi_tf_contrib_call *call,
                                  bool active, cvy_error *err);

/* ---- conv.c, norm.c, more.c ---- */

cvyi_tf_contrib_function cvyi_tf_contrib_conv, cvyi_tf_contrib_transpose;
cvyi_tf_contrib_function cvyi_tf_contrib_separable, cvyi_tf_contrib_dense;
cvyi_tf_contrib_function cvyi_tf_contrib_batch, cvyi_tf_contrib_layer_norm;
cvyi_tf_contrib_function cvyi_tf_contrib_instance, cvyi_tf_contrib_group;
cvyi_tf_contrib_function cvyi_tf_contrib_pool, cvyi_tf_contrib_flatten;
cvyi_tf_contrib_function cvyi_tf_contrib_dropout, cvyi_tf_contrib_softmax;
cvyi_tf_contrib_function cvyi_tf_contrib_bias, cvyi_tf_contrib_unit;
cvyi_tf_contrib_function cvyi_tf_contrib_embed;
cvyi_tf_function cvyi_tf_l1, cvyi_tf_l2;

/* ---- default.c: arg_scope ---- */

/* What tells a function from others: static, or one for each. NULL: it is no
 * function that arg_scope knows. */
const void *cvyi_tf_default_key(const cvyi_py_value *function);
/* `args` with what arg_scope says beside them. CVY_UNSUPPORTED if what it says
 * is not known. */
cvy_status cvyi_tf_default_args(cvyi_py_call_args *out, cvyi_py_eval *eval,
                                const void *key, const cvyi_py_call_args *args,
                                cvy_error *err);
cvyi_tf_function cvyi_tf_arg_scope, cvyi_tf_add_arg_scope;
/* The evaluator's host: a scope that is not known may be an arg_scope. */
cvy_status cvyi_tf_within(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                          cvy_error *err);

/* ---- collect.c: repeat, stack, collections ---- */

cvyi_tf_function cvyi_tf_repeat, cvyi_tf_stack;
cvyi_tf_function cvyi_tf_collection_dict, cvyi_tf_collect_named;
cvyi_tf_function cvyi_tf_last_dimension;
/* outputs_collections: a name, or a list of them. */
cvy_status cvyi_tf_collect(cvyi_py_eval *eval, const cvyi_py_value *names,
                           const char *alias, const cvyi_py_value *value,
                           cvy_error *err);

#endif
