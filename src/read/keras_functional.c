/*
 * read/keras_functional.c - a Functional model of Keras 3.
 *
 * config: { "layers": [...], "input_layers": TREE, "output_layers": TREE }
 *
 * A leaf of a TREE is [layer, node, index]; around leaves stand lists and
 * dicts as the user had them. One tensor is [leaf] up to Keras 3.10 and a bare
 * leaf from 3.12 on; a list of one leaf is read as a single tensor, which is
 * what Keras makes of it too.
 *
 * Layers may stand in any order. They are walked depth first along their
 * inputs, so a file in the order of its calls keeps that order.
 */
#include "read/keras.h"

#include <string.h>

enum { DEPTH_MOST = 32 };

/* ---- trees ---- */

typedef struct planting {
    cvyi_keras *k;
    bool inputs;
    const char *where;
} planting;

static bool is_leaf(const cvyi_value *value)
{
    return value->kind == CVYI_LIST && value->n == 3 &&
           value->items[0].kind == CVYI_TEXT;
}

/* The layer that a leaf names. An inner Functional counts its calls from 1
 * here, but inner models are refused, and so is their node. */
static cvy_status leaf_layer(int *out, const planting *p,
                             const cvyi_value *leaf, cvy_error *err)
{
    const int at = cvyi_keras_find(p->k, leaf->items[0].text);
    int64_t node, index;

    if (at < 0)
        return cvyi_fail_in(err, CVY_FORMAT, p->where,
                            "it names a layer that does not exist");

    const cvyi_keras_layer *const layer = &p->k->layers[at];
    const int least = layer->role == CVYI_KERAS_MODEL ? 1 : 0;

    if (p->inputs && layer->role != CVYI_KERAS_INPUT)
        return cvyi_fail_in(err, CVY_FORMAT, p->where, "%s is no input layer",
                            layer->name);
    if (!cvyi_as_int(&node, &leaf->items[1]) || node < 0 ||
        node >= layer->n_nodes + least)
        return cvyi_fail_in(err, CVY_FORMAT, p->where, "%s has no such call",
                            layer->name);
    if (!cvyi_as_int(&index, &leaf->items[2]) || index < 0 ||
        (index > 0 &&
         (layer->role == CVYI_KERAS_LAYER || layer->role == CVYI_KERAS_INPUT)))
        return cvyi_fail_in(err, CVY_FORMAT, p->where, "%s has no such output",
                            layer->name);
    *out = at;
    return CVY_OK;
}

static cvy_status plant_leaf(cvyi_tree *out, planting *p,
                             const cvyi_value *leaf, cvy_error *err)
{
    cvyi_keras_layer *layer;
    int at;

    CVYI_TRY(leaf_layer(&at, p, leaf, err));
    layer = &p->k->layers[at];
    if (p->inputs && layer->value.typed)
        return cvyi_fail_in(err, CVY_FORMAT, p->where, "%s is listed twice",
                            layer->name);
    if (p->inputs)
        CVYI_TRY(cvyi_keras_feed(layer, p->k,
                                 cvyi_get(layer->config, "batch_shape"), err));
    else
        layer->used = true;
    *out =
        (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = layer->value.result };
    return CVY_OK;
}

static cvy_status plant(cvyi_tree *out, planting *p, const cvyi_value *value,
                        int depth, cvy_error *err)
{
    cvyi_arena *const arena = &p->k->graph->arena;

    if (is_leaf(value))
        return plant_leaf(out, p, value, err);
    if (depth == DEPTH_MOST)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, p->where,
                            "more than %d levels", DEPTH_MOST);
    if ((value->kind != CVYI_LIST && value->kind != CVYI_DICT) ||
        value->n == 0)
        return cvyi_fail_in(err, CVY_FORMAT, p->where,
                            "expected [layer, node, index], or a list or a "
                            "dict of such");

    cvyi_tree *const items =
        cvyi_arena_alloc(arena, (size_t)value->n, sizeof *items);
    const char **const keys =
        cvyi_arena_alloc(arena, (size_t)value->n, sizeof *keys);

    if (items == NULL || keys == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < value->n; i++) {
        CVYI_TRY(plant(&items[i], p, &value->items[i], depth + 1, err));
        if (value->kind == CVYI_DICT)
            keys[i] =
                cvyi_arena_text(arena, value->keys[i], strlen(value->keys[i]));
        if (value->kind == CVYI_DICT && keys[i] == NULL)
            return cvyi_no_memory(err);
    }
    *out = (cvyi_tree){ .kind = value->kind == CVYI_DICT ? CVYI_TREE_DICT
                                                         : CVYI_TREE_LIST,
                        .n = value->n,
                        .items = items,
                        .keys = value->kind == CVYI_DICT ? keys : NULL };
    return CVY_OK;
}

static cvy_status plant_tree(cvyi_tree *out, cvyi_keras *k,
                             const cvyi_value *config, bool inputs,
                             cvy_error *err)
{
    const char *const key = inputs ? "input_layers" : "output_layers";
    planting p = { .k = k,
                   .inputs = inputs,
                   .where = inputs ? "config.json: input_layers"
                                   : "config.json: output_layers" };
    const cvyi_value *value = cvyi_get(config, key);

    if (value == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, "config.json",
                            "the model does not list its %s", key);
    if (value->kind == CVYI_LIST && value->n == 1 && is_leaf(&value->items[0]))
        value = &value->items[0];
    return plant(out, &p, value, 0, err);
}

static cvy_status check_inputs(const cvyi_keras *k, cvy_error *err)
{
    for (int i = 0; i < k->n_layers; i++)
        if (k->layers[i].role == CVYI_KERAS_INPUT && !k->layers[i].value.typed)
            return cvyi_fail_in(err, CVY_FORMAT, k->layers[i].where,
                                "an input that input_layers does not list");
    return CVY_OK;
}

/* ---- the order of calls ---- */

typedef struct visit {
    int layer, next; /* edge to look at next */
} visit;

typedef struct walk {
    const cvyi_keras *k;
    unsigned char *state; /* 0 new, 1 on the path, 2 done */
    visit *path;
    int depth;
    int *order;
    int n;
} walk;

static cvy_status walk_from(walk *w, int start, cvy_error *err)
{
    if (w->state[start] == 2)
        return CVY_OK;
    w->path[w->depth++] = (visit){ start, 0 };
    w->state[start] = 1;
    while (w->depth > 0) {
        visit *const top = &w->path[w->depth - 1];
        const cvyi_keras_layer *const layer = &w->k->layers[top->layer];

        if (top->next == layer->n_edges) {
            w->state[top->layer] = 2;
            w->order[w->n++] = top->layer;
            w->depth--;
            continue;
        }

        const int from = layer->edges[top->next++].layer;

        if (w->state[from] == 1)
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "the layers feed each other in a circle: %s "
                                "and %s are on it",
                                layer->name, w->k->layers[from].name);
        if (w->state[from] == 0) {
            w->path[w->depth++] = (visit){ from, 0 };
            w->state[from] = 1;
        }
    }
    return CVY_OK;
}

static cvy_status order_layers(const int **out, cvyi_keras *k, cvy_error *err)
{
    const size_t n = (size_t)k->n_layers;
    walk w = { .k = k,
               .state = cvyi_arena_alloc(k->arena, n, 1),
               .path = cvyi_arena_alloc(k->arena, n, sizeof *w.path),
               .order = cvyi_arena_alloc(k->arena, n, sizeof *w.order) };

    if (w.state == NULL || w.path == NULL || w.order == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < k->n_layers; i++)
        CVYI_TRY(walk_from(&w, i, err));
    *out = w.order;
    return CVY_OK;
}

/* ---- calls ---- */

static cvy_status call_layer(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvy_error *err)
{
    cvyi_keras_value *const in =
        cvyi_arena_alloc(k->arena, (size_t)layer->n_edges + 1, sizeof *in);

    if (in == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < layer->n_edges; i++) {
        const cvyi_keras_edge *const edge = &layer->edges[i];

        in[i] = k->layers[edge->layer].value;
        if (!in[i].typed)
            in[i] = cvyi_keras_recorded(k, edge->shape);
        else if (!cvyi_keras_agrees(edge->shape, &in[i].type))
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "the shape recorded for what %s gives is not "
                                "the one it has",
                                k->layers[edge->layer].name);
    }
    return cvyi_keras_call(k, layer, in, layer->n_edges, err);
}

/* Keras writes no layer that feeds no output. */
static cvy_status check_used(const cvyi_keras *k, cvy_error *err)
{
    for (int i = 0; i < k->n_layers; i++)
        if (!k->layers[i].used && k->layers[i].role != CVYI_KERAS_INPUT)
            return cvyi_fail_in(err, CVY_FORMAT, k->layers[i].where,
                                "nothing uses what the layer %s gives",
                                k->layers[i].name);
    return CVY_OK;
}

cvy_status cvyi_keras_functional(cvyi_keras *k, const cvyi_value *config,
                                 cvy_error *err)
{
    const int *order;

    CVYI_TRY(cvyi_keras_nodes(k, err));
    CVYI_TRY(plant_tree(&k->graph->input_tree, k, config, true, err));
    CVYI_TRY(check_inputs(k, err));
    CVYI_TRY(order_layers(&order, k, err));
    for (int i = 0; i < k->n_layers; i++)
        if (k->layers[order[i]].role != CVYI_KERAS_INPUT)
            CVYI_TRY(call_layer(k, &k->layers[order[i]], err));
    CVYI_TRY(plant_tree(&k->graph->output_tree, k, config, false, err));
    return check_used(k, err);
}
