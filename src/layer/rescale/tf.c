/* layer/rescale/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_rescale_tf[] = { { 0 } };
