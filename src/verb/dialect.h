/* verb/dialect.h - dialects by their names, and what a call is turned into. */
#ifndef CVYI_VERB_DIALECT_H
#define CVYI_VERB_DIALECT_H

#include "pass/pass.h"

/* "Keras 3", "PyTorch", "TensorFlow 1"; "unknown". */
const char *cvyi_dialect_title(const char *dialect);

/* Where a call of the dialect `from` goes: `asked` is "torch", "keras" or
 * NULL, the other world. One layer is written as plainly as can be.
 * CVY_ARGUMENT for another target, or for the one that the call has. */
cvy_status cvyi_dialect_target(cvyi_target *out, const char *from,
                               const char *asked, cvy_error *err);

#endif
