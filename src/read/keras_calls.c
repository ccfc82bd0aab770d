/*
 * read/keras_calls.c - the calls of one layer's phrase.
 *
 * A layer that is called again has the same place in the outline and the same
 * parameters: they are made by its first call.
 */
#include "read/keras.h"

#include "graph/words.h"

#include <string.h>

typedef struct layer_call {
    cvyi_keras *k;
    cvyi_keras_layer *layer;
    int *in; /* results */
    int n_in;
    int n_params; /* of the layer's, that this call has had */
} layer_call;

cvy_status cvyi_keras_module(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvyi_module_kind kind, cvy_error *err)
{
    const cvyi_keras_layer *const around = layer->home->self;
    cvyi_module *module;
    const char *where;

    if (layer->module >= 0)
        return CVY_OK;
    where =
        cvyi_arena_text(&k->graph->arena, layer->where, strlen(layer->where));
    if (where == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_graph_add_module(&layer->module, k->graph,
                                   around != NULL ? around->module : 0, kind,
                                   layer->name, layer->class_name, err));
    module = &k->graph->modules[layer->module];
    module->where = where;
    module->frozen = !layer->trainable;
    return CVY_OK;
}

/* The next parameter of the layer: one it has, or the next variable. */
static cvy_status next_param(int *out, layer_call *c,
                             const cvyi_step_slot *slot, int n_spatial,
                             const cvyi_shape *want, cvy_error *err)
{
    cvyi_keras_layer *const layer = c->layer;
    int *all;

    if (c->n_params == layer->n_params) {
        all = cvyi_arena_grow(c->k->arena, layer->params, layer->n_params,
                              &layer->params_capacity, sizeof *all);
        if (all == NULL)
            return cvyi_no_memory(err);
        layer->params = all;
        CVYI_TRY(cvyi_keras_vars_take(
            &all[layer->n_params], c->k, &layer->vars, layer->stored, slot,
            layer->trainable && layer->home->trainable, n_spatial, want, err));
        layer->n_params++;
    }
    *out = layer->params[c->n_params++];
    return CVY_OK;
}

/* The parameters of one step, in the order of its words. */
static cvy_status take_slots(int *params, layer_call *c, const cvyi_step *step,
                             int *in, int n_in, cvy_error *err)
{
    const cvyi_op *const op = step->attrs.op;
    cvyi_call probe = { .attrs = step->attrs,
                        .n_in = n_in,
                        .in = in,
                        .axes = step->axes,
                        .module = c->layer->module,
                        .visit = c->k->visit };
    cvyi_inferred inferred;

    for (int i = 0; i < CVYI_MAX_SLOTS; i++)
        params[i] = -1;
    if (step->n_slots == 0)
        return CVY_OK;
    CVYI_TRY(cvyi_graph_infer_call(&inferred, c->k->graph, &probe, err));

    const int n_spatial = c->k->graph->results[in[0]].type.rank - 2;

    for (int i = 0; i < step->n_slots; i++) {
        const cvyi_step_slot *const slot = &step->slots[i];
        int at = 0;

        while (strcmp(op->slots[at].name, slot->slot) != 0)
            at++;
        CVYI_TRY(next_param(&params[at], c, slot, n_spatial,
                            &inferred.slots[at], err));
    }
    return CVY_OK;
}

/* The call of one step. */
static cvy_status add_call(int *result, layer_call *c, const cvyi_step *step,
                           int *in, int n_in, cvy_error *err)
{
    const cvyi_op *const op = step->attrs.op;
    int params[CVYI_MAX_SLOTS], call;

    if (n_in < op->least_in || (op->most_in >= 0 && n_in > op->most_in))
        return cvyi_fail(err, CVY_SHAPE, "called on %d tensors", n_in);
    CVYI_TRY(take_slots(params, c, step, in, n_in, err));
    CVYI_TRY(cvyi_graph_add_call(&call, c->k->graph, &step->attrs, step->axes,
                                 in, n_in, params, c->layer->module, err));

    cvyi_call *const added = &c->k->graph->calls[call];

    added->argument = step->argument;
    added->visit = c->k->visit;
    if (step->label != NULL) {
        added->label = cvyi_arena_text(&c->k->graph->arena, step->label,
                                       strlen(step->label));
        if (added->label == NULL)
            return cvyi_no_memory(err);
    }
    *result = added->out[0];
    return CVY_OK;
}

/* One step: on what the step before it made, or on the layer's own inputs;
 * what an operator needs beyond one input is the layer's own in both cases. */
static cvy_status add_step(int *result, layer_call *c, const cvyi_step *step,
                           cvy_error *err)
{
    const cvyi_op *const op = step->attrs.op;
    const bool first = *result < 0;
    const int n_in = first || op->least_in > c->n_in ? c->n_in : op->least_in;
    int *const in =
        cvyi_arena_alloc(c->k->arena, (size_t)n_in + 1, sizeof *in);

    if (in == NULL)
        return cvyi_no_memory(err);
    memcpy(in, c->in, (size_t)n_in * sizeof *in);
    if (!first)
        in[0] = *result;
    return add_call(result, c, step, in, n_in, err);
}

/* A step on some of the layer's own inputs, each by itself. */
static cvy_status add_operands(layer_call *c, const cvyi_step *step,
                               cvy_error *err)
{
    for (int k = 0; k < c->n_in; k++) {
        cvyi_step one = *step;

        if (!step->operands[k])
            continue;
        one.attrs.n_spatial = cvyi_call_spatial(c->k->graph, &c->in[k], 1);
        CVYI_TRY(add_call(&c->in[k], c, &one, &c->in[k], 1, err));
    }
    return CVY_OK;
}

static cvy_status open_layer(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvy_error *err)
{
    CVYI_TRY(cvyi_keras_module(k, layer, CVYI_MODULE_LAYER, err));
    if (layer->vars.prefix != NULL)
        return CVY_OK;
    return cvyi_keras_vars_open(&layer->vars, k, layer, err);
}

/* false where the layer was refused. */
static cvy_status add_steps(int *result, bool *done, layer_call *c,
                            const cvyi_phrase *phrase, cvy_error *err)
{
    *done = false;
    for (int i = 0; i < phrase->n; i++) {
        const cvyi_step *const step = &phrase->steps[i];
        cvy_error local = { 0 };
        const cvy_status status = step->operands != NULL
                                      ? add_operands(c, step, &local)
                                      : add_step(result, c, step, &local);

        if (status != CVY_OK)
            return cvyi_keras_refuse_error(c->k, c->layer, &local, err);
    }
    *done = true;
    return CVY_OK;
}

cvy_status cvyi_keras_calls(cvyi_keras_value *out, cvyi_keras *k,
                            cvyi_keras_layer *layer, const cvyi_phrase *phrase,
                            const cvyi_keras_edge *edges,
                            const cvyi_keras_value *in, int n_in,
                            cvy_error *err)
{
    layer_call c = { .k = k, .layer = layer, .n_in = n_in };
    int result = -1;
    bool done;

    c.in = cvyi_arena_alloc(k->arena, (size_t)n_in + 1, sizeof *c.in);
    if (c.in == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n_in; i++)
        c.in[i] = in[i].result;
    CVYI_TRY(open_layer(k, layer, err));
    CVYI_TRY(cvyi_keras_cast_in(c.in, n_in, k, layer, edges,
                                phrase->steps[0].attrs.op, err));
    if (layer->refused)
        return CVY_OK;
    CVYI_TRY(add_steps(&result, &done, &c, phrase, err));
    if (!done)
        return CVY_OK;
    CVYI_TRY(cvyi_keras_cast_out(&result, k, layer, err));
    /* Its third variable counts samples: only adapting it once more would
     * look at it. */
    if (strcmp(layer->class_name, "Normalization") == 0 &&
        layer->vars.taken == 2)
        layer->vars.taken++;
    CVYI_TRY(cvyi_keras_vars_close(&layer->vars, err));
    *out = (cvyi_keras_value){ result, true, k->graph->results[result].type,
                               k->guessing, NULL };
    return CVY_OK;
}
