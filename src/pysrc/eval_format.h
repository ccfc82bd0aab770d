/* pysrc/eval_format.h - a format specification, however it was written. */
#ifndef CVYI_PYSRC_EVAL_FORMAT_H
#define CVYI_PYSRC_EVAL_FORMAT_H

#include "pysrc/eval_parts.h"

typedef struct cvyi_py_spec {
    char fill[8]; /* one character; "" is a blank */
    char align;   /* '<', '>', '^', '='; 0: the type's own */
    char sign;    /* '+', ' '; '-' or 0: only a minus */
    bool alternate;
    int width;
    char group;    /* ',', '_' or 0 */
    int precision; /* -1: none */
    char type;     /* 0: none */
} cvyi_py_spec;

/* `body` in the width; `prefix` (sign, 0x) stays before zeros. */
cvy_status cvyi_py_put_padded(cvyi_text *out, cvyi_py_eval *eval,
                              const cvyi_py_spec *spec, char align,
                              const char *prefix, const char *body,
                              cvy_error *err);
cvy_status cvyi_py_put_int(cvyi_text *out, cvyi_py_eval *eval,
                           const cvyi_py_spec *spec, int64_t value,
                           cvy_error *err);
cvy_status cvyi_py_put_float(cvyi_text *out, cvyi_py_eval *eval,
                             const cvyi_py_spec *spec, double value,
                             cvy_error *err);
cvy_status cvyi_py_put_cut(cvyi_text *out, cvyi_py_eval *eval,
                           const cvyi_py_spec *spec, const char *text,
                           cvy_error *err);

#endif
