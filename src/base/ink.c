/* base/ink.c - colours, columns, readable numbers. */
#include "base/ink.h"

#include <stdio.h>
#include <string.h>

static const char *const codes[] = {
    [CVYI_INK_PLAIN] = "\033[0m",  [CVYI_INK_BOLD] = "\033[1m",
    [CVYI_INK_FAINT] = "\033[2m",  [CVYI_INK_RED] = "\033[1;31m",
    [CVYI_INK_GREEN] = "\033[32m", [CVYI_INK_YELLOW] = "\033[33m",
};

void cvyi_ink_use(cvyi_text *out, cvy_look look, cvyi_ink ink)
{
    if (look.colour)
        cvyi_text_put(out, codes[ink]);
}

void cvyi_ink_put(cvyi_text *out, cvy_look look, cvyi_ink ink,
                  const char *text)
{
    cvyi_ink_use(out, look, ink);
    cvyi_text_put(out, text);
    cvyi_ink_use(out, look, CVYI_INK_PLAIN);
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

int cvyi_columns(const char *text)
{
    int n = 0;

    for (; *text != '\0'; text++)
        n += !continues(*text);
    return n;
}

/* Bytes of the first n characters. */
static size_t prefix(const char *text, int n)
{
    size_t at = 0;

    while (text[at] != '\0' && (continues(text[at]) || n-- > 0))
        at++;
    return at;
}

void cvyi_text_fit(cvyi_text *out, const char *text, int width, bool right)
{
    const int columns = cvyi_columns(text);
    const int blanks = columns < width ? width - columns : 0;

    if (right)
        cvyi_text_printf(out, "%*s", blanks, "");
    if (columns <= width) {
        cvyi_text_put(out, text);
    } else if (width > 0) {
        cvyi_text_add(out, text, prefix(text, width - 1));
        cvyi_text_put(out, "~");
    }
    if (!right)
        cvyi_text_printf(out, "%*s", blanks, "");
}

/* Columns of the word that the text begins with. */
static int word_columns(const char *text)
{
    int n = 0;

    for (; *text != '\0' && *text != ' '; text++)
        n += !continues(*text);
    return n;
}

void cvyi_text_wrap(cvyi_text *out, const char *text, int column, int indent,
                    int width)
{
    for (; *text != '\0'; text++) {
        const int next = *text == ' ' ? 1 + word_columns(text + 1) : 0;

        if (next > 0 && width > 0 && column > indent &&
            column + next > width) {
            cvyi_text_printf(out, "\n%*s", indent, "");
            column = indent;
            continue;
        }
        cvyi_text_add(out, text, 1);
        column += !continues(*text);
    }
}

void cvyi_text_count(cvyi_text *out, int64_t n)
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%lld", (long long)n);

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            cvyi_text_put(out, ",");
        cvyi_text_add(out, &digits[i], 1);
    }
}

void cvyi_text_bytes(cvyi_text *out, int64_t bytes)
{
    static const char *const units[] = { "kB", "MB", "GB", "TB" };
    double amount = (double)bytes / 1000;
    int unit = 0;

    if (bytes < 1000) {
        cvyi_text_printf(out, "%lld bytes", (long long)bytes);
        return;
    }
    while (amount >= 999.95 && unit < 3) {
        amount /= 1000;
        unit++;
    }
    cvyi_text_printf(out, "%.1f %s", amount, units[unit]);
}
