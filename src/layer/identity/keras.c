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
    { .dialect = "keras3", .name = "keras.activations.linear",
      .signature = "x", .from_call = from_linear,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "keras2", .name = "keras.activations.linear",
      .signature = "x", .from_call = from_linear,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
