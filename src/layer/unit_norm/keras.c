/* layer/unit_norm/keras.c - Keras' words for a division by the length. */
#include "layer/unit_norm/words.h"

static cvy_status from_keras3(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return cvyi_unit_norm_add(out, call, "axis", false, 1e-12, err);
}

/* Keras 2 adds nothing below a SQUARE of 1e-12. */
static cvy_status from_keras2(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return cvyi_unit_norm_add(out, call, "axis", false, 1e-6, err);
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    double least = 1e-7, order;

    CVYI_TRY(cvyi_arg_double(&order, out, call, "order", err));
    if (!cvyi_is_none(cvyi_arg(call, "epsilon")))
        CVYI_TRY(cvyi_arg_double(&least, out, call, "epsilon", err));
    if (order != 2)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "order", "use order=2, or write it by hand",
                           "a length other than that of order=2 is not "
                           "carried over");
    return cvyi_unit_norm_add(out, call, "axis", true, least, err);
}

static void say(cvyi_said *out, const cvyi_saying *what)
{
    int64_t axes[CVYI_MAX_DIMS];
    const int n = cvyi_unit_norm_axes(axes, what);

    if (n > 1)
        cvyi_code_tuple(out, "axis", axes, n);
    else if (axes[0] != what->in[0].rank - 1)
        cvyi_code_int(out, "axis", axes[0]);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    if (cvyi_attr_real(what->attrs, "least") != 1e-12)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "least",
                           "write it as keras.ops.normalize",
                           "UnitNormalization has a least length of 1e-12");
    cvyi_code_begin(out, "layers.UnitNormalization");
    say(out, what);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const double least = cvyi_attr_real(what->attrs, "least");

    cvyi_code_begin(out, "ops.normalize");
    cvyi_code_raw(out, NULL, "{0}");
    say(out, what);
    if (least != 1e-7)
        cvyi_code_double(out, "epsilon", least);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "axis",    "axes",  NULL },
    { "epsilon", "least", "the least length; None is 1e-7" },
    { 0 }
};

const cvyi_spelling cvyi_unit_norm_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.UnitNormalization",
      .signature = "axis=-1, **kwargs", .from_call = from_keras3,
      .form = CVYI_FORM_MODULE, .to_call = to_layer,
      .arguments = arguments },
    { .dialect = "keras2", .name = "keras.layers.UnitNormalization",
      .signature = "axis=-1, **kwargs", .from_call = from_keras2,
      .form = CVYI_FORM_MODULE, .arguments = arguments },
    { .dialect = "keras3", .name = "keras.ops.normalize",
      .signature = "x, axis=-1, order=2, epsilon=None",
      .from_call = from_function, .form = CVYI_FORM_FUNCTION,
      .to_call = to_function, .arguments = arguments },
    { 0 }
};
/* clang-format on */
