/* layer/channel_scale/keras.c - the layer scale of Keras' ConvNeXt. */
#include "layer/keras.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t wanted, channels;
    cvyi_step_slot *slot;
    cvyi_step *step;
    double start;

    CVYI_TRY(cvyi_arg_int(&wanted, out, call, "projection_dim", 1, err));
    CVYI_TRY(cvyi_arg_double(&start, out, call, "init_values", err));
    CVYI_TRY(
        cvyi_keras_input(&channels, out, call, rank, CVYI_AXES_LAST, err));
    if (rank < 2 || (channels != wanted && wanted != 1))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "projection_dim",
                           "correct this argument in the source",
                           "%lld factors for %lld channels", (long long)wanted,
                           (long long)channels);
    if (wanted != channels)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "projection_dim",
                           "give each channel a factor of its own",
                           "one factor for all channels is not carried over");
    step = cvyi_phrase_add(out, call, "channel_scale");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    slot = cvyi_step_slot_add(step, "weight", "gamma", "C");
    slot->start = (cvyi_start){ .draw = CVYI_DRAW_CONSTANT, .a = start };
    return CVY_OK;
}

static const cvyi_argument arguments[] = {
    { "init_values", "weight initialiser", "the number all factors start as" },
    { "projection_dim", "channels", NULL },
    { 0 },
};

#define ROW(version)                                                        \
    {                                                                       \
        .dialect = version,                                                 \
        .name = "keras.src.applications.convnext.LayerScale",               \
        .signature = "init_values, projection_dim", .from_call = from_call, \
        .form = CVYI_FORM_MODULE, .arguments = arguments                    \
    }

const cvyi_spelling cvyi_channel_scale_keras[] = {
    ROW("keras3"),
    ROW("keras2"),
    { 0 },
};
