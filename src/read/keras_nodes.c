/*
 * read/keras_nodes.c - how the layers of a model are called.
 *
 * In a Functional a layer's `inbound_nodes` has one { "args", "kwargs" } for
 * each call. A tensor in it is
 *
 *   { "class_name": "__keras_tensor__",
 *     "config": { "shape", "dtype", "keras_history": [layer, node, index] } }
 *
 * and `node` counts the entries of that layer's own list, from 0. A layer is
 * called on one tensor or on one list of tensors, an inner model on any
 * structure of them. Other arguments pass only where they say nothing; those
 * of an operation are kept as they are. In a Sequential each layer is called
 * once, on what the one before it gives.
 */
#include "read/keras.h"

#include <string.h>

typedef struct gather {
    cvyi_keras *k;
    cvyi_keras_layer *layer;
    cvyi_keras_node *node;
    int capacity;
} gather;

static bool is_tensor(const cvyi_value *value)
{
    return cvyi_is_text(cvyi_get(value, "class_name"), "__keras_tensor__");
}

/* Its node and index are checked when all layers have theirs. */
static cvy_status read_edge(cvyi_keras_edge *out, const gather *g,
                            const cvyi_value *tensor, cvy_error *err)
{
    const cvyi_value *const config = cvyi_get(tensor, "config");
    const cvyi_value *const history = cvyi_get(config, "keras_history");
    cvyi_keras_edge edge = { .shape = cvyi_get(config, "shape") };
    int64_t node, index;
    const char *name;

    if (history == NULL || history->kind != CVYI_LIST || history->n != 3 ||
        !cvyi_as_int(&node, &history->items[1]) ||
        !cvyi_as_int(&index, &history->items[2]))
        return cvyi_fail_in(err, CVY_FORMAT, g->layer->where,
                            "a tensor needs a keras_history of layer, node "
                            "and index");
    name = cvyi_as_text(&history->items[0]);
    edge.layer = name != NULL ? cvyi_keras_find(g->layer->home, name) : -1;
    if (edge.layer < 0)
        return cvyi_fail_in(err, CVY_FORMAT, g->layer->where,
                            "it is called on a layer that does not exist");
    edge.node = node < -1 ? -1 : node > INT32_MAX ? INT32_MAX : (int)node;
    edge.index = index < -1 ? -1 : index > INT32_MAX ? INT32_MAX : (int)index;
    *out = edge;
    return CVY_OK;
}

static cvy_status add_edge(int *out, void *self, const cvyi_value *tensor,
                           cvy_error *err)
{
    gather *const g = self;
    cvyi_keras_node *const node = g->node;
    cvyi_keras_edge *const edges = cvyi_arena_grow(
        g->k->arena, node->edges, node->n_edges, &g->capacity, sizeof *edges);

    if (edges == NULL)
        return cvyi_no_memory(err);
    node->edges = edges;
    CVYI_TRY(read_edge(&edges[node->n_edges], g, tensor, err));
    *out = node->n_edges++;
    return CVY_OK;
}

/* Every tensor inside, in order. JSON bounds the depth. */
static cvy_status gather_tensors(gather *g, const cvyi_value *value,
                                 cvy_error *err)
{
    int edge;

    if (value == NULL)
        return CVY_OK;
    if (is_tensor(value))
        return add_edge(&edge, g, value, err);
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

/* A mask has the structure of the inputs. */
static bool all_none(const cvyi_value *value)
{
    if (cvyi_is_none(value))
        return true;
    if (value->kind != CVYI_LIST && value->kind != CVYI_DICT)
        return false;
    for (int i = 0; i < value->n; i++)
        if (!all_none(&value->items[i]))
            return false;
    return true;
}

/* Tensors, and lists and dicts of such: for a layer, one or a list of them. */
static bool only_tensors(const cvyi_value *value, bool layer, int depth)
{
    if (is_tensor(value))
        return true;
    if ((value->kind != CVYI_LIST && value->kind != CVYI_DICT) ||
        value->n == 0 || (layer && (depth > 0 || value->kind == CVYI_DICT)))
        return false;
    for (int i = 0; i < value->n; i++)
        if (!only_tensors(&value->items[i], layer, depth + 1))
            return false;
    return true;
}

/* The first argument, which may be given by its name to a model. */
static const cvyi_value *first_of(const gather *g, const cvyi_value *args,
                                  const cvyi_value *kwargs)
{
    if (args->n > 0)
        return &args->items[0];
    return g->layer->role == CVYI_KERAS_MODEL ? cvyi_get(kwargs, "inputs")
                                              : NULL;
}

static cvy_status check_kwargs(gather *g, const cvyi_value *kwargs,
                               const cvyi_value *first, cvy_error *err)
{
    for (int i = 0; i < kwargs->n; i++) {
        const char *const name = kwargs->keys[i];
        const cvyi_value *const value = &kwargs->items[i];

        if (all_none(value) || value == first)
            continue;
        if (strcmp(name, "training") != 0)
            CVYI_TRY(refuse_argument(g, name,
                                     "an argument of the call that is not "
                                     "carried over",
                                     "call the layer without it", err));
        else if (!says_nothing(value) && g->layer->role == CVYI_KERAS_LAYER)
            g->node->training_on = true;
        else if (!says_nothing(value))
            CVYI_TRY(refuse_argument(g, name,
                                     "the layer is always in training mode",
                                     "call the layer without it", err));
        else
            g->node->training_off = true;
    }
    return CVY_OK;
}

/* Plants node->handed if the call is one that is read. */
static cvy_status check_args(gather *g, const cvyi_value *args,
                             const cvyi_value *first, bool *plain,
                             cvy_error *err)
{
    const bool layer = g->layer->role == CVYI_KERAS_LAYER;

    *plain = first != NULL && only_tensors(first, layer, 0);
    for (int i = 1; i < args->n; i++)
        *plain = *plain && says_nothing(&args->items[i]);
    if (*plain)
        return CVY_OK;
    return refuse_argument(g, "args",
                           layer ? "only a call on one tensor or one list of "
                                   "tensors is read"
                                 : "only a call on tensors, and lists and "
                                   "dicts of them, is read",
                           "call the layer on tensors alone", err);
}

/* An operation takes numbers and tensors anywhere. */
static cvy_status read_operation(gather *g, const cvyi_value *args,
                                 const cvyi_value *kwargs, cvy_error *err)
{
    CVYI_TRY(cvyi_keras_arguments(&g->node->args, g->k->arena, args, add_edge,
                                  g, err));
    return kwargs == NULL ? CVY_OK
                          : cvyi_keras_arguments(&g->node->kwargs, g->k->arena,
                                                 kwargs, add_edge, g, err);
}

static cvy_status read_node(gather *g, const cvyi_value *node, cvy_error *err)
{
    const cvyi_value *const args = cvyi_get(node, "args");
    const cvyi_value *const kwargs = cvyi_get(node, "kwargs");
    const cvyi_keras_planting how = { .arena = g->k->arena,
                                      .where = g->layer->where,
                                      .expected = "a tensor",
                                      .is_leaf = is_tensor,
                                      .leaf = add_edge,
                                      .self = g };
    const cvyi_value *first;
    bool plain = false;

    if (args == NULL || args->kind != CVYI_LIST ||
        (kwargs != NULL && kwargs->kind != CVYI_DICT))
        return cvyi_fail_in(err, CVY_FORMAT, g->layer->where,
                            "a call needs a list of args and a dict of "
                            "kwargs");
    if (g->layer->role == CVYI_KERAS_OPERATION)
        return read_operation(g, args, kwargs, err);
    first = first_of(g, args, kwargs);
    if (g->layer->role == CVYI_KERAS_LAYER ||
        g->layer->role == CVYI_KERAS_MODEL) {
        CVYI_TRY(check_args(g, args, first, &plain, err));
        if (kwargs != NULL)
            CVYI_TRY(check_kwargs(g, kwargs, first, err));
    }
    if (plain)
        CVYI_TRY(cvyi_keras_plant(&g->node->handed, &how, first, err));
    else
        CVYI_TRY(gather_tensors(g, args, err));
    return plain && args->n == 0 ? CVY_OK : gather_tensors(g, kwargs, err);
}

/* ---- all calls of a layer ---- */

/* The outputs of a call; of a class that is not known, one. */
static cvy_status open_node(cvyi_keras_node *node, cvyi_keras *k,
                            const cvyi_keras_layer *layer, cvy_error *err)
{
    node->n_out = layer->inner != NULL ? layer->inner->n_out : 1;
    node->out =
        cvyi_arena_alloc(k->arena, (size_t)node->n_out, sizeof *node->out);
    return node->out != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status open_nodes(cvyi_keras *k, cvyi_keras_layer *layer, int n,
                             cvy_error *err)
{
    layer->n_nodes = n;
    layer->nodes = cvyi_arena_alloc(k->arena, (size_t)n, sizeof *layer->nodes);
    if (layer->nodes == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        CVYI_TRY(open_node(&layer->nodes[i], k, layer, err));
    return CVY_OK;
}

static cvy_status read_nodes(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvy_error *err)
{
    const cvyi_value *const nodes = cvyi_get(layer->entry, "inbound_nodes");

    if (nodes == NULL || nodes->kind != CVYI_LIST)
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "a layer of a functional model needs a list of "
                            "inbound_nodes");
    if (layer->role == CVYI_KERAS_INPUT) {
        if (nodes->n > 0)
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "an input is called");
        return open_nodes(k, layer, 1, err);
    }
    if (nodes->n == 0)
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "a layer is never called");
    CVYI_TRY(open_nodes(k, layer, nodes->n, err));
    for (int i = 0; i < nodes->n; i++) {
        gather g = { .k = k, .layer = layer, .node = &layer->nodes[i] };

        CVYI_TRY(read_node(&g, &nodes->items[i], err));
    }
    return CVY_OK;
}

bool cvyi_keras_output(cvyi_keras_node *node, int64_t index)
{
    enum { OUTPUTS_MOST = 4096 };

    if (index < 0 || index >= OUTPUTS_MOST)
        return false;
    node->n_out = index < node->n_out ? node->n_out : (int)index + 1;
    if (index < 64)
        node->read |= UINT64_C(1) << index;
    return true;
}

/* An edge must point at a call that the layer has, and at its output. What an
 * unknown class gives may be anything. */
static cvy_status check_edge(cvyi_keras_edge *edge, cvyi_keras_model *model,
                             const cvyi_keras_layer *layer, cvy_error *err)
{
    cvyi_keras_layer *const from = &model->layers[edge->layer];
    const bool operation = from->role == CVYI_KERAS_OPERATION;
    const bool counted = !operation && from->role != CVYI_KERAS_CUSTOM;
    bool good = edge->index >= 0;

    if (edge->node < 0 || edge->node >= from->n_nodes)
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "its input is call %d of %s, which is called %d "
                            "times",
                            edge->node, from->name, from->n_nodes);
    if (operation)
        good = cvyi_keras_output(&from->nodes[edge->node], edge->index);
    if (!good || (counted && edge->index >= from->nodes[edge->node].n_out))
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "its input is output %d of %s, which does not "
                            "exist",
                            edge->index, from->name);
    if (!operation)
        edge->index =
            from->inner != NULL ? from->inner->out_sorted[edge->index] : 0;
    from->used = true;
    return CVY_OK;
}

static cvy_status check_node(cvyi_keras_node *node, cvyi_keras_model *model,
                             cvyi_keras *k, cvyi_keras_layer *layer,
                             cvy_error *err)
{
    for (int i = 0; i < node->n_edges; i++)
        CVYI_TRY(check_edge(&node->edges[i], model, layer, err));
    if (layer->inner == NULL || layer->faulty)
        return CVY_OK;
    CVYI_TRY(
        cvyi_keras_match(&node->chosen, k, layer->inner, &node->handed, err));
    if (node->chosen != NULL)
        return CVY_OK;
    return cvyi_keras_refuse(
        k, layer,
        (cvyi_refusal){ CVYI_NOT_SUPPORTED, "args",
                        "what it is called on has another structure than its "
                        "inputs",
                        "call it on a structure like its own inputs" },
        err);
}

cvy_status cvyi_keras_nodes(cvyi_keras_model *model, cvyi_keras *k,
                            cvy_error *err)
{
    for (int i = 0; i < model->n_layers; i++)
        CVYI_TRY(read_nodes(k, &model->layers[i], err));
    for (int i = 0; i < model->n_layers; i++)
        for (int n = 0; n < model->layers[i].n_nodes; n++)
            CVYI_TRY(check_node(&model->layers[i].nodes[n], model, k,
                                &model->layers[i], err));
    return CVY_OK;
}

/* ---- a Sequential ---- */

/* The outputs of an inner model have its structure; all else gives one. */
static cvy_status link(cvyi_keras_node *node, cvyi_keras *k,
                       const cvyi_keras_layer *before, int at,
                       const cvyi_value *shape, cvy_error *err)
{
    const int n = before->nodes[0].n_out;

    node->edges = cvyi_arena_alloc(k->arena, (size_t)n, sizeof *node->edges);
    if (node->edges == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        node->edges[i] = (cvyi_keras_edge){ .layer = at,
                                            .index = i,
                                            .shape = n == 1 ? shape : NULL };
    node->n_edges = n;
    node->handed = before->inner != NULL
                       ? before->inner->output_tree
                       : (cvyi_tree){ .kind = CVYI_TREE_SINGLE };
    return CVY_OK;
}

/* A layer takes one tensor or a list of them, whoever hands them over. */
static bool is_flat(const cvyi_tree *tree)
{
    bool flat = tree->kind != CVYI_TREE_DICT;

    for (int i = 0; tree->kind == CVYI_TREE_LIST && i < tree->n; i++)
        flat = flat && tree->items[i].kind == CVYI_TREE_SINGLE;
    return flat;
}

cvy_status cvyi_keras_chain(cvyi_keras_model *model, cvyi_keras *k,
                            cvy_error *err)
{
    CVYI_TRY(open_nodes(k, &model->layers[0], 1, err));
    for (int i = 1; i < model->n_layers; i++) {
        cvyi_keras_layer *const layer = &model->layers[i];
        gather g = { .k = k, .layer = layer };

        if (layer->role == CVYI_KERAS_INPUT)
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "an input in the middle of a Sequential");
        CVYI_TRY(open_nodes(k, layer, 1, err));
        g.node = &layer->nodes[0];
        CVYI_TRY(link(g.node, k, &model->layers[i - 1], i - 1,
                      cvyi_get(cvyi_get(layer->entry, "build_config"),
                               "input_shape"),
                      err));
        if (layer->inner == NULL && !is_flat(&g.node->handed))
            CVYI_TRY(refuse_argument(&g, "args",
                                     "the model before it gives more than one "
                                     "tensor or one list of tensors",
                                     "build the model as a functional one",
                                     err));
        CVYI_TRY(check_node(g.node, model, k, layer, err));
    }
    return CVY_OK;
}
