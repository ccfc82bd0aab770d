/*
 * layer/adaptive_pool/keras.c - Keras' words for adaptive pools.
 *
 * Where the outputs divide a length that is known the windows are all alike,
 * and a plain pool says them, which every Keras has.
 */
#include "layer/adaptive.h"
#include "layer/keras.h"

#include <string.h>

/* ---- reading ---- */

static cvy_status read_sizes(int64_t *out, int n, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const size = cvyi_arg(call, "output_size");
    const bool list = size->kind == CVYI_LIST;
    /* A function does not look at what is too much. */
    const bool longer = list && call->n_spatial == 0 && size->n > n;
    bool good = !list || size->n == n;

    for (int i = 0; good && i < n; i++) {
        const cvyi_value *const value = list ? &size->items[i] : size;

        good = value->kind == CVYI_INT && cvyi_as_int(&out[i], value) &&
               out[i] >= 1;
    }
    if (good)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       longer ? CVYI_NOT_SUPPORTED : CVYI_ILLEGAL_IN_SOURCE,
                       "output_size", "correct this argument in the source",
                       "output_size must be an integer >= 1 or a tuple of %d",
                       n);
}

/* Unlike other layers these do not lower the case of the word. */
static cvy_status read_axes(cvyi_axes *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "data_format");

    if (cvyi_is_none(value) || cvyi_is_text(value, "channels_last"))
        *out = CVYI_AXES_LAST;
    else if (cvyi_is_text(value, "channels_first"))
        *out = CVYI_AXES_FIRST;
    else
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "data_format",
                           "correct this argument in the source",
                           "data_format must be 'channels_last' or "
                           "'channels_first'");
    return CVY_OK;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            const char *kind, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    const int n = call->n_spatial > 0 ? call->n_spatial : rank - 2;
    int64_t sizes[CVYI_MAX_SPATIAL];
    cvyi_axes axes;

    if (n < 1 || n > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "x",
                           "give it an input of that rank",
                           "it needs an input of 3, 4 or 5 axes, got %d",
                           rank);
    CVYI_TRY(read_axes(&axes, out, call, err));
    CVYI_TRY(cvyi_keras_input(NULL, out, call, n + 2, axes, err));
    CVYI_TRY(read_sizes(sizes, n, out, call, err));
    return cvyi_adaptive_pool_add(out, call, kind, axes, sizes, n, err);
}

static cvy_status from_average(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return from_call(out, call, "average", err);
}

static cvy_status from_max(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return from_call(out, call, "max", err);
}

/* ---- writing ---- */

static bool is_max(const cvyi_saying *what)
{
    return cvyi_attr_is(what->attrs, "kind", "max");
}

/* Channels last, and this kind; the row of the other kind says why not. */
static cvy_status check(cvyi_said *out, const cvyi_saying *what, bool max,
                        cvy_error *err)
{
    if (is_max(what) != max)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another pool");
    if (what->axes == CVYI_AXES_LAST)
        return CVY_OK;
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "data_format", "put channels last before this layer",
                       "Keras' pools have their channels last here");
}

/* Windows of one length side by side, if every axis has them. */
static bool find_windows(int64_t *taps, const cvyi_saying *what)
{
    int n;
    const int64_t *const sizes = cvyi_attr_ints(what->attrs, "sizes", &n);

    for (int i = 0; i < n; i++) {
        int64_t length;

        taps[i] = 1;
        if (sizes[i] == 0)
            continue;
        if (!cvyi_size_constant(&length, what->in[0].dims[1 + i]) ||
            length % sizes[i] != 0)
            return false;
        taps[i] = length / sizes[i];
    }
    return true;
}

static cvy_status say_windows(cvyi_said *out, const cvyi_saying *what,
                              const int64_t *taps, cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    cvyi_attrs *const pool = cvyi_said_means(out, "pool", n);

    cvyi_set_word(pool, "kind", is_max(what) ? "max" : "average");
    cvyi_set_ints(pool, "taps", taps, n);
    cvyi_set_ints(pool, "stride", taps, n);
    cvyi_code_begin(out, "layers.%sPooling%dD",
                    is_max(what) ? "Max" : "Average", n);
    cvyi_code_ints(out, NULL, taps, n);
    cvyi_code_end(out);
    out->comment = "windows of one length for this input";
    return cvyi_text_status(&out->code, err);
}

/* A number for every axis: Keras keeps none. */
static cvy_status find_sizes(int64_t *sizes, cvyi_said *out,
                             const cvyi_saying *what, cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    int64_t last;

    memcpy(sizes, cvyi_attr_ints(what->attrs, "sizes", NULL),
           (size_t)n * sizeof *sizes);
    for (int i = 0; i < n; i++)
        if (sizes[i] == 0 &&
            !cvyi_size_constant(&sizes[i], what->in[0].dims[1 + i]))
            return cvyi_refuse(&out->refusal, what->arena, err,
                               CVYI_NO_COUNTERPART, "output_size",
                               "give the input a known size",
                               "Keras needs a number of outputs for every "
                               "axis, and one that is kept has an unknown "
                               "size");
    if (is_max(what) &&
        (sizes[n - 1] == 1 ||
         (cvyi_size_constant(&last, what->in[0].dims[n]) && last == 1)))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "output_size",
                           "ask for a global maximum, or for more outputs",
                           "Keras' adaptive maximum over TensorFlow crashes "
                           "where the last axis has one element or one "
                           "output");
    return CVY_OK;
}

static cvy_status say(cvyi_said *out, const cvyi_saying *what,
                      const char *name, cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    int64_t sizes[CVYI_MAX_SPATIAL];

    CVYI_TRY(find_sizes(sizes, out, what, err));
    cvyi_text_put(&out->code, name);
    if (out->form == CVYI_FORM_MODULE)
        cvyi_text_printf(&out->code, "%dD", n);
    cvyi_code_begin(out, "%s", "");
    if (out->form == CVYI_FORM_FUNCTION)
        cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_ints(out, NULL, sizes, n);
    cvyi_code_end(out);
    if (memcmp(sizes, cvyi_attr_ints(what->attrs, "sizes", NULL),
               (size_t)n * sizeof *sizes) != 0) {
        cvyi_attrs *const read = cvyi_said_means(out, "adaptive_pool", n);

        *read = *what->attrs;
        cvyi_set_ints(read, "sizes", sizes, n);
    }
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what, bool max,
                           const char *name, cvy_error *err)
{
    int64_t taps[CVYI_MAX_SPATIAL];

    CVYI_TRY(check(out, what, max, err));
    if (find_windows(taps, what))
        return say_windows(out, what, taps, err);
    return say(out, what, name, err);
}

static cvy_status to_average_layer(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err)
{
    return to_layer(out, what, false, "layers.AdaptiveAveragePooling", err);
}

static cvy_status to_max_layer(cvyi_said *out, const cvyi_saying *what,
                               cvy_error *err)
{
    return to_layer(out, what, true, "layers.AdaptiveMaxPooling", err);
}

static cvy_status to_average_op(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    CVYI_TRY(check(out, what, false, err));
    return say(out, what, "ops.adaptive_average_pool", err);
}

static cvy_status to_max_op(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    CVYI_TRY(check(out, what, true, err));
    return say(out, what, "ops.adaptive_max_pool", err);
}

/* One output or all along each axis: a reduction that keeps its axes. */
static cvy_status to_reduction(cvyi_said *out, const cvyi_saying *what,
                               bool max, cvy_error *err)
{
    int n, n_dims = 0;
    const int64_t *const sizes = cvyi_attr_ints(what->attrs, "sizes", &n);
    int64_t dims[CVYI_MAX_SPATIAL];

    CVYI_TRY(check(out, what, max, err));
    for (int i = 0; i < n; i++) {
        if (sizes[i] > 1)
            return cvyi_fail(err, CVY_UNSUPPORTED, "this is no reduction");
        if (sizes[i] == 1)
            dims[n_dims++] = 1 + i;
    }
    cvyi_code_begin(out, "ops.%s", max ? "max" : "mean");
    cvyi_code_raw(out, NULL, "{0}");
    if (n_dims == 1)
        cvyi_code_int(out, "axis", dims[0]);
    else
        cvyi_code_tuple(out, "axis", dims, n_dims);
    cvyi_code_bool(out, "keepdims", true);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_mean(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return to_reduction(out, what, false, err);
}

static cvy_status to_max(cvyi_said *out, const cvyi_saying *what,
                         cvy_error *err)
{
    return to_reduction(out, what, true, err);
}

/* ---- the table ---- */

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "output_size", "sizes", NULL },
    { "data_format", "axes",  NULL },
    { 0 }
};

#define LAYER(word, from, to)                                           \
    { .dialect = "keras3", .name = "keras.layers." word "%dD",          \
      .ranks = "123", .since = "3.15",                                  \
      .signature = "output_size, data_format=None, **kwargs",           \
      .from_call = from, .form = CVYI_FORM_MODULE, .to_call = to,       \
      .arguments = arguments }
#define FUNCTION(word, from, to)                                        \
    { .dialect = "keras3", .name = "keras.ops." word, .since = "3.15",  \
      .signature = "x, output_size, data_format=None",                  \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to,     \
      .arguments = arguments }

const cvyi_spelling cvyi_adaptive_pool_keras[] = {
    LAYER("AdaptiveAveragePooling", from_average, to_average_layer),
    LAYER("AdaptiveMaxPooling",     from_max,     to_max_layer),
    { .dialect = "keras3", .name = "keras.ops.mean",
      .form = CVYI_FORM_FUNCTION, .to_call = to_mean },
    { .dialect = "keras3", .name = "keras.ops.max",
      .form = CVYI_FORM_FUNCTION, .to_call = to_max },
    FUNCTION("adaptive_average_pool", from_average, to_average_op),
    FUNCTION("adaptive_max_pool",     from_max,     to_max_op),
    { 0 }
};
/* clang-format on */
