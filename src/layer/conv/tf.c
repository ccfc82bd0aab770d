/* layer/conv/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_conv_tf[] = { { 0 } };
