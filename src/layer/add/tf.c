/* layer/add/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_add_tf[] = { { 0 } };
