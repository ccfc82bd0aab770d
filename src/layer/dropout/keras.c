/* layer/dropout/keras.c - Keras' words for noise of training. */
#include "layer/torch.h"

#include <string.h>

/* ---- reading ---- */

static bool any(const int64_t *marks, int n)
{
    for (int i = 0; i < n; i++)
        if (marks[i] != 0)
            return true;
    return false;
}

/* A rate out of 0 to 1 is refused by Keras 3 and, of zeros, by Keras 2; the
 * others have no meaning. */
static cvy_status arg_rate(double *out, cvyi_phrase *phrase,
                           const cvyi_bound *call, const char *name,
                           const char *noise, cvy_error *err)
{
    const bool old = strcmp(call->spelling->dialect, "keras2") == 0;
    const bool most = strcmp(noise, "sum") == 0 && old;
    double rate;

    CVYI_TRY(cvyi_arg_double(&rate, phrase, call, name, err));
    if (!(rate >= 0) || (rate > 1 && !most))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           old && strcmp(noise, "zeros") != 0
                               ? CVYI_NOT_SUPPORTED
                               : CVYI_ILLEGAL_IN_SOURCE,
                           name, "correct this argument in the source",
                           "%s must be between 0 and 1, not %g", name, rate);
    *out = rate;
    return CVY_OK;
}

static cvy_status add_noise(cvyi_phrase *out, const cvyi_bound *call,
                            const char *rate, const char *noise,
                            const int64_t *shared, cvy_error *err)
{
    const int rank = call->in[0].rank;
    cvyi_step *step;
    double value;

    CVYI_TRY(arg_rate(&value, out, call, rate, noise, err));
    step = cvyi_phrase_add(out, call, "dropout");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_real(&step->attrs, "rate", value);
    cvyi_set_word(&step->attrs, "noise", noise);
    if (any(shared, rank))
        cvyi_set_ints(&step->attrs, "shared", shared, rank);
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], "seed") == 0 &&
            !cvyi_is_none(call->values[i]))
            cvyi_phrase_remark(out, "the seed is not carried over: torch "
                                    "draws other numbers in training");
    return CVY_OK;
}

static cvy_status add_dropout(cvyi_phrase *out, const cvyi_bound *call,
                              const int64_t *shared, cvy_error *err)
{
    return add_noise(out, call, "rate", "zeros", shared, err);
}

/* noise_shape says for each axis None or its length (a choice for each place)
 * or 1 (one choice for all places). */
static cvy_status arg_noise_shape(int64_t *shared, cvyi_phrase *out,
                                  const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const shape = cvyi_arg(call, "noise_shape");
    const cvyi_type *const in = &call->in[0];

    if (cvyi_is_none(shape))
        return CVY_OK;
    for (int i = 0; i < in->rank; i++) {
        const bool fits = shape->kind == CVYI_LIST && shape->n == in->rank;
        int64_t wanted = 0, length = 0;
        const bool known = cvyi_size_constant(&length, in->dims[i]);

        if (fits && cvyi_is_none(&shape->items[i]))
            continue;
        if (!fits || !cvyi_as_int(&wanted, &shape->items[i]) ||
            (wanted != 1 && !(known && wanted == length)))
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "noise_shape",
                               "say None or 1 for each axis of the input",
                               "noise_shape must have None, 1 or the axis' "
                               "length for each of %d axes",
                               in->rank);
        shared[i] = wanted == 1 && !(known && length == 1);
    }
    return CVY_OK;
}

static cvy_status from_shape(cvyi_phrase *out, const cvyi_bound *call,
                             const char *noise, cvy_error *err)
{
    const cvyi_value *const shape = cvyi_arg(call, "noise_shape");
    int64_t shared[CVYI_MAX_DIMS] = { 0 };

    if (strcmp(call->spelling->dialect, "keras3") == 0 &&
        !cvyi_is_none(shape) && shape->kind != CVYI_LIST)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "noise_shape",
                           "say None or 1 for each axis of the input",
                           "noise_shape must be a list of integers");
    CVYI_TRY(arg_noise_shape(shared, out, call, err));
    return add_noise(out, call, "rate", noise, shared, err);
}

static cvy_status from_dropout(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return from_shape(out, call, "zeros", err);
}

static cvy_status from_alpha(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return from_shape(out, call, "alpha", err);
}

static cvy_status from_product(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    const int64_t shared[CVYI_MAX_DIMS] = { 0 };

    return add_noise(out, call, "rate", "product", shared, err);
}

static cvy_status from_sum(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    const int64_t shared[CVYI_MAX_DIMS] = { 0 };

    return add_noise(out, call, "stddev", "sum", shared, err);
}

/* Whole samples are dropped. */
static cvy_status from_depth(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    int64_t shared[CVYI_MAX_DIMS] = { 0 };

    for (int i = 1; i < call->in[0].rank; i++)
        shared[i] = 1;
    return add_noise(out, call, "drop_path_rate", "zeros", shared, err);
}

static cvy_status check_rank(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    if (call->in[0].rank == call->n_spatial + 2)
        return CVY_OK;
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       "", "use the layer for this number of axes",
                       "SpatialDropout%dD of an input of %d axes",
                       call->n_spatial, call->in[0].rank);
}

/* Whole channels are dropped: one choice for all places of a channel. */
static cvy_status drop_channels(cvyi_phrase *out, const cvyi_bound *call,
                                cvyi_axes axes, cvy_error *err)
{
    int64_t shared[CVYI_MAX_DIMS] = { 0 };

    CVYI_TRY(check_rank(out, call, err));
    for (int i = 0; i < call->n_spatial; i++)
        shared[axes == CVYI_AXES_FIRST ? i + 2 : i + 1] = 1;
    return add_dropout(out, call, shared, err);
}

static cvy_status from_spatial_1d(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    return drop_channels(out, call, CVYI_AXES_LAST, err);
}

static cvy_status from_spatial(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    return drop_channels(out, call, axes, err);
}

/* ---- writing ---- */

/* Every spatial axis is shared, and no other. */
static bool shares_places(const cvyi_saying *what)
{
    const int rank = what->in[0].rank;
    const int channel = what->axes == CVYI_AXES_LAST ? rank - 1 : 1;
    int n;
    const int64_t *const shared = cvyi_attr_ints(what->attrs, "shared", &n);

    for (int i = 0; i < rank; i++)
        if ((i < n && shared[i] != 0) != (i > 0 && i != channel))
            return false;
    return rank >= 3 && rank <= 5;
}

/* The marks as they are read back: none, or one for each axis. Unless whole
 * channels are dropped, an axis of one element has nothing to share. */
static void means(cvyi_said *out, const cvyi_saying *what, bool whole)
{
    const int rank = what->in[0].rank;
    int64_t marks[CVYI_MAX_DIMS] = { 0 };
    cvyi_attrs read = *what->attrs;
    int n;
    const int64_t *const shared = cvyi_attr_ints(what->attrs, "shared", &n);

    for (int i = 0; i < n && i < rank; i++) {
        int64_t length = 0;

        cvyi_size_constant(&length, what->in[0].dims[i]);
        marks[i] = shared[i] != 0 && (whole || length != 1);
    }
    cvyi_set_ints(&read, "shared", marks, any(marks, rank) ? rank : 0);
    cvyi_torch_means(out, what, &read);
}

static cvy_status say(cvyi_said *out, const cvyi_saying *what,
                      const char *name, const char *noise, cvy_error *err)
{
    const double rate = cvyi_attr_real(what->attrs, "rate");
    const bool shapeless =
        strcmp(noise, "product") == 0 || strcmp(noise, "sum") == 0;
    int n;
    const int64_t *const shared = cvyi_attr_ints(what->attrs, "shared", &n);

    if (!cvyi_attr_is(what->attrs, "noise", noise) || rate > 1 ||
        (shapeless && any(shared, n)))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "leave it out of the model that is ported: it "
                           "does nothing at inference",
                           "Keras has no such noise of training");
    cvyi_code_begin(out, "%s", name);
    cvyi_code_double(out, NULL, rate);
    if (any(shared, n)) {
        cvyi_code_raw(out, "noise_shape", "(");
        for (int i = 0; i < what->in[0].rank; i++)
            cvyi_text_printf(&out->code, "%s%s", i > 0 ? ", " : "",
                             i < n && shared[i] != 0 ? "1" : "None");
        cvyi_text_put(&out->code, what->in[0].rank > 1 ? ")" : ",)");
    }
    cvyi_code_end(out);
    means(out, what, false);
    return CVY_OK;
}

static cvy_status to_spatial(cvyi_said *out, const cvyi_saying *what,
                             cvy_error *err)
{
    const int n_spatial = what->in[0].rank - 2;

    if (!cvyi_attr_is(what->attrs, "noise", "zeros") || !shares_places(what) ||
        strchr(out->spelling->ranks, '0' + n_spatial) == NULL ||
        (what->axes == CVYI_AXES_FIRST && n_spatial == 1))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "", "write it as Dropout",
                           "SpatialDropout drops whole channels");
    cvyi_code_begin(out, "layers.SpatialDropout%dD", n_spatial);
    cvyi_code_double(out, NULL, cvyi_attr_real(what->attrs, "rate"));
    if (what->axes == CVYI_AXES_FIRST)
        cvyi_code_word(out, "data_format", "channels_first");
    cvyi_code_end(out);
    means(out, what, true);
    return CVY_OK;
}

#define SAY(to, name, noise)                                      \
    static cvy_status to(cvyi_said *out, const cvyi_saying *what, \
                         cvy_error *err)                          \
    {                                                             \
        return say(out, what, "layers." name, noise, err);        \
    }
SAY(to_dropout, "Dropout", "zeros")
SAY(to_alpha, "AlphaDropout", "alpha")
SAY(to_product, "GaussianDropout", "product")
SAY(to_sum, "GaussianNoise", "sum")

/* ---- the table ---- */

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "rate", "rate", NULL },
    { "noise_shape", "shared", "1 on axes that share their choice" },
    { "data_format", "axes", NULL },
    { 0 }
};
static const cvyi_argument depth_arguments[] = {
    { "drop_path_rate", "rate", "of whole samples" }, { 0 }
};
static const cvyi_argument sum_arguments[] = {
    { "stddev", "rate", "a standard deviation" }, { 0 }
};

#define ROW(version, text, digits, made, from, to, table)            \
    {                                                                \
        .dialect = version, .name = "keras.layers." text,            \
        .ranks = digits, .signature = made, .from_call = from,       \
        .form = CVYI_FORM_MODULE, .to_call = to, .arguments = table  \
    }
#define BOTH(text, made, from, to, table)                     \
    ROW("keras3", text, NULL, made, from, to, table),         \
    ROW("keras2", text, NULL, made, from, NULL, table)
#define DEPTH(version)                                                     \
    { .dialect = version,                                                  \
      .name = "keras.src.applications.convnext.StochasticDepth",           \
      .signature = "drop_path_rate", .from_call = from_depth,    \
      .form = CVYI_FORM_MODULE, .arguments = depth_arguments }
#define SHAPED "rate, noise_shape=None, seed=None, **kwargs"
#define SPATIAL "SpatialDropout%dD"
/* Keras 2 passes them on to Dropout, and takes no notice of the shape. */
#define PASSED_ON "*, noise_shape=None, seed=None, **kwargs"

const cvyi_spelling cvyi_dropout_keras[] = {
    ROW("keras3", SPATIAL, "1", "rate, seed=None, name=None, dtype=None",
        from_spatial_1d, to_spatial, arguments),
    ROW("keras3", SPATIAL, "23",
        "rate, data_format=None, seed=None, name=None, dtype=None",
        from_spatial, to_spatial, arguments),
    ROW("keras2", SPATIAL, "1", "rate, " PASSED_ON, from_spatial_1d, NULL,
        arguments),
    ROW("keras2", SPATIAL, "23", "rate, data_format=None, " PASSED_ON,
        from_spatial, NULL, arguments),
    BOTH("Dropout", SHAPED, from_dropout, to_dropout, arguments),
    BOTH("AlphaDropout", SHAPED, from_alpha, to_alpha, arguments),
    BOTH("GaussianDropout", "rate, seed=None, **kwargs", from_product,
         to_product, arguments),
    BOTH("GaussianNoise", "stddev, seed=None, **kwargs", from_sum, to_sum,
         sum_arguments),
    DEPTH("keras3"),
    DEPTH("keras2"),
    { 0 }
};
/* clang-format on */
