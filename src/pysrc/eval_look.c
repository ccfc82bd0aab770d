/* pysrc/eval_look.c - what an expression is, without evaluating it. */
#include "pysrc/eval_skip.h"

static bool binds(const cvyi_py_bound *bound, const char *name)
{
    for (int i = 0; i < bound->n; i++)
        if (strcmp(bound->items[i].name, name) == 0)
            return bound->items[i].how != CVYI_PY_GLOBAL_NAME;
    return false;
}

bool cvyi_py_look_name(cvyi_py_value *out, cvyi_py_skipper *w,
                       const char *name)
{
    cvyi_py_eval *const eval = w->eval;
    const cvyi_py_value *found = NULL;
    cvy_error ignored = { 0 };
    cvy_status status;

    if (w->function == NULL) {
        status = cvyi_py_load(out, eval, name, &ignored);
        eval->raised = NULL;
        return status == CVY_OK;
    }
    for (int i = 0; i < w->n; i++)
        if (strcmp(w->names[i], name) == 0)
            found = &w->known[i];
    if (found == NULL && !binds(w->bound, name))
        found = cvyi_py_names_get(w->function->file->scope.names, name);
    if (found != NULL)
        *out = *found;
    return found != NULL;
}

bool cvyi_py_look_attribute(cvyi_py_value *out, const cvyi_py_value *owner,
                            const char *name)
{
    const cvyi_py_value *found = NULL;

    if (owner->type == CVYI_PY_V_INSTANCE) {
        found = cvyi_py_names_get(&owner->instance->names, name);
        if (found == NULL)
            found = cvyi_py_class_find(owner->instance->class_, -1, name);
    } else if (owner->type == CVYI_PY_V_CLASS) {
        found = cvyi_py_class_find(owner->class_, -1, name);
    } else if (owner->type == CVYI_PY_V_MODULE) {
        found = cvyi_py_names_get(&owner->module->names, name);
    }
    if (found != NULL)
        *out = *found;
    return found != NULL;
}

bool cvyi_py_look_item(cvyi_py_value *out, cvyi_py_skipper *w,
                       const cvyi_py_value *owner, const cvyi_py_node *node)
{
    cvy_error ignored = { 0 };
    cvyi_py_value index;
    cvy_status status;

    if (cvyi_py_opaque(owner) != NULL || !cvyi_py_look(&index, w, node) ||
        cvyi_py_opaque_within(&index) != NULL ||
        (owner->type != CVYI_PY_V_LIST && owner->type != CVYI_PY_V_TUPLE &&
         owner->type != CVYI_PY_V_DICT))
        return false;
    status = cvyi_py_get_item(out, w->eval, owner, &index, &ignored);
    w->eval->raised = NULL;
    return status == CVY_OK;
}

static bool constant_known(cvyi_py_value *out, const cvyi_py_node *node)
{
    if (node->constant.kind != CVYI_PY_PLAIN)
        return false;
    if (node->constant.value.kind == CVYI_INT)
        *out = cvyi_py_int(node->constant.value.integer);
    else if (node->constant.value.kind == CVYI_TEXT)
        *out = cvyi_py_text_value(node->constant.value.text);
    else
        return false;
    return true;
}

static bool negative_known(cvyi_py_value *out, const cvyi_py_node *node)
{
    const cvyi_py_node *const operand = node->operation.operands.items[0];

    if (strcmp(node->operation.op, "USub") != 0 ||
        operand->kind != CVYI_PY_CONSTANT || !constant_known(out, operand) ||
        out->type != CVYI_PY_V_INT || out->integer == INT64_MIN)
        return false;
    out->integer = -out->integer;
    return true;
}

/* self.__dict__ */
static bool look_dict(cvyi_py_value *out, cvyi_py_skipper *w,
                      const cvyi_py_value *owner, const char *name)
{
    cvy_error ignored = { 0 };

    return owner->type == CVYI_PY_V_INSTANCE &&
           strcmp(name, "__dict__") == 0 &&
           cvyi_py_instance_dict(out, w->eval, owner->instance, &ignored) ==
               CVY_OK;
}

static bool look_inside(cvyi_py_value *out, cvyi_py_skipper *w,
                        const cvyi_py_node *node)
{
    cvyi_py_value owner;

    switch (node->kind) {
    case CVYI_PY_NAME:
        return cvyi_py_look_name(out, w, node->name);
    case CVYI_PY_CONSTANT:
        return constant_known(out, node);
    case CVYI_PY_UNARY_OP:
        return negative_known(out, node);
    case CVYI_PY_ATTRIBUTE:
        if (!cvyi_py_look(&owner, w, node->attribute.value))
            return false;
        return look_dict(out, w, &owner, node->attribute.attr) ||
               cvyi_py_look_attribute(out, &owner, node->attribute.attr);
    case CVYI_PY_SUBSCRIPT:
        return cvyi_py_look(&owner, w, node->subscript.value) &&
               cvyi_py_look_item(out, w, &owner, node->subscript.index);
    default:
        return false;
    }
}

bool cvyi_py_look(cvyi_py_value *out, cvyi_py_skipper *w,
                  const cvyi_py_node *node)
{
    cvyi_py_value made;
    bool known;

    if (w->eval->nesting >= CVYI_PY_NESTING)
        return false;
    w->eval->nesting++;
    known = look_inside(&made, w, node);
    w->eval->nesting--;
    if (known)
        *out = made;
    return known;
}
