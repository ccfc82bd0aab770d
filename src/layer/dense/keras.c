/* layer/dense/keras.c - Keras' words for a dense layer. */
#include "layer/keras.h"

#include "layer/dense/words.h"
#include "layer/matmul.h"
#include "layer/number.h"
#include "layer/operand.h"

#include <string.h>

/* Keras 3 takes whole numbers alone, tf_keras cuts 2.7 to 2 and reads "3". */
static cvy_status read_units(int64_t *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "units");
    const bool keras3 = strcmp(call->spelling->dialect, "keras3") == 0;

    if (!keras3 && cvyi_take_number(out, value, CVYI_TAKES_FLOATS) &&
        *out == 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "units", "give it at least 1",
                           "a layer without outputs is not carried over");
    if (!keras3 && value->kind == CVYI_TEXT && *value->text != '\0' &&
        value->text[strspn(value->text, "0123456789")] == '\0')
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "units", "write it as a number",
                           "a number that is a text is not carried over");
    return cvyi_take_numbers(out, phrase, call, "units", 0,
                             keras3 ? 0 : CVYI_TAKES_FLOATS, 1, err);
}

static cvy_status check_options(cvyi_phrase *phrase, const cvyi_bound *call,
                                cvy_error *err)
{
    if (cvyi_arg_find(call, "lora_rank") == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_keras_must_be_off(phrase, call, "lora_rank",
                                    "merge the low-rank update into the "
                                    "kernel and save again",
                                    err));
    return cvyi_keras_must_be_off(phrase, call, "quantization_config",
                                  "save the model before quantising it", err);
}

cvy_status cvyi_dense_from_layer(cvyi_phrase *out, const cvyi_bound *call,
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
    CVYI_TRY(read_units(&units, out, call, err));
    CVYI_TRY(cvyi_arg_bool(&bias, out, call, "use_bias", err));
    CVYI_TRY(check_options(out, call, err));
    cvyi_set_int(&step->attrs, "units", units);
    cvyi_set_int(&step->attrs, "axis", rank - 1);
    cvyi_keras_slot(step, call, "weight", "kernel", "I O -> O I", "kernel");
    if (bias)
        cvyi_keras_slot(step, call, "bias", "bias", "O", "bias");
    CVYI_TRY(cvyi_keras_training_only(out, call, err));
    return cvyi_phrase_activation(out, call, cvyi_arg(call, "activation"),
                                  err);
}

/* keras.ops.matmul(x, w) */
static cvy_status from_matmul(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    static const bool straight[2] = { false, false };

    if (cvyi_matmul_computed(call, "x") && cvyi_matmul_computed(call, "x2"))
        return cvyi_matmul_add(out, call, straight, "x2", err);
    return cvyi_dense_from_operands(
        out, call, &(cvyi_dense_names){ "x2", NULL, false }, err);
}

static cvy_status to_dense(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const bool bias = (what->present & 2u) != 0;

    if (cvyi_attr_int(what->attrs, "axis") != what->in[0].rank - 1)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "axis",
                           "move the features to the last axis",
                           "Keras' Dense works on the last axis only");
    cvyi_code_begin(out, "layers.Dense");
    cvyi_code_int(out, NULL, what->slots[0].dims[0]);
    if (!bias)
        cvyi_code_bool(out, "use_bias", false);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "kernel", "O I -> I O");
    if (bias)
        cvyi_said_slot_add(out, "bias", "bias", "O");
    return CVY_OK;
}

/* clang-format off */
const cvyi_argument cvyi_dense_layer_arguments[] = {
    { "units",                "units",                NULL },
    { "activation",           "activation",           NULL },
    { "use_bias",             "bias",                 NULL },
    { "kernel_initializer",   "weight initialiser",   NULL },
    { "bias_initializer",     "bias initialiser",     NULL },
    { "kernel_regularizer",   "weight regulariser",   NULL },
    { "bias_regularizer",     "bias regulariser",     NULL },
    { "activity_regularizer", "activity regulariser", NULL },
    { "kernel_constraint",    "weight constraint",    NULL },
    { "bias_constraint",      "bias constraint",      NULL },
    { 0 }
};

static const cvyi_argument matmul_arguments[] = {
    { "x2", "weight", NULL },
    { 0 }
};

#define COMMON                                                               \
    "units, activation=None, use_bias=True, "                                \
    "kernel_initializer='glorot_uniform', bias_initializer='zeros', "        \
    "kernel_regularizer=None, bias_regularizer=None, "                       \
    "activity_regularizer=None, kernel_constraint=None, "                    \
    "bias_constraint=None, "

const cvyi_spelling cvyi_dense_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Dense",
      .signature = COMMON "lora_rank=None, lora_alpha=None, "
                   "quantization_config=None, **kwargs",
      .from_call = cvyi_dense_from_layer,
      .form = CVYI_FORM_MODULE, .to_call = to_dense,
      .arguments = cvyi_dense_layer_arguments },
    { .dialect = "keras2", .name = "keras.layers.Dense",
      .signature = COMMON "**kwargs", .from_call = cvyi_dense_from_layer,
      .form = CVYI_FORM_MODULE, .arguments = cvyi_dense_layer_arguments },
    { .dialect = "keras3", .name = "keras.ops.matmul",
      .signature = "x, x2", .from_call = from_matmul,
      .form = CVYI_FORM_FUNCTION, .arguments = matmul_arguments },
    { 0 }
};
/* clang-format on */
