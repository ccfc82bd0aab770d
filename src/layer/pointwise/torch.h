/* layer/pointwise/torch.h - reading torch's functions of each element. */
#ifndef CVYI_LAYER_POINTWISE_TORCH_H
#define CVYI_LAYER_POINTWISE_TORCH_H

#include "layer/torch_number.h"

/* Names whose last part is listed in torch_read.c: the arguments are the
 * parameters of one function. */
cvy_status cvyi_pointwise_from_name(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err);
/* hardtanh: min_val below max_val, and in the function at most. */
cvy_status cvyi_pointwise_from_hardtanh(cvyi_phrase *out,
                                        const cvyi_bound *call,
                                        cvy_error *err);
/* clamp, clamp_min, clamp_max: numbers or None for min and max. */
cvy_status cvyi_pointwise_from_clamp(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);
cvy_status cvyi_pointwise_from_relu6(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);
cvy_status cvyi_pointwise_from_gelu(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err);
/* rrelu at inference. */
cvy_status cvyi_pointwise_from_rrelu(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);
/* softplus(beta x) / beta, which is x above the threshold. */
cvy_status cvyi_pointwise_from_softplus(cvyi_phrase *out,
                                        const cvyi_bound *call,
                                        cvy_error *err);
/* Our own class. */
cvy_status cvyi_pointwise_from_general_relu(cvyi_phrase *out,
                                            const cvyi_bound *call,
                                            cvy_error *err);

/* To whole numbers only. */
cvy_status cvyi_pointwise_from_round(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err);

#endif
