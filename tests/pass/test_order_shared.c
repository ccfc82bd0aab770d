/*
 * Flattened features before layers that are called several times: one weight
 * has one order for all its calls. The proof compares the values of every
 * network; the table says whether the weight took the new order.
 */
#include "pass/pass.h"

#include "net.h"
#include "verify/verify.h"

static const cvyi_target keras = { .dialect = "keras3",
                                   .axes = CVYI_AXES_LAST,
                                   .flat = true };

static const int64_t image[] = { 0, 6, 5, 3 };
static const int64_t turned[] = { 0, 5, 6, 3 };
static const int64_t image_first[] = { 0, 3, 6, 5 };

static const net_window same_3 = { 3, 1, 1, CVYI_BORDER_SAME };
static const net_window same_2 = { 2, 2, 1, CVYI_BORDER_SAME };

/* ---- building ---- */

static int conv(net *n, const char *layer, int in)
{
    return net_conv(n, layer, in, 4, same_3);
}

/* The layer that made `result`, called on something else. */
static int again(net *n, int result, int in)
{
    const cvyi_call call = n->graph->calls[n->graph->results[result].call];
    cvy_error err = { 0 };
    int at;

    CHECK_OK(cvyi_graph_add_call(&at, n->graph, &call.attrs, call.axes, &in, 1,
                                 call.params, call.module, &err));
    return n->graph->calls[at].out[0];
}

static void both_to_one(net *n, int a, int b)
{
    net_output(n, net_merge(n, "distance", "add", a, b));
}

/* A convolution for each input, then flatten and dense for both. */
static void heads(net *n, int a, int b)
{
    const int x = net_simple(n, "f", "flatten", conv(n, "a", a));
    const int y = again(n, x, conv(n, "b", b));
    const int d = net_dense(n, "dense", x, 5);

    both_to_one(n, d, again(n, d, y));
}

/* ---- networks ---- */

static void two_towers(net *n)
{
    const int a = net_open(n, false, 4, image);

    heads(n, a, net_input(n, "other", 4, image));
}

static void two_towers_first(net *n)
{
    const int a = net_open(n, false, 4, image_first);

    n->axes = CVYI_AXES_FIRST;
    heads(n, a, net_input(n, "other", 4, image_first));
}

/* Every layer is shared, and a norm stands between. */
static void towers_of_shared_layers(net *n)
{
    const int x = net_open(n, false, 4, image);
    const int y = net_input(n, "other", 4, image);
    const int a = conv(n, "a", x), b = again(n, a, y);
    const int f = net_simple(n, "f", "flatten", a), g = again(n, f, b);
    const int p = net_batch_norm(n, "norm", f), q = again(n, p, g);
    const int d = net_dense(n, "dense", net_relu(n, "r", p), 5);

    both_to_one(n, d, again(n, d, net_relu(n, "s", q)));
}

/* As many features, but of an image that lies on its side. */
static void towers_of_two_shapes(net *n)
{
    const int a = net_open(n, false, 4, image);

    heads(n, a, net_input(n, "other", 4, turned));
}

static void one_tower_is_read_by_others(net *n)
{
    const int x = net_open(n, false, 4, image);
    const int f = net_simple(n, "f", "flatten", conv(n, "a", x));
    const int g = net_simple(n, "g", "flatten", conv(n, "b", x));
    const int d = net_dense(n, "dense", f, 5), e = again(n, d, g);
    const int outputs[] = { net_merge(n, "distance", "add", d, e), g };

    net_outputs(n, 2, outputs, NULL);
}

/* The same features twice, in rows of blocks that are equal or are not. */
static void joined(net *n, bool equal)
{
    const int x = conv(n, "a", net_open(n, false, 4, image));
    const int y = net_conv(n, "b", x, 2, same_2);
    const int f = net_simple(n, "f", "flatten", x);
    const int g = net_simple(n, "g", "flatten", y);
    const int there[] = { f, g }, back[] = { g, f };
    const int a = net_along(n, "to", "concat", 1, there, 2);
    const int b = net_along(n, "fro", "concat", 1, equal ? there : back, 2);
    const int d = net_dense(n, "dense", a, 5);

    both_to_one(n, d, again(n, d, b));
}

static void joined_alike(net *n)
{
    joined(n, true);
}

static void joined_the_other_way(net *n)
{
    joined(n, false);
}

/* What one refuses is refused for the others, weight by weight. */
static void weights_in_a_row(net *n)
{
    static const int64_t flat[] = { 0, 120 };
    const int x = net_open(n, false, 4, image);
    const int f = net_simple(n, "f", "flatten", conv(n, "a", x));
    const int g = net_simple(n, "g", "flatten", conv(n, "b", x));
    const int h = net_simple(n, "h", "flatten", conv(n, "c", x));
    const int d = net_dense(n, "one", f, 5), e = again(n, d, g);
    const int p = net_dense(n, "two", g, 5), q = again(n, p, h);
    const int r = net_dense(n, "three", h, 5);
    const int s = again(n, r, net_input(n, "plain", 2, flat));
    const int all[] = { d, e, p, q, r, s };

    net_output(n, net_along(n, "concat", "concat", 1, all, 6));
}

/* ---- a model that is called twice ---- */

static int in_model(net *n, int layer, int visit, const char *op, int in)
{
    cvyi_attrs attrs;
    cvy_error err = { 0 };
    int call;

    cvyi_attrs_open(&attrs, cvyi_op_find(op), 2);
    CHECK_OK(cvyi_graph_add_call(&call, n->graph, &attrs, n->axes, &in, 1,
                                 NULL, layer, &err));
    n->graph->calls[call].visit = visit;

    const int out = n->graph->calls[call].out[0];

    CHECK_OK(cvyi_graph_wire_visit(n->graph, visit, &in, 1, &out, 1, &err));
    return out;
}

static void model_of_flatten(net *n, bool contracted)
{
    const int x = net_open(n, false, 4, image);
    const int a = conv(n, "a", x), b = conv(n, "b", x);
    cvy_error err = { 0 };
    int model, layer, first, second;

    CHECK_OK(cvyi_graph_add_module(&model, n->graph, 0, CVYI_MODULE_MODEL,
                                   "features", "Functional", &err));
    CHECK_OK(cvyi_graph_add_module(&layer, n->graph, model, CVYI_MODULE_LAYER,
                                   "f", "Flatten", &err));
    CHECK_OK(cvyi_graph_add_visit(&first, n->graph, model, 0, &err));
    CHECK_OK(cvyi_graph_add_visit(&second, n->graph, model, 0, &err));

    const int f = in_model(n, layer, first, "flatten", a);
    const int g = in_model(n, layer, second, "flatten", b);
    const int outputs[] = { net_dense(n, "dense", f, 3),
                            contracted ? net_dense(n, "more", g, 3) : g };

    net_outputs(n, 2, outputs, NULL);
}

static void a_model_of_flatten(net *n)
{
    model_of_flatten(n, true);
}

/* One text cannot turn the image in one visit only. */
static void a_model_whose_features_are_an_output(net *n)
{
    model_of_flatten(n, false);
}

static const struct {
    const char *name;
    void (*build)(net *n);
    const cvyi_target *target;
    int transposes;
    int weights; /* of dense calls whose weight was permuted */
} nets[] = {
#define NET(build, ...)            \
    {                              \
#build, build, __VA_ARGS__ \
    }
    /* clang-format off */
    NET(two_towers,                           &net_torch, 0, 2),
    NET(two_towers_first,                     &keras,     0, 2),
    NET(two_towers,                           &keras,     0, 0),
    NET(towers_of_shared_layers,              &net_torch, 0, 2),
    NET(towers_of_two_shapes,                 &net_torch, 2, 0),
    NET(one_tower_is_read_by_others,          &net_torch, 2, 0),
    NET(joined_alike,                         &net_torch, 0, 2),
    NET(joined_the_other_way,                 &net_torch, 2, 0),
    NET(weights_in_a_row,                     &net_torch, 3, 0),
    NET(a_model_of_flatten,                   &net_torch, 0, 2),
    NET(a_model_whose_features_are_an_output, &net_torch, 2, 0),
/* clang-format on */
#undef NET
};

/* ---- laws ---- */

static void prove(const net *n, const cvyi_graph *port, const char *name)
{
    cvyi_proof proof;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_verify(&proof, n->graph, port, 1, NULL, NULL, &err));
    for (int i = 0; i < proof.n_layers; i++)
        if (proof.layers[i].verdict != CVYI_PROVEN)
            CHECK_FAIL("%s: %s: %s", name,
                       cvyi_call_layer(n->graph, &n->graph->calls[i]),
                       proof.layers[i].cause);
    CHECK_EQ(proof.engine, CVYI_PROVEN);
    cvyi_proof_close(&proof);
}

static int permuted_weights(const cvyi_graph *port)
{
    int n = 0;

    for (int i = 0; i < port->n_calls; i++)
        if (port->calls[i].attrs.op == cvyi_op_find("dense"))
            n += port->params[port->calls[i].params[0]].n_blocks > 0;
    return n;
}

static cvyi_graph *port_of(const net *n, const cvyi_target *target,
                           cvyi_findings *findings)
{
    cvyi_graph *port;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_graph_copy(&port, n->graph, &err));
    CHECK_OK(cvyi_pass_run(port, target, NULL, findings, &err));
    CHECK_OK(cvyi_graph_check(port, &err));
    return port;
}

static void shared_weights_follow_as_the_table_says(void)
{
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        cvyi_findings findings = { 0 };
        cvyi_graph *port;
        net n;

        nets[i].build(&n);
        port = port_of(&n, nets[i].target, &findings);
        if (cvyi_leftover_transposes(port) != nets[i].transposes)
            CHECK_FAIL("%s: %d transposes", nets[i].name,
                       cvyi_leftover_transposes(port));
        if (permuted_weights(port) != nets[i].weights)
            CHECK_FAIL("%s: %d permuted weights", nets[i].name,
                       permuted_weights(port));
        prove(&n, port, nets[i].name);
        cvyi_graph_close(port);
        cvyi_findings_close(&findings);
        net_close(&n);
    }
}

static void no_refused_allocation_breaks_the_pass(void)
{
    for (size_t k = 1;; k++) {
        cvyi_findings findings = { 0 };
        cvyi_graph *port;
        cvy_error err = { 0 };
        cvy_status status;
        net n;

        joined_the_other_way(&n);
        CHECK_OK(cvyi_graph_copy(&port, n.graph, &err));
        cvyi_alloc_refuse(k);
        status = cvyi_pass_run(port, &net_torch, "order", &findings, &err);
        cvyi_alloc_refuse(0);
        cvyi_graph_close(port);
        cvyi_findings_close(&findings);
        net_close(&n);
        if (status == CVY_OK)
            break;
        if (status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: %s", k, err.text);
    }
}

static const check_case cases[] = {
    { "shared_weights_follow_as_the_table_says",
      shared_weights_follow_as_the_table_says },
    { "no_refused_allocation_breaks_the_pass",
      no_refused_allocation_breaks_the_pass },
};
CHECK_MAIN(cases)
