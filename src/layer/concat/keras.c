/* layer/concat/keras.c - Keras' words for values one behind the other. */
#include "layer/axis.h"
#include "layer/concat/words.h"
#include "layer/merge.h"

static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_axis_from_call(out, call, "concat", err);
}

/* The list of tensors first. */
static cvy_status from_list(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_merge_list(out, call, err));
    return cvyi_axis_from_call(out, call, "concat", err);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return cvyi_axis_say_keras(out, what, "layers.Concatenate", err);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    cvyi_code_begin(out, "ops.concatenate");
    cvyi_code_raw(out, NULL, "[{*}]");
    cvyi_code_int(out, "axis", cvyi_attr_int(what->attrs, "axis"));
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "inputs", "tensors", "the inputs in this order" },
    { "axis", "axis", NULL },
    { 0 }
};
static const cvyi_argument ops_arguments[] = {
    { "xs", "tensors", "the inputs in this order" },
    { "axis", "axis", NULL },
    { 0 }
};

#define ROWS(version, to)                                            \
    { .dialect = version, .name = "keras.layers.Concatenate",        \
      .signature = "axis=-1, **kwargs", .from_call = from_layer,     \
      .form = CVYI_FORM_MODULE, .to_call = to,                       \
      .arguments = arguments },                                      \
    { .dialect = version, .name = "keras.layers.concatenate",        \
      .signature = "inputs, axis=-1, **kwargs",                      \
      .from_call = from_list, .form = CVYI_FORM_FUNCTION,            \
      .arguments = arguments }

const cvyi_spelling cvyi_concat_keras[] = {
    ROWS("keras3", to_layer),
    ROWS("keras2", NULL),
    { .dialect = "keras3", .name = "keras.ops.concatenate",
      .signature = "xs, axis=0", .from_call = from_list,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = ops_arguments },
    { .dialect = "keras3", .name = "keras.ops.stack",
      .signature = "x, axis=0", .from_call = cvyi_concat_from_stack,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
