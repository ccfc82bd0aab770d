/* layer/channel_bias/tf.c - TensorFlow's word for a number for each channel.
 */
#include "layer/keras.h"
#include "layer/operand.h"

#include <string.h>

/* N...C or NC..., whatever stands between; None is channels last. */
static cvy_status read_format(cvyi_axes *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "data_format");
    const char *const text = cvyi_as_text(given);
    const size_t n = text != NULL ? strlen(text) : 0;

    if (n > 1 && strncmp(text, "NC", 2) == 0)
        *out = CVYI_AXES_FIRST;
    else if (cvyi_is_none(given) ||
             (n > 1 && text[0] == 'N' && text[n - 1] == 'C'))
        *out = CVYI_AXES_LAST;
    else
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "data_format",
                           "correct this argument in the source",
                           "data_format must begin with NC, or begin with N "
                           "and end with C");
    return CVY_OK;
}

static cvy_status wrong_length(cvyi_phrase *phrase, const cvyi_bound *call,
                               int64_t n, int64_t channels, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "bias",
                       "give it one element for each channel",
                       "bias has %lld elements for %lld channels",
                       (long long)n, (long long)channels);
}

/* Numbers that stand in the call are constants. */
static cvy_status from_list(cvyi_phrase *out, const cvyi_bound *call,
                            int64_t channels, int axis, cvy_error *err)
{
    static const double one = 1;
    const cvyi_value *const list = cvyi_arg(call, "bias");
    const double *offsets;
    cvyi_step *step;
    bool single;
    int n;

    if (list->kind != CVYI_LIST ||
        !cvyi_keras_reals(&offsets, &n, &single, call, list))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "bias",
                           "give it one number for each channel",
                           "bias must be a tensor or a list of numbers");
    if (offsets == NULL)
        return cvyi_no_memory(err);
    if (n != channels)
        return wrong_length(out, call, n, channels, err);
    step = cvyi_phrase_add(out, call, "rescale");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    *cvyi_attr_set(&step->attrs, "scale") =
        (cvyi_attr_value){ .n = 1, .reals = &one };
    *cvyi_attr_set(&step->attrs, "offset") =
        (cvyi_attr_value){ .n = n, .reals = offsets };
    if (n > 1)
        cvyi_set_int(&step->attrs, "axis", axis);
    return CVY_OK;
}

static cvy_status check_rank(cvyi_phrase *phrase, const cvyi_bound *call,
                             int rank, cvyi_axes axes, cvy_error *err)
{
    if (rank == 2 && axes == CVYI_AXES_FIRST &&
        strcmp(call->spelling->dialect, "tf1") == 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "data_format",
                           "leave it out: the channels are the last axis",
                           "a graph of TensorFlow takes channels first of 3 "
                           "axes or more");
    if (rank > 2 + CVYI_MAX_SPATIAL)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "x",
                           "give it an input of 2 to 5 axes",
                           "an input of %d axes is too many", rank);
    return CVY_OK;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_bound alone = cvyi_operand_input(call);
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t channels;
    cvyi_shape shape;
    cvyi_step *step;
    cvyi_axes axes;
    int number;

    CVYI_TRY(read_format(&axes, out, call, err));
    CVYI_TRY(check_rank(out, call, rank, axes, err));
    CVYI_TRY(cvyi_keras_input(&channels, out, &alone, rank < 2 ? 2 : rank,
                              axes, err));
    if (cvyi_arg(call, "bias")->kind != CVYI_TENSOR)
        return from_list(out, call, channels,
                         axes == CVYI_AXES_FIRST ? 1 : rank - 1, err);
    CVYI_TRY(cvyi_operand_shape(&shape, &number, out, call, "bias", 1, err));
    if (shape.dims[0] != channels)
        return wrong_length(out, call, shape.dims[0], channels, err);
    step = cvyi_phrase_add(out, call, "channel_bias");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    cvyi_operand_slot(step, "bias", "bias", "C", number);
    cvyi_phrase_remark(out, "behind a convolution or a matrix product it is "
                            "the bias of that layer, and no step of its own");
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "bias",        "bias", NULL },
    { "data_format", "axes", NULL },
    { 0 }
};

#define ROW(version)                                                   \
    { .dialect = version, .name = "tf.nn.bias_add",                    \
      .signature = "x, bias, data_format=None, name=None",             \
      .from_call = from_call, .form = CVYI_FORM_FUNCTION,              \
      .arguments = arguments }

const cvyi_spelling cvyi_channel_bias_tf[] = {
    ROW("tf2"),
    ROW("tf1"),
    { 0 },
};
/* clang-format on */
