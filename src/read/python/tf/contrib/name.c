/* read/python/tf/contrib/name.c - the words of tf.contrib.layers and slim. */
#include "read/keras.h"
#include "read/python/tf/contrib/contrib.h"

#include <string.h>

/* ---- the words ---- */

#define TAIL                                                             \
    "activation_fn normalizer_fn normalizer_params weights_initializer " \
    "weights_regularizer biases_initializer biases_regularizer reuse "   \
    "variables_collections outputs_collections trainable scope"
#define CONV \
    "inputs num_outputs kernel_size stride padding data_format rate " TAIL
#define TRANSPOSE \
    "inputs num_outputs kernel_size stride padding data_format " TAIL
#define POOL \
    "inputs kernel_size stride padding data_format outputs_collections scope"

static const cvyi_tf_contrib_word words[] = {
    { "convolution", CONV " conv_dims", "Conv", true, cvyi_tf_contrib_conv },
    { "convolution1d", CONV, "Conv", true, cvyi_tf_contrib_conv },
    { "convolution2d", CONV, "Conv", true, cvyi_tf_contrib_conv },
    { "convolution3d", CONV, "Conv", true, cvyi_tf_contrib_conv },
    { "convolution2d_transpose", TRANSPOSE, "Conv2d_transpose", true,
      cvyi_tf_contrib_transpose },
    { "convolution3d_transpose", TRANSPOSE, "Conv3d_transpose", true,
      cvyi_tf_contrib_transpose },
    { "separable_convolution2d",
      "inputs num_outputs kernel_size depth_multiplier stride padding "
      "data_format rate activation_fn normalizer_fn normalizer_params "
      "weights_initializer pointwise_initializer weights_regularizer "
      "biases_initializer biases_regularizer reuse variables_collections "
      "outputs_collections trainable scope",
      "SeparableConv2d", true, cvyi_tf_contrib_separable },
    { "fully_connected", "inputs num_outputs " TAIL, "fully_connected", true,
      cvyi_tf_contrib_dense },
    { "batch_norm",
      "inputs decay center scale epsilon activation_fn param_initializers "
      "param_regularizers updates_collections is_training reuse "
      "variables_collections outputs_collections trainable batch_weights "
      "fused data_format zero_debias_moving_mean scope renorm "
      "renorm_clipping renorm_decay adjustment",
      "BatchNorm", true, cvyi_tf_contrib_batch },
    { "layer_norm",
      "inputs center scale activation_fn reuse variables_collections "
      "outputs_collections trainable begin_norm_axis begin_params_axis scope",
      "LayerNorm", true, cvyi_tf_contrib_layer_norm },
    { "instance_norm",
      "inputs center scale epsilon activation_fn param_initializers reuse "
      "variables_collections outputs_collections trainable data_format scope",
      "InstanceNorm", true, cvyi_tf_contrib_instance },
    { "group_norm",
      "inputs groups channels_axis reduction_axes center scale epsilon "
      "activation_fn param_initializers reuse variables_collections "
      "outputs_collections trainable scope mean_close_to_zero",
      "GroupNorm", true, cvyi_tf_contrib_group },
    { "bias_add",
      "inputs activation_fn initializer regularizer reuse "
      "variables_collections outputs_collections trainable data_format scope",
      "BiasAdd", true, cvyi_tf_contrib_bias },
    { "max_pool2d", POOL, "MaxPool2D", false, cvyi_tf_contrib_pool },
    { "max_pool3d", POOL, "MaxPool3D", false, cvyi_tf_contrib_pool },
    { "avg_pool2d", POOL, "AvgPool2D", false, cvyi_tf_contrib_pool },
    { "avg_pool3d", POOL, "AvgPool3D", false, cvyi_tf_contrib_pool },
    { "pool",
      "inputs kernel_size pooling_type padding data_format dilation_rate "
      "stride outputs_collections scope",
      "pool", false, cvyi_tf_contrib_pool },
    { "flatten", "inputs outputs_collections scope", "Flatten", false,
      cvyi_tf_contrib_flatten },
    { "dropout",
      "inputs keep_prob noise_shape is_training outputs_collections scope "
      "seed",
      "Dropout", true, cvyi_tf_contrib_dropout },
    { "softmax", "inputs scope", "softmax", true, cvyi_tf_contrib_softmax },
    { "unit_norm", "inputs dim epsilon scope", "UnitNorm", true,
      cvyi_tf_contrib_unit },
    { "embed_sequence",
      "inputs vocab_size embed_dim unique initializer regularizer trainable "
      "scope reuse",
      "EmbedSequence", true, cvyi_tf_contrib_embed },
};

/* Second names, and functions with an activation of their own. */
static const struct {
    const char *name, *word;
    const char *activation; /* "": none; NULL: as is said */
} others[] = {
    { "conv1d", "convolution1d", NULL },
    { "conv2d", "convolution2d", NULL },
    { "conv3d", "convolution3d", NULL },
    { "conv2d_transpose", "convolution2d_transpose", NULL },
    { "conv3d_transpose", "convolution3d_transpose", NULL },
    { "separable_conv2d", "separable_convolution2d", NULL },
    { "linear", "fully_connected", "" },
    { "relu", "fully_connected", "tensorflow.nn.relu" },
    { "relu6", "fully_connected", "tensorflow.nn.relu6" },
    { "elu", "fully_connected", "tensorflow.nn.elu" },
};

/* ---- names ---- */

/* Packages between contrib and its functions. */
static bool is_package(const char *part, size_t n)
{
    static const char *const names[] = {
        "contrib",       "slim",      "layers",      "framework",
        "python",        "ops",       "utils",       "initializers",
        "variables",     "arg_scope", "convolution", "regularizers",
        "normalization",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncmp(names[i], part, n) == 0)
            return true;
    return false;
}

const char *cvyi_tf_contrib_last(const char *dotted)
{
    const char *part = dotted + strlen("tf.contrib.");

    if (!cvyi_call_is_below(dotted, "tf.contrib.slim") &&
        !cvyi_call_is_below(dotted, "tf.contrib.layers") &&
        !cvyi_call_is_below(dotted, "tf.contrib.framework"))
        return NULL;
    for (;;) {
        const size_t n = strcspn(part, ".");

        if (part[n] == '\0')
            return part;
        if (!is_package(part, n))
            return NULL;
        part += n + 1;
    }
}

static const char *word_name(const char **activation, const char *last)
{
    *activation = NULL;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].name, last) == 0) {
            *activation = others[i].activation;
            return others[i].word;
        }
    return last;
}

const cvyi_tf_contrib_word *cvyi_tf_contrib_find(const char **activation,
                                                 const char *dotted)
{
    const char *const last = cvyi_tf_contrib_last(dotted);
    const char *const name = last != NULL ? word_name(activation, last) : NULL;

    for (size_t i = 0; name != NULL && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    return NULL;
}

const char *cvyi_tf_contrib_function_name(const char *dotted)
{
    const char *activation;
    const cvyi_tf_contrib_word *const w =
        cvyi_tf_contrib_find(&activation, dotted);

    return w != NULL ? w->name : NULL;
}

const void *cvyi_tf_contrib_key(const char *dotted)
{
    const char *activation;

    return cvyi_tf_contrib_find(&activation, dotted);
}

/* Is it a scope by default, with a number behind it or not? */
static bool is_default(const char *part, size_t n)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t m = strlen(words[i].scope);
        const size_t digits =
            m < n && part[m] == '_' ? strspn(part + m + 1, "0123456789") : 0;

        if (words[i].variables && m <= n &&
            strncmp(words[i].scope, part, m) == 0 &&
            (m == n || (digits > 0 && m + 1 + digits == n)))
            return true;
    }
    return false;
}

const char *cvyi_tf_contrib_plain(cvyi_arena *arena, const char *scope)
{
    const char *made = "";

    while (made != NULL) {
        const size_t n = strcspn(scope, "/");
        const char *part = cvyi_arena_text(arena, scope, n);

        if (part != NULL && is_default(scope, n))
            part = cvyi_keras_snake(arena, part);
        made = part != NULL ? cvyi_arena_printf(arena, "%s%s%s", made,
                                                *made != '\0' ? "/" : "", part)
                            : NULL;
        if (scope[n] == '\0')
            break;
        scope += n + 1;
    }
    return made;
}
