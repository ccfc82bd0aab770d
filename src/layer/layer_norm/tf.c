/* layer/layer_norm/tf.c - TensorFlow's functions for it: it has none. */
#include "layer/words.h"

const cvyi_spelling cvyi_layer_norm_tf[] = { { 0 } };
