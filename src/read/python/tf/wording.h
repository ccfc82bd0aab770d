/*
 * read/python/tf/wording.h - a call of TensorFlow or Keras on its way to
 * calls of the trace: arguments, words, weights (words.c).
 */
#ifndef CVYI_READ_PYTHON_TF_WORDING_H
#define CVYI_READ_PYTHON_TF_WORDING_H

#include "read/python/tf/host.h"

typedef struct cvyi_tf_wording {
    cvyi_py_eval *eval;
    cvyi_tf_host *host;
    const char *dotted;
    const cvyi_spelling *spelling;
    int n_spatial;
    cvyi_tf_operands operands; /* as they came, then the input first */
    int n_positional;
    const cvyi_value **positional;
    cvyi_value keywords;
    cvyi_bound bound;
    cvyi_phrase phrase;
    const char *said;           /* name= */
    const char *path;           /* of a layer of Keras; or NULL */
    const char *const *renames; /* of weights, in pairs; or NULL */
    cvyi_tf_keras *keras;
    bool frozen; /* its own weights are not trained */
} cvyi_tf_wording;

cvy_status cvyi_tf_take_arguments(cvyi_tf_wording *w,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err);
/* What the words make of bound arguments. */
cvy_status cvyi_tf_make_phrase(cvyi_tf_wording *w, cvy_error *err);
/* Fails if another dialect reads a call otherwise (`also`: how its words took
 * it) and nobody knows which of them is meant. */
cvy_status cvyi_tf_agree(const cvyi_tf_wording *w,
                         const cvyi_tf_wording *other, cvy_status also,
                         cvy_error *err);
/* `status`, with `why` for it. */
cvy_status cvyi_tf_pass_on(cvy_error *err, const cvy_error *why,
                           cvy_status status);
/* What the trace has grown by belongs to this call of the source. */
cvy_status cvyi_tf_note_calls(cvyi_tf_wording *w, cvy_error *err);
cvy_status cvyi_tf_add_calls(int *result, cvyi_tf_wording *w, cvy_error *err);

#endif
