/* layer/flatten/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_flatten_tf[] = { { 0 } };
