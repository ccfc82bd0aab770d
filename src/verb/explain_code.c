/* verb/explain_code.c - the arguments of a call that was written. */
#include "verb/explain.h"

#include <string.h>

typedef struct part {
    const char *at; /* "stride=2" or "16" */
    size_t size;
} part;

/* Cuts "f(a, b=(1, 2))" at the commas of its own level. */
static int cut(part *parts, int most, const char *code)
{
    const char *at = strchr(code, '(');
    int n = 0, depth = 0;
    char quote = '\0';

    if (at == NULL || at[1] == ')')
        return 0;
    parts[n].at = ++at;
    for (; *at != '\0'; at++) {
        if (quote != '\0') {
            quote = *at == quote ? '\0' : quote;
            continue;
        }
        if (*at == '"' || *at == '\'')
            quote = *at;
        else if (strchr("([{", *at) != NULL)
            depth++;
        else if (strchr(")]}", *at) != NULL && depth-- == 0)
            break;
        else if (*at == ',' && depth == 0) {
            parts[n].size = (size_t)(at - parts[n].at);
            if (++n == most)
                return n;
            parts[n].at = at + 1 + strspn(at + 1, " ");
        }
    }
    parts[n].size = (size_t)(at - parts[n].at);
    return n + 1;
}

static bool is_keyword(const part *p, const char *name)
{
    const size_t n = strlen(name);

    return p->size > n && memcmp(p->at, name, n) == 0 && p->at[n] == '=' &&
           p->at[n + 1] != '=';
}

static bool has_keyword(const part *p)
{
    size_t n = strspn(p->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS"
                             "TUVWXYZ0123456789_");

    return n > 0 && n + 1 < p->size && p->at[n] == '=' && p->at[n + 1] != '=';
}

/* Position of a parameter in a signature's text; -1 if it is none of those
 * before "*". */
static int position(const char *signature, const char *name)
{
    const size_t n = strlen(name);
    int at = 0;

    for (const char *p = signature; p != NULL && *p != '\0' && *p != '*';
         at++) {
        int depth = 0;

        if (strncmp(p, name, n) == 0 &&
            (p[n] == ',' || p[n] == '=' || p[n] == '\0'))
            return at;
        for (; *p != '\0' && (*p != ',' || depth > 0); p++)
            depth += (strchr("([", *p) != NULL) - (strchr(")]", *p) != NULL);
        p += strspn(p, ", ");
    }
    return -1;
}

const char *cvyi_explain_in_code(cvyi_arena *arena, const char *code,
                                 const cvyi_spelling *spelling,
                                 const char *name)
{
    part parts[32];
    const int n = cut(parts, 32, code);
    /* x.permute(0, 2, 1) has x before its brackets. */
    const int before = strncmp(code, "{0}.", 4) == 0;
    const int at = position(spelling->signature, name) - before;
    const char *const rest =
        cvyi_arena_printf(arena, "x, *%s", name); /* takes all that follow */

    if (rest == NULL)
        return NULL;
    if (before && n > 0 && strcmp(spelling->signature, rest) == 0)
        return cvyi_arena_printf(
            arena, "%s: %.*s", name,
            (int)(parts[n - 1].at + parts[n - 1].size - parts[0].at),
            parts[0].at);
    for (int i = 0; i < n; i++) {
        if (is_keyword(&parts[i], name))
            return cvyi_arena_text(arena, parts[i].at, parts[i].size);
        if (i == at && !has_keyword(&parts[i]))
            return cvyi_arena_printf(arena, "%s=%.*s", name,
                                     (int)parts[i].size, parts[i].at);
    }
    return NULL;
}
