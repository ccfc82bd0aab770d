/* pysrc/eval_value.c - making values, and what they are called. */
#include "pysrc/eval_parts.h"

#include <limits.h>

/* ---- values without memory of their own ---- */

cvyi_py_value cvyi_py_int(int64_t value)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_INT, .integer = value };
}

cvyi_py_value cvyi_py_float(double value)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_FLOAT, .real = value };
}

cvyi_py_value cvyi_py_bool(bool value)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_BOOL, .truth = value };
}

cvyi_py_value cvyi_py_none(void)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_NONE };
}

cvyi_py_value cvyi_py_ellipsis(void)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_ELLIPSIS };
}

cvyi_py_value cvyi_py_text_value(const char *text)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_TEXT, .text = text };
}

cvyi_py_value cvyi_py_host_value(const cvyi_py_host_type *type, void *data)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_HOST,
                            .host = { .type = type, .data = data } };
}

cvyi_py_value cvyi_py_builtin_value(const cvyi_py_builtin *builtin)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_BUILTIN, .builtin = builtin };
}

cvyi_py_value cvyi_py_class_value(cvyi_py_class *class_)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_CLASS, .class_ = class_ };
}

cvyi_py_value cvyi_py_unnamed(cvyi_py_value value)
{
    value.constant = NULL;
    return value;
}

/* ---- values with memory ---- */

cvy_status cvyi_py_make_seq(cvyi_py_value *out, cvyi_py_eval *eval,
                            cvyi_py_type type, const cvyi_py_value *items,
                            int n, cvy_error *err)
{
    cvyi_py_seq *seq;

    CVYI_PY_NEW(seq, eval, 1, err);
    if (type == CVYI_PY_V_SET) {
        for (int i = 0; i < n; i++)
            CVYI_TRY(cvyi_py_set_add(eval, seq, &items[i], err));
    } else if (n > 0) {
        CVYI_PY_NEW(seq->items, eval, n, err);
        memcpy(seq->items, items, (size_t)n * sizeof *items);
        seq->n = seq->capacity = n;
    }
    *out = (cvyi_py_value){ .type = type, .seq = seq };
    return CVY_OK;
}

cvy_status cvyi_py_seq_add(cvyi_py_eval *eval, cvyi_py_seq *seq,
                           const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_value added = *value; /* may be one of the items */

    if (seq->n == seq->capacity) {
        const int wanted = seq->capacity < 4 ? 4 : seq->capacity * 2;
        cvyi_py_value *moved;

        if (seq->capacity > INT_MAX / 4)
            return cvyi_py_end(eval, err, "a list grows too long");
        CVYI_PY_NEW(moved, eval, wanted, err);
        if (seq->n > 0)
            memcpy(moved, seq->items, (size_t)seq->n * sizeof *moved);
        seq->items = moved;
        seq->capacity = wanted;
    }
    seq->items[seq->n++] = added;
    return CVY_OK;
}

cvy_status cvyi_py_make_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                             cvy_error *err)
{
    cvyi_py_map *map;

    CVYI_PY_NEW(map, eval, 1, err);
    *out = (cvyi_py_value){ .type = CVYI_PY_V_DICT, .map = map };
    return CVY_OK;
}

cvy_status cvyi_py_make_text(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *text, size_t n, cvy_error *err)
{
    char *copy;

    CVYI_TRY(cvyi_py_room(eval, n, 1, err));
    CVYI_PY_NEW(copy, eval, n + 1, err);
    if (n > 0)
        memcpy(copy, text, n);
    *out = cvyi_py_text_value(copy);
    return CVY_OK;
}

cvy_status cvyi_py_make_gathered(cvyi_py_value *out, cvyi_py_eval *eval,
                                 cvyi_text *text, cvy_error *err)
{
    cvy_status status = cvyi_text_status(text, err);

    if (status == CVY_OK)
        status = cvyi_py_make_text(out, eval, text->bytes, text->size, err);
    cvyi_text_close(text);
    return status;
}

cvy_status cvyi_py_make_range(cvyi_py_value *out, cvyi_py_eval *eval,
                              cvyi_py_type type, const cvyi_py_value parts[3],
                              cvy_error *err)
{
    cvyi_py_value *kept;

    CVYI_PY_NEW(kept, eval, 3, err);
    for (int i = 0; i < 3; i++)
        kept[i] = cvyi_py_unnamed(parts[i]);
    *out = (cvyi_py_value){
        .type = type,
        .bounds = { &kept[0], &kept[1], &kept[2] },
    };
    return CVY_OK;
}

cvy_status cvyi_py_make_method(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvyi_py_method method, cvy_error *err)
{
    cvyi_py_method *kept;

    CVYI_PY_NEW(kept, eval, 1, err);
    *kept = method;
    *out = (cvyi_py_value){ .type = CVYI_PY_V_METHOD, .method = kept };
    return CVY_OK;
}

cvy_status cvyi_py_make_iterator(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *list, cvy_error *err)
{
    cvyi_py_method method = { .kind = CVYI_PY_M_ITERATOR, .self = *list };

    CVYI_PY_NEW(method.at, eval, 1, err);
    return cvyi_py_make_method(out, eval, method, err);
}

/* ---- names ---- */

static int name_at(const cvyi_py_names *names, const char *name)
{
    for (int i = 0; i < names->n; i++)
        if (names->names[i] == name || (names->names[i][0] == name[0] &&
                                        strcmp(names->names[i], name) == 0))
            return i;
    return -1;
}

const cvyi_py_value *cvyi_py_names_get(const cvyi_py_names *names,
                                       const char *name)
{
    const int at = name_at(names, name);

    return at >= 0 ? &names->values[at] : NULL;
}

static cvy_status grow_names(cvyi_py_eval *eval, cvyi_py_names *names,
                             cvy_error *err)
{
    const int wanted = names->capacity < 4 ? 4 : names->capacity * 2;
    const size_t n = (size_t)names->n;
    const char **moved;
    cvyi_py_value *values;

    CVYI_PY_NEW(moved, eval, wanted, err);
    CVYI_PY_NEW(values, eval, wanted, err);
    if (n > 0) {
        memcpy(moved, names->names, n * sizeof *moved);
        memcpy(values, names->values, n * sizeof *values);
    }
    names->names = moved;
    names->values = values;
    names->capacity = wanted;
    return CVY_OK;
}

cvy_status cvyi_py_names_set(cvyi_py_eval *eval, cvyi_py_names *names,
                             const char *name, const cvyi_py_value *value,
                             cvy_error *err)
{
    const cvyi_py_value set = *value; /* may be one of the values */
    const int at = name_at(names, name);

    if (at >= 0) {
        names->values[at] = set;
        return CVY_OK;
    }
    if (names->n == names->capacity)
        CVYI_TRY(grow_names(eval, names, err));
    names->names[names->n] = name;
    names->values[names->n++] = set;
    return CVY_OK;
}

void cvyi_py_names_drop(cvyi_py_names *names, const char *name)
{
    const int at = name_at(names, name);

    if (at < 0)
        return;
    names->n--;
    for (int i = at; i < names->n; i++) {
        names->names[i] = names->names[i + 1];
        names->values[i] = names->values[i + 1];
    }
}

/* ---- looking at values ---- */

bool cvyi_py_is_method(const cvyi_py_value *value, cvyi_py_method_kind kind)
{
    return value->type == CVYI_PY_V_METHOD && value->method->kind == kind;
}

bool cvyi_py_as_int(int64_t *out, const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_INT)
        *out = value->integer;
    else if (value->type == CVYI_PY_V_BOOL)
        *out = value->truth;
    else
        return false;
    return true;
}

bool cvyi_py_as_double(double *out, const cvyi_py_value *value)
{
    int64_t integer;

    if (value->type == CVYI_PY_V_FLOAT)
        *out = value->real;
    else if (cvyi_py_as_int(&integer, value))
        *out = (double)integer;
    else
        return false;
    return true;
}

cvy_status cvyi_py_need_int(int64_t *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, const char *what,
                            cvy_error *err)
{
    if (cvyi_py_as_int(out, value))
        return CVY_OK;
    if (value->type == CVYI_PY_V_OPAQUE)
        return cvyi_py_refuse_opaque(eval, value, err);
    if (value->type == CVYI_PY_V_HOST || value->type == CVYI_PY_V_INSTANCE)
        return cvyi_py_refuse(eval, err, "%s must be an int, not %s", what,
                              cvyi_py_describe(eval, value));
    return cvyi_py_throw(eval, err, "TypeError", "%s must be an int, not %s",
                         what, cvyi_py_describe(eval, value));
}

cvy_status cvyi_py_need_text(const char **out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, const char *what,
                             cvy_error *err)
{
    if (value->type == CVYI_PY_V_OPAQUE)
        return cvyi_py_refuse_opaque(eval, value, err);
    if (value->type != CVYI_PY_V_TEXT)
        return cvyi_py_throw(eval, err, "TypeError",
                             "%s must be a str, not %s", what,
                             cvyi_py_describe(eval, value));
    *out = value->text;
    return CVY_OK;
}

static const char *const method_names[] = {
    [CVYI_PY_M_BOUND] = "method",      [CVYI_PY_M_STATIC] = "staticmethod",
    [CVYI_PY_M_CLASS] = "classmethod", [CVYI_PY_M_PROPERTY] = "property",
    [CVYI_PY_M_SETTER] = "method",     [CVYI_PY_M_SUPER] = "super",
    [CVYI_PY_M_ITERATOR] = "iterator", [CVYI_PY_M_VIEW] = "view of a dict",
};

const char *cvyi_py_type_name(const cvyi_py_value *value)
{
    static const char *const names[] = {
        [CVYI_PY_V_NONE] = "NoneType",     [CVYI_PY_V_BOOL] = "bool",
        [CVYI_PY_V_INT] = "int",           [CVYI_PY_V_FLOAT] = "float",
        [CVYI_PY_V_TEXT] = "str",          [CVYI_PY_V_ELLIPSIS] = "ellipsis",
        [CVYI_PY_V_TUPLE] = "tuple",       [CVYI_PY_V_LIST] = "list",
        [CVYI_PY_V_DICT] = "dict",         [CVYI_PY_V_SET] = "set",
        [CVYI_PY_V_RANGE] = "range",       [CVYI_PY_V_SLICE] = "slice",
        [CVYI_PY_V_FUNCTION] = "function", [CVYI_PY_V_METHOD] = "method",
        [CVYI_PY_V_CLASS] = "class",       [CVYI_PY_V_INSTANCE] = "instance",
        [CVYI_PY_V_MODULE] = "module",     [CVYI_PY_V_BUILTIN] = "builtin",
        [CVYI_PY_V_HOST] = "value",        [CVYI_PY_V_OPAQUE] = "value",
    };

    if (value->type == CVYI_PY_V_METHOD)
        return method_names[value->method->kind];
    if (value->type == CVYI_PY_V_INSTANCE)
        return value->instance->class_->name;
    return names[value->type];
}

static const char *printed(cvyi_py_eval *eval, const char *what,
                           const char *name)
{
    const char *const text =
        cvyi_arena_printf(&eval->arena, "%s %.60s", what, name);

    return text != NULL ? text : what;
}

const char *cvyi_py_describe(cvyi_py_eval *eval, const cvyi_py_value *value)
{
    const char *const name = cvyi_py_type_name(value);

    switch (value->type) {
    case CVYI_PY_V_NONE:
        return "None";
    case CVYI_PY_V_ELLIPSIS:
        return "...";
    case CVYI_PY_V_FUNCTION:
        return printed(eval, "the function", value->function->name);
    case CVYI_PY_V_CLASS:
        return printed(eval, "the class", value->class_->name);
    case CVYI_PY_V_INSTANCE:
        return printed(eval, "an instance of", name);
    case CVYI_PY_V_MODULE:
        return printed(eval, "the module", value->module->name);
    case CVYI_PY_V_BUILTIN:
        return printed(eval, "Python's", value->builtin->name);
    case CVYI_PY_V_HOST:
        return value->host.type->name;
    case CVYI_PY_V_OPAQUE:
        return "what is not known";
    default:
        return printed(eval, strchr("aeiou", name[0]) ? "an" : "a", name);
    }
}
