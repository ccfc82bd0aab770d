/* layer/signature.c - the text of a framework's signature, parsed. */
#include "layer/signature.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 8, MAX_ITEMS = 16 };

typedef struct cursor {
    const char *at;
    cvyi_arena *arena;
    bool no_memory;
} cursor;

static void skip_blanks(cursor *c)
{
    c->at += strspn(c->at, " \n\t");
}

static bool take(cursor *c, char wanted)
{
    skip_blanks(c);
    if (*c->at != wanted)
        return false;
    c->at++;
    return true;
}

/* Bytes of the identifier at the cursor, 0 if there is none. */
static size_t identifier(const cursor *c)
{
    size_t n = 0;

    if (isdigit((unsigned char)c->at[0]))
        return 0;
    while (isalnum((unsigned char)c->at[n]) || c->at[n] == '_')
        n++;
    return n;
}

static char *keep(cursor *c, const char *text, size_t n)
{
    char *const kept = cvyi_arena_text(c->arena, text, n);

    if (kept == NULL)
        c->no_memory = true;
    return kept;
}

static bool read_text(cvyi_value *out, cursor *c)
{
    const char quote = *c->at++;
    const char *const end = strchr(c->at, quote);

    if (end == NULL)
        return false;
    out->kind = CVYI_TEXT;
    out->text = keep(c, c->at, (size_t)(end - c->at));
    c->at = end + 1;
    return out->text != NULL;
}

static bool read_number(cvyi_value *out, cursor *c)
{
    const size_t digits = strspn(c->at, "+-0123456789");
    char *end;

    errno = 0;
    if (c->at[digits] == '.' || c->at[digits] == 'e') {
        out->kind = CVYI_FLOAT;
        out->real = strtod(c->at, &end);
    } else {
        out->kind = CVYI_INT;
        out->integer = strtoll(c->at, &end, 10);
    }
    if (end == c->at || errno == ERANGE)
        return false;
    c->at = end;
    return true;
}

static bool read_name(cvyi_value *out, cursor *c)
{
    const size_t n = identifier(c);

    if (n == 4 && strncmp(c->at, "None", n) == 0) {
        out->kind = CVYI_NONE;
    } else if (n == 4 && strncmp(c->at, "True", n) == 0) {
        out->kind = CVYI_BOOL;
        out->truth = true;
    } else if (n == 5 && strncmp(c->at, "False", n) == 0) {
        out->kind = CVYI_BOOL;
    } else {
        return false;
    }
    c->at += n;
    return true;
}

static bool read_literal(cvyi_value *out, cursor *c, int depth);

static bool read_list(cvyi_value *out, cursor *c, int depth)
{
    const char close = *c->at++ == '(' ? ')' : ']';
    cvyi_value items[MAX_ITEMS];
    int n = 0;

    while (!take(c, close)) {
        if (n == MAX_ITEMS || (n > 0 && !take(c, ',')))
            return false;
        if (n > 0 && take(c, close))
            break;
        memset(&items[n], 0, sizeof *items);
        if (!read_literal(&items[n], c, depth + 1))
            return false;
        n++;
    }

    cvyi_value *const kept =
        cvyi_arena_alloc(c->arena, (size_t)n, sizeof *kept);

    if (kept == NULL) {
        c->no_memory = true;
        return false;
    }
    memcpy(kept, items, (size_t)n * sizeof *kept);
    out->kind = CVYI_LIST;
    out->n = n;
    out->items = kept;
    return true;
}

static bool read_literal(cvyi_value *out, cursor *c, int depth)
{
    skip_blanks(c);
    if (depth > MAX_DEPTH)
        return false;
    if (*c->at == '\'' || *c->at == '"')
        return read_text(out, c);
    if (*c->at == '(' || *c->at == '[')
        return read_list(out, c, depth);
    if (isdigit((unsigned char)*c->at) || *c->at == '-' || *c->at == '.')
        return read_number(out, c);
    return read_name(out, c);
}

static bool read_parameter(cvyi_signature *out, cursor *c, bool keyword_only)
{
    const size_t n = identifier(c);

    if (n == 0 || out->n == CVYI_MAX_PARAMETERS)
        return false;

    cvyi_parameter *const p = &out->parameters[out->n++];

    p->keyword_only = keyword_only;
    p->name = keep(c, c->at, n);
    c->at += n;
    if (p->name == NULL || !take(c, '='))
        return p->name != NULL;

    cvyi_value *const value = cvyi_arena_alloc(c->arena, 1, sizeof *value);

    if (value == NULL) {
        c->no_memory = true;
        return false;
    }
    p->fallback = value;
    return read_literal(value, c, 0);
}

/* The name behind one star. */
static bool read_rest(cvyi_signature *out, cursor *c, bool *keyword_only)
{
    static const cvyi_value none = { .kind = CVYI_LIST };

    if (*keyword_only || !read_parameter(out, c, true))
        return false;
    *keyword_only = true;
    out->parameters[out->n - 1].rest = true;
    out->parameters[out->n - 1].fallback = &none;
    return true;
}

/* One part between commas: a parameter, "*", "*name" or "**name". */
static bool read_part(cvyi_signature *out, cursor *c, bool *keyword_only)
{
    const bool star = take(c, '*');

    if (!star)
        return read_parameter(out, c, *keyword_only);
    if (take(c, '*')) {
        const size_t n = identifier(c);

        out->unused = n == 6 && strncmp(c->at, "unused", n) == 0;
        c->at += n;
    } else {
        skip_blanks(c);
        if (identifier(c) > 0)
            return read_rest(out, c, keyword_only);
    }
    *keyword_only = true;
    return true;
}

cvy_status cvyi_signature_parse(cvyi_signature *out, cvyi_arena *arena,
                                const char *text, cvy_error *err)
{
    cursor c = { text, arena, false };
    bool keyword_only = false, good = true;

    memset(out, 0, sizeof *out);
    skip_blanks(&c);
    while (good && *c.at != '\0') {
        good = read_part(out, &c, &keyword_only);
        skip_blanks(&c);
        if (good && *c.at != '\0')
            good = take(&c, ',');
    }
    if (c.no_memory)
        return cvyi_no_memory(err);
    if (!good)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "the signature cannot be read at '%.40s'", c.at);
    return CVY_OK;
}
