/*
 * read/keras_nodes.c - how the layers of a Functional are called.
 *
 * A layer's `inbound_nodes` has one { "args", "kwargs" } for each call. A
 * tensor in it is
 *
 *   { "class_name": "__keras_tensor__",
 *     "config": { "shape", "dtype", "keras_history": [layer, node, index] } }
 *
 * A layer that is called once, on one tensor or on one list of tensors, is
 * read. Other arguments pass only where they say nothing.
 */
#include "read/keras.h"

#include <string.h>

typedef struct gather {
    cvyi_keras *k;
    cvyi_keras_layer *layer;
    cvyi_keras_edge *edges;
    int n, capacity;
} gather;

static bool is_tensor(const cvyi_value *value)
{
    return cvyi_is_text(cvyi_get(value, "class_name"), "__keras_tensor__");
}

static cvy_status add_edge(gather *g, const cvyi_value *tensor, cvy_error *err)
{
    const cvyi_value *const config = cvyi_get(tensor, "config");
    const cvyi_value *const history = cvyi_get(config, "keras_history");
    cvyi_keras_edge edge = { .shape = cvyi_get(config, "shape") };
    const char *name;

    if (history == NULL || history->kind != CVYI_LIST || history->n != 3 ||
        !cvyi_as_int(&edge.node, &history->items[1]) ||
        !cvyi_as_int(&edge.index, &history->items[2]))
        return cvyi_fail_in(err, CVY_FORMAT, g->layer->where,
                            "a tensor needs a keras_history of layer, node "
                            "and index");
    name = cvyi_as_text(&history->items[0]);
    edge.layer = name != NULL ? cvyi_keras_find(g->k, name) : -1;
    if (edge.layer < 0)
        return cvyi_fail_in(err, CVY_FORMAT, g->layer->where,
                            "it is called on a layer that does not exist");

    cvyi_keras_edge *const edges = cvyi_arena_grow(
        g->k->arena, g->edges, g->n, &g->capacity, sizeof *edges);

    if (edges == NULL)
        return cvyi_no_memory(err);
    g->edges = edges;
    edges[g->n++] = edge;
    return CVY_OK;
}

/* Every tensor inside, in order. JSON bounds the depth. */
static cvy_status gather_tensors(gather *g, const cvyi_value *value,
                                 cvy_error *err)
{
    if (value == NULL)
        return CVY_OK;
    if (is_tensor(value))
        return add_edge(g, value, err);
    if (value->kind == CVYI_LIST || value->kind == CVYI_DICT)
        for (int i = 0; i < value->n; i++)
            CVYI_TRY(gather_tensors(g, &value->items[i], err));
    return CVY_OK;
}

/* ---- what a call may look like ---- */

static cvy_status refuse_argument(gather *g, const char *name,
                                  const char *reason, const char *advice,
                                  cvy_error *err)
{
    return cvyi_keras_refuse(
        g->k, g->layer,
        (cvyi_refusal){ CVYI_NOT_SUPPORTED, name, reason, advice }, err);
}

static bool says_nothing(const cvyi_value *value)
{
    bool truth;

    return cvyi_is_none(value) || (cvyi_as_bool(&truth, value) && !truth);
}

static cvy_status check_args(gather *g, const cvyi_value *args, cvy_error *err)
{
    const cvyi_value *const first = &args->items[0];
    bool plain = args->n > 0 && is_tensor(first);

    if (args->n > 0 && first->kind == CVYI_LIST && first->n > 0) {
        plain = true;
        for (int i = 0; i < first->n; i++)
            plain = plain && is_tensor(&first->items[i]);
    }
    for (int i = 1; i < args->n; i++)
        plain = plain && says_nothing(&args->items[i]);
    if (plain)
        return CVY_OK;
    return refuse_argument(g, "args",
                           "only a call on one tensor or one list of tensors "
                           "is read",
                           "call the layer on tensors alone", err);
}

static cvy_status check_kwargs(gather *g, const cvyi_value *kwargs,
                               cvy_error *err)
{
    for (int i = 0; i < kwargs->n; i++) {
        const char *const name = kwargs->keys[i];
        const cvyi_value *const value = &kwargs->items[i];

        if (cvyi_is_none(value))
            continue;
        if (strcmp(name, "training") != 0)
            CVYI_TRY(refuse_argument(g, name,
                                     "an argument of the call that is not "
                                     "carried over",
                                     "call the layer without it", err));
        else if (!says_nothing(value))
            CVYI_TRY(refuse_argument(g, name,
                                     "the layer is always in training mode",
                                     "call the layer without it", err));
        else
            g->layer->training_off = true;
    }
    return CVY_OK;
}

static cvy_status read_node(gather *g, const cvyi_value *node, cvy_error *err)
{
    const cvyi_value *const args = cvyi_get(node, "args");
    const cvyi_value *const kwargs = cvyi_get(node, "kwargs");

    if (args == NULL || args->kind != CVYI_LIST ||
        (kwargs != NULL && kwargs->kind != CVYI_DICT))
        return cvyi_fail_in(err, CVY_FORMAT, g->layer->where,
                            "a call needs a list of args and a dict of "
                            "kwargs");
    CVYI_TRY(gather_tensors(g, args, err));
    CVYI_TRY(gather_tensors(g, kwargs, err));
    if (g->layer->role != CVYI_KERAS_LAYER)
        return CVY_OK;
    CVYI_TRY(check_args(g, args, err));
    return kwargs != NULL ? check_kwargs(g, kwargs, err) : CVY_OK;
}

static cvy_status read_nodes(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvy_error *err)
{
    const cvyi_value *const nodes = cvyi_get(layer->entry, "inbound_nodes");
    gather g = { .k = k, .layer = layer };

    if (nodes == NULL || nodes->kind != CVYI_LIST)
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "a layer of a functional model needs a list of "
                            "inbound_nodes");
    layer->n_nodes = nodes->n;
    if (layer->role == CVYI_KERAS_INPUT) {
        if (nodes->n > 0)
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "an input is called");
        layer->n_nodes = 1;
        return CVY_OK;
    }
    if (nodes->n == 0)
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "a layer is never called");
    if (nodes->n > 1 && layer->role == CVYI_KERAS_LAYER)
        CVYI_TRY(refuse_argument(&g, "",
                                 "a layer that is called more than once comes "
                                 "with a later version",
                                 "use a layer of its own for each call", err));
    if (nodes->n == 1)
        CVYI_TRY(read_node(&g, &nodes->items[0], err));
    layer->edges = g.edges;
    layer->n_edges = g.n;
    return CVY_OK;
}

/* An edge must point at a call that the layer has, and at its output. Only
 * inner models and unknown classes may have several. */
static cvy_status check_edges(const cvyi_keras *k,
                              const cvyi_keras_layer *layer, cvy_error *err)
{
    for (int i = 0; i < layer->n_edges; i++) {
        const cvyi_keras_edge *const edge = &layer->edges[i];
        cvyi_keras_layer *const from = &k->layers[edge->layer];
        const bool single =
            from->role == CVYI_KERAS_LAYER || from->role == CVYI_KERAS_INPUT;

        if (edge->node < 0 || edge->node >= from->n_nodes)
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "its input is call %lld of %s, which is "
                                "called %d times",
                                (long long)edge->node, from->name,
                                from->n_nodes);
        if (edge->index < 0 || (single && edge->index > 0))
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "its input is output %lld of %s, which does "
                                "not exist",
                                (long long)edge->index, from->name);
        from->used = true;
    }
    return CVY_OK;
}

cvy_status cvyi_keras_nodes(cvyi_keras *k, cvy_error *err)
{
    for (int i = 0; i < k->n_layers; i++)
        CVYI_TRY(read_nodes(k, &k->layers[i], err));
    for (int i = 0; i < k->n_layers; i++)
        CVYI_TRY(check_edges(k, &k->layers[i], err));
    return CVY_OK;
}
