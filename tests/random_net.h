/*
 * tests/random_net.h - random networks of the layers that convolutional
 * networks are made of, small enough to be proven by the thousand.
 */
#ifndef CVYT_RANDOM_NET_H
#define CVYT_RANDOM_NET_H

#include "net.h"

enum { RANDOM_MOST_VALUES = 24 };

typedef struct random_net {
    net *n;
    uint64_t state;
    int layers; /* so far: layer names are numbered */
    char name[16];
    int values[RANDOM_MOST_VALUES]; /* that later layers may read */
    int n_values;
} random_net;

/* 0 .. most - 1 */
static inline int random_below(random_net *r, int most)
{
    r->state = r->state * 6364136223846793005u + 1442695040888963407u;
    return (int)((r->state >> 33) % (uint64_t)most);
}

static inline const char *random_name(random_net *r, const char *kind)
{
    snprintf(r->name, sizeof r->name, "%s_%d", kind, r->layers++);
    return r->name;
}

/* Any of the values so far, or the newest. */
static inline int random_value(random_net *r)
{
    return r->values[random_below(r, 3) == 0 ? random_below(r, r->n_values)
                                             : r->n_values - 1];
}

/* A window that fits: where it might not, the border is SAME. */
static inline net_window random_window(random_net *r, int in)
{
    net_window w = { 1 + random_below(r, 4), 1 + random_below(r, 3), 1,
                     CVYI_BORDER_GIVEN };
    const bool first = r->n->axes == CVYI_AXES_FIRST;

    if (w.stride == 1 && random_below(r, 3) == 0)
        w.dilation = 2;
    for (int i = 0; i < net_rank(r->n, in) - 2; i++) {
        int64_t size;

        if (!cvyi_size_constant(
                &size,
                r->n->graph->results[in].type.dims[i + (first ? 2 : 1)]) ||
            size < (w.taps - 1) * w.dilation + 1)
            w.rule = CVYI_BORDER_SAME;
    }
    if (random_below(r, 2) == 0)
        w.rule = CVYI_BORDER_SAME;
    return w;
}

static inline int random_conv(random_net *r, int in)
{
    net_window w = random_window(r, in);

    if (net_rank(r->n, in) == 3 && random_below(r, 4) == 0)
        w.rule = CVYI_BORDER_CAUSAL;
    return net_conv(r->n, random_name(r, "conv"), in, 1 + random_below(r, 4),
                    w);
}

static inline int random_pool(random_net *r, int in)
{
    static const char *const kinds[] = { "max", "average" };
    static const char *const counts[] = { "real", "window" };
    net_window w = random_window(r, in);

    w.dilation = 1;
    return net_pool(r->n, random_name(r, "pool"), kinds[random_below(r, 2)],
                    counts[random_below(r, 4) == 0], in, w);
}

/* Two values of one type, or one value twice. */
static inline int random_merge(random_net *r, int in)
{
    int other = in;

    for (int i = 0; i < r->n_values; i++) {
        const cvyi_type *const a = &r->n->graph->results[in].type;
        const cvyi_type *const b = &r->n->graph->results[r->values[i]].type;

        if (a->rank == b->rank &&
            memcmp(a->dims, b->dims, (size_t)a->rank * sizeof *a->dims) == 0)
            other = r->values[i];
    }
    if (random_below(r, 2) == 0)
        return net_merge(r->n, random_name(r, "add"), "add", in, other);
    if (random_below(r, 2) == 0)
        return net_merge(r->n, random_name(r, "multiply"), "multiply", in,
                         other);

    const int both[] = { in, other };

    return net_along(r->n, random_name(r, "concat"), "concat",
                     1 + random_below(r, net_rank(r->n, in) - 1), both, 2);
}

/* Global pool, dense, multiply: ranks differ. Channels first, what is one
 * for each channel does not fit: axes are put behind the batch. */
static inline int random_gate(random_net *r, int in)
{
    const int rank = net_rank(r->n, in);
    const char *const op = random_below(r, 2) == 0 ? "add" : "multiply";
    int64_t last;
    int x;

    if (!cvyi_size_constant(&last,
                            r->n->graph->results[in].type.dims[rank - 1]))
        last = 1;
    x = net_global_pool(r->n, random_name(r, "squeeze"), "max", false, in);
    x = net_dense(r->n, random_name(r, "excite"), x,
                  random_below(r, 4) == 0 ? 1 : (int)last);
    return random_below(r, 2) == 0
               ? net_merge(r->n, random_name(r, "gate"), op, x, in)
               : net_merge(r->n, random_name(r, "gate"), op, in, x);
}

/* Global pool, reshape, 1x1 convolution, multiply. */
static inline int random_squeeze(random_net *r, int in)
{
    const int64_t channels = net_channels(r->n, in);
    const int n_axes = net_rank(r->n, in) - 2;
    const bool first = r->n->axes == CVYI_AXES_FIRST;
    int64_t sizes[CVYI_MAX_DIMS];
    int x;

    for (int i = 0; i <= n_axes; i++)
        sizes[i] = i == (first ? 0 : n_axes) ? channels : 1;
    x = net_global_pool(r->n, random_name(r, "squeeze"), "average", false, in);
    x = net_reshape(r->n, random_name(r, "reshape"), x, n_axes + 1, sizes);
    x = net_conv(r->n, random_name(r, "excite"), x, (int)channels,
                 (net_window){ 1, 1, 1, CVYI_BORDER_SAME });
    return net_merge(r->n, random_name(r, "scale"), "multiply", in, x);
}

static inline int random_layer(random_net *r, int in)
{
    static const char *const functions[] = { "relu", "sigmoid", "tanh" };

    switch (random_below(r, 9)) {
    case 0:
    case 1:
        return random_conv(r, in);
    case 2:
        return random_pool(r, in);
    case 3:
        return net_batch_norm(r->n, random_name(r, "norm"), in);
    case 4:
        return net_pointwise(r->n, random_name(r, "act"),
                             functions[random_below(r, 3)], in);
    case 5:
        return random_merge(r, in);
    case 6:
        return random_below(r, 2) == 0 ? random_squeeze(r, in)
                                       : random_gate(r, in);
    case 7:
        return net_along(r->n, random_name(r, "softmax"), "softmax",
                         1 + random_below(r, net_rank(r->n, in) - 1), &in, 1);
    default:
        return r->n->axes == CVYI_AXES_FIRST
                   ? net_dropout(r->n, random_name(r, "dropout"), in)
                   : net_dense(r->n, random_name(r, "dense"), in,
                               1 + random_below(r, 4));
    }
}

/* A value without spatial axes: flattened, or pooled. Channels first turn the
 * order of features into another question, so they are pooled. */
static inline int random_features(random_net *r, int in)
{
    const cvyi_type *const type = &r->n->graph->results[in].type;
    bool known = true;
    int64_t size;

    for (int i = 1; i < type->rank; i++)
        known = known && cvyi_size_constant(&size, type->dims[i]);
    if (!known || random_below(r, 4) == 0)
        return net_global_pool(r->n, random_name(r, "global"),
                               random_below(r, 2) == 0 ? "max" : "average",
                               false, in);
    return net_simple(r->n, random_name(r, "flatten"), "flatten", in);
}

/* Features of one or two values, some layers that keep them, a dense one. */
static inline int random_head(random_net *r)
{
    int x = random_features(r, r->values[r->n_values - 1]);

    if (random_below(r, 2) == 0) {
        const int both[] = { x, random_features(r, random_value(r)) };

        x = net_along(r->n, random_name(r, "concat"), "concat", 1, both, 2);
    }
    for (int k = random_below(r, 3); k > 0; k--)
        switch (random_below(r, 3)) {
        case 0:
            x = net_batch_norm(r->n, random_name(r, "norm"), x);
            break;
        case 1:
            x = net_relu(r->n, random_name(r, "relu"), x);
            break;
        default:
            x = net_dropout(r->n, random_name(r, "dropout"), x);
        }
    x = net_dense(r->n, random_name(r, "dense"), x, 1 + random_below(r, 5));
    return net_along(r->n, random_name(r, "softmax"), "softmax", 1, &x, 1);
}

/* The same net for the same seed. */
static inline void random_net_open(net *n, uint64_t seed)
{
    random_net r = { .n = n, .state = seed * 0x9e3779b97f4a7c15u + 1 };
    const int n_axes = random_below(&r, 12) == 0 ? 3 : 1 + random_below(&r, 2);
    const bool known = random_below(&r, 6) != 0 || n_axes == 3;
    const bool first = random_below(&r, 6) == 0;
    int64_t dims[CVYI_MAX_DIMS] = { 0 };

    for (int i = 1; i <= n_axes + 1; i++)
        dims[i] = i == (first ? 1 : n_axes + 1) ? 1 + random_below(&r, 3)
                  : !known                      ? 0
                  : n_axes == 3                 ? 2 + random_below(&r, 2)
                                                : 3 + random_below(&r, 5);
    r.values[r.n_values++] = net_open(n, false, n_axes + 2, dims);
    n->axes = first ? CVYI_AXES_FIRST : CVYI_AXES_LAST;
    for (int k = 2 + random_below(&r, 5); k > 0; k--) {
        r.values[r.n_values] = random_layer(&r, random_value(&r));
        r.n_values++;
    }
    net_output(n, random_below(&r, 4) == 0 ? r.values[r.n_values - 1]
                                           : random_head(&r));
}

#endif
