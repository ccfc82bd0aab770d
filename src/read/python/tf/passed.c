/*
 * read/python/tf/passed.c - what an inference leaves out with a branch.
 *
 * `if is_training: net = tf.nn.dropout(net, 0.5)` has no dropout where the
 * script says that it does not train: the port has none either, and says so.
 */
#include "read/python/tf/host.h"

#include <string.h>

enum { DEEPEST = 8 };

/* The name in a condition that speaks of training; NULL: it does not. */
static const char *mode_of(const cvyi_py_node *test, int depth)
{
    const char *name = NULL;

    if (depth == DEEPEST)
        return NULL;
    if (test->kind == CVYI_PY_NAME)
        name = test->name;
    else if (test->kind == CVYI_PY_ATTRIBUTE)
        name = test->attribute.attr;
    if (name != NULL)
        return strstr(name, "train") != NULL || strstr(name, "dropout") != NULL
                   ? name
                   : NULL;
    if (test->kind == CVYI_PY_COMPARE)
        return mode_of(test->compare.left, depth + 1);
    if (test->kind != CVYI_PY_BOOL_OP && test->kind != CVYI_PY_UNARY_OP)
        return NULL;
    for (int i = 0; name == NULL && i < test->operation.operands.n; i++)
        name = mode_of(test->operation.operands.items[i], depth + 1);
    return name;
}

/* "dropout" of tf.nn.dropout(…), "Dropout" of Dropout(0.5)(x); NULL. */
static const char *dropout_of(const cvyi_py_node *node)
{
    const cvyi_py_node *const f =
        node->kind == CVYI_PY_CALL ? node->call.func : NULL;
    const char *const name = f == NULL                      ? NULL
                             : f->kind == CVYI_PY_NAME      ? f->name
                             : f->kind == CVYI_PY_ATTRIBUTE ? f->attribute.attr
                                                            : NULL;

    return name != NULL &&
                   (strcmp(name, "dropout") == 0 || strstr(name, "Dropout"))
               ? name
               : NULL;
}

cvy_status cvyi_tf_passed(cvyi_py_eval *eval, const cvyi_py_node *node,
                          const cvyi_py_list *body, cvy_error *err)
{
    const cvyi_py_tree *const tree = cvyi_py_tree_now(eval);
    const char *const mode = mode_of(node->loop.test, 0);
    const int first = body->items[0]->line;
    const int last = body->items[body->n - 1]->end_line;

    if (mode == NULL || tree == NULL)
        return CVY_OK;
    for (int i = 0; i < tree->n_nodes; i++) {
        const cvyi_py_node *const one = tree->nodes[i];
        const char *const name =
            one->line >= first && one->line <= last ? dropout_of(one) : NULL;
        const char *spot;

        if (name == NULL)
            continue;
        spot = cvyi_tf_spot(cvyi_tf_of(eval), tree->name, one->line);
        if (spot == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(cvyi_tf_remark(eval, err,
                                "%s of %s is left out: %s says that it does "
                                "not run",
                                name, spot, mode));
    }
    return CVY_OK;
}
