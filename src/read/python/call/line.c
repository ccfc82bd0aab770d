/*
 * read/python/call/line.c - lines of calls, parsed together.
 *
 * All lines go to one child as one program. Each must therefore be whole by
 * itself: a bracket that stays open would swallow the lines behind it. A line
 * that is no Python is found by the line of the error and left out.
 */
#include "codec/name.h"
#include "pysrc/parse.h"
#include "read/python/call/host.h"

#include <string.h>

enum {
    LONGEST = 16 * 1024, /* bytes of a line */
    DEEPEST = 40,        /* brackets inside each other */
    TOGETHER = 1 << 20,  /* bytes that one child gets */
    CHILDREN = 200,      /* more of them for lines that are no Python */
    FEW = 128,           /* lines that are tried again as they are */
};

/* ---- one line by itself ---- */

/* From the quote to behind its end; NULL if it does not end. */
static const char *skip_string(const char *at, const char *end)
{
    const char quote = *at;
    const bool triple = end - at >= 3 && at[1] == quote && at[2] == quote;
    const int n = triple ? 3 : 1;

    for (at += n; at < end; at++) {
        int same = 0;

        if (*at == '\\') {
            at++;
            continue;
        }
        while (same < n && at + same < end && at[same] == quote)
            same++;
        if (same == n)
            return at + n;
    }
    return NULL;
}

static char partner(char c)
{
    return c == ')' ? '(' : c == ']' ? '[' : '{';
}

/* Why the line cannot stand by itself, or NULL; *last: its last character
 * that is neither blank nor comment. */
static const char *look(char *last, const char *at, const char *end)
{
    char open[DEEPEST];
    int depth = 0;

    while (at != NULL && at < end && *at != '#') {
        const char c = *at;

        if (c == '\'' || c == '"') {
            at = skip_string(at, end);
            *last = c;
            continue;
        }
        if (c == '\\')
            return "a backslash outside of a text";
        if (strchr("([{", c) != NULL) {
            if (depth == DEEPEST)
                return "brackets are nested too deeply";
            open[depth++] = c;
        } else if (strchr(")]}", c) != NULL &&
                   (depth == 0 || open[--depth] != partner(c)))
            return "a bracket closes that was not opened";
        if (c != ' ' && c != '\t')
            *last = c;
        at++;
    }
    if (at == NULL)
        return "a text does not end on this line";
    return depth > 0 ? "a bracket does not close on this line" : NULL;
}

static bool has_control(const char *code, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)code[i] < ' ' && code[i] != '\t')
            return true;
    return false;
}

static const char *fault_of(const char *code, size_t size)
{
    const char *fault;
    char last = '\0';

    if (size > LONGEST)
        return "the line is too long";
    if (!cvyi_is_utf8(code, size))
        return "the line is not UTF-8";
    if (has_control(code, size))
        return "a control character";
    fault = look(&last, code, code + size);
    if (fault == NULL && (last == ':' || code[0] == '@'))
        fault = "a call is expected, not the beginning of a block";
    return fault;
}

/* Bytes of a whole line before its comment and the blanks in front of that. */
static size_t without_comment(const char *at, size_t size)
{
    const char *const end = at + size, *p = at;

    while (p != NULL && p < end && *p != '#')
        p = *p == '\'' || *p == '"' ? skip_string(p, end) : p + 1;
    if (p == NULL)
        return size;
    while (p > at && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    return (size_t)(p - at);
}

/* ---- all lines ---- */

typedef struct lines {
    cvyi_arena *arena;
    cvyi_call_line *items;
    int n, capacity;
    int children; /* that may still be started */
    cvy_error *err;
} lines;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f';
}

static cvy_status add_line(lines *l, int number, const char *at,
                           const char *end)
{
    cvyi_call_line *line;

    while (at < end && is_blank(*at))
        at++;
    while (at < end && is_blank(end[-1]))
        end--;
    if (at == end || *at == '#')
        return CVY_OK;
    line =
        cvyi_arena_grow(l->arena, l->items, l->n, &l->capacity, sizeof *line);
    if (line == NULL)
        return cvyi_no_memory(l->err);
    l->items = line;
    line += l->n;
    *line = (cvyi_call_line){ .size = (size_t)(end - at), .number = number };
    line->fault = fault_of(at, line->size);
    line->status = line->fault != NULL ? CVY_FORMAT : CVY_OK;
    line->size = without_comment(at, line->size);
    line->code = cvyi_arena_text(l->arena, at, line->size);
    if (line->code == NULL)
        return cvyi_no_memory(l->err);
    l->n++;
    return CVY_OK;
}

static cvy_status split(lines *l, const char *text, size_t size)
{
    const char *const end = text + size;
    int number = 1;

    for (const char *at = text; at < end;) {
        const char *const stop = memchr(at, '\n', (size_t)(end - at));
        const char *const until = stop != NULL ? stop : end;

        CVYI_TRY(add_line(l, number++, at, until));
        at = until + (stop != NULL);
    }
    return CVY_OK;
}

/* ---- a run of lines as one program ---- */

static cvy_status parse_once(cvyi_py_tree *tree, lines *l, int first, int n,
                             cvy_error *err)
{
    cvyi_text program = { 0 };
    cvy_status status;
    char *kept;

    for (int i = first; i < first + n; i++) {
        if (l->items[i].status == CVY_OK)
            cvyi_text_add(&program, l->items[i].code, l->items[i].size);
        cvyi_text_put(&program, "\n");
    }
    status = cvyi_text_status(&program, err);
    kept = status == CVY_OK
               ? cvyi_arena_text(l->arena, cvyi_text_c(&program), program.size)
               : NULL;
    if (status == CVY_OK)
        status = kept != NULL ? cvyi_py_parse(tree, l->arena, "the calls",
                                              kept, program.size, err)
                              : cvyi_no_memory(err);
    cvyi_text_close(&program);
    return status;
}

/* Statements to their lines. */
static void place(lines *l, int first, int n, const cvyi_py_tree *tree)
{
    for (int i = 0; i < tree->body.n; i++) {
        const cvyi_py_node *const node = tree->body.items[i];
        const int row = node->line - 1;

        if (row < 0 || row >= n)
            continue;
        l->items[first + row].crowded = l->items[first + row].node != NULL;
        l->items[first + row].node = node;
    }
}

static cvy_status set_fault(lines *l, int at, cvy_status status,
                            const char *fault)
{
    const char *const colon =
        strncmp(fault, "line ", 5) == 0 ? strstr(fault, ": ") : NULL;
    const char *const cause = colon != NULL ? colon + 2 : fault;

    l->items[at].fault = cvyi_arena_text(l->arena, cause, strlen(cause));
    l->items[at].status = status;
    return l->items[at].fault != NULL ? CVY_OK : cvyi_no_memory(l->err);
}

static cvy_status give_up(lines *l, int first, int n)
{
    for (int i = first; i < first + n; i++)
        if (l->items[i].status == CVY_OK)
            CVYI_TRY(set_fault(l, i, CVY_UNSUPPORTED,
                               "too many other lines are no Python"));
    return CVY_OK;
}

static bool any_good(const lines *l, int first, int n)
{
    for (int i = first; i < first + n; i++)
        if (l->items[i].status == CVY_OK)
            return true;
    return false;
}

static cvy_status parse(lines *l, int first, int n);

/* The line of the error is left out; where the error has none, or where many
 * lines would be parsed again, each half is tried by itself. */
static cvy_status part(lines *l, int *first, int *n, cvy_status status,
                       const cvy_error *why)
{
    const int at = *first + why->line - 1, half = *n / 2;
    const bool placed =
        why->line >= 1 && why->line <= *n && l->items[at].status == CVY_OK;

    if (placed || *n == 1)
        CVYI_TRY(set_fault(l, placed ? at : *first, status, why->text));
    if (*n == 1 || (placed && *n <= FEW))
        return CVY_OK;
    CVYI_TRY(parse(l, *first, half));
    *first += half;
    *n -= half;
    return CVY_OK;
}

static cvy_status parse(lines *l, int first, int n)
{
    while (any_good(l, first, n)) {
        cvy_error local = { 0 };
        cvyi_py_tree tree;
        cvy_status status;

        if (l->children-- <= 0)
            return give_up(l, first, n);
        status = parse_once(&tree, l, first, n, &local);
        if (status == CVY_OK) {
            place(l, first, n, &tree);
            return CVY_OK;
        }
        if (status != CVY_FORMAT && status != CVY_UNSUPPORTED) {
            if (l->err != NULL)
                *l->err = local;
            return status;
        }
        CVYI_TRY(part(l, &first, &n, status, &local));
    }
    return CVY_OK;
}

cvy_status cvyi_call_lines(cvyi_call_line **out, int *n, cvyi_arena *arena,
                           const char *text, size_t size, cvy_error *err)
{
    lines l = { .arena = arena, .children = CHILDREN, .err = err };

    CVYI_TRY(split(&l, text, size));
    for (int first = 0, i = 0; first < l.n; first = i) {
        size_t bytes = 0;

        for (; i < l.n && (i == first || bytes < TOGETHER); i++)
            bytes += l.items[i].size + 1;
        l.children++;
        CVYI_TRY(parse(&l, first, i - first));
    }
    *out = l.items;
    *n = l.n;
    return CVY_OK;
}
