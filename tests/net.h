/*
 * tests/net.h - small networks for tests, as a reader of Keras files makes
 * them: channels last, kernels stored as Keras stores them, random weights.
 */
#ifndef CVYT_NET_H
#define CVYT_NET_H

#include "check.h"
#include "graph/graph.h"
#include "pass/pass.h"
#include "tensor/tensor.h"

#include <string.h>

typedef struct net {
    cvyi_graph *graph;
    cvyi_arena data; /* the weights: what a file would hold */
    uint64_t seed;
    cvyi_axes axes; /* of the calls that are added from now on */
    cvy_error err;
} net;

/* The same on every spatial axis. */
typedef struct net_window {
    int64_t taps, stride, dilation;
    cvyi_border_rule rule;
} net_window;

static const cvyi_target net_torch = { .dialect = "torch",
                                       .axes = CVYI_AXES_FIRST };

static inline float net_random(net *n)
{
    n->seed = n->seed * 6364136223846793005u + 1442695040888963407u;
    return (float)((double)(n->seed >> 33) / 2147483648.0 - 0.5);
}

/* Axes: 0 stands for an unknown size. */
static inline int net_input(net *n, const char *name, int rank,
                            const int64_t *dims)
{
    static const char *const names[] = { "N", "H", "W", "D", "E" };
    cvyi_type type = { .dtype = CVY_F32, .rank = rank };
    cvy_error err = { 0 };
    int input;

    for (int i = 0; i < rank; i++)
        type.dims[i] = dims[i] > 0
                           ? cvyi_size_of(&n->graph->sizes, dims[i])
                           : cvyi_size_symbol(&n->graph->sizes, names[i]);
    CHECK_OK(cvyi_graph_add_input(&input, n->graph, name, &type, &err));
    return input;
}

/* `sequential`: the outline says so. The first input is called image. */
static inline int net_open(net *n, bool sequential, int rank,
                           const int64_t *dims)
{
    cvy_error err = { 0 };
    int module;

    *n = (net){ .seed = 7 };
    CHECK_OK(cvyi_graph_open(&n->graph, "net", &err));
    n->graph->dialect = "keras3";
    CHECK_OK(cvyi_graph_add_module(
        &module, n->graph, -1,
        sequential ? CVYI_MODULE_SEQUENTIAL : CVYI_MODULE_MODEL, "net",
        sequential ? "Sequential" : "Functional", &err));
    return net_input(n, "image", rank, dims);
}

/* Results as a list or, with keys, a dict; in the graph's memory. */
static inline cvyi_tree net_tree(net *n, int n_items, const int *results,
                                 const char *const *keys)
{
    cvyi_tree *const items =
        cvyi_arena_alloc(&n->graph->arena, (size_t)n_items, sizeof *items);

    CHECK(items != NULL);
    for (int i = 0; i < n_items; i++)
        items[i] =
            (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = results[i] };
    return (cvyi_tree){ .kind = keys == NULL ? CVYI_TREE_LIST : CVYI_TREE_DICT,
                        .n = n_items,
                        .items = items,
                        .keys = keys };
}

static inline void net_outputs(net *n, int n_results, const int *results,
                               const char *const *keys)
{
    cvy_error err = { 0 };

    if (n->graph->n_inputs > 1)
        n->graph->input_tree =
            net_tree(n, n->graph->n_inputs, n->graph->inputs, NULL);
    n->graph->output_tree = net_tree(n, n_results, results, keys);
    CHECK_OK(cvyi_graph_check(n->graph, &err));
}

static inline void net_output(net *n, int result)
{
    cvy_error err = { 0 };

    if (n->graph->n_inputs > 1)
        n->graph->input_tree =
            net_tree(n, n->graph->n_inputs, n->graph->inputs, NULL);
    n->graph->output_tree =
        (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = result };
    CHECK_OK(cvyi_graph_check(n->graph, &err));
}

static inline void net_close(net *n)
{
    cvyi_graph_close(n->graph);
    cvyi_arena_close(&n->data);
}

/* A stored array of random numbers, near `centre`. */
static inline int net_param(net *n, const char *name, const char *slot,
                            const char *rule, int n_spatial, int rank,
                            const int64_t *dims, float centre)
{
    cvyi_param p = { .name = name, .slot = slot, .trainable = true };
    cvy_error err = { 0 };
    size_t bytes;
    int index;

    CHECK(cvyi_packed_size(&bytes, CVY_F32, rank, dims));

    float *const data = cvyi_arena_alloc(&n->data, bytes, 1);

    CHECK(data != NULL);
    for (size_t i = 0; i < bytes / sizeof *data; i++)
        data[i] = centre + net_random(n);
    p.stored = cvyi_packed(data, CVY_F32, rank, dims);
    p.created = n->graph->n_params;
    CHECK_OK(cvyi_layout_parse(&p.layout, rule, n_spatial, rank, dims, &err));
    CHECK_OK(cvyi_graph_add_param(&index, n->graph, &p, &err));
    return index;
}

/* A layer of one call; returns its result. */
static inline int net_call(net *n, const char *layer, const char *class_name,
                           const cvyi_attrs *attrs, const int *in, int n_in,
                           const int *params)
{
    cvy_error err = { 0 };
    int module, call;

    CHECK_OK(cvyi_graph_add_module(&module, n->graph, 0, CVYI_MODULE_LAYER,
                                   layer, class_name, &err));
    CHECK_OK(cvyi_graph_add_call(&call, n->graph, attrs, n->axes, in, n_in,
                                 params, module, &err));
    return n->graph->calls[call].out[0];
}

static inline int net_rank(const net *n, int result)
{
    return n->graph->results[result].type.rank;
}

static inline int64_t net_size(const net *n, int result, int axis)
{
    int64_t size;

    CHECK(
        cvyi_size_constant(&size, n->graph->results[result].type.dims[axis]));
    return size;
}

static inline int64_t net_channels(const net *n, int result)
{
    return net_size(n, result,
                    n->axes == CVYI_AXES_FIRST ? 1 : net_rank(n, result) - 1);
}

static inline int net_simple(net *n, const char *layer, const char *op, int in)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find(op),
                    n->graph->results[in].type.rank - 2);
    return net_call(n, layer, op, &attrs, &in, 1, NULL);
}

static inline int net_pointwise(net *n, const char *layer,
                                const char *function, int in)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("pointwise"), 0);
    cvyi_set_word(&attrs, "function", function);
    return net_call(n, layer, "Activation", &attrs, &in, 1, NULL);
}

static inline int net_relu(net *n, const char *layer, int in)
{
    return net_pointwise(n, layer, "relu", in);
}

/* An activation that was an argument of the layer before it. */
static inline int net_argument(net *n, const char *function, int in)
{
    const int layer = n->graph->calls[n->graph->results[in].call].module;
    cvyi_attrs attrs;
    cvy_error err = { 0 };
    int call;

    cvyi_attrs_open(&attrs, cvyi_op_find("pointwise"), 0);
    cvyi_set_word(&attrs, "function", function);
    CHECK_OK(cvyi_graph_add_call(&call, n->graph, &attrs, n->axes, &in, 1,
                                 NULL, layer, &err));
    n->graph->calls[call].label = "activation";
    n->graph->calls[call].argument = true;
    return n->graph->calls[call].out[0];
}

/* Axes of one element before `axis`, up to `rank`. */
static inline int net_expand(net *n, const char *layer, int in, int rank,
                             int axis)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("expand"), 0);
    cvyi_set_int(&attrs, "rank", rank);
    cvyi_set_int(&attrs, "axis", axis);
    return net_call(n, layer, "Expand", &attrs, &in, 1, NULL);
}

/* Without one axis, of one element. */
static inline int net_squeeze(net *n, const char *layer, int in, int axis)
{
    int64_t marks[CVYI_MAX_DIMS] = { 0 };
    cvyi_attrs attrs;

    marks[axis] = 1;
    cvyi_attrs_open(&attrs, cvyi_op_find("squeeze"), 0);
    cvyi_set_ints(&attrs, "axes", marks, n->graph->results[in].type.rank);
    return net_call(n, layer, "Squeeze", &attrs, &in, 1, NULL);
}

/* Products of two values, summed along an axis of each. */
static inline int net_dot(net *n, const char *layer, int a, int b, int axis,
                          int other)
{
    const int in[] = { a, b };
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("dot"), 0);
    cvyi_set_int(&attrs, "axis", axis);
    cvyi_set_int(&attrs, "other", other);
    return net_call(n, layer, "Dot", &attrs, in, 2, NULL);
}

/* add, multiply: element by element. Of inputs of different rank the lower
 * gets axes behind the batch, as a part of the layer. */
static inline int net_merge(net *n, const char *layer, const char *op, int a,
                            int b)
{
    int in[] = { a, b };
    const int low = net_rank(n, a) < net_rank(n, b) ? 0 : 1;
    const int rank = net_rank(n, in[1 - low]);
    cvyi_attrs attrs;
    cvy_error err = { 0 };
    int module, call;

    CHECK_OK(cvyi_graph_add_module(&module, n->graph, 0, CVYI_MODULE_LAYER,
                                   layer, op, &err));
    if (net_rank(n, in[low]) < rank) {
        cvyi_attrs_open(&attrs, cvyi_op_find("expand"), 0);
        cvyi_set_int(&attrs, "rank", rank);
        CHECK_OK(cvyi_graph_add_call(&call, n->graph, &attrs, n->axes,
                                     &in[low], 1, NULL, module, &err));
        n->graph->calls[call].label = "expand";
        in[low] = n->graph->calls[call].out[0];
    }
    cvyi_attrs_open(&attrs, cvyi_op_find(op), 0);
    CHECK_OK(cvyi_graph_add_call(&call, n->graph, &attrs, n->axes, in, 2, NULL,
                                 module, &err));
    return n->graph->calls[call].out[0];
}

/* Operators with an attribute `axis`: softmax, concat. */
static inline int net_along(net *n, const char *layer, const char *op,
                            int axis, const int *in, int n_in)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find(op), 0);
    cvyi_set_int(&attrs, "axis", axis);
    return net_call(n, layer, op, &attrs, in, n_in, NULL);
}

static inline int net_dropout(net *n, const char *layer, int in)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("dropout"), 0);
    cvyi_set_real(&attrs, "rate", 0.5);
    return net_call(n, layer, "Dropout", &attrs, &in, 1, NULL);
}

/* Sizes behind the batch. */
static inline int net_reshape(net *n, const char *layer, int in, int n_sizes,
                              const int64_t *sizes)
{
    cvyi_attrs attrs;
    cvyi_attr_value *shape;

    cvyi_attrs_open(&attrs, cvyi_op_find("reshape"), 0);
    shape = cvyi_attr_set(&attrs, "shape");
    shape->n = n_sizes;
    for (int i = 0; i < n_sizes; i++)
        shape->sizes[i] = cvyi_size_of(&n->graph->sizes, sizes[i]);
    return net_call(n, layer, "Reshape", &attrs, &in, 1, NULL);
}

static inline int net_global_pool(net *n, const char *layer, const char *kind,
                                  bool keep, int in)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("global_pool"), 0);
    cvyi_set_word(&attrs, "kind", kind);
    cvyi_set_int(&attrs, "keepdims", keep);
    return net_call(n, layer, "GlobalPooling", &attrs, &in, 1, NULL);
}

static inline void net_set_window(cvyi_attrs *attrs, net_window w, int n_axes)
{
    int64_t taps[CVYI_MAX_SPATIAL], stride[CVYI_MAX_SPATIAL];
    int64_t dilation[CVYI_MAX_SPATIAL];

    for (int i = 0; i < n_axes; i++) {
        taps[i] = w.taps;
        stride[i] = w.stride;
        dilation[i] = w.dilation;
    }
    cvyi_set_ints(attrs, "taps", taps, n_axes);
    cvyi_set_ints(attrs, "stride", stride, n_axes);
    if (cvyi_attr_index(attrs->op, "dilation") >= 0)
        cvyi_set_ints(attrs, "dilation", dilation, n_axes);
    cvyi_set_border(attrs, "border", (cvyi_border){ .rule = w.rule });
}

static inline int net_pool(net *n, const char *layer, const char *kind,
                           const char *count, int in, net_window w)
{
    const int n_axes = net_rank(n, in) - 2;
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("pool"), n_axes);
    cvyi_set_word(&attrs, "kind", kind);
    cvyi_set_word(&attrs, "count", count);
    net_set_window(&attrs, w, n_axes);
    return net_call(n, layer, "Pooling", &attrs, &in, 1, NULL);
}

/* Any number of spatial axes; "kernel" and "bias" are stored as Keras has
 * them. */
static inline int net_conv(net *n, const char *layer, int in, int outputs,
                           net_window w)
{
    const int n_axes = net_rank(n, in) - 2;
    const int64_t bias[] = { outputs };
    int params[CVYI_MAX_SLOTS] = { -1, -1, -1, -1, -1 };
    int64_t dims[CVYI_MAX_SPATIAL + 2];
    cvyi_attrs attrs;

    for (int i = 0; i < n_axes; i++)
        dims[i] = w.taps;
    dims[n_axes] = net_channels(n, in);
    dims[n_axes + 1] = outputs;
    cvyi_attrs_open(&attrs, cvyi_op_find("conv"), n_axes);
    cvyi_set_int(&attrs, "outputs", outputs);
    net_set_window(&attrs, w, n_axes);
    params[0] = net_param(n, "kernel", "weight", "S I O -> O I S", n_axes,
                          n_axes + 2, dims, 0);
    params[1] = net_param(n, "bias", "bias", "O", n_axes, 1, bias, 0);
    return net_call(n, layer, "Conv", &attrs, &in, 1, params);
}

static inline int net_conv2d(net *n, const char *layer, int in, int outputs,
                             int taps, int stride, cvyi_border_rule rule)
{
    const cvyi_type *const type = &n->graph->results[in].type;
    int64_t inputs;

    CHECK(cvyi_size_constant(&inputs, type->dims[3]));

    const int64_t dims[] = { taps, taps + 1, inputs, outputs };
    const int64_t window[] = { taps, taps + 1 };
    const int64_t strides[] = { stride, stride };
    const int64_t bias[] = { outputs };
    int params[CVYI_MAX_SLOTS] = { -1, -1, -1, -1, -1 };
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("conv"), 2);
    cvyi_set_int(&attrs, "outputs", outputs);
    cvyi_set_ints(&attrs, "taps", window, 2);
    cvyi_set_ints(&attrs, "stride", strides, 2);
    cvyi_set_border(&attrs, "border", (cvyi_border){ .rule = rule });
    params[0] =
        net_param(n, "kernel", "weight", "S I O -> O I S", 2, 4, dims, 0);
    params[1] = net_param(n, "bias", "bias", "O", 2, 1, bias, 0);
    return net_call(n, layer, "Conv2D", &attrs, &in, 1, params);
}

static inline int net_batch_norm(net *n, const char *layer, int in)
{
    static const char *const slots[] = { "scale", "shift", "mean",
                                         "variance" };
    const int64_t channels = net_channels(n, in);
    int params[CVYI_MAX_SLOTS] = { -1, -1, -1, -1, -1 };
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("batch_norm"), net_rank(n, in) - 2);
    for (int i = 0; i < 4; i++)
        params[i] = net_param(n, slots[i], slots[i], "C", 0, 1, &channels,
                              i % 2 == 0 ? 0.7f : 1.2f);
    return net_call(n, layer, "BatchNormalization", &attrs, &in, 1, params);
}

static inline int net_dense(net *n, const char *layer, int in, int units)
{
    const cvyi_type *const type = &n->graph->results[in].type;
    int params[CVYI_MAX_SLOTS] = { -1, -1, -1, -1, -1 };
    int64_t inputs;
    cvyi_attrs attrs;

    CHECK(cvyi_size_constant(&inputs, type->dims[type->rank - 1]));

    const int64_t dims[] = { inputs, units };
    const int64_t bias[] = { units };

    cvyi_attrs_open(&attrs, cvyi_op_find("dense"), 0);
    cvyi_set_int(&attrs, "units", units);
    cvyi_set_int(&attrs, "axis", type->rank - 1);
    params[0] = net_param(n, "kernel", "weight", "I O -> O I", 0, 2, dims, 0);
    params[1] = net_param(n, "bias", "bias", "O", 0, 1, bias, 0);
    return net_call(n, layer, "Dense", &attrs, &in, 1, params);
}

/* The port: a copy of the net after all passes. */
static inline cvyi_graph *net_port(net *n, cvyi_findings *findings)
{
    cvyi_graph *port;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_graph_copy(&port, n->graph, &err));
    CHECK_OK(cvyi_pass_run(port, &net_torch, NULL, findings, &err));
    CHECK_OK(cvyi_graph_check(port, &err));
    return port;
}

#endif
