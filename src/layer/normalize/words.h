/*
 * layer/normalize/words.h - what keras.c takes from keras_write.c.
 */
#ifndef CVYI_LAYER_NORMALIZE_WORDS_H
#define CVYI_LAYER_NORMALIZE_WORDS_H

#include "layer/words.h"

cvy_status cvyi_normalize_to_layer(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err);

#endif
