/*
 * layer/conv_transpose/words.h - what its words in Keras and TensorFlow share.
 */
#ifndef CVYI_LAYER_CONV_TRANSPOSE_WORDS_H
#define CVYI_LAYER_CONV_TRANSPOSE_WORDS_H

#include "convey/padding.h"
#include "layer/words.h"

/* (taps - 1) * dilation + 1, or false where it is too large to reckon with. */
bool cvyi_transpose_span(int64_t *out, cvy_window window);

/*
 * TensorFlow's transposed convolution is the gradient of a forward one over
 * the wanted output, so its crop is that one's border. `rest` is what the
 * output has beyond (n - 1) * stride elements; forward, the border of a
 * window is then
 *
 *   SAME    max(0, span - rest) in all, the odd element after
 *   given   as given
 *
 * and the full sum ends `span - rest` behind the output, less what was cut
 * before it. false if the forward convolution would not give n outputs.
 */
bool cvyi_transpose_crop(int64_t *before, int64_t *after, cvy_window window,
                         int64_t rest, const cvy_border *given);

/* layer/conv_transpose/keras.c: a layer of Keras or tf.layers. */
cvy_status cvyi_transpose_from_layer(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);
/* layer/conv_transpose/keras_write.c */
cvy_status cvyi_transpose_to_keras(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err);
/* layer/conv_transpose/torch_write.c */
cvy_status cvyi_transpose_to_torch(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err);
/* One class for each number of spatial axes: 1 to 3. */
extern const cvyi_helper cvyi_transpose_helpers[];
cvy_status cvyi_transpose_to_helper(cvyi_said *out, const cvyi_saying *what,
                                    cvy_error *err);

#endif
