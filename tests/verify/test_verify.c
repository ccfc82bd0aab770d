/*
 * A right port is proven; a port broken on purpose is caught, at the layer
 * that was broken and with its cause.
 */
#include "verify/verify.h"

#include "net.h"
#include "pass/pass.h"

static const cvyi_target torch = { .dialect = "torch",
                                   .axes = CVYI_AXES_FIRST };

/* What real ports get wrong meets here: SAME at stride 2, batch norm, an
 * activation, features flattened from channels last, a join. */
static void build(net *n)
{
    static const int64_t dims[] = { 0, 10, 8, 3 };
    int in[2];
    cvyi_attrs add;
    const int image = net_open(n, false, 4, dims);
    const int a = net_conv2d(n, "conv_a", image, 6, 3, 2, CVYI_BORDER_SAME);
    const int b = net_batch_norm(n, "norm", a);
    const int c = net_relu(n, "relu", b);
    const int d = net_conv2d(n, "conv_b", c, 6, 3, 1, CVYI_BORDER_SAME);

    in[0] = c;
    in[1] = d;
    cvyi_attrs_open(&add, cvyi_op_find("add"), 0);

    const int e = net_call(n, "join", "Add", &add, in, 2, NULL);
    const int f = net_simple(n, "flatten", "flatten", e);

    net_output(n, net_dense(n, "dense", f, 5));
}

/* Breaks a graph that has passed all passes. */
typedef void break_fn(cvyi_graph *port);

static cvyi_call *call_of(cvyi_graph *port, const char *layer, bool pad)
{
    for (int i = 0; i < port->n_calls; i++)
        if (strcmp(cvyi_call_layer(port, &port->calls[i]), layer) == 0 &&
            (port->calls[i].label != NULL) == pad)
            return &port->calls[i];
    CHECK_FAIL("there is no layer %s", layer);
    return NULL;
}

static void nothing(cvyi_graph *port)
{
    (void)port;
}

static void border_on_the_wrong_side(cvyi_graph *port)
{
    cvyi_call *const pad = call_of(port, "conv_a", true);
    cvyi_border border = *cvyi_attr_border(&pad->attrs, "border");
    const int64_t before = border.before[0];

    border.before[0] = border.after[0];
    border.after[0] = before;
    cvyi_set_border(&pad->attrs, "border", border);
}

static void kernel_axes_swapped(cvyi_graph *port)
{
    const cvyi_call *const conv = call_of(port, "conv_b", false);
    cvyi_param *const kernel = &port->params[conv->params[0]];
    cvy_error err = { 0 };

    /* Inputs and outputs are as many: I and O change places. */
    CHECK_OK(cvyi_layout_parse(&kernel->layout, "S O I -> O I S", 2, 4,
                               kernel->stored.dims, &err));
}

static void eps_changed(cvyi_graph *port)
{
    cvyi_set_real(&call_of(port, "norm", false)->attrs, "eps", 1e-5);
}

static void flatten_order(cvyi_graph *port)
{
    const cvyi_call *const dense = call_of(port, "dense", false);

    port->params[dense->params[0]].n_blocks = 0;
}

static void activation_missing(cvyi_graph *port)
{
    cvyi_call *const relu = call_of(port, "relu", false);
    const int at = (int)(relu - port->calls);

    cvyi_graph_replace(port, relu->out[0], relu->in[0], at, true);
    /* The call still stands there, but what it makes is nobody's. */
    port->results[relu->out[0]].origin = -1;
}

static void another_weight(cvyi_graph *port)
{
    static const float zeros[6];
    const cvyi_call *const conv = call_of(port, "conv_b", false);
    static const int64_t dims[] = { 6 };

    port->params[conv->params[1]].stored =
        cvyi_packed((void *)(uintptr_t)zeros, CVY_F32, 1, dims);
}

static const struct {
    break_fn *breaks;
    const char *layer, *cause; /* NULL: proven */
} rows[] = {
    /* clang-format off */
    { nothing,                  NULL,     NULL },
    { border_on_the_wrong_side, "conv_a", "border on the wrong side" },
    { kernel_axes_swapped,      "conv_b", "kernel axes" },
    { eps_changed,              "norm",   "eps differs" },
    { flatten_order,            "dense",  "flatten order" },
    { activation_missing,       "relu",   "missing" },
    { another_weight,           "conv_b", "`bias` has other values" },
    /* clang-format on */
};

static void every_broken_port_is_caught_at_its_layer(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_findings findings = { 0 };
        cvyi_graph *port;
        cvyi_proof proof;
        cvy_error err = { 0 };
        net n;

        build(&n);
        CHECK_OK(cvyi_graph_copy(&port, n.graph, &err));
        CHECK_OK(cvyi_pass_run(port, &torch, NULL, &findings, &err));
        rows[i].breaks(port);
        CHECK_OK(cvyi_verify(&proof, n.graph, port, 1, NULL, NULL, &err));
        if (rows[i].layer == NULL) {
            CHECK_EQ(proof.engine, CVYI_PROVEN);
            CHECK(proof.worst_share <= 1);
            CHECK_EQ(proof.n_layers, n.graph->n_calls);
            for (int k = 0; k < proof.n_layers; k++)
                CHECK_EQ(proof.layers[k].verdict, CVYI_PROVEN);
        } else {
            CHECK_EQ(proof.engine, CVYI_FAILED);
            CHECK(proof.first_failure >= 0);

            const cvyi_layer_proof *const row =
                &proof.layers[proof.first_failure];

            CHECK_STR(cvyi_call_layer(n.graph,
                                      &n.graph->calls[row->source_call]),
                      rows[i].layer);
            if (strstr(row->cause, rows[i].cause) == NULL)
                CHECK_FAIL("row %zu: cause is \"%s\"", i, row->cause);
        }
        cvyi_proof_close(&proof);
        cvyi_findings_close(&findings);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

/* Small: the proof is made again for every allocation it asks for. */
static void build_small(net *n)
{
    static const int64_t dims[] = { 2, 3, 2, 1 };
    const int image = net_open(n, false, 4, dims);
    const int a = net_conv2d(n, "conv", image, 1, 2, 2, CVYI_BORDER_SAME);

    net_output(n, net_simple(n, "flatten", "flatten", a));
}

static void no_refused_allocation_breaks_the_proof(void)
{
    cvyi_findings findings = { 0 };
    cvyi_graph *port;
    cvy_error err = { 0 };
    net n;

    build_small(&n);
    CHECK_OK(cvyi_graph_copy(&port, n.graph, &err));
    CHECK_OK(cvyi_pass_run(port, &torch, NULL, &findings, &err));
    cvy_status status = CVY_MEMORY;

    for (size_t k = 1; status != CVY_OK; k++) {
        cvyi_proof proof = { 0 };

        cvyi_alloc_refuse(k);
        status = cvyi_verify(&proof, n.graph, port, 1, NULL, NULL, &err);
        cvyi_alloc_refuse(0);
        CHECK(status == CVY_MEMORY || status == CVY_OK);
        if (status == CVY_OK) {
            CHECK_EQ(proof.engine, CVYI_PROVEN);
            cvyi_proof_close(&proof);
        }
    }
    cvyi_findings_close(&findings);
    cvyi_graph_close(port);
    net_close(&n);
}

static const check_case cases[] = {
    { "every_broken_port_is_caught_at_its_layer",
      every_broken_port_is_caught_at_its_layer },
    { "no_refused_allocation_breaks_the_proof",
      no_refused_allocation_breaks_the_proof },
};
CHECK_MAIN(cases)
