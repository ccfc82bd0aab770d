/* pysrc/eval_scope.c - which name means what where. */
#include "pysrc/eval_module.h"

/* ---- loading and storing ---- */

cvy_status cvyi_py_scope_open(cvyi_py_scope **out, cvyi_py_eval *eval,
                              cvyi_py_scope_kind kind,
                              const cvyi_py_bound *bound, cvy_error *err)
{
    cvyi_py_scope *scope;

    CVYI_PY_NEW(scope, eval, 1, err);
    CVYI_PY_NEW(scope->names, eval, 1, err);
    scope->kind = kind;
    scope->bound = bound;
    *out = scope;
    return CVY_OK;
}

static const struct cvyi_py_binding *binding(const cvyi_py_bound *bound,
                                             const char *name)
{
    for (int i = 0; bound != NULL && i < bound->n; i++)
        if (strcmp(bound->items[i].name, name) == 0)
            return &bound->items[i];
    return NULL;
}

static cvyi_py_how how_of(const cvyi_py_scope *scope, const char *name)
{
    const struct cvyi_py_binding *const found = binding(scope->bound, name);

    return found != NULL ? found->how : CVYI_PY_FREE;
}

bool cvyi_py_bound_once(const cvyi_py_bound *bound, const char *name)
{
    const struct cvyi_py_binding *const found = binding(bound, name);

    return found != NULL && found->how == CVYI_PY_LOCAL && found->times == 1;
}

cvy_status cvyi_py_from_stars(cvyi_py_value *out, bool *found,
                              cvyi_py_eval *eval, cvyi_py_file *file,
                              const char *name, cvy_error *err)
{
    const cvyi_py_seq *const stars = &file->stars;

    *found = false;
    for (int i = stars->n - 1; !*found && i >= 0; i--) {
        const char *const dotted = cvyi_arena_printf(
            &eval->arena, "%s.%s", stars->items[i].text, name);
        cvy_status status;

        if (dotted == NULL)
            return cvyi_no_memory(err);
        eval->memory += strlen(dotted);
        status = eval->host->import(out, eval, dotted, NULL);
        *found = status == CVY_OK;
        if (status != CVY_OK && status != CVY_UNSUPPORTED)
            return status;
    }
    eval->raised = NULL;
    return *found ? cvyi_py_names_set(eval, file->scope.names, name, out, err)
                  : CVY_OK;
}

/* No value was found: it may be there all the same, or it is an error. */
static cvy_status missing(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *name, cvy_error *err)
{
    cvyi_py_file *const file = eval->frame->file;
    bool found = false;

    if (file->stars.n > 0)
        CVYI_TRY(cvyi_py_from_stars(out, &found, eval, file, name, err));
    if (found)
        return CVY_OK;
    if (file->doubt != NULL)
        return cvyi_py_refuse_cause(eval, file->doubt, err);
    if (eval->forgiven != NULL && binding(file->scope.bound, name) != NULL)
        return cvyi_py_refuse_cause(eval, eval->forgiven, err);
    return cvyi_py_throw(eval, err, "NameError", "name '%.80s' is not defined",
                         name);
}

/* Names may have come another way after these. */
static cvy_status refused_builtin(cvyi_py_eval *eval, const char *name,
                                  cvy_error *err)
{
    static const char *const binders[] = {
        "__import__", "eval", "exec", "execfile", "globals", "locals", "vars",
    };
    const cvyi_py_cause *cause;

    if (!cvyi_py_is_lenient(eval))
        return cvyi_py_refuse(eval, err, "%s() is not evaluated", name);
    CVYI_TRY(
        cvyi_py_make_cause(&cause, eval, err, "%s() is not evaluated", name));
    for (size_t i = 0; i < sizeof binders / sizeof *binders; i++)
        if (strcmp(binders[i], name) == 0 && eval->frame->file->doubt == NULL)
            eval->frame->file->doubt = cause;
    return cvyi_py_refuse_cause(eval, cause, err);
}

static cvy_status from_module(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *name, cvy_error *err)
{
    const cvyi_py_value *value =
        cvyi_py_names_get(eval->frame->file->scope.names, name);

    if (value == NULL)
        value = cvyi_py_names_get(&eval->builtins, name);
    if (value != NULL && strcmp(name, "xrange") == 0 &&
        value->type == CVYI_PY_V_BUILTIN && !cvyi_py_is_python2(eval) &&
        !cvyi_py_is_lenient(eval))
        value = NULL;
    if (value == NULL && strcmp(name, "__class__") == 0)
        return cvyi_py_refuse(eval, err, "__class__ without super()");
    if (value == NULL)
        return missing(out, eval, name, err);
    if (value->type == CVYI_PY_V_BUILTIN && value->builtin->run == NULL &&
        !value->builtin->is_type)
        return refused_builtin(eval, name, err);
    *out = *value;
    return CVY_OK;
}

cvy_status cvyi_py_load(cvyi_py_value *out, cvyi_py_eval *eval,
                        const char *name, cvy_error *err)
{
    const cvyi_py_scope *const first = eval->frame->scope;

    for (const cvyi_py_scope *s = first; s != NULL; s = s->outer) {
        const cvyi_py_value *value;

        if (s->kind == CVYI_PY_SCOPE_MODULE)
            break;
        if (s->kind == CVYI_PY_SCOPE_CLASS && s != first)
            continue;
        value = cvyi_py_names_get(s->names, name);
        if (value != NULL) {
            *out = *value;
            return CVY_OK;
        }

        const cvyi_py_how how = how_of(s, name);

        if (how == CVYI_PY_GLOBAL_NAME)
            break;
        if (how == CVYI_PY_LOCAL && s->kind != CVYI_PY_SCOPE_CLASS &&
            eval->forgiven != NULL)
            return cvyi_py_refuse_cause(eval, eval->forgiven, err);
        if (how == CVYI_PY_LOCAL && s->kind != CVYI_PY_SCOPE_CLASS)
            return cvyi_py_throw(eval, err, "UnboundLocalError",
                                 "'%.80s' is used before it has a value",
                                 name);
    }
    return from_module(out, eval, name, err);
}

/* The names that a name of `scope` is kept in. */
static cvy_status keeper(cvyi_py_names **out, cvyi_py_eval *eval,
                         cvyi_py_scope *scope, const char *name,
                         cvy_error *err)
{
    const cvyi_py_how how = how_of(scope, name);

    if (how == CVYI_PY_GLOBAL_NAME) {
        *out = eval->frame->file->scope.names;
        return CVY_OK;
    }
    if (how != CVYI_PY_NONLOCAL_NAME) {
        *out = scope->names;
        return CVY_OK;
    }
    for (cvyi_py_scope *s = scope->outer; s != NULL; s = s->outer)
        if (s->kind == CVYI_PY_SCOPE_FUNCTION &&
            how_of(s, name) == CVYI_PY_LOCAL) {
            *out = s->names;
            return CVY_OK;
        }
    return cvyi_py_refuse(eval, err, "no binding for nonlocal '%.80s'", name);
}

cvy_status cvyi_py_store(cvyi_py_eval *eval, const char *name,
                         const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_names *names;

    cvyi_py_count(eval, value);
    CVYI_TRY(keeper(&names, eval, eval->frame->scope, name, err));
    return cvyi_py_names_set(eval, names, name, value, err);
}

cvy_status cvyi_py_store_walrus(cvyi_py_eval *eval, const char *name,
                                const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_scope *scope = eval->frame->scope;
    cvyi_py_names *names;

    while (scope->kind == CVYI_PY_SCOPE_COMPREHENSION)
        scope = scope->outer;
    CVYI_TRY(keeper(&names, eval, scope, name, err));
    return cvyi_py_names_set(eval, names, name, value, err);
}

cvy_status cvyi_py_unbind(cvyi_py_eval *eval, const char *name, cvy_error *err)
{
    cvyi_py_names *names;

    CVYI_TRY(keeper(&names, eval, eval->frame->scope, name, err));
    if (cvyi_py_names_get(names, name) == NULL && eval->forgiven != NULL)
        return CVY_OK;
    if (cvyi_py_names_get(names, name) == NULL)
        return cvyi_py_throw(eval, err, "NameError",
                             "name '%.80s' is not defined", name);
    cvyi_py_names_drop(names, name);
    return CVY_OK;
}
