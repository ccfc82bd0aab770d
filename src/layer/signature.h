/*
 * layer/signature.h - the text of a framework's signature, parsed.
 */
#ifndef CVYI_LAYER_SIGNATURE_H
#define CVYI_LAYER_SIGNATURE_H

#include "base/value.h"

enum { CVYI_MAX_PARAMETERS = 32 };

typedef struct cvyi_parameter {
    const char *name;
    const cvyi_value *fallback; /* NULL: required */
    bool keyword_only;          /* stands after "*" */
    bool rest; /* "*name": a list of the positional arguments left over */
} cvyi_parameter;

typedef struct cvyi_signature {
    int n;
    bool unused; /* keywords without a parameter are passed over */
    cvyi_parameter parameters[CVYI_MAX_PARAMETERS];
} cvyi_signature;

/* "x, axis=-1, *, name=None, **kwargs": literals are integers, floats, texts
 * in either quote, None, True, False, and tuples or lists of such. "*name" is
 * a list, empty if nothing is left for it. "**name" takes nothing here: what
 * a framework passes on is the reader's business. "**unused" takes what has no
 * meaning.
 * CVY_ARGUMENT if the text is none. */
cvy_status cvyi_signature_parse(cvyi_signature *out, cvyi_arena *arena,
                                const char *text, cvy_error *err);

#endif
