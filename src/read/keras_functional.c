/*
 * read/keras_functional.c - what goes into and comes out of a Functional
 * model of Keras 3, and in which order it computes.
 *
 * config: { "layers": [...], "input_layers": TREE, "output_layers": TREE }
 *
 * A leaf of a TREE is [layer, node, index]; around leaves stand lists and
 * dicts as the user had them. One tensor is [leaf] up to Keras 3.10 and a bare
 * leaf from 3.12 on; a list of one leaf is read as a single tensor, which is
 * what Keras makes of it too.
 *
 * `node` counts the calls of the layer from 0, but those of an inner
 * Functional from 1: its first node is its own making.
 *
 * Layers may stand in any order, and a layer may be called at several depths.
 * Calls are walked depth first along their inputs, so a file in the order of
 * its calls keeps that order.
 */
#include "read/keras.h"

#include <stdlib.h>

/* ---- trees ---- */

typedef struct ends {
    cvyi_keras *k;
    cvyi_keras_model *model;
    bool inputs;
    const char *where;
    int n, capacity;
    cvyi_keras_edge *edges;
} ends;

static bool is_leaf(const cvyi_value *value)
{
    return value->kind == CVYI_LIST && value->n == 3 &&
           value->items[0].kind == CVYI_TEXT;
}

/* Calls of a class of somebody's own may count either way. */
static cvy_status leaf_node(int *out, const ends *e,
                            const cvyi_keras_layer *layer,
                            const cvyi_value *value, cvy_error *err)
{
    const bool from_1 = layer->inner != NULL && !layer->inner->sequential;
    int64_t node;

    if (!cvyi_as_int(&node, value))
        node = -1;
    else if (from_1 && node > INT64_MIN)
        node--;
    else if (layer->role == CVYI_KERAS_CUSTOM && node == layer->n_nodes)
        node--;
    if (node < 0 || node >= layer->n_nodes)
        return cvyi_fail_in(err, CVY_FORMAT, e->where, "%s has no such call",
                            layer->name);
    *out = (int)node;
    return CVY_OK;
}

static cvy_status leaf_index(int *out, const ends *e,
                             const cvyi_keras_layer *layer, int node,
                             const cvyi_value *value, cvy_error *err)
{
    const bool operation = layer->role == CVYI_KERAS_OPERATION;
    const bool counted = !operation && layer->role != CVYI_KERAS_CUSTOM;
    bool good = true;
    int64_t index;

    if (!cvyi_as_int(&index, value))
        index = -1;
    if (operation)
        good = cvyi_keras_output(&layer->nodes[node], index);
    if (!good || index < 0 || (counted && index >= layer->nodes[0].n_out))
        return cvyi_fail_in(err, CVY_FORMAT, e->where, "%s has no such output",
                            layer->name);
    *out = layer->inner != NULL ? layer->inner->out_sorted[index]
           : operation          ? (int)index
                                : 0;
    return CVY_OK;
}

static cvy_status read_leaf(cvyi_keras_edge *out, ends *e,
                            const cvyi_value *leaf, cvy_error *err)
{
    cvyi_keras_edge edge = { .layer = cvyi_keras_find(e->model,
                                                      leaf->items[0].text) };
    cvyi_keras_layer *layer;

    if (edge.layer < 0)
        return cvyi_fail_in(err, CVY_FORMAT, e->where,
                            "it names a layer that does not exist");
    layer = &e->model->layers[edge.layer];
    if (e->inputs && layer->role != CVYI_KERAS_INPUT)
        return cvyi_fail_in(err, CVY_FORMAT, e->where, "%s is no input layer",
                            layer->name);
    CVYI_TRY(leaf_node(&edge.node, e, layer, &leaf->items[1], err));
    CVYI_TRY(
        leaf_index(&edge.index, e, layer, edge.node, &leaf->items[2], err));
    if (e->inputs && layer->listed)
        return cvyi_fail_in(err, CVY_FORMAT, e->where, "%s is listed twice",
                            layer->name);
    layer->listed = layer->listed || e->inputs;
    layer->used = layer->used || !e->inputs;
    *out = edge;
    return CVY_OK;
}

static cvy_status add_leaf(int *out, void *self, const cvyi_value *leaf,
                           cvy_error *err)
{
    ends *const e = self;
    cvyi_keras_edge *const edges = cvyi_arena_grow(
        e->k->arena, e->edges, e->n, &e->capacity, sizeof *edges);

    if (edges == NULL)
        return cvyi_no_memory(err);
    e->edges = edges;
    CVYI_TRY(read_leaf(&edges[e->n], e, leaf, err));
    *out = e->n++;
    return CVY_OK;
}

static cvy_status plant_ends(cvyi_tree *out, ends *e, cvy_error *err)
{
    const char *const key = e->inputs ? "input_layers" : "output_layers";
    const cvyi_value *value = cvyi_get(e->model->config, key);
    const cvyi_keras_planting how = { .arena = e->k->arena,
                                      .where = cvyi_keras_where(e->model, e->k,
                                                                key),
                                      .expected = "[layer, node, index]",
                                      .is_leaf = is_leaf,
                                      .leaf = add_leaf,
                                      .self = e };

    if (how.where == NULL)
        return cvyi_no_memory(err);
    if (value == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, e->model->where,
                            "the model does not list its %s", key);
    if (value->kind == CVYI_LIST && value->n == 1 && is_leaf(&value->items[0]))
        value = &value->items[0];
    e->where = how.where;
    return cvyi_keras_plant(out, &how, value, err);
}

static cvy_status plant_inputs(cvyi_keras_model *model, cvyi_keras *k,
                               cvy_error *err)
{
    ends e = { .k = k, .model = model, .inputs = true };
    int *ins;

    CVYI_TRY(plant_ends(&model->input_tree, &e, err));
    ins = cvyi_arena_alloc(k->arena, (size_t)e.n, sizeof *ins);
    if (ins == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < e.n; i++)
        ins[i] = e.edges[i].layer;
    model->ins = ins;
    model->n_in = e.n;
    for (int i = 0; i < model->n_layers; i++)
        if (model->layers[i].role == CVYI_KERAS_INPUT &&
            !model->layers[i].listed)
            return cvyi_fail_in(err, CVY_FORMAT, model->layers[i].where,
                                "an input that input_layers does not list");
    return CVY_OK;
}

/* Keras writes no layer that feeds no output. */
static cvy_status plant_outputs(cvyi_keras_model *model, cvyi_keras *k,
                                cvy_error *err)
{
    ends e = { .k = k, .model = model };

    CVYI_TRY(plant_ends(&model->output_tree, &e, err));
    model->outs = e.edges;
    model->n_out = e.n;
    for (int i = 0; i < model->n_layers; i++)
        if (!model->layers[i].used &&
            model->layers[i].role != CVYI_KERAS_INPUT)
            return cvyi_fail_in(err, CVY_FORMAT, model->layers[i].where,
                                "nothing uses what the layer %s gives",
                                model->layers[i].name);
    return CVY_OK;
}

/* ---- the order of calls ---- */

typedef struct step {
    cvyi_keras_edge call;
    int next; /* edge to look at next */
} step;

typedef struct walk {
    const cvyi_keras_model *model;
    const int *first;     /* of each layer: the number of its first call */
    unsigned char *state; /* 0 new, 1 on the path, 2 done */
    step *path;
    int depth;
    cvyi_keras_edge *order;
    int n;
} walk;

static int number_of(const walk *w, const cvyi_keras_edge *call)
{
    return w->first[call->layer] + call->node;
}

static void enter(walk *w, cvyi_keras_edge call)
{
    w->path[w->depth++] = (step){ call, 0 };
    w->state[number_of(w, &call)] = 1;
}

static cvy_status walk_from(walk *w, cvyi_keras_edge start, cvy_error *err)
{
    if (w->state[number_of(w, &start)] == 2)
        return CVY_OK;
    enter(w, start);
    while (w->depth > 0) {
        step *const top = &w->path[w->depth - 1];
        const cvyi_keras_layer *const layer =
            &w->model->layers[top->call.layer];
        const cvyi_keras_node *const node = &layer->nodes[top->call.node];

        if (top->next == node->n_edges) {
            w->state[number_of(w, &top->call)] = 2;
            w->order[w->n++] = top->call;
            w->depth--;
            continue;
        }

        const cvyi_keras_edge *const from = &node->edges[top->next++];

        if (w->state[number_of(w, from)] == 1)
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "the layers feed each other in a circle: %s "
                                "and %s are on it",
                                layer->name,
                                w->model->layers[from->layer].name);
        if (w->state[number_of(w, from)] == 0)
            enter(w, (cvyi_keras_edge){ from->layer, from->node, 0, NULL });
    }
    return CVY_OK;
}

static cvy_status walk_all(walk *w, cvy_error *err)
{
    for (int i = 0; i < w->model->n_layers; i++)
        for (int n = 0; n < w->model->layers[i].n_nodes; n++)
            CVYI_TRY(walk_from(w, (cvyi_keras_edge){ i, n, 0, NULL }, err));
    return CVY_OK;
}

static cvy_status order_calls(cvyi_keras_model *model, cvyi_keras *k,
                              cvy_error *err)
{
    int *const first =
        cvyi_arena_alloc(k->arena, (size_t)model->n_layers + 1, sizeof *first);
    walk w = { .model = model, .first = first };
    size_t n;

    if (first == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < model->n_layers; i++)
        first[i + 1] = first[i] + model->layers[i].n_nodes;
    n = (size_t)first[model->n_layers];
    w.state = cvyi_arena_alloc(k->arena, n, 1);
    w.path = cvyi_arena_alloc(k->arena, n, sizeof *w.path);
    w.order = cvyi_arena_alloc(k->arena, n, sizeof *w.order);
    if (w.state == NULL || w.path == NULL || w.order == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(walk_all(&w, err));
    model->order = w.order;
    model->n_order = w.n;
    return CVY_OK;
}

cvy_status cvyi_keras_functional(cvyi_keras_model *model, cvyi_keras *k,
                                 cvy_error *err)
{
    CVYI_TRY(cvyi_keras_nodes(model, k, err));
    CVYI_TRY(plant_inputs(model, k, err));
    CVYI_TRY(order_calls(model, k, err));
    return plant_outputs(model, k, err);
}
