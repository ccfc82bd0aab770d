/* layer/embedding/words.h - what its words share. */
#ifndef CVYI_LAYER_EMBEDDING_WORDS_H
#define CVYI_LAYER_EMBEDDING_WORDS_H

#include "layer/words.h"

/* A table of that size, over an input with a batch at least; the slot is the
 * caller's to add. */
cvy_status cvyi_embedding_step(cvyi_step **out, cvyi_phrase *phrase,
                               const cvyi_bound *call, int64_t entries,
                               int64_t width, cvy_error *err);

/* The table is the argument `name`, a matrix, and the input is x. */
cvy_status cvyi_embedding_operand(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const char *name, cvy_error *err);

#endif
