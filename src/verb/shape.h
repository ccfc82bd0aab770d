/* verb/shape.h - a shape as a person types it: "1x32x32x3". */
#ifndef CVYI_VERB_SHAPE_H
#define CVYI_VERB_SHAPE_H

#include "layer/op.h"

/* `dims` has room for CVYI_MAX_DIMS; -1 stands for "?". CVY_ARGUMENT for a
 * text that is no shape. */
cvy_status cvyi_shape_read(int64_t *dims, int *rank, const char *text,
                           cvy_error *err);

#endif
