/* layer/concat/words.h - joining along a new axis, in any framework. */
#ifndef CVYI_LAYER_CONCAT_WORDS_H
#define CVYI_LAYER_CONCAT_WORDS_H

#include "layer/words.h"

/* A list of tensors of one shape, each of which gets the axis first. */
cvy_status cvyi_concat_from_stack(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err);

#endif
