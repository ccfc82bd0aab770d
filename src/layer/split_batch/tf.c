/* layer/split_batch/tf.c - TensorFlow has no word of its own for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_split_batch_tf[] = { { 0 } };
