/* layer/log_softmax/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_log_softmax_tf[] = { { 0 } };
