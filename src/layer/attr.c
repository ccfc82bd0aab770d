/* layer/attr.c - one value of an attribute as text, and back. */
#include "layer/op.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- printing ---- */

static void print_border(cvyi_text *out, const cvyi_border *border, int n)
{
    if (border->rule == CVYI_BORDER_SAME) {
        cvyi_text_put(out, "same");
        return;
    }
    if (border->rule == CVYI_BORDER_CAUSAL) {
        cvyi_text_put(out, "causal");
        return;
    }
    cvyi_text_put(out, "[");
    for (int i = 0; i < n; i++)
        cvyi_text_printf(out, "%s%lld:%lld", i > 0 ? " " : "",
                         (long long)border->before[i],
                         (long long)border->after[i]);
    cvyi_text_put(out, "]");
}

static void print_list(cvyi_text *out, const cvyi_attr *attr,
                       const cvyi_attr_value *value)
{
    const char *const between = attr->kind == CVYI_ATTR_SIZES ? ", " : " ";

    cvyi_text_put(out, "[");
    for (int i = 0; i < value->n; i++) {
        if (i > 0)
            cvyi_text_put(out, between);
        if (attr->kind == CVYI_ATTR_INTS || attr->kind == CVYI_ATTR_MARKS)
            cvyi_text_printf(out, "%lld", (long long)value->ints[i]);
        else if (attr->kind == CVYI_ATTR_FLOATS)
            cvyi_text_double(out, value->reals[i]);
        else
            cvyi_size_print(out, value->sizes[i]);
    }
    cvyi_text_put(out, "]");
}

void cvyi_attr_print(cvyi_text *out, const cvyi_attr *attr,
                     const cvyi_attr_value *value)
{
    switch (attr->kind) {
    case CVYI_ATTR_INT:
    case CVYI_ATTR_AXIS:
    case CVYI_ATTR_PLACE:
        cvyi_text_printf(out, "%lld", (long long)value->ints[0]);
        break;
    case CVYI_ATTR_BOOL:
        cvyi_text_put(out, value->ints[0] != 0 ? "true" : "false");
        break;
    case CVYI_ATTR_FLOAT:
        cvyi_text_double(out, value->real);
        break;
    case CVYI_ATTR_WORD:
        cvyi_text_put(out, value->n > 0 ? value->word : "");
        break;
    case CVYI_ATTR_BORDER:
        print_border(out, &value->border, value->n);
        break;
    case CVYI_ATTR_INTS:
    case CVYI_ATTR_MARKS:
    case CVYI_ATTR_FLOATS:
    case CVYI_ATTR_SIZES:
        print_list(out, attr, value);
        break;
    }
}

/* ---- parsing: each reads from *at and moves it behind what it read ---- */

static const char *skip_blanks(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

static bool read_int(int64_t *out, const char **at)
{
    char *end;

    errno = 0;

    const long long value = strtoll(*at, &end, 10);

    if (end == *at || errno != 0)
        return false;
    *out = value;
    *at = end;
    return true;
}

static bool read_real(double *out, const char **at)
{
    char *end;
    const double value = strtod(*at, &end);

    if (end == *at)
        return false;
    *out = value;
    *at = end;
    return true;
}

static bool read_bool(cvyi_attr_value *out, const char **at)
{
    static const struct {
        const char *text;
        int64_t value;
    } forms[] = { { "true", 1 }, { "false", 0 }, { "1", 1 }, { "0", 0 } };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const size_t n = strlen(forms[i].text);

        if (strncmp(*at, forms[i].text, n) == 0) {
            out->ints[0] = forms[i].value;
            *at += n;
            return true;
        }
    }
    return false;
}

/* true if `words` (blanks between) holds the n bytes at `word`. */
static bool is_among(const char *words, const char *word, size_t n)
{
    for (const char *p = words; *p != '\0';) {
        const size_t size = strcspn(p, " ");

        if (size == n && memcmp(p, word, n) == 0)
            return true;
        p += size;
        p += strspn(p, " ");
    }
    return false;
}

static bool read_word(cvyi_attr_value *out, const char *words, const char **at,
                      cvyi_arena *arena)
{
    const size_t n = strcspn(*at, " ");

    if (n == 0 || words == NULL || !is_among(words, *at, n))
        return false;
    out->word = arena != NULL ? cvyi_arena_text(arena, *at, n) : *at;
    *at += n;
    return true;
}

static bool read_ints(cvyi_attr_value *out, const char **at)
{
    out->n = 0;
    if (**at != '[') {
        out->n = 1;
        return read_int(&out->ints[0], at);
    }
    for (*at = skip_blanks(*at + 1); **at != ']'; *at = skip_blanks(*at))
        if (out->n == CVYI_MAX_DIMS || !read_int(&out->ints[out->n++], at))
            return false;
    ++*at;
    return true;
}

static bool read_reals(cvyi_attr_value *out, const char **at,
                       cvyi_arena *arena)
{
    double *reals = NULL;
    int room = 0;

    out->n = 0;
    if (**at != '[')
        return false;
    for (*at = skip_blanks(*at + 1); **at != ']'; *at = skip_blanks(*at)) {
        if (arena == NULL)
            return false;
        reals = cvyi_arena_grow(arena, reals, out->n, &room, sizeof *reals);
        if (reals == NULL || !read_real(&reals[out->n++], at))
            return false;
    }
    ++*at;
    out->reals = reals;
    return true;
}

static bool read_sizes(cvyi_attr_value *out, const char **at,
                       cvyi_sizes *sizes)
{
    out->n = 0;
    if (**at != '[')
        return false;
    for (*at = skip_blanks(*at + 1); **at != ']'; *at = skip_blanks(*at)) {
        if (out->n == CVYI_MAX_DIMS || sizes == NULL)
            return false;
        if (out->n > 0) {
            if (**at != ',')
                return false;
            *at = skip_blanks(*at + 1);
        }
        out->sizes[out->n] = cvyi_size_parse(sizes, *at, at);
        if (out->sizes[out->n++] == NULL)
            return false;
    }
    ++*at;
    return true;
}

static bool read_border(cvyi_attr_value *out, const char **at)
{
    cvyi_border *const border = &out->border;

    if (strncmp(*at, "same", 4) == 0) {
        border->rule = CVYI_BORDER_SAME;
        *at += 4;
        return true;
    }
    if (strncmp(*at, "causal", 6) == 0) {
        border->rule = CVYI_BORDER_CAUSAL;
        *at += 6;
        return true;
    }
    if (**at != '[')
        return false;
    out->n = 0;
    for (*at = skip_blanks(*at + 1); **at != ']'; *at = skip_blanks(*at)) {
        const int i = out->n;

        if (i == CVYI_MAX_SPATIAL || !read_int(&border->before[i], at) ||
            *(*at)++ != ':' || !read_int(&border->after[i], at))
            return false;
        out->n++;
    }
    ++*at;
    return true;
}

static bool read_value(cvyi_attr_value *out, const cvyi_attr *attr,
                       const char **at, cvyi_arena *arena, cvyi_sizes *sizes)
{
    switch (attr->kind) {
    case CVYI_ATTR_INT:
    case CVYI_ATTR_AXIS:
    case CVYI_ATTR_PLACE:
        return read_int(&out->ints[0], at);
    case CVYI_ATTR_BOOL:
        return read_bool(out, at);
    case CVYI_ATTR_FLOAT:
        return read_real(&out->real, at);
    case CVYI_ATTR_WORD:
        return read_word(out, attr->words, at, arena);
    case CVYI_ATTR_BORDER:
        return read_border(out, at);
    case CVYI_ATTR_INTS:
    case CVYI_ATTR_MARKS:
        return read_ints(out, at);
    case CVYI_ATTR_FLOATS:
        return read_reals(out, at, arena);
    case CVYI_ATTR_SIZES:
        return read_sizes(out, at, sizes);
    }
    return false;
}

cvy_status cvyi_attr_parse(cvyi_attr_value *out, const cvyi_attr *attr,
                           const char *text, cvyi_arena *arena,
                           cvyi_sizes *sizes, cvy_error *err)
{
    cvyi_attr_value value = { .n = 1 };
    const char *at = text;

    if (!read_value(&value, attr, &at, arena, sizes) || *at != '\0')
        return cvyi_fail_in(err, CVY_FORMAT, attr->name,
                            "'%.60s' is no value of attribute %s", text,
                            attr->name);
    if (attr->kind == CVYI_ATTR_WORD && value.word == NULL)
        return cvyi_no_memory(err);
    *out = value;
    return CVY_OK;
}
