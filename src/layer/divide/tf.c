/* layer/divide/tf.c - TensorFlow's words for a quotient stand with rescale,
 * since they take numbers too. */
#include "layer/words.h"

const cvyi_spelling cvyi_divide_tf[] = { { 0 } };
