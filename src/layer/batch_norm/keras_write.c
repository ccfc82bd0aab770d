/* layer/batch_norm/keras_write.c - batch normalisation, written for Keras. */
#include "layer/batch_norm/words.h"
#include "layer/torch.h"

#include <stdio.h>
#include <stdlib.h>

/* Keras' momentum is the share of the OLD value. A difference such as 1 - 0.3
 * is taken as the shortest decimal with the same share of the new value. */
static double short_share(double share)
{
    char digits[40];

    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, share);
        if (1 - strtod(digits, NULL) == 1 - share)
            return strtod(digits, NULL);
    }
    return share;
}

static void say_slots(cvyi_said *out, bool scale, bool shift)
{
    if (scale)
        cvyi_said_slot_add(out, "scale", "gamma", "C");
    if (shift)
        cvyi_said_slot_add(out, "shift", "beta", "C");
    cvyi_said_slot_add(out, "mean", "moving_mean", "C");
    cvyi_said_slot_add(out, "variance", "moving_variance", "C");
}

static void means(cvyi_said *out, const cvyi_saying *what, double momentum)
{
    cvyi_attrs read = *what->attrs;

    cvyi_set_real(&read, "momentum", momentum);
    cvyi_set_word(&read, "variance", "biased");
    cvyi_torch_means(out, what, &read);
    if (cvyi_attr_is(what->attrs, "variance", "unbiased"))
        cvyi_said_remark(out, "training: the running variance is biased in "
                              "Keras and unbiased in the source; inference "
                              "is the same");
}

cvy_status cvyi_batch_norm_to_keras(cvyi_said *out, const cvyi_saying *what,
                                    cvy_error *err)
{
    const double eps = cvyi_attr_real(what->attrs, "eps");
    const double momentum =
        short_share(cvyi_attr_real(what->attrs, "momentum"));
    const bool scale = (what->present & 1u) != 0;
    const bool shift = (what->present & 2u) != 0;

    cvyi_code_begin(out, "layers.BatchNormalization");
    if (what->axes == CVYI_AXES_FIRST && what->in[0].rank > 2)
        cvyi_code_int(out, "axis", 1);
    if (momentum != 0.99)
        cvyi_code_double(out, "momentum", momentum);
    if (eps != 1e-3)
        cvyi_code_double(out, "epsilon", eps);
    if (!shift)
        cvyi_code_bool(out, "center", false);
    if (!scale)
        cvyi_code_bool(out, "scale", false);
    if (what->frozen) /* keeps to its statistics, also in training */
        cvyi_code_bool(out, "trainable", false);
    cvyi_code_end(out);
    say_slots(out, scale, shift);
    means(out, what, momentum);
    return cvyi_text_status(&out->code, err);
}
