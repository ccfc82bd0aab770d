/* layer/dense/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_dense_tf[] = { { 0 } };
