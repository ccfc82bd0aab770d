/* layer/pointwise/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_pointwise_tf[] = { { 0 } };
