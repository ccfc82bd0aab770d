/*
 * read/keras_time.c - calls of TimeDistributed layers.
 *
 * What a layer does to each step by itself it does to all of them at once
 * when the axis of time has joined the batch:
 *
 *   N T H W C  ->  N*T H W C  ->  the layer  ->  N*T ...  ->  N T ...
 *
 * The batch is split again only where somebody reads the value who is not
 * over time himself: a value waits in its joined form until then. A layer
 * that treats all axes before its own alike needs no joining.
 */
#include "read/keras.h"

#include <string.h>

/* ---- which layers need no joining ---- */

/* `axis` must be the last one, where the layer has it. */
static bool last_axis(const cvyi_value *config)
{
    const cvyi_value *axis = cvyi_get(config, "axis");
    int64_t number = -1;

    if (axis != NULL && axis->kind == CVYI_LIST && axis->n == 1)
        axis = &axis->items[0];
    return cvyi_is_none(axis) || (cvyi_as_int(&number, axis) && number == -1);
}

/* Layers that work on the last axis or on each element by itself. */
static bool is_direct(const cvyi_keras_layer *layer)
{
    static const char *const names[] = {
        "Activation",      "ActivityRegularization",
        "AlphaDropout",    "Dense",
        "Dropout",         "ELU",
        "GaussianDropout", "GaussianNoise",
        "Identity",        "LayerNormalization",
        "LeakyReLU",       "ReLU",
        "Softmax",         "ThresholdedReLU",
    };

    if (layer->inner != NULL || !last_axis(layer->config) ||
        !cvyi_is_none(cvyi_get(layer->config, "noise_shape")))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], layer->class_name) == 0)
            return true;
    return false;
}

/* ---- calls of the wrapper itself ---- */

/* Where they stand in the outline: with the layer inside, or before a model
 * inside, which has a module of its own. */
static cvy_status open_place(int *module, cvyi_keras *k,
                             cvyi_keras_layer *layer, cvy_error *err)
{
    const cvyi_keras_layer *const around = layer->home->self;

    if (layer->inner == NULL) {
        CVYI_TRY(cvyi_keras_module(k, layer, CVYI_MODULE_LAYER, err));
        *module = layer->module;
        return CVY_OK;
    }
    if (layer->place < 0) {
        const char *const name =
            cvyi_arena_printf(k->arena, "%s_time", layer->name);

        if (name == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(cvyi_graph_add_module(
            &layer->place, k->graph, around != NULL ? around->module : 0,
            CVYI_MODULE_LAYER, name, layer->wrapper, err));
        k->graph->modules[layer->place].where = layer->where;
    }
    *module = layer->place;
    return CVY_OK;
}

static cvy_status add_call(int *out, cvyi_keras *k, cvyi_keras_layer *layer,
                           const cvyi_attrs *attrs, const char *label,
                           const int *in, int n_in, cvy_error *err)
{
    int call, module;

    CVYI_TRY(open_place(&module, k, layer, err));
    CVYI_TRY(cvyi_graph_add_call(&call, k->graph, attrs, CVYI_AXES_LAST, in,
                                 n_in, NULL, module, err));
    k->graph->calls[call].visit = k->visit;
    k->graph->calls[call].label = label;
    k->graph->calls[call].argument = true;
    *out = k->graph->calls[call].out[0];
    return CVY_OK;
}

/* "join" for the outermost axis of time, "join_2" for the one inside it. */
static const char *label_of(cvyi_keras *k, const char *verb, int axis)
{
    return axis == 0
               ? verb
               : cvyi_arena_printf(&k->graph->arena, "%s_%d", verb, axis + 1);
}

/* ---- joining ---- */

/* Keras takes no value without an axis behind those of time. */
static cvy_status refuse_rank(cvyi_keras *k, cvyi_keras_layer *layer,
                              cvy_error *err)
{
    return cvyi_keras_refuse(
        k, layer,
        (cvyi_refusal){ CVYI_ILLEGAL_IN_SOURCE, "",
                        "it is called on a tensor that has no axis behind "
                        "the one of time",
                        "check that the model runs in Keras" },
        err);
}

static cvy_status refuse_several(cvyi_keras *k, cvyi_keras_layer *layer,
                                 cvy_error *err)
{
    const char *const reason =
        cvyi_arena_printf(k->arena,
                          "%s is called on, or gives, more than one tensor",
                          layer->wrapper);

    if (reason == NULL)
        return cvyi_no_memory(err);
    return cvyi_keras_refuse(k, layer,
                             (cvyi_refusal){ CVYI_NOT_SUPPORTED, "", reason,
                                             "wrap layers of one input and "
                                             "one output" },
                             err);
}

/* Nothing comes out, and what goes in is beside a gap. */
static cvy_status give_nothing(cvyi_keras *k, cvyi_keras_node *node,
                               const cvyi_keras_value *in, cvy_error *err)
{
    for (int i = 0; i < node->n_out; i++)
        node->out[i] = (cvyi_keras_value){ .result = -1 };
    for (int i = 0; i < node->n_edges; i++) {
        const int result = in[i].result < 0 && in[i].time != NULL
                               ? in[i].time->joined
                               : in[i].result;

        if (result >= 0)
            CVYI_TRY(cvyi_keras_mark(&k->rim, k, result, err));
    }
    return CVY_OK;
}

/* The axes of time join the batch, the first one first. */
static cvy_status join(cvyi_keras_time *out, cvyi_keras *k,
                       cvyi_keras_layer *layer, int result, cvy_error *err)
{
    cvyi_keras_time time = { .n = layer->n_times, .joined = result };
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("join_batch"), 0);
    for (int i = 0; i < time.n; i++) {
        const char *const label = label_of(k, "join", i);
        const int before = time.joined;

        if (label == NULL)
            return cvyi_no_memory(err);

        time.steps[i] = k->graph->results[before].type.dims[1];
        time.lenders[i] = before;
        CVYI_TRY(
            add_call(&time.joined, k, layer, &attrs, label, &before, 1, err));
    }
    *out = time;
    return CVY_OK;
}

/* ---- splitting ---- */

/* The axes of time come back, the last one first. A size that is not known is
 * asked of the value that was joined. */
static cvy_status split(int *out, cvyi_keras *k, cvyi_keras_layer *layer,
                        const cvyi_keras_time *time, cvy_error *err)
{
    int result = time->joined;

    for (int i = time->n - 1; i >= 0; i--) {
        const int in[] = { result, time->lenders[i] };
        const char *const label = label_of(k, "split", i);
        cvyi_attrs attrs;
        int64_t steps;

        if (label == NULL)
            return cvyi_no_memory(err);
        cvyi_attrs_open(&attrs, cvyi_op_find("split_batch"), 0);
        *cvyi_attr_set(&attrs, "steps") =
            (cvyi_attr_value){ .n = 1, .sizes = { time->steps[i] } };
        CVYI_TRY(add_call(&result, k, layer, &attrs, label, in,
                          cvyi_size_constant(&steps, time->steps[i]) ? 1 : 2,
                          err));
    }
    *out = result;
    return CVY_OK;
}

cvy_status cvyi_keras_settle(cvyi_keras_value *value, cvyi_keras *k,
                             cvyi_keras_layer *layer, cvy_error *err)
{
    const cvyi_keras_time *const time = value->time;
    int result;

    if (time == NULL || value->result >= 0)
        return CVY_OK;
    CVYI_TRY(split(&result, k, layer, time, err));
    value->result = result;
    value->type = k->graph->results[result].type;
    return cvyi_keras_mark(&k->kept, k, result, err);
}

/* What the layer inside gave waits in its joined form. */
static cvy_status wait_joined(cvyi_keras_value *value, cvyi_keras *k,
                              const cvyi_keras_time *time,
                              const cvyi_keras_value *in, cvy_error *err)
{
    cvyi_keras_time *const kept = cvyi_arena_alloc(k->arena, 1, sizeof *kept);
    const cvyi_type *const inner = &value->type;
    cvyi_type type = { .dtype = inner->dtype, .rank = inner->rank + time->n };

    if (kept == NULL)
        return cvyi_no_memory(err);
    if (type.rank > CVYI_MAX_DIMS)
        return cvyi_fail(err, CVY_UNSUPPORTED, "more than %d axes",
                         CVYI_MAX_DIMS);
    type.dims[0] = in->type.dims[0];
    for (int i = 0; i < time->n; i++)
        type.dims[i + 1] = time->steps[i];
    for (int i = 1; i < inner->rank; i++)
        type.dims[time->n + i] = inner->dims[i];
    *kept = *time;
    kept->joined = value->result;
    value->time = kept;
    value->type = type;
    value->result = -1;
    return CVY_OK;
}

/* ---- remarks ---- */

/* In training Keras 3 sees one step after the other. */
static cvy_status remark_on_statistics(cvyi_keras *k, cvyi_keras_layer *layer,
                                       int first_call, cvy_error *err)
{
    for (int i = first_call;
         i < k->graph->n_calls && strcmp(k->dialect, "keras3") == 0; i++) {
        const cvyi_call *const call = &k->graph->calls[i];

        for (int s = 0; call->attrs.op->slots[s].name != NULL; s++) {
            if (!call->attrs.op->slots[s].statistic || call->params[s] < 0 ||
                layer->said_time)
                continue;
            layer->said_time = true;
            return cvyi_remark(k->findings, layer->path,
                               "in training the port takes statistics of all "
                               "time steps together; Keras takes them of one "
                               "step after the other",
                               err);
        }
    }
    return CVY_OK;
}

static cvy_status remark_on_kernel(cvyi_keras *k, cvyi_keras_layer *layer,
                                   cvy_error *err)
{
    if (!layer->spectral || layer->said_spectral)
        return CVY_OK;
    layer->said_spectral = true;
    return cvyi_remark(k->findings, layer->path,
                       "the kernel is carried over as it is stored; training "
                       "in Keras would go on normalising it",
                       err);
}

/* ---- the whole ---- */

/* The layer inside, on a value that it may take as it is. */
static cvy_status call_inside(cvyi_keras *k, cvyi_keras_layer *layer,
                              cvyi_keras_node *node,
                              const cvyi_keras_value *in, cvy_error *err)
{
    CVYI_TRY(remark_on_kernel(k, layer, err));
    return cvyi_keras_call_inside(k, layer, node, in, err);
}

static bool one_to_one(const cvyi_keras_layer *layer,
                       const cvyi_keras_node *node)
{
    return node->n_edges == 1 && node->n_out == 1 &&
           (layer->inner == NULL || layer->inner->n_in == 1);
}

cvy_status cvyi_keras_wrapped(cvyi_keras *k, cvyi_keras_layer *layer,
                              cvyi_keras_node *node,
                              const cvyi_keras_value *in, cvy_error *err)
{
    const int first_call = k->graph->n_calls;
    cvyi_keras_value inner = *in;
    cvyi_keras_time time;

    if (layer->n_times == 0)
        return call_inside(k, layer, node, in, err);
    if (!one_to_one(layer, node)) {
        CVYI_TRY(refuse_several(k, layer, err));
        return give_nothing(k, node, in, err);
    }
    if (in->result >= 0 && in->type.rank < layer->n_times + 2) {
        CVYI_TRY(refuse_rank(k, layer, err));
        return give_nothing(k, node, in, err);
    }
    if (in->result >= 0 && is_direct(layer))
        return call_inside(k, layer, node, in, err);
    if (in->result < 0 && in->time == NULL)
        return call_inside(k, layer, node, in, err);
    if (in->result < 0)
        time = *in->time;
    else
        CVYI_TRY(join(&time, k, layer, in->result, err));
    inner = (cvyi_keras_value){ time.joined, true,
                                k->graph->results[time.joined].type,
                                in->guessed, NULL };
    CVYI_TRY(call_inside(k, layer, node, &inner, err));
    if (node->out[0].result < 0)
        return CVY_OK;
    CVYI_TRY(remark_on_statistics(k, layer, first_call, err));
    return wait_joined(&node->out[0], k, &time, in, err);
}
