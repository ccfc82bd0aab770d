/*
 * read/keras_wrapper.c - layers around a layer, as a config says them.
 *
 * { "class_name": "TimeDistributed", "config": { "name", "layer": {...} } }
 *
 * A wrapped layer is one row of the model's table: under the wrapper's name,
 * by which others call it, with the class, the config and the weights of the
 * layer inside:
 *
 *   /layers/time_distributed/vars              empty
 *   /layers/time_distributed/layer/vars/<i>    the layer's variables
 *   /layers/spectral_normalization/vars/<i>    the kernel once more, and a
 *                                              vector that only training uses
 *
 * Wrappers may stand in wrappers. How one is called is told in keras_time.c.
 */
#include "read/keras.h"

#include <string.h>

/* What the wrapper does to the call of the layer inside. */
typedef enum wrapping {
    OVER_TIME, /* axis 1 joins the batch */
    AS_IT_IS,  /* at inference */
} wrapping;

typedef struct wrapper {
    const char *class_name;
    wrapping does;
    const char *argument; /* that says nothing about inference, or NULL */
} wrapper;

static const wrapper wrappers[] = {
    { "TimeDistributed", OVER_TIME, NULL },
    { "SpectralNormalization", AS_IT_IS, "power_iterations" },
};

static const wrapper *find(const char *class_name)
{
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (strcmp(wrappers[i].class_name, class_name) == 0)
            return &wrappers[i];
    return NULL;
}

/* ---- the config ---- */

/* What is in the wrapper's config beside the layer inside. */
static bool is_known(const wrapper *w, const char *key)
{
    static const char *const common[] = { "name", "trainable", "dtype",
                                          "layer", "batch_input_shape" };

    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (strcmp(common[i], key) == 0)
            return true;
    return w->argument != NULL && strcmp(w->argument, key) == 0;
}

static cvy_status check_arguments(cvyi_keras *k, cvyi_keras_layer *layer,
                                  const wrapper *w, const cvyi_value *config,
                                  cvy_error *err)
{
    for (int i = 0; i < config->n; i++) {
        if (is_known(w, config->keys[i]))
            continue;

        const char *const reason = cvyi_arena_printf(
            k->arena, "%s has no argument %s", w->class_name, config->keys[i]);

        if (reason == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(cvyi_keras_refuse(
            k, layer,
            (cvyi_refusal){ CVYI_NOT_SUPPORTED, config->keys[i], reason,
                            "the file may be of a newer Keras than convey "
                            "knows: save it with one that it names in `convey "
                            "formats`" },
            err));
    }
    return cvyi_keras_dtype(k, layer, cvyi_get(config, "dtype"), err);
}

/* The layer inside must be as sound as a row of the table. */
static cvy_status check_inside(const cvyi_value *inside,
                               const cvyi_keras_layer *layer, cvy_error *err)
{
    const cvyi_value *const config = cvyi_get(inside, "config");
    const cvyi_value *const module = cvyi_get(inside, "module");

    if (cvyi_keras_name(cvyi_get(inside, "class_name")) == NULL ||
        config == NULL || config->kind != CVYI_DICT ||
        cvyi_keras_name(cvyi_get(config, "name")) == NULL ||
        (!cvyi_is_none(module) && cvyi_keras_name(module) == NULL))
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "a wrapper needs a layer with a class_name and a "
                            "config with a name");
    return CVY_OK;
}

/* The row becomes that of the layer inside. */
static cvy_status enter(cvyi_keras *k, cvyi_keras_layer *layer,
                        const wrapper *w, cvy_error *err)
{
    const cvyi_value *const inside = cvyi_get(layer->config, "layer");
    bool trainable = true;

    CVYI_TRY(check_inside(inside, layer, err));
    CVYI_TRY(check_arguments(k, layer, w, layer->config, err));
    layer->n_times += w->does == OVER_TIME;
    layer->spectral = layer->spectral || w->does == AS_IT_IS;
    layer->class_name = cvyi_as_text(cvyi_get(inside, "class_name"));
    layer->config = cvyi_get(inside, "config");
    layer->inside = cvyi_as_text(cvyi_get(layer->config, "name"));
    layer->role = cvyi_keras_role_of(cvyi_as_text(cvyi_get(inside, "module")),
                                     layer->class_name);
    (void)cvyi_as_bool(&trainable, cvyi_get(layer->config, "trainable"));
    layer->trainable = layer->trainable && trainable;
    layer->group = cvyi_arena_printf(k->arena, "%s/layer", layer->group);
    if (layer->group == NULL)
        return cvyi_no_memory(err);
    if (layer->role == CVYI_KERAS_INPUT || layer->role == CVYI_KERAS_OPERATION)
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "a wrapper around something that is no layer");
    return CVY_OK;
}

/* JSON bounds how deep wrappers may stand in wrappers, and a value's rank how
 * many of them may take an axis. */
static cvy_status unwrap(cvyi_keras *k, cvyi_keras_layer *layer,
                         cvy_error *err)
{
    const wrapper *w;

    while (layer->role == CVYI_KERAS_LAYER &&
           (w = find(layer->class_name)) != NULL) {
        if (layer->wrapper == NULL) {
            layer->wrapper = layer->class_name;
            layer->outer = layer->group;
        }
        layer->n_wrappers++;
        CVYI_TRY(enter(k, layer, w, err));
    }
    if (layer->n_times > CVYI_MAX_DIMS)
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "more than %d axes of time", CVYI_MAX_DIMS);
    return CVY_OK;
}

cvy_status cvyi_keras_unwrap(cvyi_keras_model *model, cvyi_keras *k,
                             cvy_error *err)
{
    for (int i = 0; i < model->n_layers; i++)
        CVYI_TRY(unwrap(k, &model->layers[i], err));
    return CVY_OK;
}

/* ---- weights ---- */

/* The wrapper's own variables, of which none is taken. */
static cvy_status check_vars(cvyi_keras *k, const cvyi_h5 *h5,
                             const cvyi_keras_layer *layer,
                             const cvyi_h5_node *vars, cvy_error *err)
{
    const int most = layer->spectral ? 2 : 0;
    const cvyi_h5_child *children;
    int n;

    CVYI_TRY(cvyi_h5_list(&children, &n, k->arena, h5, vars, err));
    if (n > most)
        return cvyi_fail_in(err, CVY_FORMAT, layer->outer,
                            "%d variables, of which the wrapper has only %d",
                            n, most);
    return CVY_OK;
}

cvy_status cvyi_keras_wrapped_group(cvyi_h5_node *out, cvyi_keras *k,
                                    const cvyi_h5 *h5,
                                    const cvyi_keras_layer *layer,
                                    const cvyi_h5_node *group, cvy_error *err)
{
    *out = *group;
    for (int depth = 0; depth < layer->n_wrappers; depth++) {
        const cvyi_h5_child *parts;
        cvyi_h5_node inside = { .kind = CVYI_H5_MISSING };
        int n;

        CVYI_TRY(cvyi_h5_list(&parts, &n, k->arena, h5, out, err));
        for (int i = 0; i < n; i++) {
            if (strcmp(parts[i].name, "layer") == 0)
                inside = parts[i].node;
            else if (strcmp(parts[i].name, "vars") == 0)
                CVYI_TRY(check_vars(k, h5, layer, &parts[i].node, err));
            else
                return cvyi_fail_in(err, CVY_FORMAT, layer->outer,
                                    "the weights have a part that the "
                                    "wrapper does not have");
        }
        *out = inside;
        if (inside.kind == CVYI_H5_MISSING)
            return CVY_OK;
    }
    return CVY_OK;
}
