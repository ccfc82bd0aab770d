/* pysrc/line.c - laying out Python statements as ruff and black do. */
#include "pysrc/line.h"

#include <ctype.h>
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

/* ---- asking about code on one line ---- */

static bool opens(char c)
{
    return strchr("([{", c) != NULL;
}

/* A bracket at `p` that has something in it, whose inside may be broken. */
static bool breakable(const char *p, const char *end)
{
    return opens(*p) && p + 1 < end && strchr(")]}", p[1]) == NULL;
}

static const char *find_top(const char *p, const char *end, const char *what)
{
    const size_t n = strlen(what);

    for (; p < end; p = step(p, end))
        if ((size_t)(end - p) >= n && memcmp(p, what, n) == 0)
            return p;
    return NULL;
}

/* The operator that binds least, with its blanks; NULL without one. */
static const char *loosest(const char *p, const char *end)
{
    static const char *const operators[] = { " + ", " - ", " * ", " / " };

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (find_top(p, end, operators[i]) != NULL)
            return operators[i];
    return NULL;
}

static int count_top(const char *p, const char *end, const char *what)
{
    int n = 0;

    for (; what != NULL && (p = find_top(p, end, what)) != NULL;
         p += strlen(what))
        n++;
    return n;
}

/* The next method of what a call returned: the point in "f(x).mean()". */
static const char *next_link(const char *p, const char *end)
{
    for (; p < end; p = step(p, end))
        if (opens(*p) && step(p, end) < end && *step(p, end) == '.')
            return step(p, end);
    return NULL;
}

/* From two of them on a chain is broken before its points. */
static bool is_chain(const char *p, const char *end)
{
    const char *const first = next_link(p, end);

    return first != NULL && next_link(first, end) != NULL;
}

/* A call's brackets, in contrast to those of a list or around a sum. */
static bool is_call(const char *code, const char *open)
{
    return *open == '(' && open > code &&
           (strchr(")]_", open[-1]) != NULL ||
            isalnum((unsigned char)open[-1]));
}

/* ---- printing ---- */

/* Where code goes, and how far the line is. */
typedef struct printer {
    cvyi_text *out;
    int column;
} printer;

static void put(printer *to, const char *p, const char *end)
{
    cvyi_text_add(to->out, p, (size_t)(end - p));
    to->column += width(p, (size_t)(end - p));
}

static void new_line(printer *to, int indent)
{
    cvyi_text_printf(to->out, "\n%*s", indent, "");
    to->column = indent;
}

static bool fits(const printer *to, const char *p, const char *end, int after)
{
    return to->column + width(p, (size_t)(end - p)) + after <= CVYI_PY_WIDTH;
}

/* Columns from `p` to where the line may next be broken: behind an opening
 * bracket, or `after` behind the end. */
static int until_break(const char *p, const char *end, int after)
{
    const char *q = p;

    while (q < end && !breakable(q, end))
        q = step(q, end);
    return width(p, (size_t)(q - p)) + (q < end ? 1 : after);
}

static void item(printer *to, int indent, const char *p, const char *end,
                 int after);

/* One item a line, each with a comma behind it. */
static void items(printer *to, int indent, const char *p, const char *end)
{
    while (p < end) {
        const char *comma = find_top(p, end, ", ");

        if (comma == NULL)
            comma = end;
        new_line(to, indent);
        item(to, indent, p, comma, 1);
        if (comma[-1] != ',')
            cvyi_text_put(to->out, ",");
        p = comma < end ? comma + 2 : end;
    }
}

/* A bracket with its inside on lines of their own: of a call on one, if they
 * fit there. An only argument that is broken itself has no comma. */
static void block(printer *to, int indent, const char *code, const char *open,
                  const char *close)
{
    const int inner = indent + CVYI_PY_INDENT;
    const printer next = { to->out, inner };
    const bool sum = *open == '(' && !is_call(code, open) &&
                     find_top(open + 1, close, ",") == NULL;

    const bool alone = is_call(code, open) && strncmp(code, "def ", 4) != 0 &&
                       find_top(open + 1, close, ",") == NULL;

    put(to, open, open + 1);
    if (sum || alone ||
        (is_call(code, open) && fits(&next, open + 1, close, 0))) {
        new_line(to, inner);
        item(to, inner, open + 1, close, 0);
    } else {
        items(to, inner, open + 1, close);
    }
    new_line(to, indent);
    put(to, close, close + 1);
}

/* From left to right: a bracket is broken if its inside does not fit with
 * what stands behind it. */
static void flow(printer *to, int indent, const char *code, const char *end,
                 int after)
{
    for (const char *p = code, *next; p < end; p = next) {
        next = step(p, end);
        if (breakable(p, end) &&
            !fits(to, p, next, until_break(next, end, after)))
            block(to, indent, code, p, next - 1);
        else
            put(to, p, next);
    }
}

/* Inside brackets: a link of a chain a line. */
static void chain(printer *to, int indent, const char *p, const char *end,
                  int after)
{
    for (const char *next; p < end; p = next) {
        next = next_link(p, end);
        if (next == NULL)
            next = end;
        flow(to, indent, p, next, next < end ? 0 : after);
        if (next < end)
            new_line(to, indent);
    }
}

/* Inside brackets: an operand a line where one line is too long. */
static void item(printer *to, int indent, const char *p, const char *end,
                 int after)
{
    const char *const sign = loosest(p, end);

    if (fits(to, p, end, after) || (sign == NULL && !is_chain(p, end))) {
        flow(to, indent, p, end, after);
        return;
    }
    if (sign == NULL) {
        chain(to, indent, p, end, after);
        return;
    }
    for (const char *next; p < end; p = next + 3) {
        next = find_top(p, end, sign);
        if (next == NULL) {
            item(to, indent, p, end, after);
            return;
        }
        item(to, indent, p, next, 0);
        new_line(to, indent);
        put(to, next + 1, next + 3);
    }
}

/* Would every line fit if every bracket were broken? */
static bool broken_fits(int column, int indent, const char *p, const char *end,
                        bool inside)
{
    while (p < end) {
        const char *next = step(p, end);

        if (breakable(p, end)) {
            if (column + 1 > CVYI_PY_WIDTH ||
                !broken_fits(indent + CVYI_PY_INDENT, indent + CVYI_PY_INDENT,
                             p + 1, next - 1, true))
                return false;
            column = indent + 1;
        } else if (inside && *p == ' ') {
            /* Behind a comma, or before an operator and its blank. */
            const bool sign = strchr("+-*/", p[1]) != NULL;

            column = indent + (sign ? 2 : 0);
            next = sign ? p + 3 : next;
        } else {
            column += width(p, (size_t)(next - p));
        }
        if (column > CVYI_PY_WIDTH)
            return false;
        p = next;
    }
    return true;
}

/* "x = " or "return ", whose right side may be put in parentheses. */
static const char *right_side(const char *code, const char *end)
{
    const char *const equals = find_top(code, end, " = ");

    if (equals != NULL)
        return equals + 3;
    return strncmp(code, "return ", 7) == 0 ? code + 7 : NULL;
}

/* Parentheses around a right side that is too long for its line: always for
 * chains and sums, except a sum of two operands of which the last has
 * brackets; else where lines are too long without them and not with them. */
static bool needs_parentheses(int indent, const char *code, const char *right,
                              const char *end)
{
    const int inner = indent + CVYI_PY_INDENT;
    const int before = indent + width(code, (size_t)(right - code));
    const int operators = count_top(right, end, loosest(right, end));
    const bool brackets = strchr(")]}", end[-1]) != NULL;

    if (opens(*right) && step(right, end) == end)
        return false;
    if (operators > 1 || (operators == 1 && !brackets) ||
        (operators == 0 && is_chain(right, end)))
        return true;
    return !broken_fits(before, indent, right, end, false) &&
           before + 1 <= CVYI_PY_WIDTH &&
           broken_fits(inner, inner, right, end, true);
}

static void statement(printer *to, int indent, const char *code,
                      const char *end, int after)
{
    const char *const right = right_side(code, end);

    if (fits(to, code, end, after)) {
        put(to, code, end);
    } else if (strncmp(code, "def ", 4) == 0) {
        const char *const open = strchr(code, '(');
        const char *const behind = step(open, end);

        put(to, code, open);
        block(to, indent, code, open, behind - 1);
        put(to, behind, end);
    } else if (right != NULL && needs_parentheses(indent, code, right, end)) {
        put(to, code, right);
        cvyi_text_put(to->out, "(");
        new_line(to, indent + CVYI_PY_INDENT);
        item(to, indent + CVYI_PY_INDENT, right, end, 0);
        new_line(to, indent);
        cvyi_text_put(to->out, ")");
    } else {
        flow(to, indent, code, end, after);
    }
}

/* Bytes that end a line or hide what follows are blanks. */
static void put_visible(cvyi_text *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)p[i];

        cvyi_text_add(out, c < 0x20 || c == 0x7f ? " " : p + i, 1);
    }
}

void cvyi_py_prose(cvyi_text *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        if (*p == '"' || *p == '\\')
            cvyi_text_put(out, *p == '"' ? "'" : "/");
        else
            put_visible(out, p, 1);
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
        put_visible(out, p, n);
        cvyi_text_put(out, "\n");
        p += n;
        p += *p == ' ';
    }
}

void cvyi_py_line(cvyi_text *out, int indent, const char *code,
                  const char *tail, const char *comment)
{
    const char *const end = code + strlen(code);
    printer to = { out, indent };
    const int room = CVYI_PY_WIDTH - indent - width(code, strlen(code)) -
                     width(tail, strlen(tail));

    if (comment != NULL && width(comment, strlen(comment)) + 4 <= room) {
        indented(out, indent);
        cvyi_text_printf(out, "%s%s  # ", code, tail);
        put_visible(out, comment, strlen(comment));
        cvyi_text_put(out, "\n");
        return;
    }
    if (comment != NULL)
        cvyi_py_comment(out, indent, comment);
    indented(out, indent);
    statement(&to, indent, code, end, width(tail, strlen(tail)));
    cvyi_text_printf(out, "%s\n", tail);
}

static int count_char(const char *text, char c)
{
    int n = 0;

    for (const char *p = text; *p != '\0'; p++)
        n += *p == c;
    return n;
}

void cvyi_py_string(cvyi_text *out, const char *text)
{
    const bool single = count_char(text, '"') > count_char(text, '\'');
    const char quote = single ? '\'' : '"';

    cvyi_text_add(out, &quote, 1);
    for (const char *p = text; *p != '\0'; p++) {
        const unsigned char c = (unsigned char)*p;

        if (*p == quote || c == '\\')
            cvyi_text_printf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            cvyi_text_printf(out, "\\x%02x", c);
        else
            cvyi_text_add(out, p, 1);
    }
    cvyi_text_add(out, &quote, 1);
}
