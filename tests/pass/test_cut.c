/*
 * What a transposed convolution cuts off and Keras cannot say inside the call
 * becomes a `crop` behind it; what Keras can say stays where it is.
 */
#include "pass/pass.h"

#include "net.h"
#include "verify/verify.h"

static const cvyi_target keras = { .dialect = "keras3",
                                   .axes = CVYI_AXES_LAST };

typedef struct transposed {
    int64_t taps, stride, dilation, groups, before, after;
} transposed;

/* A layer of torch: its weight is stored I O S. */
static int net_transposed(net *n, const char *layer, int in, transposed t)
{
    const int axes = net_rank(n, in) - 2;
    const int64_t channels = net_size(n, in, 1);
    const int64_t bias[] = { 4 };
    int params[CVYI_MAX_SLOTS] = { -1, -1, -1, -1, -1 };
    int64_t dims[CVYI_MAX_SPATIAL + 2] = { channels, 4 / t.groups };
    cvyi_border crop = { .rule = CVYI_BORDER_GIVEN };
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("conv_transpose"), axes);
    cvyi_set_int(&attrs, "outputs", 4);
    cvyi_set_int(&attrs, "groups", t.groups);
    for (int i = 0; i < axes; i++) {
        dims[2 + i] = t.taps;
        crop.before[i] = t.before;
        crop.after[i] = t.after;
    }
    cvyi_set_ints(&attrs, "taps", &dims[2], axes);
    for (int i = 0; i < axes; i++)
        attrs.at[cvyi_attr_index(attrs.op, "stride")].ints[i] = t.stride;
    for (int i = 0; i < axes; i++)
        attrs.at[cvyi_attr_index(attrs.op, "dilation")].ints[i] = t.dilation;
    cvyi_set_border(&attrs, "crop", crop);
    params[0] =
        net_param(n, "weight", "weight", "I O S", axes, axes + 2, dims, 0);
    params[1] = net_param(n, "bias", "bias", "O", axes, 1, bias, 0);
    return net_call(n, layer, "ConvTranspose", &attrs, &in, 1, params);
}

static cvyi_graph *to(const net *n, const cvyi_target *target)
{
    cvyi_findings findings = { 0 };
    cvyi_graph *port;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_graph_copy(&port, n->graph, &err));
    CHECK_OK(cvyi_pass_run(port, target, NULL, &findings, &err));
    CHECK_OK(cvyi_graph_check(port, &err));
    CHECK_EQ(findings.n, 0);
    cvyi_findings_close(&findings);
    return port;
}

static void prove(const net *n, const cvyi_graph *port)
{
    cvyi_proof proof;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_verify(&proof, n->graph, port, 1, NULL, NULL, &err));
    CHECK_EQ(proof.engine, CVYI_PROVEN);
    cvyi_proof_close(&proof);
}

static bool is_said(cvyi_graph *port, int call)
{
    cvyi_saying saying;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_graph_saying(&saying, port, call, &err));
    return cvyi_can_say(keras.dialect, CVYI_FORM_MODULE, &saying);
}

static void describe(cvyi_text *out, const cvyi_graph *port)
{
    for (int i = 0; i < port->n_calls; i++) {
        cvyi_text_printf(out, "%s%s ", i > 0 ? "; " : "",
                         port->calls[i].attrs.op->name);
        cvyi_attrs_print(out, &port->calls[i].attrs, 1);
    }
}

/* ---- one axis ---- */

static const struct {
    transposed t;
    const char *port;
} rows[] = {
    /* clang-format off */
    { { 3, 1, 1, 1, 0, 0 },  "conv_transpose outputs=4 taps=[3]" },
    { { 3, 2, 1, 1, 1, 1 },
      "conv_transpose outputs=4 taps=[3] stride=[2] crop=[1:1]" },
    { { 3, 2, 1, 1, 1, 0 },
      "conv_transpose outputs=4 taps=[3] stride=[2]; crop before=[1]" },
    { { 3, 2, 1, 1, 0, -1 },
      "conv_transpose outputs=4 taps=[3] stride=[2] crop=[0:-1]" },
    { { 5, 2, 1, 1, 1, -1 },
      "conv_transpose outputs=4 taps=[5] stride=[2] crop=[0:-1]; "
      "crop before=[1]" },
    { { 3, 1, 1, 1, 2, 2 },
      "conv_transpose outputs=4 taps=[3]; crop before=[2] after=[2]" },
    /* Keras has no word for it, cropped or not. */
    { { 3, 2, 1, 2, 1, 0 },
      "conv_transpose outputs=4 taps=[3] stride=[2] groups=2 crop=[1:0]" },
    { { 3, 2, 2, 1, 1, 0 },
      "conv_transpose outputs=4 taps=[3] stride=[2] dilation=[2] "
      "crop=[1:0]" },
    /* clang-format on */
};

static void one_axis_is_as_the_table_says(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const int64_t dims[] = { 0, 2, 5 };
        cvyi_text text = { 0 };
        cvyi_graph *port;
        int x;
        net n;

        x = net_open(&n, true, 3, dims);
        n.axes = CVYI_AXES_FIRST;
        net_output(&n, net_transposed(&n, "up", x, rows[i].t));
        port = to(&n, &keras);
        describe(&text, port);
        CHECK_STR(cvyi_text_c(&text), rows[i].port);
        prove(&n, port);
        cvyi_text_close(&text);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

/* ---- laws ---- */

static void every_crop_is_said_and_means_the_same(void)
{
    int cut = 0, whole = 0;

    for (int code = 0; code < 4 * 3 * 4 * 4; code++) {
        const transposed t = { code % 4 + 1,  code / 4 % 3 + 1, 1, 1,
                               code / 12 % 4, code / 48 - 1 };
        const int64_t dims[] = { 0, 2, 6, 7 };
        cvyi_graph *port;
        int x;
        net n;

        if (t.after <= -t.stride)
            continue;
        x = net_open(&n, true, 4, dims);
        n.axes = CVYI_AXES_FIRST;
        if (5 * t.stride + t.taps - t.before - t.after > 0) {
            net_output(&n, net_transposed(&n, "up", x, t));
            port = to(&n, &keras);
            for (int i = 0; i < port->n_calls; i++)
                CHECK(is_said(port, i));
            cut += port->n_calls == 2;
            whole += port->n_calls == 1;
            prove(&n, port);
            cvyi_graph_close(port);
        }
        net_close(&n);
    }
    CHECK(cut > 50);
    CHECK(whole > 20);
}

static void torch_keeps_its_own_class(void)
{
    const int64_t dims[] = { 0, 2, 5 };
    cvyi_graph *port;
    int x;
    net n;

    x = net_open(&n, true, 3, dims);
    n.axes = CVYI_AXES_FIRST;
    net_output(&n,
               net_transposed(&n, "up", x, (transposed){ 3, 2, 1, 1, 0, 1 }));
    port = to(&n, &net_torch);
    CHECK_EQ(port->n_calls, 1);
    cvyi_graph_close(port);
    net_close(&n);
}

/* Whoever reads the value, reads what is left of it. */
static void all_readers_follow(void)
{
    const int64_t dims[] = { 0, 2, 5 };
    cvyi_graph *port;
    int x, up;
    net n;

    x = net_open(&n, false, 3, dims);
    n.axes = CVYI_AXES_FIRST;
    up = net_transposed(&n, "up", x, (transposed){ 3, 2, 1, 1, 1, 0 });
    x = net_relu(&n, "relu", up);
    net_output(&n, net_merge(&n, "sum", "add", up, x));
    port = to(&n, &keras);
    CHECK_EQ(port->n_calls, 4);
    CHECK_STR(port->calls[1].attrs.op->name, "crop");
    CHECK_STR(port->calls[1].label, "crop");
    CHECK_EQ(port->calls[1].module, port->calls[0].module);
    CHECK_EQ(port->calls[2].in[0], port->calls[1].out[0]);
    CHECK_EQ(port->calls[3].in[0], port->calls[1].out[0]);
    prove(&n, port);
    cvyi_graph_close(port);
    net_close(&n);
}

static const check_case cases[] = {
    { "one_axis_is_as_the_table_says", one_axis_is_as_the_table_says },
    { "every_crop_is_said_and_means_the_same",
      every_crop_is_said_and_means_the_same },
    { "torch_keeps_its_own_class", torch_keeps_its_own_class },
    { "all_readers_follow", all_readers_follow },
};
CHECK_MAIN(cases)
