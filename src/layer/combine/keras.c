/* layer/combine/keras.c - Keras has no layer that is an array alone. */
#include "layer/words.h"

const cvyi_spelling cvyi_combine_keras[] = {
    { .dialect = "keras3",
      .cannot_say = "Keras has no layer that is a trained array alone; write "
                    "a layer whose build makes it with add_weight" },
    { 0 },
};
