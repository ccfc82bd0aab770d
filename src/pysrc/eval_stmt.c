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

static cvy_status assign(cvyi_py_eval *eval, const cvyi_py_node *node,
                         cvy_error *err)
{
    const cvyi_py_list *const targets = &node->assign.targets;
    cvyi_py_value value;

    if (node->assign.value == NULL) /* x: int */
        return CVY_OK;
    CVYI_TRY(cvyi_py_expr(&value, eval, node->assign.value, err));
    eval->frame->line = node->line;
    if (targets->n == 1)
        name_constant(&value, eval, targets->items[0], node->assign.value);
    for (int i = 0; i < targets->n; i++)
        CVYI_TRY(cvyi_py_assign(eval, targets->items[i], &value, err));
    return CVY_OK;
}

/* ---- definitions ---- */

static cvy_status define(cvyi_py_eval *eval, const cvyi_py_node *node,
                         cvy_error *err)
{
    const cvyi_py_list *const decorators = &node->def.decorators;
    cvyi_py_seq with;
    cvyi_py_value made;

    if (node->def.is_async)
        return cvyi_py_refuse(eval, err, "async functions are not evaluated");
    CVYI_TRY(cvyi_py_exprs(&with, eval, decorators, err));
    eval->frame->line = node->line;
    CVYI_TRY(node->kind == CVYI_PY_CLASS_DEF
                 ? cvyi_py_make_class(&made, eval, node, err)
                 : cvyi_py_make_function(&made, eval, node, err));
    for (int i = with.n - 1; i >= 0; i--) {
        eval->frame->line = decorators->items[i]->line;
        CVYI_TRY(
            cvyi_py_call_plain(&made, eval, &with.items[i], &made, NULL, err));
    }
    return cvyi_py_store(eval, node->def.name, &made, err);
}

/* ---- branches and loops ---- */

static cvy_status run_if(cvyi_py_flow *flow, cvyi_py_eval *eval,
                         const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value test;
    bool truth;

    CVYI_TRY(cvyi_py_expr(&test, eval, node->loop.test, err));
    CVYI_TRY(cvyi_py_eval_truth(&truth, eval, &test, err));
    return cvyi_py_body(flow, eval,
                        truth ? &node->loop.body : &node->loop.orelse, err);
}

/* After a body: does the loop end here? */
static bool leaves(cvyi_py_flow *flow, cvyi_py_flow body)
{
    *flow = body == CVYI_PY_DO_RETURN ? body : CVYI_PY_GO_ON;
    return body == CVYI_PY_DO_RETURN || body == CVYI_PY_DO_BREAK;
}

static cvy_status run_while(cvyi_py_flow *flow, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err)
{
    for (;;) {
        cvyi_py_value test;
        cvyi_py_flow body;
        bool truth;

        CVYI_TRY(cvyi_py_tick(eval, 1, err));
        CVYI_TRY(cvyi_py_expr(&test, eval, node->loop.test, err));
        CVYI_TRY(cvyi_py_eval_truth(&truth, eval, &test, err));
        if (!truth)
            return cvyi_py_body(flow, eval, &node->loop.orelse, err);
        CVYI_TRY(cvyi_py_body(&body, eval, &node->loop.body, err));
        if (leaves(flow, body))
            return CVY_OK;
    }
}

static cvy_status run_for(cvyi_py_flow *flow, cvyi_py_eval *eval,
                          const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value over, item;
    cvyi_py_walk walk;
    cvyi_py_flow body;
    bool more;

    CVYI_TRY(cvyi_py_expr(&over, eval, node->loop.iter, err));
    CVYI_TRY(cvyi_py_walk_open(&walk, eval, &over, true, err));
    for (;;) {
        eval->frame->line = node->line;
        CVYI_TRY(cvyi_py_walk_next(&item, &more, &walk, eval, err));
        if (!more)
            return cvyi_py_body(flow, eval, &node->loop.orelse, err);
        CVYI_TRY(cvyi_py_assign(eval, node->loop.target, &item, err));
        CVYI_TRY(cvyi_py_body(&body, eval, &node->loop.body, err));
        if (leaves(flow, body))
            return CVY_OK;
    }
}

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
        return cvyi_py_expr(&ignored, eval, node->value, err);
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
        return run_for(flow, eval, node, err);
    case CVYI_PY_WHILE:
        return run_while(flow, eval, node, err);
    case CVYI_PY_IF:
        return run_if(flow, eval, node, err);
    case CVYI_PY_WITH:
        return cvyi_py_with(flow, eval, node, err);
    case CVYI_PY_TRY:
        return cvyi_py_try(flow, eval, node, err);
    default:
        return run_simple(flow, eval, node, err);
    }
}

cvy_status cvyi_py_body(cvyi_py_flow *flow, cvyi_py_eval *eval,
                        const cvyi_py_list *body, cvy_error *err)
{
    cvyi_py_flow done = CVYI_PY_GO_ON;
    cvy_status status = CVY_OK;

    CVYI_TRY(cvyi_py_enter(eval, err));
    for (int i = 0; i < body->n && status == CVY_OK && done == CVYI_PY_GO_ON;
         i++) {
        eval->frame->line = body->items[i]->line;
        eval->raised = NULL;
        status = cvyi_py_tick(eval, 1, err);
        if (status == CVY_OK)
            status = run(&done, eval, body->items[i], err);
    }
    eval->nesting--;
    if (status == CVY_OK)
        *flow = done;
    return status;
}
