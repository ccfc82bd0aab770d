/* layer/subtract/keras.c - Keras' words for a difference. Those that take
 * numbers too stand with rescale. */
#include "layer/merge.h"

static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_merge_from_two(out, call, "subtract", err);
}

/* The list of tensors first. */
static cvy_status from_list(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_merge_list(out, call, err));
    return cvyi_merge_from_two(out, call, "subtract", err);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    (void)what;
    (void)err;
    cvyi_code_begin(out, "layers.Subtract");
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    CVYI_TRY(cvyi_merge_say(out, what, "-", CVYI_BIND_SUM, err));
    out->operands = CVYI_BIND_PRODUCT;
    return CVY_OK;
}

/* clang-format off */
#define ROWS(version, to)                                                  \
    { .dialect = version, .name = "keras.layers.Subtract",                 \
      .signature = "**kwargs", .from_call = from_layer,                    \
      .form = CVYI_FORM_MODULE, .to_call = to },                           \
    { .dialect = version, .name = "keras.layers.subtract",                 \
      .signature = "inputs, **kwargs", .from_call = from_list,             \
      .form = CVYI_FORM_FUNCTION }

const cvyi_spelling cvyi_subtract_keras[] = {
    ROWS("keras3", to_layer),
    ROWS("keras2", NULL),
    { .dialect = "keras3", .name = "operator.sub",
      .form = CVYI_FORM_FUNCTION, .to_call = to_call },
    { 0 }
};
/* clang-format on */
