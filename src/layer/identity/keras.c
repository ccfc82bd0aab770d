/* layer/identity/keras.c - Keras' words for nothing at all, and the layer
 * that is whatever activation it was given. */
#include "layer/words.h"

static cvy_status from_identity(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    (void)err;
    cvyi_phrase_add(out, call, "identity");
    return CVY_OK;
}

/* As an argument of another layer: no step. */
static cvy_status from_linear(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    if (cvyi_arg(call, "x")->kind == CVYI_TENSOR)
        return from_identity(out, call, err);
    return CVY_OK;
}

/* The activation is the layer itself here. */
static cvy_status from_activation(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    CVYI_TRY(
        cvyi_phrase_activation(out, call, cvyi_arg(call, "activation"), err));
    if (out->n == 0)
        return from_identity(out, call, err);
    for (int i = 0; i < out->n; i++) {
        out->steps[i].argument = false;
        out->steps[i].label = i + 1 < out->n ? "scale" : NULL;
    }
    return CVY_OK;
}

/* A term of the loss alone. */
static cvy_status from_regularisation(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err)
{
    cvyi_phrase_remark(out, "ActivityRegularization adds a term to the loss "
                            "and passes values on; in torch that term is "
                            "written in the training loop");
    return from_identity(out, call, err);
}

/* Images are changed in training alone. */
static cvy_status from_images(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    cvyi_phrase_remark(out, "it changes images in training only: the port "
                            "passes them on, as Keras does at inference");
    return from_identity(out, call, err);
}

/* Where nothing is cropped: else what comes out is another size at inference
 * than in training. */
static cvy_status from_random_crop(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    static const char *const names[] = { "height", "width" };
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    for (int i = 0; i < 2; i++) {
        const int axis = i + (axes == CVYI_AXES_FIRST ? 2 : 1);
        int64_t length = 0, wanted;

        CVYI_TRY(cvyi_arg_int(&wanted, out, call, names[i], 1, err));
        if (call->in[0].rank != 4 ||
            !cvyi_size_constant(&length, call->in[0].dims[axis]) ||
            length != wanted)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, names[i],
                               "crop images before the model, or use "
                               "CenterCrop",
                               "at inference Keras passes images on as they "
                               "are, in another size than the layer says");
    }
    return from_images(out, call, err);
}

static cvy_status from_stop(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_phrase_remark(out, "stop_gradient passes values on; in torch that "
                            "is x.detach(), which matters in training alone");
    return from_identity(out, call, err);
}

/* ---- writing ---- */

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    (void)what;
    (void)err;
    cvyi_code_begin(out, "layers.Identity");
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    (void)what;
    (void)err;
    cvyi_text_put(&out->code, "{0}");
    out->binding = out->operands = CVYI_BIND_ATOM;
    out->differs = true; /* no call at all */
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument activation[] = {
    { "activation", "activation", NULL }, { 0 }
};

#define BOTH(text, made, from, table)                             \
    { .dialect = "keras3", .name = text, .signature = made,       \
      .from_call = from, .arguments = table },                    \
    { .dialect = "keras2", .name = text, .signature = made,       \
      .from_call = from, .arguments = table }

#define IMAGES(version, text)                                     \
    { .dialect = version, .name = "keras.layers." text,           \
      .signature = "*options, **unused", .from_call = from_images }

const cvyi_spelling cvyi_identity_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Identity",
      .signature = "**kwargs",
      .from_call = from_identity,
      .form = CVYI_FORM_MODULE, .to_call = to_layer },
    { .dialect = "keras2", .name = "keras.layers.Identity",
      .signature = "**kwargs",
      .from_call = from_identity },
    { .dialect = "keras3", .name = "x",
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    BOTH("keras.layers.Activation", "activation, **kwargs", from_activation,
         activation),
    BOTH("keras.layers.ActivityRegularization", "l1=0.0, l2=0.0, **kwargs",
         from_regularisation, NULL),
    IMAGES("keras3", "AugMix"),
    IMAGES("keras3", "CutMix"),
    IMAGES("keras3", "Equalization"),
    IMAGES("keras3", "MixUp"),
    IMAGES("keras3", "RandAugment"),
    IMAGES("keras3", "RandomBrightness"),
    IMAGES("keras3", "RandomColorDegeneration"),
    IMAGES("keras3", "RandomColorJitter"),
    IMAGES("keras3", "RandomContrast"),
    IMAGES("keras3", "RandomElasticTransform"),
    IMAGES("keras3", "RandomErasing"),
    IMAGES("keras3", "RandomFlip"),
    IMAGES("keras3", "RandomGaussianBlur"),
    IMAGES("keras3", "RandomGrayscale"),
    IMAGES("keras3", "RandomHue"),
    IMAGES("keras3", "RandomInvert"),
    IMAGES("keras3", "RandomPerspective"),
    IMAGES("keras3", "RandomPosterization"),
    IMAGES("keras3", "RandomRotation"),
    IMAGES("keras3", "RandomSaturation"),
    IMAGES("keras3", "RandomSharpness"),
    IMAGES("keras3", "RandomShear"),
    IMAGES("keras3", "RandomTranslation"),
    IMAGES("keras3", "RandomZoom"),
    IMAGES("keras3", "Solarization"),
    IMAGES("keras2", "RandomBrightness"),
    IMAGES("keras2", "RandomContrast"),
    IMAGES("keras2", "RandomFlip"),
    IMAGES("keras2", "RandomHeight"),
    IMAGES("keras2", "RandomRotation"),
    IMAGES("keras2", "RandomTranslation"),
    IMAGES("keras2", "RandomWidth"),
    IMAGES("keras2", "RandomZoom"),
    { .dialect = "keras3", .name = "keras.layers.RandomCrop",
      .signature = "height, width, seed=None, data_format=None, **unused",
      .from_call = from_random_crop },
    { .dialect = "keras3", .name = "keras.activations.linear",
      .signature = "x", .from_call = from_linear,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "keras2", .name = "keras.activations.linear",
      .signature = "x", .from_call = from_linear,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "keras3", .name = "keras.ops.copy",
      .signature = "x", .from_call = from_identity,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "keras3", .name = "keras.ops.stop_gradient",
      .signature = "variable", .from_call = from_stop,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
