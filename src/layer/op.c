/* layer/op.c - the table of operators, and their attributes by name. */
#include "layer/op.h"

#include <assert.h>
#include <string.h>

#define OP(x) extern const cvyi_op cvyi_op_##x;
#include "layer/ops.def"
#undef OP

const cvyi_op *const cvyi_ops[] = {
#define OP(x) &cvyi_op_##x,
#include "layer/ops.def"
#undef OP
};
const size_t cvyi_n_ops = sizeof cvyi_ops / sizeof *cvyi_ops;

const cvyi_op *cvyi_op_find(const char *name)
{
    for (size_t i = 0; i < cvyi_n_ops; i++)
        if (strcmp(cvyi_ops[i]->name, name) == 0)
            return cvyi_ops[i];
    return NULL;
}

int cvyi_attr_index(const cvyi_op *op, const char *name)
{
    for (int i = 0; op->attrs != NULL && op->attrs[i].name != NULL; i++)
        if (strcmp(op->attrs[i].name, name) == 0)
            return i;
    return -1;
}

/* A fallback of one number stands for every spatial axis. */
static void repeat(cvyi_attr_value *value, cvyi_attr_kind kind, int n)
{
    for (int i = 1; i < n; i++) {
        if (kind == CVYI_ATTR_INTS) {
            value->ints[i] = value->ints[0];
        } else {
            value->border.before[i] = value->border.before[0];
            value->border.after[i] = value->border.after[0];
        }
    }
    value->n = n;
}

void cvyi_attrs_open(cvyi_attrs *out, const cvyi_op *op, int n_spatial)
{
    assert(n_spatial >= 0 && n_spatial <= CVYI_MAX_SPATIAL);
    memset(out, 0, sizeof *out);
    out->op = op;
    out->n_spatial = n_spatial;
    for (int i = 0; op->attrs != NULL && op->attrs[i].name != NULL; i++) {
        const cvyi_attr *const attr = &op->attrs[i];
        cvyi_attr_value *const value = &out->at[i];

        if (attr->fallback == NULL)
            continue;

        const cvy_status status =
            cvyi_attr_parse(value, attr, attr->fallback, NULL, NULL, NULL);

        assert(status == CVY_OK);
        (void)status;
        if (attr->kind == CVYI_ATTR_BORDER ||
            (attr->kind == CVYI_ATTR_INTS && attr->fallback[0] != '['))
            repeat(value, attr->kind, n_spatial);
    }
}

const cvyi_attr_value *cvyi_attr_at(const cvyi_attrs *attrs, const char *name)
{
    const int i = cvyi_attr_index(attrs->op, name);

    assert(i >= 0);
    return &attrs->at[i];
}

cvyi_attr_value *cvyi_attr_set(cvyi_attrs *attrs, const char *name)
{
    const int i = cvyi_attr_index(attrs->op, name);

    assert(i >= 0);
    return &attrs->at[i];
}

int64_t cvyi_attr_int(const cvyi_attrs *attrs, const char *name)
{
    return cvyi_attr_at(attrs, name)->ints[0];
}

bool cvyi_attr_bool(const cvyi_attrs *attrs, const char *name)
{
    return cvyi_attr_int(attrs, name) != 0;
}

double cvyi_attr_real(const cvyi_attrs *attrs, const char *name)
{
    return cvyi_attr_at(attrs, name)->real;
}

const char *cvyi_attr_word(const cvyi_attrs *attrs, const char *name)
{
    const char *const word = cvyi_attr_at(attrs, name)->word;

    return word != NULL ? word : "";
}

bool cvyi_attr_is(const cvyi_attrs *attrs, const char *name, const char *word)
{
    return strcmp(cvyi_attr_word(attrs, name), word) == 0;
}

const int64_t *cvyi_attr_ints(const cvyi_attrs *attrs, const char *name,
                              int *n)
{
    const cvyi_attr_value *const value = cvyi_attr_at(attrs, name);

    if (n != NULL)
        *n = value->n;
    return value->ints;
}

const cvyi_border *cvyi_attr_border(const cvyi_attrs *attrs, const char *name)
{
    return &cvyi_attr_at(attrs, name)->border;
}

/* The value to be filled, emptied. */
static cvyi_attr_value *fresh(cvyi_attrs *attrs, const char *name, int n)
{
    cvyi_attr_value *const value = cvyi_attr_set(attrs, name);

    memset(value, 0, sizeof *value);
    value->n = n;
    return value;
}

void cvyi_set_int(cvyi_attrs *attrs, const char *name, int64_t value)
{
    fresh(attrs, name, 1)->ints[0] = value;
}

void cvyi_set_real(cvyi_attrs *attrs, const char *name, double value)
{
    fresh(attrs, name, 1)->real = value;
}

void cvyi_set_word(cvyi_attrs *attrs, const char *name, const char *word)
{
    fresh(attrs, name, 1)->word = word;
}

void cvyi_set_ints(cvyi_attrs *attrs, const char *name, const int64_t *values,
                   int n)
{
    assert(n >= 0 && n <= CVYI_MAX_DIMS);

    cvyi_attr_value *const value = fresh(attrs, name, n);

    for (int i = 0; i < n; i++)
        value->ints[i] = values[i];
}

void cvyi_set_border(cvyi_attrs *attrs, const char *name, cvyi_border border)
{
    fresh(attrs, name, attrs->n_spatial)->border = border;
}

static bool same_real(double a, double b)
{
    return a == b || (a != a && b != b);
}

static bool same_border(const cvyi_attr_value *a, const cvyi_attr_value *b)
{
    if (a->border.rule != b->border.rule)
        return false;
    if (a->border.rule != CVYI_BORDER_GIVEN)
        return true;
    if (a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++)
        if (a->border.before[i] != b->border.before[i] ||
            a->border.after[i] != b->border.after[i])
            return false;
    return true;
}

static bool same_value(const cvyi_attr *attr, const cvyi_attr_value *a,
                       const cvyi_attr_value *b)
{
    if (attr->kind == CVYI_ATTR_BORDER)
        return (a->n > 0) == (b->n > 0) && same_border(a, b);
    if (a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++) {
        bool same = true;

        if (attr->kind == CVYI_ATTR_FLOAT)
            same = same_real(a->real, b->real);
        else if (attr->kind == CVYI_ATTR_FLOATS)
            same = same_real(a->reals[i], b->reals[i]);
        else if (attr->kind == CVYI_ATTR_WORD)
            same = strcmp(a->word, b->word) == 0;
        else if (attr->kind == CVYI_ATTR_SIZES)
            same = a->sizes[i] == b->sizes[i];
        else
            same = a->ints[i] == b->ints[i];
        if (!same)
            return false;
    }
    return true;
}

bool cvyi_attrs_equal(const cvyi_attrs *a, const cvyi_attrs *b,
                      const char **which)
{
    const cvyi_attr *const attrs = a->op->attrs;

    if (a->op != b->op) {
        if (which != NULL)
            *which = "operator";
        return false;
    }
    for (int i = 0; attrs != NULL && attrs[i].name != NULL; i++)
        if (!same_value(&attrs[i], &a->at[i], &b->at[i])) {
            if (which != NULL)
                *which = attrs[i].name;
            return false;
        }
    return true;
}

void cvyi_attrs_print(cvyi_text *out, const cvyi_attrs *attrs, int n_spatial)
{
    const cvyi_attr *const table = attrs->op->attrs;
    cvyi_attrs plain;
    bool first = true;

    cvyi_attrs_open(&plain, attrs->op, n_spatial);
    for (int i = 0; table != NULL && table[i].name != NULL; i++) {
        if (table[i].fallback != NULL &&
            same_value(&table[i], &attrs->at[i], &plain.at[i]))
            continue;
        cvyi_text_printf(out, "%s%s=", first ? "" : " ", table[i].name);
        cvyi_attr_print(out, &table[i], &attrs->at[i]);
        first = false;
    }
}
