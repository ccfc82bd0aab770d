/* layer/batch_norm/torch.c - torch's words for batch normalisation. */
#include "layer/words.h"

#include <stdio.h>
#include <stdlib.h>

/* torch's momentum is the share of the NEW value. Taken as the shortest
 * decimal that gives the old share back: 0.01, not 0.010000000000000009. */
static double share_of_new(double share_of_old)
{
    char digits[40];

    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, 1 - share_of_old);
        if (1 - strtod(digits, NULL) == share_of_old)
            return strtod(digits, NULL);
    }
    return 1 - share_of_old;
}

static void say_slots(cvyi_said *out, bool scale, bool shift)
{
    if (scale)
        cvyi_said_slot_add(out, "scale", "weight", "C");
    else if (shift)
        cvyi_said_slot_fill(out, "scale", "weight", "C", 1);
    if (shift)
        cvyi_said_slot_add(out, "shift", "bias", "C");
    cvyi_said_slot_add(out, "mean", "running_mean", "C");
    cvyi_said_slot_add(out, "variance", "running_var", "C");
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const int rank = what->in[0].rank;
    const double eps = cvyi_attr_real(what->attrs, "eps");
    const double momentum =
        share_of_new(cvyi_attr_real(what->attrs, "momentum"));
    const bool scale = (what->present & 1u) != 0;
    const bool shift = (what->present & 2u) != 0;

    if (rank < 2 || rank > 2 + CVYI_MAX_SPATIAL ||
        (rank > 2 && what->axes != CVYI_AXES_FIRST))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "axis",
                           "move the channels to axis 1",
                           "torch normalises 2 to 5 axes with channels at "
                           "axis 1");
    cvyi_code_begin(out, "nn.BatchNorm%dd", rank == 2 ? 1 : rank - 2);
    cvyi_code_int(out, NULL, what->slots[2].dims[0]);
    if (eps != 1e-5)
        cvyi_code_double(out, "eps", eps);
    if (momentum != 0.1)
        cvyi_code_double(out, "momentum", momentum);
    if (!scale && !shift)
        cvyi_code_bool(out, "affine", false);
    else if (!shift)
        cvyi_code_bool(out, "bias", false);
    cvyi_code_end(out);
    say_slots(out, scale, shift);
    if (!scale && shift)
        cvyi_said_remark(out, "gamma is fixed at 1 in the source; torch's "
                              "weight is 1 and would be trained");
    if (cvyi_attr_is(what->attrs, "variance", "biased"))
        cvyi_said_remark(out, "training: the running variance is unbiased in "
                              "torch and biased in the source; inference is "
                              "the same");
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_batch_norm_torch[] = {
    { .dialect = "torch", .name = "torch.nn.BatchNorm%dd", .ranks = "123",
      .signature = "num_features, eps=1e-05, momentum=0.1, affine=True, "
                   "track_running_stats=True, device=None, dtype=None, *, "
                   "bias=True",
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { 0 }
};
/* clang-format on */
