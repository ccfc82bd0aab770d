/* layer/batch_norm/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_batch_norm_tf[] = { { 0 } };
