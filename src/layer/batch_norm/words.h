/*
 * layer/batch_norm/words.h - what the words of batch normalisation share.
 */
#ifndef CVYI_LAYER_BATCH_NORM_WORDS_H
#define CVYI_LAYER_BATCH_NORM_WORDS_H

#include "layer/words.h"

/* Where Keras and TensorFlow have channels in `axis`: a number, or with
 * `lists` a list of one. Sets the step's axes. */
cvy_status cvyi_batch_norm_axis(cvyi_step *step, int64_t *channels,
                                cvyi_phrase *phrase, const cvyi_bound *call,
                                bool lists, cvy_error *err);

/* What is in the arguments of Keras' layers and of tf.layers alike. */
cvy_status cvyi_batch_norm_layer(cvyi_step **out, cvyi_phrase *phrase,
                                 const cvyi_bound *call, bool lists,
                                 cvy_error *err);

/* Which variance training keeps where `fused` can choose the op: the fused
 * one corrects it for the size of the batch. */
cvy_status cvyi_batch_norm_fused(cvyi_step *step, cvyi_phrase *phrase,
                                 const cvyi_bound *call, bool insists,
                                 cvy_error *err);

/* Refuses operands that are no vectors of this length but broadcast. */
cvy_status cvyi_batch_norm_vectors(cvyi_phrase *phrase, const cvyi_bound *call,
                                   int64_t channels,
                                   const char *const names[4], cvy_error *err);
/* Parameters that are tensors of the call, by the names of the arguments in
 * the order scale, shift, mean, variance; the last two must be there. */
cvy_status cvyi_batch_norm_operands(cvyi_step *step, cvyi_phrase *phrase,
                                    const cvyi_bound *call, int64_t channels,
                                    const char *const names[4],
                                    cvy_error *err);

/* torch_read.c; from_class: the classes that a file of ours brings along. */
cvy_status cvyi_batch_norm_from_torch(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err);
cvy_status cvyi_batch_norm_from_lazy(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);
cvy_status cvyi_batch_norm_from_class(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err);
cvy_status cvyi_batch_norm_from_sync(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);
cvy_status cvyi_batch_norm_from_function(cvyi_phrase *out,
                                         const cvyi_bound *call,
                                         cvy_error *err);

/* keras_write.c */
cvy_status cvyi_batch_norm_to_keras(cvyi_said *out, const cvyi_saying *what,
                                    cvy_error *err);

#endif
