/* layer/local_response_norm/words.h - what the dialects' words share. */
#ifndef CVYI_LAYER_LOCAL_RESPONSE_NORM_WORDS_H
#define CVYI_LAYER_LOCAL_RESPONSE_NORM_WORDS_H

#include "layer/words.h"

/* The numbers as the operator has them; `of_k` is what the dialect calls k.
 * Refuses what might divide by 0 or less. */
cvy_status cvyi_local_response_norm_set(cvyi_step *step, cvyi_phrase *phrase,
                                        const cvyi_bound *call, int64_t size,
                                        double alpha, const char *of_k,
                                        cvy_error *err);

#endif
