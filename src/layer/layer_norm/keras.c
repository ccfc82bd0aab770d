/* layer/layer_norm/keras.c - Keras' words for norms over axes. */
#include "layer/keras.h"
#include "layer/layer_norm/words.h"
#include "layer/marks.h"
#include "layer/norm.h"
#include "layer/operand.h"

#include <string.h>

/* What is normalised over. The parameters are made with `made`, the lengths
 * of the axes in the order of the list, and stand against the input's axes in
 * ascending order, `shape`. */
typedef struct target {
    int n;
    int64_t listed[CVYI_MAX_DIMS]; /* as given, in Keras' order */
    int64_t marks[CVYI_MAX_DIMS];
    cvyi_shape made, shape;
} target;

static cvy_status refuse_axis(cvyi_phrase *phrase, const cvyi_bound *call,
                              cvyi_refusal_kind kind, const char *advice,
                              const char *reason, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err, kind, "axis",
                       advice, "%s", reason);
}

/* Keras 3 sorts the list as it is, -1 before 1; Keras 2 leaves its order. */
static bool list_axes(target *out, const cvyi_bound *call)
{
    const cvyi_value *const given = cvyi_arg(call, "axis");
    const bool list = given->kind == CVYI_LIST;
    const bool sorts = strcmp(call->spelling->dialect, "keras3") == 0;

    out->n = list ? given->n : 1;
    if (out->n < 1 || out->n > CVYI_MAX_DIMS)
        return false;
    for (int i = 0; i < out->n; i++) {
        const cvyi_value *const item = list ? &given->items[i] : given;
        int at = i;

        if (item->kind != CVYI_INT)
            return false;
        for (; sorts && at > 0 && out->listed[at - 1] > item->integer; at--)
            out->listed[at] = out->listed[at - 1];
        out->listed[at] = item->integer;
    }
    return true;
}

static cvy_status mark_axes(target *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, bool weights,
                            cvy_error *err)
{
    const cvyi_type *const in = &call->in[0];

    for (int i = 0; i < out->n; i++) {
        int64_t axis = out->listed[i];

        if (axis < -in->rank || axis >= in->rank ||
            out->marks[axis += axis < 0 ? in->rank : 0] != 0)
            return refuse_axis(phrase, call, CVYI_ILLEGAL_IN_SOURCE,
                               "name axes that the input has, each once",
                               "axis names no different axes of the input",
                               err);
        if (axis == 0)
            return refuse_axis(phrase, call, CVYI_NOT_SUPPORTED,
                               "leave axis 0 out of the list",
                               "a norm over all samples together is not "
                               "carried over",
                               err);
        out->marks[axis] = 1;
        if (!cvyi_size_constant(&out->made.dims[i], in->dims[axis]))
            return refuse_axis(
                phrase, call,
                weights ? CVYI_ILLEGAL_IN_SOURCE : CVYI_NOT_SUPPORTED,
                "give the input a fixed size there",
                "the size of an axis that is normalised over is not known",
                err);
    }
    out->made.rank = out->n;
    for (int i = 0; i < in->rank; i++)
        if (out->marks[i] != 0) {
            out->marks[i] = out->shape.rank + 1;
            cvyi_size_constant(&out->shape.dims[out->shape.rank++],
                               in->dims[i]);
        }
    return CVY_OK;
}

/* `weights`: it has parameters, whose axes must be those of the input. */
static cvy_status read_axes(target *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, bool weights,
                            cvy_error *err)
{
    if (call->n_in < 1 || call->in[0].rank < 1)
        return refuse_axis(phrase, call, CVYI_ILLEGAL_IN_SOURCE,
                           "give it an input with axes",
                           "the input has no axes", err);
    if (cvyi_arg(call, "axis")->kind == CVYI_LIST &&
        cvyi_arg(call, "axis")->n == 0)
        return refuse_axis(phrase, call, CVYI_NOT_SUPPORTED,
                           "name the axes, or leave the layer out",
                           "a norm over no axis at all is not carried over",
                           err);
    if (!list_axes(out, call))
        return refuse_axis(phrase, call, CVYI_ILLEGAL_IN_SOURCE,
                           "correct this argument in the source",
                           "axis must be an integer or a list of them", err);
    CVYI_TRY(mark_axes(out, phrase, call, weights, err));
    if (weights &&
        memcmp(out->made.dims, out->shape.dims, sizeof out->made.dims) != 0)
        return refuse_axis(phrase, call, CVYI_NOT_SUPPORTED,
                           "list the axes in ascending order, counted from "
                           "the front",
                           "Keras makes the weights in the order of this "
                           "list and reads them in that of the input's axes",
                           err);
    return CVY_OK;
}

/* An RMS norm multiplies with its scale as it is: against the last axes. */
static cvy_status check_scale(cvyi_phrase *phrase, const cvyi_bound *call,
                              const target *over, cvy_error *err)
{
    const int rank = call->in[0].rank, first = rank - over->n;
    bool fits = true;

    if (over->marks[first] == 1)
        return CVY_OK;
    for (int i = 0; i < over->n; i++) {
        int64_t length;

        fits = fits &&
               (over->made.dims[i] == 1 ||
                (cvyi_size_constant(&length, call->in[0].dims[first + i]) &&
                 (length == 1 || length == over->made.dims[i])));
    }
    return refuse_axis(phrase, call,
                       fits ? CVYI_NOT_SUPPORTED : CVYI_ILLEGAL_IN_SOURCE,
                       "normalise over the last axes",
                       "Keras multiplies the last axes with the scale, "
                       "whatever axis says",
                       err);
}

static cvy_status add(cvyi_step **out, const char **layout, const target *over,
                      const char *mode, double eps, cvyi_phrase *phrase,
                      const cvyi_bound *call, cvy_error *err)
{
    *out = cvyi_phrase_add(phrase, call, "layer_norm");
    *layout = cvyi_marks_layout(call->arena, NULL, over->n);
    if (*layout == NULL)
        return cvyi_no_memory(err);
    if (*out == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_ints(&(*out)->attrs, "axes", over->marks, call->in[0].rank);
    cvyi_set_real(&(*out)->attrs, "eps", eps);
    cvyi_set_word(&(*out)->attrs, "mode", mode);
    return CVY_OK;
}

/* ---- layers ---- */

static cvy_status read_layer(cvyi_phrase *out, const cvyi_bound *call,
                             bool scaled, cvy_error *err)
{
    bool center, scale;
    target over = { 0 };
    const char *layout;
    cvyi_step *step;
    double eps;

    CVYI_TRY(cvyi_arg_double(&eps, out, call, "epsilon", err));
    CVYI_TRY(cvyi_arg_bool(&center, out, call, "center", err));
    CVYI_TRY(cvyi_arg_bool(&scale, out, call, "scale", err));
    center = center && !scaled;
    scale = scale || scaled;
    CVYI_TRY(read_axes(&over, out, call, center || scale, err));
    CVYI_TRY(add(&step, &layout, &over, scaled ? "scaled" : "centred", eps,
                 out, call, err));
    if (scale)
        cvyi_keras_slot(step, call, "weight", "gamma", layout, "gamma");
    if (center)
        cvyi_keras_slot(step, call, "bias", "beta", layout, "beta");
    return cvyi_keras_training_only(out, call, err);
}

static cvy_status from_keras3(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    bool scaled;

    CVYI_TRY(cvyi_arg_bool(&scaled, out, call, "rms_scaling", err));
    return read_layer(out, call, scaled, err);
}

static cvy_status from_keras2(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return read_layer(out, call, false, err);
}

static cvy_status from_rms(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    target over = { 0 };
    const char *layout;
    cvyi_step *step;
    double eps;

    CVYI_TRY(cvyi_arg_double(&eps, out, call, "epsilon", err));
    CVYI_TRY(read_axes(&over, out, call, true, err));
    CVYI_TRY(check_scale(out, call, &over, err));
    CVYI_TRY(add(&step, &layout, &over, "rms", eps, out, call, err));
    cvyi_norm_slot(step, "weight", "scale", layout, 1);
    return CVY_OK;
}

/* ---- functions ---- */

/* None is Keras' own epsilon. */
static cvy_status read_epsilon(double *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    *out = 1e-7;
    if (cvyi_is_none(cvyi_arg(call, "epsilon")))
        return CVY_OK;
    return cvyi_arg_double(out, phrase, call, "epsilon", err);
}

static cvy_status from_layer_function(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err)
{
    target over = { 0 };
    const char *layout;
    cvyi_step *step;
    bool scaled;
    double eps;

    CVYI_TRY(read_epsilon(&eps, out, call, err));
    CVYI_TRY(cvyi_arg_bool(&scaled, out, call, "rms_scaling", err));
    CVYI_TRY(read_axes(&over, out, call, false, err));
    CVYI_TRY(add(&step, &layout, &over, scaled ? "scaled" : "centred", eps,
                 out, call, err));
    CVYI_TRY(cvyi_norm_operand(step, out, call, "gamma", "weight", layout,
                               &over.shape, err));
    if (scaled && cvyi_operand_given(call, "beta"))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "beta", "leave beta out: the value is the same",
                           "with rms_scaling Keras makes no use of beta");
    return cvyi_norm_operand(step, out, call, "beta", "bias", layout,
                             &over.shape, err);
}

static cvy_status from_rms_function(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    const bool scale = cvyi_operand_given(call, "scale");
    target over = { 0 };
    const char *layout;
    cvyi_step *step;
    double eps;

    CVYI_TRY(read_epsilon(&eps, out, call, err));
    CVYI_TRY(read_axes(&over, out, call, scale, err));
    if (scale)
        CVYI_TRY(check_scale(out, call, &over, err));
    CVYI_TRY(add(&step, &layout, &over, "rms", eps, out, call, err));
    return cvyi_norm_operand(step, out, call, "scale", "weight", layout,
                             &over.shape, err);
}

/* clang-format off */
static const cvyi_argument layer_arguments[] = {
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
    { "rms_scaling",       "mode",  "the mean stays in, and the spread about "
                                    "it divides" },
    { 0 }
};
static const cvyi_argument rms_arguments[] = {
    { "axis",    "axes",   NULL },
    { "epsilon", "eps",    "None is 1e-7" },
    { "scale",   "weight", NULL },
    { 0 }
};
static const cvyi_argument layer_operands[] = {
    { "gamma",       "weight", NULL },
    { "beta",        "bias",   NULL },
    { "axis",        "axes",   NULL },
    { "epsilon",     "eps",    "None is 1e-7" },
    { "rms_scaling", "mode",   "the mean stays in, and the spread about it "
                               "divides" },
    { 0 }
};

#define SIGNATURE \
    "axis=-1, epsilon=0.001, center=True, scale=True, " \
    "beta_initializer='zeros', gamma_initializer='ones', " \
    "beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, " \
    "gamma_constraint=None"

const cvyi_spelling cvyi_layer_norm_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.LayerNormalization",
      .signature = SIGNATURE ", *, rms_scaling=False, **kwargs",
      .from_call = from_keras3, .arguments = layer_arguments,
      .form = CVYI_FORM_MODULE, .to_call = cvyi_layer_norm_to_layer },
    { .dialect = "keras2", .name = "keras.layers.LayerNormalization",
      .signature = SIGNATURE ", **kwargs",
      .from_call = from_keras2, .arguments = layer_arguments,
      .form = CVYI_FORM_MODULE },
    { .dialect = "keras3", .name = "keras.layers.RMSNormalization",
      .signature = "axis=-1, epsilon=1e-06, **kwargs",
      .from_call = from_rms, .arguments = rms_arguments,
      .form = CVYI_FORM_MODULE, .to_call = cvyi_layer_norm_to_rms },
    { .dialect = "keras3", .name = "keras.ops.layer_normalization",
      .signature = "x, gamma=None, beta=None, axis=-1, epsilon=None, *, "
                   "rms_scaling=False",
      .from_call = from_layer_function, .arguments = layer_operands,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "keras3", .name = "keras.ops.rms_normalization",
      .signature = "x, scale=None, axis=-1, epsilon=None",
      .from_call = from_rms_function, .arguments = rms_arguments,
      .form = CVYI_FORM_FUNCTION,
      .to_call = cvyi_layer_norm_to_rms_function },
    { 0 }
};
/* clang-format on */
