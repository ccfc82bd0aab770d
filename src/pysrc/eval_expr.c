/* pysrc/eval_expr.c - expressions. */
#include "pysrc/eval_parts.h"

typedef cvy_status expr_fn(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_node *node, cvy_error *err);

/* ---- operators ---- */

static cvy_status bool_op(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_node *node, cvy_error *err)
{
    const cvyi_py_list *const operands = &node->operation.operands;
    const bool any = strcmp(node->operation.op, "Or") == 0;
    cvyi_py_value value = cvyi_py_none();

    for (int i = 0; i < operands->n; i++) {
        bool truth;

        CVYI_TRY(cvyi_py_expr(&value, eval, operands->items[i], err));
        if (i + 1 == operands->n)
            break;
        CVYI_TRY(cvyi_py_eval_truth(&truth, eval, &value, err));
        if (truth == any)
            break;
    }
    *out = value;
    return CVY_OK;
}

static cvy_status bin_op(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_node *node, cvy_error *err)
{
    const cvyi_py_list *const operands = &node->operation.operands;
    cvyi_py_value a, b;

    CVYI_TRY(cvyi_py_expr(&a, eval, operands->items[0], err));
    CVYI_TRY(cvyi_py_expr(&b, eval, operands->items[1], err));
    eval->frame->line = node->line;
    return cvyi_py_binary(out, eval, node->operation.op, &a, &b, err);
}

static cvy_status unary_op(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value value;

    CVYI_TRY(
        cvyi_py_expr(&value, eval, node->operation.operands.items[0], err));
    return cvyi_py_unary(out, eval, node->operation.op, &value, err);
}

static cvy_status compare(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_node *node, cvy_error *err)
{
    const int n = node->compare.comparators.n;
    cvyi_py_value a, b, answer = cvyi_py_bool(true);
    bool truth;

    CVYI_TRY(cvyi_py_expr(&a, eval, node->compare.left, err));
    for (int i = 0; i < n; i++) {
        CVYI_TRY(
            cvyi_py_expr(&b, eval, node->compare.comparators.items[i], err));
        eval->frame->line = node->line;
        CVYI_TRY(
            cvyi_py_compare(&answer, eval, node->compare.ops[i], &a, &b, err));
        if (i + 1 == n)
            break;
        CVYI_TRY(cvyi_py_eval_truth(&truth, eval, &answer, err));
        if (!truth)
            break;
        a = b;
    }
    *out = answer;
    return CVY_OK;
}

static cvy_status if_exp(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value test;
    bool truth;

    CVYI_TRY(cvyi_py_expr(&test, eval, node->choice.test, err));
    CVYI_TRY(cvyi_py_eval_truth(&truth, eval, &test, err));
    return cvyi_py_expr(out, eval,
                        truth ? node->choice.body : node->choice.orelse, err);
}

static cvy_status named(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value value;

    if (node->named.target->kind != CVYI_PY_NAME)
        return cvyi_py_refuse(eval, err, "this form cannot be assigned to");
    CVYI_TRY(cvyi_py_expr(&value, eval, node->named.value, err));
    CVYI_TRY(
        cvyi_py_store_walrus(eval, node->named.target->name, &value, err));
    *out = value;
    return CVY_OK;
}

/* ---- constants and names ---- */

static cvy_status plain_constant(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_value *value, cvy_error *err)
{
    switch (value->kind) {
    case CVYI_NONE:
        *out = cvyi_py_none();
        return CVY_OK;
    case CVYI_BOOL:
        *out = cvyi_py_bool(value->truth);
        return CVY_OK;
    case CVYI_INT:
        *out = cvyi_py_int(value->integer);
        return CVY_OK;
    case CVYI_FLOAT:
        *out = cvyi_py_float(value->real);
        return CVY_OK;
    case CVYI_TEXT:
        *out = cvyi_py_text_value(value->text);
        return CVY_OK;
    default:
        return cvyi_py_refuse(eval, err, "a constant of an unknown kind");
    }
}

static cvy_status constant(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_node *node, cvy_error *err)
{
    switch (node->constant.kind) {
    case CVYI_PY_PLAIN:
        return plain_constant(out, eval, &node->constant.value, err);
    case CVYI_PY_ELLIPSIS:
        *out = cvyi_py_ellipsis();
        return CVY_OK;
    case CVYI_PY_BIG_INT:
        return cvyi_py_refuse(eval, err, "an int outgrows 64 bits");
    case CVYI_PY_BYTES:
        return cvyi_py_refuse(eval, err, "bytes are not evaluated");
    default:
        return cvyi_py_refuse(eval, err, "a complex number");
    }
}

static cvy_status name(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_node *node, cvy_error *err)
{
    return cvyi_py_load(out, eval, node->name, err);
}

/* ---- displays ---- */

cvy_status cvyi_py_exprs(cvyi_py_seq *out, cvyi_py_eval *eval,
                         const cvyi_py_list *list, cvy_error *err)
{
    cvyi_py_seq made = { .capacity = list->n };
    cvyi_py_value value;

    CVYI_PY_NEW(made.items, eval, list->n, err);
    for (int i = 0; i < list->n; i++) {
        const cvyi_py_node *const item = list->items[i];
        const cvyi_py_seq *spread;

        if (item->kind != CVYI_PY_STARRED) {
            CVYI_TRY(cvyi_py_expr(&value, eval, item, err));
            CVYI_TRY(cvyi_py_seq_add(eval, &made, &value, err));
            continue;
        }
        CVYI_TRY(cvyi_py_expr(&value, eval, item->value, err));
        CVYI_TRY(cvyi_py_elements(&spread, eval, &value, true, err));
        CVYI_TRY(cvyi_py_tick(eval, spread->n / 16, err));
        for (int j = 0; j < spread->n; j++)
            CVYI_TRY(cvyi_py_seq_add(eval, &made, &spread->items[j], err));
    }
    *out = made;
    return CVY_OK;
}

static cvy_status display(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value made = { .type = node->kind == CVYI_PY_LIST
                                       ? CVYI_PY_V_LIST
                                       : CVYI_PY_V_TUPLE };
    cvyi_py_seq items;

    CVYI_TRY(cvyi_py_exprs(&items, eval, &node->list, err));
    if (node->kind == CVYI_PY_SET)
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_SET, items.items, items.n,
                                err);
    CVYI_PY_NEW(made.seq, eval, 1, err);
    *made.seq = items;
    *out = made;
    return CVY_OK;
}

static cvy_status spread_dict(cvyi_py_eval *eval, cvyi_py_value *dict,
                              const cvyi_py_value *more, cvy_error *err)
{
    if (cvyi_py_opaque(more) != NULL)
        return cvyi_py_refuse_opaque(eval, more, err);
    if (more->type != CVYI_PY_V_DICT)
        return cvyi_py_refuse(eval, err, "%s is spread into a dict",
                              cvyi_py_describe(eval, more));
    for (int i = 0; i < more->map->n; i++)
        CVYI_TRY(cvyi_py_dict_set(eval, dict, &more->map->keys[i],
                                  &more->map->values[i], err));
    return CVY_OK;
}

static cvy_status dict(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value made, key, value;

    CVYI_TRY(cvyi_py_make_dict(&made, eval, err));
    for (int i = 0; i < node->dict.values.n; i++) {
        const cvyi_py_node *const k = node->dict.keys.items[i];

        if (k != NULL)
            CVYI_TRY(cvyi_py_expr(&key, eval, k, err));
        CVYI_TRY(cvyi_py_expr(&value, eval, node->dict.values.items[i], err));
        CVYI_TRY(k == NULL ? spread_dict(eval, &made, &value, err)
                           : cvyi_py_dict_set(eval, &made, &key, &value, err));
    }
    *out = made;
    return CVY_OK;
}

/* ---- formatted texts ---- */

static cvy_status put_formatted(cvyi_text *text, cvyi_py_eval *eval,
                                const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value value, spec = cvyi_py_text_value("");
    cvyi_text made = { 0 };
    cvy_status status;

    CVYI_TRY(cvyi_py_expr(&value, eval, node->formatted.value, err));
    if (node->formatted.format != NULL)
        CVYI_TRY(cvyi_py_expr(&spec, eval, node->formatted.format, err));
    if (spec.type != CVYI_PY_V_TEXT || node->formatted.conversion == 'a')
        return cvyi_py_refuse(eval, err, "this form of formatted text");
    if (node->formatted.conversion > 0) {
        status = node->formatted.conversion == 'r'
                     ? cvyi_py_put_repr(&made, eval, &value, err)
                     : cvyi_py_put_str(&made, eval, &value, err);
        if (status != CVY_OK) {
            cvyi_text_close(&made);
            return status;
        }
        CVYI_TRY(cvyi_py_make_gathered(&value, eval, &made, err));
    }
    return cvyi_py_put_format(text, eval, &value, spec.text, err);
}

static cvy_status put_part(cvyi_text *text, cvyi_py_eval *eval,
                           const cvyi_py_node *part, cvy_error *err)
{
    cvyi_py_value value;

    if (part->kind == CVYI_PY_FORMATTED)
        return put_formatted(text, eval, part, err);
    CVYI_TRY(cvyi_py_expr(&value, eval, part, err));
    return cvyi_py_put_str(text, eval, &value, err);
}

static cvy_status joined_str(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_node *node, cvy_error *err)
{
    cvyi_text text = { 0 };

    for (int i = 0; i < node->list.n; i++) {
        const cvy_status status =
            put_part(&text, eval, node->list.items[i], err);

        if (status != CVY_OK) {
            cvyi_text_close(&text);
            return status;
        }
    }
    return cvyi_py_make_gathered(out, eval, &text, err);
}

static cvy_status formatted(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err)
{
    cvyi_text text = { 0 };
    const cvy_status status = put_formatted(&text, eval, node, err);

    if (status != CVY_OK) {
        cvyi_text_close(&text);
        return status;
    }
    return cvyi_py_make_gathered(out, eval, &text, err);
}

/* ---- parts of values ---- */

static cvy_status attribute(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value value;

    CVYI_TRY(cvyi_py_expr(&value, eval, node->attribute.value, err));
    eval->frame->line = node->line;
    return cvyi_py_eval_get(out, eval, &value, node->attribute.attr, err);
}

static cvy_status subscript(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_value value, index;

    CVYI_TRY(cvyi_py_expr(&value, eval, node->subscript.value, err));
    CVYI_TRY(cvyi_py_expr(&index, eval, node->subscript.index, err));
    eval->frame->line = node->line;
    return cvyi_py_get_item(out, eval, &value, &index, err);
}

static cvy_status slice(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_node *node, cvy_error *err)
{
    const cvyi_py_node *const nodes[] = { node->slice.lower, node->slice.upper,
                                          node->slice.step };
    cvyi_py_value parts[3] = { cvyi_py_none(), cvyi_py_none(),
                               cvyi_py_none() };

    for (int i = 0; i < 3; i++)
        if (nodes[i] != NULL)
            CVYI_TRY(cvyi_py_expr(&parts[i], eval, nodes[i], err));
    return cvyi_py_make_range(out, eval, CVYI_PY_V_SLICE, parts, err);
}

/* ---- all of them ---- */

static expr_fn *const kinds[] = {
    [CVYI_PY_BOOL_OP] = bool_op,
    [CVYI_PY_BIN_OP] = bin_op,
    [CVYI_PY_UNARY_OP] = unary_op,
    [CVYI_PY_COMPARE] = compare,
    [CVYI_PY_NAMED_EXPR] = named,
    [CVYI_PY_LAMBDA] = cvyi_py_make_function,
    [CVYI_PY_IF_EXP] = if_exp,
    [CVYI_PY_DICT] = dict,
    [CVYI_PY_SET] = display,
    [CVYI_PY_LIST] = display,
    [CVYI_PY_TUPLE] = display,
    [CVYI_PY_LIST_COMP] = cvyi_py_comprehension,
    [CVYI_PY_SET_COMP] = cvyi_py_comprehension,
    [CVYI_PY_GENERATOR_EXP] = cvyi_py_comprehension,
    [CVYI_PY_DICT_COMP] = cvyi_py_comprehension,
    [CVYI_PY_CALL] = cvyi_py_call_expr,
    [CVYI_PY_CONSTANT] = constant,
    [CVYI_PY_JOINED_STR] = joined_str,
    [CVYI_PY_FORMATTED] = formatted,
    [CVYI_PY_ATTRIBUTE] = attribute,
    [CVYI_PY_SUBSCRIPT] = subscript,
    [CVYI_PY_NAME] = name,
    [CVYI_PY_SLICE] = slice,
    [CVYI_PY_OTHER] = NULL,
};

cvy_status cvyi_py_expr(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_node *node, cvy_error *err)
{
    cvy_status status;

    eval->frame->line = node->line;
    CVYI_TRY(cvyi_py_enter(eval, err));
    status = cvyi_py_tick(eval, 1, err);
    if (status == CVY_OK)
        status =
            kinds[node->kind] != NULL
                ? kinds[node->kind](out, eval, node, err)
                : cvyi_py_refuse(eval, err, "%s is not evaluated here",
                                 node->kind == CVYI_PY_OTHER ? node->name
                                                             : "this form");
    eval->nesting--;
    return cvyi_py_forgive_value(out, eval, status, err);
}
