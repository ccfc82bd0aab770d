/* layer/normalize/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_normalize_tf[] = { { 0 } };
