/* layer/pad/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_pad_tf[] = { { 0 } };
