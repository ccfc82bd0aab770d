/* layer/sparsemax/tf.c - sparsemax, which TensorFlow does not have. */
#include "layer/words.h"

const cvyi_spelling cvyi_sparsemax_tf[] = { { 0 } };
