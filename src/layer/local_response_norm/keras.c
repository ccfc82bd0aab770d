/* layer/local_response_norm/keras.c - Keras has no such norm. */
#include "layer/words.h"

const cvyi_spelling cvyi_local_response_norm_keras[] = {
    { .dialect = "keras3",
      .cannot_say = "Keras has no local response normalisation; use batch or "
                    "layer normalisation and train again" },
    { 0 },
};
