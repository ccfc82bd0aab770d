/* layer/prelu/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_prelu_tf[] = { { 0 } };
