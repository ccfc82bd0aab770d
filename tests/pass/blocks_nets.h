/*
 * tests/pass/blocks_nets.h - networks of the usual kinds, small, as flat lists
 * of layers.
 */
#ifndef CVYT_BLOCKS_NETS_H
#define CVYT_BLOCKS_NETS_H

#include "random_net.h"

static const int64_t image[] = { 0, 16, 16, 4 };
static const net_window same_3 = { 3, 1, 1, CVYI_BORDER_SAME };
static const net_window point = { 1, 1, 1, CVYI_BORDER_GIVEN };
static const net_window half_point = { 1, 2, 1, CVYI_BORDER_GIVEN };
static const net_window halve = { 2, 2, 1, CVYI_BORDER_GIVEN };

/* Layers are called PREFIX_SUFFIX, or KIND_7 where `named` is false. */
typedef struct maker {
    net *n;
    bool named;
    const char *prefix;
    int layers;
    char name[80];
} maker;

static const char *name(maker *m, const char *suffix, const char *kind)
{
    if (m->named)
        snprintf(m->name, sizeof m->name, "%s_%s", m->prefix, suffix);
    else
        snprintf(m->name, sizeof m->name, "%s_%d", kind, m->layers++);
    return m->name;
}

static inline int conv(maker *m, const char *suffix, int in, int outputs,
                       net_window w)
{
    return net_conv(m->n, name(m, suffix, "conv2d"), in, outputs, w);
}

static inline int norm(maker *m, const char *suffix, int in)
{
    return net_batch_norm(m->n, name(m, suffix, "batch_normalization"), in);
}

static inline int relu(maker *m, const char *suffix, int in)
{
    return net_relu(m->n, name(m, suffix, "re_lu"), in);
}

static inline int join(maker *m, const char *suffix, const char *op, int a,
                       int b)
{
    const int both[] = { a, b };

    return strcmp(op, "add") == 0
               ? net_merge(m->n, name(m, suffix, op), op, a, b)
               : net_along(m->n, name(m, suffix, op), op, 3, both, 2);
}

static inline int residual(maker *m, int in, int outputs, net_window w,
                           bool project)
{
    int x = conv(m, "1_conv", in, outputs, w), y = in;

    x = relu(m, "1_relu", norm(m, "1_bn", x));
    x = norm(m, "2_bn", conv(m, "2_conv", x, outputs, same_3));
    if (project)
        y = norm(m, "0_bn", conv(m, "0_conv", in, outputs, w));
    return relu(m, "out", join(m, "add", "add", y, x));
}

static const char *const stages[] = {
    "conv2_block1", "conv2_block2", "conv2_block3", "conv3_block1",
    "conv3_block2", "conv3_block3", "conv3_block4", "conv4_block1",
    "conv4_block2", "conv5_block1", "conv5_block2",
};

static inline void resnet(net *n, bool named)
{
    maker m = { .n = n, .named = named, .prefix = "stem" };
    int x = net_open(n, false, 4, image);

    x = relu(&m, "relu", norm(&m, "bn", conv(&m, "conv", x, 4, same_3)));
    for (int i = 0; i < 11; i++) {
        const bool halves = i == 3 || i == 7 || i == 9;

        m.prefix = stages[i];
        x = residual(&m, x, i < 3 ? 4 : 8, halves ? half_point : same_3,
                     i == 0 || halves);
    }
    x = net_global_pool(n, "avg_pool", "average", false, x);
    net_output(n, net_dense(n, "predictions", x, 3));
}

static inline void named_resnet(net *n)
{
    resnet(n, true);
}

static inline void plain_resnet(net *n)
{
    resnet(n, false);
}

static inline int dense_block(maker *m, int in)
{
    int x = relu(m, "0_relu", norm(m, "0_bn", in));

    x = conv(m, "1_conv", x, 6, point);
    x = conv(m, "2_conv", relu(m, "1_relu", norm(m, "1_bn", x)), 2, same_3);
    return join(m, "concat", "concat", in, x);
}

static inline void dense_net(net *n)
{
    maker m = { .n = n, .named = true };
    int x = net_open(n, false, 4, image);
    char prefix[48];

    for (int stage = 2; stage < 6; stage++) {
        for (int i = 1; i < 4; i++) {
            snprintf(prefix, sizeof prefix, "conv%d_block%d", stage, i);
            m.prefix = prefix;
            x = dense_block(&m, x);
        }
        snprintf(prefix, sizeof prefix, "pool%d", stage);
        m.prefix = prefix;
        x = conv(&m, "conv", relu(&m, "relu", norm(&m, "bn", x)), 4, point);
        x = net_pool(n, name(&m, "pool", "pool"), "average", "real", x, halve);
    }
    net_output(n, x);
}

static inline int inverted(maker *m, int in, int outputs, net_window w,
                           bool skip)
{
    int x = conv(m, "expand", in, 8, point);

    x = relu(m, "expand_relu", norm(m, "expand_BN", x));
    x = conv(m, "depthwise", x, 8, w);
    x = relu(m, "depthwise_relu", norm(m, "depthwise_BN", x));
    x = norm(m, "project_BN", conv(m, "project", x, outputs, point));
    return skip ? join(m, "add", "add", in, x) : x;
}

static inline void mobile_net(net *n)
{
    static const bool skips[] = { false, true, false, true, true, false };
    maker m = { .n = n, .named = true, .prefix = "Conv1" };
    int x = net_open(n, false, 4, image);
    char prefix[48];

    x = relu(&m, "relu", norm(&m, "bn", conv(&m, "conv", x, 4, same_3)));
    for (int i = 0; i < 6; i++) {
        snprintf(prefix, sizeof prefix, "block_%d", i + 1);
        m.prefix = prefix;
        x = inverted(&m, x, 4, same_3, skips[i]);
    }
    net_output(n, x);
}

static inline int unit3(maker *m, int in, int outputs, net_window w)
{
    return relu(m, "", norm(m, "", conv(m, "", in, outputs, w)));
}

static inline void inception(net *n)
{
    maker m = { .n = n };
    int x = net_open(n, false, 4, image);

    x = unit3(&m, unit3(&m, x, 4, same_3), 4, same_3);
    for (int i = 0; i < 4; i++) {
        const int a = unit3(&m, x, 3, point);
        const int b0 = unit3(&m, unit3(&m, x, 2, point), 3, same_3);
        const int b = i < 2 ? b0 : unit3(&m, b0, 3, same_3);
        const int c =
            net_pool(n, name(&m, "", "pool"), "average", "real", x, same_3);
        const int all[] = { a, b, unit3(&m, c, 2, point) };
        char mixed[32];

        snprintf(mixed, sizeof mixed, "mixed%d", i);
        x = net_along(n, mixed, "concat", 3, all, 3);
    }
    net_output(n, x);
}

/* block2_conv ... and add_0, which no block has a name for. */
static inline void sums_apart(net *n)
{
    maker m = { .n = n, .named = true }, plain = { .n = n };
    int x = net_open(n, false, 4, image);
    char prefix[48];

    for (int i = 2; i < 6; i++) {
        int y;

        snprintf(prefix, sizeof prefix, "block%d", i);
        m.prefix = prefix;
        y = conv(&m, "conv", relu(&m, "relu", x), 4, same_3);
        x = join(&plain, "", "add", norm(&m, "bn", y), x);
    }
    net_output(n, x);
}

static inline int cell_conv(net *n, const char *what, int cell, int in,
                            int outputs)
{
    char made[48];
    int x;

    snprintf(made, sizeof made, "%s_%d", what, cell);
    x = net_conv(n, made, in, outputs, same_3);
    snprintf(made, sizeof made, "%s_bn_%d", what, cell);
    return net_batch_norm(n, made, x);
}

/* Each cell reads the two before it. */
static inline void cell_net(net *n)
{
    int a, b = net_open(n, false, 4, image);
    const int first[] = { b, net_relu(n, "stem", b) };

    a = net_along(n, "cell_concat", "concat", 3, first, 2);
    b = net_along(n, "cell_concat_0", "concat", 3, first, 2);
    for (int i = 1; i < 7; i++) {
        char made[48];
        int all[4];

        snprintf(made, sizeof made, "adjust_%d", i);
        all[0] = net_conv(n, made, a, 3, point);
        snprintf(made, sizeof made, "squeeze_%d", i);
        all[1] = net_conv(n, made, b, 3, point);
        all[2] = cell_conv(n, "cell_left", i, all[0], 4);
        all[3] = cell_conv(n, "cell_right", i, all[1], 4);
        snprintf(made, sizeof made, "cell_concat_%d", i);
        a = b;
        b = net_along(n, made, "concat", 3, all, 4);
    }
    net_output(n, b);
}

/* Skips over everything: no value is the only one anywhere. */
static inline void u_net(net *n)
{
    maker m = { .n = n };
    int x = net_open(n, false, 4, image), kept[3];

    for (int i = 0; i < 3; i++) {
        x = unit3(&m, unit3(&m, x, 4, same_3), 4, same_3);
        kept[i] = x;
    }
    for (int i = 2; i >= 0; i--) {
        x = unit3(&m, unit3(&m, x, 4, same_3), 4, same_3);
        x = join(&m, "", "concat", kept[i], x);
    }
    net_output(n, x);
}

static inline void chain(net *n)
{
    maker m = { .n = n };
    int x = net_open(n, false, 4, image);

    for (int i = 0; i < 8; i++)
        x = unit3(&m, x, 4 + i, same_3);
    net_output(n, x);
}

static inline void nothing_repeats(net *n)
{
    maker m = { .n = n };
    int x = net_open(n, true, 4, image);

    x = conv(&m, "", relu(&m, "", conv(&m, "", x, 3, same_3)), 4, same_3);
    net_output(n, norm(&m, "", net_simple(n, "flat", "flatten", x)));
}

static inline int count_kind(const cvyi_graph *graph, cvyi_module_kind kind)
{
    int n = 0;

    for (int i = 1; i < graph->n_modules; i++)
        n += graph->modules[i].kind == kind;
    return n;
}

#endif
