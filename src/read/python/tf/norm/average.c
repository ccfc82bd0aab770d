/*
 * read/python/tf/norm/average.c - tf.train.ExponentialMovingAverage.
 *
 * The average of a variable, or of what a batch has, is a variable that is
 * not trained. Checkpoints know it by the name of what it is the average of,
 * inside the variable scope in which apply() was called.
 */
#include "read/python/tf/norm/norm.h"

#include <string.h>

typedef struct averaged {
    const void *key; /* the variable's or the statistic's data */
    cvyi_tf_variable *variable;
} averaged;

typedef struct average {
    const char *name; /* "ExponentialMovingAverage" */
    int n, capacity;
    averaged *items;
    double decay; /* the share of the old value; 0: not known */
    bool open;    /* it was applied to something that is not known */
} average;

/* What an average is of; NULL: of nothing that has one. */
typedef struct origin {
    const void *key;
    const char *name;
    cvyi_shape shape;
    const cvyi_value *initialiser;
    const double *numbers;
} origin;

static bool find_origin(origin *out, const cvyi_py_value *value)
{
    const cvyi_tf_statistic *const s = cvyi_tf_statistic_of(value);

    *out = (origin){ 0 };
    if (s != NULL) {
        *out = (origin){ .key = s, .name = s->name, .shape = s->shape };
    } else if (value->type == CVYI_PY_V_HOST &&
               value->host.type == &cvyi_tf_variable_type) {
        const cvyi_tf_variable *const v = value->host.data;

        *out = (origin){ .key = v,
                         .name = v->name,
                         .shape = v->shape,
                         .initialiser = v->initialiser,
                         .numbers = v->numbers };
    }
    return out->key != NULL;
}

/* A default name of a scope: it is counted, and not shared. */
static cvy_status make_variable(cvyi_tf_variable **out, cvyi_py_eval *eval,
                                const average *a, const origin *of,
                                cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_value *initialiser = of->initialiser;
    const char *name =
        cvyi_arena_printf(host->arena, "%s/%s", of->name, a->name);
    cvy_status status;

    if (initialiser == NULL && of->numbers == NULL)
        CVYI_TRY(cvyi_tf_make_config(&initialiser, eval, "Zeros", NULL, 0,
                                     NULL, 0, err));
    if (name != NULL)
        name = cvyi_tf_default_scope(host, name);
    if (name == NULL || !cvyi_tf_enter(host, name))
        return cvyi_no_memory(err);
    host->scope->reuse = host->scope->reuse_or_make = false;
    status = cvyi_tf_variable_take(out, eval, host->scope->variables,
                                   &of->shape, initialiser, false, err);
    cvyi_tf_leave(host);
    if (status == CVY_OK) {
        (*out)->numbers = of->numbers;
        (*out)->decay = a->decay;
    }
    return status;
}

static averaged *find(const average *a, const void *key)
{
    for (int i = 0; i < a->n; i++)
        if (a->items[i].key == key)
            return &a->items[i];
    return NULL;
}

static cvy_status add(average *a, cvyi_py_eval *eval,
                      const cvyi_py_value *value, cvy_error *err)
{
    averaged *items;
    origin of;

    if (!find_origin(&of, value)) {
        a->open = true;
        return CVY_OK;
    }
    if (find(a, of.key) != NULL)
        return CVY_OK;
    items = cvyi_arena_grow(cvyi_tf_of(eval)->arena, a->items, a->n,
                            &a->capacity, sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    a->items = items;
    CVYI_TRY(make_variable(&items[a->n].variable, eval, a, &of, err));
    items[a->n++].key = of.key;
    return CVY_OK;
}

/* Without a list: of all that is trained so far. */
static cvy_status add_trained(average *a, cvyi_py_eval *eval, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const int n = host->n_variables;

    for (int i = 0; i < n; i++) {
        const cvyi_py_value v =
            cvyi_py_host_value(&cvyi_tf_variable_type, host->variables[i]);

        if (host->variables[i]->trainable)
            CVYI_TRY(add(a, eval, &v, err));
    }
    return CVY_OK;
}

/* ---- methods ---- */

static cvy_status apply(cvyi_py_value *out, cvyi_py_eval *eval, average *a,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const given = cvyi_tf_arg(args, 0, "var_list");
    cvyi_py_value list;

    if (given == NULL || given->type == CVYI_PY_V_NONE) {
        CVYI_TRY(add_trained(a, eval, err));
    } else if (cvyi_py_opaque(given) != NULL) {
        a->open = true;
    } else {
        CVYI_TRY(cvyi_py_eval_list(&list, eval, given, err));
        for (int i = 0; i < list.seq->n; i++)
            CVYI_TRY(add(a, eval, &list.seq->items[i], err));
    }
    CVYI_TRY(cvyi_py_make_opaque(out, eval, err,
                                 "a moving average is kept while training"));
    return cvyi_tf_beside(eval, out, err);
}

static cvy_status average_of(cvyi_tf_variable **out, cvyi_py_eval *eval,
                             average *a, const cvyi_py_call_args *args,
                             cvy_error *err)
{
    const cvyi_py_value *const value = cvyi_tf_arg(args, 0, "var");
    averaged *found;
    origin of;

    if (value == NULL || !find_origin(&of, value))
        return cvyi_py_refuse(eval, err, "the moving average of %s",
                              value != NULL ? cvyi_py_describe(eval, value)
                                            : "nothing");
    found = find(a, of.key);
    if (found == NULL)
        return cvyi_py_refuse(eval, err,
                              "the moving average of %s is asked for, and %s",
                              of.name,
                              a->open ? "apply() had a list that is not known"
                                      : "apply() was not given it");
    *out = found->variable;
    return CVY_OK;
}

typedef struct method {
    const char *name;
    average *self;
} method;

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    cvyi_tf_variable *v;

    if (strcmp(m->name, "apply") == 0)
        return apply(out, eval, m->self, args, err);
    if (strcmp(m->name, "average") == 0 ||
        strcmp(m->name, "average_name") == 0) {
        CVYI_TRY(average_of(&v, eval, m->self, args, err));
        if (strcmp(m->name, "average_name") == 0)
            return cvyi_py_make_text(out, eval, v->name, strlen(v->name), err);
        *out = cvyi_py_host_value(&cvyi_tf_variable_type, v);
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_make_opaque(out, eval, err, "%s of a moving average",
                                 m->name));
    return cvyi_tf_beside(eval, out, err);
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a moving average",
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    method *const m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);

    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ name, self->host.data };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

static const cvyi_py_host_type average_type = {
    .name = "a moving average",
    .get = get,
};

void cvyi_tf_average_pace(cvyi_attrs *attrs, const cvyi_tf_host *host,
                          const cvyi_call *call)
{
    double pace = 0;

    for (int s = 0; attrs->op->slots[s].name != NULL; s++) {
        const int p = call->params[s];

        if (p < 0 || !attrs->op->slots[s].statistic)
            continue;
        if (pace != 0 && pace != host->params[p]->decay)
            return;
        pace = host->params[p]->decay;
    }
    if (pace > 0 && pace < 1)
        cvyi_set_real(attrs, "momentum", pace);
}

cvy_status cvyi_tf_average(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, 3, "name"));
    const cvyi_py_value *const decay = cvyi_tf_arg(args, 0, "decay");
    const cvyi_py_value *const steps = cvyi_tf_arg(args, 1, "num_updates");
    average *const a = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *a);

    if (a == NULL)
        return cvyi_no_memory(err);
    *a = (average){ .name = name != NULL ? name : "ExponentialMovingAverage",
                    .decay = decay != NULL && steps == NULL
                                 ? cvyi_tf_number(decay, 0)
                                 : 0 };
    *out = cvyi_py_host_value(&average_type, a);
    return CVY_OK;
}
