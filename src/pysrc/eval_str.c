/* pysrc/eval_str.c - methods of texts. */
#include "pysrc/eval_builtins.h"

#include <ctype.h>

static cvy_status need_ascii(cvyi_py_eval *eval, const char *text,
                             cvy_error *err)
{
    CVYI_TRY(cvyi_py_tick(eval, 1 + (int64_t)(strlen(text) / 64), err));
    return cvyi_py_is_ascii(text)
               ? CVY_OK
               : cvyi_py_refuse(eval, err, "letters beyond ASCII");
}

/* ---- case ---- */

typedef int letter_fn(int c, bool first, bool word);

static int to_lower(int c, bool first, bool word)
{
    (void)first;
    (void)word;
    return tolower(c);
}

static int to_upper(int c, bool first, bool word)
{
    (void)first;
    (void)word;
    return toupper(c);
}

static int to_capital(int c, bool first, bool word)
{
    (void)word;
    return first ? toupper(c) : tolower(c);
}

static int to_title(int c, bool first, bool word)
{
    (void)first;
    return word ? toupper(c) : tolower(c);
}

static cvy_status recase(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *text, letter_fn *letter, cvy_error *err)
{
    cvyi_py_value made;
    bool word = true;

    CVYI_TRY(need_ascii(eval, text, err));
    CVYI_TRY(cvyi_py_make_text(&made, eval, text, strlen(text), err));

    char *const p = (char *)(uintptr_t)made.text; /* just made, ours */

    for (size_t i = 0; p[i] != '\0'; i++) {
        const int c = (unsigned char)p[i];

        p[i] = (char)letter(c, i == 0, word);
        word = !isalpha(c);
    }
    *out = made;
    return CVY_OK;
}

cvy_status cvyi_py_s_lower(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return recase(out, eval, given->self->text, to_lower, err);
}

cvy_status cvyi_py_s_upper(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return recase(out, eval, given->self->text, to_upper, err);
}

cvy_status cvyi_py_s_capitalize(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    return recase(out, eval, given->self->text, to_capital, err);
}

cvy_status cvyi_py_s_title(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return recase(out, eval, given->self->text, to_title, err);
}

/* ---- kinds of characters ---- */

static cvy_status every(cvyi_py_value *out, cvyi_py_eval *eval,
                        const char *text, int (*is)(int), cvy_error *err)
{
    bool all = text[0] != '\0';

    CVYI_TRY(need_ascii(eval, text, err));
    for (; *text != '\0'; text++)
        all = all && is((unsigned char)*text);
    *out = cvyi_py_bool(all);
    return CVY_OK;
}

cvy_status cvyi_py_s_isdigit(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    return every(out, eval, given->self->text, isdigit, err);
}

cvy_status cvyi_py_s_isalpha(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    return every(out, eval, given->self->text, isalpha, err);
}

/* At least one letter, and none of the other case. */
static cvy_status one_case(cvyi_py_value *out, cvyi_py_eval *eval,
                           const char *text, int (*is)(int), int (*other)(int),
                           cvy_error *err)
{
    bool any = false, none = true;

    CVYI_TRY(need_ascii(eval, text, err));
    for (; *text != '\0'; text++) {
        any = any || is((unsigned char)*text);
        none = none && !other((unsigned char)*text);
    }
    *out = cvyi_py_bool(any && none);
    return CVY_OK;
}

cvy_status cvyi_py_s_islower(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    return one_case(out, eval, given->self->text, islower, isupper, err);
}

cvy_status cvyi_py_s_isupper(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    return one_case(out, eval, given->self->text, isupper, islower, err);
}

/* ---- looking for parts ---- */

static const char *last_of(const char *text, const char *part)
{
    const char *found = NULL;

    if (part[0] == '\0')
        return text + strlen(text);
    for (const char *p = text; (p = strstr(p, part)) != NULL; p++)
        found = p;
    return found;
}

static cvy_status find(int64_t *out, cvyi_py_eval *eval,
                       const cvyi_py_given *given, bool last, cvy_error *err)
{
    const char *const text = given->self->text;
    const char *part, *found;
    int64_t at = 0;

    CVYI_TRY(cvyi_py_need_text(&part, eval, given->at[0], "a part", err));
    CVYI_TRY(cvyi_py_tick(eval, 1 + (int64_t)(strlen(text) / 16), err));
    found = last ? last_of(text, part) : strstr(text, part);
    for (const char *p = text; found != NULL && p < found; at++)
        p = cvyi_py_text_at(p, 1);
    *out = found != NULL ? at : -1;
    return CVY_OK;
}

cvy_status cvyi_py_s_find(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    int64_t at;

    CVYI_TRY(find(&at, eval, given, false, err));
    *out = cvyi_py_int(at);
    return CVY_OK;
}

cvy_status cvyi_py_s_rfind(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    int64_t at;

    CVYI_TRY(find(&at, eval, given, true, err));
    *out = cvyi_py_int(at);
    return CVY_OK;
}

cvy_status cvyi_py_s_index(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    int64_t at;

    CVYI_TRY(find(&at, eval, given, false, err));
    if (at < 0)
        return cvyi_py_throw(eval, err, "ValueError", "substring not found");
    *out = cvyi_py_int(at);
    return CVY_OK;
}

cvy_status cvyi_py_s_count(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const char *part, *p = given->self->text;
    int64_t n = 0;

    CVYI_TRY(cvyi_py_need_text(&part, eval, given->at[0], "a part", err));
    CVYI_TRY(cvyi_py_tick(eval, 1 + (int64_t)(strlen(p) / 16), err));
    if (part[0] == '\0')
        n = cvyi_py_text_length(p) + 1;
    else
        for (; (p = strstr(p, part)) != NULL; p += strlen(part))
            n++;
    *out = cvyi_py_int(n);
    return CVY_OK;
}

static bool has_part(const char *text, const char *part, bool end)
{
    const size_t n = strlen(text), m = strlen(part);

    return m <= n && memcmp(end ? text + n - m : text, part, m) == 0;
}

static cvy_status begins_or_ends(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_given *given, bool end,
                                 cvy_error *err)
{
    const cvyi_py_value *const of = given->at[0];
    const bool tuple = of->type == CVYI_PY_V_TUPLE;
    bool found = false;

    for (int i = 0; !found && i < (tuple ? of->seq->n : 1); i++) {
        const char *part;

        CVYI_TRY(cvyi_py_need_text(
            &part, eval, tuple ? &of->seq->items[i] : of, "a part", err));
        found = has_part(given->self->text, part, end);
    }
    *out = cvyi_py_bool(found);
    return CVY_OK;
}

cvy_status cvyi_py_s_startswith(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    return begins_or_ends(out, eval, given, false, err);
}

cvy_status cvyi_py_s_endswith(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    return begins_or_ends(out, eval, given, true, err);
}

static cvy_status remove_part(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, bool end,
                              cvy_error *err)
{
    const char *const text = given->self->text;
    const char *part;
    size_t m = 0;

    CVYI_TRY(cvyi_py_need_text(&part, eval, given->at[0], "a part", err));
    if (has_part(text, part, end))
        m = strlen(part);
    return cvyi_py_make_text(out, eval, end ? text : text + m,
                             strlen(text) - m, err);
}

cvy_status cvyi_py_s_removeprefix(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_given *given, cvy_error *err)
{
    return remove_part(out, eval, given, false, err);
}

cvy_status cvyi_py_s_removesuffix(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_given *given, cvy_error *err)
{
    return remove_part(out, eval, given, true, err);
}

/* ---- stripping ---- */

static cvy_status strip(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, bool left, bool right,
                        cvy_error *err)
{
    const cvyi_py_value *const which = given->at[0];
    const char *set = " \t\n\r\f\v\x1c\x1d\x1e\x1f";
    const char *p = given->self->text;
    size_t n = strlen(p);

    if (which != NULL && which->type != CVYI_PY_V_NONE)
        CVYI_TRY(
            cvyi_py_need_text(&set, eval, which, "what is stripped", err));
    CVYI_TRY(need_ascii(eval, set, err));
    if (which == NULL)
        CVYI_TRY(need_ascii(eval, p, err));
    while (left && n > 0 && strchr(set, *p) != NULL) {
        p++;
        n--;
    }
    while (right && n > 0 && strchr(set, p[n - 1]) != NULL)
        n--;
    return cvyi_py_make_text(out, eval, p, n, err);
}

cvy_status cvyi_py_s_strip(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return strip(out, eval, given, true, true, err);
}

cvy_status cvyi_py_s_lstrip(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    return strip(out, eval, given, true, false, err);
}

cvy_status cvyi_py_s_rstrip(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    return strip(out, eval, given, false, true, err);
}
