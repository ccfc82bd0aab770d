/* layer/add/keras.c - Keras' words for a sum, and for a mean of several. */
#include "layer/merge.h"
#include "layer/torch_number.h"

static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_merge_from_call(out, call, "add", err);
}

/* The list of tensors first. */
static cvy_status from_list(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_merge_list(out, call, err));
    return cvyi_merge_from_call(out, call, "add", err);
}

/* A mean is the sum over their number. */
static cvy_status from_average(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    CVYI_TRY(from_layer(out, call, err));
    if (call->n_in == 1)
        return CVY_OK;
    CVYI_TRY(cvyi_torch_rescale(out, call, call->n_in, true, 0, err));
    out->steps[out->n - 1].label = "mean";
    out->steps[out->n - 1].argument = true;
    return CVY_OK;
}

static cvy_status from_averages(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    CVYI_TRY(cvyi_merge_list(out, call, err));
    return from_average(out, call, err);
}

/* InceptionResNetV2: a + b * scale. */
static cvy_status from_scaled(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    static const bool second[] = { false, true };
    double scale;

    if (call->n_in != 2)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "inputs",
                           "give it two tensors", "it adds two tensors");
    CVYI_TRY(cvyi_torch_number(&scale, out, call, "scale", err));
    CVYI_TRY(cvyi_torch_rescale(out, call, scale, false, 0, err));
    out->steps[out->n - 1].label = "scale";
    out->steps[out->n - 1].argument = true;
    out->steps[out->n - 1].operands = second;
    return from_layer(out, call, err);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    (void)what;
    (void)err;
    cvyi_code_begin(out, "layers.Add");
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_merge_say(out, what, "+", CVYI_BIND_SUM, err);
}

/* clang-format off */
#define ROWS(version, to)                                                  \
    { .dialect = version, .name = "keras.layers.Add",                  \
      .signature = "**kwargs", .from_call = from_layer,                    \
      .form = CVYI_FORM_MODULE, .to_call = to },                           \
    { .dialect = version, .name = "keras.layers.add",                   \
      .signature = "inputs, **kwargs", .from_call = from_list,             \
      .form = CVYI_FORM_FUNCTION },                                        \
    { .dialect = version, .name = "keras.layers.Average",                  \
      .signature = "**kwargs", .from_call = from_average,                  \
      .form = CVYI_FORM_MODULE },                                          \
    { .dialect = version, .name = "keras.layers.average",                  \
      .signature = "inputs, **kwargs", .from_call = from_averages,         \
      .form = CVYI_FORM_FUNCTION },                                        \
    { .dialect = version,                                                  \
      .name = "keras.src.applications.inception_resnet_v2.CustomScaleLayer", \
      .signature = "scale", .from_call = from_scaled,                      \
      .form = CVYI_FORM_MODULE }

const cvyi_spelling cvyi_add_keras[] = {
    ROWS("keras3", to_layer),
    ROWS("keras2", NULL),
    { .dialect = "keras3", .name = "operator.add",
      .signature = "x, other", .from_call = cvyi_torch_sum,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call },
    { .dialect = "keras3", .name = "keras.ops.add",
      .signature = "x1, x2", .from_call = cvyi_torch_sum,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
