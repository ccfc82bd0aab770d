/* layer/adaptive_pool/tf.c - TensorFlow has no functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_adaptive_pool_tf[] = { { 0 } };
