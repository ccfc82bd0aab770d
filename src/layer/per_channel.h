/*
 * layer/per_channel.h - operators that have one trained number for each
 * channel: channel_scale multiplies by it, channel_bias adds it.
 */
#ifndef CVYI_LAYER_PER_CHANNEL_H
#define CVYI_LAYER_PER_CHANNEL_H

#include "layer/words.h"

/* What comes out is like what goes in; slot 0 has an element a channel. */
cvy_status cvyi_per_channel_infer(cvyi_inferred *out, const cvyi_attrs *attrs,
                                  const cvyi_type *in, int n_in,
                                  cvyi_sizes *sizes, cvy_error *err);

/* out = *a * in + *b in a channel whose number is `number`; with u above 0
 * the bound of that, of |in|. */
typedef void cvyi_per_channel_fn(double *a, double *b, double number,
                                 double u);

/* Evaluates (u 0), or bounds, one channel after the other. */
cvy_status cvyi_per_channel_run(const cvyi_job *job,
                                cvyi_per_channel_fn *channel, double u,
                                cvy_error *err);

/* torch's word is a class of the written file with this constructor, whose
 * state holds slot 0 under its own name. */
#define CVYI_PER_CHANNEL_SIGNATURE "channels, axes_after=0"
cvy_status cvyi_per_channel_from_torch(cvyi_phrase *out,
                                       const cvyi_bound *call, const char *op,
                                       cvy_error *err);
cvy_status cvyi_per_channel_to_torch(cvyi_said *out, const cvyi_saying *what,
                                     const cvyi_helper *helper,
                                     cvy_error *err);

#endif
