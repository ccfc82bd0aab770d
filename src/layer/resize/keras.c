/* layer/resize/keras.c - Keras' words for resizing. */
#include "layer/keras.h"
#include "layer/resize/resize.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* ---- reading ---- */

/* Legal in Keras and not carried over, but for nearest and bilinear. */
static cvy_status read_method(const char **out, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    static const char *const others[] = { "bicubic",  "lanczos3",
                                          "lanczos5", "area",
                                          "gaussian", "mitchellcubic" };
    const bool second = strcmp(call->spelling->dialect, "keras2") == 0;
    const bool layer = call->n_spatial > 0; /* which takes capitals */
    const char *const text = cvyi_as_text(cvyi_arg(call, "interpolation"));
    int (*const compare)(const char *, const char *) =
        layer || second ? strcasecmp : strcmp;

    if (text != NULL && compare(text, "nearest") == 0) {
        *out = "nearest";
        return CVY_OK;
    }
    if (text != NULL && compare(text, "bilinear") == 0) {
        *out = "linear";
        return CVY_OK;
    }
    for (int i = 0; text != NULL && i < (second ? 6 : 4); i++)
        if (compare(text, others[i]) == 0)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "interpolation",
                               "use bilinear; torch's function of that name "
                               "is another",
                               "interpolation '%s' is not carried over",
                               others[i]);
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "interpolation",
                       "correct this argument in the source",
                       "Keras has no such interpolation");
}

/* `words`: the call has an argument interpolation. */
static cvy_status add_factors(cvyi_phrase *out, const cvyi_bound *call,
                              cvyi_axes axes, bool words, cvy_error *err)
{
    const int n = call->n_spatial;
    const char *method = "nearest";
    int64_t factors[CVYI_MAX_SPATIAL];
    double reals[CVYI_MAX_SPATIAL];

    /* tf_keras does not look at the rank there. */
    if (n == 3 && strcmp(call->spelling->dialect, "keras2") == 0 &&
        call->n_in == 1 && call->in[0].rank > n + 2)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "", "give it an input of 5 axes",
                           "it repeats three of %d axes", call->in[0].rank);
    CVYI_TRY(cvyi_keras_input(NULL, out, call, n + 2, axes, err));
    CVYI_TRY(cvyi_arg_per_axis(factors, out, call, "size", 1, err));
    if (words)
        CVYI_TRY(read_method(&method, out, call, err));
    if (strcmp(method, "nearest") == 0)
        method = "repeat";
    for (int i = 0; i < n; i++)
        reals[i] = (double)factors[i];
    return cvyi_resize_add(out, call, axes, method, "half", reals, NULL, n,
                           err);
}

static cvy_status from_upsampling_1d(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    int64_t factor;

    CVYI_TRY(cvyi_arg_int(&factor, out, call, "size", 1, err));
    return add_factors(out, call, CVYI_AXES_LAST, false, err);
}

static cvy_status from_upsampling_2d(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    return add_factors(out, call, axes, true, err);
}

static cvy_status from_upsampling_3d(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    return add_factors(out, call, axes, false, err);
}

/* A row of features becomes n rows: one new axis, repeated. */
static cvy_status from_repeat_vector(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    cvyi_step *step;
    double factor;
    int64_t n;

    CVYI_TRY(cvyi_keras_input(NULL, out, call, 2, CVYI_AXES_LAST, err));
    if (strcmp(call->spelling->dialect, "keras2") == 0 &&
        cvyi_as_int(&n, cvyi_arg(call, "n")) && n == 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "n", "repeat at least once",
                           "values without elements are not carried over");
    CVYI_TRY(cvyi_arg_int(&n, out, call, "n", 1, err));
    step = cvyi_phrase_add(out, call, "expand");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&step->attrs, "rank", 3);
    cvyi_set_int(&step->attrs, "axis", 1);
    factor = (double)n;
    return cvyi_resize_add(out, call, CVYI_AXES_LAST, "repeat", "half",
                           &factor, NULL, 1, err);
}

static bool has_argument(const cvyi_bound *call, const char *name)
{
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], name) == 0)
            return true;
    return false;
}

/* What keeps the aspect, or smoothes; `nearest` does not smooth. */
static cvy_status refuse_extras(cvyi_phrase *out, const cvyi_bound *call,
                                const char *method, cvy_error *err)
{
    static const char *const extras[] = { "crop_to_aspect_ratio",
                                          "pad_to_aspect_ratio" };
    bool crop = false, pad = false, smooth = false;

    if (has_argument(call, "pad_to_aspect_ratio") &&
        cvyi_as_bool(&pad, cvyi_arg(call, "pad_to_aspect_ratio")) && pad &&
        cvyi_as_bool(&crop, cvyi_arg(call, "crop_to_aspect_ratio")) && crop)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "pad_to_aspect_ratio",
                           "correct this argument in the source",
                           "it cannot crop and pad");
    for (int i = 0; i < 2; i++)
        if (has_argument(call, extras[i]))
            CVYI_TRY(cvyi_keras_must_be_off(
                out, call, extras[i],
                "crop or pad in a layer of its own, then resize", err));
    if (has_argument(call, "antialias") &&
        cvyi_as_bool(&smooth, cvyi_arg(call, "antialias")) && smooth &&
        strcmp(method, "nearest") != 0)
        CVYI_TRY(cvyi_keras_must_be_off(out, call, "antialias",
                                        "resize without it", err));
    return CVY_OK;
}

static cvy_status add_sizes(cvyi_phrase *out, const cvyi_bound *call,
                            const int64_t *sizes, cvy_error *err)
{
    const char *method;
    cvyi_axes axes = CVYI_AXES_LAST;

    if (has_argument(call, "data_format"))
        CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    if (has_argument(call, "fill_mode") &&
        !cvyi_is_text(cvyi_arg(call, "fill_mode"), "constant"))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "fill_mode",
                           "correct this argument in the source",
                           "Keras fills with a constant only");
    CVYI_TRY(read_method(&method, out, call, err));
    CVYI_TRY(refuse_extras(out, call, method, err));
    if (call->n_in == 1 && call->in[0].rank == 3)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "", "give the model an input with a batch",
                           "an input of 3 axes is taken as one image");
    CVYI_TRY(cvyi_keras_input(NULL, out, call, 4, axes, err));
    return cvyi_resize_add(out, call, axes, method, "half", NULL, sizes, 2,
                           err);
}

static cvy_status from_resizing(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    int64_t sizes[2];

    CVYI_TRY(cvyi_arg_int(&sizes[0], out, call, "height", 1, err));
    CVYI_TRY(cvyi_arg_int(&sizes[1], out, call, "width", 1, err));
    return add_sizes(out, call, sizes, err);
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    const cvyi_value *const size = cvyi_arg(call, "size");
    int64_t sizes[2];
    bool good = size->kind == CVYI_LIST && size->n == 2;

    for (int i = 0; good && i < 2; i++)
        good = cvyi_as_int(&sizes[i], &size->items[i]) && sizes[i] > 0;
    if (!good)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "size",
                           "give (height, width)",
                           "size must be two integers > 0");
    return add_sizes(out, call, sizes, err);
}

/* ---- writing ---- */

static cvy_status cannot(cvyi_said *out, const cvyi_saying *what,
                         cvy_error *err)
{
    const bool linear = cvyi_attr_is(what->attrs, "method", "linear");

    if (linear && !cvyi_attr_is(what->attrs, "grid", "half"))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "grid",
                           "resize with half-pixel centers "
                           "(align_corners=False in torch)",
                           "Keras resizes with half-pixel centers only");
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "factor",
                       "give the input known sizes, or a whole "
                       "factor",
                       linear ? "Keras has no such resize for these axes and "
                                "sizes"
                              : "Keras takes other elements for some sizes");
}

/* The factors of lengths that nearest elements repeat to. Images have
 * layers.Resizing for these. */
static bool multiples_of(int64_t *out, const cvyi_saying *what)
{
    if (what->attrs->n_spatial == 2 ||
        !cvyi_attr_is(what->attrs, "method", "nearest") ||
        !cvyi_resize_lengths(out, what) || !cvyi_resize_same(what, "half"))
        return false;
    for (int i = 0; i < what->attrs->n_spatial; i++) {
        int64_t n;

        if (!cvyi_size_constant(&n, what->in[0].dims[1 + i]) || n < 1 ||
            out[i] % n != 0)
            return false;
        out[i] /= n;
    }
    return true;
}

static cvy_status means_repeat(cvyi_said *out, const cvyi_saying *what,
                               const int64_t *factors, cvy_error *err)
{
    const int n = what->attrs->n_spatial;
    double *const reals =
        cvyi_arena_alloc(what->arena, (size_t)n, sizeof *reals);
    cvyi_attrs *const read = cvyi_said_means(out, "resize", n);

    if (reals == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        reals[i] = (double)factors[i];
    cvyi_set_word(read, "method", "repeat");
    *cvyi_attr_set(read, "factor") =
        (cvyi_attr_value){ .n = n, .reals = reals };
    return CVY_OK;
}

/* layers.UpSampling2D(2): every element is repeated, or mixed evenly. */
static cvy_status to_upsampling(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    const cvyi_attrs *const a = what->attrs;
    const cvyi_attr_value *const factor = cvyi_attr_at(a, "factor");
    const bool linear = cvyi_attr_is(a, "method", "linear");
    int64_t factors[CVYI_MAX_SPATIAL];
    bool sized;

    if (what->axes != CVYI_AXES_LAST)
        return cannot(out, what, err);
    sized = multiples_of(factors, what);
    if (!sized &&
        (!cvyi_resize_whole(a) || cvyi_attr_is(a, "method", "nearest") ||
         (linear && (a->n_spatial != 2 || !cvyi_attr_is(a, "grid", "half")))))
        return cannot(out, what, err);
    for (int i = 0; !sized && i < a->n_spatial; i++)
        factors[i] = (int64_t)factor->reals[i];
    cvyi_code_begin(out, "layers.UpSampling%dD", a->n_spatial);
    cvyi_code_ints(out, NULL, factors, a->n_spatial);
    if (linear)
        cvyi_code_word(out, "interpolation", "bilinear");
    cvyi_code_end(out);
    return sized ? means_repeat(out, what, factors, err) : CVY_OK;
}

/* What ops.image.resize and Resizing compute, for these sizes. */
static bool lengths_of(int64_t *sizes, const cvyi_saying *what)
{
    return what->axes == CVYI_AXES_LAST &&
           !cvyi_attr_is(what->attrs, "method", "repeat") &&
           cvyi_resize_lengths(sizes, what) && cvyi_resize_same(what, "half");
}

/* Said with lengths, whatever it was, and read back so. */
static void means_sizes(cvyi_said *out, const cvyi_saying *what,
                        const int64_t *sizes)
{
    cvyi_attrs read = *what->attrs;

    cvyi_set_ints(&read, "size", sizes, read.n_spatial);
    cvyi_set_word(&read, "grid", "half");
    cvyi_attr_set(&read, "factor")->n = 0;
    if (!cvyi_attrs_equal(&read, what->attrs, NULL))
        *cvyi_said_means(out, "resize", read.n_spatial) = read;
}

static cvy_status to_resizing(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    int64_t sizes[CVYI_MAX_SPATIAL];

    if (what->attrs->n_spatial != 2 || !lengths_of(sizes, what))
        return cannot(out, what, err);
    cvyi_code_begin(out, "layers.Resizing");
    cvyi_code_int(out, NULL, sizes[0]);
    cvyi_code_int(out, NULL, sizes[1]);
    if (cvyi_attr_is(what->attrs, "method", "nearest"))
        cvyi_code_word(out, "interpolation", "nearest");
    cvyi_code_end(out);
    means_sizes(out, what, sizes);
    return CVY_OK;
}

/* A line is an image of one column. */
static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const bool nearest = cvyi_attr_is(what->attrs, "method", "nearest");
    int64_t sizes[CVYI_MAX_SPATIAL];

    if (what->attrs->n_spatial != 1 || !lengths_of(sizes, what))
        return cannot(out, what, err);
    cvyi_text_printf(&out->code,
                     "ops.squeeze(ops.image.resize(ops.expand_dims({0}, 2), "
                     "(%lld, 1)%s), 2)",
                     (long long)sizes[0],
                     nearest ? ", interpolation=\"nearest\"" : "");
    out->binding = CVYI_BIND_ATOM;
    means_sizes(out, what, sizes);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "size",          "factor", NULL },
    { "interpolation", "method", NULL },
    { "data_format",   "axes",   NULL },
    { 0 }
};

static const cvyi_argument repeat_arguments[] = {
    { "n", "factor", NULL },
    { 0 }
};

static const cvyi_argument sized_arguments[] = {
    { "size",          "size",      "(height, width)" },
    { "height",        "size",      NULL },
    { "width",         "size",      NULL },
    { "interpolation", "method",    NULL },
    { "antialias",     "antialias", NULL },
    { "data_format",   "axes",      NULL },
    { 0 }
};

#define UPSAMPLING(framework, to)                                           \
    { .dialect = framework, .name = "keras.layers.UpSampling%dD",           \
      .ranks = "1", .signature = "size=2, **kwargs",                        \
      .from_call = from_upsampling_1d,                                      \
      .form = CVYI_FORM_MODULE, .to_call = to, .arguments = arguments },    \
    { .dialect = framework, .name = "keras.layers.UpSampling%dD",           \
      .ranks = "2",                                                         \
      .signature = "size=(2, 2), data_format=None, "                        \
                   "interpolation='nearest', **kwargs",                     \
      .from_call = from_upsampling_2d, .arguments = arguments },            \
    { .dialect = framework, .name = "keras.layers.UpSampling%dD",           \
      .ranks = "3",                                                         \
      .signature = "size=(2, 2, 2), data_format=None, **kwargs",            \
      .from_call = from_upsampling_3d, .arguments = arguments }

#define REPEAT(framework)                                                   \
    { .dialect = framework, .name = "keras.layers.RepeatVector",            \
      .signature = "n, **kwargs", .from_call = from_repeat_vector,          \
      .arguments = repeat_arguments }

const cvyi_spelling cvyi_resize_keras[] = {
    UPSAMPLING("keras3", to_upsampling),
    UPSAMPLING("keras2", NULL),
    REPEAT("keras3"),
    REPEAT("keras2"),
    { .dialect = "keras3", .name = "keras.layers.Resizing",
      .signature = "height, width, interpolation='bilinear', "
                   "crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, "
                   "fill_mode='constant', fill_value=0.0, antialias=False, "
                   "data_format=None, **kwargs",
      .from_call = from_resizing,
      .form = CVYI_FORM_MODULE, .to_call = to_resizing,
      .arguments = sized_arguments },
    { .dialect = "keras2", .name = "keras.layers.Resizing",
      .signature = "height, width, interpolation='bilinear', "
                   "crop_to_aspect_ratio=False, **kwargs",
      .from_call = from_resizing,
      .form = CVYI_FORM_MODULE, .arguments = sized_arguments },
    { .dialect = "keras3", .name = "keras.ops.image.resize",
      .signature = "x, size, interpolation='bilinear', antialias=False, "
                   "crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, "
                   "fill_mode='constant', fill_value=0.0, data_format=None",
      .from_call = from_function,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function,
      .arguments = sized_arguments },
    { 0 }
};
/* clang-format on */
