/* layer/number_pair.c - a tensor and a number as a function of each element. */
#include "layer/number_pair.h"

#include "layer/combine.h"
#include "layer/torch_number.h"

#include <math.h>

static cvy_status add(cvyi_phrase *out, const cvyi_bound *call,
                      const char *function, double a, double b, cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "pointwise");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_word(&step->attrs, "function", function);
    cvyi_set_real(&step->attrs, "a", a);
    cvyi_set_real(&step->attrs, "b", b);
    return CVY_OK;
}

/* clang-format off */
#define PAIR(meaning)                                             \
    { "x", meaning, NULL }, { "y", meaning, NULL },               \
    { "x1", meaning, NULL }, { "x2", meaning, NULL }, { 0 }
/* clang-format on */

/* The larger of x and a number is never below that number. */
const cvyi_argument cvyi_maximum_arguments[] = { PAIR("minimum") };
const cvyi_argument cvyi_minimum_arguments[] = { PAIR("maximum") };

/* In either order. */
cvy_status cvyi_extreme_from_pair(cvyi_phrase *out, const cvyi_bound *call,
                                  bool most, cvy_error *err)
{
    const char *const op = most ? "maximum" : "minimum";
    cvyi_torch_pair pair;
    bool done;

    CVYI_TRY(cvyi_combine_pair(&done, out, call, op, op, err));
    if (done)
        return CVY_OK;
    CVYI_TRY(cvyi_torch_pair_read(&pair, out, call, err));
    if (pair.tensors)
        return cvyi_torch_join(out, call, op, err);
    if (isnan(pair.number))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           call->names[pair.reversed ? 0 : 1],
                           "cut at a number", "NaN is not carried over");
    if (most && pair.number == 0)
        return add(out, call, "relu", 0, 0, err);
    return most ? add(out, call, "clip", pair.number, INFINITY, err)
                : add(out, call, "clip", -INFINITY, pair.number, err);
}

cvy_status cvyi_number_over(cvyi_phrase *out, const cvyi_bound *call,
                            double number, cvy_error *err)
{
    CVYI_TRY(add(out, call, "reciprocal", 0, 0, err));
    if (number == 1)
        return CVY_OK;
    CVYI_TRY(cvyi_torch_rescale(out, call, number, false, 0, err));
    out->steps[out->n - 1].label = "scale";
    return CVY_OK;
}
