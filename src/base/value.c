/* base/value.c - looking into a tree of plain values. */
#include "base/value.h"

#include <math.h>
#include <string.h>

const cvyi_value *cvyi_get(const cvyi_value *dict, const char *key)
{
    if (dict == NULL || dict->kind != CVYI_DICT)
        return NULL;
    for (int i = 0; i < dict->n; i++)
        if (strcmp(dict->keys[i], key) == 0)
            return &dict->items[i];
    return NULL;
}

bool cvyi_is_none(const cvyi_value *value)
{
    return value == NULL || value->kind == CVYI_NONE;
}

bool cvyi_is_text(const cvyi_value *value, const char *text)
{
    return value != NULL && value->kind == CVYI_TEXT &&
           strcmp(value->text, text) == 0;
}

bool cvyi_as_int(int64_t *out, const cvyi_value *value)
{
    if (value == NULL)
        return false;
    if (value->kind == CVYI_INT) {
        *out = value->integer;
        return true;
    }
    if (value->kind == CVYI_FLOAT && value->real == floor(value->real) &&
        fabs(value->real) <= 9007199254740992.0) {
        *out = (int64_t)value->real;
        return true;
    }
    return false;
}

bool cvyi_as_double(double *out, const cvyi_value *value)
{
    if (value == NULL ||
        (value->kind != CVYI_INT && value->kind != CVYI_FLOAT))
        return false;
    *out = value->kind == CVYI_INT ? (double)value->integer : value->real;
    return true;
}

bool cvyi_as_bool(bool *out, const cvyi_value *value)
{
    if (value == NULL || value->kind != CVYI_BOOL)
        return false;
    *out = value->truth;
    return true;
}

const char *cvyi_as_text(const cvyi_value *value)
{
    return value != NULL && value->kind == CVYI_TEXT ? value->text : NULL;
}

static bool same_items(const cvyi_value *a, const cvyi_value *b)
{
    if (a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++) {
        const cvyi_value *other = &b->items[i];

        if (a->kind == CVYI_DICT)
            other = cvyi_get(b, a->keys[i]);
        if (other == NULL || !cvyi_value_equal(&a->items[i], other))
            return false;
    }
    return true;
}

static void put_items(cvyi_text *out, const cvyi_value *value,
                      cvyi_value_put_fn *put, const void *context)
{
    const bool dict = value->kind == CVYI_DICT;

    cvyi_text_put(out, dict ? "{" : "(");
    for (int i = 0; i < value->n; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        if (dict)
            cvyi_text_printf(out, "%s: ", value->keys[i]);
        cvyi_value_put(out, &value->items[i], put, context);
    }
    cvyi_text_put(out, dict ? "}" : value->n == 1 ? ",)" : ")");
}

void cvyi_value_put(cvyi_text *out, const cvyi_value *value,
                    cvyi_value_put_fn *put, const void *context)
{
    if (put != NULL && put(out, value, context))
        return;
    switch (value->kind) {
    case CVYI_BOOL:
        cvyi_text_put(out, value->truth ? "True" : "False");
        break;
    case CVYI_INT:
        cvyi_text_printf(out, "%lld", (long long)value->integer);
        break;
    case CVYI_FLOAT:
        cvyi_text_double(out, value->real);
        break;
    case CVYI_TEXT:
        cvyi_text_json(out, value->text);
        break;
    case CVYI_LIST:
    case CVYI_DICT:
        put_items(out, value, put, context);
        break;
    default:
        cvyi_text_put(out, "None");
    }
}

bool cvyi_value_equal(const cvyi_value *a, const cvyi_value *b)
{
    double x, y;

    if (cvyi_as_double(&x, a) && cvyi_as_double(&y, b))
        return a->kind == CVYI_INT && b->kind == CVYI_INT
                   ? a->integer == b->integer
                   : x == y || (isnan(x) && isnan(y));
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case CVYI_BOOL:
        return a->truth == b->truth;
    case CVYI_TEXT:
        return strcmp(a->text, b->text) == 0;
    case CVYI_LIST:
    case CVYI_DICT:
        return same_items(a, b);
    default:
        return true;
    }
}
