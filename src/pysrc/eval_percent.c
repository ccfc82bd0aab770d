/* pysrc/eval_percent.c - text % values and text.format(…). */
#include "pysrc/eval_format.h"

#include <ctype.h>

/* ---- text % values ---- */

typedef struct percent {
    cvyi_py_eval *eval;
    const cvyi_py_value *values; /* the right side */
    int used;                    /* of a tuple */
    bool mapped;                 /* by a name */
} percent;

static cvy_status next_value(cvyi_py_value *out, percent *from, cvy_error *err)
{
    const cvyi_py_value *const values = from->values;
    const bool tuple = values->type == CVYI_PY_V_TUPLE;

    if (from->used >= (tuple ? values->seq->n : 1))
        return cvyi_py_throw(from->eval, err, "TypeError",
                             "not enough arguments for format string");
    *out = tuple ? values->seq->items[from->used] : *values;
    from->used++;
    return out->type == CVYI_PY_V_OPAQUE
               ? cvyi_py_refuse_opaque(from->eval, out, err)
               : CVY_OK;
}

static cvy_status mapped_value(cvyi_py_value *out, percent *from,
                               const char **p, cvy_error *err)
{
    const char *const end = strchr(*p, ')');
    cvyi_py_value name;

    if (end == NULL || memchr(*p, '(', (size_t)(end - *p)) != NULL)
        return cvyi_py_refuse(from->eval, err,
                              "the name in a format with %% is not closed");
    if (from->values->type != CVYI_PY_V_DICT)
        return cvyi_py_throw(from->eval, err, "TypeError",
                             "format requires a mapping");
    CVYI_TRY(
        cvyi_py_make_text(&name, from->eval, *p, (size_t)(end - *p), err));
    from->mapped = true;
    *p = end + 1;
    CVYI_TRY(cvyi_py_get_item(out, from->eval, from->values, &name, err));
    return out->type == CVYI_PY_V_OPAQUE
               ? cvyi_py_refuse_opaque(from->eval, out, err)
               : CVY_OK;
}

static cvy_status read_count(int *out, percent *from, const char **p,
                             cvy_error *err)
{
    cvyi_py_value value;
    int64_t n = 0;

    if (**p == '*') {
        ++*p;
        CVYI_TRY(next_value(&value, from, err));
        CVYI_TRY(cvyi_py_need_int(&n, from->eval, &value, "*", err));
    }
    for (; isdigit((unsigned char)**p) && n < 10000; ++*p)
        n = n * 10 + (**p - '0');
    if (n < 0 || n >= 300)
        return cvyi_py_refuse(from->eval, err,
                              "a width or precision above 300");
    *out = (int)n;
    return CVY_OK;
}

static void read_flags(cvyi_py_spec *spec, const char **p)
{
    bool left = false;

    for (; **p != '\0' && strchr("#0- +", **p) != NULL; ++*p) {
        if (**p == '#')
            spec->alternate = true;
        else if (**p == '-')
            left = true;
        else if (**p == '0')
            strcpy(spec->fill, "0");
        else if (spec->sign != '+')
            spec->sign = **p;
    }
    spec->align = left ? '<' : spec->fill[0] != '\0' ? '=' : '>';
    if (left)
        spec->fill[0] = '\0';
}

static cvy_status put_number(cvyi_text *out, percent *from, cvyi_py_spec *spec,
                             const cvyi_py_value *value, cvy_error *err)
{
    const bool whole = strchr("diuoxX", spec->type) != NULL;
    cvyi_py_value integer = *value;
    int64_t n;
    double real;

    if (!cvyi_py_is_number(value))
        return value->type == CVYI_PY_V_HOST ||
                       value->type == CVYI_PY_V_INSTANCE
                   ? cvyi_py_refuse(from->eval, err, "a format of %s",
                                    cvyi_py_describe(from->eval, value))
                   : cvyi_py_throw(from->eval, err, "TypeError",
                                   "%%%c needs a number, not %s", spec->type,
                                   cvyi_py_describe(from->eval, value));
    if (!whole) {
        (void)cvyi_py_as_double(&real, value);
        if (spec->precision < 0)
            spec->precision = 6;
        return cvyi_py_put_float(out, from->eval, spec, real, err);
    }
    if (value->type == CVYI_PY_V_FLOAT && strchr("oxX", spec->type) != NULL)
        return cvyi_py_throw(from->eval, err, "TypeError", "%%%c needs an int",
                             spec->type);
    if (value->type == CVYI_PY_V_FLOAT)
        CVYI_TRY(cvyi_py_float_to_int(&integer, from->eval, value->real, err));
    if (spec->precision >= 0)
        return cvyi_py_refuse(from->eval, err, "a precision of an int");
    if (strchr("diu", spec->type) != NULL)
        spec->type = 'd';
    (void)cvyi_py_as_int(&n, &integer);
    return cvyi_py_put_int(out, from->eval, spec, n, err);
}

static cvy_status put_text(cvyi_text *out, percent *from, cvyi_py_spec *spec,
                           const cvyi_py_value *value, cvy_error *err)
{
    cvyi_text text = { 0 };
    cvyi_py_value made;
    cvy_status status = spec->type == 'r'
                            ? cvyi_py_put_repr(&text, from->eval, value, err)
                            : cvyi_py_put_str(&text, from->eval, value, err);

    if (status != CVY_OK) {
        cvyi_text_close(&text);
        return status;
    }
    CVYI_TRY(cvyi_py_make_gathered(&made, from->eval, &text, err));
    if (spec->align == '=')
        spec->align = '>';
    spec->fill[0] = '\0';
    return cvyi_py_put_cut(out, from->eval, spec, made.text, err);
}

/* What follows a percent sign. */
static cvy_status put_field(cvyi_text *out, percent *from, const char **p,
                            cvy_error *err)
{
    cvyi_py_spec spec = { .precision = -1 };
    cvyi_py_value value = cvyi_py_none();
    const bool named = **p == '(';

    if (named) {
        ++*p;
        CVYI_TRY(mapped_value(&value, from, p, err));
    }
    read_flags(&spec, p);
    CVYI_TRY(read_count(&spec.width, from, p, err));
    if (**p == '.') {
        ++*p;
        CVYI_TRY(read_count(&spec.precision, from, p, err));
    }
    spec.type = **p;
    if (spec.type == '\0')
        return cvyi_py_throw(from->eval, err, "ValueError",
                             "incomplete format");
    ++*p;
    if (spec.type == '%') {
        cvyi_text_put(out, "%");
        return CVY_OK;
    }
    if (strchr("diuoxXeEfFgGsr", spec.type) == NULL)
        return cvyi_py_refuse(from->eval, err, "the format %%%c", spec.type);
    if (!named)
        CVYI_TRY(next_value(&value, from, err));
    return strchr("sr", spec.type) != NULL
               ? put_text(out, from, &spec, &value, err)
               : put_number(out, from, &spec, &value, err);
}

static cvy_status put_percent(cvyi_text *out, percent *from, const char *p,
                              cvy_error *err)
{
    const cvyi_py_type type = from->values->type;

    while (*p != '\0') {
        const size_t n = strcspn(p, "%");

        cvyi_text_add(out, p, n);
        p += n;
        if (*p == '\0')
            break;
        p++;
        CVYI_TRY(cvyi_py_tick(from->eval, 1, err));
        CVYI_TRY(put_field(out, from, &p, err));
    }
    if (type == CVYI_PY_V_TUPLE
            ? from->used < from->values->seq->n
            : from->used == 0 && !from->mapped && type != CVYI_PY_V_DICT &&
                  type != CVYI_PY_V_LIST)
        return cvyi_py_throw(from->eval, err, "TypeError",
                             "not all arguments converted during string "
                             "formatting");
    return CVY_OK;
}

cvy_status cvyi_py_percent(cvyi_py_value *out, cvyi_py_eval *eval,
                           const char *format, const cvyi_py_value *values,
                           cvy_error *err)
{
    percent from = { .eval = eval, .values = values };
    cvyi_text text = { 0 };
    const cvy_status status = put_percent(&text, &from, format, err);

    if (status != CVY_OK) {
        cvyi_text_close(&text);
        return status;
    }
    return cvyi_py_make_gathered(out, eval, &text, err);
}

/* ---- text.format(…) ---- */

typedef struct fields {
    cvyi_py_eval *eval;
    const cvyi_py_call_args *args;
    int next; /* place of the next {} */
} fields;

static cvy_status argument(cvyi_py_value *out, fields *from, const char *name,
                           size_t n, cvy_error *err)
{
    int64_t at = 0;

    if (n == 0)
        at = from->next++;
    for (size_t i = 0; i < n; i++) {
        if (!isdigit((unsigned char)name[i])) {
            at = -1;
            break;
        }
        at = at > 100000 ? at : at * 10 + (name[i] - '0');
    }
    if (at >= from->args->n)
        return cvyi_py_throw(from->eval, err, "IndexError",
                             "format has no argument %lld", (long long)at);
    if (at >= 0) {
        *out = from->args->values[at];
        return CVY_OK;
    }
    for (int i = 0; i < from->args->n_keywords; i++)
        if (strncmp(from->args->keywords[i], name, n) == 0 &&
            from->args->keywords[i][n] == '\0') {
            *out = from->args->keyword_values[i];
            return CVY_OK;
        }
    return cvyi_py_throw(from->eval, err, "KeyError", "'%.*s'",
                         n < 60 ? (int)n : 60, name);
}

/* `.name` and `[index]` behind the argument's name. */
static cvy_status follow(cvyi_py_value *value, fields *from, const char *p,
                         const char *end, cvy_error *err)
{
    while (p < end) {
        const bool item = *p++ == '[';
        size_t n = 0;
        cvyi_py_value name;

        while (p + n < end &&
               (item ? p[n] != ']' : strchr(".[", p[n]) == NULL))
            n++;
        CVYI_TRY(cvyi_py_make_text(&name, from->eval, p, n, err));
        p += n + (item && p + n < end);
        if (item && n > 0 && n < 10 && strspn(name.text, "0123456789") == n) {
            int64_t at = 0;

            for (size_t i = 0; i < n; i++)
                at = at * 10 + (name.text[i] - '0');
            name = cvyi_py_int(at);
        }
        CVYI_TRY(
            item ? cvyi_py_get_item(value, from->eval, value, &name, err)
                 : cvyi_py_eval_get(value, from->eval, value, name.text, err));
    }
    return CVY_OK;
}

static cvy_status put_fields(cvyi_text *out, fields *from, const char *p,
                             const char *end, int depth, cvy_error *err);

/* As repr() or str() says it, where the field has !r or !s. */
static cvy_status convert(cvyi_py_value *value, fields *from, char how,
                          cvy_error *err)
{
    cvyi_text text = { 0 };
    cvy_status status;

    if (how == '\0')
        return CVY_OK;
    if (how != 'r' && how != 's')
        return cvyi_py_refuse(from->eval, err, "the conversion !%c", how);
    status = how == 'r' ? cvyi_py_put_repr(&text, from->eval, value, err)
                        : cvyi_py_put_str(&text, from->eval, value, err);
    if (status != CVY_OK) {
        cvyi_text_close(&text);
        return status;
    }
    return cvyi_py_make_gathered(value, from->eval, &text, err);
}

/* "name!r:spec", without its braces. */
static cvy_status put_one(cvyi_text *out, fields *from, const char *p,
                          const char *end, int depth, cvy_error *err)
{
    const char *colon = memchr(p, ':', (size_t)(end - p));
    const char *const head = colon != NULL ? colon : end;
    const char *const bang = memchr(p, '!', (size_t)(head - p));
    const char *const name = bang != NULL ? bang : head;
    size_t n = 0;
    cvyi_text spec = { 0 };
    cvyi_py_value value, text;
    cvy_status status;

    while (p + n < name && p[n] != '.' && p[n] != '[')
        n++;
    CVYI_TRY(argument(&value, from, p, n, err));
    CVYI_TRY(follow(&value, from, p + n, name, err));
    CVYI_TRY(convert(&value, from,
                     bang != NULL && bang + 1 < head ? bang[1]
                     : bang != NULL                  ? '?'
                                                     : '\0',
                     err));
    if (colon == NULL)
        return cvyi_py_put_format(out, from->eval, &value, "", err);
    status = put_fields(&spec, from, colon + 1, end, depth + 1, err);
    if (status != CVY_OK) {
        cvyi_text_close(&spec);
        return status;
    }
    CVYI_TRY(cvyi_py_make_gathered(&text, from->eval, &spec, err));
    return cvyi_py_put_format(out, from->eval, &value, text.text, err);
}

static const char *closing(const char *p, const char *end)
{
    for (int depth = 1; p < end; p++) {
        depth += (*p == '{') - (*p == '}');
        if (depth == 0)
            return p;
    }
    return NULL;
}

static cvy_status put_fields(cvyi_text *out, fields *from, const char *p,
                             const char *end, int depth, cvy_error *err)
{
    if (depth > 1)
        return cvyi_py_throw(from->eval, err, "ValueError",
                             "Max string recursion exceeded");
    while (p < end) {
        const bool brace = *p == '{' || *p == '}';

        CVYI_TRY(cvyi_py_tick(from->eval, 1, err));
        if (!brace || (depth == 0 && p + 1 < end && p[1] == *p)) {
            cvyi_text_add(out, p, 1);
            p += brace ? 2 : 1;
            continue;
        }

        const char *const close = *p == '{' ? closing(p + 1, end) : NULL;

        if (close == NULL)
            return cvyi_py_throw(from->eval, err, "ValueError",
                                 "a single brace in a format");
        CVYI_TRY(put_one(out, from, p + 1, close, depth, err));
        p = close + 1;
    }
    return CVY_OK;
}

cvy_status cvyi_py_str_format(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    fields from = { .eval = eval, .args = given->args };
    const char *const text = given->self->text;
    cvyi_text made = { 0 };
    const cvy_status status =
        put_fields(&made, &from, text, text + strlen(text), 0, err);

    if (status != CVY_OK) {
        cvyi_text_close(&made);
        return status;
    }
    return cvyi_py_make_gathered(out, eval, &made, err);
}
