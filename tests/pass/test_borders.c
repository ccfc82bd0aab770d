/*
 * SAME and causal borders: what becomes a number inside the call, what is
 * split off into a pad, and what keeps its rule until the size is known.
 */
#include "pass/pass.h"

#include "net.h"
#include "verify/verify.h"

enum { ANY = 0 }; /* a length that is not known before run time */

typedef enum window_kind {
    CONV,
    MAX,
    MEAN,   /* of the real elements: Keras' average */
    WINDOW, /* mean over the whole window */
} window_kind;

static int window_call(net *n, const char *layer, window_kind kind, int in,
                       net_window w)
{
    if (kind == CONV)
        return net_conv(n, layer, in, 2, w);
    return net_pool(n, layer, kind == MAX ? "max" : "average",
                    kind == WINDOW ? "window" : "real", in, w);
}

/* "pad [0:1]; conv": every call, with its border where it has one. */
static void describe(cvyi_text *out, const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_attrs *const attrs = &graph->calls[i].attrs;
        const int border = cvyi_attr_index(attrs->op, "border");
        const int value = cvyi_attr_index(attrs->op, "value");
        cvyi_text text = { 0 };

        cvyi_text_printf(out, "%s%s", i > 0 ? "; " : "", attrs->op->name);
        cvyi_attr_print(&text, &attrs->op->attrs[border], &attrs->at[border]);
        if (strspn(cvyi_text_c(&text), "[0: ]") < text.size)
            cvyi_text_printf(out, " %s", cvyi_text_c(&text));
        if (value >= 0 && attrs->at[value].real != 0) {
            cvyi_text_put(out, " of ");
            cvyi_text_double(out, attrs->at[value].real);
        }
        cvyi_text_close(&text);
    }
}

static void prove(const net *n, const cvyi_graph *port)
{
    cvyi_proof proof;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_verify(&proof, n->graph, port, 1, NULL, NULL, &err));
    for (int i = 0; i < proof.n_layers; i++)
        if (proof.layers[i].verdict != CVYI_PROVEN)
            CHECK_FAIL("%s: %s",
                       cvyi_call_layer(n->graph, &n->graph->calls[i]),
                       proof.layers[i].cause);
    CHECK_EQ(proof.engine, CVYI_PROVEN);
    cvyi_proof_close(&proof);
}

/* ---- one axis ---- */

#define SAME CVYI_BORDER_SAME
#define CAUSAL CVYI_BORDER_CAUSAL

static const struct {
    window_kind kind;
    int64_t length;
    net_window w; /* taps, stride, dilation, rule */
    const char *port;
} rows[] = {
    /* clang-format off */
    /* Stride 1: the length does not count. */
    { CONV,   7,   { 3, 1, 1, SAME },   "conv [1:1]" },
    { CONV,   ANY, { 3, 1, 1, SAME },   "conv [1:1]" },
    { CONV,   8,   { 4, 1, 1, SAME },   "conv [1:2]" },
    { CONV,   ANY, { 4, 1, 1, SAME },   "conv [1:2]" },
    { CONV,   9,   { 3, 1, 2, SAME },   "conv [2:2]" },
    { CONV,   9,   { 2, 1, 3, SAME },   "conv [1:2]" },
    { CONV,   9,   { 1, 1, 1, SAME },   "conv" },
    /* A stride: odd and even lengths differ. */
    { CONV,   7,   { 3, 2, 1, SAME },   "conv [1:1]" },
    { CONV,   8,   { 3, 2, 1, SAME },   "pad [0:1]; conv" },
    { CONV,   ANY, { 3, 2, 1, SAME },   "pad same; conv" },
    { CONV,   9,   { 5, 2, 1, SAME },   "conv [2:2]" },
    { CONV,   128, { 5, 2, 1, SAME },   "pad [1:2]; conv" },
    { CONV,   8,   { 2, 2, 1, SAME },   "conv" },
    { CONV,   7,   { 2, 2, 1, SAME },   "pad [0:1]; conv" },
    { CONV,   ANY, { 1, 2, 1, SAME },   "conv" },
    { CONV,   7,   { 2, 3, 1, SAME },   "pad [0:1]; conv" },
    { CONV,   8,   { 2, 3, 1, SAME },   "conv" },
    /* Causal: everything before. */
    { CONV,   7,   { 3, 1, 1, CAUSAL }, "pad [2:0]; conv" },
    { CONV,   ANY, { 3, 1, 2, CAUSAL }, "pad [4:0]; conv" },
    { CONV,   7,   { 3, 2, 1, CAUSAL }, "pad [2:0]; conv" },
    { CONV,   7,   { 1, 1, 1, CAUSAL }, "conv" },
    /* A maximum: windows may hang over the end. */
    { MAX,    8,   { 2, 2, 1, SAME },   "pool" },
    { MAX,    7,   { 2, 2, 1, SAME },   "pool [0:1]" },
    { MAX,    ANY, { 2, 2, 1, SAME },   "pool same" },
    { MAX,    7,   { 3, 1, 1, SAME },   "pool [1:1]" },
    { MAX,    ANY, { 3, 1, 1, SAME },   "pool [1:1]" },
    { MAX,    8,   { 3, 2, 1, SAME },   "pool [0:1]" },
    { MAX,    7,   { 3, 2, 1, SAME },   "pool [1:1]" },
    { MAX,    ANY, { 3, 2, 1, SAME },   "pad same of -inf; pool" },
    { MAX,    7,   { 2, 1, 1, SAME },   "pad [0:1] of -inf; pool" },
    { MAX,    ANY, { 2, 1, 1, SAME },   "pad [0:1] of -inf; pool" },
    { MAX,    7,   { 4, 1, 1, SAME },   "pad [1:2] of -inf; pool" },
    /* A mean of real elements is never padded from outside. */
    { MEAN,   8,   { 2, 2, 1, SAME },   "pool" },
    { MEAN,   7,   { 2, 2, 1, SAME },   "pool [0:1]" },
    { MEAN,   ANY, { 2, 2, 1, SAME },   "pool same" },
    { MEAN,   7,   { 2, 1, 1, SAME },   "pool [0:1]" },
    { MEAN,   ANY, { 2, 1, 1, SAME },   "pool [0:1]" },
    { MEAN,   ANY, { 3, 2, 1, SAME },   "pool same" },
    { WINDOW, 7,   { 3, 2, 1, SAME },   "pool [1:1]" },
    { WINDOW, 8,   { 3, 2, 1, SAME },   "pool [0:1]" },
    { WINDOW, ANY, { 3, 2, 1, SAME },   "pad same; pool" },
    /* clang-format on */
};

static void one_axis_is_as_the_table_says(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t dims[] = { 0, rows[i].length, 3 };
        cvyi_findings findings = { 0 };
        cvyi_text text = { 0 };
        cvyi_graph *port;
        net n;

        net_output(&n, window_call(&n, "layer", rows[i].kind,
                                   net_open(&n, true, 3, dims), rows[i].w));
        port = net_port(&n, &findings);
        describe(&text, port);
        if (strcmp(cvyi_text_c(&text), rows[i].port) != 0)
            CHECK_FAIL("row %zu: \"%s\", not \"%s\"", i, cvyi_text_c(&text),
                       rows[i].port);
        CHECK_EQ(findings.n, 0);
        prove(&n, port);
        cvyi_text_close(&text);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

/* ---- a target with words for the rules ---- */

static const cvyi_target keras = { .dialect = "keras3",
                                   .axes = CVYI_AXES_LAST };

static cvyi_graph *to_keras(const net *n)
{
    cvyi_findings findings = { 0 };
    cvyi_graph *port;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_graph_copy(&port, n->graph, &err));
    CHECK_OK(cvyi_pass_run(port, &keras, NULL, &findings, &err));
    CHECK_OK(cvyi_graph_check(port, &err));
    CHECK_EQ(findings.n, 0);
    cvyi_findings_close(&findings);
    return port;
}

/* Known length or not: the rule is what was meant. */
static const struct {
    window_kind kind;
    net_window w;
    const char *port;
} words[] = {
    /* clang-format off */
    { CONV, { 3, 1, 1, SAME },   "conv same" },
    { CONV, { 4, 1, 1, SAME },   "conv same" },
    { CONV, { 3, 2, 1, SAME },   "conv same" },
    { CONV, { 3, 1, 2, SAME },   "conv same" },
    { CONV, { 3, 1, 1, CAUSAL }, "conv causal" },
    { CONV, { 3, 1, 2, CAUSAL }, "conv causal" },
    { MAX,  { 3, 2, 1, SAME },   "pool same" },
    { MAX,  { 2, 1, 1, SAME },   "pool same" },
    { MEAN, { 3, 2, 1, SAME },   "pool same" },
    { MEAN, { 2, 2, 1, SAME },   "pool same" },
    /* clang-format on */
};

static void a_rule_that_the_target_can_say_stays(void)
{
    static const int64_t lengths[] = { 7, 8, ANY };

    for (size_t i = 0; i < 3 * sizeof words / sizeof *words; i++) {
        const int64_t last[] = { 0, lengths[i % 3], 3 };
        const int64_t first[] = { 0, 3, lengths[i % 3] };

        for (int axes = 0; axes < 2; axes++) {
            cvyi_text text = { 0 };
            cvyi_graph *port;
            int x;
            net n;

            x = net_open(&n, true, 3, axes == 0 ? last : first);
            n.axes = axes == 0 ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
            net_output(&n, window_call(&n, "layer", words[i / 3].kind, x,
                                       words[i / 3].w));
            port = to_keras(&n);
            describe(&text, port);
            if (strcmp(cvyi_text_c(&text), words[i / 3].port) != 0)
                CHECK_FAIL("word %zu: \"%s\", not \"%s\"", i,
                           cvyi_text_c(&text), words[i / 3].port);
            prove(&n, port);
            cvyi_text_close(&text);
            cvyi_graph_close(port);
            net_close(&n);
        }
    }
}

/* A convolution of torch: given amounts, which Keras can say inside the call
 * where they are what "same" adds to every length. */
static void given_amounts_are_said_or_split_off(void)
{
    static const struct {
        int64_t taps, stride, before, after;
        const char *port;
    } given[] = {
        { 3, 1, 1, 1, "conv [1:1]" },
        { 5, 1, 2, 2, "conv [2:2]" },
        { 3, 2, 1, 1, "pad [1:1]; conv" },
        { 3, 1, 2, 2, "pad [2:2]; conv" },
        { 3, 1, 0, 0, "conv" },
    };

    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        const int64_t dims[] = { 0, 3, 9 };
        const cvyi_border border = { .rule = CVYI_BORDER_GIVEN,
                                     .before = { given[i].before },
                                     .after = { given[i].after } };
        cvyi_text text = { 0 };
        cvyi_graph *port;
        cvy_error err = { 0 };
        int x;
        net n;

        x = net_open(&n, true, 3, dims);
        n.axes = CVYI_AXES_FIRST;
        x = net_conv(&n, "layer", x, 2,
                     (net_window){ given[i].taps, given[i].stride, 1,
                                   CVYI_BORDER_GIVEN });
        cvyi_set_border(&n.graph->calls[0].attrs, "border", border);
        CHECK_OK(cvyi_graph_infer(n.graph, &err));
        net_output(&n, x);
        port = to_keras(&n);
        describe(&text, port);
        if (strcmp(cvyi_text_c(&text), given[i].port) != 0)
            CHECK_FAIL("row %zu: \"%s\", not \"%s\"", i, cvyi_text_c(&text),
                       given[i].port);
        prove(&n, port);
        cvyi_text_close(&text);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

/* ---- several axes ---- */

static const struct {
    int rank;
    int64_t dims[CVYI_MAX_DIMS];
    window_kind kind;
    net_window w;
    const char *port;
} planes[] = {
    /* clang-format off */
    { 4, { 0, 7, 9, 3 },    CONV, { 3, 2, 1, SAME }, "conv [1:1 1:1]" },
    { 4, { 0, 8, 9, 3 },    CONV, { 3, 2, 1, SAME }, "pad [0:1 1:1]; conv" },
    { 4, { 0, 8, ANY, 3 },  CONV, { 3, 2, 1, SAME }, "pad same; conv" },
    { 4, { 0, 6, ANY, 3 },  CONV, { 4, 1, 1, SAME }, "conv [1:2 1:2]" },
    { 4, { 0, 8, 9, 3 },    MAX,  { 3, 2, 1, SAME }, "pool [0:1 1:1]" },
    { 4, { 0, 8, 9, 3 },    MAX,  { 2, 1, 1, SAME },
      "pad [0:1 0:1] of -inf; pool" },
    { 4, { 0, 8, 6, 3 },    MAX,  { 3, 2, 1, SAME }, "pool [0:1 0:1]" },
    { 4, { 0, 8, 9, 3 },    MEAN, { 3, 2, 1, SAME }, "pool [0:1 1:1]" },
    { 5, { 0, 4, 3, 4, 2 }, CONV, { 3, 2, 1, SAME },
      "pad [0:1 1:1 0:1]; conv" },
    /* clang-format on */
};

static void several_axes_are_decided_together(void)
{
    for (size_t i = 0; i < sizeof planes / sizeof *planes; i++) {
        cvyi_findings findings = { 0 };
        cvyi_text text = { 0 };
        cvyi_graph *port;
        net n;

        net_output(
            &n, window_call(&n, "layer", planes[i].kind,
                            net_open(&n, true, planes[i].rank, planes[i].dims),
                            planes[i].w));
        port = net_port(&n, &findings);
        describe(&text, port);
        if (strcmp(cvyi_text_c(&text), planes[i].port) != 0)
            CHECK_FAIL("row %zu: \"%s\", not \"%s\"", i, cvyi_text_c(&text),
                       planes[i].port);
        prove(&n, port);
        cvyi_text_close(&text);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

/* ---- laws ---- */

/* Every small window of every kind over one input, as outputs of one net. */
/* torch's pool of volumes insists on lengths that nobody knows here, and a
 * mean of real elements has no border that could be split off: the class that
 * computes the rule says it. */
static void a_rule_is_kept_where_amounts_cannot_be_said(void)
{
    static const int64_t dims[] = { 0, ANY, ANY, ANY, 2 };
    static const int64_t taps[] = { 3, 1, 1 }, stride[] = { 1, 1, 2 };
    cvyi_findings findings = { 0 };
    cvyi_text text = { 0 };
    cvyi_graph *port;
    cvy_error err = { 0 };
    cvyi_attrs *attrs;
    net n;

    net_output(&n, window_call(&n, "layer", MEAN, net_open(&n, true, 5, dims),
                               (net_window){ 3, 1, 1, SAME }));
    attrs = &n.graph->calls[0].attrs;
    cvyi_set_ints(attrs, "taps", taps, 3);
    cvyi_set_ints(attrs, "stride", stride, 3);
    CHECK_OK(cvyi_graph_infer(n.graph, &err));
    port = net_port(&n, &findings);
    describe(&text, port);
    CHECK_STR(cvyi_text_c(&text), "pool same");
    prove(&n, port);
    cvyi_text_close(&text);
    cvyi_findings_close(&findings);
    cvyi_graph_close(port);
    net_close(&n);
}

static void all_windows(net *n, int64_t length)
{
    static const window_kind kinds[] = { CONV, MAX, MEAN, WINDOW };
    const int64_t dims[] = { 0, length, 2 };
    const int in = net_open(n, false, 3, dims);
    int results[160], count = 0;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (int64_t taps = 1; taps <= 5; taps++)
            for (int64_t stride = 1; stride <= 3; stride++)
                for (int64_t dilation = 1; dilation <= 2; dilation++) {
                    char name[32];

                    if (dilation > 1 && (stride > 1 || kinds[k] != CONV))
                        continue;
                    snprintf(name, sizeof name, "%d_%d_%d_%d", kinds[k],
                             (int)taps, (int)stride, (int)dilation);
                    results[count++] = window_call(
                        n, name, kinds[k], in,
                        (net_window){ taps, stride, dilation, SAME });
                    if (kinds[k] == CONV)
                        results[count++] = window_call(
                            n, name, kinds[k], in,
                            (net_window){ taps, stride, dilation, CAUSAL });
                }
    net_outputs(n, count, results, NULL);
}

static void every_small_window_is_proven_and_can_be_said(void)
{
    for (int64_t length = 0; length <= 8; length++) {
        cvyi_findings findings = { 0 };
        cvyi_graph *port;
        cvy_error err = { 0 };
        net n;

        all_windows(&n, length);
        port = net_port(&n, &findings);
        CHECK_EQ(findings.n, 0);
        for (int i = 0; i < port->n_calls; i++) {
            cvyi_saying saying;

            CHECK_OK(cvyi_graph_saying(&saying, port, i, &err));
            if (!cvyi_can_say("torch", CVYI_FORM_MODULE, &saying))
                CHECK_FAIL("length %d: torch cannot say %s", (int)length,
                           cvyi_call_layer(port, &port->calls[i]));
        }
        prove(&n, port);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

/* A pad belongs to the layer it serves and says why it has its numbers. */
static void a_pad_is_explained(void)
{
    static const struct {
        int64_t height;
        net_window w;
        const char *comment;
    } why[] = {
        { 8, { 3, 2, 1, SAME }, "SAME: kernel 3, stride 2 over 8 x 9" },
        { ANY, { 3, 2, 1, SAME }, "SAME: kernel 3, stride 2 over H x 9" },
    };
    static const int64_t series[] = { 0, 7, 3 };
    cvyi_findings findings = { 0 };
    cvyi_graph *port;
    net n;

    for (size_t i = 0; i < sizeof why / sizeof *why; i++) {
        const int64_t dims[] = { 0, why[i].height, 9, 3 };

        net_output(&n, net_conv(&n, "layer", net_open(&n, true, 4, dims), 2,
                                why[i].w));
        port = net_port(&n, &findings);
        CHECK_STR(port->calls[0].label, "pad");
        CHECK_STR(cvyi_call_layer(port, &port->calls[0]), "layer");
        CHECK_STR(port->calls[0].comment, why[i].comment);
        cvyi_graph_close(port);
        net_close(&n);
    }
    net_output(&n, net_conv(&n, "layer", net_open(&n, true, 3, series), 2,
                            (net_window){ 3, 1, 2, CAUSAL }));
    port = net_port(&n, &findings);
    CHECK_STR(port->calls[0].comment,
              "causal: kernel 3, stride 1, dilation 2");
    cvyi_graph_close(port);
    net_close(&n);
}

static const check_case cases[] = {
    { "a_rule_that_the_target_can_say_stays",
      a_rule_that_the_target_can_say_stays },
    { "given_amounts_are_said_or_split_off",
      given_amounts_are_said_or_split_off },
    { "one_axis_is_as_the_table_says", one_axis_is_as_the_table_says },
    { "several_axes_are_decided_together", several_axes_are_decided_together },
    { "a_rule_is_kept_where_amounts_cannot_be_said",
      a_rule_is_kept_where_amounts_cannot_be_said },
    { "every_small_window_is_proven_and_can_be_said",
      every_small_window_is_proven_and_can_be_said },
    { "a_pad_is_explained", a_pad_is_explained },
};
CHECK_MAIN(cases)
