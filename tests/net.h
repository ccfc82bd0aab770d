/*
 * tests/net.h - small networks for tests, as a reader of Keras files makes
 * them: channels last, kernels stored as Keras stores them, random weights.
 */
#ifndef CVYT_NET_H
#define CVYT_NET_H

#include "check.h"
#include "graph/graph.h"
#include "tensor/tensor.h"

#include <string.h>

typedef struct net {
    cvyi_graph *graph;
    cvyi_arena data; /* the weights: what a file would hold */
    uint64_t seed;
    cvy_error err;
} net;

static inline float net_random(net *n)
{
    n->seed = n->seed * 6364136223846793005u + 1442695040888963407u;
    return (float)((double)(n->seed >> 33) / 2147483648.0 - 0.5);
}

/* `sequential`: the outline says so. Axes: 0 stands for an unknown size. */
static inline int net_open(net *n, bool sequential, int rank,
                           const int64_t *dims)
{
    static const char *const names[] = { "N", "H", "W", "D", "E" };
    cvyi_type type = { .dtype = CVY_F32, .rank = rank };
    cvy_error err = { 0 };
    int module, input;

    *n = (net){ .seed = 7 };
    CHECK_OK(cvyi_graph_open(&n->graph, "net", &err));
    n->graph->dialect = "keras3";
    CHECK_OK(cvyi_graph_add_module(
        &module, n->graph, -1,
        sequential ? CVYI_MODULE_SEQUENTIAL : CVYI_MODULE_MODEL, "net",
        sequential ? "Sequential" : "Functional", &err));
    for (int i = 0; i < rank; i++)
        type.dims[i] = dims[i] > 0
                           ? cvyi_size_of(&n->graph->sizes, dims[i])
                           : cvyi_size_symbol(&n->graph->sizes, names[i]);
    CHECK_OK(cvyi_graph_add_input(&input, n->graph, "image", &type, &err));
    return input;
}

static inline void net_output(net *n, int result)
{
    n->graph->output_tree =
        (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = result };
    CHECK_EQ(cvyi_graph_check(n->graph, &n->err), CVY_OK);
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
    CHECK_OK(cvyi_graph_add_call(&call, n->graph, attrs, CVYI_AXES_LAST, in,
                                 n_in, params, module, &err));
    return n->graph->calls[call].out[0];
}

static inline int net_simple(net *n, const char *layer, const char *op, int in)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find(op),
                    n->graph->results[in].type.rank - 2);
    return net_call(n, layer, op, &attrs, &in, 1, NULL);
}

static inline int net_relu(net *n, const char *layer, int in)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("pointwise"), 0);
    cvyi_set_word(&attrs, "function", "relu");
    return net_call(n, layer, "ReLU", &attrs, &in, 1, NULL);
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
    params[0] = net_param(n, "kernel", "weight", "S I O -> O I S", 2, 4, dims,
                          0);
    params[1] = net_param(n, "bias", "bias", "O", 2, 1, bias, 0);
    return net_call(n, layer, "Conv2D", &attrs, &in, 1, params);
}

static inline int net_batch_norm(net *n, const char *layer, int in)
{
    static const char *const slots[] = { "scale", "shift", "mean",
                                         "variance" };
    const cvyi_type *const type = &n->graph->results[in].type;
    int params[CVYI_MAX_SLOTS] = { -1, -1, -1, -1, -1 };
    cvyi_attrs attrs;
    int64_t channels;

    CHECK(cvyi_size_constant(&channels, type->dims[type->rank - 1]));
    cvyi_attrs_open(&attrs, cvyi_op_find("batch_norm"), type->rank - 2);
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

#endif
