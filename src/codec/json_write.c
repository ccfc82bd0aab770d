/* codec/json_write.c - JSON text, member by member. */
#include "codec/json_write.h"

#include "codec/name.h"

#include <math.h>
#include <string.h>

static bool is_tall(const cvyi_json *j)
{
    return (j->tall >> j->depth & 1) != 0;
}

static void new_line(cvyi_json *j)
{
    cvyi_text_printf(j->out, "\n%*s", 2 * j->depth, "");
}

/* Everything before the value itself. */
static void lead(cvyi_json *j, const char *key)
{
    const uint32_t bit = (uint32_t)1 << j->depth;

    if (j->depth == 0)
        return;
    if (j->begun & bit)
        cvyi_text_put(j->out, is_tall(j) ? "," : ", ");
    j->begun |= bit;
    if (is_tall(j))
        new_line(j);
    if (key != NULL) {
        cvyi_text_json(j->out, key);
        cvyi_text_put(j->out, ": ");
    }
}

void cvyi_json_open(cvyi_json *j, const char *key, char bracket,
                    cvyi_json_shape shape)
{
    const bool tall = shape == CVYI_JSON_TALL && (j->depth == 0 || is_tall(j));
    uint32_t bit;

    lead(j, key);
    j->depth++;
    bit = (uint32_t)1 << j->depth;
    j->tall = tall ? j->tall | bit : j->tall & ~bit;
    j->begun &= ~bit;
    cvyi_text_add(j->out, &bracket, 1);
}

void cvyi_json_close(cvyi_json *j, char bracket)
{
    const bool lines = is_tall(j) && (j->begun >> j->depth & 1) != 0;

    j->depth--;
    if (lines)
        new_line(j);
    cvyi_text_add(j->out, &bracket, 1);
    if (j->depth == 0)
        cvyi_text_put(j->out, "\n");
}

static void put_ascii(cvyi_json *j, const char *text)
{
    cvyi_text plain = { 0 };

    for (; *text != '\0'; text++)
        cvyi_text_add(&plain, (unsigned char)*text < 0x80 ? text : "?", 1);
    cvyi_text_json(j->out, cvyi_text_c(&plain));
    j->out->bad |= plain.bad;
    cvyi_text_close(&plain);
}

void cvyi_json_text(cvyi_json *j, const char *key, const char *text)
{
    lead(j, key);
    if (text == NULL)
        cvyi_text_put(j->out, "null");
    else if (cvyi_is_utf8(text, strlen(text)))
        cvyi_text_json(j->out, text);
    else
        put_ascii(j, text);
}

void cvyi_json_int(cvyi_json *j, const char *key, int64_t value)
{
    lead(j, key);
    cvyi_text_printf(j->out, "%lld", (long long)value);
}

void cvyi_json_real(cvyi_json *j, const char *key, double value)
{
    lead(j, key);
    if (isfinite(value))
        cvyi_text_double(j->out, value);
    else
        cvyi_text_put(j->out, "null");
}

void cvyi_json_bool(cvyi_json *j, const char *key, bool value)
{
    lead(j, key);
    cvyi_text_put(j->out, value ? "true" : "false");
}

void cvyi_json_null(cvyi_json *j, const char *key)
{
    lead(j, key);
    cvyi_text_put(j->out, "null");
}

void cvyi_json_ints(cvyi_json *j, const char *key, const int64_t *values,
                    int n)
{
    cvyi_json_open(j, key, '[', CVYI_JSON_FLAT);
    for (int i = 0; i < n; i++)
        cvyi_json_int(j, NULL, values[i]);
    cvyi_json_close(j, ']');
}
