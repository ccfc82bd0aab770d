/* layer/conv_transpose/tf.c - TensorFlow's functions for it. */
#include "layer/conv_transpose/words.h"
#include "layer/keras.h"
#include "layer/number.h"
#include "layer/operand.h"
#include "layer/window.h"

#include <string.h>

/* What a function's arguments are called, and how many spatial axes it has. */
typedef struct names {
    const char *filters;
    int n;      /* spatial axes */
    bool lists; /* takes a list of pairs as padding */
    bool bare;  /* takes output_shape without batch and channels */
} names;

static cvy_status illegal(cvyi_phrase *phrase, const cvyi_bound *call,
                          const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, name,
                       "correct this argument in the source", "%s", reason);
}

/* "NHWC" and the like; None is channels last. */
static cvy_status read_format(cvyi_axes *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, int n, cvy_error *err)
{
    static const char *const last[] = { "NWC", "NHWC", "NDHWC" };
    static const char *const first[] = { "NCW", "NCHW", "NCDHW" };
    const cvyi_value *const value = cvyi_arg(call, "data_format");

    if (cvyi_is_none(value) || cvyi_is_text(value, last[n - 1]))
        *out = CVYI_AXES_LAST;
    else if (cvyi_is_text(value, first[n - 1]))
        *out = CVYI_AXES_FIRST;
    else
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "data_format",
                           "correct this argument in the source",
                           "data_format must be '%s' or '%s'", last[n - 1],
                           first[n - 1]);
    return CVY_OK;
}

/* Strides and dilations: a number, one for all axes, one an axis, or one for
 * each axis of the tensor, where batch and channels have 1; None is 1. */
static cvy_status read_steps(int64_t *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name, int n,
                             cvyi_axes axes, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const bool list = value->kind == CVYI_LIST;
    const bool whole = list && value->n == n + 2;
    const int first = !whole ? 0 : axes == CVYI_AXES_FIRST ? 2 : 1;
    const int channel = axes == CVYI_AXES_FIRST ? 1 : n + 1;
    int64_t ones[2] = { 1, 1 };

    if (list && value->n != 1 && value->n != n && !whole)
        return illegal(phrase, call, name,
                       "it has too many or too few "
                       "numbers",
                       err);
    for (int i = 0; i < n; i++) {
        const cvyi_value *const one = !list ? value
                                      : value->n == 1
                                          ? &value->items[0]
                                          : &value->items[first + i];

        out[i] = 1;
        if (!cvyi_is_none(value) &&
            (!cvyi_take_number(&out[i], one, CVYI_TAKES_FLOATS) || out[i] < 1))
            return illegal(phrase, call, name, "it must be integers >= 1",
                           err);
    }
    if (whole && (!cvyi_as_int(&ones[0], &value->items[0]) ||
                  !cvyi_as_int(&ones[1], &value->items[channel]) ||
                  ones[0] != 1 || ones[1] != 1))
        return illegal(phrase, call, name,
                       "batch and channels must have 1 there", err);
    return CVY_OK;
}

/* ---- the wanted output ---- */

typedef struct wanted {
    cvyi_size lengths[CVYI_MAX_SPATIAL];
    int64_t outputs; /* 0: not said */
} wanted;

static cvyi_size size_of_value(const cvyi_bound *call, const cvyi_value *value)
{
    int64_t number;

    if (value->kind == CVYI_SIZE)
        return value->size;
    return cvyi_as_int(&number, value) ? cvyi_size_of(call->sizes, number)
                                       : NULL;
}

/* The batch must be the input's where both are known; -1 is any. */
static bool batch_fits(const cvyi_bound *call, const cvyi_value *value)
{
    int64_t said, has;

    if (!cvyi_as_int(&said, value))
        return value->kind == CVYI_SIZE;
    return said == -1 || !cvyi_size_constant(&has, call->in[0].dims[0]) ||
           said == has;
}

static cvy_status read_wanted(wanted *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, const names *f,
                              cvyi_axes axes, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "output_shape");
    const bool bare = f->bare && value->kind == CVYI_LIST && value->n == f->n;
    const int channel = axes == CVYI_AXES_FIRST ? 1 : f->n + 1;
    const int first = bare ? 0 : axes == CVYI_AXES_FIRST ? 2 : 1;

    out->outputs = 0;
    if (value->kind == CVYI_TENSOR)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "output_shape",
                           "write it as a list of numbers",
                           "a shape that is computed is not carried over");
    if (value->kind != CVYI_LIST || (!bare && value->n != f->n + 2))
        return illegal(phrase, call, "output_shape",
                       "it must be a list with a number for each axis of the "
                       "output",
                       err);
    if (!bare && !batch_fits(call, &value->items[0]))
        return illegal(phrase, call, "output_shape",
                       "its batch is not the input's", err);
    if (!bare && (!cvyi_as_int(&out->outputs, &value->items[channel]) ||
                  out->outputs < 1))
        return illegal(phrase, call, "output_shape",
                       "its channels must be a number >= 1", err);
    for (int i = 0; i < f->n; i++) {
        out->lengths[i] = size_of_value(call, &value->items[first + i]);
        if (out->lengths[i] == NULL)
            return illegal(phrase, call, "output_shape",
                           "its lengths must be numbers", err);
    }
    return CVY_OK;
}

/* ---- border ---- */

static bool read_pair(cvy_border *out, const cvyi_value *pair)
{
    return pair->kind == CVYI_LIST && pair->n == 2 &&
           cvyi_as_int(&out->before, &pair->items[0]) &&
           cvyi_as_int(&out->after, &pair->items[1]) && out->before >= 0 &&
           out->after >= 0 && out->before < INT64_MAX / 8 &&
           out->after < INT64_MAX / 8;
}

/* A pair for each axis of the tensor. */
static cvy_status read_pairs(cvy_border *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const cvyi_value *value,
                             int n, cvyi_axes axes, cvy_error *err)
{
    const int first = axes == CVYI_AXES_FIRST ? 2 : 1;
    bool good = value->n == n + 2;

    for (int i = 0; good && i < n + 2; i++) {
        cvy_border pair;

        good = read_pair(&pair, &value->items[i]);
        if (good && i >= first && i < first + n)
            out[i - first] = pair;
        else
            good = good && pair.before == 0 && pair.after == 0;
    }
    return good ? CVY_OK
                : illegal(phrase, call, "padding",
                          "it must be a pair of numbers >= 0 for each axis, "
                          "0 for batch and channels",
                          err);
}

/* *same, or amounts in `given`. */
static cvy_status read_padding(cvy_border *given, bool *same,
                               cvyi_phrase *phrase, const cvyi_bound *call,
                               const names *f, cvyi_axes axes, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "padding");

    *same = cvyi_is_text(value, "SAME");
    for (int i = 0; i < f->n; i++)
        given[i] = (cvy_border){ 0, 0 };
    if (*same || cvyi_is_text(value, "VALID"))
        return CVY_OK;
    if (f->lists && value->kind == CVYI_LIST)
        return read_pairs(given, phrase, call, value, f->n, axes, err);
    return illegal(phrase, call, "padding",
                   f->lists ? "it must be 'SAME', 'VALID' or a list of pairs"
                            : "it must be 'SAME' or 'VALID'",
                   err);
}

/* The output's length less (n - 1) * stride, where that is a number. */
static bool rest_of(int64_t *out, const cvyi_bound *call, cvyi_size length,
                    cvyi_size wanted_length, int64_t stride)
{
    cvyi_sizes *const s = call->sizes;
    const cvyi_size last =
        cvyi_size_mul(s, cvyi_size_sub(s, length, cvyi_size_of(s, 1)),
                      cvyi_size_of(s, stride));
    const cvyi_size rest = cvyi_size_sub(s, wanted_length, last);

    return rest != NULL && cvyi_size_constant(out, rest) &&
           *out > -INT64_MAX / 8 && *out < INT64_MAX / 8;
}

/* TensorFlow's kernel for a list of pairs, which knows neither. */
static cvy_status check_list(cvyi_phrase *phrase, const cvyi_bound *call,
                             const cvyi_attrs *attrs, int n, cvy_error *err)
{
    const bool plain =
        cvyi_all_equal(cvyi_attr_ints(attrs, "dilation", NULL), n, 1) &&
        cvyi_attr_int(attrs, "groups") == 1;

    if (cvyi_arg(call, "padding")->kind != CVYI_LIST || plain)
        return CVY_OK;
    return illegal(phrase, call, "padding",
                   "TensorFlow has no list of pairs here together with "
                   "dilations or groups (on the CPU)",
                   err);
}

/* Why there is no crop for this length. With oneDNN one input also gives
 * fewer elements than the filter has. */
static cvy_status no_crop(cvyi_phrase *phrase, const cvyi_bound *call,
                          cvy_window w, cvyi_size length, int64_t rest,
                          cvy_error *err)
{
    const bool valid = cvyi_is_text(cvyi_arg(call, "padding"), "VALID");
    int64_t n, span;

    if (valid && cvyi_size_constant(&n, length) && n == 1 &&
        cvyi_transpose_span(&span, w) && rest < span && rest > span - w.stride)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "output_shape",
                           "make the output at least as long as the filter",
                           "TensorFlow takes an output shorter than its "
                           "filter with oneDNN alone");
    return illegal(phrase, call, "output_shape",
                   "no forward convolution leads from it to the input's "
                   "length",
                   err);
}

static cvy_status read_crop(cvyi_attrs *attrs, cvyi_phrase *phrase,
                            const cvyi_bound *call, const names *f,
                            const wanted *want, cvyi_axes axes, cvy_error *err)
{
    const int first = axes == CVYI_AXES_FIRST ? 2 : 1;
    cvy_border given[CVYI_MAX_SPATIAL];
    cvyi_border crop = { 0 };
    bool same;

    CVYI_TRY(read_padding(given, &same, phrase, call, f, axes, err));
    CVYI_TRY(check_list(phrase, call, attrs, f->n, err));
    for (int i = 0; i < f->n; i++) {
        const cvyi_size length = call->in[0].dims[first + i];
        const cvy_window w = cvyi_window_at(attrs, i);
        int64_t rest;

        if (!rest_of(&rest, call, length, want->lengths[i], w.stride))
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "output_shape",
                               "give the input fixed lengths",
                               "what is cut off depends on the input's "
                               "length, which is open");
        if (!cvyi_transpose_crop(&crop.before[i], &crop.after[i], w, rest,
                                 same ? NULL : &given[i]))
            return no_crop(phrase, call, w, length, rest, err);
    }
    cvyi_set_border(attrs, "crop", crop);
    return CVY_OK;
}

/* ---- tf.nn ---- */

/* The weight is [taps..., outputs of a group, inputs]. */
static cvy_status read_channels(cvyi_attrs *attrs, cvyi_phrase *phrase,
                                const cvyi_bound *call, const names *f,
                                const cvyi_shape *filters, int64_t channels,
                                int64_t outputs, cvy_error *err)
{
    const int64_t each = filters->dims[f->n];
    const int64_t total = outputs > 0 ? outputs : each;

    if (filters->dims[f->n + 1] != channels)
        return illegal(phrase, call, f->filters,
                       "its last axis is not the input's channels", err);
    if (each < 1 || total % each != 0 || channels % (total / each) != 0 ||
        (f->n == 3 && total != each))
        return illegal(phrase, call, "output_shape",
                       "its channels are not what the filters give", err);
    cvyi_set_int(attrs, "outputs", total);
    cvyi_set_int(attrs, "groups", total / each);
    return CVY_OK;
}

static cvy_status from_names(cvyi_phrase *out, const cvyi_bound *call,
                             const names *f, cvy_error *err)
{
    const cvyi_bound input = cvyi_operand_input(call);
    const int n = f->n;
    int64_t channels, stride[CVYI_MAX_SPATIAL], dilation[CVYI_MAX_SPATIAL];
    cvyi_step *const step = cvyi_phrase_add(out, call, "conv_transpose");
    cvyi_shape filters;
    wanted want;
    int number;

    CVYI_TRY(read_format(&step->axes, out, call, n, err));
    CVYI_TRY(cvyi_keras_input(&channels, out, &input, n + 2, step->axes, err));
    cvyi_attrs_open(&step->attrs, step->attrs.op, n);
    CVYI_TRY(cvyi_operand_shape(&filters, &number, out, call, f->filters,
                                n + 2, err));
    CVYI_TRY(read_steps(stride, out, call, "strides", n, step->axes, err));
    CVYI_TRY(read_steps(dilation, out, call, "dilations", n, step->axes, err));
    CVYI_TRY(read_wanted(&want, out, call, f, step->axes, err));
    CVYI_TRY(read_channels(&step->attrs, out, call, f, &filters, channels,
                           want.outputs, err));
    for (int i = 0; i < n; i++)
        if (filters.dims[i] < 1)
            return illegal(out, call, f->filters, "it has no taps", err);
    cvyi_set_ints(&step->attrs, "taps", filters.dims, n);
    cvyi_set_ints(&step->attrs, "stride", stride, n);
    cvyi_set_ints(&step->attrs, "dilation", dilation, n);
    cvyi_operand_slot(step, "weight", f->filters, "S O I -> I O S", number);
    return read_crop(&step->attrs, out, call, f, &want, step->axes, err);
}

static cvy_status from_1d(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err)
{
    return from_names(out, call, &(names){ .filters = "filters", .n = 1 },
                      err);
}

static cvy_status from_2d(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err)
{
    return from_names(
        out, call, &(names){ "filters", .n = 2, .lists = true, .bare = true },
        err);
}

static cvy_status from_3d(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err)
{
    return from_names(out, call, &(names){ .filters = "filters", .n = 3 },
                      err);
}

/* tf.nn.conv_transpose counts the axes of output_shape. */
static cvy_status from_any(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    const cvyi_value *const shape = cvyi_arg(call, "output_shape");
    const int n = shape->kind == CVYI_LIST ? shape->n - 2 : 0;

    if (n < 1 || n > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           shape->kind == CVYI_TENSOR ? CVYI_NOT_SUPPORTED
                                                      : CVYI_ILLEGAL_IN_SOURCE,
                           "output_shape", "write it as a list of numbers",
                           "output_shape must be a list of 3 to 5 numbers");
    return from_names(out, call,
                      &(names){ "filters", .n = n, .lists = n == 2 }, err);
}

/* TF 1 has two names for the filters, and one of them alone may be given. */
static cvy_status from_v1(cvyi_phrase *out, const cvyi_bound *call, int n,
                          cvy_error *err)
{
    const bool old = cvyi_operand_given(call, "filter");

    if (old && cvyi_operand_given(call, "filters"))
        return illegal(out, call, "filters",
                       "filter and filters are the same argument", err);
    return from_names(out, call,
                      &(names){ old ? "filter" : "filters", .n = n,
                                .lists = n == 2, .bare = n == 2 },
                      err);
}

static cvy_status from_v1_2d(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return from_v1(out, call, 2, err);
}

static cvy_status from_v1_3d(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return from_v1(out, call, 3, err);
}

/* ---- tf.layers ---- */

/* Without an initialiser TF 1 draws the kernel as Keras does. */
static cvy_status from_layers(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    static const cvyi_value glorot = { .kind = CVYI_TEXT,
                                       .text = "glorot_uniform" };

    CVYI_TRY(cvyi_transpose_from_layer(out, call, err));
    if (out->steps[0].slots[0].initialiser == NULL)
        out->steps[0].slots[0].initialiser = &glorot;
    return CVY_OK;
}

/* ---- the table ---- */

/* clang-format off */
static const char shape_note[] =
    "says the length outright; torch says how much to cut off";
static const char padding_note[] =
    "the border of the forward convolution; it is cut off here";

static const cvyi_argument arguments[] = {
    { "filter",       "weight",   NULL },
    { "filters",      "weight",   NULL },
    { "output_shape", "crop",     shape_note },
    { "strides",      "stride",   NULL },
    { "padding",      "crop",     padding_note },
    { "data_format",  "axes",     NULL },
    { "dilations",    "dilation", NULL },
    { 0 }
};

static const cvyi_argument layer_arguments[] = {
    { "filters",              "outputs",              NULL },
    { "kernel_size",          "taps",                 NULL },
    { "strides",              "stride",               NULL },
    { "padding",              "crop",                 padding_note },
    { "data_format",          "axes",                 NULL },
    { "activation",           "activation",           NULL },
    { "use_bias",             "bias",                 NULL },
    { "kernel_initializer",   "weight initialiser",   NULL },
    { "bias_initializer",     "bias initialiser",     NULL },
    { "kernel_regularizer",   "weight regulariser",   NULL },
    { "bias_regularizer",     "bias regulariser",     NULL },
    { "activity_regularizer", "activity regulariser", NULL },
    { "kernel_constraint",    "weight constraint",    NULL },
    { "bias_constraint",      "bias constraint",      NULL },
    { 0 }
};

#define LAYER(rank, ones)                                                    \
    { .dialect = "tf1", .name = "tf.layers.conv%dd_transpose",               \
      .ranks = rank,                                                         \
      .signature = "x, filters, kernel_size, strides=" ones ", "             \
                   "padding='valid', data_format='channels_last', "          \
                   "activation=None, use_bias=True, "                        \
                   "kernel_initializer=None, bias_initializer='zeros', "     \
                   "kernel_regularizer=None, bias_regularizer=None, "        \
                   "activity_regularizer=None, kernel_constraint=None, "     \
                   "bias_constraint=None, trainable=True, name=None, "       \
                   "reuse=None",                                             \
      .from_call = from_layers, .form = CVYI_FORM_FUNCTION,                  \
      .arguments = layer_arguments }
#define NEW(format)                                                          \
    "x, filters, output_shape, strides, padding='SAME', "                    \
    "data_format=" format ", dilations=None, name=None"
#define OLD(format)                                                          \
    "x, filter=None, output_shape=None, strides=None, padding='SAME', "      \
    "data_format=" format ", name=None, input=None, filters=None, "          \
    "dilations=None"
#define ROW(version, word, text, read)                                       \
    { .dialect = version, .name = "tf.nn." word, .signature = text,          \
      .from_call = read, .form = CVYI_FORM_FUNCTION,                         \
      .arguments = arguments }

const cvyi_spelling cvyi_conv_transpose_tf[] = {
    ROW("tf2", "conv1d_transpose", NEW("'NWC'"), from_1d),
    ROW("tf2", "conv2d_transpose", NEW("'NHWC'"), from_2d),
    ROW("tf2", "conv3d_transpose", NEW("'NDHWC'"), from_3d),
    ROW("tf2", "conv_transpose", NEW("None"), from_any),
    ROW("tf1", "conv1d_transpose", NEW("'NWC'"), from_1d),
    ROW("tf1", "conv2d_transpose", OLD("'NHWC'"), from_v1_2d),
    ROW("tf1", "conv3d_transpose", OLD("'NDHWC'"), from_v1_3d),
    ROW("tf1", "conv_transpose", NEW("None"), from_any),
    LAYER("2", "(1, 1)"),
    LAYER("3", "(1, 1, 1)"),
    { 0 }
};
/* clang-format on */
