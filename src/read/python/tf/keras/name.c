/*
 * read/python/tf/keras/name.c - names of Keras: those that moved between its
 * versions, what a package has, and what its backend calls its operations.
 */
#include "read/python/tf/host.h"

#include <ctype.h>
#include <string.h>

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool among(const char *name, const char *const *list)
{
    while (*list != NULL && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

/* ---- where it stands today ---- */

static const char *const classes[] = { "Model", "Sequential", NULL };

/* keras.layers.convolutional.Conv2D: the last name counts. */
static const char *of_layers(const char *last)
{
    static const struct {
        const char *last, *now;
    } moved[] = {
        { "Input", "keras.Input" },
        { "Layer", "keras.layers.Layer" },
        { "Model", "keras.Model" },
        { "Sequential", "keras.Sequential" },
    };

    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
        if (strcmp(moved[i].last, last) == 0)
            return moved[i].now;
    return NULL;
}

const char *cvyi_tf_keras_canonical(cvyi_arena *arena, const char *dotted)
{
    static const char *const packages[] = { "keras.layers.", "keras.engine.",
                                            "keras.src.layers.",
                                            "keras.src.models.",
                                            "keras.models." };
    const char *const last = cvyi_call_last(dotted);

    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
        const char *now;

        if (!begins(dotted, packages[i]))
            continue;
        now = of_layers(last);
        if (now != NULL)
            return now;
        /* a submodule's class or function, and no submodule itself */
        if (begins(dotted, "keras.models.") ||
            last == dotted + strlen("keras.layers."))
            return dotted;
        if (last == dotted + strlen(packages[i]) && islower((int)*last))
            return dotted;
        return cvyi_arena_printf(arena, "keras.layers.%s", last);
    }
    return dotted;
}

/* ---- what a package has ---- */

bool cvyi_tf_keras_has(const char *dotted)
{
    static const char *const functions[] = {
        "load_model", "model_from_json", "model_from_yaml",
        "save_model", "clone_model",     "model_from_config",
        NULL
    };
    static const char *const joins[] = { "add",   "average",  "concatenate",
                                         "dot",   "maximum",  "minimum",
                                         "merge", "multiply", "subtract",
                                         NULL };
    static const char *const modules[] = { "advanced_activations",
                                           "convolutional",
                                           "core",
                                           "embeddings",
                                           "experimental",
                                           "local",
                                           "noise",
                                           "pooling",
                                           "normalization",
                                           "preprocessing",
                                           "recurrent",
                                           "wrappers",
                                           "convolutional_recurrent",
                                           NULL };
    const char *const last = cvyi_call_last(dotted);

    if (begins(dotted, "keras.models."))
        return among(last, classes) || among(last, functions) ||
               strcmp(last, "Input") == 0;
    if (begins(dotted, "keras.layers.") &&
        last == dotted + strlen("keras.layers."))
        return isupper((unsigned char)*last) || among(last, joins) ||
               among(last, modules);
    if (begins(dotted, "keras.optimizers.") ||
        begins(dotted, "keras.callbacks."))
        return isupper((unsigned char)*last) || !begins(last, "_");
    return true;
}

/* ---- the backend ---- */

const char *cvyi_tf_keras_backend(cvyi_arena *arena, const char *dotted)
{
    static const struct {
        const char *name, *now;
    } moved[] = {
        { "bias_add", "tf.nn.bias_add" },
        { "conv1d", "keras.ops.conv" },
        { "conv2d", "keras.ops.conv" },
        { "conv3d", "keras.ops.conv" },
        { "depthwise_conv2d", "keras.ops.depthwise_conv" },
        { "hard_sigmoid", "keras.activations.hard_sigmoid" },
        { "permute_dimensions", "keras.ops.transpose" },
        { "pow", "keras.ops.power" },
        { "dot", "keras.ops.matmul" },
        { "repeat_elements", "keras.ops.repeat" },
        { "relu", "keras.activations.relu" },
        { "sigmoid", "tf.sigmoid" },
        { "tanh", "tf.tanh" },
        { "clip", "keras.ops.clip" },
        { "l2_normalize", "tf.nn.l2_normalize" },
    };
    const char *const last = cvyi_call_last(dotted);

    if (!cvyi_call_is_below(dotted, "keras.backend"))
        return dotted;
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++)
        if (strcmp(moved[i].name, last) == 0)
            return moved[i].now;
    return cvyi_arena_printf(arena, "keras.ops.%s", last);
}
