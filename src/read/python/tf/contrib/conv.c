/* read/python/tf/contrib/conv.c - contrib's layers with weights. */
#include "read/python/tf/contrib/contrib.h"

#include <ctype.h>
#include <string.h>

/* ---- what they have in common ---- */

static const char *spatial(const cvyi_tf_contrib_call *call, const char *one,
                           const char *two, const char *three)
{
    return call->rank == 3   ? one
           : call->rank == 4 ? two
           : call->rank == 5 ? three
                             : NULL;
}

/* 'SAME' is Keras' 'same'. */
static cvy_status put_padding(cvyi_tf_contrib_layer *layer,
                              const cvyi_tf_contrib_call *call,
                              const char *fallback, cvy_error *err)
{
    const cvyi_py_value *const given = cvyi_tf_contrib_arg(call, "padding");
    const char *const text = given != NULL ? cvyi_tf_text(given) : fallback;
    char *lower;
    cvyi_py_value value;

    if (text == NULL)
        return cvyi_py_refuse(call->eval, err, "the padding of %s is no word",
                              call->name);
    lower = cvyi_arena_text(call->host->arena, text, strlen(text));
    if (lower == NULL)
        return cvyi_no_memory(err);
    for (char *p = lower; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    CVYI_TRY(cvyi_py_make_text(&value, call->eval, lower, strlen(lower), err));
    cvyi_tf_contrib_put(layer, "padding", value);
    return CVY_OK;
}

/* Strides, border and order of axes. */
static cvy_status put_window(cvyi_tf_contrib_layer *layer,
                             const cvyi_tf_contrib_call *call, int stride,
                             const char *padding, cvy_error *err)
{
    const char *const axes =
        cvyi_tf_contrib_first(call) ? "channels_first" : "channels_last";
    const cvyi_py_value one = cvyi_py_int(stride);
    cvyi_py_value format;

    cvyi_tf_contrib_take(layer, "strides", call, "stride", &one);
    CVYI_TRY(put_padding(layer, call, padding, err));
    CVYI_TRY(cvyi_py_make_text(&format, call->eval, axes, strlen(axes), err));
    cvyi_tf_contrib_put(layer, "data_format", format);
    return CVY_OK;
}

/* A normaliser has an offset of its own. */
static void put_bias(cvyi_tf_contrib_layer *layer,
                     const cvyi_tf_contrib_call *call)
{
    const bool bias = cvyi_tf_contrib_arg(call, "normalizer_fn") == NULL &&
                      !cvyi_tf_contrib_none(call, "biases_initializer");

    cvyi_tf_contrib_put(layer, "use_bias", cvyi_py_bool(bias));
    if (!bias)
        return;
    cvyi_tf_contrib_take(layer, "bias_initializer", call, "biases_initializer",
                         NULL);
    cvyi_tf_contrib_take(layer, "bias_regularizer", call, "biases_regularizer",
                         NULL);
}

/* Without an initialiser Keras draws as xavier_initializer does. */
static void put_kernel(cvyi_tf_contrib_layer *layer,
                       const cvyi_tf_contrib_call *call)
{
    cvyi_tf_contrib_take(layer, "kernel_initializer", call,
                         "weights_initializer", NULL);
    cvyi_tf_contrib_take(layer, "kernel_regularizer", call,
                         "weights_regularizer", NULL);
    put_bias(layer, call);
}

static cvy_status need(const cvyi_tf_contrib_call *call, const char *name,
                       cvy_error *err)
{
    return cvyi_tf_contrib_arg(call, name) != NULL
               ? CVY_OK
               : cvyi_py_refuse(call->eval, err, "%s without its %s",
                                call->name, name);
}

static cvy_status need_rank(const cvyi_tf_contrib_call *call,
                            const char *dotted, cvy_error *err)
{
    return dotted != NULL ? CVY_OK
                          : cvyi_py_refuse(call->eval, err, "%s of %d axes",
                                           call->name, call->rank);
}

static cvy_status finish(cvyi_py_value *out, const cvyi_tf_contrib_call *call,
                         const cvyi_tf_contrib_layer *layer, cvy_error *err)
{
    CVYI_TRY(cvyi_tf_contrib_run(out, call, layer, call->x, err));
    return cvyi_tf_contrib_finish(out, call, true, err);
}

/* ---- the layers ---- */

cvy_status cvyi_tf_contrib_conv(cvyi_py_value *out,
                                const cvyi_tf_contrib_call *call,
                                cvy_error *err)
{
    const char of = call->name[strlen("convolution")];
    cvyi_tf_contrib_layer layer = {
        .dotted = spatial(call, "keras.layers.Conv1D", "keras.layers.Conv2D",
                          "keras.layers.Conv3D")
    };

    if (of != '\0' && call->rank != of - '0' + 2)
        layer.dotted = NULL;
    CVYI_TRY(need_rank(call, layer.dotted, err));
    CVYI_TRY(need(call, "num_outputs", err));
    CVYI_TRY(need(call, "kernel_size", err));
    cvyi_tf_contrib_take(&layer, "filters", call, "num_outputs", NULL);
    cvyi_tf_contrib_take(&layer, "kernel_size", call, "kernel_size", NULL);
    cvyi_tf_contrib_take(&layer, "dilation_rate", call, "rate", NULL);
    CVYI_TRY(put_window(&layer, call, 1, "SAME", err));
    put_kernel(&layer, call);
    return finish(out, call, &layer, err);
}

cvy_status cvyi_tf_contrib_transpose(cvyi_py_value *out,
                                     const cvyi_tf_contrib_call *call,
                                     cvy_error *err)
{
    cvyi_tf_contrib_layer layer = {
        .dotted = spatial(call, NULL, "keras.layers.Conv2DTranspose",
                          "keras.layers.Conv3DTranspose")
    };

    if (call->rank != call->name[strlen("convolution")] - '0' + 2)
        layer.dotted = NULL;
    CVYI_TRY(need_rank(call, layer.dotted, err));
    CVYI_TRY(need(call, "num_outputs", err));
    CVYI_TRY(need(call, "kernel_size", err));
    cvyi_tf_contrib_take(&layer, "filters", call, "num_outputs", NULL);
    cvyi_tf_contrib_take(&layer, "kernel_size", call, "kernel_size", NULL);
    CVYI_TRY(put_window(&layer, call, 1, "SAME", err));
    put_kernel(&layer, call);
    return finish(out, call, &layer, err);
}

/* Without num_outputs it is the first of the two steps alone. */
cvy_status cvyi_tf_contrib_separable(cvyi_py_value *out,
                                     const cvyi_tf_contrib_call *call,
                                     cvy_error *err)
{
    const cvyi_py_value *const pointwise =
        cvyi_tf_contrib_arg(call, "pointwise_initializer");
    const bool both = cvyi_tf_contrib_arg(call, "num_outputs") != NULL;
    const cvyi_py_value one = cvyi_py_int(1);
    cvyi_tf_contrib_layer layer = { .dotted =
                                        both
                                            ? "keras.layers.SeparableConv2D"
                                            : "keras.layers.DepthwiseConv2D" };

    CVYI_TRY(need_rank(call, call->rank == 4 ? layer.dotted : NULL, err));
    CVYI_TRY(need(call, "kernel_size", err));
    if (both)
        cvyi_tf_contrib_take(&layer, "filters", call, "num_outputs", NULL);
    cvyi_tf_contrib_take(&layer, "kernel_size", call, "kernel_size", NULL);
    cvyi_tf_contrib_take(&layer, "depth_multiplier", call, "depth_multiplier",
                         &one);
    cvyi_tf_contrib_take(&layer, "dilation_rate", call, "rate", NULL);
    CVYI_TRY(put_window(&layer, call, 1, "SAME", err));
    cvyi_tf_contrib_take(&layer, "depthwise_initializer", call,
                         "weights_initializer", NULL);
    cvyi_tf_contrib_take(&layer, "depthwise_regularizer", call,
                         "weights_regularizer", NULL);
    if (both) {
        cvyi_tf_contrib_take(&layer, "pointwise_initializer", call,
                             pointwise != NULL ? "pointwise_initializer"
                                               : "weights_initializer",
                             NULL);
        cvyi_tf_contrib_take(&layer, "pointwise_regularizer", call,
                             "weights_regularizer", NULL);
    }
    put_bias(&layer, call);
    return finish(out, call, &layer, err);
}

/* Leading axes stay as they are. */
cvy_status cvyi_tf_contrib_dense(cvyi_py_value *out,
                                 const cvyi_tf_contrib_call *call,
                                 cvy_error *err)
{
    cvyi_tf_contrib_layer layer = { .dotted = "keras.layers.Dense" };

    CVYI_TRY(need(call, "num_outputs", err));
    cvyi_tf_contrib_take(&layer, "units", call, "num_outputs", NULL);
    put_kernel(&layer, call);
    return finish(out, call, &layer, err);
}

/* ---- pools ---- */

static const char *pool_of(const cvyi_tf_contrib_call *call)
{
    const char *const type =
        cvyi_tf_text(cvyi_tf_contrib_arg(call, "pooling_type"));
    const bool any = strcmp(call->name, "pool") == 0;
    const bool largest = any ? type != NULL && strcmp(type, "MAX") == 0
                             : strncmp(call->name, "max", 3) == 0;

    if (any ? type == NULL || (!largest && strcmp(type, "AVG") != 0)
            : call->rank != call->name[strlen("max_pool")] - '0' + 2)
        return NULL;
    return largest ? spatial(call, "keras.layers.MaxPooling1D",
                             "keras.layers.MaxPooling2D",
                             "keras.layers.MaxPooling3D")
                   : spatial(call, "keras.layers.AveragePooling1D",
                             "keras.layers.AveragePooling2D",
                             "keras.layers.AveragePooling3D");
}

cvy_status cvyi_tf_contrib_pool(cvyi_py_value *out,
                                const cvyi_tf_contrib_call *call,
                                cvy_error *err)
{
    const bool any = strcmp(call->name, "pool") == 0;
    const cvyi_py_value *const rate =
        cvyi_tf_contrib_arg(call, "dilation_rate");
    cvyi_tf_contrib_layer layer = { .dotted = pool_of(call) };

    CVYI_TRY(need_rank(call, layer.dotted, err));
    CVYI_TRY(need(call, "kernel_size", err));
    if (rate != NULL && (rate->type != CVYI_PY_V_INT || rate->integer != 1))
        return cvyi_py_refuse(call->eval, err, "a pool with a dilation");
    cvyi_tf_contrib_take(&layer, "pool_size", call, "kernel_size", NULL);
    CVYI_TRY(put_window(&layer, call, any ? 1 : 2, "VALID", err));
    return cvyi_tf_contrib_run(out, call, &layer, call->x, err);
}
