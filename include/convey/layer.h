/*
 * convey/layer.h - one layer of a framework, computed on arrays.
 *
 * A layer is a call such as "nn.Conv2d(3, 16, 3, stride=2, padding=1)" or
 * "layers.Conv2D(16, 3)", with exactly the framework's meaning: its order of
 * axes, its border, its refusals. convey's own engine computes it in float32;
 * no framework is asked and nothing is executed.
 *
 * The call is a text (cvy_layer_open; a python3 parses it), or a name and
 * arguments (cvy_layer_make). convey/torch.h, convey/keras.h and convey/tf.h
 * have structs for the usual layers. cvy_layer_turn makes the layer of the
 * other framework that computes the same.
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

/* ---- without a text ---- */

/* What an argument may be. */
typedef enum cvy_value_kind {
    CVY_VALUE_NONE, /**< None */
    CVY_VALUE_FLAG, /**< `integer` is 0 or 1 */
    CVY_VALUE_INT,
    CVY_VALUE_REAL,
    CVY_VALUE_TEXT,
    CVY_VALUE_LIST,   /**< `integer` items; a tuple is one too */
    CVY_VALUE_TENSOR, /**< tensor number `integer` of the call */
} cvy_value_kind;

/** An argument of a call. Everything it points to is borrowed. */
typedef struct cvy_argument {
    const char *name; /**< the framework's: "stride"; NULL: by its place */
    cvy_value_kind kind;
    int64_t integer;
    double real;
    const char *text;
    const struct cvy_argument *items; /**< of a list; their names are unused */
} cvy_argument;

CVY_EXPORT cvy_argument cvy_argument_flag(const char *name, bool value);
CVY_EXPORT cvy_argument cvy_argument_int(const char *name, int64_t value);
CVY_EXPORT cvy_argument cvy_argument_real(const char *name, double value);
CVY_EXPORT cvy_argument cvy_argument_text(const char *name, const char *value);
CVY_EXPORT cvy_argument cvy_argument_list(const char *name,
                                          const cvy_argument *items,
                                          int32_t n);
CVY_EXPORT cvy_argument cvy_argument_tensor(const char *name, int32_t number);

/** A tensor that a call is made on. */
typedef struct cvy_operand {
    const char *name; /**< as messages call it; NULL: "x", "x1", "x2" ... */
    /** Its shape, batch included. Where it is a weight that a function takes
     * as an argument, and has data, the layer's weight starts as a copy. */
    cvy_view view;
} cvy_operand;

/** A call without a text. All that it points to is borrowed for the call. */
typedef struct cvy_layer_call {
    const char *name; /**< "nn.Conv2d", "keras.layers.Dense"; required */
    const char *from; /**< as in cvy_layer_options */
    /** Those by place come first. A class is made of them; a function is
     * called on them, tensors included. */
    const cvy_argument *arguments;
    int32_t n_arguments;
    /** Of a class: what the layer is called on. Of a function: what its
     * arguments of kind TENSOR count, 0 and up. */
    const cvy_operand *operands;
    int32_t n_operands;
} cvy_layer_call;

/**
 * Makes a layer from a name and arguments. No python3 is needed.
 *
 * @param out   receives the layer, owned by the caller; untouched on failure
 * @param call  borrowed for the call
 * @return as cvy_layer_open; CVY_ARGUMENT also for a call that is none
 */
CVY_CALL cvy_layer_make(cvy_layer **out, const cvy_layer_call *call,
                        cvy_error *err);

/* ---- the other framework ---- */

/**
 * Makes the layer of the other framework that computes the same.
 *
 * Its input and output are in that framework's order of axes, and its weights
 * are that framework's, filled with what the layer's weights hold now. Both
 * layers live on their own.
 *
 * @param out     receives the layer, owned by the caller; untouched on failure
 * @param layer   borrowed for the call
 * @param target  "torch" or "keras"; NULL: the other world
 * @return CVY_OK; CVY_UNSUPPORTED if there is no exact counterpart: `err` says
 *         which argument and why; CVY_ARGUMENT for a target that is none or is
 *         the layer's own; CVY_MEMORY
 */
CVY_CALL cvy_layer_turn(cvy_layer **out, const cvy_layer *layer,
                        const char *target, cvy_error *err);

/** The layer as Python: the call's text, or of a turned layer code to paste
 * after the usual imports, which leaves `layer`. Lives as long as the
 * layer. */
CVY_EXPORT const char *cvy_layer_code(const cvy_layer *layer);

/* ---- what it is ---- */

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

/* ---- computing ---- */

/**
 * Computes the layer.
 *
 * @param layer  with its weights filled
 * @param in     one view for each input, float32, any strides; borrowed
 * @param out    receives the output: a view of its shape, float32, any strides
 * @param bound  the same shape, or NULL: receives, element by element, how far
 *               one float32 evaluation may be from exact arithmetic on these
 *               numbers. Of a layer of several steps it is that of the last
 *               one that computes, on the values that convey has before it
 * @return CVY_OK; CVY_SHAPE if a view does not fit; CVY_MEMORY
 */
CVY_CALL cvy_layer_run(const cvy_layer *layer, const cvy_view *in,
                       cvy_view *out, cvy_view *bound, cvy_error *err);

/** NULL is accepted. */
CVY_EXPORT void cvy_layer_close(cvy_layer *layer);

CVY_END

#endif
