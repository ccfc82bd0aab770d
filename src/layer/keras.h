/*
 * layer/keras.h - what the Keras words of many operators share.
 */
#ifndef CVYI_LAYER_KERAS_H
#define CVYI_LAYER_KERAS_H

#include "layer/words.h"

/* A parameter whose initialiser, regulariser and constraint are the
 * arguments <stem>_initializer, <stem>_regularizer, <stem>_constraint as far
 * as the signature has them. */
cvyi_step_slot *cvyi_keras_slot(cvyi_step *step, const cvyi_bound *call,
                                const char *slot, const char *source,
                                const char *layout, const char *stem);

/* One remark that names every regulariser and constraint that was given:
 * training alone sees them and nothing of them is written. */
cvy_status cvyi_keras_training_only(cvyi_phrase *phrase,
                                    const cvyi_bound *call, cvy_error *err);

/* Remarks on a bias of channels first that Keras adds along the wrong axis in
 * some calls: where the last has as many elements as there are channels. */
void cvyi_keras_remark_bias(cvyi_phrase *phrase, const cvyi_bound *call,
                            const cvyi_step *step);

/* Refuses the argument by name unless it is None or False. */
cvy_status cvyi_keras_must_be_off(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const char *name, const char *advice,
                                  cvy_error *err);

/* Refuses an input whose rank is not `rank`, or whose channels (1 or last)
 * are not known; *channels may be NULL. */
cvy_status cvyi_keras_input(int64_t *channels, cvyi_phrase *phrase,
                            const cvyi_bound *call, int rank, cvyi_axes axes,
                            cvy_error *err);

/* A number or a list of numbers, also as Keras writes arrays into a config;
 * false if it is something else. *single: it was a number. NULL reals with
 * true: memory was refused. */
bool cvyi_keras_reals(const double **reals, int *n, bool *single,
                      const cvyi_bound *call, const cvyi_value *value);

#endif
