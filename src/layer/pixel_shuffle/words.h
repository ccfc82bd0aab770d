/*
 * layer/pixel_shuffle/words.h - what its words in Keras and TensorFlow share.
 */
#ifndef CVYI_LAYER_PIXEL_SHUFFLE_WORDS_H
#define CVYI_LAYER_PIXEL_SHUFFLE_WORDS_H

#include "layer/words.h"

/* depth_to_space or space_to_depth, as the spelling's name says, with
 * block_size and an order of axes that was read. */
cvy_status cvyi_shuffle_from_blocks(cvyi_phrase *out, const cvyi_bound *call,
                                    cvyi_axes axes, cvy_error *err);
/* A new step; refuses an input that it does not fit, by `argument`. */
cvy_status cvyi_shuffle_step(cvyi_phrase *out, const cvyi_bound *call,
                             cvyi_axes axes, int64_t block, bool up,
                             const char *slow, const char *argument,
                             cvy_error *err);
/* Channels of the side with pixels; of one both orders are the same. */
bool cvyi_shuffle_is_single(const cvyi_saying *what);

#endif
