/* layer/subtract/tf.c - TensorFlow's words for a difference stand with
 * rescale, since they take numbers too. */
#include "layer/words.h"

const cvyi_spelling cvyi_subtract_tf[] = { { 0 } };
