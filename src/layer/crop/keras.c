/* layer/crop/keras.c - Keras' words for cropping. */
#include "layer/keras.h"
#include "layer/keras_amounts.h"

#include <string.h>

/* ---- reading ---- */

/* tf_keras takes one number below 0, and makes empty values of volumes. */
static bool is_lenient(const cvyi_bound *call)
{
    return strcmp(call->spelling->dialect, "keras2") == 0;
}

static cvy_status read_crop(cvyi_phrase *out, const cvyi_bound *call,
                            cvyi_axes axes, cvy_error *err)
{
    cvyi_border cut;
    cvyi_step *step;
    int64_t number;

    CVYI_TRY(
        cvyi_keras_input(NULL, out, call, call->n_spatial + 2, axes, err));
    if (is_lenient(call) && call->n_spatial > 1 &&
        cvyi_as_int(&number, cvyi_arg(call, "cropping")) && number < 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "cropping", "give integers >= 0",
                           "a cropping below 0 is not carried over");
    CVYI_TRY(cvyi_keras_amounts(&cut, out, call, "cropping", err));
    for (int i = 0; i < call->n_spatial; i++) {
        const int axis = i + (axes == CVYI_AXES_FIRST ? 2 : 1);
        int64_t length;

        if (cvyi_size_constant(&length, call->in[0].dims[axis]) &&
            length - cut.before[i] - cut.after[i] < 1)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               is_lenient(call) && call->n_spatial == 3
                                   ? CVYI_NOT_SUPPORTED
                                   : CVYI_ILLEGAL_IN_SOURCE,
                               "cropping", "crop less than there is",
                               "nothing is left of axis %d with %lld "
                               "elements",
                               axis, (long long)length);
    }
    step = cvyi_phrase_add(out, call, "crop");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    cvyi_set_ints(&step->attrs, "before", cut.before, call->n_spatial);
    cvyi_set_ints(&step->attrs, "after", cut.after, call->n_spatial);
    return CVY_OK;
}

static cvy_status from_cropping(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    return read_crop(out, call, axes, err);
}

/* Cropping1D has no data_format. */
static cvy_status from_cropping_1d(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    return read_crop(out, call, CVYI_AXES_LAST, err);
}

/* The middle of an image that is at least as large. */
static cvy_status from_center(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    static const char *const names[] = { "height", "width" };
    int64_t before[2], after[2];
    cvyi_axes axes;
    cvyi_step *step;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    CVYI_TRY(cvyi_keras_input(NULL, out, call, 4, axes, err));
    for (int i = 0; i < 2; i++) {
        const int axis = i + (axes == CVYI_AXES_FIRST ? 2 : 1);
        int64_t length = 0, wanted;

        CVYI_TRY(cvyi_arg_int(&wanted, out, call, names[i], 1, err));
        if (!cvyi_size_constant(&length, call->in[0].dims[axis]) ||
            length < wanted)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, names[i],
                               "give the input a known size that is not "
                               "smaller, or use Resizing",
                               "what is smaller is resized, and cut to its "
                               "aspect");
        before[i] = (length - wanted) / 2;
        after[i] = length - wanted - before[i];
    }
    step = cvyi_phrase_add(out, call, "crop");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    cvyi_set_ints(&step->attrs, "before", before, 2);
    cvyi_set_ints(&step->attrs, "after", after, 2);
    return CVY_OK;
}

/* ---- writing ---- */

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const int n = what->attrs->n_spatial;

    if (what->axes != CVYI_AXES_LAST)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "data_format",
                           "move the channels to the last axis",
                           "cropping is written for channels_last only");
    cvyi_code_begin(out, "layers.Cropping%dD", n);
    cvyi_keras_put_amounts(out, cvyi_attr_ints(what->attrs, "before", NULL),
                           cvyi_attr_ints(what->attrs, "after", NULL), n);
    cvyi_code_end(out);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "cropping",    "border", NULL },
    { "data_format", "axes",   NULL },
    { 0 }
};

static const cvyi_argument center_arguments[] = {
    { "height",      "size", NULL },
    { "width",       "size", NULL },
    { "data_format", "axes", NULL },
    { 0 }
};

#define CENTER(framework)                                                   \
    { .dialect = framework, .name = "keras.layers.CenterCrop",              \
      .signature = "height, width, data_format=None, **kwargs",             \
      .from_call = from_center, .arguments = center_arguments }

#define LAYERS(framework, to)                                               \
    { .dialect = framework, .name = "keras.layers.Cropping%dD",             \
      .ranks = "1", .signature = "cropping=(1, 1), **kwargs",               \
      .from_call = from_cropping_1d,                                        \
      .form = CVYI_FORM_MODULE, .to_call = to, .arguments = arguments },    \
    { .dialect = framework, .name = "keras.layers.Cropping%dD",             \
      .ranks = "2",                                                         \
      .signature = "cropping=((0, 0), (0, 0)), data_format=None, "          \
                   "**kwargs",                                              \
      .from_call = from_cropping, .arguments = arguments },                 \
    { .dialect = framework, .name = "keras.layers.Cropping%dD",             \
      .ranks = "3",                                                         \
      .signature = "cropping=((1, 1), (1, 1), (1, 1)), data_format=None, "  \
                   "**kwargs",                                              \
      .from_call = from_cropping, .arguments = arguments }

const cvyi_spelling cvyi_crop_keras[] = {
    LAYERS("keras3", to_layer),
    LAYERS("keras2", NULL),
    CENTER("keras3"),
    CENTER("keras2"),
    { 0 }
};
/* clang-format on */
