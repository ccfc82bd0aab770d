/* layer/minimum/keras.c - Keras' words for the smallest of several values. */
#include "layer/merge.h"
#include "layer/number_pair.h"

static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_merge_from_call(out, call, "minimum", err);
}

/* The list of tensors first. */
static cvy_status from_list(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_merge_list(out, call, err));
    return cvyi_merge_from_call(out, call, "minimum", err);
}

static cvy_status from_pair(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_extreme_from_pair(out, call, false, err);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    (void)what;
    (void)err;
    cvyi_code_begin(out, "layers.Minimum");
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_merge_nest(out, what, "ops.minimum", err);
}

/* clang-format off */
#define ROWS(version, to)                                                  \
    { .dialect = version, .name = "keras.layers.Minimum",                  \
      .signature = "**kwargs", .from_call = from_layer,                    \
      .form = CVYI_FORM_MODULE, .to_call = to },                           \
    { .dialect = version, .name = "keras.layers.minimum",                  \
      .signature = "inputs, **kwargs", .from_call = from_list,             \
      .form = CVYI_FORM_FUNCTION }

const cvyi_spelling cvyi_minimum_keras[] = {
    ROWS("keras3", to_layer),
    ROWS("keras2", NULL),
    { .dialect = "keras3", .name = "keras.ops.minimum",
      .signature = "x1, x2", .from_call = from_pair,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = cvyi_minimum_arguments },
    { 0 }
};
/* clang-format on */
