/* pysrc/eval_builtin.c - the tables of builtins and methods. */
#include "pysrc/eval_builtins.h"

#define BUILTIN(n, s, f) { .name = n, .signature = s, .run = f },
#define TYPE(n, t, s, f) \
    { .name = n, .signature = s, .run = f, .is_type = true, .type = t },
#define METHOD(n, t, s, f) \
    { .name = n, .signature = s, .run = f, .is_method = true, .type = t },
#define REFUSED(n) { .name = n, .signature = "" },
#define NO_METHOD(n, t) \
    { .name = n, .signature = "", .is_method = true, .type = t },
#define LENIENT(n, s, f) \
    { .name = n, .signature = s, .run = f, .lenient = true },
#define LENIENT_REFUSED(n) { .name = n, .signature = "", .lenient = true },
#define LENIENT_METHOD(n, t, s, f) \
    { .name = n,                   \
      .signature = s,              \
      .run = f,                    \
      .is_method = true,           \
      .lenient = true,             \
      .type = t },
static const cvyi_py_builtin table[] = {
#include "pysrc/eval_builtins.def"
};

enum { N_TABLE = sizeof table / sizeof *table };

static cvy_status object_init(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    (void)eval;
    (void)given;
    (void)err;
    *out = cvyi_py_none();
    return CVY_OK;
}

const cvyi_py_builtin cvyi_py_object_init = {
    .name = "__init__",
    .signature = "",
    .run = object_init,
    .is_method = true,
    .type = CVYI_PY_V_INSTANCE,
};

/* Other names of Python 2 for what is there. */
static cvy_status open_lenient(cvyi_py_eval *eval, cvy_error *err)
{
    static const char *const names[][2] = {
        { "basestring", "str" },
        { "long", "int" },
        { "unicode", "str" },
    };
    const cvyi_py_value none = cvyi_py_none();

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CVYI_TRY(cvyi_py_names_set(
            eval, &eval->builtins, names[i][0],
            cvyi_py_names_get(&eval->builtins, names[i][1]), err));
    return cvyi_py_names_set(eval, &eval->builtins, "__doc__", &none, err);
}

cvy_status cvyi_py_open_builtins(cvyi_py_eval *eval, cvy_error *err)
{
    for (int i = 0; i < N_TABLE; i++) {
        const cvyi_py_value value = cvyi_py_builtin_value(&table[i]);

        /* NoneType has no name of its own */
        if (!table[i].is_method &&
            (!table[i].lenient || cvyi_py_is_lenient(eval)) &&
            !(table[i].is_type && table[i].type == CVYI_PY_V_NONE))
            CVYI_TRY(cvyi_py_names_set(eval, &eval->builtins, table[i].name,
                                       &value, err));
    }

    const cvyi_py_value ellipsis = cvyi_py_ellipsis();

    CVYI_TRY(
        cvyi_py_names_set(eval, &eval->builtins, "Ellipsis", &ellipsis, err));
    return cvyi_py_is_lenient(eval) ? open_lenient(eval, err) : CVY_OK;
}

static const cvyi_py_builtin *type_named(const char *name)
{
    for (int i = 0; i < N_TABLE; i++)
        if (table[i].is_type && strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

const cvyi_py_builtin *cvyi_py_type_of(const cvyi_py_value *value)
{
    switch (value->type) {
    case CVYI_PY_V_NONE:
    case CVYI_PY_V_BOOL:
    case CVYI_PY_V_INT:
    case CVYI_PY_V_FLOAT:
    case CVYI_PY_V_TEXT:
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_LIST:
    case CVYI_PY_V_DICT:
    case CVYI_PY_V_SET:
    case CVYI_PY_V_RANGE:
    case CVYI_PY_V_SLICE:
        return type_named(cvyi_py_type_name(value));
    case CVYI_PY_V_CLASS:
        return type_named("type");
    default:
        return NULL;
    }
}

const cvyi_py_builtin *cvyi_py_method_of(cvyi_py_type type, const char *name)
{
    if (type == CVYI_PY_V_BOOL)
        type = CVYI_PY_V_INT;
    for (int i = 0; i < N_TABLE; i++)
        if (table[i].is_method && table[i].type == type &&
            strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}
