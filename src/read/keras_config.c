/*
 * read/keras_config.c - a Keras model from its config.
 *
 * { "module", "class_name", "config": { "name", "layers": [...], ... },
 *   "compile_config" }
 *
 * The whole model and those inside it are opened alike. A class of the
 * model's own hides what it computes and is refused.
 */
#include "read/keras.h"

#include <string.h>

const char *cvyi_keras_where(const cvyi_keras_model *model, cvyi_keras *k,
                             const char *member)
{
    return cvyi_arena_printf(k->arena, "%s%s%s", model->where,
                             model->self == NULL ? ": " : ".", member);
}

/* ---- opening ---- */

static cvy_status open_inner(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvy_error *err)
{
    cvyi_keras_model *const inner =
        cvyi_arena_alloc(k->arena, 1, sizeof *inner);

    if (inner == NULL)
        return cvyi_no_memory(err);
    *inner = (cvyi_keras_model){
        .self = layer,
        .name = layer->name,
        .where = layer->where,
        .prefix = cvyi_arena_printf(k->arena, "%s%s/", layer->home->prefix,
                                    layer->name),
        .group = cvyi_arena_printf(k->arena, "%s/", layer->group),
        .config = layer->config,
        .trainable = layer->home->trainable && layer->trainable,
        .sequential = strcmp(layer->class_name, "Sequential") == 0,
    };
    if (inner->prefix == NULL || inner->group == NULL)
        return cvyi_no_memory(err);
    k->n_inner++;
    CVYI_TRY(cvyi_keras_open(inner, k, err));
    layer->inner = inner;
    return CVY_OK;
}

/* One visit of a model costs at least what its calls and their tensors do. */
static int64_t cost_of(const cvyi_keras_model *model)
{
    int64_t cost = model->n_layers;

    for (int i = 0; i < model->n_layers; i++)
        for (int n = 0; n < model->layers[i].n_nodes; n++) {
            const cvyi_keras_node *const node = &model->layers[i].nodes[n];
            const bool operation =
                model->layers[i].role == CVYI_KERAS_OPERATION;

            cost += node->n_edges + (operation ? node->n_out : 1);
        }
    return cost;
}

/* Does each member hand one tensor to the next? */
static bool is_chain(const cvyi_keras_model *model)
{
    for (int i = 0; i < model->n_layers; i++)
        if (model->layers[i].nodes[0].n_out != 1)
            return false;
    return true;
}

/* A Sequential as what it is a short form of. */
static cvy_status open_sequential(cvyi_keras_model *model, cvyi_keras *k,
                                  cvy_error *err)
{
    const int last = model->n_layers - 1;
    const cvyi_keras_model *inner;
    cvyi_keras_edge *order, *outs;
    int *ins;

    CVYI_TRY(cvyi_keras_chain(model, k, err));
    inner = model->layers[last].inner;
    model->n_in = 1;
    model->n_out = model->layers[last].nodes[0].n_out;
    if (inner != NULL)
        model->output_tree = inner->output_tree;
    model->n_order = model->n_layers;
    order = cvyi_arena_alloc(k->arena, (size_t)model->n_order, sizeof *order);
    outs = cvyi_arena_alloc(k->arena, (size_t)model->n_out, sizeof *outs);
    ins = cvyi_arena_alloc(k->arena, 1, sizeof *ins);
    if (order == NULL || outs == NULL || ins == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < model->n_order; i++)
        order[i].layer = i;
    for (int i = 0; i < model->n_out; i++)
        outs[i] = (cvyi_keras_edge){ last, 0, i, NULL };
    model->chain = is_chain(model);
    model->order = order;
    model->outs = outs;
    model->ins = ins;
    return CVY_OK;
}

/* JSON bounds how deep models may stand in models. */
cvy_status cvyi_keras_open(cvyi_keras_model *model, cvyi_keras *k,
                           cvy_error *err)
{
    CVYI_TRY(cvyi_keras_table(model, k, err));
    CVYI_TRY(cvyi_keras_unwrap(model, k, err));
    for (int i = 0; i < model->n_layers; i++)
        if (model->layers[i].role == CVYI_KERAS_MODEL)
            CVYI_TRY(open_inner(k, &model->layers[i], err));
    CVYI_TRY((model->sequential ? open_sequential
                                : cvyi_keras_functional)(model, k, err));
    CVYI_TRY(cvyi_keras_sorted(&model->out_sorted, k->arena,
                               &model->output_tree, err));
    model->cost = cost_of(model);
    return CVY_OK;
}

/* ---- the whole model ---- */

typedef enum shape_of_model { SEQUENTIAL, FUNCTIONAL, OTHER } shape_of_model;

static shape_of_model model_kind(const cvyi_value *model)
{
    const char *const module = cvyi_as_text(cvyi_get(model, "module"));
    const cvyi_value *const class_name = cvyi_get(model, "class_name");

    if (module == NULL || (strcmp(module, "keras") != 0 &&
                           strncmp(module, "keras.models", 12) != 0 &&
                           strncmp(module, "keras.src.models", 16) != 0))
        return OTHER;
    if (cvyi_is_text(class_name, "Sequential"))
        return SEQUENTIAL;
    return cvyi_is_text(class_name, "Functional") ||
                   cvyi_is_text(class_name, "Model")
               ? FUNCTIONAL
               : OTHER;
}

static cvy_status refuse_model(cvyi_keras *k, cvy_error *err)
{
    return cvyi_keras_refuse(
        k, NULL,
        (cvyi_refusal){ CVYI_UNKNOWN_CALL, "",
                        "the model is of a class of its own, whose code is "
                        "not in the file",
                        "build it as a Sequential or a functional Model and "
                        "save that" },
        err);
}

/* Keras puts a Sequential's own name before those of its layers. */
static cvy_status name_whole(cvyi_keras *k, const cvyi_value *config,
                             cvy_error *err)
{
    cvyi_keras_model *const whole = &k->whole;

    whole->config = config;
    whole->where = k->where;
    whole->group = "";
    whole->name = cvyi_keras_name(cvyi_get(config, "name"));
    if (whole->name == NULL)
        whole->name = "model";
    whole->prefix = whole->sequential
                        ? cvyi_arena_printf(k->arena, "%s/", whole->name)
                        : "";
    whole->trainable = true;
    (void)cvyi_as_bool(&whole->trainable, cvyi_get(config, "trainable"));
    return whole->prefix != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status open_root(cvyi_keras *k, cvy_error *err)
{
    const cvyi_keras_model *const whole = &k->whole;
    cvyi_module *root;
    int at;

    CVYI_TRY(cvyi_graph_add_module(
        &at, k->graph, -1, CVYI_MODULE_MODEL, whole->name,
        whole->sequential ? "Sequential" : "Functional", err));
    root = &k->graph->modules[at];
    root->where = k->where;
    root->frozen = !whole->trainable;
    return cvyi_keras_dtype(k,
                            &(cvyi_keras_layer){ .name = whole->name,
                                                 .path = whole->name,
                                                 .where = k->where },
                            cvyi_get(whole->config, "dtype"), err);
}

static cvy_status never_built(cvyi_keras *k, cvy_error *err)
{
    return cvyi_keras_refuse(
        k, NULL,
        (cvyi_refusal){ CVYI_ILLEGAL_IN_SOURCE, "",
                        "the model was never built: it does not say what "
                        "shape its input has",
                        "call model.build((None, ...)) and save it again" },
        err);
}

static cvy_status feed_all(cvyi_keras_value *in, cvyi_keras *k, cvy_error *err)
{
    const cvyi_keras_model *const whole = &k->whole;

    for (int i = 0; i < whole->n_in; i++) {
        cvyi_keras_layer *const layer = &whole->layers[whole->ins[i]];

        in[i] = (cvyi_keras_value){ .result = -1 };
        if (layer->entry == NULL && cvyi_is_none(layer->shape))
            CVYI_TRY(never_built(k, err));
        else
            CVYI_TRY(cvyi_keras_feed(&in[i], k, layer, err));
    }
    return CVY_OK;
}

static cvy_status compute(cvyi_keras *k, cvy_error *err)
{
    const cvyi_keras_model *const whole = &k->whole;
    cvyi_graph *const graph = k->graph;
    cvyi_keras_value *const in =
        cvyi_arena_alloc(k->arena, (size_t)whole->n_in, sizeof *in);
    cvyi_keras_value *const out =
        cvyi_arena_alloc(k->arena, (size_t)whole->n_out, sizeof *out);

    if (in == NULL || out == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(feed_all(in, k, err));
    CVYI_TRY(cvyi_keras_visit(out, k, &k->whole, in, err));
    CVYI_TRY(cvyi_keras_transplant(&graph->input_tree, &graph->arena,
                                   &whole->input_tree, in, err));
    return cvyi_keras_transplant(&graph->output_tree, &graph->arena,
                                 &whole->output_tree, out, err);
}

cvy_status cvyi_keras_read(cvyi_keras *k, const cvyi_value *model,
                           cvy_error *err)
{
    const cvyi_value *const config = cvyi_get(model, "config");
    const cvyi_value *const training = cvyi_get(model, "compile_config");
    const shape_of_model kind = model_kind(model);

    if (config == NULL || config->kind != CVYI_DICT ||
        cvyi_as_text(cvyi_get(model, "class_name")) == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, k->where,
                            "a model needs a class_name and a config");
    k->whole.sequential = kind == SEQUENTIAL;
    CVYI_TRY(name_whole(k, config, err));
    if (kind == OTHER)
        return refuse_model(k, err);
    CVYI_TRY(open_root(k, err));
    CVYI_TRY(cvyi_keras_open(&k->whole, k, err));
    if (k->whole.chain)
        k->graph->modules[0].kind = CVYI_MODULE_SEQUENTIAL;
    CVYI_TRY(compute(k, err));
    if (k->findings->n_refusals == 0)
        CVYI_TRY(k->store.layout->check(k, err));
    if (training != NULL && training->kind == CVYI_DICT && training->n > 0)
        k->graph->training = training;
    return CVY_OK;
}
