/* layer/glu/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_glu_tf[] = { { 0 } };
