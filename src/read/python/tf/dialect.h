/*
 * read/python/tf/dialect.h - in whose words a script is written.
 *
 * What --from says holds. Else names tell that only one version has: a
 * placeholder or a session is of TensorFlow 1, nb_filter= of Keras 1,
 * keras.ops of Keras 3. Without such a name the newest words are taken, and the
 * choice is not certain: a call that another version would read differently is
 * refused then, and the refusal names --from.
 */
#ifndef CVYI_READ_PYTHON_TF_DIALECT_H
#define CVYI_READ_PYTHON_TF_DIALECT_H

#include "base/memory.h"
#include "pysrc/tree.h"

typedef enum cvyi_tf_world {
    CVYI_TF_NEW, /* nothing says otherwise */
    CVYI_TF_1,
    CVYI_TF_2,
    CVYI_TF_KERAS1,
    CVYI_TF_KERAS2,
    CVYI_TF_KERAS3,
    CVYI_TF_WORLDS,
} cvyi_tf_world;

/* The first name that only this world has. */
typedef struct cvyi_tf_mark {
    const char *name; /* NULL: there is none */
    const char *file; /* its tree's name */
    int line;
} cvyi_tf_mark;

typedef struct cvyi_tf_dialect {
    const char *asked;   /* "keras2" of --from keras2-2.3; or NULL */
    const char *version; /* "2.3", or NULL */
    cvyi_tf_mark marks[CVYI_TF_WORLDS];
    bool compat;   /* TensorFlow 1 inside of a later one */
    bool alone;    /* Keras without TensorFlow is imported */
    bool inside;   /* tf.keras is named */
    bool words2;   /* arguments that Keras 1 did not have */
    bool tf_named; /* TensorFlow is imported */
} cvyi_tf_dialect;

/* `from` as the user wrote it, checked already; NULL: nothing. */
cvy_status cvyi_tf_dialect_ask(cvyi_tf_dialect *out, cvyi_arena *arena,
                               const char *from, cvy_error *err);
/* Looks at all names of a file. */
cvy_status cvyi_tf_dialect_scan(cvyi_tf_dialect *d, cvyi_arena *arena,
                                const cvyi_py_tree *tree, cvy_error *err);
cvyi_tf_world cvyi_tf_dialect_world(const cvyi_tf_dialect *d);
/* "tf1", "keras3" …: what a report says. */
const char *cvyi_tf_dialect_name(const cvyi_tf_dialect *d);

/* "TensorFlow 1", "Keras 3". */
const char *cvyi_tf_world_title(const char *name);

/* The dialects of layer/ in which a call is read, the first one first.
 * `certain` false: if the second one has another meaning for it, nobody knows
 * which is meant. */
typedef struct cvyi_tf_order {
    const char *first, *second;
    bool certain;
} cvyi_tf_order;

cvyi_tf_order cvyi_tf_order_of_keras(const cvyi_tf_dialect *d);
cvyi_tf_order cvyi_tf_order_of_tf(const cvyi_tf_dialect *d);

/* What a default is that changed with a version. */
typedef enum cvyi_tf_default {
    CVYI_TF_DEFAULT_NEW,
    CVYI_TF_DEFAULT_OLD,
    CVYI_TF_DEFAULT_UNKNOWN,
} cvyi_tf_default;

/* UpSampling2D(interpolation='bilinear'), old: as tf.image.resize_bilinear. */
cvyi_tf_default cvyi_tf_default_resize(const cvyi_tf_dialect *d);
/* BatchNormalization's epsilon: 1e-3, old: 1e-5. */
cvyi_tf_default cvyi_tf_default_epsilon(const cvyi_tf_dialect *d);
/* The order of an image's axes, old: channels first. */
cvyi_tf_default cvyi_tf_default_axes(const cvyi_tf_dialect *d);

#endif
