/* layer/combine/tf.c - TensorFlow says it with the functions of two tensors,
 * which stand with those. */
#include "layer/words.h"

const cvyi_spelling cvyi_combine_tf[] = { { 0 } };
