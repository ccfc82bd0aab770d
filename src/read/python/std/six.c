/* read/python/std/six.c - abc and six: nothing, but in other words. */
#include "read/python/std/std.h"

/* ---- abc ---- */

static cvy_status abc_value(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const char *name,
                            cvy_error *err)
{
    (void)err;
    *known = strcmp(name, "ABC") == 0;
    if (*known)
        *out = *cvyi_py_eval_builtin(eval, "object");
    return CVY_OK;
}

static const cvyi_py_builtin abc_functions[] = {
    { .name = "abstractmethod", .signature = "-f", .run = cvyi_std_same },
};

const cvyi_std_module cvyi_std_abc = {
    .name = "abc",
    CVYI_STD_FUNCTIONS(abc_functions),
    .value = abc_value,
};

/* ---- six ---- */

/* with_metaclass(meta, Base): Base. */
static cvy_status x_with_metaclass(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_given *given, cvy_error *err)
{
    (void)err;
    *out = given->n_rest > 0 ? given->rest[0]
                             : *cvyi_py_eval_builtin(eval, "object");
    return CVY_OK;
}

#define CALL_OF(name, method)                                                \
    static cvy_status x_##name(cvyi_py_value *out, cvyi_py_eval *eval,       \
                               const cvyi_py_given *given, cvy_error *err)   \
    {                                                                        \
        cvyi_py_value bound;                                                 \
                                                                             \
        CVYI_TRY(cvyi_py_eval_get(&bound, eval, given->at[0], method, err)); \
        return cvyi_py_call_plain(out, eval, &bound, NULL, NULL, err);       \
    }

CALL_OF(iteritems, "items")
CALL_OF(iterkeys, "keys")
CALL_OF(itervalues, "values")

static const cvyi_py_builtin six_functions[] = {
    { .name = "iteritems", .signature = "-d", .run = x_iteritems },
    { .name = "iterkeys", .signature = "-d", .run = x_iterkeys },
    { .name = "itervalues", .signature = "-d", .run = x_itervalues },
    { .name = "with_metaclass",
      .signature = "-meta *",
      .run = x_with_metaclass },
};

static cvy_status six_value(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const char *name,
                            cvy_error *err)
{
    const char *const type = strcmp(name, "string_types") == 0    ? "str"
                             : strcmp(name, "integer_types") == 0 ? "int"
                             : strcmp(name, "text_type") == 0     ? "str"
                                                                  : NULL;

    *known = true;
    if (type != NULL)
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE,
                                cvyi_py_eval_builtin(eval, type), 1, err);
    if (strcmp(name, "PY2") == 0 || strcmp(name, "PY3") == 0)
        *out = cvyi_py_bool(name[2] == '3');
    else
        *known = false;
    return CVY_OK;
}

const cvyi_std_module cvyi_std_six = {
    .name = "six",
    CVYI_STD_FUNCTIONS(six_functions),
    .value = six_value,
};
