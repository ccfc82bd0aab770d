/*
 * convey/layer.h - one layer of a framework, computed on arrays.
 *
 * A layer is a call such as "nn.Conv2d(3, 16, 3, stride=2, padding=1)" or
 * "layers.Conv2D(16, 3)", with exactly the framework's meaning: its order of
 * axes, its border, its refusals. convey's own engine computes it in float32;
 * no framework is asked and nothing of the text is executed (a python3 parses
 * it).
 *
 * A layer is made for given shapes. Its weights are arrays of its own, in the
 * framework's order, zero until the caller fills them. One layer belongs to
 * one thread at a time.
 */
#ifndef CONVEY_LAYER_H
#define CONVEY_LAYER_H

#include "convey/tensor.h"

CVY_BEGIN

typedef struct cvy_layer cvy_layer;

/** What to make. { 0 } with `code` and the shape of each input is complete. */
typedef struct cvy_layer_options {
    const char *code; /**< one call; required */
    /** "torch", "keras3", "keras2", "tf2", "tf1"; NULL: told by the call */
    const char *from;
    /** Shapes of the tensors, batch included: "1x3x32x32", "W=3x1x5". Every
     * size must be a number. */
    const char *const *inputs;
    int32_t n_inputs;
} cvy_layer_options;

/** A weight or an argument of a function that is one. */
typedef struct cvy_layer_weight {
    const char *name; /**< the framework's: "kernel", "weight" */
    cvy_view view;    /**< float32, packed; the caller may write to it */
} cvy_layer_weight;

/**
 * Makes a layer.
 *
 * @param out     receives the layer, owned by the caller; untouched on failure
 * @param options borrowed for the call
 * @param err     may be NULL; filled only on failure
 * @return CVY_OK. CVY_UNSUPPORTED if the framework or convey refuses the call,
 *         CVY_FORMAT if it is no call, CVY_ARGUMENT for a shape that is none
 *         or is missing, CVY_IO without a python3, CVY_MEMORY
 */
CVY_CALL cvy_layer_open(cvy_layer **out, const cvy_layer_options *options,
                        cvy_error *err);

/** Weights, in the framework's own order. */
CVY_EXPORT int32_t cvy_layer_weights(const cvy_layer *layer);

/** Weight `index`, 0 .. cvy_layer_weights - 1; an empty name for any other.
 * The memory lives as long as the layer. */
CVY_EXPORT cvy_layer_weight cvy_layer_weight_at(const cvy_layer *layer,
                                                int32_t index);

/** Inputs that cvy_layer_run takes. */
CVY_EXPORT int32_t cvy_layer_inputs(const cvy_layer *layer);

/** Shape of input `index` and of the output: a view without data. */
CVY_EXPORT cvy_view cvy_layer_input(const cvy_layer *layer, int32_t index);
CVY_EXPORT cvy_view cvy_layer_output(const cvy_layer *layer);

/**
 * Computes the layer.
 *
 * @param layer  with its weights filled
 * @param in     one view for each input, float32, any strides; borrowed
 * @param out    receives the output: a view of its shape, float32, any strides
 * @param bound  the same shape, or NULL: receives, element by element, how far
 *               one float32 evaluation may be from exact arithmetic on these
 *               numbers. Of a layer of several steps it is that of the last
 *               one, on the values that convey computed before it
 * @return CVY_OK; CVY_SHAPE if a view does not fit; CVY_MEMORY
 */
CVY_CALL cvy_layer_run(const cvy_layer *layer, const cvy_view *in,
                       cvy_view *out, cvy_view *bound, cvy_error *err);

/** NULL is accepted. */
CVY_EXPORT void cvy_layer_close(cvy_layer *layer);

CVY_END

#endif
