/*
 * read/python/tf/contrib/default.c - arg_scope: arguments of functions
 * by default.
 *
 * What is said stands in a list that is never changed, the latest first: a
 * scope that is kept is a place in it, and to enter it again is to go there,
 * whatever stands around it. A scope that is not understood is entered too,
 * and every function of contrib inside of it is not known for that.
 */
#include "read/python/tf/contrib/contrib.h"

#include "pysrc/eval_parts.h"

#include <string.h>

typedef struct cvyi_tf_defaults {
    const struct cvyi_tf_defaults *before;
    const void *key;              /* of one function */
    cvyi_py_call_args says;       /* n = 0 */
    const cvyi_py_cause *unknown; /* or NULL */
} cvyi_tf_defaults;

/* slim.arg_scope(…), entered or not. */
typedef struct scope {
    int n;
    const void **keys;
    cvyi_py_call_args says;
    bool again; /* it is `kept`, nothing else */
    const cvyi_tf_defaults *kept;
    const cvyi_py_cause *unknown;
    const cvyi_tf_defaults *before; /* what to go back to */
} scope;

/* @add_arg_scope def f(…) */
typedef struct decorated {
    cvyi_py_value function;
} decorated;

typedef struct method {
    scope *scope;
    bool leaves;
} method;

/* ---- what is said ---- */

static cvy_status add(const cvyi_tf_defaults **at, cvyi_py_eval *eval,
                      const void *key, const cvyi_py_call_args *says,
                      const cvyi_py_cause *unknown, cvy_error *err)
{
    cvyi_tf_defaults *made;

    CVYI_PY_NEW(made, eval, 1, err);
    *made = (cvyi_tf_defaults){ *at, key, *says, unknown };
    *at = made;
    return CVY_OK;
}

/* Is it given, by its name? What is given by its place the caller finds. */
static bool has(const char *const *keys, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(keys[i], name) == 0)
            return true;
    return false;
}

static int most_of(const cvyi_tf_host *host, const void *key)
{
    int n = 0;

    for (const cvyi_tf_defaults *d = host->defaults; d != NULL; d = d->before)
        n += d->key == key ? d->says.n_keywords : 0;
    return n;
}

cvy_status cvyi_tf_default_args(cvyi_py_call_args *out, cvyi_py_eval *eval,
                                const void *key, const cvyi_py_call_args *args,
                                cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const int most = args->n_keywords + most_of(host, key);
    const char **keys;
    cvyi_py_value *values;
    int n = 0;

    CVYI_PY_NEW(keys, eval, most + 1, err);
    CVYI_PY_NEW(values, eval, most + 1, err);
    for (; n < args->n_keywords; n++) {
        keys[n] = args->keywords[n];
        values[n] = args->keyword_values[n];
    }
    for (const cvyi_tf_defaults *d = host->defaults; d != NULL;
         d = d->before) {
        CVYI_TRY(cvyi_py_tick(eval, 1, err));
        if (d->unknown != NULL)
            return cvyi_py_refuse_cause(eval, d->unknown, err);
        for (int i = 0; d->key == key && i < d->says.n_keywords; i++) {
            if (has(keys, n, d->says.keywords[i]))
                continue;
            keys[n] = d->says.keywords[i];
            values[n++] = d->says.keyword_values[i];
        }
    }
    *out = (cvyi_py_call_args){ args->n, args->values, n, keys, values };
    return CVY_OK;
}

/* ---- functions of the script ---- */

static cvy_status decorated_get(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *self, const char *name,
                                cvy_error *err)
{
    const decorated *const d = self->host.data;

    return cvyi_py_eval_get(out, eval, &d->function, name, err);
}

static cvy_status decorated_call(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *self,
                                 const cvyi_py_call_args *args, cvy_error *err)
{
    const decorated *const d = self->host.data;
    cvyi_py_call_args all;

    const cvy_status status = cvyi_tf_default_args(&all, eval, d, args, err);

    if (status == CVY_OK)
        return cvyi_py_eval_call(out, eval, &d->function, &all, err);
    CVYI_TRY(cvyi_py_forgive_value(out, eval, status, err));
    return cvyi_tf_lose(eval, "a function with an arg_scope", args, out, err);
}

static const cvyi_py_host_type decorated_type = {
    .name = "a function with an arg_scope",
    .is_data = true,
    .get = decorated_get,
    .call = decorated_call,
};

cvy_status cvyi_tf_add_arg_scope(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const function = cvyi_tf_arg(args, 0, "func");
    decorated *d;

    if (function == NULL)
        return cvyi_py_refuse(eval, err, "add_arg_scope of nothing");
    CVYI_PY_NEW(d, eval, 1, err);
    d->function = *function;
    *out = cvyi_py_host_value(&decorated_type, d);
    return CVY_OK;
}

const void *cvyi_tf_default_key(const cvyi_py_value *function)
{
    if (function->type != CVYI_PY_V_HOST)
        return NULL;
    if (function->host.type == &decorated_type)
        return function->host.data;
    return function->host.type == &cvyi_tf_name_type
               ? cvyi_tf_contrib_key(
                     ((const cvyi_call_name *)function->host.data)->dotted)
               : NULL;
}

/* ---- scopes ---- */

static cvy_status enter(cvyi_py_value *out, cvyi_py_eval *eval, scope *s,
                        cvy_error *err);

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;

    (void)args;
    if (!m->leaves)
        return enter(out, eval, m->scope, err);
    cvyi_tf_of(eval)->defaults = m->scope->before;
    *out = cvyi_py_none();
    return CVY_OK;
}

static const cvyi_py_host_type method_type = {
    .name = "a method of an arg_scope",
    .is_data = true,
    .call = call_method,
};

static cvy_status scope_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self, const char *name,
                            cvy_error *err)
{
    const bool leaves = strcmp(name, "__exit__") == 0;
    method *m;

    if (!leaves && strcmp(name, "__enter__") != 0)
        return cvyi_py_refuse(eval, err, "%.60s of an arg_scope", name);
    CVYI_PY_NEW(m, eval, 1, err);
    *m = (method){ self->host.data, leaves };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

static const cvyi_py_host_type scope_type = {
    .name = "an arg_scope",
    .is_data = true,
    .get = scope_get,
};

/* What `with … as kept` gives. */
static const cvyi_py_host_type kept_type = {
    .name = "what an arg_scope says",
    .is_data = true,
};

static cvy_status enter(cvyi_py_value *out, cvyi_py_eval *eval, scope *s,
                        cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_py_call_args nothing = { 0 };
    const cvyi_tf_defaults *at = s->again ? s->kept : host->defaults;

    s->before = host->defaults;
    for (int i = 0; i < s->n; i++)
        CVYI_TRY(add(&at, eval, s->keys[i], &s->says, NULL, err));
    if (s->unknown != NULL)
        CVYI_TRY(add(&at, eval, NULL, &nothing, s->unknown, err));
    host->defaults = at;
    *out = cvyi_py_host_value(&kept_type, (void *)(uintptr_t)at);
    return CVY_OK;
}

/* Keywords outlive the call. */
static cvy_status keep(cvyi_py_call_args *out, cvyi_py_eval *eval,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const char **keys;
    cvyi_py_value *values;

    CVYI_PY_NEW(keys, eval, args->n_keywords + 1, err);
    CVYI_PY_NEW(values, eval, args->n_keywords + 1, err);
    for (int i = 0; i < args->n_keywords; i++) {
        keys[i] = args->keywords[i];
        values[i] = args->keyword_values[i];
    }
    *out = (cvyi_py_call_args){ .n_keywords = args->n_keywords,
                                .keywords = keys,
                                .keyword_values = values };
    return CVY_OK;
}

/* Names of contrib that no call knows do no harm: they are not known. */
static bool is_harmless(const cvyi_py_value *function)
{
    return function->type == CVYI_PY_V_HOST &&
           function->host.type == &cvyi_tf_name_type;
}

/* *unknown: why the list is none of functions that are known. */
static cvy_status take_list(scope *s, cvyi_py_eval *eval,
                            const cvyi_py_value *list, cvy_error *err)
{
    CVYI_PY_NEW(s->keys, eval, list->seq->n + 1, err);
    for (int i = 0; i < list->seq->n; i++) {
        const cvyi_py_value *const item = &list->seq->items[i];
        const void *const key = cvyi_tf_default_key(item);

        if (key != NULL)
            s->keys[s->n++] = key;
        else if (cvyi_py_opaque(item) != NULL)
            s->unknown = cvyi_py_opaque(item);
        else if (!is_harmless(item))
            CVYI_TRY(cvyi_py_make_cause(&s->unknown, eval, err,
                                        "arg_scope of %s",
                                        cvyi_py_describe(eval, item)));
    }
    return CVY_OK;
}

cvy_status cvyi_tf_arg_scope(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const of = cvyi_tf_arg(args, 0, "list_ops_or_scope");
    const bool list = of != NULL && (of->type == CVYI_PY_V_LIST ||
                                     of->type == CVYI_PY_V_TUPLE);
    const cvyi_py_value *const spread = cvyi_tf_arg(args, -1, "**");
    scope *s;

    CVYI_PY_NEW(s, eval, 1, err);
    *s = (scope){ 0 };
    CVYI_TRY(keep(&s->says, eval, args, err));
    if (spread != NULL) {
        s->unknown = cvyi_py_opaque(spread);
    } else if (of != NULL && cvyi_py_opaque(of) != NULL) {
        s->unknown = cvyi_py_opaque(of);
    } else if (list) {
        CVYI_TRY(take_list(s, eval, of, err));
    } else if (of != NULL && of->type == CVYI_PY_V_HOST &&
               of->host.type == &kept_type && args->n_keywords == 0) {
        s->again = true;
        s->kept = of->host.data;
    } else {
        CVYI_TRY(cvyi_py_make_cause(&s->unknown, eval, err, "arg_scope of %s",
                                    of != NULL ? cvyi_py_describe(eval, of)
                                               : "nothing"));
    }
    *out = cvyi_py_host_value(&scope_type, s);
    return CVY_OK;
}

/* ---- scopes that are not known ---- */

/* What is not known of TensorFlow's own, such as a device or a session, says
 * nothing about arguments. */
static bool says_nothing(const cvyi_tf_host *host, const cvyi_py_cause *cause)
{
    for (int i = 0; i < host->n_lost; i++)
        if (cvyi_py_origin(host->lost[i].cause) == cvyi_py_origin(cause) &&
            host->lost[i].beside)
            return true;
    return strncmp(cause->reason, "tf.", 3) == 0 &&
           !cvyi_call_is_below(cause->reason, "tf.contrib");
}

cvy_status cvyi_tf_within(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                          cvy_error *err)
{
    const cvyi_py_call_args nothing = { 0 };
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_tf_defaults **saved;

    if (cause == NULL) {
        host->defaults = host->within[--host->n_within];
        return CVY_OK;
    }
    saved = cvyi_arena_grow(host->arena, host->within, host->n_within,
                            &host->within_capacity, sizeof *saved);
    if (saved == NULL)
        return cvyi_no_memory(err);
    host->within = saved;
    saved[host->n_within++] = host->defaults;
    return says_nothing(host, cause)
               ? CVY_OK
               : add(&host->defaults, eval, NULL, &nothing, cause, err);
}
