/* pysrc/eval_call.c - functions and calls. */
#include "pysrc/eval_parts.h"

/* ---- making a function ---- */

static cvy_status fallbacks(cvyi_py_value **out, cvyi_py_eval *eval,
                            const cvyi_py_arg *params, int n, cvy_error *err)
{
    cvyi_py_value *values;

    CVYI_PY_NEW(values, eval, n, err);
    for (int i = 0; i < n; i++)
        if (params[i].fallback != NULL)
            CVYI_TRY(cvyi_py_expr(&values[i], eval, params[i].fallback, err));
    *out = values;
    return CVY_OK;
}

cvy_status cvyi_py_make_function(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_node *node, cvy_error *err)
{
    const cvyi_py_args *const params = &node->def.args;
    cvyi_py_function *function;

    CVYI_PY_NEW(function, eval, 1, err);
    function->name = node->def.name != NULL ? node->def.name : "<lambda>";
    function->node = node;
    function->file = eval->frame->file;
    function->outer = eval->frame->scope;
    function->cell = eval->frame->cell;
    CVYI_TRY(cvyi_py_bound_of(&function->bound, eval, node, err));
    CVYI_TRY(fallbacks(&function->positional, eval, params->positional,
                       params->n_positional, err));
    CVYI_TRY(fallbacks(&function->keyword_only, eval, params->keyword_only,
                       params->n_keyword_only, err));
    *out = (cvyi_py_value){ .type = CVYI_PY_V_FUNCTION, .function = function };
    return CVY_OK;
}

/* ---- running one ---- */

/* Was it called from the top level of a file? */
static bool is_outermost(const cvyi_py_frame *frame)
{
    return frame->back == NULL ||
           (frame->back->function == NULL && frame->back->back == NULL);
}

static cvy_status run_function(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_function *function,
                               cvyi_py_scope *scope, cvy_error *err)
{
    const cvyi_py_node *const node = function->node;
    cvyi_py_frame frame = { .back = eval->frame,
                            .file = function->file,
                            .scope = scope,
                            .function = function,
                            .cell = function->cell,
                            .line = node->line };
    cvyi_py_flow flow = CVYI_PY_GO_ON;
    cvy_status status;

    frame.result = cvyi_py_none();
    eval->frame = &frame;
    status =
        node->kind == CVYI_PY_LAMBDA
            ? cvyi_py_expr(&frame.result, eval, node->def.body.items[0], err)
            : cvyi_py_body(&flow, eval, &node->def.body, err);
    eval->frame = frame.back;
    if (status == CVY_OK && is_outermost(&frame) &&
        eval->host->finished != NULL)
        status = eval->host->finished(eval, function->name, scope->names, err);
    if (status == CVY_OK)
        *out = frame.result;
    return status;
}

static cvy_status call_function(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_function *function,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_scope *scope;

    if (cvyi_py_is_lenient(eval) &&
        (function->bound->generates || function->node->def.is_async))
        return cvyi_py_make_opaque(out, eval, err,
                                   "the generator %.60s() is not evaluated",
                                   function->name);
    CVYI_TRY(cvyi_py_scope_open(&scope, eval, CVYI_PY_SCOPE_FUNCTION,
                                function->bound, err));
    scope->outer = function->outer;
    CVYI_TRY(cvyi_py_bind_arguments(eval, scope->names, function, args, err));
    return run_function(out, eval, function, scope, err);
}

/* ---- everything that can be called ---- */

cvy_status cvyi_py_call_with(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *callee,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_call_args all = *args;
    cvyi_py_value *values;

    CVYI_PY_NEW(values, eval, args->n + 1, err);
    values[0] = *self;
    if (args->n > 0)
        memcpy(values + 1, args->values, (size_t)args->n * sizeof *values);
    all.values = values;
    all.n++;
    return cvyi_py_eval_call(out, eval, callee, &all, err);
}

cvy_status cvyi_py_call_plain(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *callee,
                              const cvyi_py_value *a, const cvyi_py_value *b,
                              cvy_error *err)
{
    cvyi_py_call_args args = { 0 };
    cvyi_py_value *values;

    CVYI_PY_NEW(values, eval, 2, err);
    if (a != NULL)
        values[args.n++] = *a;
    if (b != NULL)
        values[args.n++] = *b;
    args.values = values;
    return cvyi_py_eval_call(out, eval, callee, &args, err);
}

static cvy_status not_callable(cvyi_py_eval *eval, const cvyi_py_value *callee,
                               cvy_error *err)
{
    return cvyi_py_throw(eval, err, "TypeError", "%s cannot be called",
                         cvyi_py_describe(eval, callee));
}

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *callee,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_method *const method = callee->method;

    switch (method->kind) {
    case CVYI_PY_M_BOUND:
        if (method->function.type == CVYI_PY_V_BUILTIN)
            return cvyi_py_run_builtin(out, eval, method->function.builtin,
                                       &method->self, args, err);
        return cvyi_py_call_with(out, eval, &method->function, &method->self,
                                 args, err);
    case CVYI_PY_M_STATIC:
        return cvyi_py_eval_call(out, eval, &method->function, args, err);
    case CVYI_PY_M_SETTER:
        if (args->n != 1 || args->n_keywords != 0)
            return not_callable(eval, callee, err);
        return cvyi_py_make_method(
            out, eval,
            (cvyi_py_method){ .kind = CVYI_PY_M_PROPERTY,
                              .function = method->self.method->function,
                              .self = args->values[0] },
            err);
    default:
        return not_callable(eval, callee, err);
    }
}

static cvy_status call_builtin(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_builtin *builtin,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_call_args rest = *args;

    if (!builtin->is_method)
        return cvyi_py_run_builtin(out, eval, builtin, NULL, args, err);
    /* str.upper(x) */
    if (args->n < 1 || (builtin->type != CVYI_PY_V_INSTANCE &&
                        args->values[0].type != builtin->type))
        return cvyi_py_throw(eval, err, "TypeError",
                             "%s() gets no value of its type", builtin->name);
    rest.n--;
    rest.values++;
    return cvyi_py_run_builtin(out, eval, builtin, &args->values[0], &rest,
                               err);
}

static cvy_status call_host(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *callee,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value made;

    if (callee->host.type->call == NULL)
        return cvyi_py_refuse(eval, err, "%s cannot be called",
                              callee->host.type->name);
    CVYI_TRY(cvyi_py_placed(
        eval, callee->host.type->call(&made, eval, callee, args, err), err));
    *out = made;
    return CVY_OK;
}

static cvy_status meet_arguments(cvyi_py_eval *eval,
                                 const cvyi_py_call_args *args,
                                 const cvyi_py_cause *cause, cvy_error *err)
{
    for (int i = 0; i < args->n; i++)
        CVYI_TRY(cvyi_py_meet(eval, cause, cause, &args->values[i], err));
    for (int i = 0; i < args->n_keywords; i++)
        CVYI_TRY(
            cvyi_py_meet(eval, cause, cause, &args->keyword_values[i], err));
    return CVY_OK;
}

static cvy_status call_any(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *callee,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    switch (callee->type) {
    case CVYI_PY_V_FUNCTION:
        return call_function(out, eval, callee->function, args, err);
    case CVYI_PY_V_METHOD:
        return call_method(out, eval, callee, args, err);
    case CVYI_PY_V_BUILTIN:
        return call_builtin(out, eval, callee->builtin, args, err);
    case CVYI_PY_V_CLASS:
        return cvyi_py_instantiate(out, eval, callee->class_, args, err);
    case CVYI_PY_V_INSTANCE:
        return cvyi_py_call_instance(out, eval, callee, args, err);
    case CVYI_PY_V_HOST:
        return call_host(out, eval, callee, args, err);
    case CVYI_PY_V_OPAQUE:
        cvyi_py_mark_arguments(eval, args, callee->cause);
        CVYI_TRY(meet_arguments(eval, args, callee->cause, err));
        *out = *callee;
        return CVY_OK;
    default:
        return not_callable(eval, callee, err);
    }
}

cvy_status cvyi_py_eval_call(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *callee,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value called = *callee; /* may stand where out points */
    cvy_error ours = { 0 };
    cvy_status status;

    if (err == NULL)
        err = &ours;
    if (eval->frame == NULL)
        eval->over = false;
    if (eval->depth >= eval->limits.depth)
        return cvyi_py_end(eval, err, "calls are nested deeper than %d",
                           eval->limits.depth);
    CVYI_TRY(cvyi_py_enter(eval, err));
    eval->depth++;
    status = call_any(out, eval, &called, args, err);
    eval->depth--;
    eval->nesting--;
    return status;
}

/* ---- call expressions ---- */

typedef struct keywords {
    int n, capacity;
    const char **names;
    cvyi_py_value *values;
} keywords;

static cvy_status add_keyword(keywords *all, cvyi_py_eval *eval,
                              const char *name, const cvyi_py_value *value,
                              cvy_error *err)
{
    for (int i = 0; i < all->n; i++)
        if (strcmp(all->names[i], name) == 0)
            return cvyi_py_throw(eval, err, "TypeError",
                                 "two values for the keyword '%.60s'", name);
    if (all->n == all->capacity) {
        const int wanted = all->capacity < 4 ? 4 : all->capacity * 2;
        const size_t n = (size_t)all->n;
        const char **names;
        cvyi_py_value *values;

        CVYI_PY_NEW(names, eval, wanted, err);
        CVYI_PY_NEW(values, eval, wanted, err);
        if (n > 0) {
            memcpy(names, all->names, n * sizeof *names);
            memcpy(values, all->values, n * sizeof *values);
        }
        all->names = names;
        all->values = values;
        all->capacity = wanted;
    }
    all->names[all->n] = name;
    all->values[all->n++] = *value;
    return CVY_OK;
}

static cvy_status spread_keywords(keywords *all, cvyi_py_eval *eval,
                                  const cvyi_py_value *callee,
                                  const cvyi_py_value *value, cvy_error *err)
{
    if (cvyi_py_opaque(value) != NULL && callee->type == CVYI_PY_V_HOST &&
        callee->host.type->takes_unknown)
        return add_keyword(all, eval, "**", value, err);
    if (cvyi_py_opaque(value) != NULL)
        return cvyi_py_refuse_opaque(eval, value, err);
    if (value->type != CVYI_PY_V_DICT)
        return cvyi_py_refuse(eval, err, "%s is spread into keywords",
                              cvyi_py_describe(eval, value));
    for (int i = 0; i < value->map->n; i++) {
        const char *name;

        CVYI_TRY(cvyi_py_tick(eval, 1 + i / 16, err));
        CVYI_TRY(cvyi_py_need_text(&name, eval, &value->map->keys[i],
                                   "a keyword", err));
        CVYI_TRY(add_keyword(all, eval, name, &value->map->values[i], err));
    }
    return CVY_OK;
}

static cvy_status eval_keywords(keywords *all, cvyi_py_eval *eval,
                                const cvyi_py_value *callee,
                                const cvyi_py_node *node, cvy_error *err)
{
    for (int i = 0; i < node->call.n_keywords; i++) {
        const cvyi_py_keyword *const keyword = &node->call.keywords[i];
        cvyi_py_value value;

        CVYI_TRY(cvyi_py_expr(&value, eval, keyword->value, err));
        CVYI_TRY(keyword->name == NULL
                     ? spread_keywords(all, eval, callee, &value, err)
                     : add_keyword(all, eval, keyword->name, &value, err));
    }
    return CVY_OK;
}

cvy_status cvyi_py_call_expr(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_frame *const frame = eval->frame;
    const cvyi_py_node *const before = frame->node;
    keywords named = { 0 };
    cvyi_py_value callee;
    cvyi_py_seq values;
    cvy_status status;

    CVYI_TRY(cvyi_py_expr(&callee, eval, node->call.func, err));
    CVYI_TRY(cvyi_py_exprs(&values, eval, &node->call.args, err));
    CVYI_TRY(eval_keywords(&named, eval, &callee, node, err));

    const cvyi_py_call_args args = { .n = values.n,
                                     .values = values.items,
                                     .n_keywords = named.n,
                                     .keywords = named.names,
                                     .keyword_values = named.values };

    frame->node = node;
    frame->line = node->line;
    status = cvyi_py_eval_call(out, eval, &callee, &args, err);
    frame->node = before;
    return status;
}

/* ---- for the host ---- */

const char *cvyi_py_defined(int *line, const cvyi_py_value *value)
{
    if (cvyi_py_is_method(value, CVYI_PY_M_BOUND))
        value = &value->method->function;
    *line = 0;
    if (value->type == CVYI_PY_V_CLASS && value->class_->file != NULL) {
        *line = value->class_->node->line;
        return value->class_->file;
    }
    if (value->type != CVYI_PY_V_FUNCTION)
        return NULL;
    *line = value->function->node->line;
    return value->function->file->tree->name;
}

const cvyi_py_args *cvyi_py_parameters(int *skip, const cvyi_py_value *callee)
{
    const bool class_ = callee->type == CVYI_PY_V_CLASS;

    *skip = class_;
    if (callee->type == CVYI_PY_V_FUNCTION)
        return &callee->function->node->def.args;
    if (cvyi_py_is_method(callee, CVYI_PY_M_BOUND) &&
        callee->method->function.type == CVYI_PY_V_FUNCTION) {
        *skip = 1; /* self */
        return &callee->method->function.function->node->def.args;
    }
    for (int i = 0; class_ && i < callee->class_->n_order; i++) {
        const cvyi_py_value *const base = &callee->class_->order[i];
        const cvyi_py_value *const init =
            base->type == CVYI_PY_V_CLASS
                ? cvyi_py_names_get(&base->class_->names, "__init__")
                : NULL;

        if (init != NULL && init->type == CVYI_PY_V_FUNCTION)
            return &init->function->node->def.args;
    }
    return NULL;
}
