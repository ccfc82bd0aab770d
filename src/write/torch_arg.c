/*
 * write/torch_arg.c - arguments in torch's words, taken apart.
 *
 * The words of layer/ are one call whose arguments are literals, or an
 * expression with such calls in it. Bound to the signature that the words
 * come with, arguments of two calls can be compared where one of them leaves
 * a default out.
 */
#include "layer/signature.h"
#include "write/torch.h"

#include <ctype.h>
#include <string.h>

/* ---- text ---- */

static const char *after_string(const char *p)
{
    const char quote = *p++;

    while (*p != '\0' && *p != quote)
        p += *p == '\\' && p[1] != '\0' ? 2 : 1;
    return *p != '\0' ? p + 1 : p;
}

/* Behind what starts at p: a string, something in brackets, a character. */
static const char *step(const char *p)
{
    int depth = 0;

    do {
        if (*p == '"' || *p == '\'') {
            p = after_string(p);
            continue;
        }
        depth += strchr("([{", *p) != NULL;
        depth -= strchr(")]}", *p) != NULL;
        p++;
    } while (*p != '\0' && depth > 0);
    return p;
}

static const char *until(const char *p, const char *end, const char *marks)
{
    while (p < end && strchr(marks, *p) == NULL)
        p = step(p);
    return p < end ? p : end;
}

/* ---- literals inside an expression ---- */

/* A name, a point, or the end of brackets: what may be called or indexed. */
static bool is_tail(char c)
{
    return isalnum((unsigned char)c) || strchr("_.)]", c) != NULL;
}

static bool is_literal(const char *p)
{
    return isdigit((unsigned char)*p) || *p == '"' ||
           (*p == '-' && isdigit((unsigned char)p[1])) ||
           strncmp(p, "True", 4) == 0 || strncmp(p, "False", 5) == 0;
}

const char *cvyi_code_literal(const char *code, const char *at, size_t *size)
{
    /* Bit d: the bracket at depth d + 1 is a call's. */
    uint64_t calls = 0;
    int depth = 0;

    for (const char *p = code; *p != '\0';) {
        const char *const end =
            *p == '"' || *p == '\'' ? after_string(p) : p + 1;

        if (p >= at && p > code && depth > 0 && depth < 64 &&
            (calls >> (depth - 1) & 1) != 0 && is_literal(p) &&
            (p[-1] == '(' || p[-1] == '=' || p[-1] == ' ')) {
            const char *const last = until(p, p + strlen(p), ",)] ");
            const bool whole = p[-1] != ' ' || (p - 1 > code && p[-2] == ',');

            if (whole && (*last == ',' || *last == ')')) {
                *size = (size_t)(last - p);
                return p;
            }
        }
        if (strchr("([{", *p) != NULL) {
            if (depth < 64) {
                const uint64_t bit = (uint64_t)1 << depth;

                calls = *p == '(' && p > code && is_tail(p[-1]) ? calls | bit
                                                                : calls & ~bit;
            }
            depth++;
        }
        depth -= strchr(")]}", *p) != NULL;
        p = end;
    }
    return NULL;
}

/* ---- one call ---- */

static const char *keep(cvyi_torch_writer *w, const char *from, const char *to)
{
    return cvyi_arena_text(&w->arena, from, (size_t)(to - from));
}

static cvy_status append(cvyi_code_parts *out, cvyi_torch_writer *w,
                         cvyi_code_arg arg)
{
    cvyi_code_arg *const args = cvyi_arena_grow(&w->arena, out->args, out->n,
                                                &out->capacity, sizeof *args);

    if (args == NULL || arg.name == NULL)
        return cvyi_no_memory(w->err);
    out->args = args;
    args[out->n++] = arg;
    return CVY_OK;
}

/* The end of a keyword in front of a value: its "="; NULL without one. */
static const char *keyword_end(const char *p, const char *end)
{
    const char *q = p;

    while (q < end && (isalnum((unsigned char)*q) || *q == '_'))
        q++;
    return q > p && q < end && *q == '=' && q[1] != '=' ? q : NULL;
}

static cvy_status split(cvyi_code_parts *out, cvyi_torch_writer *w,
                        const char *code)
{
    const char *const open = strchr(code, '(');
    const char *const close = open != NULL ? step(open) - 1 : NULL;

    if (open == NULL || close[1] != '\0') {
        out->callee = code;
        return CVY_OK;
    }
    out->callee = keep(w, code, open);
    if (out->callee == NULL)
        return cvyi_no_memory(w->err);
    for (const char *p = open + 1; p < close;) {
        const char *const end = until(p, close, ",");
        const char *const equals = keyword_end(p, end);
        cvyi_code_arg arg = { .positional = equals == NULL };

        arg.name = equals != NULL
                       ? keep(w, p, equals)
                       : cvyi_arena_printf(&w->arena, "value_%d", out->n + 1);
        arg.value = keep(w, equals != NULL ? equals + 1 : p, end);
        if (arg.value == NULL)
            return cvyi_no_memory(w->err);
        CVYI_TRY(append(out, w, arg));
        p = end < close ? end + 2 : close;
    }
    return CVY_OK;
}

/* ---- bound to a signature ---- */

static const char *signature_of(const char *callee, const cvyi_helper *helper)
{
    char name[96];
    int n_spatial;

    if (helper != NULL) {
        for (size_t i = 0; i < cvyi_n_ops; i++)
            for (const cvyi_spelling *s = cvyi_all_words[i].torch;
                 s->dialect != NULL; s++)
                if (s->helper == helper && s->signature != NULL)
                    return s->signature;
        return NULL;
    }
    if (strncmp(callee, "nn.", 3) != 0 || strlen(callee) + 8 > sizeof name)
        return NULL;
    memcpy(name, "torch.", 6);
    memcpy(name + 6, callee, strlen(callee) + 1);

    const cvyi_spelling *const found =
        cvyi_spelling_find("torch", name, &n_spatial);

    return found != NULL ? found->signature : NULL;
}

static cvy_status name_default(const char **out, cvyi_torch_writer *w,
                               const cvyi_value *value)
{
    cvyi_text text = { 0 };

    if (value == NULL)
        return CVY_OK;
    cvyi_value_put(&text, value, NULL, NULL);
    *out = text.bad
               ? NULL
               : cvyi_arena_text(&w->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return *out != NULL ? CVY_OK : cvyi_no_memory(w->err);
}

/* The given argument of parameter `at`; NULL if it is left out. */
static const cvyi_code_arg *given(const cvyi_code_parts *parts,
                                  const cvyi_signature *signature, int at)
{
    for (int i = 0; i < parts->n; i++)
        if (parts->args[i].positional
                ? i == at
                : strcmp(parts->args[i].name,
                         signature->parameters[at].name) == 0)
            return &parts->args[i];
    return NULL;
}

/* Does the signature know every argument? */
static bool binds(const cvyi_code_parts *parts,
                  const cvyi_signature *signature)
{
    int found = 0;

    for (int i = 0; i < signature->n; i++) {
        if (signature->parameters[i].rest)
            return false;
        found += given(parts, signature, i) != NULL;
    }
    return found == parts->n;
}

cvy_status cvyi_code_split(cvyi_code_parts *out, cvyi_torch_writer *w,
                           const cvyi_said *said)
{
    cvyi_code_parts plain = { 0 }, bound = { 0 };
    cvyi_signature signature;
    const char *text;

    CVYI_TRY(split(&plain, w, cvyi_text_c(&said->code)));
    *out = plain;
    text = signature_of(plain.callee, said->helper);
    if (text == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_signature_parse(&signature, &w->arena, text, w->err));
    if (!binds(&plain, &signature))
        return CVY_OK;
    bound.callee = plain.callee;
    bound.known = true;
    for (int i = 0; i < signature.n; i++) {
        const cvyi_code_arg *const arg = given(&plain, &signature, i);
        cvyi_code_arg row = { .name = signature.parameters[i].name };

        row.value = arg != NULL ? arg->value : NULL;
        row.positional = arg != NULL && arg->positional;
        CVYI_TRY(
            name_default(&row.fallback, w, signature.parameters[i].fallback));
        CVYI_TRY(append(&bound, w, row));
    }
    *out = bound;
    return CVY_OK;
}
