/*
 * read/python/tf/training/training.h - losses and optimisers of a script.
 */
#ifndef CVYI_READ_PYTHON_TF_TRAINING_H
#define CVYI_READ_PYTHON_TF_TRAINING_H

#include "read/python/tf/host.h"

/* ---- penalty.c: losses, what is added to them, and collections ---- */

/* The squares of a variable's elements, times a factor. */
typedef struct cvyi_tf_term {
    cvyi_tf_variable *of;
    double factor;
} cvyi_tf_term;

/* A loss: a value of its own, so that what is made of it is another. */
typedef struct cvyi_tf_loss {
    const char *name;   /* of the function that made it; NULL: terms alone */
    const char *class_; /* Keras' loss of a mean of it, or NULL */
    bool mean, plain;
    int n_terms; /* that are added to it */
    const cvyi_tf_term *terms;
    cvyi_py_value hidden; /* what it is to everything but training: opaque */
} cvyi_tf_loss;

const cvyi_tf_loss *cvyi_tf_loss_of(const cvyi_py_value *value);
cvy_status cvyi_tf_make_loss(cvyi_py_value *out, cvyi_py_eval *eval,
                             cvyi_tf_loss made, cvy_error *err);
/* One that TensorFlow has put into the collection of losses. */
cvy_status cvyi_tf_note_loss(cvyi_py_eval *eval, const cvyi_py_value *loss,
                             cvy_error *err);
/* Sums of losses, squares of variables, and collections of both; *known false:
 * it is something else. */
cvy_status cvyi_tf_penalty_call(cvyi_py_value *out, bool *known,
                                cvyi_py_eval *eval, const char *dotted,
                                const cvyi_py_call_args *args, cvy_error *err);
/* What an L2 regulariser gives of a variable; *known false: it is another. */
cvy_status cvyi_tf_penalty_of(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval,
                              const cvyi_value *regulariser,
                              const cvyi_py_value *value, cvy_error *err);

/* ---- training.c: what the script trains with ---- */

/* *known false: it is no loss, no mean of one, and no optimiser. */
cvy_status cvyi_tf_training_call(cvyi_py_value *out, bool *known,
                                 cvyi_py_eval *eval, const char *dotted,
                                 const cvyi_py_call_args *args,
                                 cvy_error *err);
/* An optimiser, a loss of Keras or a rate that falls, as compile_config has
 * it. */
typedef struct cvyi_tf_trainer {
    const char *name;
    cvyi_value config; /* class_name, config */
} cvyi_tf_trainer;

extern const cvyi_py_host_type cvyi_tf_trainer_type;
/* { "class_name": name, "config": { … } }; false without memory. */
bool cvyi_tf_trainer_config(cvyi_value *out, cvyi_arena *arena,
                            const char *name, const char *const *keys,
                            const cvyi_value *items, int n);
/* A member of a config: a number, or a rate that falls or is not known; false
 * for None. */
bool cvyi_tf_trainer_number(cvyi_value *out, const cvyi_py_value *value);

/* ---- positions.c: tf.reshape(x, [-1, channels]) ---- */

/* *known false: it is another reshape. `dims` with NULL for -1. */
cvy_status cvyi_tf_make_positions(cvyi_py_value *out, bool *known,
                                  cvyi_py_eval *eval, int result, int rank,
                                  const cvyi_size *dims, cvy_error *err);
/* The tensor whose positions they are; NULL: the value is something else. */
const cvyi_py_value *cvyi_tf_positions(const cvyi_py_value *value);
const cvyi_py_value *cvyi_tf_positions_hidden(const cvyi_py_value *value);

/* ---- keras.c ---- */

/* keras.optimizers.Adam(…), keras.losses.Huber(…) */
cvy_status cvyi_tf_keras_trainer(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const char *dotted,
                                 const cvyi_py_call_args *args,
                                 cvy_error *err);
/* What the model was compiled with that gives `outputs`; as
 * cvyi_tf_training_section. */
cvy_status cvyi_tf_compiled_section(const cvyi_value **out, cvyi_py_eval *eval,
                                    const cvyi_py_value *outputs,
                                    cvy_error *err);

/* What a loss, or positions (below), are to everything but training: an opaque
 * value; NULL: the value is neither. */
const cvyi_py_value *cvyi_tf_hidden(const cvyi_py_value *value);
/* Why it is opaque, behind its name. */
#define CVYI_TF_IS_A_LOSS "is a loss, which belongs to training"
/* One of the operands is a loss. */
cvy_status cvyi_tf_loss_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *op, const cvyi_py_value *left,
                               const cvyi_py_value *right, cvy_error *err);
/* For graph->training, of a network that gives `outputs`; *out NULL: nothing
 * is known. */
cvy_status cvyi_tf_training_section(const cvyi_value **out, cvyi_py_eval *eval,
                                    const cvyi_py_value *outputs,
                                    cvy_error *err);

/* ---- loss.c: what leads to a loss ---- */

/* All axes of a tensor were reduced, the batch among them. */
cvy_status cvyi_tf_whole(cvyi_tf_host *host, const cvyi_py_value *value,
                         cvy_error *err);
/* It was an operand beside a loss of TensorFlow's. */
cvy_status cvyi_tf_loss_term(cvyi_tf_host *host, const cvyi_py_value *value,
                             cvy_error *err);
/* For each result of the trace: is it on the way from the network to such a
 * reduction? */
cvy_status cvyi_tf_find_losses(bool **out, cvyi_tf_host *host, cvy_error *err);

#endif
