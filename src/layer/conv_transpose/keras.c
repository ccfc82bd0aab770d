/* layer/conv_transpose/keras.c - Keras' words for a transposed convolution. */
#include "layer/keras.h"

#include "layer/conv_transpose/words.h"
#include "layer/number.h"
#include "layer/operand.h"
#include "layer/window.h"

#include <string.h>
#include <strings.h>

/* ---- reading ---- */

/* tf.layers has fewer arguments than the layers of Keras. */
static bool has_argument(const cvyi_bound *call, const char *name)
{
    const cvyi_value *const value = cvyi_arg_find(call, name);

    return value != NULL && !cvyi_is_none(value);
}

static bool is_keras3(const cvyi_bound *call)
{
    return strcmp(call->spelling->dialect, "keras3") == 0;
}

/* A number for all spatial axes or one for each. */
static cvy_status read_ints(int64_t *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, const char *name,
                            int64_t least, cvy_error *err)
{
    return cvyi_take_numbers(out, phrase, call, name, call->n_spatial,
                             CVYI_TAKES_BOOLS, least, err);
}

static cvy_status read_padding(bool *same, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    const char *const word = cvyi_as_text(cvyi_arg(call, "padding"));

    if (word == NULL ||
        (strcasecmp(word, "valid") != 0 && strcasecmp(word, "same") != 0))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "padding",
                           "say 'valid' and put a Cropping layer behind it",
                           "Keras takes 'valid' or 'same' here");
    *same = strcasecmp(word, "same") == 0;
    return CVY_OK;
}

/* What the output has beyond (n - 1) * stride elements; false where that is
 * too large to reckon with. */
static bool rest_of(int64_t *out, cvy_window w, bool same,
                    const int64_t *output_padding)
{
    int64_t span;

    if (!cvyi_transpose_span(&span, w))
        return false;
    if (output_padding == NULL)
        *out = same || span < w.stride ? w.stride : span;
    else if (!cvyi_add64(out, same ? span % 2 : span, *output_padding))
        return false;
    return true;
}

static cvy_status read_axis(cvyi_border *crop, cvyi_phrase *phrase,
                            const cvyi_bound *call, const cvyi_attrs *attrs,
                            int axis, bool same, const int64_t *extra,
                            cvy_error *err)
{
    const cvy_window w = cvyi_window_at(attrs, axis);
    const cvy_border nothing = { 0, 0 };
    int64_t rest;

    if (extra != NULL && *extra >= w.stride &&
        call->spelling->form == CVYI_FORM_MODULE)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "output_padding",
                           "choose a smaller one, or larger strides",
                           "output_padding must be smaller than strides");
    if (!rest_of(&rest, w, same, extra) ||
        !cvyi_transpose_crop(&crop->before[axis], &crop->after[axis], w, rest,
                             same ? NULL : &nothing))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "output_padding",
                           "choose an output_padding of at least 1, or leave "
                           "it out",
                           "TensorFlow refuses this length: no forward "
                           "convolution leads from it to the input's");
    return CVY_OK;
}

static cvy_status read_crop(cvyi_attrs *attrs, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    const bool given = has_argument(call, "output_padding");
    int64_t extra[CVYI_MAX_SPATIAL];
    cvyi_border crop = { 0 };
    bool same;

    CVYI_TRY(read_padding(&same, phrase, call, err));
    /* A function does not look at what is too much. */
    if (given && strchr(call->spelling->name, '%') == NULL &&
        cvyi_arg(call, "output_padding")->kind == CVYI_LIST &&
        cvyi_arg(call, "output_padding")->n > call->n_spatial)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "output_padding",
                           "give one number for each axis",
                           "more numbers than axes are not carried over");
    if (given)
        CVYI_TRY(read_ints(extra, phrase, call, "output_padding", 0, err));
    for (int i = 0; i < call->n_spatial; i++)
        CVYI_TRY(read_axis(&crop, phrase, call, attrs, i, same,
                           given ? &extra[i] : NULL, err));
    cvyi_set_border(attrs, "crop", crop);
    return CVY_OK;
}

static cvy_status check_dilation(cvyi_phrase *phrase, const cvyi_bound *call,
                                 const cvyi_attrs *attrs, cvy_error *err)
{
    const int64_t *const dilation = cvyi_attr_ints(attrs, "dilation", NULL);
    const int64_t *const stride = cvyi_attr_ints(attrs, "stride", NULL);

    if (cvyi_all_equal(dilation, call->n_spatial, 1))
        return CVY_OK;
    if (!cvyi_all_equal(stride, call->n_spatial, 1))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dilation_rate",
                           "leave one of the two at 1",
                           "Keras refuses strides > 1 together with "
                           "dilation_rate > 1");
    if (is_keras3(call))
        return CVY_OK;
    if (call->n_spatial == 2 && dilation[0] != dilation[1])
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dilation_rate",
                           "use one dilation for both axes",
                           "tf_keras refuses a dilation_rate that differs "
                           "between the axes");
    return CVY_OK;
}

/* What tf_keras computes is not what such a layer says. */
static cvy_status check_ignored(cvyi_phrase *phrase, const cvyi_bound *call,
                                const cvyi_attrs *attrs, cvy_error *err)
{
    if (is_keras3(call) || call->n_spatial != 3 ||
        cvyi_all_equal(cvyi_attr_ints(attrs, "dilation", NULL), 3, 1))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "dilation_rate",
                       "say dilation_rate=1, which is what it computes",
                       "tf_keras ignores dilation_rate in "
                       "Conv3DTranspose, so what was meant is not what "
                       "it computes");
}

/* Stride, dilation and crop, for taps that are known. */
static cvy_status read_window(cvyi_attrs *attrs, cvyi_phrase *phrase,
                              const cvyi_bound *call, const int64_t *taps,
                              cvy_error *err)
{
    const int n = call->n_spatial;
    int64_t stride[CVYI_MAX_SPATIAL], dilation[CVYI_MAX_SPATIAL] = { 1, 1, 1 };

    CVYI_TRY(read_ints(stride, phrase, call, "strides", 1, err));
    if (has_argument(call, "dilation_rate"))
        CVYI_TRY(read_ints(dilation, phrase, call, "dilation_rate", 1, err));
    cvyi_set_ints(attrs, "taps", taps, n);
    cvyi_set_ints(attrs, "stride", stride, n);
    cvyi_set_ints(attrs, "dilation", dilation, n);
    if (call->spelling->form == CVYI_FORM_MODULE)
        CVYI_TRY(check_dilation(phrase, call, attrs, err));
    CVYI_TRY(read_crop(attrs, phrase, call, err));
    return check_ignored(phrase, call, attrs, err);
}

cvy_status cvyi_transpose_from_layer(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "conv_transpose");
    int64_t taps[CVYI_MAX_SPATIAL], channels, filters;
    bool bias;

    CVYI_TRY(cvyi_arg_data_format(&step->axes, out, call, err));
    CVYI_TRY(cvyi_keras_input(&channels, out, call, call->n_spatial + 2,
                              step->axes, err));
    CVYI_TRY(cvyi_take_numbers(&filters, out, call, "filters", 0,
                               is_keras3(call) ? 0 : CVYI_TAKES_FLOATS, 1,
                               err));
    CVYI_TRY(read_ints(taps, out, call, "kernel_size", 1, err));
    CVYI_TRY(read_window(&step->attrs, out, call, taps, err));
    CVYI_TRY(cvyi_arg_bool(&bias, out, call, "use_bias", err));
    cvyi_set_int(&step->attrs, "outputs", filters);
    cvyi_keras_slot(step, call, "weight", "kernel", "S O I -> I O S",
                    "kernel");
    if (bias) {
        cvyi_keras_slot(step, call, "bias", "bias", "O", "bias");
        cvyi_keras_remark_bias(out, call, step);
    }
    if (has_argument(call, "groups"))
        cvyi_phrase_remark(out, "groups: tf_keras takes it here and ignores "
                                "it");
    CVYI_TRY(cvyi_keras_training_only(out, call, err));
    return cvyi_phrase_activation(out, call, cvyi_arg(call, "activation"),
                                  err);
}

/* keras.ops.conv_transpose(x, kernel): stride and dilation may be together. */
static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    cvyi_bound spatial = cvyi_operand_input(call);
    cvyi_step *const step = cvyi_phrase_add(out, call, "conv_transpose");
    cvyi_shape kernel;
    int64_t channels;
    int number;

    spatial.n_spatial = call->n_in > 0 ? call->in[0].rank - 2 : 0;
    if (spatial.n_spatial < 1 || spatial.n_spatial > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "x",
                           "give it an input of 3 to 5 axes",
                           "it needs 1 to 3 spatial axes");
    cvyi_attrs_open(&step->attrs, step->attrs.op, spatial.n_spatial);
    CVYI_TRY(cvyi_arg_data_format(&step->axes, out, call, err));
    CVYI_TRY(cvyi_keras_input(&channels, out, &spatial, call->in[0].rank,
                              step->axes, err));
    CVYI_TRY(cvyi_operand_shape(&kernel, &number, out, call, "kernel",
                                call->in[0].rank, err));
    if (kernel.dims[kernel.rank - 1] != channels)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "kernel",
                           "its last axis is the input's channels",
                           "the kernel is for %lld channels, the input has "
                           "%lld",
                           (long long)kernel.dims[kernel.rank - 1],
                           (long long)channels);
    CVYI_TRY(read_window(&step->attrs, out, &spatial, kernel.dims, err));
    cvyi_set_int(&step->attrs, "outputs", kernel.dims[kernel.rank - 2]);
    cvyi_operand_slot(step, "weight", "kernel", "S O I -> I O S", number);
    return CVY_OK;
}

/* ---- the table ---- */

/* clang-format off */
static const char same_note[] =
    "'same' gives n * strides elements whatever the kernel; not torch's "
    "padding";
static const char extra_note[] =
    "replaces Keras' own choice of length; torch adds to its own";

static const cvyi_argument arguments[] = {
    { "filters",              "outputs",            NULL },
    { "kernel_size",          "taps",               NULL },
    { "strides",              "stride",             NULL },
    { "padding",              "crop",               same_note },
    { "output_padding",       "crop",               extra_note },
    { "data_format",          "axes",               NULL },
    { "dilation_rate",        "dilation",           NULL },
    { "activation",           "activation",         NULL },
    { "use_bias",             "bias",               NULL },
    { "kernel_initializer",   "weight initialiser", NULL },
    { "bias_initializer",     "bias initialiser",   NULL },
    { "kernel_regularizer",   "weight regulariser", NULL },
    { "bias_regularizer",     "bias regulariser",   NULL },
    { "activity_regularizer", "activity regulariser", NULL },
    { "kernel_constraint",    "weight constraint",  NULL },
    { "bias_constraint",      "bias constraint",    NULL },
    { 0 }
};

static const cvyi_argument function_arguments[] = {
    { "kernel",         "weight",   NULL },
    { "strides",        "stride",   NULL },
    { "padding",        "crop",     same_note },
    { "output_padding", "crop",     extra_note },
    { "data_format",    "axes",     NULL },
    { "dilation_rate",  "dilation", NULL },
    { 0 }
};

#define HEAD(ones)                                                           \
    "filters, kernel_size, strides=" ones ", padding='valid', "
#define TAIL                                                                 \
    "activation=None, use_bias=True, "                                       \
    "kernel_initializer='glorot_uniform', bias_initializer='zeros', "        \
    "kernel_regularizer=None, bias_regularizer=None, "                       \
    "activity_regularizer=None, kernel_constraint=None, "                    \
    "bias_constraint=None"
#define EXTRA_FIRST(ones)                                                    \
    HEAD(ones) "output_padding=None, data_format=None, "                     \
    "dilation_rate=" ones ", " TAIL
#define FORMAT_FIRST(ones)                                                   \
    HEAD(ones) "data_format=None, output_padding=None, "                     \
    "dilation_rate=" ones ", " TAIL
#define LAYER cvyi_transpose_from_layer
/* The second name of each class; the first is the one that is written. */
#define BOTH(version, rank, text, write)                                     \
    { .dialect = version, .name = "keras.layers.Conv%dDTranspose",           \
      .ranks = rank, .signature = text, .from_call = LAYER,                  \
      .form = CVYI_FORM_MODULE, .to_call = write, .arguments = arguments },  \
    { .dialect = version, .name = "keras.layers.Convolution%dDTranspose",    \
      .ranks = rank, .signature = text, .from_call = LAYER,                  \
      .form = CVYI_FORM_MODULE, .arguments = arguments }
/* tf_keras takes groups= among its **kwargs. */
#define KERAS2 ", *, groups=None, **kwargs"

const cvyi_spelling cvyi_conv_transpose_keras[] = {
    BOTH("keras3", "1", EXTRA_FIRST("1") ", **kwargs",
         cvyi_transpose_to_keras),
    BOTH("keras3", "2", EXTRA_FIRST("(1, 1)") ", **kwargs", NULL),
    BOTH("keras3", "3", FORMAT_FIRST("(1, 1, 1)") ", **kwargs", NULL),
    BOTH("keras2", "1", EXTRA_FIRST("1") KERAS2, NULL),
    BOTH("keras2", "2", EXTRA_FIRST("(1, 1)") KERAS2, NULL),
    BOTH("keras2", "3", EXTRA_FIRST("(1, 1, 1)") KERAS2, NULL),
    { .dialect = "keras3", .name = "keras.ops.conv_transpose",
      .signature = "x, kernel, strides=1, padding='valid', "
                   "output_padding=None, data_format=None, dilation_rate=1",
      .from_call = from_function, .form = CVYI_FORM_FUNCTION,
      .arguments = function_arguments },
    { 0 }
};
/* clang-format on */
