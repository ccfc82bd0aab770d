/*
 * codec/json_write.h - JSON text, member by member.
 *
 * A tall container has a line for each member; a flat one stands on one line.
 * What is inside a flat one is flat. `key` is NULL for members of a list.
 */
#ifndef CVYI_CODEC_JSON_WRITE_H
#define CVYI_CODEC_JSON_WRITE_H

#include "base/text.h"

typedef struct cvyi_json {
    cvyi_text *out;
    int depth;      /* open containers, at most 31 */
    uint32_t tall;  /* a bit for each of them */
    uint32_t begun; /* has a member already */
} cvyi_json;

typedef enum cvyi_json_shape {
    CVYI_JSON_FLAT,
    CVYI_JSON_TALL
} cvyi_json_shape;

/* `bracket` is '{' or '['. */
void cvyi_json_open(cvyi_json *j, const char *key, char bracket,
                    cvyi_json_shape shape);
/* `bracket` is '}' or ']'. The outermost one ends with a newline. */
void cvyi_json_close(cvyi_json *j, char bracket);

/* NULL is null. Bytes that are no UTF-8 become "?". */
void cvyi_json_text(cvyi_json *j, const char *key, const char *text);
void cvyi_json_int(cvyi_json *j, const char *key, int64_t value);
/* JSON has no word for infinities and NaN: they are null. */
void cvyi_json_real(cvyi_json *j, const char *key, double value);
void cvyi_json_bool(cvyi_json *j, const char *key, bool value);
void cvyi_json_null(cvyi_json *j, const char *key);
void cvyi_json_ints(cvyi_json *j, const char *key, const int64_t *values,
                    int n);

#endif
