/* pysrc/eval_stmt.c - statements. */
#include "pysrc/eval_parts.h"

/* ---- assignments ---- */

/* WIDTH = 64 at the top level of a file, and nowhere else: values know the
 * name from then on. */
static void name_constant(cvyi_py_value *value, const cvyi_py_eval *eval,
                          const cvyi_py_node *target, const cvyi_py_node *node)
{
    const cvyi_py_scope *const scope = eval->frame->scope;

    if (node->kind == CVYI_PY_UNARY_OP &&
        strcmp(node->operation.op, "USub") == 0)
        node = node->operation.operands.items[0];
    if (scope->kind == CVYI_PY_SCOPE_MODULE && target->kind == CVYI_PY_NAME &&
        node->kind == CVYI_PY_CONSTANT &&
        (value->type == CVYI_PY_V_INT || value->type == CVYI_PY_V_FLOAT ||
         value->type == CVYI_PY_V_TEXT) &&
        cvyi_py_bound_once(scope->bound, target->name))
        value->constant = target->name;
}

/* A name at the top level of a file may be preset by the host. */
static cvy_status preset(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                         const cvyi_py_list *targets, cvy_error *err)
{
    *found = false;
    if (targets->n != 1 || targets->items[0]->kind != CVYI_PY_NAME ||
        eval->frame->scope->kind != CVYI_PY_SCOPE_MODULE)
        return CVY_OK;
    return cvyi_py_preset(out, found, eval, targets->items[0]->name, err);
}

static cvy_status assign(cvyi_py_eval *eval, const cvyi_py_node *node,
                         cvy_error *err)
{
    const cvyi_py_list *const targets = &node->assign.targets;
    cvyi_py_value value;
    bool found;

    if (node->assign.value == NULL) /* x: int */
        return CVY_OK;
    CVYI_TRY(preset(&value, &found, eval, targets, err));
    if (!found)
        CVYI_TRY(cvyi_py_expr(&value, eval, node->assign.value, err));
    eval->frame->line = node->line;
    eval->opaques += value.type == CVYI_PY_V_OPAQUE;
    if (targets->n == 1)
        name_constant(&value, eval, targets->items[0], node->assign.value);
    for (int i = 0; i < targets->n; i++)
        CVYI_TRY(cvyi_py_assign(eval, targets->items[i], &value, err));
    return CVY_OK;
}

/* ---- definitions ---- */

/* Decorators that leave what they decorate as it is, or nearly so. */
static bool is_harmless(const cvyi_py_node *node)
{
    static const char *const names[] = {
        "abstractmethod",
        "add_metaclass",
        "configurable",
        "deprecated",
        "export",
        "function",
        "jit",
        "keras_export",
        "lru_cache",
        "njit",
        "no_type_check",
        "overload",
        "override",
        "profile",
        "register",
        "register_keras_serializable",
        "tf_export",
        "total_ordering",
        "typechecked",
        "unique",
        "wraps",
        "python_2_unicode_compatible",
    };
    const char *name = "";

    if (node->kind == CVYI_PY_CALL)
        node = node->call.func;
    if (node->kind == CVYI_PY_ATTRIBUTE)
        name = node->attribute.attr;
    else if (node->kind == CVYI_PY_NAME)
        name = node->name;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static cvy_status decorate(cvyi_py_value *made, cvyi_py_eval *eval,
                           const cvyi_py_value *with, const cvyi_py_node *node,
                           cvy_error *err)
{
    cvy_status status;

    eval->frame->line = node->line;
    if (with->type == CVYI_PY_V_OPAQUE && is_harmless(node))
        return CVY_OK;
    status = cvyi_py_call_plain(made, eval, with, made, NULL, err);
    return cvyi_py_forgive_value(made, eval, status, err);
}

static cvy_status define(cvyi_py_eval *eval, const cvyi_py_node *node,
                         cvy_error *err)
{
    const cvyi_py_list *const decorators = &node->def.decorators;
    cvyi_py_seq with;
    cvyi_py_value made;

    if (node->def.is_async && !cvyi_py_is_lenient(eval))
        return cvyi_py_refuse(eval, err, "async functions are not evaluated");
    CVYI_TRY(cvyi_py_exprs(&with, eval, decorators, err));
    eval->frame->line = node->line;
    CVYI_TRY(node->kind == CVYI_PY_CLASS_DEF
                 ? cvyi_py_make_class(&made, eval, node, err)
                 : cvyi_py_make_function(&made, eval, node, err));
    for (int i = with.n - 1; i >= 0; i--)
        CVYI_TRY(
            decorate(&made, eval, &with.items[i], decorators->items[i], err));
    return cvyi_py_store(eval, node->def.name, &made, err);
}

/* ---- others ---- */

static cvy_status run_return(cvyi_py_flow *flow, cvyi_py_eval *eval,
                             const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value value = cvyi_py_none();

    if (node->value != NULL)
        CVYI_TRY(cvyi_py_expr(&value, eval, node->value, err));
    eval->frame->result = value;
    *flow = CVYI_PY_DO_RETURN;
    return CVY_OK;
}

static cvy_status delete_all(cvyi_py_eval *eval, const cvyi_py_list *targets,
                             cvy_error *err)
{
    for (int i = 0; i < targets->n; i++)
        CVYI_TRY(cvyi_py_delete(eval, targets->items[i], err));
    return CVY_OK;
}

/* ---- all of them ---- */

static cvy_status run_simple(cvyi_py_flow *flow, cvyi_py_eval *eval,
                             const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value ignored;

    switch (node->kind) {
    case CVYI_PY_DELETE:
        return delete_all(eval, &node->list, err);
    case CVYI_PY_ASSIGN:
    case CVYI_PY_ANN_ASSIGN:
        return assign(eval, node, err);
    case CVYI_PY_AUG_ASSIGN:
        return cvyi_py_aug_assign(eval, node, err);
    case CVYI_PY_RAISE:
        return cvyi_py_raise(eval, node, err);
    case CVYI_PY_ASSERT:
        return cvyi_py_assert(eval, node, err);
    case CVYI_PY_IMPORT:
        return cvyi_py_import(eval, node, err);
    case CVYI_PY_IMPORT_FROM:
        return cvyi_py_import_from(eval, node, err);
    case CVYI_PY_EXPR:
        CVYI_TRY(cvyi_py_expr(&ignored, eval, node->value, err));
        eval->opaques += ignored.type == CVYI_PY_V_OPAQUE;
        return CVY_OK;
    case CVYI_PY_GLOBAL:
    case CVYI_PY_NONLOCAL:
    case CVYI_PY_PASS:
        return CVY_OK;
    case CVYI_PY_BREAK:
    case CVYI_PY_CONTINUE:
        *flow = node->kind == CVYI_PY_BREAK ? CVYI_PY_DO_BREAK
                                            : CVYI_PY_DO_CONTINUE;
        return CVY_OK;
    default:
        return cvyi_py_refuse(eval, err, "the statement %s is not evaluated",
                              node->kind == CVYI_PY_OTHER ? node->name
                                                          : "here");
    }
}

static cvy_status run(cvyi_py_flow *flow, cvyi_py_eval *eval,
                      const cvyi_py_node *node, cvy_error *err)
{
    switch (node->kind) {
    case CVYI_PY_FUNCTION_DEF:
    case CVYI_PY_CLASS_DEF:
        return define(eval, node, err);
    case CVYI_PY_RETURN:
        return run_return(flow, eval, node, err);
    case CVYI_PY_FOR:
        return cvyi_py_for_loop(flow, eval, node, err);
    case CVYI_PY_WHILE:
        return cvyi_py_while(flow, eval, node, err);
    case CVYI_PY_IF:
        return cvyi_py_if(flow, eval, node, err);
    case CVYI_PY_WITH:
        return cvyi_py_with(flow, eval, node, err);
    case CVYI_PY_TRY:
        return cvyi_py_try(flow, eval, node, err);
    default:
        return run_simple(flow, eval, node, err);
    }
}

/* A statement was refused: what it would have bound is not known. */
static cvy_status pass_over(cvyi_py_flow *flow, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_status status,
                            cvy_error *err)
{
    const cvyi_py_cause *cause;
    cvyi_py_flow how = CVYI_PY_GO_ON;

    CVYI_TRY(cvyi_py_forgive(&cause, eval, status, err));
    if (node->kind == CVYI_PY_ASSIGN)
        for (int i = 0; i < node->assign.targets.n; i++)
            CVYI_TRY(cvyi_py_skip_target(eval, node->assign.targets.items[i],
                                         cause, err));
    else
        CVYI_TRY(cvyi_py_skip_one(&how, eval, node, cause, err));
    cvyi_py_leave(flow, eval, how, cause);
    return CVY_OK;
}

/* The body is left here, or goes on: what follows may run or not. */
static cvy_status pass_over_rest(cvyi_py_flow *flow, cvyi_py_eval *eval,
                                 const cvyi_py_list *body, int at,
                                 cvy_error *err)
{
    const cvyi_py_cause *const cause = eval->frame->leaves;
    const cvyi_py_list rest = { body->n - at, body->items + at };
    cvyi_py_flow how;

    CVYI_TRY(cvyi_py_skip(&how, eval, &rest, cause, err));
    if (how > *flow)
        cvyi_py_leave(flow, eval, how, cause);
    return CVY_OK;
}

cvy_status cvyi_py_body(cvyi_py_flow *flow, cvyi_py_eval *eval,
                        const cvyi_py_list *body, cvy_error *err)
{
    cvyi_py_flow done = CVYI_PY_GO_ON;
    cvy_status status = CVY_OK;
    int i;

    CVYI_TRY(cvyi_py_enter(eval, err));
    for (i = 0; i < body->n && status == CVY_OK && done == CVYI_PY_GO_ON;
         i++) {
        eval->frame->line = body->items[i]->line;
        eval->raised = NULL;
        status = cvyi_py_tick(eval, 1, err);
        if (status == CVY_OK)
            status = run(&done, eval, body->items[i], err);
        if (status != CVY_OK)
            status = pass_over(&done, eval, body->items[i], status, err);
    }
    if (status == CVY_OK && done != CVYI_PY_GO_ON &&
        eval->frame->leaves != NULL)
        status = pass_over_rest(&done, eval, body, i, err);
    eval->nesting--;
    if (status == CVY_OK)
        *flow = done;
    return status;
}
