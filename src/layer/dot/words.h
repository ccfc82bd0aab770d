/* layer/dot/words.h - a dot product as an equation of letters. */
#ifndef CVYI_LAYER_DOT_WORDS_H
#define CVYI_LAYER_DOT_WORDS_H

#include "layer/words.h"

/* einsum("nak,nbk->nab", x, other): the argument `equation` must say a dot
 * product of two tensors, sample by sample. */
cvy_status cvyi_dot_from_equation(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err);

/* "torch.einsum("nak,nbk->nab", {0}, {1})" */
cvy_status cvyi_dot_say_equation(cvyi_said *out, const cvyi_saying *what,
                                 const char *function, cvy_error *err);

#endif
