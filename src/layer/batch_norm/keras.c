/* layer/batch_norm/keras.c - Keras' words for batch normalisation. */
#include "layer/batch_norm/words.h"
#include "layer/keras.h"

static cvy_status remark_synchronized(bool *out, cvyi_phrase *phrase,
                                      const cvyi_bound *call, cvy_error *err)
{
    CVYI_TRY(cvyi_arg_bool(out, phrase, call, "synchronized", err));
    if (*out)
        cvyi_phrase_remark(phrase,
                           "synchronized: statistics are not joined over "
                           "devices when the port is trained");
    return CVY_OK;
}

static cvy_status from_keras3(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    bool synchronized;
    cvyi_step *step;

    CVYI_TRY(cvyi_batch_norm_layer(&step, out, call, false, err));
    return remark_synchronized(&synchronized, out, call, err);
}

static cvy_status from_keras2(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    bool synchronized, fused;
    cvyi_step *step;

    CVYI_TRY(cvyi_batch_norm_layer(&step, out, call, true, err));
    CVYI_TRY(cvyi_batch_norm_fused(step, out, call, true, err));
    CVYI_TRY(remark_synchronized(&synchronized, out, call, err));
    if (!synchronized)
        return CVY_OK;
    if (cvyi_as_bool(&fused, cvyi_arg(call, "fused")) && fused)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "fused", "leave fused out",
                           "fused=True and synchronized=True exclude each "
                           "other");
    cvyi_set_word(&step->attrs, "variance", "biased");
    return CVY_OK;
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    static const char *const names[] = { "scale", "offset", "mean",
                                         "variance" };
    cvyi_step *const step = cvyi_phrase_add(out, call, "batch_norm");
    int64_t channels;
    double eps;

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    CVYI_TRY(cvyi_batch_norm_axis(step, &channels, out, call, false, err));
    CVYI_TRY(cvyi_batch_norm_vectors(out, call, channels, names, err));
    CVYI_TRY(cvyi_arg_double(&eps, out, call, "epsilon", err));
    cvyi_set_real(&step->attrs, "eps", eps);
    return cvyi_batch_norm_operands(step, out, call, channels, names, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "axis",                        "axes",     NULL },
    { "momentum",                    "momentum", "the share of the old value" },
    { "epsilon",                     "eps",      NULL },
    { "center",                      "shift",    NULL },
    { "scale",                       "scale",    NULL },
    { "beta_initializer",            "shift initialiser",    NULL },
    { "gamma_initializer",           "scale initialiser",    NULL },
    { "moving_mean_initializer",     "mean initialiser",     NULL },
    { "moving_variance_initializer", "variance initialiser", NULL },
    { "beta_regularizer",            "shift regulariser",    NULL },
    { "gamma_regularizer",           "scale regulariser",    NULL },
    { "beta_constraint",             "shift constraint",     NULL },
    { "gamma_constraint",            "scale constraint",     NULL },
    { "fused",                       "variance", "the running variance is "
                                                 "unbiased" },
    { 0 }
};
static const cvyi_argument operands[] = {
    { "mean",     "mean",     NULL },
    { "variance", "variance", NULL },
    { "axis",     "axes",     NULL },
    { "offset",   "shift",    NULL },
    { "scale",    "scale",    NULL },
    { "epsilon",  "eps",      NULL },
    { 0 }
};

#define COMMON \
    "axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, " \
    "beta_initializer='zeros', gamma_initializer='ones', " \
    "moving_mean_initializer='zeros', moving_variance_initializer='ones', " \
    "beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, " \
    "gamma_constraint=None, "

const cvyi_spelling cvyi_batch_norm_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.BatchNormalization",
      .signature = COMMON "renorm=False, renorm_clipping=None, "
                   "renorm_momentum=0.99, synchronized=False, **kwargs",
      .from_call = from_keras3, .arguments = arguments,
      .form = CVYI_FORM_MODULE, .to_call = cvyi_batch_norm_to_keras },
    { .dialect = "keras2", .name = "keras.layers.BatchNormalization",
      .signature = COMMON "synchronized=False, *, renorm=False, "
                   "renorm_clipping=None, renorm_momentum=0.99, fused=None, "
                   "virtual_batch_size=None, adjustment=None, **kwargs",
      .from_call = from_keras2, .arguments = arguments,
      .form = CVYI_FORM_MODULE },
    { .dialect = "keras3", .name = "keras.ops.batch_normalization",
      .signature = "x, mean, variance, axis, offset=None, scale=None, "
                   "epsilon=0.001",
      .from_call = from_function, .arguments = operands,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
