/*
 * read/keras_visit.c - a model computes: the whole one once, an inner one each
 * time it is called.
 *
 * An inner model that is called twice is visited twice. Its layers are called
 * anew with the same parameters. How often they may be is bounded: a model of
 * two calls of a model of two calls ... says 2**n calls in n lines.
 */
#include "read/keras.h"

static const int64_t COST_MOST = 1 << 18;

static cvy_status pay(cvyi_keras *k, const cvyi_keras_model *model,
                      cvy_error *err)
{
    k->cost += model->cost;
    if (k->cost <= COST_MOST)
        return CVY_OK;
    return cvyi_fail_in(err, CVY_UNSUPPORTED, k->whole.where,
                        "with every call of its inner models the model has "
                        "more than %lld calls and tensors",
                        (long long)COST_MOST);
}

static bool all_known(const cvyi_keras_value *values, int n)
{
    for (int i = 0; i < n; i++)
        if (values[i].result < 0)
            return false;
    return true;
}

/* ---- an inner model ---- */

/* What its inputs are called, which a writer may use. */
static cvy_status name_inputs(cvyi_keras *k, const cvyi_keras_model *model,
                              cvy_error *err)
{
    cvyi_module *const module = &k->graph->modules[model->self->module];
    const char **const names =
        cvyi_arena_alloc(&k->graph->arena, (size_t)model->n_in, sizeof *names);

    if (names == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < model->n_in; i++)
        names[i] = model->layers[model->ins[i]].name;
    if (model->layers[model->ins[0]].entry == NULL)
        return CVY_OK;
    module->n_inputs = model->n_in;
    module->input_names = names;
    return CVY_OK;
}

static cvy_status open_visit(int *out, cvyi_keras *k,
                             const cvyi_keras_model *model, cvy_error *err)
{
    cvyi_keras_layer *const layer = model->self;

    if (layer->module < 0) {
        CVYI_TRY(cvyi_keras_module(
            k, layer,
            model->chain ? CVYI_MODULE_SEQUENTIAL : CVYI_MODULE_MODEL, err));
        CVYI_TRY(name_inputs(k, model, err));
        CVYI_TRY(
            cvyi_keras_dtype(k, layer, cvyi_get(model->config, "dtype"), err));
    }
    return cvyi_graph_add_visit(out, k->graph, layer->module, k->visit, err);
}

/* A visit with gaps has no order of what crosses its border. */
static cvy_status wire(cvyi_keras *k, int visit, const cvyi_keras_model *model,
                       const cvyi_keras_value *in, const cvyi_keras_value *out,
                       cvy_error *err)
{
    const size_t n = (size_t)model->n_in + (size_t)model->n_out;
    int *const results = cvyi_arena_alloc(k->arena, n, sizeof *results);

    if (results == NULL)
        return cvyi_no_memory(err);
    if (!all_known(in, model->n_in) || !all_known(out, model->n_out))
        return CVY_OK;
    for (int i = 0; i < model->n_in; i++)
        results[i] = in[i].result;
    for (int i = 0; i < model->n_out; i++)
        results[model->n_in + i] = out[i].result;
    return cvyi_graph_wire_visit(k->graph, visit, results, model->n_in,
                                 results + model->n_in, model->n_out, err);
}

/* What is handed in, as the model lists its inputs; unknown if the structures
 * do not fit. */
static cvy_status hand_all(cvyi_keras_value *in, cvyi_keras *k,
                           const cvyi_keras_model *model,
                           const cvyi_keras_node *node,
                           const cvyi_keras_value *given, cvy_error *err)
{
    for (int i = 0; i < model->n_in; i++) {
        in[i] = node->chosen != NULL ? given[node->chosen[i]]
                                     : (cvyi_keras_value){ .result = -1 };
        CVYI_TRY(
            cvyi_keras_hand(&in[i], k, &model->layers[model->ins[i]], err));
    }
    for (int i = 0; node->chosen == NULL && i < node->n_edges; i++)
        if (given[i].result >= 0)
            CVYI_TRY(cvyi_keras_mark(&k->rim, k, given[i].result, err));
    return CVY_OK;
}

static cvy_status visit_inner(cvyi_keras *k, cvyi_keras_layer *layer,
                              const cvyi_keras_node *node,
                              const cvyi_keras_value *given, cvy_error *err)
{
    cvyi_keras_model *const model = layer->inner;
    const int around = k->visit;
    cvyi_keras_value *const in =
        cvyi_arena_alloc(k->arena, (size_t)model->n_in, sizeof *in);
    int visit;

    if (in == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(open_visit(&visit, k, model, err));
    CVYI_TRY(hand_all(in, k, model, node, given, err));
    model->training_off = layer->home->training_off;
    if (model->training_off == NULL && node->training_off)
        model->training_off = layer;
    k->visit = visit;
    CVYI_TRY(cvyi_keras_visit(node->out, k, model, in, err));
    k->visit = around;
    return wire(k, visit, model, in, node->out, err);
}

/* ---- calls ---- */

static cvy_status gather_in(cvyi_keras_value *in, cvyi_keras *k,
                            const cvyi_keras_model *model,
                            const cvyi_keras_layer *layer,
                            const cvyi_keras_node *node, cvy_error *err)
{
    for (int i = 0; i < node->n_edges; i++) {
        const cvyi_keras_edge *const edge = &node->edges[i];
        cvyi_keras_layer *const from = &model->layers[edge->layer];
        cvyi_keras_value *const out =
            &from->nodes[edge->node].out[edge->index];

        if (out->time != NULL && out->time->n != layer->n_times)
            CVYI_TRY(cvyi_keras_settle(out, k, from, err));
        in[i] = *out;
        if (!in[i].typed)
            CVYI_TRY(cvyi_keras_recorded(&in[i], k, edge->shape, err));
        else if (!model->sequential &&
                 !cvyi_keras_agrees(edge->shape, &in[i].type))
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "the shape recorded for what %s gives is not "
                                "the one it has",
                                from->name);
    }
    return CVY_OK;
}

cvy_status cvyi_keras_call_inside(cvyi_keras *k, cvyi_keras_layer *layer,
                                  cvyi_keras_node *node,
                                  const cvyi_keras_value *in, cvy_error *err)
{
    return layer->inner != NULL ? visit_inner(k, layer, node, in, err)
                                : cvyi_keras_call(k, layer, node, in, err);
}

static cvy_status call_known(cvyi_keras *k, cvyi_keras_model *model,
                             cvyi_keras_layer *layer, cvyi_keras_node *node,
                             cvyi_keras_value *in, cvy_error *err)
{
    CVYI_TRY(gather_in(in, k, model, layer, node, err));
    return layer->wrapper != NULL
               ? cvyi_keras_wrapped(k, layer, node, in, err)
               : cvyi_keras_call_inside(k, layer, node, in, err);
}

/* A size of it outgrew 64 bits. */
static cvy_status refuse_size(cvyi_keras *k, cvyi_keras_layer *layer,
                              cvyi_keras_node *node,
                              const cvyi_keras_value *in, cvy_error *err)
{
    for (int i = 0; i < node->n_out; i++)
        node->out[i] = (cvyi_keras_value){ .result = -1 };
    for (int i = 0; i < node->n_edges; i++)
        if (in[i].result >= 0)
            CVYI_TRY(cvyi_keras_mark(&k->rim, k, in[i].result, err));
    return cvyi_keras_refuse(
        k, layer,
        (cvyi_refusal){ CVYI_NOT_SUPPORTED, "",
                        "a size that follows from its arguments is too large "
                        "or too long",
                        "check the numbers among its arguments" },
        err);
}

static cvy_status call_layer(cvyi_keras *k, cvyi_keras_model *model,
                             const cvyi_keras_edge *call, cvy_error *err)
{
    const size_t failures = cvyi_alloc_failures();
    const int around = k->visit;
    cvyi_keras_layer *const layer = &model->layers[call->layer];
    cvyi_keras_node *const node = &layer->nodes[call->node];
    cvyi_keras_value *const in =
        cvyi_arena_alloc(k->arena, (size_t)node->n_edges + 1, sizeof *in);
    cvy_error local = { 0 };
    cvy_status status;

    if (in == NULL)
        return cvyi_no_memory(err);
    status = call_known(k, model, layer, node, in, &local);
    if (status == CVY_MEMORY && cvyi_alloc_failures() == failures) {
        k->visit = around;
        return refuse_size(k, layer, node, in, err);
    }
    if (status != CVY_OK && err != NULL)
        *err = local;
    return status;
}

cvy_status cvyi_keras_visit(cvyi_keras_value *out, cvyi_keras *k,
                            cvyi_keras_model *model,
                            const cvyi_keras_value *in, cvy_error *err)
{
    CVYI_TRY(pay(k, model, err));
    for (int i = 0; i < model->n_in; i++)
        model->layers[model->ins[i]].nodes[0].out[0] = in[i];
    for (int i = 0; i < model->n_order; i++)
        if (model->layers[model->order[i].layer].role != CVYI_KERAS_INPUT)
            CVYI_TRY(call_layer(k, model, &model->order[i], err));
    for (int i = 0; i < model->n_out; i++) {
        const cvyi_keras_edge *const from = &model->outs[i];
        cvyi_keras_layer *const layer = &model->layers[from->layer];
        cvyi_keras_value *const value =
            &layer->nodes[from->node].out[from->index];

        CVYI_TRY(cvyi_keras_settle(value, k, layer, err));
        out[i] = *value;
    }
    return CVY_OK;
}
