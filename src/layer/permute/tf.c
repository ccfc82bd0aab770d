/* layer/permute/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_permute_tf[] = { { 0 } };
