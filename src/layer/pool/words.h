/* layer/pool/words.h - what the frameworks' words for pools share. */
#ifndef CVYI_LAYER_POOL_WORDS_H
#define CVYI_LAYER_POOL_WORDS_H

#include "layer/window.h"
#include "layer/words.h"

/* A pool as a call says it. */
typedef struct cvyi_pool_call {
    const char *kind; /* "max", "average" */
    int n;            /* spatial axes */
    cvyi_axes axes;
    int64_t taps[CVYI_MAX_SPATIAL], stride[CVYI_MAX_SPATIAL];
    int64_t dilation[CVYI_MAX_SPATIAL];
    cvyi_border border;
    bool window; /* a mean divides by all taps, not by those that are data */
    bool ceil;
} cvyi_pool_call;

/* The next step; refuses a window that is known not to fit, by the argument
 * `name`. */
cvy_status cvyi_pool_add(cvyi_phrase *out, const cvyi_bound *call,
                         const cvyi_pool_call *pool, const char *name,
                         cvy_error *err);

/* Windows along an axis with and without `ceil` are as many, for every length
 * or for this one. */
bool cvyi_pool_never_hangs(const cvyi_attrs *attrs, int axis,
                           cvyi_size length);

/* The row of the other kind says it, or why it cannot be said. */
cvy_status cvyi_pool_other_kind(const cvyi_saying *what, const char *kind,
                                cvy_error *err);

/* ---- torch ---- */

cvy_status cvyi_pool_torch_max(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err);
cvy_status cvyi_pool_torch_average(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err);
cvy_status cvyi_pool_torch_same(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err);
cvy_status cvyi_pool_to_max_module(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err);
cvy_status cvyi_pool_to_max_function(cvyi_said *out, const cvyi_saying *what,
                                     cvy_error *err);
cvy_status cvyi_pool_to_average_module(cvyi_said *out, const cvyi_saying *what,
                                       cvy_error *err);
cvy_status cvyi_pool_to_average_function(cvyi_said *out,
                                         const cvyi_saying *what,
                                         cvy_error *err);
cvy_status cvyi_pool_to_bordered(cvyi_said *out, const cvyi_saying *what,
                                 cvy_error *err);
cvy_status cvyi_pool_to_same(cvyi_said *out, const cvyi_saying *what,
                             cvy_error *err);
extern const cvyi_helper cvyi_pool_same_helper;

/* ---- Keras ---- */

cvy_status cvyi_pool_keras_max(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err);
cvy_status cvyi_pool_keras_average(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err);
cvy_status cvyi_pool_to_max_layer(cvyi_said *out, const cvyi_saying *what,
                                  cvy_error *err);
cvy_status cvyi_pool_to_max_op(cvyi_said *out, const cvyi_saying *what,
                               cvy_error *err);
cvy_status cvyi_pool_to_average_layer(cvyi_said *out, const cvyi_saying *what,
                                      cvy_error *err);
cvy_status cvyi_pool_to_average_op(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err);

#endif
