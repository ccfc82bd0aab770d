/* layer/group_norm/keras.c - Keras' words for norms over groups. */
#include "layer/keras.h"

/* -1: as many as channels. */
static cvy_status read_groups(int64_t *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, int64_t channels,
                              cvy_error *err)
{
    int64_t groups;

    CVYI_TRY(cvyi_arg_int(&groups, phrase, call, "groups", INT64_MIN, err));
    if (groups == -1)
        groups = channels;
    if (groups < 1 || groups > channels || channels % groups != 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "groups",
                           "give a divisor of the number of channels, or -1",
                           "%lld channels cannot be cut into %lld groups",
                           (long long)channels, (long long)groups);
    *out = groups;
    return CVY_OK;
}

/* Axis 1 or the last one; *channels must be known. */
static cvy_status read_axis(cvyi_step *step, int64_t *channels,
                            cvyi_phrase *phrase, const cvyi_bound *call,
                            cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int axis;

    CVYI_TRY(cvyi_arg_axis(&axis, phrase, call, "axis", err));
    if (rank < 2 || rank > 2 + CVYI_MAX_SPATIAL ||
        (axis != rank - 1 && axis != 1))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "axis",
                           "move the channels to axis 1 or to the last one",
                           "groups of axis %d of %d", axis, rank);
    step->axes = axis == rank - 1 ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
    return cvyi_keras_input(channels, phrase, call, rank, step->axes, err);
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "group_norm");
    int64_t channels, groups;
    bool center, scale;
    double eps;

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    CVYI_TRY(read_axis(step, &channels, out, call, err));
    CVYI_TRY(read_groups(&groups, out, call, channels, err));
    CVYI_TRY(cvyi_arg_double(&eps, out, call, "epsilon", err));
    CVYI_TRY(cvyi_arg_bool(&center, out, call, "center", err));
    CVYI_TRY(cvyi_arg_bool(&scale, out, call, "scale", err));
    cvyi_set_int(&step->attrs, "groups", groups);
    cvyi_set_real(&step->attrs, "eps", eps);
    if (scale)
        cvyi_keras_slot(step, call, "weight", "gamma", "C", "gamma");
    if (center)
        cvyi_keras_slot(step, call, "bias", "beta", "C", "beta");
    return cvyi_keras_training_only(out, call, err);
}

/* ---- writing ---- */

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const int64_t groups = cvyi_attr_int(what->attrs, "groups");
    const double eps = cvyi_attr_real(what->attrs, "eps");
    const int64_t channels = what->slots[0].dims[0];
    const bool weight = (what->present & 1u) != 0;
    const bool bias = (what->present & 2u) != 0;

    cvyi_code_begin(out, "layers.GroupNormalization");
    if (groups == channels)
        cvyi_code_int(out, "groups", -1);
    else if (groups != 32)
        cvyi_code_int(out, "groups", groups);
    if (what->axes == CVYI_AXES_FIRST && what->in[0].rank > 2)
        cvyi_code_int(out, "axis", 1);
    if (eps != 1e-3)
        cvyi_code_double(out, "epsilon", eps);
    if (!bias)
        cvyi_code_bool(out, "center", false);
    if (!weight)
        cvyi_code_bool(out, "scale", false);
    cvyi_code_end(out);
    if (weight)
        cvyi_said_slot_add(out, "weight", "gamma", "C");
    if (bias)
        cvyi_said_slot_add(out, "bias", "beta", "C");
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "groups",            "groups",             "-1: a group for each "
                                                 "channel" },
    { "axis",              "axes",               NULL },
    { "epsilon",           "eps",                NULL },
    { "center",            "bias",               NULL },
    { "scale",             "weight",             NULL },
    { "beta_initializer",  "bias initialiser",   NULL },
    { "gamma_initializer", "weight initialiser", NULL },
    { "beta_regularizer",  "bias regulariser",   NULL },
    { "gamma_regularizer", "weight regulariser", NULL },
    { "beta_constraint",   "bias constraint",    NULL },
    { "gamma_constraint",  "weight constraint",  NULL },
    { 0 }
};

#define GROUP_NORMALIZATION(words) \
    .dialect = words, .name = "keras.layers.GroupNormalization", \
    .signature = "groups=32, axis=-1, epsilon=0.001, center=True, " \
                 "scale=True, beta_initializer='zeros', " \
                 "gamma_initializer='ones', beta_regularizer=None, " \
                 "gamma_regularizer=None, beta_constraint=None, " \
                 "gamma_constraint=None, **kwargs", \
    .from_call = from_call, .arguments = arguments, \
    .form = CVYI_FORM_MODULE

const cvyi_spelling cvyi_group_norm_keras[] = {
    { GROUP_NORMALIZATION("keras3"), .to_call = to_layer },
    { GROUP_NORMALIZATION("keras2") },
    { 0 }
};
/* clang-format on */
