/*
 * read/python/std/preset.c - values from outside of the script:
 * --set NAME=VALUE.
 *
 * A value is a number, True, False or None, or a list or tuple of values, as
 * Python spells them; anything else is a text.
 */
#include "read/python/std/preset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 8, LONGEST = 256 };

typedef struct reading {
    cvyi_py_eval *eval;
    const char *at;
    int depth;
    bool fits; /* so far it is a list as Python spells them */
} reading;

static void skip_spaces(reading *r)
{
    r->at += strspn(r->at, " ");
}

/* 'same' without its quotes, same as it stands. */
static cvy_status read_text(cvyi_py_value *out, const reading *r, size_t n,
                            cvy_error *err)
{
    const char *const text = r->at;
    const bool quoted =
        n > 1 && (*text == '\'' || *text == '"') && text[n - 1] == *text;

    return cvyi_py_make_text(out, r->eval, text + quoted,
                             n - 2 * (size_t)quoted, err);
}

static cvy_status read_word(cvyi_py_value *out, const reading *r, size_t n,
                            cvy_error *err)
{
    const char *const word = cvyi_arena_text(cvyi_py_arena(r->eval), r->at, n);
    char *end;
    long long whole;
    double real;

    if (word == NULL)
        return cvyi_no_memory(err);
    errno = 0;
    whole = strtoll(word, &end, 10);
    if (n > 0 && *end == '\0' && errno == 0) {
        *out = cvyi_py_int(whole);
        return CVY_OK;
    }
    real = strtod(word, &end);
    if (n > 0 && *end == '\0')
        *out = cvyi_py_float(real);
    else if (strcmp(word, "True") == 0 || strcmp(word, "False") == 0)
        *out = cvyi_py_bool(*word == 'T');
    else if (strcmp(word, "None") == 0)
        *out = cvyi_py_none();
    else
        return read_text(out, r, n, err);
    return CVY_OK;
}

static cvy_status read_item(cvyi_py_value *out, reading *r, cvy_error *err);

/* [3, 4, 5], (3, 4), ("same",) */
static cvy_status read_list(cvyi_py_value *out, reading *r, cvy_error *err)
{
    const bool list = *r->at == '[';
    const char close = list ? ']' : ')';
    cvyi_py_value items[LONGEST];
    int n = 0;

    for (r->at++, skip_spaces(r); r->fits && *r->at != close;) {
        r->fits = n < LONGEST;
        if (r->fits)
            CVYI_TRY(read_item(&items[n++], r, err));
        skip_spaces(r);
        r->fits = r->fits && (*r->at == ',' || *r->at == close);
        r->at += r->fits && *r->at == ',';
        skip_spaces(r);
    }
    if (!r->fits)
        return CVY_OK;
    r->at++;
    return cvyi_py_make_seq(
        out, r->eval, list ? CVYI_PY_V_LIST : CVYI_PY_V_TUPLE, items, n, err);
}

static cvy_status read_item(cvyi_py_value *out, reading *r, cvy_error *err)
{
    size_t n = strcspn(r->at, ",])");
    cvy_status status = CVY_OK;

    if (*r->at == '[' || *r->at == '(') {
        r->fits = ++r->depth <= DEEPEST;
        if (r->fits)
            status = read_list(out, r, err);
        r->depth--;
        return status;
    }
    while (n > 0 && r->at[n - 1] == ' ')
        n--;
    r->fits = n > 0;
    status = read_word(out, r, n, err);
    r->at += n;
    return status;
}

static cvy_status read_value(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *text, cvy_error *err)
{
    reading r = { .eval = eval, .at = text, .fits = true };

    if (*text == '[' || *text == '(') {
        CVYI_TRY(read_item(out, &r, err));
        skip_spaces(&r);
        if (r.fits && *r.at == '\0')
            return CVY_OK;
    }
    r.at = text;
    return read_word(out, &r, strlen(text), err);
}

cvy_status cvyi_python_preset(cvyi_py_value *out, bool *found,
                              cvyi_py_eval *eval, const char *const *sets,
                              int n_sets, const char *name, cvy_error *err)
{
    const size_t n = strlen(name);

    *found = false;
    for (int i = 0; i < n_sets; i++)
        if (strncmp(sets[i], name, n) == 0 && sets[i][n] == '=') {
            *found = true;
            return read_value(out, eval, sets[i] + n + 1, err);
        }
    return CVY_OK;
}
