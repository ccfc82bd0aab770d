/*
 * read/python/tf/cut.c - the network, cut out of the trace.
 *
 * Backwards from the outputs: what they need is copied into a graph of its
 * own. A bias that is added to a layer without one is the layer's; functions
 * in a row behind it that are activations belong to it. Names: cut_name.c.
 */
#include "read/python/tf/cut.h"

#include "graph/keep.h"
#include "read/python/tf/entry.h"
#include "read/python/tf/norm/norm.h"
#include "tensor/tensor.h"

#include <stdio.h>
#include <string.h>

typedef cvyi_tf_cutting cutting;

/* ---- what is needed ---- */

static cvy_status mark(cutting *c, const cvyi_py_value *value, int depth,
                       cvy_error *err)
{
    const int result = cvyi_tf_result(value);
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (c->n_outputs++ > 4096)
        return cvyi_py_refuse(c->eval, err, "the network gives too much");
    if (result >= 0) {
        c->wanted[result] = true;
        c->users[result]++;
        return CVY_OK;
    }
    if (cvyi_py_opaque(value) != NULL)
        return cvyi_py_refuse_opaque(c->eval, value, err);
    if (depth > 16 || (!list && value->type != CVYI_PY_V_DICT))
        return cvyi_py_refuse(c->eval, err, "the network gives %s",
                              cvyi_py_describe(c->eval, value));
    if (list)
        for (int i = 0; i < value->seq->n; i++)
            CVYI_TRY(mark(c, &value->seq->items[i], depth + 1, err));
    else
        for (int i = 0; i < value->map->n; i++)
            CVYI_TRY(mark(c, &value->map->values[i], depth + 1, err));
    return CVY_OK;
}

static void mark_calls(cutting *c)
{
    for (int i = c->from->n_calls - 1; i >= 0; i--) {
        const cvyi_call *const call = &c->from->calls[i];

        for (int k = 0; k < call->n_out; k++)
            c->needed[i] = c->needed[i] || c->wanted[call->out[k]];
        for (int k = 0; c->needed[i] && k < call->n_in; k++) {
            c->wanted[call->in[k]] = true;
            c->users[call->in[k]]++;
        }
    }
}

/* ---- biases ---- */

static int slot_at(const cvyi_op *op, const char *name)
{
    for (int i = 0; op->slots[i].name != NULL; i++)
        if (strcmp(op->slots[i].name, name) == 0)
            return i;
    return -1;
}

/* Its first parameter: a norm may be without its scale; -1: it has none. */
int cvyi_tf_first_param(const cvyi_call *call)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++)
        if (call->params[s] >= 0)
            return call->params[s];
    return -1;
}

/* Is the call nothing but a bias? */
bool cvyi_tf_is_bias(const cvyi_call *call)
{
    const cvyi_op *const op = call->attrs.op;

    return call->n_in == 1 && slot_at(op, "bias") == 0 &&
           op->slots[1].name == NULL && call->params[0] >= 0;
}

/* The layer before it that lacks a bias and is read by nothing else; -1. */
static int layer_before(const cutting *c, int i)
{
    const cvyi_call *const call = &c->from->calls[i];
    const int before = c->from->results[call->in[0]].call;
    const cvyi_call *layer;
    int at;

    if (before < 0 || c->users[call->in[0]] != 1)
        return -1;
    layer = &c->from->calls[before];
    at = slot_at(layer->attrs.op, "bias");
    return at > 0 && layer->params[at] < 0 && layer->params[0] >= 0 &&
                   (layer->axes == call->axes ||
                    c->from->results[call->in[0]].type.rank == 2)
               ? before
               : -1;
}

static void find_biases(cutting *c)
{
    for (int i = 0; i < c->from->n_calls; i++) {
        const int before = c->needed[i] && cvyi_tf_is_bias(&c->from->calls[i])
                               ? layer_before(c, i)
                               : -1;

        if (before >= 0 && c->biases[before] < 0)
            c->biases[before] = i;
    }
}

bool cvyi_tf_is_merged(const cutting *c, int i)
{
    const int before =
        cvyi_tf_is_bias(&c->from->calls[i]) ? layer_before(c, i) : -1;

    return before >= 0 && c->biases[before] == i;
}

/* ---- modules ---- */

/* The bias that was added behind a call, as a parameter of the trace; -1. */
static int added_bias(const cutting *c, int i)
{
    return c->biases[i] >= 0 ? c->from->calls[c->biases[i]].params[0] : -1;
}

/* The call that has the same weights and came before: -1. */
static int twin(const cutting *c, int i)
{
    const int *const params = c->from->calls[i].params;

    for (int k = 0; k < i; k++)
        if (c->modules[k] >= 0 &&
            cvyi_tf_first_param(&c->from->calls[k]) >= 0 &&
            memcmp(c->from->calls[k].params, params,
                   CVYI_MAX_SLOTS * sizeof *params) == 0 &&
            added_bias(c, k) == added_bias(c, i))
            return k;
    return -1;
}

/* The call before it, if this one is its activation: -1. */
static int activated(const cutting *c, int i)
{
    const cvyi_call *const call = &c->from->calls[i];
    char dotted[64];
    int before;

    snprintf(dotted, sizeof dotted, "tf.nn.%.50s", c->host->calls[i].word);
    if (call->n_in != 1 || cvyi_tf_first_param(call) >= 0 ||
        cvyi_call_word(dotted) == NULL || c->users[call->in[0]] != 1)
        return -1;
    before = c->from->results[call->in[0]].call;
    if (before >= 0 && cvyi_tf_is_merged(c, before))
        before = layer_before(c, before);
    return before >= 0 && cvyi_tf_first_param(&c->from->calls[before]) >= 0
               ? before
               : -1;
}

static cvy_status add_module(cutting *c, int i, cvy_error *err)
{
    const char *name;

    CVYI_TRY(cvyi_tf_cut_name(&name, c, i, err));
    return cvyi_graph_add_module(&c->modules[i], c->to, 0, CVYI_MODULE_LAYER,
                                 name, c->host->calls[i].word, err);
}

static cvy_status find_module(cutting *c, int i, bool *argument,
                              cvy_error *err)
{
    const int same = cvyi_tf_first_param(&c->from->calls[i]) >= 0
                         ? twin(c, i)
                         : cvyi_tf_keras_before(c->host, c->modules, i);
    const int before = activated(c, i);

    *argument = before >= 0 && c->modules[before] >= 0;
    if (same >= 0)
        c->modules[i] = c->modules[same];
    else if (*argument)
        c->modules[i] = c->modules[before];
    else if (i > 0 && c->modules[i - 1] >= 0 &&
             c->host->calls[i].group == c->host->calls[i - 1].group)
        c->modules[i] = c->modules[i - 1];
    else
        CVYI_TRY(add_module(c, i, err));
    return CVY_OK;
}

/* ---- weights ---- */

/* A script of TensorFlow adds to its loss what it says itself; Keras, what its
 * layers say. */
static cvy_status penalty_of(cvyi_param *param, cutting *c,
                             const cvyi_tf_variable *v, cvy_error *err)
{
    if (c->host->compiled.type != CVYI_PY_V_NONE)
        return CVY_OK;
    param->regulariser = NULL;
    return v->penalty == 0
               ? CVY_OK
               : cvyi_tf_make_config(&param->regulariser, c->eval, "L2", "l2",
                                     v->penalty, NULL, 0, err);
}

static cvy_status take_param(int *out, cutting *c, int param, cvy_error *err)
{
    enum { MOST = 1 << 30 };
    cvyi_param made = c->from->params[param];
    const cvyi_tf_variable *const v = c->host->params[param];
    size_t bytes;
    float *data;

    *out = c->params[param];
    if (*out >= 0)
        return CVY_OK;
    if (!cvyi_packed_size(&bytes, CVY_F32, v->shape.rank, v->shape.dims) ||
        bytes > MOST)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "the variable %s takes more than 1 GiB", v->name);
    CVYI_TRY(penalty_of(&made, c, v, err));
    made.trainable =
        made.trainable && !v->untrained &&
        !(v->owner != NULL && cvyi_tf_keras_frozen(c->host, v->owner));
    data = cvyi_arena_alloc(&c->to->arena, bytes > 0 ? bytes : 1, 1);
    if (data == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_tf_fill(data, &c->weights, c->eval, v,
                          (int64_t)(bytes / sizeof *data), err));
    made.stored = cvyi_packed(data, CVY_F32, v->shape.rank, v->shape.dims);
    CVYI_TRY(cvyi_graph_add_param(out, c->to, &made, err));
    c->params[param] = *out;
    return CVY_OK;
}

/* ---- calls ---- */

static cvy_status params_of(int *params, cutting *c, int i, cvy_error *err)
{
    const cvyi_call *const call = &c->from->calls[i];
    const int bias = added_bias(c, i);

    for (int s = 0; s < CVYI_MAX_SLOTS; s++) {
        params[s] = -1;
        if (call->params[s] >= 0)
            CVYI_TRY(take_param(&params[s], c, call->params[s], err));
    }
    if (bias < 0)
        return CVY_OK;
    return take_param(&params[slot_at(call->attrs.op, "bias")], c, bias, err);
}

/* A layer none of whose weights is trained is frozen; one of which some are
 * not is trained as a whole. */
static cvy_status freeze(cutting *c, const cvyi_call *call, cvy_error *err)
{
    cvyi_param *const params = c->to->params;
    int fixed = -1, trained = -1;

    for (int s = 0; call->attrs.op->slots[s].name != NULL; s++) {
        const int p = call->params[s];

        if (p < 0 || call->attrs.op->slots[s].statistic)
            continue;
        *(params[p].trainable ? &trained : &fixed) = p;
    }
    if (fixed < 0)
        return CVY_OK;
    if (trained < 0) {
        c->to->modules[call->module].frozen = true;
        return CVY_OK;
    }
    for (int s = 0; call->attrs.op->slots[s].name != NULL; s++)
        if (call->params[s] >= 0 && !call->attrs.op->slots[s].statistic)
            params[call->params[s]].trainable = true;
    return cvyi_tf_remark(c->eval, err,
                          "%s is not trained in the source; it is in the "
                          "written layer, as %s is",
                          params[fixed].name, params[trained].name);
}

static cvy_status copy_call(cutting *c, int i, cvy_error *err)
{
    const cvyi_call *const call = &c->from->calls[i];
    cvyi_attrs attrs = call->attrs;
    int *const in =
        cvyi_arena_alloc(c->host->arena, (size_t)call->n_in + 1, sizeof *in);
    int params[CVYI_MAX_SLOTS], index;
    cvyi_call *made;
    bool argument;

    if (in == NULL)
        return cvyi_no_memory(err);
    if (cvyi_tf_is_merged(c, i)) {
        c->results[call->out[0]] = c->results[call->in[0]];
        return CVY_OK;
    }
    for (int k = 0; k < call->n_in; k++)
        in[k] = c->results[call->in[k]];
    CVYI_TRY(find_module(c, i, &argument, err));
    CVYI_TRY(params_of(params, c, i, err));
    cvyi_tf_average_pace(&attrs, c->host, call);
    if (!cvyi_keep_attrs(&attrs, &c->to->arena, &c->to->sizes))
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_graph_add_call(&index, c->to, &attrs, call->axes, in,
                                 call->n_in, params, c->modules[i], err));
    made = &c->to->calls[index];
    made->argument = argument || call->argument;
    made->label = argument ? "activation" : call->label;
    made->where =
        cvyi_arena_printf(&c->to->arena, "%s:%d", c->host->calls[i].file,
                          c->host->calls[i].line);
    if (made->where == NULL || !cvyi_keep_text(&made->label, &c->to->arena))
        return cvyi_no_memory(err);
    for (int k = 0; k < call->n_out; k++)
        c->results[call->out[k]] = made->out[k];
    return freeze(c, made, err);
}

/* ---- inputs and outputs ---- */

/* A placeholder without a name has the script's. */
static const char *input_name(const cutting *c, int result)
{
    static const char unnamed[] = "Placeholder", keras[] = "input_";
    const char *const name = c->from->results[result].name;
    const char *const said = cvyi_tf_said(c->host, result);
    const char *const digits = name + sizeof keras - 1;

    if (said == NULL)
        return name;
    if (strncmp(name, keras, sizeof keras - 1) == 0 &&
        strspn(digits, "0123456789") == strlen(digits))
        return said;
    return strncmp(name, unnamed, sizeof unnamed - 1) == 0 ? said : name;
}

static cvy_status copy_input(cutting *c, int result, cvy_error *err)
{
    cvyi_type type = c->from->results[result].type;

    if (!c->wanted[result] || c->results[result] >= 0)
        return CVY_OK;
    if (!cvyi_keep_type(&type, &c->to->sizes))
        return cvyi_no_memory(err);
    return cvyi_graph_add_input(&c->results[result], c->to,
                                input_name(c, result), &type, err);
}

static cvy_status copy_inputs(cutting *c, cvy_error *err)
{
    cvyi_graph *const to = c->to;
    cvyi_tree *const leaves = cvyi_arena_alloc(
        &to->arena, (size_t)c->from->n_inputs + 1, sizeof *leaves);

    if (leaves == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < c->host->n_ordered; i++)
        CVYI_TRY(copy_input(c, c->host->ordered[i], err));
    for (int i = 0; i < c->from->n_inputs; i++)
        CVYI_TRY(copy_input(c, c->from->inputs[i], err));
    for (int i = 0; i < to->n_inputs; i++)
        leaves[i] =
            (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = to->inputs[i] };
    to->input_tree = to->n_inputs == 1 ? leaves[0]
                                       : (cvyi_tree){ .kind = CVYI_TREE_LIST,
                                                      .n = to->n_inputs,
                                                      .items = leaves };
    return to->n_inputs > 0
               ? CVY_OK
               : cvyi_py_refuse(c->eval, err,
                                "the network depends on no input");
}

static cvy_status plant(cvyi_tree *out, cutting *c, const cvyi_py_value *value,
                        cvy_error *err)
{
    const bool dict = value->type == CVYI_PY_V_DICT;
    const int result = cvyi_tf_result(value);
    const int n = result >= 0 ? 0 : dict ? value->map->n : value->seq->n;
    cvyi_arena *const arena = &c->to->arena;
    cvyi_tree *const items =
        cvyi_arena_alloc(arena, (size_t)n + 1, sizeof *items);
    const char **const keys =
        cvyi_arena_alloc(arena, (size_t)n + 1, sizeof *keys);

    if (items == NULL || keys == NULL)
        return cvyi_no_memory(err);
    if (result >= 0) {
        *out = (cvyi_tree){ .kind = CVYI_TREE_SINGLE,
                            .result = c->results[result] };
        return CVY_OK;
    }
    for (int i = 0; i < n; i++) {
        CVYI_TRY(plant(&items[i], c,
                       dict ? &value->map->values[i] : &value->seq->items[i],
                       err));
        if (!dict)
            continue;
        if (value->map->keys[i].type != CVYI_PY_V_TEXT)
            return cvyi_py_refuse(c->eval, err,
                                  "the network gives a dict with a key that "
                                  "is no text");
        keys[i] = value->map->keys[i].text;
        if (!cvyi_keep_text(&keys[i], arena))
            return cvyi_no_memory(err);
    }
    *out = (cvyi_tree){ .kind = dict ? CVYI_TREE_DICT : CVYI_TREE_LIST,
                        .n = n,
                        .items = items,
                        .keys = dict ? keys : NULL };
    return CVY_OK;
}

/* ---- the whole ---- */

static int *none(cutting *c, int n)
{
    int *const all =
        cvyi_arena_alloc(c->host->arena, (size_t)n + 1, sizeof *all);

    for (int i = 0; all != NULL && i <= n; i++)
        all[i] = -1;
    return all;
}

static cvy_status open(cutting *c, cvy_error *err)
{
    cvyi_arena *const arena = c->host->arena;
    const size_t calls = (size_t)c->from->n_calls + 1;
    const size_t results = (size_t)c->from->n_results + 1;

    c->needed = cvyi_arena_alloc(arena, calls, sizeof *c->needed);
    c->wanted = cvyi_arena_alloc(arena, results, sizeof *c->wanted);
    c->users = cvyi_arena_alloc(arena, results, sizeof *c->users);
    c->results = none(c, c->from->n_results);
    c->params = none(c, c->from->n_params);
    c->modules = none(c, c->from->n_calls);
    c->biases = none(c, c->from->n_calls);
    return c->needed != NULL && c->wanted != NULL && c->users != NULL &&
                   c->results != NULL && c->params != NULL &&
                   c->modules != NULL && c->biases != NULL
               ? CVY_OK
               : cvyi_no_memory(err);
}

static cvy_status fill(cutting *c, const cvyi_py_value *outputs,
                       cvy_error *err)
{
    int model;

    CVYI_TRY(open(c, err));
    if (c->host->arrays != NULL && c->host->arrays->of_layers)
        CVYI_TRY(cvyi_tf_keras_find_stored(c->eval, err));
    CVYI_TRY(mark(c, outputs, 0, err));
    mark_calls(c);
    find_biases(c);
    c->skip = cvyi_tf_keras_skip(c->host, c->needed);
    CVYI_TRY(cvyi_graph_add_module(&model, c->to, -1, CVYI_MODULE_MODEL,
                                   "model", NULL, err));
    CVYI_TRY(copy_inputs(c, err));
    for (int i = 0; i < c->from->n_calls; i++)
        if (c->needed[i])
            CVYI_TRY(copy_call(c, i, err));
    CVYI_TRY(plant(&c->to->output_tree, c, outputs, err));
    CVYI_TRY(cvyi_tf_weights_told(&c->weights, c->eval, err));
    return cvyi_graph_check(c->to, err);
}

cvy_status cvyi_tf_cut(cvyi_graph **out, cvyi_py_eval *eval,
                       const cvyi_py_value *outputs, cvy_error *err)
{
    cutting c = { .eval = eval,
                  .host = cvyi_tf_of(eval),
                  .from = cvyi_tf_of(eval)->trace,
                  .weights = { .arrays = cvyi_tf_of(eval)->arrays,
                               .seed = CVYI_TF_SEED } };
    cvy_status status;

    CVYI_TRY(cvyi_graph_open(&c.to, "model", err));
    c.to->dialect = cvyi_tf_dialect_name(&c.host->dialect);
    if (c.host->dialect.version != NULL) {
        const char *const version = c.host->dialect.version;

        c.to->version =
            cvyi_arena_text(&c.to->arena, version, strlen(version));
        if (c.to->version == NULL) {
            cvyi_graph_close(c.to);
            return cvyi_no_memory(err);
        }
    }
    status = fill(&c, outputs, err);
    if (status == CVY_OK)
        *out = c.to;
    else
        cvyi_graph_close(c.to);
    return status;
}
