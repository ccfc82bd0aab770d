/* layer/embedding/keras.c - Keras' words for an embedding. */
#include "layer/embedding/words.h"
#include "layer/keras.h"
#include "layer/number.h"

static cvy_status from_embedding(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    int64_t entries, width;
    cvyi_step *step;

    CVYI_TRY(
        cvyi_take_numbers(&entries, out, call, "input_dim", 0, 0, 1, err));
    CVYI_TRY(cvyi_take_numbers(&width, out, call, "output_dim", 0, 0, 1, err));
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "mask_zero",
                                    "leave mask_zero out, unless a layer "
                                    "behind it reads the mask",
                                    err));
    CVYI_TRY(cvyi_embedding_step(&step, out, call, entries, width, err));
    cvyi_keras_slot(step, call, "weight", "embeddings", "I O", "embeddings");
    return cvyi_keras_training_only(out, call, err);
}

static cvy_status from_keras3(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    CVYI_TRY(cvyi_keras_must_be_off(
        out, call, "weights", "set the weights after the layer is made", err));
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "lora_rank",
                                    "merge the low-rank update into the "
                                    "embeddings and save again",
                                    err));
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "quantization_config",
                                    "save the model before quantising it",
                                    err));
    return from_embedding(out, call, err);
}

static cvy_status from_keras2(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    CVYI_TRY(cvyi_keras_must_be_off(out, call, "sparse",
                                    "leave sparse out: it takes sparse "
                                    "inputs",
                                    err));
    return from_embedding(out, call, err);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    (void)err;
    cvyi_code_begin(out, "layers.Embedding");
    cvyi_code_int(out, NULL, cvyi_attr_int(what->attrs, "entries"));
    cvyi_code_int(out, NULL, cvyi_attr_int(what->attrs, "width"));
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "embeddings", "I O");
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "input_dim",              "entries",            NULL },
    { "output_dim",             "width",              NULL },
    { "embeddings_initializer", "weight initialiser", NULL },
    { "embeddings_regularizer", "weight regulariser", NULL },
    { "embeddings_constraint",  "weight constraint",  NULL },
    { 0 }
};

const cvyi_spelling cvyi_embedding_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Embedding",
      .signature = "input_dim, output_dim, "
                   "embeddings_initializer='uniform', "
                   "embeddings_regularizer=None, embeddings_constraint=None, "
                   "mask_zero=False, weights=None, lora_rank=None, "
                   "lora_alpha=None, quantization_config=None, *, "
                   "activity_regularizer=None, **kwargs",
      .from_call = from_keras3,
      .form = CVYI_FORM_MODULE, .to_call = to_layer,
      .arguments = arguments },
    { .dialect = "keras2", .name = "keras.layers.Embedding",
      .signature = "input_dim, output_dim, "
                   "embeddings_initializer='uniform', "
                   "embeddings_regularizer=None, activity_regularizer=None, "
                   "embeddings_constraint=None, mask_zero=False, "
                   "input_length=None, sparse=False, **kwargs",
      .from_call = from_keras2, .form = CVYI_FORM_MODULE,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
