/*
 * pysrc/eval_comp.c - comprehensions, in a scope of their own.
 *
 * A generator expression is evaluated at once, into an iterator over a list:
 * what it calls is called then, and not when somebody asks for the element.
 */
#include "pysrc/eval_parts.h"

/* One element, into the list, set or dict that is made. */
static cvy_status add_element(cvyi_py_value *made, cvyi_py_eval *eval,
                              const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value key, value;

    if (node->kind == CVYI_PY_DICT_COMP)
        CVYI_TRY(cvyi_py_expr(&key, eval, node->comprehension.key, err));
    CVYI_TRY(cvyi_py_expr(&value, eval, node->comprehension.element, err));
    if (node->kind == CVYI_PY_DICT_COMP)
        return cvyi_py_dict_set(eval, made, &key, &value, err);
    if (node->kind == CVYI_PY_SET_COMP)
        return cvyi_py_set_add(eval, made->seq, &value, err);
    return cvyi_py_seq_add(eval, made->seq, &value, err);
}

static cvy_status all_true(bool *out, cvyi_py_eval *eval,
                           const cvyi_py_list *tests, cvy_error *err)
{
    bool truth = true;

    for (int i = 0; truth && i < tests->n; i++) {
        cvyi_py_value value;

        CVYI_TRY(cvyi_py_expr(&value, eval, tests->items[i], err));
        CVYI_TRY(cvyi_py_eval_truth(&truth, eval, &value, err));
    }
    *out = truth;
    return CVY_OK;
}

static cvy_status run_for(cvyi_py_value *made, cvyi_py_eval *eval,
                          const cvyi_py_node *node, int level,
                          const cvyi_py_value *over, cvy_error *err)
{
    const cvyi_py_for *const loop = &node->comprehension.fors[level];
    const bool last = level + 1 == node->comprehension.n;
    cvyi_py_walk walk;
    cvyi_py_value item, inner;
    bool more, wanted = true;

    /* The order of a set does not show in a set. */
    CVYI_TRY(cvyi_py_walk_open(&walk, eval, over,
                               node->kind != CVYI_PY_SET_COMP, err));
    for (;;) {
        CVYI_TRY(cvyi_py_walk_next(&item, &more, &walk, eval, err));
        if (!more)
            return CVY_OK;
        CVYI_TRY(cvyi_py_assign(eval, loop->target, &item, err));
        CVYI_TRY(all_true(&wanted, eval, &loop->ifs, err));
        if (!wanted)
            continue;
        if (last) {
            CVYI_TRY(add_element(made, eval, node, err));
            continue;
        }
        CVYI_TRY(cvyi_py_expr(&inner, eval,
                              node->comprehension.fors[level + 1].iter, err));
        CVYI_TRY(cvyi_py_enter(eval, err));

        const cvy_status status =
            run_for(made, eval, node, level + 1, &inner, err);

        eval->nesting--;
        CVYI_TRY(status);
    }
}

cvy_status cvyi_py_comprehension(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_scope *const outer = eval->frame->scope;
    const cvyi_py_bound *bound;
    cvyi_py_value over, made;
    cvyi_py_scope *scope;
    cvy_status status;

    CVYI_TRY(cvyi_py_bound_of(&bound, eval, node, err));
    CVYI_TRY(cvyi_py_scope_open(&scope, eval, CVYI_PY_SCOPE_COMPREHENSION,
                                bound, err));
    scope->outer = outer;
    CVYI_TRY(node->kind == CVYI_PY_DICT_COMP
                 ? cvyi_py_make_dict(&made, eval, err)
                 : cvyi_py_make_seq(&made, eval,
                                    node->kind == CVYI_PY_SET_COMP
                                        ? CVYI_PY_V_SET
                                        : CVYI_PY_V_LIST,
                                    NULL, 0, err));
    /* The first list is evaluated outside. */
    CVYI_TRY(cvyi_py_expr(&over, eval, node->comprehension.fors[0].iter, err));
    eval->frame->scope = scope;
    status = run_for(&made, eval, node, 0, &over, err);
    eval->frame->scope = outer;
    CVYI_TRY(status);
    if (node->kind == CVYI_PY_GENERATOR_EXP)
        return cvyi_py_make_iterator(out, eval, &made, err);
    *out = made;
    return CVY_OK;
}
