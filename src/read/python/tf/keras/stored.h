/*
 * read/python/tf/keras/stored.h - weights of a script's model, from a file of
 * Keras (read/arrays.h).
 *
 * Files by names have a group for each layer of the model, in its order
 * (stored_named.c); numbered ones a path of attributes and classes
 * (stored_path.c). Both ask for the layers in an order, and compare names where
 * two orders are thinkable (stored_match.c).
 */
#ifndef CVYI_READ_PYTHON_TF_KERAS_STORED_H
#define CVYI_READ_PYTHON_TF_KERAS_STORED_H

#include "read/python/tf/host.h"

typedef struct cvyi_tf_storing {
    cvyi_py_eval *eval;
    cvyi_tf_host *host;
    cvyi_arena *arena; /* lives as long as the file is open */
    const cvyi_keras_store *store;
} cvyi_tf_storing;

/* What does not fit is told once, and ends the search: *out is then a text,
 * else NULL. */
typedef const char *cvyi_tf_misfit;

/* ---- stored.c ---- */

typedef struct cvyi_tf_parts {
    int n, capacity;
    cvyi_py_value *items; /* layers and models */
    bool certain;         /* their order is Keras' own */
} cvyi_tf_parts;

/* The layers that are directly inside, each once: members first, then what
 * attributes hold, as they were assigned. */
cvy_status cvyi_tf_stored_parts(cvyi_tf_parts *out, cvyi_tf_storing *s,
                                const cvyi_py_value *self, cvy_error *err);
/* Layers in the attributes of an instance, lists of them included. */
cvy_status cvyi_tf_stored_held(cvyi_tf_parts *out, cvyi_tf_storing *s,
                               const cvyi_py_value *value, cvy_error *err);
bool cvyi_tf_stored_has(const cvyi_tf_parts *parts, const cvyi_tf_keras *node);
cvy_status cvyi_tf_stored_add(cvyi_tf_parts *out, cvyi_tf_storing *s,
                              const cvyi_py_value *part, cvy_error *err);
/* "functional", "conv2d", "res_block"; NULL without memory. */
const char *cvyi_tf_stored_class(cvyi_tf_storing *s,
                                 const cvyi_py_value *self);
/* A layer's own weights are those n, or *why is a text. `commit`: they are
 * noted. */
cvy_status cvyi_tf_stored_pair(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                               const cvyi_tf_keras *node, int n,
                               const cvyi_keras_stored *stored, bool commit,
                               cvy_error *err);

/* ---- stored_match.c ---- */

/* Our layers and as many of the file. */
typedef struct cvyi_tf_matching {
    int n;
    const char *const *ours;
    const bool *said;          /* the script names it */
    const char *const *theirs; /* NULL inside: not known */
    bool certain;              /* ours are in Keras' own order */
    bool moved;                /* theirs may be in another one */
    /* *why NULL: the two fit. */
    cvy_status (*fits)(cvyi_tf_misfit *why, void *self, int ours, int theirs,
                       cvy_error *err);
    void *self;
} cvyi_tf_matching;

/* out[i] of theirs is ours i, or *why is a text. */
cvy_status cvyi_tf_stored_match(int *out, cvyi_tf_misfit *why,
                                cvyi_tf_storing *s, const cvyi_tf_matching *m,
                                cvy_error *err);

/* ---- stored_named.c, stored_path.c ---- */

cvy_status cvyi_tf_stored_by_name(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                                  const cvyi_py_value *model, cvy_error *err);
cvy_status cvyi_tf_stored_by_path(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                                  const cvyi_py_value *model, cvy_error *err);

#endif
