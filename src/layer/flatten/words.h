/* layer/flatten/words.h - what Keras' and TensorFlow's words share. */
#ifndef CVYI_LAYER_FLATTEN_WORDS_H
#define CVYI_LAYER_FLATTEN_WORDS_H

#include "layer/words.h"

/* Argument data_format. */
cvy_status cvyi_flatten_from_keras(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err);

#endif
