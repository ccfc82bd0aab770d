/* layer/prelu/tf.c - a learned slope, for which TensorFlow has no function. */
#include "layer/words.h"

const cvyi_spelling cvyi_prelu_tf[] = { { 0 } };
