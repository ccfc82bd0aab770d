/* layer/conv/words.h - what the frameworks' words for a convolution share. */
#ifndef CVYI_LAYER_CONV_WORDS_H
#define CVYI_LAYER_CONV_WORDS_H

#include "layer/number.h"

/* A convolution as a call says it, before it is a step. */
typedef struct cvyi_conv_parts {
    cvyi_axes axes;
    int n; /* spatial axes */
    int64_t channels, outputs, groups;
    int64_t taps[CVYI_MAX_SPATIAL], stride[CVYI_MAX_SPATIAL];
    int64_t dilation[CVYI_MAX_SPATIAL];
    cvyi_border border;
} cvyi_conv_parts;

/* `n` spatial axes, every number 1. */
cvyi_conv_parts cvyi_conv_ones(int n, cvyi_axes axes);

/* Is some number above 1? */
bool cvyi_conv_above_one(const int64_t *numbers, int n);

/* Refuses groups that divide not both, for the argument `name`. */
cvy_status cvyi_conv_check_groups(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const cvyi_conv_parts *parts,
                                  const char *name, cvy_error *err);

/* Refuses axes of known length that the window does not fit on. */
cvy_status cvyi_conv_check_fit(cvyi_phrase *phrase, const cvyi_bound *call,
                               const cvyi_conv_parts *parts, const char *name,
                               cvy_error *err);

/* Taps, outputs and groups from the shape of a filter that is an argument:
 * S I O, or S C M if it is depthwise. */
cvy_status cvyi_conv_filters(cvyi_conv_parts *parts, int *number,
                             cvyi_phrase *phrase, const cvyi_bound *call,
                             const char *name, bool depthwise, cvy_error *err);

/* The step. */
cvy_status cvyi_conv_add(cvyi_step **out, cvyi_phrase *phrase,
                         const cvyi_bound *call, const cvyi_conv_parts *parts,
                         cvy_error *err);

/* The two steps of a separable convolution over given filters: `parts` is the
 * depthwise one, whose filter is tensor `depthwise`. */
cvy_status cvyi_conv_add_separable(cvyi_phrase *phrase, const cvyi_bound *call,
                                   const cvyi_conv_parts *parts,
                                   const char *depthwise_name, int depthwise,
                                   const char *pointwise_name, cvy_error *err);

/* ---- writing ---- */

/* The border in numbers; false if it depends on the length. */
bool cvyi_conv_amounts(cvyi_border *out, const cvyi_attrs *attrs);
bool cvyi_conv_all_ones(const int64_t *numbers, int n);

#endif
