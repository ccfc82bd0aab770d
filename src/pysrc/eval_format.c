/* pysrc/eval_format.c - format(): numbers and texts to a specification. */
#include "pysrc/eval_format.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_PRECISION = 300, MOST_WIDTH = 1000 * 1000 };

/* ---- the specification ---- */

static bool is_align(char c)
{
    return c != '\0' && strchr("<>^=", c) != NULL;
}

static cvy_status read_number(int *out, const char **p, cvyi_py_eval *eval,
                              int most, cvy_error *err)
{
    int n = 0;

    for (; isdigit((unsigned char)**p); ++*p) {
        n = n * 10 + (**p - '0');
        if (n > most)
            return cvyi_py_refuse(eval, err, "a width or precision above %d",
                                  most);
    }
    *out = n;
    return CVY_OK;
}

static const char *read_align(cvyi_py_spec *out, const char *p)
{
    const char *const second = cvyi_py_text_at(p, 1);

    if (*p != '\0' && is_align(*second) && second - p < 8) {
        memcpy(out->fill, p, (size_t)(second - p));
        out->align = *second;
        return second + 1;
    }
    if (is_align(*p))
        out->align = *p++;
    return p;
}

static cvy_status read_spec(cvyi_py_spec *out, cvyi_py_eval *eval,
                            const char *text, bool *zero, cvy_error *err)
{
    const char *p = read_align(out, text);

    out->precision = -1;
    if (*p == '+' || *p == '-' || *p == ' ') {
        out->sign = *p++;
    }
    if (*p == '#') {
        out->alternate = true;
        p++;
    }
    *zero = *p == '0';
    if (*zero && out->align == '\0') {
        strcpy(out->fill, "0");
        out->align = '=';
    } else if (*zero && out->fill[0] == '\0') {
        strcpy(out->fill, "0");
    }
    CVYI_TRY(read_number(&out->width, &p, eval, MOST_WIDTH, err));
    if (*p == ',' || *p == '_')
        out->group = *p++;
    if (*p == '.') {
        p++;
        if (!isdigit((unsigned char)*p))
            return cvyi_py_throw(eval, err, "ValueError",
                                 "Format specifier missing precision");
        CVYI_TRY(read_number(&out->precision, &p, eval, MOST_PRECISION, err));
    }
    if (*p != '\0')
        out->type = *p++;
    if (*p != '\0')
        return cvyi_py_throw(eval, err, "ValueError",
                             "Invalid format specifier '%.60s'", text);
    if (out->group != '\0' && *zero)
        return cvyi_py_refuse(eval, err,
                              "a format with zeros and groups of digits");
    return CVY_OK;
}

/* ---- padding ---- */

static void put_fill(cvyi_text *out, const char *fill, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        cvyi_text_put(out, fill[0] != '\0' ? fill : " ");
}

cvy_status cvyi_py_put_padded(cvyi_text *out, cvyi_py_eval *eval,
                              const cvyi_py_spec *spec, char align,
                              const char *prefix, const char *body,
                              cvy_error *err)
{
    const int64_t length =
        cvyi_py_text_length(prefix) + cvyi_py_text_length(body);
    const int64_t pad = spec->width > length ? spec->width - length : 0;
    const char how = spec->align != '\0' ? spec->align : align;
    const int64_t left = how == '>' ? pad : how == '^' ? pad / 2 : 0;

    CVYI_TRY(
        cvyi_py_room(eval, out->size + (size_t)(length + 8 * pad), 1, err));
    CVYI_TRY(cvyi_py_tick(eval, 1 + pad / 16, err));
    put_fill(out, spec->fill, left);
    cvyi_text_put(out, prefix);
    put_fill(out, spec->fill, how == '=' ? pad : 0);
    cvyi_text_put(out, body);
    put_fill(out, spec->fill, how == '=' ? 0 : pad - left);
    return CVY_OK;
}

/* Digits before the first that is none, in groups from the right. */
static void put_grouped(cvyi_text *out, const char *digits, char group,
                        size_t size)
{
    const size_t n = strspn(digits, "0123456789abcdefABCDEF");

    for (size_t i = 0; i < n; i++) {
        if (group != '\0' && i > 0 && (n - i) % size == 0)
            cvyi_text_add(out, &group, 1);
        cvyi_text_add(out, &digits[i], 1);
    }
    cvyi_text_put(out, digits + n);
}

static cvy_status put_signed(cvyi_text *out, cvyi_py_eval *eval,
                             const cvyi_py_spec *spec, bool negative,
                             const char *base, const char *digits,
                             size_t group, cvy_error *err)
{
    const char plus = spec->sign != '-' ? spec->sign : '\0';
    const char sign[] = { negative ? '-' : plus, '\0' };
    char prefix[4] = "";
    cvyi_text grouped = { 0 };
    cvy_status status;

    snprintf(prefix, sizeof prefix, "%s%s", sign, base);
    put_grouped(&grouped, digits, spec->group, group);
    status = cvyi_text_status(&grouped, err);
    if (status == CVY_OK)
        status = cvyi_py_put_padded(out, eval, spec, '>', prefix,
                                    cvyi_text_c(&grouped), err);
    cvyi_text_close(&grouped);
    return status;
}

/* ---- ints ---- */

static void digits_of(char out[72], uint64_t value, unsigned base, bool upper)
{
    const char *const digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char turned[72];
    int n = 0;

    do
        turned[n++] = digits[value % base];
    while ((value /= base) > 0);
    for (int i = 0; i < n; i++)
        out[i] = turned[n - 1 - i];
    out[n] = '\0';
}

cvy_status cvyi_py_put_int(cvyi_text *out, cvyi_py_eval *eval,
                           const cvyi_py_spec *spec, int64_t value,
                           cvy_error *err)
{
    const uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    const char base[] = { '0', spec->type, '\0' };
    unsigned radix = 10;
    char digits[72];

    if (spec->type == 'b')
        radix = 2;
    else if (spec->type == 'o')
        radix = 8;
    else if (spec->type == 'x' || spec->type == 'X')
        radix = 16;
    digits_of(digits, size, radix, spec->type == 'X');
    if (spec->group == ',' && radix != 10)
        return cvyi_py_throw(eval, err, "ValueError",
                             "Cannot specify ',' with '%c'", spec->type);
    return put_signed(out, eval, spec, value < 0,
                      spec->alternate && radix != 10 ? base : "", digits,
                      radix == 10 ? 3 : 4, err);
}

/* ---- floats ---- */

static void strip_zeros(char *digits)
{
    char *const dot = strchr(digits, '.');
    char *const e = strpbrk(digits, "eE");
    char *end = e != NULL ? e : digits + strlen(digits);
    char *const tail = end;

    if (dot == NULL)
        return;
    while (end[-1] == '0')
        end--;
    if (end[-1] == '.')
        end--;
    memmove(end, tail, strlen(tail) + 1);
}

/* No type but a precision: as 'g', always with a point if not with an
 * exponent. */
static void general(char *out, size_t size, double value, int precision)
{
    const int digits = precision > 0 ? precision : 1;
    int exponent;

    snprintf(out, size, "%.*e", digits - 1, value);
    exponent = atoi(strchr(out, 'e') + 1);
    if (exponent < -4 || exponent > digits - 2) {
        strip_zeros(out);
        return;
    }
    snprintf(out, size, "%.*f", digits - 1 - exponent, value);
    strip_zeros(out);
    if (strchr(out, '.') == NULL)
        strncat(out, ".0", 3);
}

static void print_float(char *out, size_t size, const cvyi_py_spec *spec,
                        double value)
{
    const int precision = spec->precision >= 0 ? spec->precision : 6;

    switch (spec->type) {
    case 'e':
        snprintf(out, size, "%.*e", precision, value);
        return;
    case 'E':
        snprintf(out, size, "%.*E", precision, value);
        return;
    case 'g':
        snprintf(out, size, "%.*g", precision, value);
        return;
    case 'G':
        snprintf(out, size, "%.*G", precision, value);
        return;
    default: /* f, F, % */
        snprintf(out, size, "%.*f", precision, value);
        return;
    }
}

cvy_status cvyi_py_put_float(cvyi_text *out, cvyi_py_eval *eval,
                             const cvyi_py_spec *spec, double value,
                             cvy_error *err)
{
    const double size = fabs(value) * (spec->type == '%' ? 100 : 1);
    const bool upper =
        spec->type != '\0' && isupper((unsigned char)spec->type);
    char digits[MOST_PRECISION + 340];
    cvyi_text text = { 0 };
    cvy_status status;

    if (spec->alternate)
        return cvyi_py_refuse(eval, err, "a format of a float with #");
    if (!isfinite(size))
        strcpy(digits, isnan(size) ? (upper ? "NAN" : "nan")
                                   : (upper ? "INF" : "inf"));
    else if (spec->type != '\0')
        print_float(digits, sizeof digits, spec, size);
    else if (spec->precision >= 0)
        general(digits, sizeof digits, size, spec->precision);
    else
        cvyi_text_double(&text, size);
    if (spec->type == '%')
        strncat(digits, "%", 2);
    status = cvyi_text_status(&text, err);
    if (status == CVY_OK)
        status = put_signed(out, eval, spec, signbit(value) && !isnan(value),
                            "", text.size > 0 ? text.bytes : digits, 3, err);
    cvyi_text_close(&text);
    return status;
}

/* ---- texts ---- */

cvy_status cvyi_py_put_cut(cvyi_text *out, cvyi_py_eval *eval,
                           const cvyi_py_spec *spec, const char *text,
                           cvy_error *err)
{
    cvyi_py_value cut = cvyi_py_text_value(text);

    if (spec->precision >= 0)
        CVYI_TRY(cvyi_py_make_text(
            &cut, eval, text,
            (size_t)(cvyi_py_text_at(text, spec->precision) - text), err));
    return cvyi_py_put_padded(out, eval, spec, '<', "", cut.text, err);
}

static cvy_status wrong_type(cvyi_py_eval *eval, const cvyi_py_value *value,
                             const char *spec, cvy_error *err)
{
    return cvyi_py_throw(eval, err, "ValueError",
                         "format '%.60s' does not fit %s", spec,
                         cvyi_py_describe(eval, value));
}

static cvy_status put_text_spec(cvyi_text *out, cvyi_py_eval *eval,
                                const cvyi_py_value *value,
                                const cvyi_py_spec *spec, bool zero,
                                const char *text, cvy_error *err)
{
    if (zero)
        return cvyi_py_refuse(eval, err, "a text is padded with zeros");
    if ((spec->type != '\0' && spec->type != 's') || spec->sign != '\0' ||
        spec->alternate || spec->group != '\0' || spec->align == '=')
        return wrong_type(eval, value, text, err);
    return cvyi_py_put_cut(out, eval, spec, value->text, err);
}

cvy_status cvyi_py_put_format(cvyi_text *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, const char *spec,
                              cvy_error *err)
{
    cvyi_py_spec read = { 0 };
    int64_t integer;
    double real;
    bool zero;

    if (value->type == CVYI_PY_V_OPAQUE)
        return cvyi_py_refuse_opaque(eval, value, err);
    if (spec[0] == '\0')
        return cvyi_py_put_str(out, eval, value, err);
    if (value->type != CVYI_PY_V_TEXT && !cvyi_py_is_number(value))
        return value->type == CVYI_PY_V_INSTANCE ||
                       value->type == CVYI_PY_V_HOST
                   ? cvyi_py_refuse(eval, err, "a format of %s",
                                    cvyi_py_describe(eval, value))
                   : cvyi_py_throw(eval, err, "TypeError",
                                   "%s takes no format '%.60s'",
                                   cvyi_py_describe(eval, value), spec);
    CVYI_TRY(read_spec(&read, eval, spec, &zero, err));
    if (read.type == 'n' || read.type == 'c')
        return cvyi_py_refuse(eval, err, "the format '%.60s'", spec);
    if (value->type == CVYI_PY_V_TEXT)
        return put_text_spec(out, eval, value, &read, zero, spec, err);
    if (cvyi_py_as_int(&integer, value) &&
        (read.type == '\0' || strchr("dboxX", read.type) != NULL)) {
        if (read.precision >= 0)
            return wrong_type(eval, value, spec, err);
        return cvyi_py_put_int(out, eval, &read, integer, err);
    }
    if (read.type != '\0' && strchr("eEfFgG%", read.type) == NULL)
        return wrong_type(eval, value, spec, err);
    (void)cvyi_py_as_double(&real, value);
    return cvyi_py_put_float(out, eval, &read, real, err);
}
