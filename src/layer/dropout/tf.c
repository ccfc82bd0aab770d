/* layer/dropout/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_dropout_tf[] = { { 0 } };
