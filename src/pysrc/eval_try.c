/* pysrc/eval_try.c - raise, assert, try and with. */
#include "pysrc/eval_parts.h"

/* ---- raising ---- */

static cvy_status raise_instance(cvyi_py_eval *eval,
                                 const cvyi_py_value *instance, cvy_error *err)
{
    cvyi_text text = { 0 };
    cvyi_py_value *raised;
    cvy_status status;

    CVYI_PY_NEW(raised, eval, 1, err);
    *raised = *instance;
    status = cvyi_py_put_str(&text, eval, instance, NULL);
    if (status == CVY_MEMORY) {
        cvyi_text_close(&text);
        return cvyi_no_memory(err);
    }
    status = cvyi_py_refuse(eval, err, "the source raises %s%s%s",
                            cvyi_py_type_name(instance),
                            text.size > 0 ? ": " : "", cvyi_text_c(&text));
    cvyi_text_close(&text);
    eval->raised = raised;
    return status;
}

static bool is_exception(const cvyi_py_eval *eval, const cvyi_py_class *class_)
{
    return cvyi_py_derived(class_, cvyi_py_names_get(&eval->builtins,
                                                     "BaseException"));
}

static cvy_status raise_value(cvyi_py_eval *eval, const cvyi_py_value *value,
                              cvy_error *err)
{
    const cvyi_py_call_args none = { 0 };
    cvyi_py_value instance = *value;

    if (value->type == CVYI_PY_V_OPAQUE) /* some exception, surely */
        return cvyi_py_throw(eval, err, "Exception",
                             "it raises what line %d "
                             "made: %s",
                             value->cause->line, value->cause->reason);
    if (value->type == CVYI_PY_V_CLASS && is_exception(eval, value->class_))
        CVYI_TRY(
            cvyi_py_instantiate(&instance, eval, value->class_, &none, err));
    if (instance.type != CVYI_PY_V_INSTANCE ||
        !is_exception(eval, instance.instance->class_))
        return cvyi_py_refuse(eval, err, "the source raises %s",
                              cvyi_py_describe(eval, value));
    return raise_instance(eval, &instance, err);
}

cvy_status cvyi_py_raise(cvyi_py_eval *eval, const cvyi_py_node *node,
                         cvy_error *err)
{
    cvyi_py_value value;

    if (node->value == NULL) {
        if (eval->frame->handled == NULL)
            return cvyi_py_refuse(eval, err, "raise without an exception");
        return raise_instance(eval, eval->frame->handled, err);
    }
    CVYI_TRY(cvyi_py_expr(&value, eval, node->value, err));
    return raise_value(eval, &value, err);
}

cvy_status cvyi_py_assert(cvyi_py_eval *eval, const cvyi_py_node *node,
                          cvy_error *err)
{
    const cvyi_py_value *const class_ =
        cvyi_py_names_get(&eval->builtins, "AssertionError");
    cvyi_py_value value;
    bool truth;

    const cvyi_py_cause *cause;
    cvy_status status;

    CVYI_TRY(cvyi_py_expr(&value, eval, node->assertion.test, err));
    status = cvyi_py_eval_truth(&truth, eval, &value, err);
    if (status != CVY_OK) /* taken as true */
        return cvyi_py_forgive(&cause, eval, status, err);
    if (truth)
        return CVY_OK;
    if (node->assertion.message == NULL)
        return raise_value(eval, class_, err);
    CVYI_TRY(cvyi_py_expr(&value, eval, node->assertion.message, err));
    eval->frame->line = node->line;
    CVYI_TRY(cvyi_py_call_plain(&value, eval, class_, &value, NULL, err));
    return raise_instance(eval, &value, err);
}

/* ---- try ---- */

static cvy_status matches(bool *out, cvyi_py_eval *eval,
                          const cvyi_py_value *type,
                          const cvyi_py_value *raised, cvy_error *err)
{
    bool match = false;

    if (type->type == CVYI_PY_V_TUPLE) {
        for (int i = 0; !match && i < type->seq->n; i++) {
            if (type->seq->items[i].type == CVYI_PY_V_TUPLE)
                return cvyi_py_refuse(eval, err, "except of nested tuples");
            CVYI_TRY(matches(&match, eval, &type->seq->items[i], raised, err));
        }
    } else if (type->type == CVYI_PY_V_CLASS) {
        match = cvyi_py_derived(raised->instance->class_, type);
    } else if (type->type != CVYI_PY_V_OPAQUE) {
        return cvyi_py_refuse(eval, err, "except %s",
                              cvyi_py_describe(eval, type));
    }
    *out = match;
    return CVY_OK;
}

static cvy_status run_handler(cvyi_py_flow *flow, cvyi_py_eval *eval,
                              const cvyi_py_handler *handler,
                              const cvyi_py_value *raised, cvy_error *err)
{
    const cvyi_py_value *const before = eval->frame->handled;
    cvy_status status;

    if (handler->name != NULL)
        CVYI_TRY(cvyi_py_store(eval, handler->name, raised, err));
    eval->frame->handled = raised;
    status = cvyi_py_body(flow, eval, &handler->body, err);
    eval->frame->handled = before;
    if (status == CVY_OK && handler->name != NULL) {
        const cvyi_py_value none = cvyi_py_none();

        CVYI_TRY(cvyi_py_store(eval, handler->name, &none, err));
        CVYI_TRY(cvyi_py_unbind(eval, handler->name, err));
    }
    return status;
}

/* The first handler that fits; *found says whether there is one. */
static cvy_status handle(cvyi_py_flow *flow, bool *found, cvyi_py_eval *eval,
                         const cvyi_py_node *node, const cvyi_py_value *raised,
                         cvy_error *err)
{
    *found = false;
    for (int i = 0; i < node->attempt.n_handlers; i++) {
        const cvyi_py_handler *const handler = &node->attempt.handlers[i];
        cvyi_py_value type;

        *found = handler->type == NULL;
        if (handler->type != NULL) {
            CVYI_TRY(cvyi_py_expr(&type, eval, handler->type, err));
            CVYI_TRY(matches(found, eval, &type, raised, err));
        }
        if (*found)
            return run_handler(flow, eval, handler, raised, err);
    }
    return CVY_OK;
}

static cvy_status try_and_handle(cvyi_py_flow *flow, cvyi_py_eval *eval,
                                 const cvyi_py_node *node, cvy_error *err)
{
    cvy_error kept = { 0 };
    cvy_status status = cvyi_py_body(flow, eval, &node->attempt.body, &kept);
    const cvyi_py_value *const raised = eval->raised;
    cvyi_py_flow how;
    bool found = false;

    if (status == CVY_OK && *flow != CVYI_PY_GO_ON &&
        eval->frame->leaves != NULL)
        return cvyi_py_skip(&how, eval, &node->attempt.orelse,
                            eval->frame->leaves, err);
    if (status == CVY_OK)
        return *flow == CVYI_PY_GO_ON
                   ? cvyi_py_body(flow, eval, &node->attempt.orelse, err)
                   : status;
    if (status == CVY_UNSUPPORTED && raised != NULL) {
        eval->raised = NULL;
        CVYI_TRY(handle(flow, &found, eval, node, raised, err));
        if (found)
            return CVY_OK;
        eval->raised = raised;
    }
    if (err != NULL)
        *err = kept;
    return status;
}

cvy_status cvyi_py_try(cvyi_py_flow *flow, cvyi_py_eval *eval,
                       const cvyi_py_node *node, cvy_error *err)
{
    const cvyi_py_value *raised;
    cvyi_py_value result;
    cvyi_py_flow after;
    cvy_status status = try_and_handle(flow, eval, node, err);

    raised = status != CVY_OK ? eval->raised : NULL;
    if (node->attempt.finalbody.n == 0 || (status != CVY_OK && raised == NULL))
        return status;
    result = eval->frame->result;
    eval->raised = NULL;
    CVYI_TRY(cvyi_py_body(&after, eval, &node->attempt.finalbody, err));
    if (after != CVYI_PY_GO_ON) { /* forgets the exception, too */
        *flow = after;
        return CVY_OK;
    }
    eval->frame->result = result;
    eval->raised = raised;
    return status;
}

/* ---- with ---- */

static cvy_status run_with(cvyi_py_flow *flow, cvyi_py_eval *eval,
                           const cvyi_py_node *node, int item, cvy_error *err);

/* __exit__ of an exception: may take it away. */
static cvy_status leave(bool *swallowed, cvyi_py_eval *eval,
                        const cvyi_py_value *exit, const cvyi_py_value *raised,
                        cvy_error *err)
{
    cvyi_py_value values[3] = { cvyi_py_none(), cvyi_py_none(),
                                cvyi_py_none() };
    const cvyi_py_call_args args = { .n = 3, .values = values };
    cvyi_py_value answer;

    if (raised != NULL) {
        values[0].type = CVYI_PY_V_CLASS;
        values[0].class_ =
            (cvyi_py_class *)(uintptr_t)raised->instance->class_;
        values[1] = *raised;
    }
    CVYI_TRY(cvyi_py_eval_call(&answer, eval, exit, &args, err));
    *swallowed = false;
    if (answer.type == CVYI_PY_V_OPAQUE)
        return CVY_OK;
    return raised != NULL ? cvyi_py_eval_truth(swallowed, eval, &answer, err)
                          : CVY_OK;
}

static cvy_status run_inside(cvyi_py_flow *flow, cvyi_py_eval *eval,
                             const cvyi_py_node *node, int item,
                             const cvyi_py_value *exit, cvy_error *err)
{
    cvy_status status = run_with(flow, eval, node, item + 1, err);
    const cvyi_py_value *const raised = eval->raised;
    const cvyi_py_value result = eval->frame->result;
    bool swallowed = false;
    cvy_error kept;

    if (status != CVY_OK && raised == NULL)
        return status;
    eval->raised = NULL;
    if (status != CVY_OK && err != NULL)
        kept = *err;
    CVYI_TRY(
        leave(&swallowed, eval, exit, status == CVY_OK ? NULL : raised, err));
    if (status != CVY_OK && err != NULL)
        *err = kept;
    eval->frame->result = result;
    if (swallowed) {
        *flow = CVYI_PY_GO_ON;
        return CVY_OK;
    }
    eval->raised = status == CVY_OK ? NULL : raised;
    return status;
}

static cvy_status run_with(cvyi_py_flow *flow, cvyi_py_eval *eval,
                           const cvyi_py_node *node, int item, cvy_error *err)
{
    cvyi_py_value context, enter, exit, entered;
    const cvyi_py_cause *hidden;
    cvy_status status;

    if (item == node->with.n)
        return cvyi_py_body(flow, eval, &node->with.body, err);
    CVYI_TRY(
        cvyi_py_expr(&context, eval, node->with.items[item].context, err));
    status = cvyi_py_eval_get(&exit, eval, &context, "__exit__", err);
    CVYI_TRY(cvyi_py_forgive_value(&exit, eval, status, err));
    status = cvyi_py_eval_get(&enter, eval, &context, "__enter__", err);
    CVYI_TRY(cvyi_py_forgive_value(&enter, eval, status, err));
    status = cvyi_py_call_plain(&entered, eval, &enter, NULL, NULL, err);
    CVYI_TRY(cvyi_py_forgive_value(&entered, eval, status, err));
    if (node->with.items[item].target != NULL)
        CVYI_TRY(cvyi_py_assign(eval, node->with.items[item].target, &entered,
                                err));
    hidden = eval->host->within != NULL ? cvyi_py_opaque(&context) : NULL;
    if (hidden != NULL)
        CVYI_TRY(eval->host->within(eval, hidden, err));
    CVYI_TRY(cvyi_py_enter(eval, err));
    status = run_inside(flow, eval, node, item, &exit, err);
    eval->nesting--;
    if (hidden != NULL) {
        const cvy_status left = eval->host->within(eval, NULL, NULL);

        status = status == CVY_OK ? left : status;
    }
    return status;
}

cvy_status cvyi_py_with(cvyi_py_flow *flow, cvyi_py_eval *eval,
                        const cvyi_py_node *node, cvy_error *err)
{
    return run_with(flow, eval, node, 0, err);
}
