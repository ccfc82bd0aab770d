/* codec/name.c - which texts from a file may be used as names. */
#include "codec/name.h"

#include <stdint.h>

/* Bytes of the well-formed sequence at p, or 0. The second byte's range is
 * what keeps out overlong forms and surrogates. */
static size_t sequence(const uint8_t *p, size_t left)
{
    uint8_t low = 0x80, high = 0xbf;
    size_t n;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (p[0] == 0xe0)
        low = 0xa0;
    if (p[0] == 0xed)
        high = 0x9f;
    if (p[0] == 0xf0)
        low = 0x90;
    if (p[0] == 0xf4)
        high = 0x8f;
    if (n > left || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if (p[i] < 0x80 || p[i] > 0xbf)
            return 0;
    return n;
}

bool cvyi_is_utf8(const char *text, size_t size)
{
    const uint8_t *const p = (const uint8_t *)text;

    for (size_t i = 0; i < size;) {
        const size_t n = sequence(p + i, size - i);

        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

const char *cvyi_name_fault(const char *name, size_t size)
{
    if (size == 0)
        return "is empty";
    if (size > CVYI_NAME_MOST)
        return "is longer than 4096 bytes";
    for (size_t i = 0; i < size; i++)
        if ((uint8_t)name[i] < 0x20 || name[i] == 0x7f)
            return "holds a control character";
    return cvyi_is_utf8(name, size) ? NULL : "is not UTF-8";
}
