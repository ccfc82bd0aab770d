/* layer/cast/words.h - what the files of cast/ share. */
#ifndef CVYI_LAYER_CAST_WORDS_H
#define CVYI_LAYER_CAST_WORDS_H

#include "layer/words.h"

/* The types of floats, as all frameworks call them, and that of the numbers of
 * rows: a cast to it does not round, since they are whole already. */
#define CVYI_CAST_ROWS "int64"
#define CVYI_CAST_WORDS "float32 float16 bfloat16 float64 " CVYI_CAST_ROWS

/* "float16" as a type; false for what is none of the words. */
bool cvyi_cast_type(cvy_dtype *out, const char *word);

/* A cast to `word`, or a refusal of the argument `attribute`. Whole numbers
 * are for torch alone, whose tables ask for them. */
cvy_status cvyi_cast_step(cvyi_phrase *out, const cvyi_bound *call,
                          const char *attribute, const char *word,
                          cvy_error *err);

#endif
