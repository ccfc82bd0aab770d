/*
 * read/arrays.h - weights from a file of their own.
 *
 * .npz archives of NumPy, safetensors and state dicts of torch: what people
 * keep the variables of a script in. Whoever wants one asks by its name. Files
 * of Keras have them by layers: whoever has the model looks them up in the
 * store.
 */
#ifndef CVYI_READ_ARRAYS_H
#define CVYI_READ_ARRAYS_H

#include "base/file.h"
#include "codec/safetensors.h"
#include "read/keras.h"

typedef struct cvyi_arrays {
    cvyi_mapping file; /* which the views borrow from */
    cvyi_arena arena;
    int n;
    const cvyi_safetensor *items;
    bool of_layers;         /* a file of Keras: no items, but a store */
    cvyi_keras_store store; /* in one file */
} cvyi_arrays;

/* CVY_IO, CVY_FORMAT; CVY_UNSUPPORTED for files of another kind, a checkpoint
 * of TensorFlow among them, with what the user can do. */
cvy_status cvyi_arrays_open(cvyi_arrays *out, const char *path,
                            cvy_error *err);
/* The same for weights that the user gave; a file that is not read is a
 * refusal in `findings` too, with the advice. */
cvy_status cvyi_arrays_take(cvyi_arrays *out, const char *path,
                            const char *advice, cvyi_findings *findings,
                            cvy_error *err);
/* "scope/w" is found as "scope/w:0" too; NULL: there is none. */
const cvyi_safetensor *cvyi_arrays_find(const cvyi_arrays *arrays,
                                        const char *name);
void cvyi_arrays_close(cvyi_arrays *arrays); /* { 0 } is closed */

#endif
