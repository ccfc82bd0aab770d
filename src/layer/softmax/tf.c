/* layer/softmax/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_softmax_tf[] = { { 0 } };
