/* layer/reshape/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_reshape_tf[] = { { 0 } };
