/*
 * read/keras_config.c - a whole Keras 3 model from its config.
 *
 * { "module", "class_name", "config": { "name", "layers": [...], ... },
 *   "compile_config" }
 *
 * The class decides: a Sequential is walked here, a Functional along its
 * calls; a class of the model's own hides what it computes and is refused.
 */
#include "read/keras.h"

#include <string.h>

/* ---- Sequential ---- */

/* The shape of what flows in, where no InputLayer says it. */
static const cvyi_value *shape_of_input(const cvyi_keras *k,
                                        const cvyi_value *config)
{
    const cvyi_keras_layer *const first = &k->layers[0];
    const cvyi_value *shape = cvyi_get(config, "build_input_shape");

    if (cvyi_is_none(shape))
        shape =
            cvyi_get(cvyi_get(first->entry, "build_config"), "input_shape");
    if (cvyi_is_none(shape))
        shape = cvyi_get(first->config, "batch_shape");
    return shape;
}

static cvy_status open_sequential(cvyi_keras_value *out, int *first,
                                  cvyi_keras *k, const cvyi_value *config,
                                  cvy_error *err)
{
    cvyi_keras_layer unnamed = { .name = "input_layer",
                                 .where = "config.json: build_input_shape",
                                 .value = { .result = -1 } };
    cvyi_keras_layer *input = &k->layers[0];
    const cvyi_value *shape = shape_of_input(k, config);

    *first = input->role == CVYI_KERAS_INPUT ? 1 : 0;
    if (*first == 1)
        shape = cvyi_get(input->config, "batch_shape");
    else if (cvyi_is_none(shape))
        return cvyi_keras_refuse(
            k, NULL,
            (cvyi_refusal){ CVYI_ILLEGAL_IN_SOURCE, "",
                            "the model was never built: it does not say what "
                            "shape its input has",
                            "call model.build((None, ...)) and save it "
                            "again" },
            err);
    else
        input = &unnamed;
    CVYI_TRY(cvyi_keras_feed(input, k, shape, err));
    *out = input->value;
    return CVY_OK;
}

static cvy_status walk_sequential(cvyi_keras *k, const cvyi_value *config,
                                  cvy_error *err)
{
    cvyi_keras_value value = { .result = -1 };
    int first;

    CVYI_TRY(open_sequential(&value, &first, k, config, err));

    const int input = value.result;

    for (int i = first; i < k->n_layers; i++) {
        cvyi_keras_layer *const layer = &k->layers[i];

        if (layer->role == CVYI_KERAS_INPUT)
            return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                                "an input in the middle of a Sequential");
        if (!value.typed)
            value = cvyi_keras_recorded(
                k, cvyi_get(cvyi_get(layer->entry, "build_config"),
                            "input_shape"));
        CVYI_TRY(cvyi_keras_call(k, layer, &value, 1, err));
        value = layer->value;
    }
    k->graph->input_tree =
        (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = input };
    k->graph->output_tree =
        (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = value.result };
    return CVY_OK;
}

/* ---- the model ---- */

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

static cvy_status open_model(cvyi_keras *k, const cvyi_value *config,
                             cvy_error *err)
{
    cvyi_module *root;
    int at;

    k->trainable = true;
    (void)cvyi_as_bool(&k->trainable, cvyi_get(config, "trainable"));
    CVYI_TRY(cvyi_graph_add_module(
        &at, k->graph, -1,
        k->sequential ? CVYI_MODULE_SEQUENTIAL : CVYI_MODULE_MODEL, k->name,
        k->sequential ? "Sequential" : "Functional", err));
    root = &k->graph->modules[at];
    root->where = "config.json";
    root->frozen = !k->trainable;
    return CVY_OK;
}

cvy_status cvyi_keras_model(cvyi_keras *k, const cvyi_value *model,
                            cvy_error *err)
{
    const cvyi_value *const config = cvyi_get(model, "config");
    const cvyi_value *const training = cvyi_get(model, "compile_config");
    const shape_of_model kind = model_kind(model);

    if (config == NULL || config->kind != CVYI_DICT ||
        cvyi_as_text(cvyi_get(model, "class_name")) == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, "config.json",
                            "a model needs a class_name and a config");
    k->name = cvyi_keras_name(cvyi_get(config, "name"));
    if (k->name == NULL)
        k->name = "model";
    if (kind == OTHER)
        return refuse_model(k, err);
    k->sequential = kind == SEQUENTIAL;
    CVYI_TRY(open_model(k, config, err));
    CVYI_TRY(cvyi_keras_dtype(
        k, &(cvyi_keras_layer){ .name = k->name, .where = "config.json" },
        cvyi_get(config, "dtype"), err));
    CVYI_TRY(cvyi_keras_table(k, cvyi_get(config, "layers"), err));
    CVYI_TRY(k->sequential ? walk_sequential(k, config, err)
                           : cvyi_keras_functional(k, config, err));
    if (k->findings->n_refusals == 0)
        CVYI_TRY(cvyi_keras_weights_check(k, err));
    if (training != NULL && training->kind == CVYI_DICT && training->n > 0)
        k->graph->training = training;
    return CVY_OK;
}
