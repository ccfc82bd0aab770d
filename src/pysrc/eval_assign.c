/* pysrc/eval_assign.c - what stands left of an equals sign. */
#include "pysrc/eval_parts.h"

/* ---- unpacking ---- */

static cvy_status wrong_count(cvyi_py_eval *eval, const cvyi_py_list *targets,
                              int n, cvy_error *err)
{
    return cvyi_py_throw(eval, err, "ValueError",
                         "%d values are unpacked into %d names", n,
                         targets->n);
}

static cvy_status unpack(cvyi_py_eval *eval, const cvyi_py_list *targets,
                         const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_seq *items;
    cvyi_py_value all, rest;
    int star = -1;

    if (cvyi_py_unknown(value) != NULL) {
        const cvyi_py_value each =
            cvyi_py_opaque_value(cvyi_py_unknown(value));

        for (int i = 0; i < targets->n; i++) {
            const cvyi_py_node *const target = targets->items[i];

            CVYI_TRY(cvyi_py_assign(
                eval, target->kind == CVYI_PY_STARRED ? target->value : target,
                &each, err));
        }
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_elements(&items, eval, value, true, err));
    CVYI_TRY(cvyi_py_make_seq(&all, eval, CVYI_PY_V_LIST, items->items,
                              items->n, err));
    for (int i = 0; i < targets->n; i++)
        if (targets->items[i]->kind == CVYI_PY_STARRED)
            star = i;

    const int n = all.seq->n, extra = n - (targets->n - 1);

    if (star < 0 ? n != targets->n : extra < 0)
        return wrong_count(eval, targets, n, err);
    for (int i = 0; i < targets->n; i++) {
        const int at = star >= 0 && i > star ? i + extra - 1 : i;

        if (i != star) {
            CVYI_TRY(cvyi_py_assign(eval, targets->items[i],
                                    &all.seq->items[at], err));
            continue;
        }
        CVYI_TRY(cvyi_py_make_seq(&rest, eval, CVYI_PY_V_LIST,
                                  extra > 0 ? all.seq->items + at : NULL,
                                  extra, err));
        CVYI_TRY(cvyi_py_assign(eval, targets->items[i]->value, &rest, err));
    }
    return CVY_OK;
}

/* ---- targets ---- */

static cvy_status assign_inner(cvyi_py_eval *eval, const cvyi_py_node *target,
                               const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_value owner, index;

    switch (target->kind) {
    case CVYI_PY_NAME:
        return cvyi_py_store(eval, target->name, value, err);
    case CVYI_PY_ATTRIBUTE:
        CVYI_TRY(cvyi_py_expr(&owner, eval, target->attribute.value, err));
        return cvyi_py_set_attr(eval, &owner, target->attribute.attr, value,
                                err);
    case CVYI_PY_SUBSCRIPT:
        CVYI_TRY(cvyi_py_expr(&owner, eval, target->subscript.value, err));
        CVYI_TRY(cvyi_py_expr(&index, eval, target->subscript.index, err));
        return cvyi_py_set_item(eval, &owner, &index, value, err);
    case CVYI_PY_TUPLE:
    case CVYI_PY_LIST:
        return unpack(eval, &target->list, value, err);
    default:
        return cvyi_py_refuse(eval, err, "this form cannot be assigned to");
    }
}

/* What the target calls its value; NULL: nothing. */
static const char *name_of(const cvyi_py_node *target)
{
    const cvyi_py_node *index;

    if (target->kind == CVYI_PY_NAME)
        return target->name;
    if (target->kind == CVYI_PY_ATTRIBUTE)
        return target->attribute.attr;
    if (target->kind != CVYI_PY_SUBSCRIPT)
        return NULL;
    index = target->subscript.index;
    return index->kind == CVYI_PY_CONSTANT &&
                   index->constant.kind == CVYI_PY_PLAIN
               ? cvyi_as_text(&index->constant.value)
               : NULL;
}

/* What is not known may be known to the host by this name; else its cause
 * knows what the top level of the file calls it. */
static cvy_status name_unknown(cvyi_py_value *value, cvyi_py_eval *eval,
                               const cvyi_py_node *target, cvy_error *err)
{
    const char *const name =
        target->kind != CVYI_PY_SUBSCRIPT ? name_of(target) : NULL;

    if (value->type != CVYI_PY_V_OPAQUE || name == NULL)
        return CVY_OK;
    if (eval->host->stand_in != NULL)
        CVYI_TRY(eval->host->stand_in(value, eval, name, err));
    return target->kind == CVYI_PY_NAME &&
                   eval->frame->scope->kind == CVYI_PY_SCOPE_MODULE
               ? cvyi_py_name_opaque(value, eval, name, err)
               : CVY_OK;
}

cvy_status cvyi_py_assign(cvyi_py_eval *eval, const cvyi_py_node *target,
                          const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_value kept = *value;
    cvy_status status;

    CVYI_TRY(cvyi_py_enter(eval, err));
    status = cvyi_py_tick(eval, 1, err);
    if (status == CVY_OK)
        status = name_unknown(&kept, eval, target, err);
    if (status == CVY_OK)
        status = assign_inner(eval, target, &kept, err);
    if (status == CVY_OK && kept.type == CVYI_PY_V_HOST &&
        eval->host->named != NULL && name_of(target) != NULL)
        status = eval->host->named(eval, name_of(target), &kept, err);
    eval->nesting--;
    return status;
}

/* ---- a op= b: the target's parts are evaluated once ---- */

cvy_status cvyi_py_aug_assign(cvyi_py_eval *eval, const cvyi_py_node *node,
                              cvy_error *err)
{
    const cvyi_py_node *const target = node->assign.targets.items[0];
    cvyi_py_value owner, index, old, more, made;

    if (target->kind == CVYI_PY_NAME) {
        CVYI_TRY(cvyi_py_load(&old, eval, target->name, err));
    } else if (target->kind == CVYI_PY_ATTRIBUTE) {
        CVYI_TRY(cvyi_py_expr(&owner, eval, target->attribute.value, err));
        CVYI_TRY(
            cvyi_py_eval_get(&old, eval, &owner, target->attribute.attr, err));
    } else if (target->kind == CVYI_PY_SUBSCRIPT) {
        CVYI_TRY(cvyi_py_expr(&owner, eval, target->subscript.value, err));
        CVYI_TRY(cvyi_py_expr(&index, eval, target->subscript.index, err));
        CVYI_TRY(cvyi_py_get_item(&old, eval, &owner, &index, err));
    } else {
        return cvyi_py_refuse(eval, err, "this form cannot be assigned to");
    }
    CVYI_TRY(cvyi_py_expr(&more, eval, node->assign.value, err));
    eval->frame->line = node->line;
    CVYI_TRY(
        cvyi_py_augmented(&made, eval, node->assign.op, &old, &more, err));
    if (target->kind == CVYI_PY_NAME)
        return cvyi_py_store(eval, target->name, &made, err);
    if (target->kind == CVYI_PY_ATTRIBUTE)
        return cvyi_py_set_attr(eval, &owner, target->attribute.attr, &made,
                                err);
    return cvyi_py_set_item(eval, &owner, &index, &made, err);
}

/* ---- del ---- */

static cvy_status delete_inner(cvyi_py_eval *eval, const cvyi_py_node *target,
                               cvy_error *err)
{
    cvyi_py_value owner, index;

    switch (target->kind) {
    case CVYI_PY_NAME:
        return cvyi_py_unbind(eval, target->name, err);
    case CVYI_PY_ATTRIBUTE:
        CVYI_TRY(cvyi_py_expr(&owner, eval, target->attribute.value, err));
        return cvyi_py_del_attr(eval, &owner, target->attribute.attr, err);
    case CVYI_PY_SUBSCRIPT:
        CVYI_TRY(cvyi_py_expr(&owner, eval, target->subscript.value, err));
        CVYI_TRY(cvyi_py_expr(&index, eval, target->subscript.index, err));
        return cvyi_py_del_item(eval, &owner, &index, err);
    case CVYI_PY_TUPLE:
    case CVYI_PY_LIST:
        for (int i = 0; i < target->list.n; i++)
            CVYI_TRY(cvyi_py_delete(eval, target->list.items[i], err));
        return CVY_OK;
    default:
        return cvyi_py_refuse(eval, err, "this form cannot be deleted");
    }
}

cvy_status cvyi_py_delete(cvyi_py_eval *eval, const cvyi_py_node *target,
                          cvy_error *err)
{
    cvy_status status;

    CVYI_TRY(cvyi_py_enter(eval, err));
    status = delete_inner(eval, target, err);
    eval->nesting--;
    return status;
}
