/* layer/local_response_norm/words.c - what the dialects' words share. */
#include "layer/local_response_norm/words.h"

#include <math.h>

cvy_status cvyi_local_response_norm_set(cvyi_step *step, cvyi_phrase *phrase,
                                        const cvyi_bound *call, int64_t size,
                                        double alpha, const char *of_k,
                                        cvy_error *err)
{
    double beta, k;

    CVYI_TRY(cvyi_arg_double(&beta, phrase, call, "beta", err));
    CVYI_TRY(cvyi_arg_double(&k, phrase, call, of_k, err));
    if (!(alpha >= 0) || !(k > 0) || !isfinite(alpha) || !isfinite(k) ||
        !isfinite(beta))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, alpha >= 0 ? of_k : "alpha",
                           "give alpha >= 0 and more than 0 to add to",
                           "it might divide by 0 or less");
    cvyi_set_int(&step->attrs, "size", size);
    cvyi_set_real(&step->attrs, "alpha", alpha);
    cvyi_set_real(&step->attrs, "beta", beta);
    cvyi_set_real(&step->attrs, "k", k);
    return CVY_OK;
}
