/* layer/global_pool/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_global_pool_tf[] = { { 0 } };
