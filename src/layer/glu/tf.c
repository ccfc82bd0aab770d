/* layer/glu/tf.c - gated linear units, which TensorFlow does not have. */
#include "layer/words.h"

const cvyi_spelling cvyi_glu_tf[] = { { 0 } };
