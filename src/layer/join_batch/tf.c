/* layer/join_batch/tf.c - TensorFlow has no word of its own for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_join_batch_tf[] = { { 0 } };
