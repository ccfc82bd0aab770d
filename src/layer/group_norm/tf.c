/* layer/group_norm/tf.c - TensorFlow's functions for it: it has none. */
#include "layer/words.h"

const cvyi_spelling cvyi_group_norm_tf[] = { { 0 } };
