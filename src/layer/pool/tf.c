/* layer/pool/tf.c - TensorFlow's functions for pools. */
#include "layer/keras.h"
#include "layer/pool/words.h"

#include <string.h>

static cvy_status refuse(cvyi_phrase *phrase, const cvyi_bound *call,
                         const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, name,
                       "correct this argument in the source", "%s", reason);
}

/* As TensorFlow reads numbers here: fractions fall away. */
static bool as_number(int64_t *out, const cvyi_value *value)
{
    if (value->kind == CVYI_BOOL)
        *out = value->truth;
    else if (value->kind == CVYI_FLOAT && value->real > -1e15 &&
             value->real < 1e15)
        *out = (int64_t)value->real;
    else
        return cvyi_as_int(out, value);
    return true;
}

/* data_format: a word with N, C and one letter an axis, or None. */
static cvy_status read_axes(cvyi_axes *out, int n, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    static const char *const words[][2] = { { "NWC", "NCW" },
                                            { "NHWC", "NCHW" },
                                            { "NDHWC", "NCDHW" } };
    const cvyi_value *const value = cvyi_arg(call, "data_format");

    if (cvyi_is_none(value) || cvyi_is_text(value, words[n - 1][0]))
        *out = CVYI_AXES_LAST;
    else if (cvyi_is_text(value, words[n - 1][1]))
        *out = CVYI_AXES_FIRST;
    else
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "data_format",
                           "correct this argument in the source",
                           "data_format must be '%s' or '%s'", words[n - 1][0],
                           words[n - 1][1]);
    return CVY_OK;
}

/* A number, or a list of one, of n, or of one for every axis of the tensor;
 * then batch and channels have 1. None is 1. */
static cvy_status read_numbers(int64_t *out, const cvyi_pool_call *pool,
                               cvyi_phrase *phrase, const cvyi_bound *call,
                               const char *name, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const bool list = value->kind == CVYI_LIST;
    const int n = pool->n;
    const bool whole = list && value->n == n + 2;
    const int first = whole ? pool->axes == CVYI_AXES_FIRST ? 2 : 1 : 0;
    bool good = !list || value->n == 1 || value->n == n || whole;
    const int channels = pool->axes == CVYI_AXES_FIRST ? 1 : n + 1;
    bool ignored = false; /* TensorFlow takes it and does not look at it */

    for (int i = 0; i < n; i++)
        out[i] = 1;
    if (cvyi_is_none(value))
        return CVY_OK;
    for (int i = 0; good && i < n; i++) {
        const int at = list && value->n > 1 ? first + i : 0;

        good = as_number(&out[i], list ? &value->items[at] : value) &&
               out[i] >= 1;
    }
    for (int i = 0; good && whole && i < n + 2; i++) {
        int64_t number = 1;

        good = (i >= first && i < first + n) ||
               (as_number(&number, &value->items[i]) && number == 1);
        ignored = !good && number > 1 &&
                  (n == 1 ||
                   (n == 2 && i == channels && strcmp(name, "strides") == 0));
    }
    if (good)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       ignored ? CVYI_NOT_SUPPORTED : CVYI_ILLEGAL_IN_SOURCE,
                       name, "correct this argument in the source",
                       "%s must be a number >= 1, or a list of 1, %d or %d "
                       "with 1 for batch and channels",
                       name, n, n + 2);
}

/* [[0, 0], [before, after], ..., [0, 0]] */
static bool read_pairs(cvyi_pool_call *pool, const cvyi_value *value)
{
    const int first = pool->axes == CVYI_AXES_FIRST ? 2 : 1;

    if (value->n != pool->n + 2)
        return false;
    for (int i = 0; i < value->n; i++) {
        const cvyi_value *const pair = &value->items[i];
        const int axis = i - first;
        int64_t before, after;

        if (pair->kind != CVYI_LIST || pair->n != 2 ||
            !cvyi_as_int(&before, &pair->items[0]) ||
            !cvyi_as_int(&after, &pair->items[1]) || before < 0 || after < 0)
            return false;
        if (axis < 0 || axis >= pool->n) {
            if (before != 0 || after != 0)
                return false;
            continue;
        }
        if (before >= pool->taps[axis] || after >= pool->taps[axis])
            return false;
        pool->border.before[axis] = before;
        pool->border.after[axis] = after;
    }
    return true;
}

/* Upper-case words; maxima over up to `most` axes also take amounts. */
static cvy_status read_padding(cvyi_pool_call *pool, int most,
                               cvyi_phrase *phrase, const cvyi_bound *call,
                               cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "padding");
    const bool amounts = strcmp(pool->kind, "max") == 0 && pool->n <= most;

    pool->border = (cvyi_border){ 0 };
    if (cvyi_is_text(value, "SAME"))
        pool->border.rule = CVYI_BORDER_SAME;
    else if (value->kind == CVYI_LIST && amounts) {
        if (!read_pairs(pool, value))
            return refuse(phrase, call, "padding",
                          "padding must be a pair for every axis of the "
                          "tensor, of numbers below the window's, and 0 for "
                          "batch and channels",
                          err);
    } else if (!cvyi_is_text(value, "VALID")) {
        return refuse(phrase, call, "padding",
                      amounts ? "padding must be 'SAME', 'VALID' or a list of "
                                "pairs"
                              : "padding must be 'SAME' or 'VALID' here",
                      err);
    }
    return CVY_OK;
}

/* The input, and how many axes its windows have. */
static cvy_status open_call(cvyi_pool_call *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, const char *kind, int n,
                            cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;

    *out = (cvyi_pool_call){ .kind = kind,
                             .n = n > 0 ? n : rank - 2,
                             .dilation = { 1, 1, 1 } };
    if (out->n < 1 || out->n > 3)
        return refuse(phrase, call, "x", "it needs an input of 3, 4 or 5 axes",
                      err);
    CVYI_TRY(read_axes(&out->axes, out->n, phrase, call, err));
    return cvyi_keras_input(NULL, phrase, call, out->n + 2, out->axes, err);
}

static cvy_status from_pool(cvyi_phrase *out, const cvyi_bound *call,
                            const char *kind, int n, cvy_error *err)
{
    cvyi_pool_call pool;

    CVYI_TRY(open_call(&pool, out, call, kind, n, err));
    CVYI_TRY(read_numbers(pool.taps, &pool, out, call, "ksize", err));
    CVYI_TRY(read_numbers(pool.stride, &pool, out, call, "strides", err));
    CVYI_TRY(read_padding(&pool, 2, out, call, err));
    return cvyi_pool_add(out, call, &pool, "ksize", err);
}

static cvy_status from_max(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return from_pool(out, call, "max", call->n_spatial, err);
}

static cvy_status from_average(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return from_pool(out, call, "average", call->n_spatial, err);
}

/* Names without a number that were there before those with one. */
static cvy_status from_max_2d(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return from_pool(out, call, "max", 2, err);
}

static cvy_status from_average_2d(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    return from_pool(out, call, "average", 2, err);
}

/* ---- tf.nn.pool: lists alone, and windows with gaps ---- */

static cvy_status read_list(int64_t *out, int n, bool optional,
                            cvyi_phrase *phrase, const cvyi_bound *call,
                            const char *name, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    bool good = value->kind == CVYI_LIST && value->n == n;

    for (int i = 0; i < n; i++)
        out[i] = 1;
    if (optional && cvyi_is_none(value))
        return CVY_OK;
    for (int i = 0; good && i < n; i++)
        good = cvyi_as_int(&out[i], &value->items[i]) && out[i] >= 1;
    if (good)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, name,
                       "correct this argument in the source",
                       "%s must be a list of %d numbers >= 1", name, n);
}

static int64_t most_of(const int64_t *values, int n)
{
    int64_t most = values[0];

    for (int i = 1; i < n; i++)
        most = values[i] > most ? values[i] : most;
    return most;
}

/* What tf.nn.pool refuses of windows with gaps, and for its strides. */
static cvy_status check_gaps(const cvyi_pool_call *pool, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *dilations,
                             cvy_error *err)
{
    const bool gaps = most_of(pool->dilation, pool->n) > 1;

    for (int i = 0; i < pool->n; i++)
        if (pool->stride[i] > pool->taps[i])
            return refuse(phrase, call, "strides",
                          "tf.nn.pool takes no strides longer than the "
                          "window",
                          err);
    if (gaps && most_of(pool->stride, pool->n) > 1)
        return refuse(phrase, call, dilations,
                      "tf.nn.pool takes no strides together with dilations",
                      err);
    if (gaps && pool->border.rule == CVYI_BORDER_SAME)
        return refuse(phrase, call, dilations,
                      "tf.nn.pool takes no dilations with 'SAME'", err);
    for (int i = 0; gaps && i < pool->n; i++)
        if (pool->border.before[i] > 0 || pool->border.after[i] > 0)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "padding",
                               "pad in a call of its own",
                               "amounts together with dilations are not "
                               "carried over");
    return CVY_OK;
}

/* Version 1 has dilation_rate, and dilations as another name for it. */
static const char *dilations_of(const cvyi_bound *call)
{
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], "dilation_rate") == 0 &&
            cvyi_is_none(cvyi_arg(call, "dilations")))
            return "dilation_rate";
    return "dilations";
}

static cvy_status from_nn_pool(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    const cvyi_value *const type = cvyi_arg(call, "pooling_type");
    const bool max = cvyi_is_text(type, "MAX");
    const char *const dilations = dilations_of(call);
    cvyi_pool_call pool;

    if (!max && !cvyi_is_text(type, "AVG"))
        return refuse(out, call, "pooling_type",
                      "pooling_type must be 'MAX' or 'AVG'", err);
    if (strcmp(call->spelling->dialect, "tf1") == 0 &&
        strcmp(dilations, "dilations") == 0 &&
        !cvyi_is_none(cvyi_arg(call, "dilation_rate")))
        return refuse(out, call, "dilations",
                      "dilations and dilation_rate are one argument", err);
    CVYI_TRY(open_call(&pool, out, call, max ? "max" : "average", 0, err));
    CVYI_TRY(
        read_list(pool.taps, pool.n, false, out, call, "window_shape", err));
    CVYI_TRY(read_list(pool.stride, pool.n, true, out, call, "strides", err));
    CVYI_TRY(
        read_list(pool.dilation, pool.n, true, out, call, dilations, err));
    /* It checks amounts as max_pool2d does, whatever the rank. */
    CVYI_TRY(read_padding(&pool, pool.n == 2 ? 2 : 0, out, call, err));
    CVYI_TRY(check_gaps(&pool, out, call, dilations, err));
    return cvyi_pool_add(out, call, &pool, "window_shape", err);
}

/* ---- the table ---- */

/* clang-format off */
static const cvyi_argument nn_arguments[] = {
    { "ksize",       "taps",   NULL },
    { "strides",     "stride", NULL },
    { "padding",     "border", NULL },
    { "data_format", "axes",   NULL },
    { 0 }
};
static const cvyi_argument layer_arguments[] = {
    { "pool_size",   "taps",   NULL },
    { "strides",     "stride", NULL },
    { "padding",     "border", NULL },
    { "data_format", "axes",   NULL },
    { 0 }
};
static const cvyi_argument pool_arguments[] = {
    { "window_shape",  "taps",     NULL },
    { "pooling_type",  "kind",     NULL },
    { "strides",       "stride",   "1 where nothing is said" },
    { "padding",       "border",   NULL },
    { "dilations",     "dilation", NULL },
    { "dilation_rate", "dilation", NULL },
    { "data_format",   "axes",     NULL },
    { 0 }
};

#define NN(world, word, axes, format, from)                           \
    { .dialect = world, .name = "tf.nn." word, .ranks = axes,         \
      .signature = "x, ksize, strides, padding, data_format="         \
                   format ", name=None",                              \
      .from_call = from, .form = CVYI_FORM_FUNCTION,                  \
      .arguments = nn_arguments }
#define BOTH(word, axes, format, from)                                \
    NN("tf2", word, axes, format, from),                              \
    NN("tf1", word, axes, format, from)

#define LAYER "pool_size, strides, padding='valid', "                 \
              "data_format='channels_last', name=None"
#define LAYERS(function, class, from)                                 \
    { .dialect = "tf1", .name = "tf.layers." function "%dd",          \
      .ranks = "123", .signature = "x, " LAYER,                       \
      .from_call = from, .form = CVYI_FORM_FUNCTION,                  \
      .arguments = layer_arguments },                                 \
    { .dialect = "tf1", .name = "tf.layers." class "%dD",             \
      .ranks = "123", .signature = LAYER ", **kwargs",                \
      .from_call = from, .form = CVYI_FORM_MODULE,                    \
      .arguments = layer_arguments }

const cvyi_spelling cvyi_pool_tf[] = {
    NN("tf2", "max_pool", NULL, "None", from_max),
    NN("tf2", "avg_pool", NULL, "None", from_average),
    NN("tf1", "max_pool", NULL, "'NHWC'", from_max_2d),
    NN("tf1", "avg_pool", NULL, "'NHWC'", from_average_2d),
    NN("tf1", "max_pool_v2", NULL, "None", from_max),
    NN("tf1", "avg_pool_v2", NULL, "None", from_average),
    BOTH("max_pool%dd", "1", "'NWC'",   from_max),
    BOTH("max_pool%dd", "2", "'NHWC'",  from_max),
    BOTH("max_pool%dd", "3", "'NDHWC'", from_max),
    BOTH("avg_pool%dd", "1", "'NWC'",   from_average),
    BOTH("avg_pool%dd", "2", "'NHWC'",  from_average),
    BOTH("avg_pool%dd", "3", "'NDHWC'", from_average),
    { .dialect = "tf2", .name = "tf.nn.pool",
      .signature = "x, window_shape, pooling_type, strides=None, "
                   "padding='VALID', data_format=None, dilations=None, "
                   "name=None",
      .from_call = from_nn_pool, .form = CVYI_FORM_FUNCTION,
      .arguments = pool_arguments },
    { .dialect = "tf1", .name = "tf.nn.pool",
      .signature = "x, window_shape, pooling_type, padding, "
                   "dilation_rate=None, strides=None, name=None, "
                   "data_format=None, dilations=None",
      .from_call = from_nn_pool, .form = CVYI_FORM_FUNCTION,
      .arguments = pool_arguments },
    LAYERS("max_pooling", "MaxPooling", cvyi_pool_keras_max),
    LAYERS("average_pooling", "AveragePooling", cvyi_pool_keras_average),
    { 0 }
};
/* clang-format on */
