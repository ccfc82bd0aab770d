/* layer/local_response_norm/tf.c - TensorFlow's words for it. */
#include "layer/keras.h"
#include "layer/local_response_norm/words.h"

#include <stdio.h>
#include <stdlib.h>

enum { WIDEST = 1 << 24 };

/* TensorFlow multiplies the sum of the squares, torch the mean; both numbers
 * are float32 in the end, which 15 digits outlive. */
static double of_the_mean(double alpha, int64_t size)
{
    char text[40];

    snprintf(text, sizeof text, "%.15g", alpha * (double)size);
    return strtod(text, NULL);
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    int64_t radius, size;
    cvyi_step *step;
    double alpha;

    CVYI_TRY(cvyi_keras_input(NULL, out, call, 4, CVYI_AXES_LAST, err));
    CVYI_TRY(cvyi_arg_int(&radius, out, call, "depth_radius", 0, err));
    CVYI_TRY(cvyi_arg_double(&alpha, out, call, "alpha", err));
    if (radius > WIDEST)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "depth_radius", "say the number of channels",
                           "a radius of %lld channels", (long long)radius);
    size = 2 * radius + 1;
    step = cvyi_phrase_add(out, call, "local_response_norm");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = CVYI_AXES_LAST;
    return cvyi_local_response_norm_set(step, out, call, size,
                                        of_the_mean(alpha, size), "bias", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "depth_radius", "size",  "the channels of the window on each side" },
    { "alpha",        "alpha", "of the sum of the squares" },
    { "beta",         "beta",  NULL },
    { "bias",         "k",     NULL },
    { 0 }
};

#define ROW(version, text)                                               \
    { .dialect = version, .name = text,                                  \
      .signature = "x, depth_radius=5, bias=1, alpha=1, beta=0.5, "      \
                   "name=None",                                          \
      .from_call = from_call, .form = CVYI_FORM_FUNCTION,                \
      .arguments = arguments }

const cvyi_spelling cvyi_local_response_norm_tf[] = {
    ROW("tf2", "tf.nn.lrn"),
    ROW("tf2", "tf.nn.local_response_normalization"),
    ROW("tf1", "tf.nn.lrn"),
    ROW("tf1", "tf.nn.local_response_normalization"),
    { 0 }
};
/* clang-format on */
