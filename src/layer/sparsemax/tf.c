/* layer/sparsemax/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_sparsemax_tf[] = { { 0 } };
