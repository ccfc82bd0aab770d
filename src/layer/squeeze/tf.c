/* layer/squeeze/tf.c - TensorFlow's functions for it stand with reshape. */
#include "layer/words.h"

const cvyi_spelling cvyi_squeeze_tf[] = { { 0 } };
