/* layer/conv/tf.h - reading TensorFlow's functions for a convolution. */
#ifndef CVYI_LAYER_CONV_TF_H
#define CVYI_LAYER_CONV_TF_H

#include "layer/words.h"

/* tf.nn.convNd, tf.nn.convolution, tf.nn.atrous_conv2d */
cvy_status cvyi_conv_tf_nn(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err);
cvy_status cvyi_conv_tf_convolution(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err);
cvy_status cvyi_conv_tf_atrous(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err);
/* tf.nn.depthwise_conv2d, tf.nn.separable_conv2d */
cvy_status cvyi_conv_tf_depthwise(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err);
cvy_status cvyi_conv_tf_separable(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err);
/* tf.layers.convNd, tf.layers.separable_convNd */
cvy_status cvyi_conv_tf_layer(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err);
cvy_status cvyi_conv_tf_layer_separable(cvyi_phrase *out,
                                        const cvyi_bound *call,
                                        cvy_error *err);

#endif
