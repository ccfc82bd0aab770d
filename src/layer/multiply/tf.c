/* layer/multiply/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_multiply_tf[] = { { 0 } };
