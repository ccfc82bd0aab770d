/* layer/channel_bias/keras.c - Keras has no layer that is a bias alone. */
#include "layer/words.h"

const cvyi_spelling cvyi_channel_bias_keras[] = {
    { .dialect = "keras3",
      .cannot_say = "Keras has no layer that is a bias alone; give the "
                    "convolution or Dense before it use_bias=True" },
    { 0 },
};
