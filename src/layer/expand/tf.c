/* layer/expand/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_expand_tf[] = { { 0 } };
