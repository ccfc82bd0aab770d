/* layer/pad/keras.c - Keras' words for padding. */
#include "layer/keras.h"
#include "layer/keras_amounts.h"
#include "layer/pad/words.h"

#include <string.h>
#include <strings.h>

/* ---- reading ---- */

static cvy_status add_border(cvyi_phrase *out, const cvyi_bound *call,
                             cvyi_axes axes, cvy_error *err)
{
    cvyi_border border;

    CVYI_TRY(
        cvyi_keras_input(NULL, out, call, call->n_spatial + 2, axes, err));
    CVYI_TRY(cvyi_keras_amounts(&border, out, call, "padding", err));
    return cvyi_pad_add(out, call, axes, &border, "constant", 0, err);
}

static cvy_status from_padding(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    return add_border(out, call, axes, err);
}

/* tf_keras' ZeroPadding1D has no data_format. */
static cvy_status from_padding_1d(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    return add_border(out, call, CVYI_AXES_LAST, err);
}

/* A pair for each axis, or (p,) for an even one. On TensorFlow Keras does not
 * take the shorter forms, which mean all axes. */
static bool read_widths(int64_t (*pairs)[2], const cvyi_bound *call)
{
    const cvyi_value *const given = cvyi_arg(call, "pad_width");

    if (given->kind != CVYI_LIST || given->n != call->in[0].rank)
        return false;
    for (int i = 0; i < given->n; i++) {
        const cvyi_value *const pair = &given->items[i];

        if (pair->kind != CVYI_LIST || (pair->n != 1 && pair->n != 2))
            return false;
        for (int k = 0; k < 2; k++)
            if (!cvyi_as_int(&pairs[i][k],
                             &pair->items[pair->n > 1 ? k : 0]) ||
                pairs[i][k] < 0)
                return false;
    }
    return true;
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    static const char *const modes[] = { "constant", "reflect", "symmetric" };
    const cvyi_value *const number = cvyi_arg(call, "constant_values");
    const char *const mode = cvyi_as_text(cvyi_arg(call, "mode"));
    bool known = false; /* TensorFlow does not look at capital letters */
    int64_t pairs[CVYI_MAX_DIMS][2];
    double value = 0;
    size_t i = 0;

    if (call->n_in != 1 || cvyi_arg(call, "x")->kind != CVYI_TENSOR)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "x",
                           "correct this call in the source",
                           "it takes one tensor, not %d", call->n_in);
    while (i < 3 && !cvyi_is_text(cvyi_arg(call, "mode"), modes[i])) {
        known = known || (mode != NULL && strcasecmp(mode, modes[i]) == 0);
        i++;
    }
    if (i == 3)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           known ? CVYI_NOT_SUPPORTED : CVYI_ILLEGAL_IN_SOURCE,
                           "mode", "correct this argument in the source",
                           "Keras on TensorFlow has the modes constant, "
                           "reflect and symmetric");
    if (i > 0 && !cvyi_is_none(number))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "constant_values",
                           "leave constant_values out",
                           "mode '%s' takes no constant", modes[i]);
    if (!cvyi_is_none(number))
        CVYI_TRY(cvyi_arg_double(&value, out, call, "constant_values", err));
    if (!read_widths(pairs, call))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "pad_width",
                           "give a pair of integers >= 0 for each axis",
                           "pad_width does not fit an input of %d axes",
                           call->in[0].rank);
    return cvyi_pad_from_pairs(out, call, (const int64_t(*)[2])pairs, modes[i],
                               value, "pad_width", err);
}

/* ---- writing ---- */

static cvy_status amounts(cvyi_border *out, const char **mode, cvyi_said *said,
                          const cvyi_saying *what, cvy_error *err)
{
    if (what->axes != CVYI_AXES_LAST)
        return cvyi_refuse(&said->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "data_format",
                           "move the channels to the last axis",
                           "padding is written for channels_last only");
    CVYI_TRY(cvyi_pad_amounts(out, mode, said, what, "symmetric", err));
    if (strcmp(*mode, "replicate") == 0 || strcmp(*mode, "circular") == 0)
        return cvyi_refuse(&said->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "mode",
                           "join slices of the input with keras.ops."
                           "concatenate, or use reflect",
                           "Keras pads with numbers and mirrors only, not by "
                           "mode %s",
                           *mode);
    return CVY_OK;
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    const char *mode;
    cvyi_border border;

    CVYI_TRY(amounts(&border, &mode, out, what, err));
    if (strcmp(mode, "constant") != 0 ||
        cvyi_attr_real(what->attrs, "value") != 0)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "mode", "use keras.ops.pad",
                           "Keras' layers pad with 0 only");
    cvyi_code_begin(out, "layers.ZeroPadding%dD", n);
    cvyi_keras_put_amounts(out, border.before, border.after, n);
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    const double value = cvyi_attr_real(what->attrs, "value");
    const char *mode;
    cvyi_border border;

    CVYI_TRY(amounts(&border, &mode, out, what, err));
    cvyi_code_begin(out, "ops.pad");
    cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_raw(out, NULL, "((0, 0), ");
    for (int i = 0; i < n; i++)
        cvyi_text_printf(&out->code, "(%lld, %lld), ",
                         (long long)border.before[i],
                         (long long)border.after[i]);
    cvyi_text_put(&out->code, "(0, 0))");
    if (strcmp(mode, "constant") != 0)
        cvyi_code_word(out, "mode", mode);
    else if (value != 0)
        cvyi_code_double(out, "constant_values", value);
    cvyi_code_end(out);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "padding",         "border", NULL },
    { "pad_width",       "border", "a pair for every axis, batch and channels "
                                   "too" },
    { "constant_values", "value",  NULL },
    { "mode",            "mode",   NULL },
    { "data_format",     "axes",   NULL },
    { 0 }
};

#define LAYER(framework, rank, given, from, to)                             \
    { .dialect = framework, .name = "keras.layers.ZeroPadding%dD",          \
      .ranks = rank, .signature = given, .from_call = from,                 \
      .form = CVYI_FORM_MODULE, .to_call = to, .arguments = arguments }
#define TWO   "padding=(1, 1), data_format=None, **kwargs"
#define THREE "padding=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs"

const cvyi_spelling cvyi_pad_keras[] = {
    LAYER("keras3", "1", "padding=1, data_format=None, **kwargs",
          from_padding, to_layer),
    LAYER("keras3", "2", TWO, from_padding, NULL),
    LAYER("keras3", "3", THREE, from_padding, NULL),
    LAYER("keras2", "1", "padding=1, **kwargs", from_padding_1d, NULL),
    LAYER("keras2", "2", TWO, from_padding, NULL),
    LAYER("keras2", "3", "padding=(1, 1, 1), data_format=None, **kwargs",
          from_padding, NULL),
    { .dialect = "keras3", .name = "keras.ops.pad",
      .signature = "x, pad_width, mode='constant', constant_values=None",
      .from_call = from_function,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
