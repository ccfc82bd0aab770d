/* pysrc/eval_utf8.c - texts by characters. */
#include "pysrc/eval_parts.h"

int64_t cvyi_py_text_length(const char *text)
{
    int64_t n = 0;

    for (const char *p = text; *p != '\0'; p++)
        n += ((unsigned char)*p & 0xc0) != 0x80;
    return n;
}

const char *cvyi_py_text_at(const char *text, int64_t at)
{
    for (; at > 0 && *text != '\0'; at--) {
        text++;
        while (((unsigned char)*text & 0xc0) == 0x80)
            text++;
    }
    return text;
}

bool cvyi_py_is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}
