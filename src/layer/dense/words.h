/* layer/dense/words.h - what its words share. */
#ifndef CVYI_LAYER_DENSE_WORDS_H
#define CVYI_LAYER_DENSE_WORDS_H

#include "layer/words.h"

/* Arguments of a function that takes matrix and bias: F.linear. */
typedef struct cvyi_dense_names {
    const char *weight, *bias; /* bias NULL: it takes none */
    bool outputs_first;        /* the matrix is O I, else I O */
} cvyi_dense_names;

/* layer/dense/words.c: over the last axis of x, which has known features. */
cvy_status cvyi_dense_from_operands(cvyi_phrase *phrase,
                                    const cvyi_bound *call,
                                    const cvyi_dense_names *names,
                                    cvy_error *err);

/* layer/dense/keras.c: keras.layers.Dense and tf.layers.dense */
cvy_status cvyi_dense_from_layer(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err);
extern const cvyi_argument cvyi_dense_layer_arguments[];

#endif
