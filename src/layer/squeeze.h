/* layer/squeeze.h - the batch alone, read. */
#ifndef CVYI_LAYER_SQUEEZE_H
#define CVYI_LAYER_SQUEEZE_H

#include "layer/words.h"

/* Of a value with `rank` axes, each but the batch of one element, the batch is
 * left: the next step or two. */
cvy_status cvyi_squeeze_add(cvyi_phrase *phrase, const cvyi_bound *call,
                            int rank, cvy_error *err);

#endif
