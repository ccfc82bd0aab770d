/* layer/batch_norm/tf.c - TensorFlow's words for batch normalisation. */
#include "layer/batch_norm/words.h"
#include "layer/keras.h"
#include "layer/operand.h"

static cvy_status add(cvyi_step **out, cvyi_phrase *phrase,
                      const cvyi_bound *call, const char *epsilon,
                      cvyi_axes axes, cvy_error *err)
{
    double eps;

    CVYI_TRY(cvyi_arg_double(&eps, phrase, call, epsilon, err));
    *out = cvyi_phrase_add(phrase, call, "batch_norm");
    if (*out == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_real(&(*out)->attrs, "eps", eps);
    (*out)->axes = axes;
    return CVY_OK;
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    static const char *const names[] = { "scale", "offset", "mean",
                                         "variance" };
    const cvyi_bound alone = cvyi_operand_input(call);
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    cvyi_step *step;
    int64_t channels;

    if (rank < 2 || rank > 2 + CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "x", "give it an input of 2 to 5 axes",
                           "a batch norm of %d axes", rank);
    CVYI_TRY(
        cvyi_keras_input(&channels, out, &alone, rank, CVYI_AXES_LAST, err));
    CVYI_TRY(cvyi_batch_norm_vectors(out, call, channels, names, err));
    CVYI_TRY(add(&step, out, call, "variance_epsilon", CVYI_AXES_LAST, err));
    return cvyi_batch_norm_operands(step, out, call, channels, names, err);
}

/* What it gives without training: False, or nothing at all. */
static cvy_status check_inference(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const char *name, cvy_error *err)
{
    bool training = true;

    if (cvyi_as_bool(&training, cvyi_arg(call, name)) && !training)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name,
                       "say False: the port is told by model.train() and "
                       "model.eval()",
                       "a norm by the batch's own mean and variance is not "
                       "carried over");
}

/* Four axes may also be called by the names for five. */
static cvy_status read_format(cvyi_axes *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    static const char *const formats[] = { "NHWC", "NCHW", "NDHWC", "NCDHW" };
    const cvyi_value *const given = cvyi_arg(call, "data_format");
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;

    for (int i = rank == 4 ? 0 : rank == 5 ? 2 : 4; i < 4; i++)
        if (cvyi_is_text(given, formats[i])) {
            *out = i % 2 == 0 ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
            return CVY_OK;
        }
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "data_format",
                       "say NHWC or NCHW for 4 axes, NDHWC or NCDHW for 5",
                       "data_format does not fit an input of %d axes", rank);
}

static cvy_status from_fused(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    static const char *const names[] = { "scale", "offset", "mean",
                                         "variance" };
    const cvyi_bound alone = cvyi_operand_input(call);
    cvyi_step *step;
    int64_t channels;
    cvyi_axes axes;

    CVYI_TRY(check_inference(out, call, "is_training", err));
    CVYI_TRY(read_format(&axes, out, call, err));
    CVYI_TRY(
        cvyi_keras_input(&channels, out, &alone, call->in[0].rank, axes, err));
    for (int i = 0; i < 2; i++)
        if (!cvyi_operand_given(call, names[i]))
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, names[i],
                               "give a vector of ones or zeros",
                               "%s must be a tensor", names[i]);
    CVYI_TRY(add(&step, out, call, "epsilon", axes, err));
    cvyi_phrase_remark(out, "the first of its three results is the output");
    return cvyi_batch_norm_operands(step, out, call, channels, names, err);
}

static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    cvyi_step *step;

    CVYI_TRY(check_inference(out, call, "training", err));
    CVYI_TRY(cvyi_batch_norm_layer(&step, out, call, true, err));
    return cvyi_batch_norm_fused(step, out, call, false, err);
}

/* clang-format off */
static const cvyi_argument operands[] = {
    { "mean",             "mean",     NULL },
    { "variance",         "variance", NULL },
    { "offset",           "shift",    NULL },
    { "scale",            "scale",    NULL },
    { "variance_epsilon", "eps",      NULL },
    { "epsilon",          "eps",      NULL },
    { "data_format",      "axes",     NULL },
    { "is_training",      "training", NULL },
    { 0 }
};
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
    { "training",                    "training", NULL },
    { "fused",                       "variance", "the running variance is "
                                                 "unbiased" },
    { 0 }
};

#define BATCH_NORMALIZATION(words) \
    { .dialect = words, .name = "tf.nn.batch_normalization", \
      .signature = "x, mean, variance, offset, scale, variance_epsilon, " \
                   "name=None", \
      .from_call = from_function, .form = CVYI_FORM_FUNCTION, \
      .arguments = operands }

const cvyi_spelling cvyi_batch_norm_tf[] = {
    BATCH_NORMALIZATION("tf2"),
    BATCH_NORMALIZATION("tf1"),
    { .dialect = "tf1", .name = "tf.nn.fused_batch_norm",
      .signature = "x, scale, offset, mean=None, variance=None, "
                   "epsilon=0.001, data_format='NHWC', is_training=True, "
                   "name=None, exponential_avg_factor=1.0",
      .from_call = from_fused, .form = CVYI_FORM_FUNCTION,
      .arguments = operands },
    { .dialect = "tf1", .name = "tf.layers.batch_normalization",
      .signature = "x, axis=-1, momentum=0.99, epsilon=0.001, center=True, "
                   "scale=True, beta_initializer='zeros', "
                   "gamma_initializer='ones', "
                   "moving_mean_initializer='zeros', "
                   "moving_variance_initializer='ones', "
                   "beta_regularizer=None, gamma_regularizer=None, "
                   "beta_constraint=None, gamma_constraint=None, "
                   "training=False, trainable=True, name=None, reuse=None, "
                   "renorm=False, renorm_clipping=None, "
                   "renorm_momentum=0.99, fused=None, "
                   "virtual_batch_size=None, adjustment=None",
      .from_call = from_layer, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
