/*
 * The likely cause of a fault, asked of a pair of calls: each row breaks one
 * thing of a right port and names what must be said.
 */
#include "verify/parts.h"

#include "net.h"

static void build(net *n)
{
    static const int64_t dims[] = { 0, 8, 7, 3 };
    const int image = net_open(n, false, 4, dims);
    const int a = net_conv(n, "wide", image, 3,
                           (net_window){ 4, 1, 1, CVYI_BORDER_SAME });
    const int b = net_argument(
        n, "relu",
        net_conv(n, "half", a, 3, (net_window){ 3, 2, 1, CVYI_BORDER_SAME }));
    const int c = net_batch_norm(n, "norm", b);
    const int d = net_merge(n, "join", "add", b, c);
    const int p = net_pool(n, "pool", "max", "real", d,
                           (net_window){ 3, 2, 1, CVYI_BORDER_SAME });
    const int e = net_simple(n, "flatten", "flatten", p);

    net_output(n, net_dense(n, "dense", e, 2));
}

/* The call of a layer that carries over the source's. */
static int call_of(const cvyi_graph *graph, const char *layer)
{
    for (int i = 0; i < graph->n_calls; i++)
        if (strcmp(cvyi_call_layer(graph, &graph->calls[i]), layer) == 0 &&
            graph->calls[i].label == NULL)
            return i;
    CHECK_FAIL("there is no layer %s", layer);
    return -1;
}

typedef void break_fn(cvyi_graph *port, cvyi_call *call);

static void nothing(cvyi_graph *port, cvyi_call *call)
{
    (void)port;
    (void)call;
}

static void stride_1(cvyi_graph *port, cvyi_call *call)
{
    static const int64_t ones[] = { 1, 1 };

    (void)port;
    cvyi_set_ints(&call->attrs, "stride", ones, 2);
}

static void operator_multiply(cvyi_graph *port, cvyi_call *call)
{
    (void)port;
    cvyi_attrs_open(&call->attrs, cvyi_op_find("multiply"), 0);
}

static void border_turned(cvyi_graph *port, cvyi_call *call)
{
    (void)port;
    cvyi_set_border(&call->attrs, "border",
                    (cvyi_border){ .before = { 2, 2 }, .after = { 1, 1 } });
}

static void border_halved(cvyi_graph *port, cvyi_call *call)
{
    (void)port;
    cvyi_set_border(&call->attrs, "border",
                    (cvyi_border){ .before = { 1, 1 }, .after = { 1, 1 } });
}

/* The border stands in the pad before the call. */
static void pad_turned(cvyi_graph *port, cvyi_call *call)
{
    cvyi_call *const pad = &port->calls[port->results[call->in[0]].call];

    cvyi_set_border(&pad->attrs, "border",
                    (cvyi_border){ .before = { 1, 1 }, .after = { 0, 1 } });
}

static void flatten_unsaid(cvyi_graph *port, cvyi_call *call)
{
    port->params[call->params[0]].n_blocks = 0;
}

static void kernel_turned(cvyi_graph *port, cvyi_call *call)
{
    cvyi_param *const kernel = &port->params[call->params[0]];
    cvy_error err = { 0 };

    CHECK_OK(cvyi_layout_parse(&kernel->layout, "S O I -> O I S", 2, 4,
                               kernel->stored.dims, &err));
}

static void other_bias(cvyi_graph *port, cvyi_call *call)
{
    static float numbers[3];

    port->params[call->params[1]].stored.data = numbers;
}

static void no_bias(cvyi_graph *port, cvyi_call *call)
{
    (void)port;
    call->params[1] = -1;
}

/* SAME of 3 taps at stride 2 over 4 elements adds 0 and 1. */
static void said_by_ceil(cvyi_graph *port, cvyi_call *call)
{
    const cvyi_border none = { .rule = CVYI_BORDER_GIVEN };

    (void)port;
    cvyi_set_border(&call->attrs, "border", none);
    cvyi_set_int(&call->attrs, "ceil", true);
}

static void ceil_forgotten(cvyi_graph *port, cvyi_call *call)
{
    said_by_ceil(port, call);
    cvyi_set_int(&call->attrs, "ceil", false);
}

static void layer_skipped(cvyi_graph *port, cvyi_call *call)
{
    const int norm = call_of(port, "norm");

    call->in[1] = port->calls[norm].in[0];
}

static const struct {
    const char *layer;
    break_fn *breaks;
    const char *cause;
} rows[] = {
    /* clang-format off */
    { "wide",    nothing,           "unknown: attributes and weights agree" },
    { "half",    nothing,           "unknown: attributes and weights agree" },
    { "dense",   nothing,           "unknown: attributes and weights agree" },
    { "flatten", nothing,           "flatten order: the axes are flattened" },
    { "half",    stride_1,          "stride differs: [2 2] in the source, "
                                    "[1 1] in the port" },
    { "join",    operator_multiply, "another operator: add in the source, "
                                    "multiply in the port" },
    { "wide",    border_turned,     "border on the wrong side: the source "
                                    "adds 1 before and 2 after on spatial "
                                    "axis 0, the port 2 and 1" },
    { "wide",    border_halved,     "border of another size: the source adds "
                                    "1 before and 2 after" },
    { "half",    pad_turned,        "border on the wrong side: the source "
                                    "adds 0 before and 1 after" },
    { "dense",   flatten_unsaid,    "flatten order: the weight does not" },
    { "wide",    kernel_turned,     "kernel axes: axes 0 and 1 of `weight` "
                                    "are swapped" },
    { "wide",    other_bias,        "`bias` has other values" },
    { "wide",    no_bias,           "bias is missing on one side" },
    { "pool",    said_by_ceil,      "unknown: attributes and weights agree" },
    { "pool",    ceil_forgotten,    "border of another size: the source adds "
                                    "0 before and 1 after on spatial axis 0, "
                                    "the port 0 and 0" },
    { "join",    layer_skipped,     "it reads another value than in the "
                                    "source: a layer before it is left out" },
    /* clang-format on */
};

static void every_fault_has_its_cause(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_findings findings = { 0 };
        cvyi_arena arena = { 0 };
        cvyi_graph *port;
        const char *cause;
        net n;

        build(&n);
        port = net_port(&n, &findings);

        const int from = call_of(n.graph, rows[i].layer);
        const int to = call_of(port, rows[i].layer);

        rows[i].breaks(port, &port->calls[to]);
        cause = cvyi_likely_cause(&arena, n.graph, from, port, to);
        if (strncmp(cause, rows[i].cause, strlen(rows[i].cause)) != 0)
            CHECK_FAIL("row %zu: \"%s\", not \"%s\"", i, cause, rows[i].cause);
        cvyi_arena_close(&arena);
        cvyi_findings_close(&findings);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

static void a_call_that_is_not_there_is_missing(void)
{
    cvyi_arena arena = { 0 };
    net n;

    build(&n);

    const int layer = call_of(n.graph, "half");

    CHECK_STR(cvyi_likely_cause(&arena, n.graph, layer, n.graph, -1),
              "missing: the port has no call for this layer");
    CHECK_STR(cvyi_likely_cause(&arena, n.graph, layer + 1, n.graph, -1),
              "missing: the port has no call for this activation");
    CHECK_STR(cvyi_likely_cause(&arena, n.graph, call_of(n.graph, "join"),
                                n.graph, -1),
              "missing: the port has no call for this layer");
    cvyi_arena_close(&arena);
    net_close(&n);
}

static const check_case cases[] = {
    { "every_fault_has_its_cause", every_fault_has_its_cause },
    { "a_call_that_is_not_there_is_missing",
      a_call_that_is_not_there_is_missing },
};
CHECK_MAIN(cases)
