/* pysrc/line.c - laying out Python statements as ruff and black do. */
#include "pysrc/line.h"

#include <string.h>

/* Columns of UTF-8 text: continuation bytes take none. */
static int width(const char *text, size_t n)
{
    int columns = 0;

    for (size_t i = 0; i < n; i++)
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    return columns;
}

static void indented(cvyi_text *out, int indent)
{
    cvyi_text_printf(out, "%*s", indent, "");
}

/* The position behind a string literal that starts at p. */
static const char *after_string(const char *p, const char *end)
{
    const char quote = *p++;

    while (p < end && *p != quote)
        p += *p == '\\' && p + 1 < end ? 2 : 1;
    return p < end ? p + 1 : end;
}

/* The next position at which code stands outside strings and brackets; walks
 * over what is inside. Returns `end` at the end. */
static const char *step(const char *p, const char *end)
{
    int depth = 0;

    do {
        if (*p == '"' || *p == '\'') {
            p = after_string(p, end);
            continue;
        }
        depth += strchr("([{", *p) != NULL;
        depth -= strchr(")]}", *p) != NULL;
        p++;
    } while (p < end && depth > 0);
    return p;
}

/* The opening bracket whose closing one is the last of the line, or NULL. */
static const char *last_bracket(const char *code, const char *end,
                                const char **close)
{
    const char *open = NULL;

    for (const char *p = code, *next; p < end; p = next) {
        next = step(p, end);
        if (strchr("([{", *p) != NULL && next > p + 1) {
            open = p;
            *close = next - 1;
        }
    }
    return open;
}

static const char *find_top(const char *p, const char *end, const char *what)
{
    const size_t n = strlen(what);

    for (; p < end; p = step(p, end))
        if ((size_t)(end - p) >= n && memcmp(p, what, n) == 0)
            return p;
    return NULL;
}

static void lay_out(cvyi_text *out, int indent, const char *code,
                    const char *end, const char *tail);

/* One item a line, each with a comma behind it. */
static void items(cvyi_text *out, int indent, const char *p, const char *end)
{
    while (p < end) {
        const char *comma = find_top(p, end, ", ");

        if (comma == NULL)
            comma = end;
        lay_out(out, indent, p, comma, ",");
        p = comma < end ? comma + 2 : end;
    }
}

static bool fits(int indent, const char *code, const char *end,
                 const char *tail)
{
    return indent + width(code, (size_t)(end - code)) +
               width(tail, strlen(tail)) <=
           CVYI_PY_WIDTH;
}

static void flat(cvyi_text *out, int indent, const char *code,
                 const char *end, const char *tail)
{
    indented(out, indent);
    cvyi_text_add(out, code, (size_t)(end - code));
    cvyi_text_put(out, tail);
    cvyi_text_put(out, "\n");
}

/* a + b + c in parentheses, an operand a line where one line is too long. */
static void operands(cvyi_text *out, int indent, const char *p,
                     const char *end)
{
    if (fits(indent, p, end, "")) {
        flat(out, indent, p, end, "");
        return;
    }
    while (p < end) {
        const char *const plus = find_top(p + 1, end, " + ");
        const char *const times = find_top(p + 1, end, " * ");
        const char *next = plus != NULL ? plus : times;

        if (next == NULL)
            next = end;
        lay_out(out, indent, p, next, "");
        p = next < end ? next + 1 : end;
    }
}

/* "x = " or "return ", whose right side may be put in parentheses. */
static const char *right_side(const char *code, const char *end)
{
    const char *const equals = find_top(code, end, " = ");

    if (equals != NULL)
        return equals + 3;
    return strncmp(code, "return ", 7) == 0 ? code + 7 : NULL;
}

static void lay_out(cvyi_text *out, int indent, const char *code,
                    const char *end, const char *tail)
{
    const char *const right = right_side(code, end);
    const char *close = NULL;
    const char *const open = last_bracket(code, end, &close);
    const bool sum = right != NULL && (find_top(right, end, " + ") != NULL ||
                                       find_top(right, end, " * ") != NULL);

    if (fits(indent, code, end, tail)) {
        flat(out, indent, code, end, tail);
    } else if (sum) {
        flat(out, indent, code, right, "(");
        operands(out, indent + CVYI_PY_INDENT, right, end);
        flat(out, indent, end, end, ")");
    } else if (open != NULL) {
        flat(out, indent, code, open + 1, "");
        if (fits(indent + CVYI_PY_INDENT, open + 1, close, ""))
            flat(out, indent + CVYI_PY_INDENT, open + 1, close, "");
        else
            items(out, indent + CVYI_PY_INDENT, open + 1, close);
        flat(out, indent, close, end, tail);
    } else {
        flat(out, indent, code, end, tail);
    }
}

bool cvyi_py_fits(int indent, const char *code, const char *tail)
{
    return fits(indent, code, code + strlen(code), tail);
}

void cvyi_py_comment(cvyi_text *out, int indent, const char *comment)
{
    const char *p = comment;

    while (*p != '\0') {
        const size_t left = strlen(p);
        size_t n = 0;

        for (size_t i = 1; i <= left; i++)
            if ((p[i] == ' ' || p[i] == '\0') &&
                (n == 0 || indent + 2 + width(p, i) <= CVYI_PY_WIDTH))
                n = i;
        indented(out, indent);
        cvyi_text_put(out, "# ");
        cvyi_text_add(out, p, n);
        cvyi_text_put(out, "\n");
        p += n;
        p += *p == ' ';
    }
}

void cvyi_py_line(cvyi_text *out, int indent, const char *code,
                  const char *tail, const char *comment)
{
    const char *const end = code + strlen(code);
    const int room = CVYI_PY_WIDTH - indent - width(code, strlen(code)) -
                     width(tail, strlen(tail));

    if (comment != NULL &&
        width(comment, strlen(comment)) + 4 <= room) {
        indented(out, indent);
        cvyi_text_printf(out, "%s%s  # %s\n", code, tail, comment);
        return;
    }
    if (comment != NULL)
        cvyi_py_comment(out, indent, comment);
    lay_out(out, indent, code, end, tail);
}

void cvyi_py_string(cvyi_text *out, const char *text)
{
    cvyi_text_put(out, "\"");
    for (const char *p = text; *p != '\0'; p++) {
        const unsigned char c = (unsigned char)*p;

        if (c == '"' || c == '\\')
            cvyi_text_printf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            cvyi_text_printf(out, "\\x%02x", c);
        else
            cvyi_text_add(out, p, 1);
    }
    cvyi_text_put(out, "\"");
}
