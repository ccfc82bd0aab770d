/* pysrc/eval_bind.c - arguments to parameters. */
#include "pysrc/eval_parts.h"

/* ---- functions of the source ---- */

static cvy_status wrong(cvyi_py_eval *eval, const cvyi_py_function *function,
                        const char *what, const char *name, cvy_error *err)
{
    return cvyi_py_throw(eval, err, "TypeError", "%.60s() %s '%.60s'",
                         function->name, what, name);
}

/* Arguments by place: into parameters, then into *rest. */
static cvy_status bind_places(cvyi_py_eval *eval, cvyi_py_names *names,
                              const cvyi_py_function *function,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_args *const params = &function->node->def.args;
    const int n =
        args->n < params->n_positional ? args->n : params->n_positional;
    cvyi_py_value rest;

    for (int i = 0; i < n; i++)
        CVYI_TRY(cvyi_py_names_set(eval, names, params->positional[i].name,
                                   &args->values[i], err));
    if (params->rest == NULL) {
        if (args->n > n)
            return cvyi_py_throw(
                eval, err, "TypeError",
                "%.60s() takes %d arguments by place but %d were given",
                function->name, params->n_positional, args->n);
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_make_seq(&rest, eval, CVYI_PY_V_TUPLE,
                              args->n > n ? args->values + n : NULL,
                              args->n - n, err));
    return cvyi_py_names_set(eval, names, params->rest, &rest, err);
}

static bool takes(const cvyi_py_args *params, const char *name)
{
    for (int i = params->n_positional_only; i < params->n_positional; i++)
        if (strcmp(params->positional[i].name, name) == 0)
            return true;
    for (int i = 0; i < params->n_keyword_only; i++)
        if (strcmp(params->keyword_only[i].name, name) == 0)
            return true;
    return false;
}

static cvy_status bind_names(cvyi_py_eval *eval, cvyi_py_names *names,
                             const cvyi_py_function *function,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_args *const params = &function->node->def.args;
    cvyi_py_value more = cvyi_py_none();

    if (params->more != NULL)
        CVYI_TRY(cvyi_py_make_dict(&more, eval, err));
    for (int i = 0; i < args->n_keywords; i++) {
        const char *const name = args->keywords[i];
        const cvyi_py_value key = cvyi_py_text_value(name);

        if (takes(params, name)) {
            if (cvyi_py_names_get(names, name) != NULL)
                return wrong(eval, function, "gets two values for", name, err);
            CVYI_TRY(cvyi_py_names_set(eval, names, name,
                                       &args->keyword_values[i], err));
        } else if (params->more != NULL) {
            CVYI_TRY(cvyi_py_dict_set(eval, &more, &key,
                                      &args->keyword_values[i], err));
        } else {
            return wrong(eval, function, "has no parameter", name, err);
        }
    }
    return params->more != NULL
               ? cvyi_py_names_set(eval, names, params->more, &more, err)
               : CVY_OK;
}

static cvy_status bind_fallbacks(cvyi_py_eval *eval, cvyi_py_names *names,
                                 const cvyi_py_function *function,
                                 const cvyi_py_arg *params,
                                 const cvyi_py_value *fallbacks, int n,
                                 cvy_error *err)
{
    for (int i = 0; i < n; i++) {
        if (cvyi_py_names_get(names, params[i].name) != NULL)
            continue;
        if (params[i].fallback == NULL)
            return wrong(eval, function, "misses the argument", params[i].name,
                         err);
        CVYI_TRY(cvyi_py_names_set(eval, names, params[i].name, &fallbacks[i],
                                   err));
    }
    return CVY_OK;
}

cvy_status cvyi_py_bind_arguments(cvyi_py_eval *eval, cvyi_py_names *names,
                                  const cvyi_py_function *function,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err)
{
    const cvyi_py_args *const params = &function->node->def.args;

    CVYI_TRY(bind_places(eval, names, function, args, err));
    CVYI_TRY(bind_names(eval, names, function, args, err));
    CVYI_TRY(bind_fallbacks(eval, names, function, params->positional,
                            function->positional, params->n_positional, err));
    return bind_fallbacks(eval, names, function, params->keyword_only,
                          function->keyword_only, params->n_keyword_only, err);
}

/* ---- builtins: see struct cvyi_py_builtin ---- */

typedef struct param {
    char name[24];
    bool by_place, by_name, required;
} param;

typedef struct signature {
    param params[CVYI_PY_PARAMS];
    int n;
    bool rest, more;
} signature;

static void read_signature(signature *out, const char *text)
{
    bool names_only = false;

    while (*text != '\0') {
        const size_t n = strcspn(text, " ");
        param *const p = &out->params[out->n];

        if (n == 2 && text[0] == '*') {
            out->more = true;
        } else if (text[0] == '*') {
            out->rest = true;
            names_only = true;
        } else if (text[0] == '|') {
            names_only = true;
        } else {
            const size_t skip = text[0] == '-';
            const bool optional = text[n - 1] == '?';

            p->by_name = skip == 0;
            p->by_place = !names_only;
            p->required = !optional;
            memcpy(p->name, text + skip, n - skip - optional);
            out->n++;
        }
        text += n;
        text += strspn(text, " ");
    }
}

static cvy_status give_places(cvyi_py_given *given, cvyi_py_eval *eval,
                              const signature *s, const char *name,
                              cvy_error *err)
{
    const cvyi_py_call_args *const args = given->args;
    int at = 0;

    for (int i = 0; i < s->n && at < args->n; i++)
        if (s->params[i].by_place)
            given->at[i] = &args->values[at++];
    if (at < args->n && !s->rest)
        return cvyi_py_throw(eval, err, "TypeError",
                             "%s() takes at most %d arguments, not %d", name,
                             at, args->n);
    given->rest = at < args->n ? args->values + at : NULL;
    given->n_rest = args->n - at;
    return CVY_OK;
}

static cvy_status give_names(cvyi_py_given *given, cvyi_py_eval *eval,
                             const signature *s, const char *name,
                             cvy_error *err)
{
    const cvyi_py_call_args *const args = given->args;

    for (int i = 0; i < args->n_keywords; i++) {
        int at = 0;

        while (at < s->n && (!s->params[at].by_name ||
                             strcmp(s->params[at].name, args->keywords[i])))
            at++;
        if (at == s->n && s->more) {
            given->n_more++;
            continue;
        }
        if (at == s->n || given->at[at] != NULL)
            return cvyi_py_throw(eval, err, "TypeError",
                                 "%s() got an unexpected keyword '%.60s'",
                                 name, args->keywords[i]);
        given->at[at] = &args->keyword_values[i];
    }
    return CVY_OK;
}

/* What is refused is opaque, and what it would have changed is in doubt. */
static cvy_status run_lenient(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_builtin *builtin,
                              const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value made = cvyi_py_none();
    const cvy_status status = builtin->run(&made, eval, given, err);

    CVYI_TRY(cvyi_py_forgive_value(&made, eval, status, err));
    if (status != CVY_OK)
        cvyi_py_builtin_failed(builtin, given->self, given->args, made.cause);
    else if (builtin->is_method && cvyi_py_is_mutator(builtin->name))
        for (int i = 0; i < given->args->n; i++)
            cvyi_py_count(eval, &given->args->values[i]);
    if (builtin->is_method && cvyi_py_is_mutator(builtin->name))
        eval->effects++;
    *out = made;
    return CVY_OK;
}

cvy_status cvyi_py_run_builtin(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_builtin *builtin,
                               const cvyi_py_value *self,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_given given = { .self = self, .args = args };
    cvyi_py_value made = cvyi_py_none();
    signature s = { 0 };
    bool done = false;

    if (cvyi_py_is_lenient(eval))
        cvyi_py_builtin_opaque(out, &done, builtin, self, args);
    if (done)
        return CVY_OK;
    if (builtin->run == NULL)
        return cvyi_py_refuse(eval, err, "%s() is not evaluated",
                              builtin->name);
    read_signature(&s, builtin->signature);
    CVYI_TRY(give_places(&given, eval, &s, builtin->name, err));
    CVYI_TRY(give_names(&given, eval, &s, builtin->name, err));
    for (int i = 0; i < s.n; i++)
        if (s.params[i].required && given.at[i] == NULL)
            return cvyi_py_throw(eval, err, "TypeError",
                                 "%s() misses the argument '%s'",
                                 builtin->name, s.params[i].name);
    CVYI_TRY(cvyi_py_tick(eval, 1, err));
    if (!cvyi_py_is_lenient(eval)) {
        CVYI_TRY(builtin->run(&made, eval, &given, err));
        *out = made;
        return CVY_OK;
    }
    return run_lenient(out, eval, builtin, &given, err);
}
