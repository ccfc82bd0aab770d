/*
 * nested_net.h - networks of models inside models, of blocks and lists,
 * with the names of the files that are written for them.
 */
#ifndef CVYT_NESTED_NET_H
#define CVYT_NESTED_NET_H

#include "net.h"

#include <stdio.h>

static const net_window same_3 = { 3, 1, 1, CVYI_BORDER_SAME };
static const net_window valid_3 = { 3, 1, 1, CVYI_BORDER_GIVEN };
static const net_window point = { 1, 1, 1, CVYI_BORDER_GIVEN };

/* ---- models inside models ---- */

static int module_of(net *n, int parent, cvyi_module_kind kind,
                     const char *name, const char *class_name)
{
    cvy_error err = { 0 };
    int module;

    CHECK_OK(cvyi_graph_add_module(&module, n->graph, parent, kind, name,
                                   class_name, &err));
    return module;
}

/* What is built between `enter` and `leave` happens in a visit. */
typedef struct place {
    int module, visit, first_module, first_call;
} place;

static place enter(net *n, int module, int around)
{
    place p = { .module = module };
    cvy_error err = { 0 };

    CHECK_OK(cvyi_graph_add_visit(&p.visit, n->graph, module, around, &err));
    p.first_module = n->graph->n_modules;
    p.first_call = n->graph->n_calls;
    return p;
}

/* Layers that stand in no model yet, and calls that have no visit yet. */
static void leave(net *n, const place *p, const int *in, int n_in,
                  const int *out, int n_out)
{
    cvy_error err = { 0 };

    for (int m = p->first_module; m < n->graph->n_modules; m++)
        if (n->graph->modules[m].parent == 0 &&
            n->graph->modules[m].kind == CVYI_MODULE_LAYER)
            n->graph->modules[m].parent = p->module;
    for (int i = p->first_call; i < n->graph->n_calls; i++)
        if (n->graph->calls[i].visit == 0)
            n->graph->calls[i].visit = p->visit;
    CHECK_OK(
        cvyi_graph_wire_visit(n->graph, p->visit, in, n_in, out, n_out, &err));
}

static void leave_chain(net *n, const place *p, int in, int out)
{
    leave(n, p, &in, 1, &out, 1);
}

/* The calls of a later visit are those of the first one once more. */
static void repeat(net *n, const place *first, const place *again)
{
    const int calls = n->graph->n_calls - again->first_call;

    for (int k = 0; k < calls; k++) {
        const cvyi_call *const from = &n->graph->calls[first->first_call + k];
        cvyi_call *const to = &n->graph->calls[again->first_call + k];

        to->module = from->module;
        memcpy(to->params, from->params, sizeof to->params);
    }
}

static void take_names(net *n, int module, const char *const *names, int count)
{
    n->graph->modules[module].input_names = names;
    n->graph->modules[module].n_inputs = count;
}

/* ---- networks ---- */

static int encoder(net *n, int x)
{
    x = net_argument(n, "relu", net_conv(n, "conv_a", x, 16, valid_3));
    x = net_argument(n, "relu", net_conv(n, "conv_b", x, 32, valid_3));
    return net_global_pool(n, "mean", "average", false, x);
}

static int visit_encoder(net *n, int module, int x, const place *first,
                         place *made)
{
    place p = enter(n, module, 0);
    const int out = encoder(n, x);

    if (first != NULL)
        repeat(n, first, &p);
    leave_chain(n, &p, x, out);
    if (made != NULL)
        *made = p;
    return out;
}

static void siamese(net *n)
{
    static const int64_t dims[] = { 0, 28, 28, 1 };
    const int left = net_open(n, false, 4, dims);
    const int right = net_input(n, "right", 4, dims);
    const int module =
        module_of(n, 0, CVYI_MODULE_MODEL, "encoder", "Functional");
    place first;
    int a, b;

    n->graph->results[left].name = "left";
    a = visit_encoder(n, module, left, NULL, &first);
    b = visit_encoder(n, module, right, &first, NULL);
    net_output(n,
               net_argument(n, "sigmoid",
                            net_dense(n, "score",
                                      net_merge(n, "sum", "add", a, b), 1)));
}

/* A model of a model, a Sequential inside, several inputs and outputs. */
static void nested(net *n)
{
    static const int64_t dims[] = { 0, 12, 12, 3 };
    static const char *const names[] = { "image", "mask" };
    const int image = net_open(n, false, 4, dims);
    const int mask = net_input(n, "mask", 4, dims);
    const int body = module_of(n, 0, CVYI_MODULE_MODEL, "body", "Functional");
    const int stem =
        module_of(n, body, CVYI_MODULE_SEQUENTIAL, "stem", "Sequential");
    const int head =
        module_of(n, 0, CVYI_MODULE_SEQUENTIAL, "head", "Sequential");
    place outer = enter(n, body, 0), inner;
    int sum, x, y, in[2] = { image, mask }, out[2];

    take_names(n, body, names, 2);
    sum = net_merge(n, "masked", "multiply", image, mask);
    inner = enter(n, stem, outer.visit);
    x = net_conv(n, "conv", sum, 8, same_3);
    x = net_relu(n, "relu", net_batch_norm(n, "norm", x));
    leave_chain(n, &inner, sum, x);
    y = net_conv(n, "deep", x, 16, (net_window){ 3, 2, 1, CVYI_BORDER_SAME });
    out[0] = x;
    out[1] = net_argument(n, "relu", y);
    leave(n, &outer, in, 2, out, 2);
    x = net_global_pool(n, "mean", "average", false, out[1]);
    inner = enter(n, head, 0);
    y = net_dropout(n, "dropout", x);
    y = net_dense(n, "logits", y, 5);
    leave_chain(n, &inner, x, y);
    {
        const int outputs[] = { y, net_conv(n, "map", out[0], 1, point) };

        net_outputs(n, 2, outputs, NULL);
    }
}

/* A layer that is called twice is one module. */
static void shared_layer(net *n)
{
    static const int64_t dims[] = { 0, 8, 8, 4 };
    const int image = net_open(n, false, 4, dims);
    const int x = net_conv(n, "twice", image, 4, same_3);
    const int first = n->graph->n_calls - 1;
    const int y = net_conv(n, "again", net_relu(n, "relu", x), 4, same_3);
    cvyi_call *const call = &n->graph->calls[n->graph->n_calls - 1];

    call->module = n->graph->calls[first].module;
    memcpy(call->params, n->graph->calls[first].params, sizeof call->params);
    net_output(n, net_merge(n, "sum", "add", x, y));
}

/* ---- blocks ---- */

/* The flat layers of a source, or the same in blocks, as the pass that finds
 * repeated structure makes them. */
typedef struct blocks {
    net *n;
    bool flat;
} blocks;

static place begin(const blocks *b, int parent, cvyi_module_kind kind,
                   const char *name, const char *class_name, int around)
{
    return b->flat
               ? (place){ 0 }
               : enter(b->n, module_of(b->n, parent, kind, name, class_name),
                       around);
}

static void end(const blocks *b, const place *p, int in, int out)
{
    if (!b->flat)
        leave_chain(b->n, p, in, out);
}

/* The last layer: its name in the source, and in its block. */
static int role(const blocks *b, const char *source, const char *name, int x)
{
    cvyi_module *const m = &b->n->graph->modules[b->n->graph->n_modules - 1];

    m->name = cvyi_arena_printf(&b->n->graph->arena, "%s_%s", source, name);
    CHECK(m->name != NULL);
    if (!b->flat)
        m->role = name;
    return x;
}

static int basic_block(const blocks *b, const place *around, const char *stage,
                       int k, int x, int outputs, int stride)
{
    net *const n = b->n;
    char name[32], source[64];
    int y = x, shortcut = x;

    snprintf(name, sizeof name, "%d", k);
    snprintf(source, sizeof source, "%s_block%d", stage, k);

    const place p = begin(b, around->module, CVYI_MODULE_BLOCK, name,
                          "BasicBlock", around->visit);

    y = role(b, source, "conv1",
             net_conv(n, "", y, outputs,
                      (net_window){ 3, stride, 1, CVYI_BORDER_SAME }));
    y = role(b, source, "bn1", net_batch_norm(n, "", y));
    y = role(b, source, "relu", net_relu(n, "", y));
    y = role(b, source, "conv2", net_conv(n, "", y, outputs, same_3));
    y = role(b, source, "bn2", net_batch_norm(n, "", y));
    if (stride > 1)
        shortcut =
            role(b, source, "shortcut",
                 net_conv(n, "", x, outputs,
                          (net_window){ 1, stride, 1, CVYI_BORDER_GIVEN }));
    y = role(b, source, "add", net_merge(n, "", "add", y, shortcut));
    y = role(b, source, "out", net_relu(n, "", y));
    end(b, &p, x, y);
    return y;
}

static int stage(const blocks *b, const char *name, int in, int outputs,
                 int stride)
{
    const place p = begin(b, 0, CVYI_MODULE_SEQUENTIAL, name, NULL, 0);
    int x = in;

    for (int k = 1; k <= 4; k++)
        x = basic_block(b, &p, name, k, x, outputs, k == 1 ? stride : 1);
    end(b, &p, in, x);
    return x;
}

static void build_resnet(net *n, bool flat)
{
    static const int64_t dims[] = { 0, 32, 32, 3 };
    const blocks b = { n, flat };
    int x = net_open(n, false, 4, dims);

    x = net_argument(n, "relu", net_conv(n, "stem", x, 16, same_3));
    x = stage(&b, "stage1", x, 16, 1);
    x = stage(&b, "stage2", x, 32, 2);
    x = stage(&b, "stage3", x, 64, 2);
    x = net_global_pool(n, "mean", "average", false, x);
    net_output(n, net_dense(n, "logits", x, 10));
}

/* Inverted bottlenecks with squeeze and excitation: numbers in functions, and
 * a list that forward walks over. */
static int squeeze_block(const blocks *b, int list, int k, int x, int hidden,
                         int taps)
{
    net *const n = b->n;
    const int inputs = (int)net_channels(n, x);
    const int64_t sizes[] = { 1, 1, hidden };
    char name[32], source[64];
    int y = x, gate;

    snprintf(name, sizeof name, "%d", k);
    snprintf(source, sizeof source, "block%c", 'a' + k);

    const place p = begin(b, list, CVYI_MODULE_BLOCK, name, NULL, 0);

    y = role(b, source, "expand", net_conv(n, "", y, hidden, point));
    y = role(b, source, "conv",
             net_conv(n, "", y, hidden,
                      (net_window){ taps, 1, 1, CVYI_BORDER_SAME }));
    gate = role(b, source, "squeeze",
                net_global_pool(n, "", "average", false, y));
    gate = role(b, source, "reshape", net_reshape(n, "", gate, 3, sizes));
    gate = role(b, source, "excite", net_conv(n, "", gate, hidden, point));
    y = role(b, source, "scale", net_merge(n, "", "multiply", y, gate));
    y = role(b, source, "project", net_conv(n, "", y, inputs, point));
    y = role(b, source, "add", net_merge(n, "", "add", y, x));
    end(b, &p, x, y);
    return y;
}

static void build_squeeze(net *n, bool flat)
{
    static const int64_t dims[] = { 0, 16, 16, 8 };
    const blocks b = { n, flat };
    const int image = net_open(n, false, 4, dims);
    const int list =
        flat ? 0 : module_of(n, 0, CVYI_MODULE_LIST, "blocks", NULL);
    int x = image;

    for (int k = 0; k < 3; k++)
        x = squeeze_block(&b, list, k, x, 24 + 8 * k, k == 2 ? 5 : 3);
    net_output(n, net_conv(n, "head", x, 2, point));
}

/* Elements of a list out of turn, and layers in a list. */
static void lists(net *n)
{
    static const int64_t dims[] = { 0, 8, 8, 4 };
    const int image = net_open(n, false, 4, dims);
    const int list = module_of(n, 0, CVYI_MODULE_LIST, "towers", NULL);
    int y[3], z, first = n->graph->n_modules;

    for (int k = 0; k < 3; k++) {
        static const char *const digits[] = { "0", "1", "2" };

        y[k] = net_conv(n, digits[k], image, 4, k == 1 ? point : same_3);
        n->graph->modules[first + k].parent = list;
    }
    z = net_along(n, "joined", "concat", 3, y, 3);
    net_output(n, net_merge(n, "last", "add", net_conv(n, "mix", z, 4, point),
                            y[1]));
}

/* Softmax over channels, and over positions: one text cannot be both. */
static void two_meanings(net *n)
{
    static const int64_t image[] = { 0, 6, 6, 4 };
    static const int64_t row[] = { 0, 5, 4 };
    const int a = net_open(n, false, 4, image);
    const int b = net_input(n, "row", 3, row);
    const int inner =
        module_of(n, 0, CVYI_MODULE_MODEL, "attend", "Functional");
    const int conv = net_conv(n, "conv", a, 4, same_3);
    const int flat = net_dense(n, "plain", b, 3);
    place first = enter(n, inner, 0), again;
    int x = net_along(n, "softmax", "softmax", 3, &conv, 1), y;

    x = net_dropout(n, "dropout", x);
    leave_chain(n, &first, conv, x);
    again = enter(n, inner, 0);
    y = net_along(n, "softmax", "softmax", 1, &flat, 1);
    y = net_dropout(n, "dropout", y);
    repeat(n, &first, &again);
    leave_chain(n, &again, flat, y);
    {
        const int outputs[] = { x, y };

        net_outputs(n, 2, outputs, NULL);
    }
}

/* A backbone that is not trained, as a whole, and a norm beside it. */
static void frozen(net *n)
{
    static const int64_t dims[] = { 0, 8, 8, 3 };
    const int image = net_open(n, false, 4, dims);
    const int backbone =
        module_of(n, 0, CVYI_MODULE_MODEL, "backbone", "Functional");
    const place p = enter(n, backbone, 0);
    int x = net_batch_norm(n, "norm", net_conv(n, "conv", image, 4, same_3));
    int norm;

    n->graph->modules[n->graph->n_modules - 1].frozen = true;
    n->graph->modules[n->graph->n_modules - 2].frozen = true;
    n->graph->modules[backbone].frozen = true;
    leave_chain(n, &p, image, x);
    x = net_conv(n, "extra", x, 4, same_3);
    n->graph->modules[n->graph->n_modules - 1].frozen = true;
    norm = net_batch_norm(n, "trained", x);
    net_output(n, net_dense(n, "head", norm, 2));
}

/* ---- the table ---- */

static void resnet(net *n)
{
    build_resnet(n, false);
}

static void resnet_source(net *n)
{
    build_resnet(n, true);
}

static void squeeze(net *n)
{
    build_squeeze(n, false);
}

static void squeeze_source(net *n)
{
    build_squeeze(n, true);
}

static const struct {
    const char *name;
    void (*build)(net *n);
    void (*source)(net *n); /* NULL: the same */
    bool flat, exact;
} files[] = {
    { "siamese", siamese, NULL, false, false },
    { "nested", nested, NULL, false, false },
    { "shared_layer", shared_layer, NULL, false, false },
    { "resnet", resnet, resnet_source, false, false },
    { "resnet_flat", resnet, resnet_source, true, false },
    { "squeeze", squeeze, squeeze_source, false, false },
    { "lists", lists, NULL, false, false },
    { "two_meanings", two_meanings, NULL, false, false },
    { "frozen", frozen, NULL, false, true },
};

enum { N_FILES = sizeof files / sizeof *files };

#endif
