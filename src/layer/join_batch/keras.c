/* layer/join_batch/keras.c - Keras has no layer that changes the batch. */
#include "layer/words.h"

const cvyi_spelling cvyi_join_batch_keras[] = {
    { .dialect = "keras3",
      .cannot_say = "a layer keeps the batch; wrap the layers that follow in "
                    "TimeDistributed" },
    { 0 }
};
