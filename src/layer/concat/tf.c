/* layer/concat/tf.c - TensorFlow's functions for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_concat_tf[] = { { 0 } };
