/* layer/pointwise/math.h - words for functions of mathematics: math.def. */
#ifndef CVYI_LAYER_POINTWISE_MATH_H
#define CVYI_LAYER_POINTWISE_MATH_H

#include "layer/torch_number.h"

/* Reads a call by the last part of its name. */
cvy_status cvyi_math_from_name(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err);
/* Says the function that the spelling's name is, as "torch.abs({0})" or
 * "ops.absolute({0})". */
cvy_status cvyi_math_to_call(cvyi_said *out, const cvyi_saying *what,
                             cvy_error *err);

/* "Absolute()": the class that the spelling brings. */
cvy_status cvyi_math_to_module(cvyi_said *out, const cvyi_saying *what,
                               cvy_error *err);
/* clang-format off */
#define MATH(function, Class, torch, keras, tf) \
    extern const cvyi_helper cvyi_math_##function;
#include "layer/pointwise/math.def"
#undef MATH
/* clang-format on */
extern const cvyi_helper cvyi_math_round, cvyi_math_power, cvyi_math_power_of;

/* x ** 2 or 2 ** x, a tensor and a number. */
cvy_status cvyi_power_from_pair(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err);
/* "torch.pow({0}, 2.0)" and "torch.pow(2.0, {0})", or in Keras' words. */
cvy_status cvyi_power_to_call(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err);
cvy_status cvyi_power_of_to_call(cvyi_said *out, const cvyi_saying *what,
                                 cvy_error *err);

/* Our own classes. */
cvy_status cvyi_power_from_class(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err);
cvy_status cvyi_power_of_from_class(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err);

#endif
