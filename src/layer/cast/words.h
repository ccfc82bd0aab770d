/* layer/cast/words.h - what the files of cast/ share. */
#ifndef CVYI_LAYER_CAST_WORDS_H
#define CVYI_LAYER_CAST_WORDS_H

#include "layer/words.h"

/* The types of floats, as all frameworks call them. */
#define CVYI_CAST_WORDS "float32 float16 bfloat16 float64"

/* "float16" as a type; false for what is no type of floats. */
bool cvyi_cast_type(cvy_dtype *out, const char *word);

/* A cast to `word` (static or arena text), or a refusal of the argument
 * `attribute`. */
cvy_status cvyi_cast_step(cvyi_phrase *out, const cvyi_bound *call,
                          const char *attribute, const char *word,
                          cvy_error *err);

#endif
