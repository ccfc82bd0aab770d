/* layer/channel_scale/tf.c - TensorFlow has no function for it. */
#include "layer/words.h"

const cvyi_spelling cvyi_channel_scale_tf[] = { { 0 } };
