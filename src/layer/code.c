/* layer/code.c - a call in Python, built argument by argument. */
#include "layer/words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cvyi_code_begin(cvyi_said *said, const char *format, ...)
{
    char name[96];
    va_list args;

    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    cvyi_text_printf(&said->code, "%s(", name);
    said->n_args = 0;
}

void cvyi_code_raw(cvyi_said *said, const char *key, const char *code)
{
    if (said->n_args++ > 0)
        cvyi_text_put(&said->code, ", ");
    if (key != NULL)
        cvyi_text_printf(&said->code, "%s=", key);
    cvyi_text_put(&said->code, code);
}

void cvyi_code_int(cvyi_said *said, const char *key, int64_t value)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%lld", (long long)value);
    cvyi_code_raw(said, key, digits);
}

void cvyi_code_bool(cvyi_said *said, const char *key, bool value)
{
    cvyi_code_raw(said, key, value ? "True" : "False");
}

void cvyi_code_number(cvyi_said *said, double value)
{
    cvyi_text *const out = &said->code;
    char digits[40];
    int exponent;

    if (isnan(value) || isinf(value)) {
        cvyi_text_printf(out, "float(\"%s%s\")", signbit(value) ? "-" : "",
                         isnan(value) ? "nan" : "inf");
        return;
    }
    snprintf(digits, sizeof digits, "%.0e", value);
    if (fabs(value) <= 1e-3 && strtod(digits, NULL) == value &&
        sscanf(strchr(digits, 'e'), "e%d", &exponent) == 1 && value != 0)
        cvyi_text_printf(out, "%.*se%d", (int)(strchr(digits, 'e') - digits),
                         digits, exponent);
    else
        cvyi_text_double(out, value);
}

void cvyi_code_double(cvyi_said *said, const char *key, double value)
{
    cvyi_code_raw(said, key, "");
    cvyi_code_number(said, value);
}

void cvyi_code_word(cvyi_said *said, const char *key, const char *text)
{
    cvyi_code_raw(said, key, "");
    cvyi_text_json(&said->code, text);
}

void cvyi_code_tuple(cvyi_said *said, const char *key, const int64_t *values,
                     int n)
{
    cvyi_code_raw(said, key, "(");
    for (int i = 0; i < n; i++)
        cvyi_text_printf(&said->code, "%s%lld", i > 0 ? ", " : "",
                         (long long)values[i]);
    cvyi_text_put(&said->code, n == 1 ? ",)" : ")");
}

void cvyi_code_ints(cvyi_said *said, const char *key, const int64_t *values,
                    int n)
{
    bool equal = true;

    for (int i = 1; i < n; i++)
        equal = equal && values[i] == values[0];
    if (equal && n > 0) {
        cvyi_code_int(said, key, values[0]);
        return;
    }
    cvyi_code_tuple(said, key, values, n);
}

void cvyi_code_end(cvyi_said *said)
{
    cvyi_text_put(&said->code, ")");
    said->binding = CVYI_BIND_ATOM;
}

void cvyi_said_slot_fill(cvyi_said *said, const char *slot, const char *name,
                         const char *layout, double fill)
{
    said->slots[said->n_slots++] =
        (cvyi_said_slot){ slot, name, layout, fill };
}

void cvyi_said_slot_add(cvyi_said *said, const char *slot, const char *name,
                        const char *layout)
{
    cvyi_said_slot_fill(said, slot, name, layout, 0);
}

void cvyi_said_remark(cvyi_said *said, const char *text)
{
    if (said->n_remarks < CVYI_MAX_REMARKS)
        said->remarks[said->n_remarks++] = text;
}

cvyi_attrs *cvyi_said_means(cvyi_said *said, const char *op, int n_spatial)
{
    said->differs = true;
    if (said->n_means == CVYI_MAX_STEPS)
        return NULL;
    cvyi_attrs_open(&said->means[said->n_means], cvyi_op_find(op), n_spatial);
    return &said->means[said->n_means++];
}
