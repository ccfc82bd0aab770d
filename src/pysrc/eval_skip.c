/*
 * pysrc/eval_skip.c - statements that may have run or not: what they would
 * have bound, set or changed is not known afterwards.
 *
 * Nothing is called on the way. Functions of the source that the statements
 * call are looked through as well, with what is known of their arguments.
 */
#include "pysrc/eval_skip.h"

#include <ctype.h>

enum { MOST_CALLS = 5 };

static cvy_status visit(cvyi_py_skipper *w, const cvyi_py_node *node);

static cvy_status visit_list(cvyi_py_skipper *w, const cvyi_py_list *list)
{
    for (int i = 0; i < list->n; i++)
        CVYI_TRY(visit(w, list->items[i]));
    return CVY_OK;
}

/* ---- targets ---- */

static cvy_status set_name(cvyi_py_skipper *w, const char *name)
{
    const cvyi_py_value value = cvyi_py_opaque_value(w->cause);
    cvyi_py_value now;

    if (w->function == NULL) {
        if (cvyi_py_look_name(&now, w, name) && now.type == CVYI_PY_V_OPAQUE)
            return CVY_OK;
        return cvyi_py_store(w->eval, name, &value, w->err);
    }
    for (int i = 0; i < w->bound->n; i++)
        if (w->bound->items[i].how == CVYI_PY_GLOBAL_NAME &&
            strcmp(w->bound->items[i].name, name) == 0)
            return cvyi_py_names_set(w->eval, w->function->file->scope.names,
                                     name, &value, w->err);
    for (int i = 0; i < w->n; i++)
        if (strcmp(w->names[i], name) == 0)
            w->known[i] = value;
    return CVY_OK;
}

static cvy_status set_attribute(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    const cvyi_py_value value = cvyi_py_opaque_value(w->cause);
    const char *const name = node->attribute.attr;
    cvyi_py_value owner;
    cvyi_py_names *names;

    if (!cvyi_py_look(&owner, w, node->attribute.value))
        return CVY_OK;
    if (owner.type == CVYI_PY_V_INSTANCE)
        return cvyi_py_instance_put(w->eval, owner.instance, name, &value,
                                    w->err);
    if (owner.type == CVYI_PY_V_CLASS)
        names = &owner.class_->names;
    else if (owner.type == CVYI_PY_V_MODULE)
        names = &owner.module->names;
    else
        return CVY_OK;
    return cvyi_py_names_set(w->eval, names, name, &value, w->err);
}

/* An item that is there is not known; else it is not known what there is. */
static cvy_status set_item(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    const cvyi_py_value value = cvyi_py_opaque_value(w->cause);
    cvyi_py_value owner, index, now;

    if (!cvyi_py_look(&owner, w, node->subscript.value))
        return node->subscript.value->kind == CVYI_PY_SUBSCRIPT
                   ? set_item(w, node->subscript.value)
                   : CVY_OK;
    if ((owner.type == CVYI_PY_V_LIST || owner.type == CVYI_PY_V_DICT) &&
        cvyi_py_look_item(&now, w, &owner, node->subscript.index) &&
        cvyi_py_look(&index, w, node->subscript.index))
        return cvyi_py_set_item(w->eval, &owner, &index, &value, w->err);
    if (owner.type != CVYI_PY_V_HOST) {
        cvyi_py_mark(&owner, w->cause);
        return CVY_OK;
    }
    if (node->subscript.value->kind == CVYI_PY_NAME)
        return set_name(w, node->subscript.value->name);
    if (node->subscript.value->kind == CVYI_PY_ATTRIBUTE)
        return set_attribute(w, node->subscript.value);
    return node->subscript.value->kind == CVYI_PY_SUBSCRIPT
               ? set_item(w, node->subscript.value)
               : CVY_OK;
}

static cvy_status set_target(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_NAME:
        return set_name(w, node->name);
    case CVYI_PY_ATTRIBUTE:
        return set_attribute(w, node);
    case CVYI_PY_SUBSCRIPT:
        return set_item(w, node);
    case CVYI_PY_STARRED:
        return set_target(w, node->value);
    case CVYI_PY_TUPLE:
    case CVYI_PY_LIST:
        for (int i = 0; i < node->list.n; i++)
            CVYI_TRY(set_target(w, node->list.items[i]));
        return CVY_OK;
    default:
        return CVY_OK;
    }
}

/* a += b changes a list in place. */
static cvy_status set_augmented(cvyi_py_skipper *w, const cvyi_py_node *target)
{
    cvyi_py_value now;

    if (cvyi_py_look(&now, w, target) &&
        (now.type == CVYI_PY_V_LIST || now.type == CVYI_PY_V_SET ||
         now.type == CVYI_PY_V_DICT)) {
        cvyi_py_mark(&now, w->cause);
        return CVY_OK;
    }
    return set_target(w, target);
}

/* ---- calls ---- */

static void know(cvyi_py_skipper *w, const char *name,
                 const cvyi_py_value *value)
{
    if (w->n == CVYI_PY_KNOWN)
        return;
    w->names[w->n] = name;
    w->known[w->n++] = *value;
}

/* The arguments of a call that are known, under their parameters' names. */
static void know_arguments(cvyi_py_skipper *inner, cvyi_py_skipper *w,
                           const cvyi_py_node *call, const cvyi_py_value *self)
{
    const cvyi_py_args *const params = &inner->function->node->def.args;
    const int first = self != NULL;
    cvyi_py_value value;

    if (self != NULL && params->n_positional > 0)
        know(inner, params->positional[0].name, self);
    for (int i = 0; i < call->call.args.n && i + first < params->n_positional;
         i++) {
        if (call->call.args.items[i]->kind == CVYI_PY_STARRED)
            break;
        if (cvyi_py_look(&value, w, call->call.args.items[i]))
            know(inner, params->positional[i + first].name, &value);
    }
    for (int i = 0; i < call->call.n_keywords; i++)
        if (call->call.keywords[i].name != NULL &&
            cvyi_py_look(&value, w, call->call.keywords[i].value))
            know(inner, call->call.keywords[i].name, &value);
}

static cvy_status look_through(cvyi_py_skipper *w,
                               const cvyi_py_function *function,
                               const cvyi_py_node *call,
                               const cvyi_py_value *self)
{
    cvyi_py_skipper inner = { .eval = w->eval,
                              .cause = w->cause,
                              .err = w->err,
                              .function = function,
                              .bound = function->bound,
                              .calls = w->calls + 1 };

    if (w->calls >= MOST_CALLS || function == w->function)
        return CVY_OK;
    know_arguments(&inner, w, call, self);
    return visit_list(&inner, &function->node->def.body);
}

/* obj.method(…) */
static cvy_status visit_method(cvyi_py_skipper *w, const cvyi_py_node *call)
{
    const cvyi_py_node *const func = call->call.func;
    cvyi_py_value owner, method;

    if (!cvyi_py_look(&owner, w, func->attribute.value))
        return cvyi_py_is_mutator(func->attribute.attr) &&
                       func->attribute.value->kind == CVYI_PY_SUBSCRIPT
                   ? set_item(w, func->attribute.value)
                   : CVY_OK;
    if (cvyi_py_is_mutator(func->attribute.attr)) {
        cvyi_py_mark(&owner, w->cause);
        if (owner.type == CVYI_PY_V_HOST && owner.host.type->doubt != NULL)
            owner.host.type->doubt(&owner, w->cause);
    }
    if (!cvyi_py_look_attribute(&method, &owner, func->attribute.attr))
        return CVY_OK;
    if (method.type == CVYI_PY_V_FUNCTION)
        return look_through(w, method.function, call,
                            owner.type == CVYI_PY_V_INSTANCE ? &owner : NULL);
    if ((cvyi_py_is_method(&method, CVYI_PY_M_STATIC) ||
         cvyi_py_is_method(&method, CVYI_PY_M_CLASS)) &&
        method.method->function.type == CVYI_PY_V_FUNCTION)
        return look_through(w, method.method->function.function, call,
                            method.method->kind == CVYI_PY_M_CLASS ? &owner
                                                                   : NULL);
    return CVY_OK;
}

/* setattr(obj, name, …) */
static cvy_status visit_setattr(cvyi_py_skipper *w, const cvyi_py_node *call)
{
    const cvyi_py_value value = cvyi_py_opaque_value(w->cause);
    cvyi_py_value owner, name;

    if (call->call.args.n < 2 ||
        !cvyi_py_look(&owner, w, call->call.args.items[0]) ||
        owner.type != CVYI_PY_V_INSTANCE)
        return CVY_OK;
    if (cvyi_py_look(&name, w, call->call.args.items[1]) &&
        name.type == CVYI_PY_V_TEXT)
        return cvyi_py_instance_put(w->eval, owner.instance, name.text, &value,
                                    w->err);
    owner.instance->doubt = w->cause;
    return CVY_OK;
}

/* Why it is not known what is called; NULL: it is, or nobody can say. */
static const cvyi_py_cause *unknown_callee(cvyi_py_skipper *w,
                                           const cvyi_py_node *func)
{
    cvyi_py_value callee;

    if (func->kind == CVYI_PY_ATTRIBUTE)
        func = func->attribute.value;
    return cvyi_py_look(&callee, w, func) && callee.type == CVYI_PY_V_OPAQUE
               ? callee.cause
               : NULL;
}

static cvy_status visit_arguments(cvyi_py_skipper *w, const cvyi_py_node *call)
{
    const cvyi_py_cause *const outer = w->through;
    const cvyi_py_cause *const through = unknown_callee(w, call->call.func);

    if (through != NULL)
        w->through = through;
    CVYI_TRY(visit_list(w, &call->call.args));
    for (int i = 0; i < call->call.n_keywords; i++)
        CVYI_TRY(visit(w, call->call.keywords[i].value));
    w->through = outer;
    return CVY_OK;
}

static cvy_status visit_call(cvyi_py_skipper *w, const cvyi_py_node *call)
{
    const cvyi_py_node *const func = call->call.func;
    cvyi_py_value callee;

    CVYI_TRY(visit(w, func));
    CVYI_TRY(visit_arguments(w, call));
    if (func->kind == CVYI_PY_ATTRIBUTE)
        return visit_method(w, call);
    if (func->kind != CVYI_PY_NAME || !cvyi_py_look(&callee, w, func))
        return CVY_OK;
    if (callee.type == CVYI_PY_V_FUNCTION)
        return look_through(w, callee.function, call, NULL);
    if (callee.type == CVYI_PY_V_BUILTIN &&
        strcmp(callee.builtin->name, "setattr") == 0)
        return visit_setattr(w, call);
    return CVY_OK;
}

/* ---- expressions ---- */

static cvy_status visit_three(cvyi_py_skipper *w, const cvyi_py_node *a,
                              const cvyi_py_node *b, const cvyi_py_node *c)
{
    CVYI_TRY(visit(w, a));
    CVYI_TRY(visit(w, b));
    return visit(w, c);
}

static cvy_status visit_comprehension(cvyi_py_skipper *w,
                                      const cvyi_py_node *node)
{
    for (int i = 0; i < node->comprehension.n; i++) {
        CVYI_TRY(visit(w, node->comprehension.fors[i].iter));
        CVYI_TRY(visit_list(w, &node->comprehension.fors[i].ifs));
    }
    return visit_three(w, node->comprehension.key, node->comprehension.element,
                       NULL);
}

static cvy_status visit_expression(cvyi_py_skipper *w,
                                   const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_BOOL_OP:
    case CVYI_PY_BIN_OP:
    case CVYI_PY_UNARY_OP:
        return visit_list(w, &node->operation.operands);
    case CVYI_PY_COMPARE:
        CVYI_TRY(visit(w, node->compare.left));
        return visit_list(w, &node->compare.comparators);
    case CVYI_PY_NAMED_EXPR:
        CVYI_TRY(visit(w, node->named.value));
        return set_target(w, node->named.target);
    case CVYI_PY_IF_EXP:
        return visit_three(w, node->choice.test, node->choice.body,
                           node->choice.orelse);
    case CVYI_PY_DICT:
        w->keys++; /* {x: batch} feeds a tensor and makes nothing of it */
        CVYI_TRY(visit_list(w, &node->dict.keys));
        w->keys--;
        return visit_list(w, &node->dict.values);
    case CVYI_PY_SET:
    case CVYI_PY_LIST:
    case CVYI_PY_TUPLE:
    case CVYI_PY_JOINED_STR:
        return visit_list(w, &node->list);
    case CVYI_PY_LIST_COMP:
    case CVYI_PY_SET_COMP:
    case CVYI_PY_GENERATOR_EXP:
    case CVYI_PY_DICT_COMP:
        return visit_comprehension(w, node);
    case CVYI_PY_CALL:
        return visit_call(w, node);
    case CVYI_PY_FORMATTED:
        return visit_three(w, node->formatted.value, node->formatted.format,
                           NULL);
    case CVYI_PY_ATTRIBUTE:
        return visit(w, node->attribute.value);
    case CVYI_PY_SUBSCRIPT:
        return visit_three(w, node->subscript.value, node->subscript.index,
                           NULL);
    case CVYI_PY_SLICE:
        return visit_three(w, node->slice.lower, node->slice.upper,
                           node->slice.step);
    case CVYI_PY_STARRED:
        return visit(w, node->value);
    default:
        return CVY_OK;
    }
}

/* ---- statements ---- */

static cvy_status visit_assign(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    CVYI_TRY(visit(w, node->assign.value));
    if (node->kind == CVYI_PY_AUG_ASSIGN)
        return set_augmented(w, node->assign.targets.items[0]);
    if (node->assign.value == NULL)
        return CVY_OK;
    for (int i = 0; i < node->assign.targets.n; i++)
        CVYI_TRY(set_target(w, node->assign.targets.items[i]));
    return CVY_OK;
}

static cvy_status visit_loop(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    const bool loop = node->kind != CVYI_PY_IF;
    cvy_status status;

    CVYI_TRY(visit(w, node->kind == CVYI_PY_FOR ? node->loop.iter
                                                : node->loop.test));
    if (node->kind == CVYI_PY_FOR)
        CVYI_TRY(set_target(w, node->loop.target));
    w->loops += loop;
    status = visit_list(w, &node->loop.body);
    w->loops -= loop;
    CVYI_TRY(status);
    return visit_list(w, &node->loop.orelse);
}

static cvy_status visit_with(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    for (int i = 0; i < node->with.n; i++) {
        CVYI_TRY(visit(w, node->with.items[i].context));
        if (node->with.items[i].target != NULL)
            CVYI_TRY(set_target(w, node->with.items[i].target));
    }
    return visit_list(w, &node->with.body);
}

static cvy_status visit_try(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    CVYI_TRY(visit_list(w, &node->attempt.body));
    for (int i = 0; i < node->attempt.n_handlers; i++)
        CVYI_TRY(visit_list(w, &node->attempt.handlers[i].body));
    CVYI_TRY(visit_list(w, &node->attempt.orelse));
    return visit_list(w, &node->attempt.finalbody);
}

static cvy_status visit_import(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    for (int i = 0; i < node->import.n; i++) {
        const cvyi_py_alias *const alias = &node->import.aliases[i];
        const char *const name =
            alias->asname != NULL ? alias->asname : alias->name;
        const char *const dot = strchr(name, '.');
        cvyi_py_value top;

        CVYI_TRY(cvyi_py_make_text(
            &top, w->eval, name,
            dot != NULL ? (size_t)(dot - name) : strlen(name), w->err));
        if (strcmp(name, "*") != 0)
            CVYI_TRY(set_name(w, top.text));
        else if (w->function == NULL)
            w->eval->frame->file->doubt = w->cause;
    }
    return CVY_OK;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool has_word(const char *text, size_t size, const char *word)
{
    const size_t n = strlen(word);

    for (size_t i = 0; i + n <= size; i++)
        if (memcmp(text + i, word, n) == 0 &&
            (i == 0 || !is_word(text[i - 1])) &&
            (i + n == size || !is_word(text[i + n])))
            return true;
    return false;
}

/* A statement that the tree does not hold: each name that stands in its text
 * may be bound there. */
static cvy_status visit_other(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    static const char *const expressions[] = {
        "Await",   "DictComp", "GeneratorExp", "Interpolation", "ListComp",
        "SetComp", "Starred",  "TemplateStr",  "Yield",         "YieldFrom",
    };
    const cvyi_py_tree *const tree = w->eval->frame->file->tree;
    const cvyi_py_names *const names = w->eval->frame->scope->names;
    const char *at = tree->text, *const end = at + tree->size, *from;

    if (w->function != NULL)
        return CVY_OK;
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++)
        if (strcmp(node->name, expressions[i]) == 0)
            return CVY_OK;
    for (int line = 1; line < node->line && at < end; at++)
        line += *at == '\n';
    from = at;
    for (int line = node->line; line <= node->end_line && at < end; at++)
        line += *at == '\n';
    for (int i = 0; i < names->n; i++)
        if (has_word(from, (size_t)(at - from), names->names[i]))
            names->values[i] = cvyi_py_opaque_value(w->cause);
    w->eval->frame->file->doubt = w->cause;
    return CVY_OK;
}

static void may_leave(cvyi_py_skipper *w, cvyi_py_flow flow)
{
    if (w->function != NULL || (flow != CVYI_PY_DO_RETURN && w->loops > 0))
        return;
    if (flow > w->flow)
        w->flow = flow;
}

static cvy_status visit_inner(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_FUNCTION_DEF:
    case CVYI_PY_CLASS_DEF:
        return set_name(w, node->def.name);
    case CVYI_PY_RETURN:
        may_leave(w, CVYI_PY_DO_RETURN);
        return visit(w, node->value);
    case CVYI_PY_BREAK:
    case CVYI_PY_CONTINUE:
        may_leave(w, CVYI_PY_DO_BREAK);
        return CVY_OK;
    case CVYI_PY_RAISE:
        return CVY_OK; /* taken as not happening */
    case CVYI_PY_EXPR:
        return visit(w, node->value);
    case CVYI_PY_DELETE:
        for (int i = 0; i < node->list.n; i++)
            CVYI_TRY(set_target(w, node->list.items[i]));
        return CVY_OK;
    case CVYI_PY_ASSIGN:
    case CVYI_PY_AUG_ASSIGN:
    case CVYI_PY_ANN_ASSIGN:
        return visit_assign(w, node);
    case CVYI_PY_FOR:
    case CVYI_PY_WHILE:
    case CVYI_PY_IF:
        return visit_loop(w, node);
    case CVYI_PY_WITH:
        return visit_with(w, node);
    case CVYI_PY_TRY:
        return visit_try(w, node);
    case CVYI_PY_IMPORT:
    case CVYI_PY_IMPORT_FROM:
        return visit_import(w, node);
    case CVYI_PY_OTHER:
        return visit_other(w, node);
    default:
        return visit_expression(w, node);
    }
}

/* A value of the host that a branch speaks of may be changed by it. */
static cvy_status meet(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    cvyi_py_value value;

    if (w->keys > 0 ||
        (node->kind != CVYI_PY_NAME && node->kind != CVYI_PY_ATTRIBUTE) ||
        !cvyi_py_look(&value, w, node))
        return CVY_OK;
    return cvyi_py_meet(w->eval, w->cause, w->through, &value, w->err);
}

static cvy_status visit(cvyi_py_skipper *w, const cvyi_py_node *node)
{
    cvy_status status;

    if (node == NULL)
        return CVY_OK;
    CVYI_TRY(meet(w, node));
    CVYI_TRY(cvyi_py_enter(w->eval, w->err));
    status = cvyi_py_tick(w->eval, 1, w->err);
    if (status == CVY_OK)
        status = visit_inner(w, node);
    w->eval->nesting--;
    return status;
}

/* ---- for all ---- */

cvy_status cvyi_py_skip(cvyi_py_flow *flow, cvyi_py_eval *eval,
                        const cvyi_py_list *body, const cvyi_py_cause *cause,
                        cvy_error *err)
{
    cvyi_py_skipper w = { .eval = eval, .cause = cause, .err = err };

    CVYI_TRY(visit_list(&w, body));
    *flow = w.flow;
    return CVY_OK;
}

cvy_status cvyi_py_skip_one(cvyi_py_flow *flow, cvyi_py_eval *eval,
                            const cvyi_py_node *node,
                            const cvyi_py_cause *cause, cvy_error *err)
{
    const cvyi_py_list one = { 1, &node };

    return cvyi_py_skip(flow, eval, &one, cause, err);
}

cvy_status cvyi_py_skip_target(cvyi_py_eval *eval, const cvyi_py_node *target,
                               const cvyi_py_cause *cause, cvy_error *err)
{
    cvyi_py_skipper w = { .eval = eval, .cause = cause, .err = err };

    return set_target(&w, target);
}

void cvyi_py_leave(cvyi_py_flow *flow, cvyi_py_eval *eval, cvyi_py_flow how,
                   const cvyi_py_cause *cause)
{
    if (how == CVYI_PY_GO_ON)
        return;
    *flow = how;
    eval->frame->leaves = cause;
    if (how == CVYI_PY_DO_RETURN)
        eval->frame->result = cvyi_py_opaque_value(cause);
}
