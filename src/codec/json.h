/*
 * codec/json.h - JSON text to a tree of values.
 *
 * Accepted: any JSON value, and the bare NaN, Infinity and -Infinity that
 * Python writes. Integers are 64 bits, never rounded. Refused: a key twice,
 * more than 100 levels, integers beyond 64 bits, texts with a NUL.
 */
#ifndef CVYI_CODEC_JSON_H
#define CVYI_CODEC_JSON_H

#include "base/value.h"

/* `text` need not be terminated and is not kept. */
cvy_status cvyi_json_read(const cvyi_value **out, cvyi_arena *arena,
                          const char *text, size_t size, cvy_error *err);

#endif
