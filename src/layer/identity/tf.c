/* layer/identity/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_identity_tf[] = { { 0 } };
