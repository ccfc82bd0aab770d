/* layer/pointwise/keras.h - what reading and writing Keras' functions share. */
#ifndef CVYI_LAYER_POINTWISE_KERAS_H
#define CVYI_LAYER_POINTWISE_KERAS_H

#include "layer/pointwise/functions.h"

/* What people call Keras' ReLU: min(x, most) above the threshold, which is x
 * where `most` is infinite, and slope * (x - threshold) below. */
typedef struct cvyi_relu {
    double slope, threshold, most;
} cvyi_relu;

/* The simplest function that it amounts to, with its parameters. */
const char *cvyi_relu_function(double *params, const cvyi_relu *relu);

/* What Keras 3 says of a function, as a layer and as a call: refused unless
 * it is by the word of the row that is asked. */
cvy_status cvyi_pointwise_keras_module(cvyi_said *out, const cvyi_saying *what,
                                       cvy_error *err);
cvy_status cvyi_pointwise_keras_call(cvyi_said *out, const cvyi_saying *what,
                                     cvy_error *err);

#endif
