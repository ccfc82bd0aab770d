/* graph/check.c - the laws of a whole graph. */
#include "graph/graph.h"

#include "graph/rules.h"

#include <stdio.h>
#include <string.h>

enum { MAX_TREE_DEPTH = 64 };

cvy_status cvyi_module_check(const cvyi_graph *graph, int index,
                             cvy_error *err)
{
    const cvyi_module *const m = &graph->modules[index];

    if (m->name == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "module %d has no name", index);
    if (m->kind < CVYI_MODULE_MODEL || m->kind > CVYI_MODULE_LAYER)
        return cvyi_fail_in(err, CVY_ARGUMENT, m->name,
                            "module %d is of no kind", index);
    if (index == 0 ? m->parent != -1 : m->parent < 0 || m->parent >= index)
        return cvyi_fail_in(err, CVY_ARGUMENT, m->name,
                            "module %d cannot be inside module %d", index,
                            m->parent);
    for (int i = 0; i < m->n_comments; i++)
        if (m->comments[i] == NULL)
            return cvyi_fail_in(err, CVY_ARGUMENT, m->name,
                                "a comment of module %d is missing", index);
    return CVY_OK;
}

cvy_status cvyi_visit_check(const cvyi_graph *graph, const cvyi_visit *visit,
                            int index, cvy_error *err)
{
    const int m = visit->module;

    if (m < 0 || m >= graph->n_modules || cvyi_module_home(graph, m) != m)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "visit %d is of module %d, which holds none", index,
                         m);
    if (index == 0 ? visit->parent != -1 || m != 0
                   : visit->parent < 0 || visit->parent >= index || m == 0)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "visit %d cannot be inside visit %d", index,
                         visit->parent);
    if (index > 0 && cvyi_module_home(graph, graph->modules[m].parent) !=
                         graph->visits[visit->parent].module)
        return cvyi_fail_in(err, CVY_ARGUMENT, graph->modules[m].name,
                            "visit %d is inside a visit of another module "
                            "than the one around it",
                            index);
    return CVY_OK;
}

static cvy_status check_visits(const cvyi_graph *graph, cvy_error *err)
{
    for (int i = 0; i < graph->n_visits; i++) {
        const cvyi_visit *const v = &graph->visits[i];

        CVYI_TRY(cvyi_visit_check(graph, v, i, err));
        for (int k = 0; k < v->n_in + v->n_out; k++) {
            const int r = k < v->n_in ? v->in[k] : v->out[k - v->n_in];

            if (r < 0 || r >= graph->n_results)
                return cvyi_fail(err, CVY_ARGUMENT, "visit %d names %%%d", i,
                                 r);
        }
    }
    return CVY_OK;
}

static cvy_status check_modules(const cvyi_graph *graph, cvy_error *err)
{
    if (graph->n_modules == 0)
        return cvyi_fail(err, CVY_ARGUMENT, "the outline is empty");
    for (int i = 0; i < graph->n_modules; i++)
        CVYI_TRY(cvyi_module_check(graph, i, err));
    return CVY_OK;
}

static cvy_status check_params(const cvyi_graph *graph, cvy_error *err)
{
    for (int i = 0; i < graph->n_params; i++)
        CVYI_TRY(cvyi_param_check(&graph->params[i], err));
    return CVY_OK;
}

/* ---- results ---- */

cvy_status cvyi_type_check(const cvyi_graph *graph, const cvyi_type *type,
                           cvy_error *err)
{
    if (type->rank < 1 || type->rank > CVYI_MAX_DIMS)
        return cvyi_fail(err, CVY_SHAPE, "a value of %d axes", type->rank);
    if (type->dtype < CVY_F32 || type->dtype > CVY_BOOL)
        return cvyi_fail(err, CVY_ARGUMENT, "a value of no element type");
    for (int i = 0; i < type->rank; i++) {
        cvyi_size size = type->dims[i];

        if (size == NULL)
            return cvyi_fail(err, CVY_SHAPE, "axis %d has no size", i);
        size = cvyi_size_import((cvyi_sizes *)&graph->sizes, size);
        if (size == NULL)
            return cvyi_no_memory(err);
        if (size != type->dims[i])
            return cvyi_fail(err, CVY_ARGUMENT,
                             "the size of axis %d is of another graph", i);
    }
    return CVY_OK;
}

/* Blocks cover the features: the last axis of the source, wherever it stands
 * here. */
static cvy_status check_arrangement(const cvyi_result *r, cvy_error *err)
{
    const cvyi_arrangement *const a = &r->arrangement;
    int back[CVYI_MAX_DIMS] = { 0 };
    int64_t features, have;

    if (a->moved && r->type.rank < 2)
        return cvyi_fail(err, CVY_ARGUMENT, "an only axis cannot have moved");
    if (a->n_blocks == 0)
        return CVY_OK;
    CVYI_TRY(cvyi_blocks_check(&features, a->blocks, a->n_blocks, err));
    cvyi_moved_back(a->moved, r->type.rank, back);
    if (cvyi_size_constant(&have, r->type.dims[back[r->type.rank - 1]]) &&
        have != features)
        return cvyi_fail(err, CVY_SHAPE,
                         "blocks of %lld features over an axis of %lld",
                         (long long)features, (long long)have);
    return CVY_OK;
}

static cvy_status check_result(const cvyi_graph *graph, int i, cvy_error *err)
{
    const cvyi_result *const r = &graph->results[i];
    const bool input = r->call == -1;
    const bool known = input ? r->index >= 0 && r->index < graph->n_inputs &&
                                   graph->inputs[r->index] == i
                             : r->call >= 0 && r->call < graph->n_calls &&
                                   r->index >= 0 &&
                                   r->index < graph->calls[r->call].n_out &&
                                   graph->calls[r->call].out[r->index] == i;

    if (!known)
        return cvyi_fail(err, CVY_ARGUMENT, "nothing makes it");
    if (r->origin < -1)
        return cvyi_fail(err, CVY_ARGUMENT, "its origin is %d", r->origin);
    CVYI_TRY(cvyi_type_check(graph, &r->type, err));
    return check_arrangement(r, err);
}

static cvy_status check_results(const cvyi_graph *graph, cvy_error *err)
{
    for (int i = 0; i < graph->n_inputs; i++) {
        const int r = graph->inputs[i];

        if (r < 0 || r >= graph->n_results || graph->results[r].call != -1)
            return cvyi_fail(err, CVY_ARGUMENT,
                             "input %d is %%%d, which is none", i, r);
    }
    for (int i = 0; i < graph->n_results; i++) {
        const cvy_status status = check_result(graph, i, err);
        char name[24];

        snprintf(name, sizeof name, "%%%d", i);
        if (status != CVY_OK)
            return cvyi_located(err, status, name);
    }
    return CVY_OK;
}

static cvy_status check_calls(const cvyi_graph *graph, cvy_error *err)
{
    for (int i = 0; i < graph->n_calls; i++)
        CVYI_TRY(cvyi_call_check(graph, i, err));
    return CVY_OK;
}

/* ---- trees ---- */

static cvy_status check_keys(const cvyi_tree *tree, cvy_error *err)
{
    for (int i = 0; i < tree->n; i++) {
        if (tree->keys[i] == NULL)
            return cvyi_fail(err, CVY_ARGUMENT, "a dict without a key");
        for (int k = 0; k < i; k++)
            if (strcmp(tree->keys[i], tree->keys[k]) == 0)
                return cvyi_fail(err, CVY_ARGUMENT, "a dict with %s twice",
                                 tree->keys[i]);
    }
    return CVY_OK;
}

static cvy_status check_tree(const cvyi_graph *graph, const cvyi_tree *tree,
                             bool inputs, int depth, cvy_error *err)
{
    if (tree->kind == CVYI_TREE_SINGLE) {
        const int r = tree->result;

        if (r < 0 || r >= graph->n_results ||
            (inputs && graph->results[r].call != -1))
            return cvyi_fail(err, CVY_ARGUMENT, "the tree of %s names %%%d",
                             inputs ? "inputs" : "outputs", r);
        return CVY_OK;
    }
    if ((tree->kind != CVYI_TREE_LIST && tree->kind != CVYI_TREE_DICT) ||
        tree->n < 0 || depth == MAX_TREE_DEPTH)
        return cvyi_fail(err, CVY_ARGUMENT, "the tree of %s is broken",
                         inputs ? "inputs" : "outputs");
    if (tree->kind == CVYI_TREE_DICT)
        CVYI_TRY(check_keys(tree, err));
    for (int i = 0; i < tree->n; i++)
        CVYI_TRY(check_tree(graph, &tree->items[i], inputs, depth + 1, err));
    return CVY_OK;
}

static bool has_leaf(const cvyi_tree *tree, int result)
{
    bool found = tree->kind == CVYI_TREE_SINGLE && tree->result == result;

    for (int i = 0; tree->kind != CVYI_TREE_SINGLE && i < tree->n; i++)
        found = found || has_leaf(&tree->items[i], result);
    return found;
}

static cvy_status check_trees(const cvyi_graph *graph, cvy_error *err)
{
    CVYI_TRY(check_tree(graph, &graph->input_tree, true, 0, err));
    CVYI_TRY(check_tree(graph, &graph->output_tree, false, 0, err));
    for (int i = 0; i < graph->n_inputs; i++)
        if (!has_leaf(&graph->input_tree, graph->inputs[i]))
            return cvyi_fail(err, CVY_ARGUMENT,
                             "the tree of inputs lacks %%%d",
                             graph->inputs[i]);
    return CVY_OK;
}

cvy_status cvyi_graph_check(const cvyi_graph *graph, cvy_error *err)
{
    if (graph->name == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the model has no name");
    CVYI_TRY(check_modules(graph, err));
    CVYI_TRY(check_visits(graph, err));
    CVYI_TRY(check_params(graph, err));
    CVYI_TRY(check_results(graph, err));
    CVYI_TRY(check_calls(graph, err));
    return check_trees(graph, err);
}
