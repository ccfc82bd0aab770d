/*
 * layer/layer_norm/words.h - what keras.c takes from keras_write.c.
 */
#ifndef CVYI_LAYER_LAYER_NORM_WORDS_H
#define CVYI_LAYER_LAYER_NORM_WORDS_H

#include "layer/words.h"

cvy_status cvyi_layer_norm_to_layer(cvyi_said *out, const cvyi_saying *what,
                                    cvy_error *err);
cvy_status cvyi_layer_norm_to_rms(cvyi_said *out, const cvyi_saying *what,
                                  cvy_error *err);
cvy_status cvyi_layer_norm_to_rms_function(cvyi_said *out,
                                           const cvyi_saying *what,
                                           cvy_error *err);

#endif
