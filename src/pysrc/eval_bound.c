/*
 * pysrc/eval_bound.c - the names that a body binds, found before it runs.
 *
 * A name that a function binds anywhere is its own everywhere: reading it too
 * early is an error and never finds an outer one.
 */
#include "pysrc/eval_parts.h"

typedef struct finder {
    cvyi_py_eval *eval;
    cvyi_py_bound *bound;
    bool only_globals; /* of functions inside a file */
    cvy_error *err;
} finder;

static cvy_status add(finder *f, const char *name, cvyi_py_how how)
{
    cvyi_py_bound *const bound = f->bound;

    for (int i = 0; i < bound->n; i++)
        if (strcmp(bound->items[i].name, name) == 0) {
            bound->items[i].times++;
            if (how != CVYI_PY_LOCAL)
                bound->items[i].how = how;
            return CVY_OK;
        }
    if (bound->n == bound->capacity) {
        const int wanted = bound->capacity < 4 ? 4 : bound->capacity * 2;
        struct cvyi_py_binding *moved;

        CVYI_PY_NEW(moved, f->eval, wanted, f->err);
        if (bound->n > 0)
            memcpy(moved, bound->items, (size_t)bound->n * sizeof *moved);
        bound->items = moved;
        bound->capacity = wanted;
    }
    bound->items[bound->n++] = (struct cvyi_py_binding){ name, how, 1 };
    return CVY_OK;
}

static cvy_status find(finder *f, const cvyi_py_node *node);

static cvy_status find_list(finder *f, const cvyi_py_list *list)
{
    for (int i = 0; i < list->n; i++)
        CVYI_TRY(find(f, list->items[i]));
    return CVY_OK;
}

static cvy_status find_target(finder *f, const cvyi_py_node *node)
{
    if (node == NULL)
        return CVY_OK;
    if (node->kind == CVYI_PY_NAME)
        return f->only_globals ? CVY_OK : add(f, node->name, CVYI_PY_LOCAL);
    if (node->kind == CVYI_PY_STARRED)
        return find_target(f, node->value);
    if (node->kind == CVYI_PY_TUPLE || node->kind == CVYI_PY_LIST) {
        for (int i = 0; i < node->list.n; i++)
            CVYI_TRY(find_target(f, node->list.items[i]));
        return CVY_OK;
    }
    return find(f, node);
}

static cvy_status find_names(finder *f, const cvyi_py_node *node,
                             cvyi_py_how how)
{
    if (f->only_globals && how != CVYI_PY_GLOBAL_NAME)
        return CVY_OK;
    for (int i = 0; i < node->names.n; i++)
        CVYI_TRY(add(f, node->names.items[i], how));
    return CVY_OK;
}

static cvy_status find_import(finder *f, const cvyi_py_node *node)
{
    for (int i = 0; i < node->import.n && !f->only_globals; i++) {
        const cvyi_py_alias *const alias = &node->import.aliases[i];
        const char *const dot = strchr(alias->name, '.');
        const char *name = alias->asname != NULL ? alias->asname : alias->name;

        if (alias->asname == NULL && dot != NULL &&
            node->kind == CVYI_PY_IMPORT) {
            name =
                cvyi_arena_text(&f->eval->arena, name, (size_t)(dot - name));
            if (name == NULL)
                return cvyi_no_memory(f->err);
        }
        CVYI_TRY(add(f, name, CVYI_PY_LOCAL));
    }
    return CVY_OK;
}

/* A def or class binds its name here; its body is its own. */
static cvy_status find_def(finder *f, const cvyi_py_node *node)
{
    if (f->only_globals)
        return find_list(f, &node->def.body);
    CVYI_TRY(find_list(f, &node->def.decorators));
    CVYI_TRY(find_list(f, &node->def.bases));
    for (int i = 0;
         node->kind == CVYI_PY_FUNCTION_DEF && i < node->def.args.n_positional;
         i++)
        CVYI_TRY(find(f, node->def.args.positional[i].fallback));
    for (int i = 0; node->kind == CVYI_PY_FUNCTION_DEF &&
                    i < node->def.args.n_keyword_only;
         i++)
        CVYI_TRY(find(f, node->def.args.keyword_only[i].fallback));
    return node->kind == CVYI_PY_LAMBDA
               ? CVY_OK
               : add(f, node->def.name, CVYI_PY_LOCAL);
}

static cvy_status find_try(finder *f, const cvyi_py_node *node)
{
    CVYI_TRY(find_list(f, &node->attempt.body));
    CVYI_TRY(find_list(f, &node->attempt.orelse));
    CVYI_TRY(find_list(f, &node->attempt.finalbody));
    for (int i = 0; i < node->attempt.n_handlers; i++) {
        const cvyi_py_handler *const handler = &node->attempt.handlers[i];

        CVYI_TRY(find(f, handler->type));
        if (handler->name != NULL && !f->only_globals)
            CVYI_TRY(add(f, handler->name, CVYI_PY_LOCAL));
        CVYI_TRY(find_list(f, &handler->body));
    }
    return CVY_OK;
}

/* A walrus inside binds outside of the comprehension. */
static cvy_status find_comprehension(finder *f, const cvyi_py_node *node)
{
    CVYI_TRY(find(f, node->comprehension.key));
    CVYI_TRY(find(f, node->comprehension.element));
    for (int i = 0; i < node->comprehension.n; i++) {
        CVYI_TRY(find(f, node->comprehension.fors[i].iter));
        CVYI_TRY(find_list(f, &node->comprehension.fors[i].ifs));
    }
    return CVY_OK;
}

static cvy_status find_assign(finder *f, const cvyi_py_node *node)
{
    CVYI_TRY(find(f, node->assign.value));
    for (int i = 0; i < node->assign.targets.n; i++)
        CVYI_TRY(find_target(f, node->assign.targets.items[i]));
    return CVY_OK;
}

static cvy_status find_with(finder *f, const cvyi_py_node *node)
{
    for (int i = 0; i < node->with.n; i++) {
        CVYI_TRY(find(f, node->with.items[i].context));
        CVYI_TRY(find_target(f, node->with.items[i].target));
    }
    return find_list(f, &node->with.body);
}

static cvy_status find_call(finder *f, const cvyi_py_node *node)
{
    CVYI_TRY(find(f, node->call.func));
    CVYI_TRY(find_list(f, &node->call.args));
    for (int i = 0; i < node->call.n_keywords; i++)
        CVYI_TRY(find(f, node->call.keywords[i].value));
    return CVY_OK;
}

static cvy_status find_expression(finder *f, const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_BOOL_OP:
    case CVYI_PY_BIN_OP:
    case CVYI_PY_UNARY_OP:
        return find_list(f, &node->operation.operands);
    case CVYI_PY_COMPARE:
        CVYI_TRY(find(f, node->compare.left));
        return find_list(f, &node->compare.comparators);
    case CVYI_PY_NAMED_EXPR:
        CVYI_TRY(find(f, node->named.value));
        return find_target(f, node->named.target);
    case CVYI_PY_IF_EXP:
        CVYI_TRY(find(f, node->choice.test));
        CVYI_TRY(find(f, node->choice.body));
        return find(f, node->choice.orelse);
    case CVYI_PY_DICT:
        CVYI_TRY(find_list(f, &node->dict.keys));
        return find_list(f, &node->dict.values);
    case CVYI_PY_SET:
    case CVYI_PY_LIST:
    case CVYI_PY_TUPLE:
    case CVYI_PY_JOINED_STR:
        return find_list(f, &node->list);
    case CVYI_PY_FORMATTED:
        CVYI_TRY(find(f, node->formatted.value));
        return find(f, node->formatted.format);
    case CVYI_PY_ATTRIBUTE:
        return find(f, node->attribute.value);
    case CVYI_PY_SUBSCRIPT:
        CVYI_TRY(find(f, node->subscript.value));
        return find(f, node->subscript.index);
    case CVYI_PY_SLICE:
        CVYI_TRY(find(f, node->slice.lower));
        CVYI_TRY(find(f, node->slice.upper));
        return find(f, node->slice.step);
    case CVYI_PY_STARRED:
        return find(f, node->value);
    case CVYI_PY_OTHER:
        f->bound->generates = f->bound->generates ||
                              strcmp(node->name, "Yield") == 0 ||
                              strcmp(node->name, "YieldFrom") == 0;
        return CVY_OK;
    default:
        return CVY_OK;
    }
}

static cvy_status find_inner(finder *f, const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_FUNCTION_DEF:
    case CVYI_PY_CLASS_DEF:
    case CVYI_PY_LAMBDA:
        return find_def(f, node);
    case CVYI_PY_RETURN:
    case CVYI_PY_RAISE:
    case CVYI_PY_EXPR:
        return find(f, node->value);
    case CVYI_PY_DELETE:
        for (int i = 0; i < node->list.n; i++)
            CVYI_TRY(find_target(f, node->list.items[i]));
        return CVY_OK;
    case CVYI_PY_ASSIGN:
    case CVYI_PY_AUG_ASSIGN:
    case CVYI_PY_ANN_ASSIGN:
        return find_assign(f, node);
    case CVYI_PY_FOR:
    case CVYI_PY_WHILE:
    case CVYI_PY_IF:
        CVYI_TRY(find_target(f, node->kind == CVYI_PY_FOR ? node->loop.target
                                                          : NULL));
        CVYI_TRY(find(f, node->kind == CVYI_PY_FOR ? node->loop.iter
                                                   : node->loop.test));
        CVYI_TRY(find_list(f, &node->loop.body));
        return find_list(f, &node->loop.orelse);
    case CVYI_PY_WITH:
        return find_with(f, node);
    case CVYI_PY_TRY:
        return find_try(f, node);
    case CVYI_PY_ASSERT:
        return find(f, node->assertion.test);
    case CVYI_PY_IMPORT:
    case CVYI_PY_IMPORT_FROM:
        return find_import(f, node);
    case CVYI_PY_GLOBAL:
        return find_names(f, node, CVYI_PY_GLOBAL_NAME);
    case CVYI_PY_NONLOCAL:
        return find_names(f, node, CVYI_PY_NONLOCAL_NAME);
    case CVYI_PY_LIST_COMP:
    case CVYI_PY_SET_COMP:
    case CVYI_PY_GENERATOR_EXP:
    case CVYI_PY_DICT_COMP:
        return find_comprehension(f, node);
    case CVYI_PY_CALL:
        return find_call(f, node);
    default:
        return find_expression(f, node);
    }
}

static cvy_status find(finder *f, const cvyi_py_node *node)
{
    cvy_status status;

    if (node == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_py_enter(f->eval, f->err));
    status = cvyi_py_tick(f->eval, 1, f->err);
    if (status == CVY_OK)
        status = find_inner(f, node);
    f->eval->nesting--;
    return status;
}

static cvy_status find_parameters(finder *f, const cvyi_py_args *args)
{
    for (int i = 0; i < args->n_positional; i++)
        CVYI_TRY(add(f, args->positional[i].name, CVYI_PY_LOCAL));
    for (int i = 0; i < args->n_keyword_only; i++)
        CVYI_TRY(add(f, args->keyword_only[i].name, CVYI_PY_LOCAL));
    if (args->rest != NULL)
        CVYI_TRY(add(f, args->rest, CVYI_PY_LOCAL));
    return args->more != NULL ? add(f, args->more, CVYI_PY_LOCAL) : CVY_OK;
}

static cvy_status find_body(finder *f, const cvyi_py_node *node)
{
    switch (node->kind) {
    case CVYI_PY_FUNCTION_DEF:
    case CVYI_PY_LAMBDA:
        CVYI_TRY(find_parameters(f, &node->def.args));
        return find_list(f, &node->def.body);
    case CVYI_PY_CLASS_DEF:
        return find_list(f, &node->def.body);
    default: /* a comprehension */
        for (int i = 0; i < node->comprehension.n; i++)
            CVYI_TRY(find_target(f, node->comprehension.fors[i].target));
        return CVY_OK;
    }
}

/* ---- found once for each node ---- */

static size_t slot_of(const cvyi_py_eval *eval, const cvyi_py_node *node)
{
    const size_t mask = (size_t)eval->room_bounds - 1;
    size_t at = ((uintptr_t)node >> 4) * 2654435761U & mask;

    while (eval->bounds[at] != NULL && eval->bounds[at]->node != node)
        at = (at + 1) & mask;
    return at;
}

static cvy_status grow(cvyi_py_eval *eval, cvy_error *err)
{
    cvyi_py_bound **const old = eval->bounds;
    const int n = eval->room_bounds;
    cvyi_py_bound **moved;

    CVYI_PY_NEW(moved, eval, n == 0 ? 64 : n * 2, err);
    eval->bounds = moved;
    eval->room_bounds = n == 0 ? 64 : n * 2;
    for (int i = 0; i < n; i++)
        if (old[i] != NULL)
            moved[slot_of(eval, old[i]->node)] = old[i];
    return CVY_OK;
}

cvy_status cvyi_py_bound_of(const cvyi_py_bound **out, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err)
{
    finder f = { .eval = eval, .err = err };

    if (eval->n_bounds * 2 >= eval->room_bounds)
        CVYI_TRY(grow(eval, err));
    if (eval->bounds[slot_of(eval, node)] == NULL) {
        CVYI_PY_NEW(f.bound, eval, 1, err);
        f.bound->node = node;
        CVYI_TRY(find_body(&f, node));
        eval->bounds[slot_of(eval, node)] = f.bound;
        eval->n_bounds++;
    }
    *out = eval->bounds[slot_of(eval, node)];
    return CVY_OK;
}

cvy_status cvyi_py_bound_of_file(const cvyi_py_bound **out, cvyi_py_eval *eval,
                                 const cvyi_py_tree *tree, cvy_error *err)
{
    finder f = { .eval = eval, .err = err };

    CVYI_PY_NEW(f.bound, eval, 1, err);
    CVYI_TRY(find_list(&f, &tree->body));
    /* A name that some function declares global counts as bound twice. */
    f.only_globals = true;
    CVYI_TRY(find_list(&f, &tree->body));
    *out = f.bound;
    return CVY_OK;
}
