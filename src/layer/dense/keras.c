/* layer/dense/keras.c - Keras' words for a dense layer. */
#include "layer/keras.h"

static cvy_status from_dense(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "dense");
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t units, inputs;
    bool bias;

    if (rank < 2)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "give it an input with a batch and features",
                           "needs an input of at least 2 axes, got %d", rank);
    CVYI_TRY(cvyi_keras_input(&inputs, out, call, rank, CVYI_AXES_LAST, err));
    CVYI_TRY(cvyi_arg_int(&units, out, call, "units", 1, err));
    CVYI_TRY(cvyi_arg_bool(&bias, out, call, "use_bias", err));
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "lora_rank",
                                    "merge the low-rank update into the "
                                    "kernel and save again",
                                    err));
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "quantization_config",
                                    "save the model before quantising it",
                                    err));
    cvyi_set_int(&step->attrs, "units", units);
    cvyi_set_int(&step->attrs, "axis", rank - 1);
    cvyi_keras_slot(step, call, "weight", "kernel", "I O -> O I", "kernel");
    if (bias)
        cvyi_keras_slot(step, call, "bias", "bias", "O", "bias");
    CVYI_TRY(cvyi_keras_training_only(out, call, err));
    return cvyi_phrase_activation(out, call, cvyi_arg(call, "activation"),
                                  err);
}

/* clang-format off */
const cvyi_spelling cvyi_dense_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Dense",
      .signature = "units, activation=None, use_bias=True, "
                   "kernel_initializer='glorot_uniform', "
                   "bias_initializer='zeros', kernel_regularizer=None, "
                   "bias_regularizer=None, activity_regularizer=None, "
                   "kernel_constraint=None, bias_constraint=None, "
                   "lora_rank=None, lora_alpha=None, "
                   "quantization_config=None, **kwargs",
      .from_call = from_dense },
    { 0 }
};
/* clang-format on */
