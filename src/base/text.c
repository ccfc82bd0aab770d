/* base/text.c - a growing text. */
#include "base/text.h"

#include "base/memory.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(cvyi_text *text, size_t n)
{
    size_t need, wanted = text->capacity ? text->capacity : 64;

    if (text->bad || !cvyi_add(&need, text->size, n) ||
        !cvyi_add(&need, need, 1)) {
        text->bad = true;
        return false;
    }
    if (need <= text->capacity)
        return true;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;

    char *const moved = cvyi_realloc(text->bytes, wanted, 1);

    if (moved == NULL) {
        text->bad = true;
        return false;
    }
    text->bytes = moved;
    text->capacity = wanted;
    return true;
}

void cvyi_text_add(cvyi_text *text, const char *bytes, size_t n)
{
    if (!make_room(text, n))
        return;
    if (n > 0)
        memcpy(text->bytes + text->size, bytes, n);
    text->size += n;
    text->bytes[text->size] = '\0';
}

void cvyi_text_put(cvyi_text *text, const char *terminated)
{
    cvyi_text_add(text, terminated, strlen(terminated));
}

void cvyi_text_printf(cvyi_text *text, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);

    const int n = vsnprintf(NULL, 0, format, args);

    if (n < 0) {
        text->bad = true;
    } else if (make_room(text, (size_t)n)) {
        vsnprintf(text->bytes + text->size, (size_t)n + 1, format, again);
        text->size += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

/* "1.299e+05" -> "1.300e+05"; false if all digits are 9. */
static bool next_digits(char *scientific)
{
    for (char *p = strchr(scientific, 'e'); p-- > scientific && *p != '-';) {
        if (*p == '.')
            continue;
        if (*p < '9') {
            ++*p;
            return true;
        }
        *p = '0';
    }
    return false;
}

/* The fewest digits that read back, as "-1.25e-07". A power of two is nearer
 * to its lower neighbour than to its upper one: there the digits above the
 * nearest ones may read back where the nearest do not. */
static void shortest(char *scientific, size_t size, double value)
{
    for (int decimals = 0; decimals <= 16; decimals++) {
        snprintf(scientific, size, "%.*e", decimals, value);
        if (strtod(scientific, NULL) == value ||
            (next_digits(scientific) && strtod(scientific, NULL) == value))
            return;
    }
}

void cvyi_text_double(cvyi_text *text, double value)
{
    char scientific[40], digits[40];
    int n = 0;

    if (isnan(value) || isinf(value)) {
        cvyi_text_put(text, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    shortest(scientific, sizeof scientific, value);

    const int exponent = atoi(strchr(scientific, 'e') + 1);

    if (exponent < -4 || exponent >= 16) {
        cvyi_text_put(text, scientific);
        return;
    }
    for (const char *p = scientific; *p != 'e'; p++)
        if (*p >= '0' && *p <= '9')
            digits[n++] = *p;
    while (n <= exponent + 1) /* "12e3" is 12000.0 */
        digits[n++] = '0';
    cvyi_text_put(text, scientific[0] == '-' ? "-" : "");
    if (exponent >= 0)
        cvyi_text_printf(text, "%.*s.%.*s", exponent + 1, digits,
                         n - exponent - 1, digits + exponent + 1);
    else
        cvyi_text_printf(text, "0.%.*s%.*s", -exponent - 1, "000", n, digits);
}

void cvyi_text_json(cvyi_text *text, const char *terminated)
{
    cvyi_text_put(text, "\"");
    for (const char *p = terminated; *p != '\0'; p++) {
        const unsigned char c = (unsigned char)*p;

        if (c == '"' || c == '\\')
            cvyi_text_printf(text, "\\%c", c);
        else if (c < 0x20)
            cvyi_text_printf(text, "\\u%04x", c);
        else
            cvyi_text_add(text, p, 1);
    }
    cvyi_text_put(text, "\"");
}

const char *cvyi_text_c(const cvyi_text *text)
{
    return text->size > 0 ? text->bytes : "";
}

cvy_status cvyi_text_status(const cvyi_text *text, cvy_error *err)
{
    return text->bad ? cvyi_no_memory(err) : CVY_OK;
}

void cvyi_text_close(cvyi_text *text)
{
    cvyi_free(text->bytes);
    *text = (cvyi_text){ 0 };
}
