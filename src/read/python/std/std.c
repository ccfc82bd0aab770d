/* read/python/std/std.c - what networks use of the standard library. */
#include "read/python/std/std.h"
#include "read/python/std/import.h"

#include <math.h>
#include <string.h>

/* ---- pathlib.Path: a text, never opened ---- */

typedef struct method {
    const char *name;
    cvyi_py_value self;
} method;

static const cvyi_py_host_type path_type, path_method_type;

const char *cvyi_python_path(const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_TEXT)
        return value->text;
    if (value->type == CVYI_PY_V_HOST && value->host.type == &path_type)
        return value->host.data;
    return NULL;
}

static cvy_status make_path(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *text, size_t n, cvy_error *err)
{
    char *const kept = cvyi_arena_text(cvyi_py_arena(eval), text, n);

    if (kept == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_py_host_value(&path_type, kept);
    return CVY_OK;
}

static size_t parent_length(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash != NULL ? (size_t)(slash - path) : 0;
}

static cvy_status join(cvyi_py_value *out, cvyi_py_eval *eval,
                       const char *left, const char *right, cvy_error *err)
{
    const char *const between = *left == '\0' || *right == '/' ? "" : "/";
    const char *const text =
        cvyi_arena_printf(cvyi_py_arena(eval), "%s%s%s",
                          *right == '/' ? "" : left, between, right);

    if (text == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_py_host_value(&path_type, (void *)text);
    return CVY_OK;
}

static cvy_status path_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self, const char *name,
                           cvy_error *err)
{
    const char *const path = self->host.data;
    method *const m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);

    if (strcmp(name, "parent") == 0)
        return make_path(out, eval, path, parent_length(path), err);
    if (strcmp(name, "with_suffix") != 0 && strcmp(name, "with_name") != 0 &&
        strcmp(name, "resolve") != 0)
        return cvyi_py_refuse(eval, err, "Path.%s is not followed", name);
    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ name, *self };
    *out = cvyi_py_host_value(&path_method_type, m);
    return CVY_OK;
}

static cvy_status path_divide(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *op, const cvyi_py_value *left,
                              const cvyi_py_value *right, cvy_error *err)
{
    const char *const a = cvyi_python_path(left);
    const char *const b = cvyi_python_path(right);

    if (strcmp(op, "Div") != 0 || a == NULL || b == NULL)
        return cvyi_py_refuse(eval, err, "paths know only /");
    return join(out, eval, a, b, err);
}

static cvy_status path_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    const char *const path = m->self.host.data;
    const char *const text =
        args->n == 1 ? cvyi_python_path(&args->values[0]) : NULL;
    const size_t dir = parent_length(path);
    const char *const base = path + dir + (path[dir] == '/' ? 1 : 0);
    const char *const dot = strrchr(base, '.');
    const char *made;

    if (strcmp(m->name, "resolve") == 0) {
        *out = m->self;
        return CVY_OK;
    }
    if (text == NULL)
        return cvyi_py_refuse(eval, err, "Path.%s takes one text", m->name);
    if (strcmp(m->name, "with_name") == 0)
        made = cvyi_arena_printf(cvyi_py_arena(eval), "%.*s%s",
                                 (int)(base - path), path, text);
    else
        made = cvyi_arena_printf(cvyi_py_arena(eval), "%.*s%s",
                                 (int)(dot != NULL && dot != base
                                           ? dot - path
                                           : (int64_t)strlen(path)),
                                 path, text);
    if (made == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_py_host_value(&path_type, (void *)made);
    return CVY_OK;
}

static const cvyi_py_host_type path_type = {
    .name = "a path",
    .get = path_get,
    .binary = path_divide,
};
static const cvyi_py_host_type path_method_type = {
    .name = "a method of a path",
    .call = path_method,
};

/* ---- functions ---- */

typedef cvy_status std_fn(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *name, const cvyi_py_call_args *args,
                          cvy_error *err);

static cvy_status path_call(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *name, const cvyi_py_call_args *args,
                            cvy_error *err)
{
    const char *const text = args->n == 1 && args->n_keywords == 0
                                 ? cvyi_python_path(&args->values[0])
                                 : NULL;

    if (text == NULL)
        return cvyi_py_refuse(eval, err, "%s takes one text", name);
    return make_path(out, eval, text, strlen(text), err);
}

/* A dict: what OrderedDict does beyond that no network needs. */
cvy_status cvyi_std_ordered_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_call_args *args, cvy_error *err)
{
    static const char name[] = "collections.OrderedDict";
    cvyi_py_value pairs;

    if (args->n > 1)
        return cvyi_py_refuse(eval, err, "%s takes one argument", name);
    CVYI_TRY(cvyi_py_make_dict(out, eval, err));
    if (args->n == 1 && args->values[0].type == CVYI_PY_V_DICT) {
        const cvyi_py_map *const map = args->values[0].map;

        for (int i = 0; i < map->n; i++)
            CVYI_TRY(cvyi_py_dict_set(eval, out, &map->keys[i],
                                      &map->values[i], err));
    } else if (args->n == 1) {
        CVYI_TRY(cvyi_py_eval_list(&pairs, eval, &args->values[0], err));
        for (int i = 0; i < pairs.seq->n; i++) {
            cvyi_py_value pair;

            CVYI_TRY(
                cvyi_py_eval_list(&pair, eval, &pairs.seq->items[i], err));
            if (pair.seq->n != 2)
                return cvyi_py_refuse(eval, err, "%s takes pairs", name);
            CVYI_TRY(cvyi_py_dict_set(eval, out, &pair.seq->items[0],
                                      &pair.seq->items[1], err));
        }
    }
    for (int i = 0; i < args->n_keywords; i++) {
        cvyi_py_value key;

        CVYI_TRY(cvyi_py_make_text(&key, eval, args->keywords[i],
                                   strlen(args->keywords[i]), err));
        CVYI_TRY(
            cvyi_py_dict_set(eval, out, &key, &args->keyword_values[i], err));
    }
    return CVY_OK;
}

static cvy_status ordered_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *name, const cvyi_py_call_args *args,
                               cvy_error *err)
{
    (void)name;
    return cvyi_std_ordered_dict(out, eval, args, err);
}

static bool as_number(double *out, const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_INT)
        *out = (double)value->integer;
    else if (value->type == CVYI_PY_V_FLOAT)
        *out = value->real;
    else
        return false;
    return true;
}

static cvy_status math_call(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *name, const cvyi_py_call_args *args,
                            cvy_error *err)
{
    static const struct {
        const char *name;
        double (*of)(double);
        bool whole; /* gives an int */
    } functions[] = {
        { "math.sqrt", sqrt, false }, { "math.exp", exp, false },
        { "math.log", log, false },   { "math.log2", log2, false },
        { "math.ceil", ceil, true },  { "math.floor", floor, true },
        { "math.fabs", fabs, false },
    };
    double x, y;

    if (args->n != 1 || args->n_keywords != 0 ||
        !as_number(&x, &args->values[0]))
        return cvyi_py_refuse(eval, err, "%s takes one number", name);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(name, functions[i].name) != 0)
            continue;
        y = functions[i].of(x);
        if (isnan(y) || (functions[i].whole && fabs(y) > 9e15))
            return cvyi_py_refuse(eval, err, "%s of %g has no value", name, x);
        *out = functions[i].whole ? cvyi_py_int((int64_t)y) : cvyi_py_float(y);
        return CVY_OK;
    }
    return cvyi_py_refuse(eval, err, "%s is not followed", name);
}

static const struct {
    const char *name;
    std_fn *call;
} functions[] = {
    { "pathlib.Path", path_call }, { "collections.OrderedDict", ordered_dict },
    { "math.sqrt", math_call },    { "math.exp", math_call },
    { "math.log", math_call },     { "math.log2", math_call },
    { "math.ceil", math_call },    { "math.floor", math_call },
    { "math.fabs", math_call },
};

static const cvyi_py_host_type function_type;

static cvy_status call(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const size_t i = *(const size_t *)self->host.data;

    return functions[i].call(out, eval, functions[i].name, args, err);
}

static const cvyi_py_host_type function_type = {
    .name = "a function of the standard library",
    .call = call,
};

/* ---- modules that a lenient host knows ---- */

static const cvyi_std_module *const modules[] = {
    &cvyi_std_abc,
    &cvyi_std_argparse,
    &cvyi_std_collections,
    &cvyi_std_copy,
    &cvyi_std_functools,
    &cvyi_std_itertools,
    &cvyi_std_chain,
    &cvyi_std_math,
    &cvyi_std_numpy,
    &cvyi_std_operator,
    &cvyi_std_os,
    &cvyi_std_environ,
    &cvyi_std_path,
    &cvyi_std_six,
    &cvyi_std_sys,
    &cvyi_std_distutils_version,
    &cvyi_std_packaging_version,
    &cvyi_std_pkg_resources,
};

/* Whose names are those of Python itself. */
static const char *const mirrors[] = {
    "__builtin__", "builtins", "future.builtins", "past.builtins", "six.moves",
};

typedef struct entry {
    const char *dotted;
    const cvyi_py_builtin *function;
} entry;

static cvy_status entry_call(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const entry *const e = self->host.data;

    return cvyi_py_run_builtin(out, eval, e->function, NULL, args, err);
}

/* itertools.chain.from_iterable */
static cvy_status entry_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self, const char *name,
                            cvy_error *err)
{
    const entry *const e = self->host.data;
    const char *const dotted =
        cvyi_arena_printf(cvyi_py_arena(eval), "%s.%s", e->dotted, name);
    bool known;

    if (dotted == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_python_std(out, &known, eval, dotted, err));
    return known ? CVY_OK
                 : cvyi_py_refuse(eval, err, "%s is not followed", dotted);
}

static const cvyi_py_host_type entry_type = {
    .name = "a function of a library",
    .is_data = true,
    .call = entry_call,
    .get = entry_get,
};

cvy_status cvyi_std_function(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *module,
                             const cvyi_py_builtin *function, cvy_error *err)
{
    entry *e;

    CVYI_PY_NEW(e, eval, 1, err);
    e->function = function;
    e->dotted = cvyi_arena_printf(cvyi_py_arena(eval), "%s.%s", module,
                                  function->name);
    if (e->dotted == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_py_host_value(&entry_type, e);
    return CVY_OK;
}

static cvy_status of_module(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const cvyi_std_module *module,
                            const char *name, cvy_error *err)
{
    for (int i = 0; i < module->n; i++)
        if (strcmp(module->functions[i].name, name) == 0) {
            *known = true;
            return cvyi_std_function(out, eval, module->name,
                                     &module->functions[i], err);
        }
    *known = false;
    return module->value != NULL ? module->value(out, known, eval, name, err)
                                 : CVY_OK;
}

static bool is_named(const char *dotted, size_t n, const char *module)
{
    return strlen(module) == n && memcmp(dotted, module, n) == 0;
}

/* A name of Python itself; not what is refused there. */
static cvy_status of_mirror(cvyi_py_value *out, bool *known,
                            cvyi_py_eval *eval, const char *name)
{
    const cvyi_py_value *const value = cvyi_py_eval_builtin(eval, name);

    *known = value != NULL &&
             (value->type != CVYI_PY_V_BUILTIN || value->builtin->run != NULL);
    if (*known)
        *out = *value;
    return CVY_OK;
}

static cvy_status of_modules(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const char *dotted,
                             cvy_error *err)
{
    const char *const dot = strrchr(dotted, '.');

    *known = false;
    if (dot == NULL)
        return CVY_OK;
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (is_named(dotted, (size_t)(dot - dotted), modules[i]->name))
            return of_module(out, known, eval, modules[i], dot + 1, err);
    for (size_t i = 0; i < sizeof mirrors / sizeof *mirrors; i++)
        if (is_named(dotted, (size_t)(dot - dotted), mirrors[i]))
            return of_mirror(out, known, eval, dot + 1);
    return CVY_OK;
}

static bool is_module(const char *dotted)
{
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (strcmp(dotted, modules[i]->name) == 0)
            return strcmp(dotted, "os.environ") != 0 &&
                   strcmp(dotted, "itertools.chain") != 0;
    for (size_t i = 0; i < sizeof mirrors / sizeof *mirrors; i++)
        if (strcmp(dotted, mirrors[i]) == 0)
            return true;
    return false;
}

/* ---- names ---- */

static cvy_status package_get(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self, const char *name,
                              cvy_error *err)
{
    bool known;
    const char *const dotted = cvyi_arena_printf(
        cvyi_py_arena(eval), "%s.%s", (const char *)self->host.data, name);

    if (dotted == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_python_std(out, &known, eval, dotted, err));
    return known ? CVY_OK
                 : cvyi_py_refuse(eval, err, "%s is not followed", dotted);
}

static const cvyi_py_host_type package_type = {
    .name = "a package",
    .get = package_get,
};

static bool is_package(const char *dotted)
{
    static const char *const packages[] = {
        "pathlib", "collections", "math",
        "typing",  "__future__",  "collections.abc",
    };

    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
        if (strcmp(dotted, packages[i]) == 0)
            return true;
    return false;
}

/* Types: they stand in annotations, which are not evaluated. */
static bool is_type(const char *dotted)
{
    return strncmp(dotted, "typing.", 7) == 0 ||
           strncmp(dotted, "__future__.", 11) == 0 ||
           strncmp(dotted, "collections.abc.", 16) == 0;
}

cvy_status cvyi_python_std(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, cvy_error *err)
{
    *known = false;
    if (cvyi_py_is_lenient(eval))
        CVYI_TRY(of_modules(out, known, eval, dotted, err));
    if (*known)
        return CVY_OK;
    *known = true;
    if (strcmp(dotted, "math.pi") == 0)
        *out = cvyi_py_float(3.141592653589793);
    else if (strcmp(dotted, "math.inf") == 0)
        *out = cvyi_py_float(HUGE_VAL);
    else if (is_type(dotted) && cvyi_py_is_lenient(eval))
        return cvyi_py_make_opaque(out, eval, err, "%.100s is not followed",
                                   dotted);
    else if (is_type(dotted))
        *out = cvyi_py_none();
    else if (is_package(dotted) ||
             (cvyi_py_is_lenient(eval) && is_module(dotted))) {
        char *const kept =
            cvyi_arena_text(cvyi_py_arena(eval), dotted, strlen(dotted));

        if (kept == NULL)
            return cvyi_no_memory(err);
        *out = cvyi_py_host_value(&package_type, kept);
    } else {
        for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
            if (strcmp(dotted, functions[i].name) == 0) {
                size_t *const index =
                    cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *index);

                if (index == NULL)
                    return cvyi_no_memory(err);
                *index = i;
                *out = cvyi_py_host_value(&function_type, index);
                return CVY_OK;
            }
        *known = false;
    }
    return CVY_OK;
}
