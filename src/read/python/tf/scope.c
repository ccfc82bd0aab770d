/*
 * read/python/tf/scope.c - scopes, and names as TensorFlow makes them.
 *
 * Operations: a name that is taken (case does not count) gets _1, _2 … behind
 * it, inside the name scope of now. A variable scope opens a name scope of
 * the last part of its name. Checkpoints know variables by these names.
 *
 * Default names of layers count the variable scopes that were opened at this
 * place; leaving a scope forgets what was counted inside of it.
 */
#include "read/python/tf/host.h"

#include <ctype.h>
#include <string.h>

/* ---- counting names ---- */

static cvyi_tf_count *find(cvyi_tf_counts *counts, const char *name)
{
    for (int i = 0; i < counts->n; i++)
        if (strcmp(counts->items[i].name, name) == 0)
            return &counts->items[i];
    return NULL;
}

/* Its count, 0 if it is new; NULL without memory. */
static cvyi_tf_count *count_of(cvyi_tf_counts *counts, cvyi_arena *arena,
                               const char *name)
{
    cvyi_tf_count *found = find(counts, name), *items;

    if (found != NULL)
        return found;
    items = cvyi_arena_grow(arena, counts->items, counts->n, &counts->capacity,
                            sizeof *items);
    if (items == NULL)
        return NULL;
    counts->items = items;
    items[counts->n] = (cvyi_tf_count){ .name = name };
    return &items[counts->n++];
}

static const char *lower(cvyi_arena *arena, const char *name)
{
    char *const out = cvyi_arena_text(arena, name, strlen(name));

    for (char *p = out; p != NULL && *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    return out;
}

static const char *joined(cvyi_arena *arena, const char *scope,
                          const char *name)
{
    return cvyi_arena_printf(arena, "%s%s%s", scope,
                             *scope != '\0' && *name != '\0' ? "/" : "", name);
}

/* `whole` with the number that makes it unique. */
static const char *unique(cvyi_tf_host *host, const char *whole)
{
    cvyi_arena *const arena = host->arena;
    const char *const key = lower(arena, whole);
    cvyi_tf_count *count =
        key != NULL ? count_of(&host->operations, arena, key) : NULL;
    const char *made = whole;

    if (count == NULL)
        return NULL;
    if (count->n++ == 0)
        return whole;
    for (int i = count->n - 1;; i++) {
        const char *again;

        made = cvyi_arena_printf(arena, "%s_%d", whole, i);
        again = made != NULL ? lower(arena, made) : NULL;
        if (again == NULL)
            return NULL;
        if (find(&host->operations, again) != NULL)
            continue;
        count = count_of(&host->operations, arena, again);
        if (count == NULL)
            return NULL;
        count->n = 1;
        return made;
    }
}

const char *cvyi_tf_unique(cvyi_tf_host *host, const char *name)
{
    const char *const whole =
        joined(host->arena, host->scope->operations, name);

    return whole != NULL ? unique(host, whole) : NULL;
}

/* Names are taken in order until the scope around them is left, which frees
 * all of them: what was taken once need not be asked again. */
const char *cvyi_tf_default_scope(cvyi_tf_host *host, const char *name)
{
    const char *const whole =
        joined(host->arena, host->scope->variables, name);
    cvyi_tf_count *const first =
        whole != NULL ? find(&host->scopes, whole) : NULL;

    if (whole == NULL)
        return NULL;
    if (first == NULL || first->n == 0)
        return name;
    for (int i = first->tried > 1 ? first->tried : 1;; i++) {
        const char *const made =
            cvyi_arena_printf(host->arena, "%s_%d", name, i);
        const char *const next =
            made != NULL ? joined(host->arena, host->scope->variables, made)
                         : NULL;
        const cvyi_tf_count *const count =
            next != NULL ? find(&host->scopes, next) : NULL;

        first->tried = i;
        if (next == NULL || count == NULL || count->n == 0)
            return next != NULL ? made : NULL;
    }
}

const char *cvyi_tf_layer_name(cvyi_tf_host *host, const char *name)
{
    cvyi_tf_count *const count = count_of(&host->layers, host->arena, name);

    if (count == NULL)
        return NULL;
    return count->n++ == 0
               ? name
               : cvyi_arena_printf(host->arena, "%s_%d", name, count->n - 1);
}

/* ---- entering and leaving ---- */

static cvyi_tf_scope *push(cvyi_tf_host *host)
{
    cvyi_tf_scope *const inner =
        cvyi_arena_alloc(host->arena, 1, sizeof *inner);

    if (inner == NULL)
        return NULL;
    *inner = *host->scope;
    inner->outer = host->scope;
    host->scope = inner;
    return inner;
}

static const char *last_part(const char *name)
{
    const char *const slash = strrchr(name, '/');

    return slash != NULL ? slash + 1 : name;
}

/* `whole` is the prefix of its variables. */
bool cvyi_tf_enter_whole(cvyi_tf_host *host, const char *whole)
{
    const char *const operations = *whole != '\0'
                                       ? cvyi_tf_unique(host, last_part(whole))
                                       : host->scope->operations;
    cvyi_tf_count *const count = count_of(&host->scopes, host->arena, whole);
    cvyi_tf_scope *const inner =
        operations != NULL && count != NULL ? push(host) : NULL;

    if (inner == NULL)
        return false;
    count->n++;
    inner->variables = whole;
    inner->operations = operations;
    return true;
}

bool cvyi_tf_enter(cvyi_tf_host *host, const char *name)
{
    const char *const whole =
        joined(host->arena, host->scope->variables, name);

    return whole != NULL && cvyi_tf_enter_whole(host, whole);
}

static bool is_inside(const char *name, const char *scope)
{
    const size_t n = strlen(scope);

    return n > 0 && strncmp(name, scope, n) == 0 && name[n] == '/';
}

void cvyi_tf_leave(cvyi_tf_host *host)
{
    const char *const left = host->scope->variables;

    host->scope = host->scope->outer;
    if (strcmp(left, host->scope->variables) == 0)
        return; /* a name scope */
    for (int i = 0; i < host->scopes.n; i++)
        if (is_inside(host->scopes.items[i].name, left))
            host->scopes.items[i].n = host->scopes.items[i].tried = 0;
}

/* ---- the value of `with tf.variable_scope(…) as scope` ---- */

typedef struct scope_value {
    bool of_variables;
    bool absolute;    /* `name` is whole */
    const char *name; /* NULL: the default name says it */
    const char *fallback;
    bool reuse, reuse_or_make;
    const cvyi_value *initialiser, *regulariser;
    cvyi_tf_scope *entered; /* the scope that it is, once it was entered */
} scope_value;

static cvy_status enter_names(scope_value *s, cvyi_py_eval *eval,
                              cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *name = s->name != NULL ? s->name : s->fallback;
    cvyi_tf_scope *inner;

    if (name == NULL || *name == '\0')
        name = ""; /* the root */
    else if (s->absolute)
        name = cvyi_arena_text(host->arena, name, strlen(name) - 1);
    else
        name = cvyi_tf_unique(host, name);
    inner = name != NULL ? push(host) : NULL;
    if (inner == NULL)
        return cvyi_no_memory(err);
    inner->operations = name;
    s->entered = inner;
    return CVY_OK;
}

static cvy_status enter_variables(scope_value *s, cvyi_py_eval *eval,
                                  cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *name = s->name;
    bool good;

    if (name == NULL) {
        name = cvyi_tf_default_scope(host, s->fallback);
        if (name == NULL)
            return cvyi_no_memory(err);
    }
    good = s->absolute ? cvyi_tf_enter_whole(host, name)
                       : cvyi_tf_enter(host, name);
    if (!good)
        return cvyi_no_memory(err);
    host->scope->reuse = host->scope->reuse || s->reuse;
    host->scope->reuse_or_make =
        host->scope->reuse_or_make || s->reuse_or_make;
    if (s->initialiser != NULL)
        host->scope->initialiser = s->initialiser;
    if (s->regulariser != NULL)
        host->scope->regulariser = s->regulariser;
    s->entered = host->scope;
    return CVY_OK;
}

typedef struct method {
    const char *name;
    scope_value *scope;
} method;

static const cvyi_py_host_type method_type;

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    scope_value *const s = m->scope;
    cvyi_tf_host *const host = cvyi_tf_of(eval);

    (void)args;
    *out = cvyi_py_none();
    if (strcmp(m->name, "__exit__") == 0) {
        cvyi_tf_leave(host);
    } else if (strcmp(m->name, "reuse_variables") == 0) {
        if (s->entered != NULL)
            s->entered->reuse = true;
    } else {
        CVYI_TRY(s->of_variables ? enter_variables(s, eval, err)
                                 : enter_names(s, eval, err));
        if (!s->of_variables) { /* as name: with a slash behind it */
            const char *const text =
                cvyi_arena_printf(host->arena, "%s/", host->scope->operations);

            if (text == NULL)
                return cvyi_no_memory(err);
            return cvyi_py_make_text(out, eval, text, strlen(text), err);
        }
        *out = cvyi_py_host_value(&cvyi_tf_scope_type, s);
    }
    return CVY_OK;
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a scope",
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    scope_value *const s = self->host.data;
    const cvyi_tf_scope *const in = s->entered;
    method *m;

    if (strcmp(name, "name") == 0 ||
        strcmp(name, "original_name_scope") == 0) {
        const char *const text =
            in == NULL ? s->name
            : strcmp(name, "name") == 0
                ? in->variables
                : cvyi_arena_printf(cvyi_tf_of(eval)->arena, "%s/",
                                    in->operations);

        if (text == NULL)
            return cvyi_no_memory(err);
        return cvyi_py_make_text(out, eval, text, strlen(text), err);
    }
    if (strcmp(name, "reuse") == 0) {
        *out = cvyi_py_bool(in != NULL && in->reuse);
        return CVY_OK;
    }
    m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ name, s };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

const cvyi_py_host_type cvyi_tf_scope_type = {
    .name = "a scope",
    .get = get,
};

/* ---- making them ---- */

static cvy_status make(cvyi_py_value *out, cvyi_py_eval *eval,
                       const scope_value *scope, cvy_error *err)
{
    scope_value *const kept =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    *kept = *scope;
    *out = cvyi_py_host_value(&cvyi_tf_scope_type, kept);
    return CVY_OK;
}

/* A scope as an argument stands for itself. */
static void take_name(scope_value *out, const cvyi_py_value *value)
{
    if (value == NULL)
        return;
    out->name = cvyi_tf_text(value);
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_tf_scope_type) {
        const scope_value *const other = value->host.data;

        out->absolute = true;
        out->name = other->entered != NULL ? other->entered->variables : "";
        out->reuse = other->entered != NULL && other->entered->reuse;
    }
}

static void take_reuse(scope_value *out, const cvyi_py_value *reuse)
{
    if (reuse != NULL && reuse->type == CVYI_PY_V_BOOL)
        out->reuse = out->reuse || reuse->truth;
    else if (reuse != NULL && reuse->type == CVYI_PY_V_HOST)
        out->reuse_or_make = true; /* tf.AUTO_REUSE */
}

cvy_status cvyi_tf_enter_called(cvyi_py_eval *eval, const cvyi_py_value *scope,
                                const char *fallback,
                                const cvyi_py_value *reuse, cvy_error *err)
{
    scope_value s = { .of_variables = true, .fallback = fallback };

    take_name(&s, scope);
    take_reuse(&s, reuse);
    return enter_variables(&s, eval, err);
}

cvy_status cvyi_tf_variable_scope(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err)
{
    const cvyi_py_value *const initialiser =
        cvyi_tf_arg(args, 3, "initializer");
    scope_value s = { .of_variables = true };

    take_name(&s, cvyi_tf_arg(args, 0, "name_or_scope"));
    s.fallback = cvyi_tf_text(cvyi_tf_arg(args, 1, "default_name"));
    if (s.name == NULL && s.fallback == NULL)
        return cvyi_py_refuse(eval, err,
                              "a variable scope without a name that is known");
    take_reuse(&s, cvyi_tf_arg(args, -1, "reuse"));
    if (initialiser != NULL && cvyi_py_opaque(initialiser) != NULL)
        s.initialiser = &cvyi_tf_unknown;
    else
        CVYI_TRY(cvyi_tf_config(&s.initialiser, eval, initialiser, err));
    s.regulariser = cvyi_tf_regulariser(cvyi_tf_arg(args, 4, "regularizer"));
    return make(out, eval, &s, err);
}

cvy_status cvyi_tf_name_scope(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    scope_value s = { .name = cvyi_tf_text(cvyi_tf_arg(args, 0, "name")) };

    s.fallback = cvyi_tf_text(cvyi_tf_arg(args, 1, "default_name"));
    s.absolute =
        s.name != NULL && *s.name != '\0' && s.name[strlen(s.name) - 1] == '/';
    return make(out, eval, &s, err);
}

cvy_status cvyi_tf_scope_now(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_scope *const now = cvyi_tf_of(eval)->scope;
    const scope_value s = { .of_variables = true,
                            .absolute = true,
                            .name = now->variables,
                            .entered = now };

    (void)args;
    return make(out, eval, &s, err);
}
