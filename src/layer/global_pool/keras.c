/* layer/global_pool/keras.c - Keras' words for one number a channel. */
#include "layer/adaptive.h"
#include "layer/keras.h"

/* ---- reading ---- */

/* As Python's if: anything but None, False and 0. */
static cvy_status read_keep(bool *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "keepdims");
    double number;

    if (value->kind == CVYI_BOOL)
        *out = value->truth;
    else if (cvyi_is_none(value))
        *out = false;
    else if (cvyi_as_double(&number, value))
        *out = number != 0;
    else
        return cvyi_arg_bool(out, phrase, call, "keepdims", err);
    return CVY_OK;
}

static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             const char *kind, cvy_error *err)
{
    cvyi_axes axes;
    bool keep;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    CVYI_TRY(read_keep(&keep, out, call, err));
    CVYI_TRY(
        cvyi_keras_input(NULL, out, call, call->n_spatial + 2, axes, err));

    cvyi_step *const step = cvyi_phrase_add(out, call, "global_pool");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    cvyi_set_word(&step->attrs, "kind", kind);
    cvyi_set_int(&step->attrs, "keepdims", keep);
    return CVY_OK;
}

static cvy_status from_max(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return from_layer(out, call, "max", err);
}

static cvy_status from_average(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return from_layer(out, call, "average", err);
}

/* ops.mean(x, axis=(1, 2)) */
static cvy_status from_reduction(cvyi_phrase *out, const cvyi_bound *call,
                                 const char *kind, cvy_error *err)
{
    bool reduced[CVYI_MAX_DIMS];
    bool keep;

    if (call->n_in != 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "x",
                           "correct this call in the source",
                           "it takes one tensor, not %d", call->n_in);
    CVYI_TRY(read_keep(&keep, out, call, err));
    CVYI_TRY(cvyi_reduced_axes(reduced, out, call, "axis", err));
    return cvyi_reduction_add(out, call, kind, reduced, keep, "axis", err);
}

static cvy_status from_mean(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return from_reduction(out, call, "average", err);
}

static cvy_status from_amax(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return from_reduction(out, call, "max", err);
}

static cvy_status from_maximum(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "initial",
                                    "leave this argument out", err));
    return from_reduction(out, call, "max", err);
}

/* ---- writing ---- */

static cvy_status say_layer(cvyi_said *out, const cvyi_saying *what, bool max,
                            cvy_error *err)
{
    const int n = what->in[0].rank - 2;

    if (cvyi_attr_is(what->attrs, "kind", "max") != max)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another pool");
    if (n > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "", "merge some of the axes",
                           "Keras' global pools have up to %d axes behind "
                           "batch and channels",
                           CVYI_MAX_SPATIAL);
    cvyi_code_begin(out, "layers.Global%sPooling%dD", max ? "Max" : "Average",
                    n);
    if (what->axes == CVYI_AXES_FIRST)
        cvyi_code_word(out, "data_format", "channels_first");
    if (cvyi_attr_bool(what->attrs, "keepdims"))
        cvyi_code_bool(out, "keepdims", true);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

static cvy_status say_function(cvyi_said *out, const cvyi_saying *what,
                               bool max, cvy_error *err)
{
    const int first = what->axes == CVYI_AXES_LAST ? 1 : 2;
    const int n = what->in[0].rank - 2;
    int64_t axes[CVYI_MAX_DIMS];

    if (cvyi_attr_is(what->attrs, "kind", "max") != max)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another pool");
    for (int i = 0; i < n; i++)
        axes[i] = first + i;
    cvyi_code_begin(out, "ops.%s", max ? "max" : "mean");
    cvyi_code_raw(out, NULL, "{0}");
    if (n == 1)
        cvyi_code_int(out, "axis", axes[0]);
    else
        cvyi_code_tuple(out, "axis", axes, n);
    if (cvyi_attr_bool(what->attrs, "keepdims"))
        cvyi_code_bool(out, "keepdims", true);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

#define SAY(function, say, max)                                         \
    static cvy_status function(cvyi_said *out, const cvyi_saying *what, \
                               cvy_error *err)                          \
    {                                                                   \
        return say(out, what, max, err);                                \
    }

SAY(to_max_layer, say_layer, true)
SAY(to_average_layer, say_layer, false)
SAY(to_max, say_function, true)
SAY(to_mean, say_function, false)

/* ---- the table ---- */

/* clang-format off */
static const cvyi_argument layer_arguments[] = {
    { "data_format", "axes",     NULL },
    { "keepdims",    "keepdims", NULL },
    { 0 }
};
static const cvyi_argument function_arguments[] = {
    { "axis",     "reduced axes", NULL },
    { "keepdims", "keepdims",     NULL },
    { 0 }
};

#define ROW(world, word, axes, text, from, to)                      \
    { .dialect = world, .name = "keras.layers." word "%dD",         \
      .ranks = axes, .signature = text ", **kwargs",                \
      .from_call = from, .form = CVYI_FORM_MODULE, .to_call = to,   \
      .arguments = layer_arguments }
#define KEEP ", keepdims=False"
#define KERAS3(word, from, to)                                      \
    ROW("keras3", word, "123", "data_format=None" KEEP, from, to)
/* The means over one axis pass keepdims on as a keyword. */
#define KERAS2(word, from, star)                                    \
    ROW("keras2", word, "1", "data_format='channels_last'" star     \
        KEEP, from, NULL),                                          \
    ROW("keras2", word, "23", "data_format=None" KEEP, from, NULL)
#define FUNCTION(word, text, from, to)                              \
    { .dialect = "keras3", .name = "keras.ops." word,               \
      .signature = "x, axis=None" KEEP text,                        \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to, \
      .arguments = function_arguments }

const cvyi_spelling cvyi_global_pool_keras[] = {
    KERAS3("GlobalMaxPooling",     from_max,     to_max_layer),
    KERAS3("GlobalMaxPool",        from_max,     NULL),
    KERAS3("GlobalAveragePooling", from_average, to_average_layer),
    KERAS3("GlobalAvgPool",        from_average, NULL),
    FUNCTION("mean", "",               from_mean,    to_mean),
    FUNCTION("max",  ", initial=None", from_maximum, to_max),
    FUNCTION("amax", "",               from_amax,    NULL),
    KERAS2("GlobalMaxPooling",     from_max,     ""),
    KERAS2("GlobalMaxPool",        from_max,     ""),
    KERAS2("GlobalAveragePooling", from_average, ", *"),
    KERAS2("GlobalAvgPool",        from_average, ", *"),
    { 0 }
};
/* clang-format on */
