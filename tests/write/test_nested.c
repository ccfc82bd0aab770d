/*
 * Models made of models, as they are written: classes of classes, one module
 * for what is shared, one class for what repeats.
 *
 * tests/write/golden/NAME.py as in test_torch.c.
 */
#include "write/write.h"

#include "net.h"

#include <stdio.h>
#include <stdlib.h>

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

    CHECK_OK(
        cvyi_graph_add_visit(&p.visit, n->graph, module, around, &err));
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
    CHECK_OK(cvyi_graph_wire_visit(n->graph, p->visit, in, n_in, out, n_out,
                                   &err));
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
        const cvyi_call *const from =
            &n->graph->calls[first->first_call + k];
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
    net_output(n, net_argument(n, "sigmoid",
                               net_dense(n, "score",
                                         net_merge(n, "sum", "add", a, b),
                                         1)));
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

/* As the pass that finds repeated structure makes it: flat layers of the
 * source in blocks with short names. */
static int basic_block(net *n, const place *around, const char *name, int x,
                       int outputs, int stride)
{
    const int module =
        module_of(n, around->module, CVYI_MODULE_BLOCK, name, "BasicBlock");
    const bool project = stride > 1;
    place p = enter(n, module, around->visit);
    int y = x, shortcut = x;

    y = net_conv(n, "conv1", x, outputs,
                 (net_window){ 3, stride, 1, CVYI_BORDER_SAME });
    y = net_relu(n, "relu1", net_batch_norm(n, "bn1", y));
    y = net_batch_norm(n, "bn2", net_conv(n, "conv2", y, outputs, same_3));
    if (project)
        shortcut = net_conv(n, "shortcut", x, outputs,
                            (net_window){ 1, stride, 1, CVYI_BORDER_GIVEN });
    y = net_relu(n, "out", net_merge(n, "sum", "add", y, shortcut));
    leave_chain(n, &p, x, y);
    return y;
}

static int stage(net *n, const char *name, int in, int outputs, int stride)
{
    const place p =
        enter(n, module_of(n, 0, CVYI_MODULE_SEQUENTIAL, name, NULL), 0);
    int x = basic_block(n, &p, "1", in, outputs, stride);

    x = basic_block(n, &p, "2", x, outputs, 1);
    x = basic_block(n, &p, "3", x, outputs, 1);
    x = basic_block(n, &p, "4", x, outputs, 1);
    leave_chain(n, &p, in, x);
    return x;
}

static void resnet(net *n)
{
    static const int64_t dims[] = { 0, 32, 32, 3 };
    int x = net_open(n, false, 4, dims);

    x = net_argument(n, "relu", net_conv(n, "stem", x, 16, same_3));
    x = stage(n, "stage1", x, 16, 1);
    x = stage(n, "stage2", x, 32, 2);
    x = stage(n, "stage3", x, 64, 2);
    x = net_global_pool(n, "mean", "average", false, x);
    net_output(n, net_dense(n, "logits", x, 10));
}

static const struct {
    const char *name;
    void (*build)(net *n);
    bool flat;
} files[] = {
    { "siamese", siamese, false },
    { "nested", nested, false },
    { "shared_layer", shared_layer, false },
    { "resnet", resnet, false },
    { "resnet_flat", resnet, true },
};

/* ---- comparing ---- */

static void write_net(cvyi_written *out, cvyi_graph **port, net *n,
                      const char *name, bool flat)
{
    const cvyi_write_options options = { .file_name = name,
                                         .source_file = "net.keras",
                                         .flat = flat };
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };

    n->graph->version = "3.15.1";
    *port = net_port(n, &findings);
    if (cvyi_write_torch(out, *port, n->graph, &options, &findings, &err) !=
        CVY_OK)
        CHECK_FAIL("%s: %s", name, err.text);
    cvyi_findings_close(&findings);
}

static void compare(const char *name, const cvyi_text *code)
{
    char path[512];
    cvyi_mapping golden;
    cvy_error err = { 0 };

    snprintf(path, sizeof path, "%s/write/golden/%s.py", CVYT_DATA, name);
    if (getenv("CONVEY_UPDATE") != NULL)
        CHECK_OK(cvyi_file_write(path, code->bytes, code->size, &err));
    CHECK_OK(cvyi_file_map(&golden, path, &err));
    if (golden.size != code->size ||
        memcmp(golden.bytes, code->bytes, code->size) != 0)
        CHECK_FAIL("%s.py is written otherwise:\n%s", name, code->bytes);
    cvyi_file_unmap(&golden);
}

static void every_file_is_the_golden_one(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        cvyi_written written;
        cvyi_graph *port;
        net n;

        files[i].build(&n);
        write_net(&written, &port, &n, files[i].name, files[i].flat);
        compare(files[i].name, &written.code);
        cvyi_written_close(&written);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

static const check_case cases[] = {
    { "every_file_is_the_golden_one", every_file_is_the_golden_one },
};
CHECK_MAIN(cases)
