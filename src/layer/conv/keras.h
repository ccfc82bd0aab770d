/* layer/conv/keras.h - Keras' words for a convolution: reading, writing. */
#ifndef CVYI_LAYER_CONV_KERAS_H
#define CVYI_LAYER_CONV_KERAS_H

#include "layer/words.h"

/* Layers of both Keras, and tf.layers as the older of them. */
cvy_status cvyi_conv_keras_layer(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err);
cvy_status cvyi_conv_keras_depthwise(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);
cvy_status cvyi_conv_keras_separable(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);

/* keras.ops.conv and its kin: the kernels are arguments. */
cvy_status cvyi_conv_keras_ops(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err);
cvy_status cvyi_conv_keras_ops_depthwise(cvyi_phrase *out,
                                         const cvyi_bound *call,
                                         cvy_error *err);
cvy_status cvyi_conv_keras_ops_separable(cvyi_phrase *out,
                                         const cvyi_bound *call,
                                         cvy_error *err);

cvy_status cvyi_conv_keras_say(cvyi_said *out, const cvyi_saying *what,
                               cvy_error *err);
cvy_status cvyi_conv_keras_say_depthwise(cvyi_said *out,
                                         const cvyi_saying *what,
                                         cvy_error *err);

#endif
