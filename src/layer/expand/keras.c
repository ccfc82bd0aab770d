/* layer/expand/keras.c - Keras has no layer for new axes. */
#include "layer/words.h"

/* clang-format off */
const cvyi_spelling cvyi_expand_keras[] = {
    { .dialect = "keras3",
      .cannot_say = "no layer; joins of inputs of different rank bring it" },
    { 0 }
};
/* clang-format on */
