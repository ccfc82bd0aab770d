/*
 * The order of axes of whole networks. What counts is that the port computes
 * what the source does, which the proof says of every network here; the
 * tables say how it is done: where weights take the new order and where a
 * visible transpose stands.
 */
#include "pass/pass.h"

#include "random_net.h"
#include "verify/verify.h"

static const int64_t image[] = { 0, 6, 5, 3 };
static const int64_t image_first[] = { 0, 3, 6, 5 };
static const int64_t any_image[] = { 0, 0, 0, 3 };
static const int64_t series[] = { 0, 7, 4 };

/* ---- networks ---- */

static const net_window same_3 = { 3, 1, 1, CVYI_BORDER_SAME };
static const net_window same_2 = { 2, 2, 1, CVYI_BORDER_SAME };
static const net_window point = { 1, 1, 1, CVYI_BORDER_GIVEN };

static int conv(net *n, const char *layer, int in)
{
    return net_conv(n, layer, in, 4, same_3);
}

/* Convolutions, pools, norms, activations, joins. */
static void every_usual_layer(net *n)
{
    const int x = net_open(n, false, 4, image);
    const int a =
        net_relu(n, "relu", net_batch_norm(n, "norm", conv(n, "a", x)));
    const int b = net_pool(n, "pool", "average", "real", a, same_3);
    const int both[] = { net_merge(n, "add", "add", a, b), x };
    const int joined = net_along(n, "concat", "concat", 3, both, 2);
    const int c = net_along(n, "softmax", "softmax", 3, &joined, 1);
    const int d = net_global_pool(n, "global", "average", false,
                                  net_conv(n, "b", c, 5, same_2));

    net_output(n, net_dense(n, "dense", d, 2));
}

static void sizes_unknown(net *n)
{
    const int x = net_open(n, false, 4, any_image);
    const int a = net_conv(n, "a", x, 4, same_2);
    const int b = net_pool(n, "pool", "max", "real", a,
                           (net_window){ 3, 2, 1, CVYI_BORDER_SAME });

    net_output(n, net_conv(n, "b", b, 2,
                           (net_window){ 2, 3, 1, CVYI_BORDER_SAME }));
}

static void joined_along_height(net *n)
{
    const int x = net_open(n, false, 4, image);
    const int both[] = { conv(n, "a", x), conv(n, "b", x) };
    const int y = net_along(n, "concat", "concat", 1, both, 2);

    net_output(n, net_along(n, "softmax", "softmax", 2, &y, 1));
}

static void flatten_to_dense(net *n)
{
    const int x = conv(n, "a", net_open(n, true, 4, image));

    net_output(n, net_dense(n, "dense", net_simple(n, "f", "flatten", x), 5));
}

static void norm_and_dropout_after_flatten(net *n)
{
    const int x = conv(n, "a", net_open(n, true, 4, image));
    const int y = net_batch_norm(n, "norm", net_simple(n, "f", "flatten", x));
    const int z = net_relu(n, "relu", net_dropout(n, "drop", y));

    net_output(n, net_dense(n, "dense", z, 5));
}

static void flatten_twice(net *n)
{
    const int x = conv(n, "a", net_open(n, true, 4, image));
    const int y = net_simple(n, "f", "flatten", x);

    net_output(n, net_dense(n, "dense", net_simple(n, "g", "flatten", y), 5));
}

static void two_dense_of_one_flatten(net *n)
{
    const int x = conv(n, "a", net_open(n, false, 4, image));
    const int y = net_simple(n, "f", "flatten", x);
    const int a = net_dense(n, "value", y, 3);

    net_output(n, net_merge(n, "add", "add", a, net_dense(n, "more", y, 3)));
}

/* Two flattened blocks and one that has no order. */
static void several_blocks(net *n)
{
    const int x = net_open(n, false, 4, image);
    const int a = conv(n, "a", x);
    const int b = net_conv(n, "b", a, 2, same_2);
    const int parts[] = { net_simple(n, "f", "flatten", a),
                          net_global_pool(n, "global", "max", false, a),
                          net_simple(n, "g", "flatten", b) };
    const int all = net_along(n, "concat", "concat", 1, parts, 3);

    net_output(n, net_dense(n, "dense", net_batch_norm(n, "norm", all), 4));
}

/* Joined sample behind sample: the features stay where they are. */
static void joined_along_the_batch(net *n)
{
    const int x = net_open(n, false, 4, image);
    const int parts[] = { net_simple(n, "f", "flatten", conv(n, "a", x)),
                          net_simple(n, "g", "flatten", conv(n, "b", x)) };
    const int all = net_along(n, "concat", "concat", 0, parts, 2);

    net_output(n, net_dense(n, "dense", all, 4));
}

static void squeeze_and_excite(net *n)
{
    static const int64_t sizes[] = { 1, 1, 4 };
    const int x = conv(n, "a", net_open(n, false, 4, image));
    const int a = net_global_pool(n, "squeeze", "average", false, x);
    const int b = net_reshape(n, "reshape", a, 3, sizes);
    const int c = net_conv(n, "down", b, 2, point);
    const int d = net_conv(n, "up", net_relu(n, "relu", c), 4, point);

    net_output(n, net_merge(n, "scale", "multiply", x, d));
}

/* The same without a reshape. */
static void squeeze_and_expand(net *n)
{
    const int x = conv(n, "a", net_open(n, false, 4, any_image));
    const int a = net_global_pool(n, "squeeze", "average", false, x);
    const int b = net_dense(n, "up", net_dense(n, "down", a, 2), 4);

    net_output(n, net_merge(n, "scale", "multiply", x, b));
}

/* A series beside an image, and one number a sample. */
static void ranks_of_every_kind(net *n)
{
    static const int64_t along_width[] = { 0, 5, 3 }, numbers[] = { 0 };
    const int x = conv(n, "a", net_open(n, false, 4, image));
    const int y = conv(n, "b", net_input(n, "series", 3, along_width));
    const int z = net_merge(n, "add", "add", y, x);

    net_output(n, net_merge(n, "scale", "multiply", z,
                            net_input(n, "number", 1, numbers)));
}

/* Nothing here asks for another order. */
static void expanded_without_channels(net *n)
{
    static const int64_t along_width[] = { 0, 5, 3 };
    const int x = net_open(n, false, 4, image);

    net_output(n, net_merge(n, "add", "add",
                            net_input(n, "series", 3, along_width), x));
}

/* Axis 1 is where Keras expands, whatever stands there. */
static void expanded_channels_first(net *n)
{
    static const int64_t along_width[] = { 0, 5 };
    const int x = net_open(n, false, 4, image_first);
    const int v = net_input(n, "v", 2, along_width);

    n->axes = CVYI_AXES_FIRST;
    net_output(n, net_merge(n, "scale", "multiply", v, conv(n, "a", x)));
}

/* The axis that moves would be a new one. */
static void expanded_behind_the_last(net *n)
{
    static const int64_t rows[] = { 0, 6 };
    const int x = conv(n, "a", net_open(n, false, 4, image));
    const int y = net_expand(n, "e", net_input(n, "v", 2, rows), 4, 2);

    net_output(n, net_merge(n, "scale", "multiply", x, y));
}

/* An axis comes and goes beside channels, and as one of channels. */
static void axes_come_and_go(net *n)
{
    static const int64_t line[] = { 0, 1, 5, 3 };
    const int x = conv(n, "a", net_open(n, true, 4, line));
    const int y = conv(n, "b", net_squeeze(n, "s", x, 1));
    const int z = net_conv(n, "c", net_expand(n, "e", y, 4, 3), 1, point);

    net_output(n, conv(n, "d", net_squeeze(n, "t", z, 3)));
    net_output(n, conv(n, "g", net_expand(n, "f", y, 4, 2)));
}

/* What is flattened has one element a channel: nothing has an order. */
static void flatten_of_one_pixel(net *n)
{
    const int x = conv(n, "a", net_open(n, true, 4, image));
    const int y = net_global_pool(n, "global", "max", true, x);

    net_output(n, net_dense(n, "dense", net_simple(n, "f", "flatten", y), 5));
}

static void dense_over_time(net *n)
{
    const int x = conv(n, "a", net_open(n, true, 3, series));
    const int y = net_dense(n, "dense", x, 5);

    net_output(n, net_conv(n, "b", y, 2, same_3));
}

static void dense_over_pixels(net *n)
{
    const int x = conv(n, "a", net_open(n, true, 4, image));

    net_output(n, net_dense(n, "dense", x, 5));
}

static void features_are_an_output(net *n)
{
    const int x = conv(n, "a", net_open(n, true, 4, image));

    net_output(n, net_simple(n, "f", "flatten", x));
}

/* The features go to a dense layer and to somebody who wants the order. */
static void features_are_also_reshaped(net *n)
{
    static const int64_t sizes[] = { 10, 12 };
    const int x = conv(n, "a", net_open(n, false, 4, image));
    const int y = net_simple(n, "f", "flatten", x);
    const int z = net_reshape(n, "reshape", y, 2, sizes);
    const int both[] = { net_dense(n, "dense", y, 3),
                         net_simple(n, "g", "flatten", z) };

    net_output(n, net_along(n, "concat", "concat", 1, both, 2));
}

/* Added features must both be in one order. */
static void features_are_added(net *n)
{
    const int x = net_open(n, false, 4, image);
    const int a = net_simple(n, "f", "flatten", conv(n, "a", x));
    const int b = net_simple(n, "g", "flatten", conv(n, "b", x));

    net_output(n, net_dense(n, "dense", net_merge(n, "add", "add", a, b), 3));
}

/* One weight cannot follow a flattened and a plain order. */
static void a_dense_weight_is_shared(net *n)
{
    static const int64_t flat[] = { 0, 120 };
    const int x = net_open(n, false, 4, image);
    const int other = net_input(n, "other", 2, flat);
    const int y = net_simple(n, "f", "flatten", conv(n, "a", x));
    const int a = net_dense(n, "dense", y, 3);
    const cvyi_call dense = n->graph->calls[n->graph->results[a].call];
    const int b =
        net_call(n, "again", "Dense", &dense.attrs, &other, 1, dense.params);

    net_output(n, net_merge(n, "add", "add", a, b));
}

static void permuted_by_the_source(net *n)
{
    const int x = conv(n, "a", net_open(n, true, 4, image));
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("permute"), 0);
    cvyi_set_ints(&attrs, "axes", (const int64_t[]){ 0, 2, 3, 1 }, 4);
    net_output(n, net_call(n, "permute", "Permute", &attrs, &x, 1, NULL));
}

/* A generator: features become an image. */
static void an_image_of_features(net *n)
{
    static const int64_t noise[] = { 0, 7 };
    static const int64_t sizes[] = { 3, 4, 2 };
    const int x = net_dense(n, "dense", net_open(n, true, 2, noise), 24);

    net_output(n, conv(n, "a", net_reshape(n, "reshape", x, 3, sizes)));
}

static void channels_first(net *n)
{
    const int x = net_open(n, false, 4, image_first);

    n->axes = CVYI_AXES_FIRST;

    const int a =
        net_relu(n, "relu", net_batch_norm(n, "norm", conv(n, "a", x)));
    const int y = net_simple(n, "f", "flatten",
                             net_merge(n, "add", "add", a, conv(n, "b", a)));

    net_output(n, net_dense(n, "dense", y, 5));
}

/* Channels first, and then last without a word. */
static void orders_are_mixed(net *n)
{
    const int x = net_open(n, false, 4, image_first);

    n->axes = CVYI_AXES_FIRST;

    const int a = net_relu(n, "relu", conv(n, "a", x));

    n->axes = CVYI_AXES_LAST;
    net_output(n, conv(n, "b", conv(n, "c", a)));
}

static void no_channels(net *n)
{
    const int x = net_relu(n, "relu", net_open(n, true, 3, series));
    const int y = net_dense(n, "a", x, 3);

    net_output(n, net_dense(n, "b", net_simple(n, "f", "flatten", y), 3));
}

static void a_bare_softmax(net *n)
{
    const int x = net_open(n, true, 4, image);

    net_output(n, net_along(n, "softmax", "softmax", 3, &x, 1));
}

static const struct {
    const char *name;
    void (*build)(net *n);
    int transposes; /* that the source does not have */
    bool moved;     /* the first input */
    int blocks;     /* of the last dense weight */
} nets[] = {
#define NET(build, ...)            \
    {                              \
#build, build, __VA_ARGS__ \
    }
    /* clang-format off */
    NET(every_usual_layer,              0, true,  0),
    NET(sizes_unknown,                  0, true,  0),
    NET(joined_along_height,            0, true,  0),
    NET(flatten_to_dense,               0, true,  1),
    NET(norm_and_dropout_after_flatten, 0, true,  1),
    NET(flatten_twice,                  0, true,  1),
    NET(two_dense_of_one_flatten,       0, true,  1),
    NET(several_blocks,                 0, true,  3),
    NET(joined_along_the_batch,         2, true,  0),
    NET(squeeze_and_excite,             0, true,  0),
    NET(squeeze_and_expand,             0, true,  0),
    NET(ranks_of_every_kind,            0, true,  0),
    NET(expanded_without_channels,      0, false, 0),
    NET(expanded_channels_first,        0, false, 0),
    NET(expanded_behind_the_last,       1, true,  0),
    NET(axes_come_and_go,               2, true,  0),
    NET(flatten_of_one_pixel,           0, true,  0),
    NET(dense_over_time,                0, true,  0),
    NET(dense_over_pixels,              0, true,  0),
    NET(features_are_an_output,         1, true,  0),
    NET(features_are_also_reshaped,     1, true,  0),
    NET(features_are_added,             2, true,  0),
    NET(a_dense_weight_is_shared,       1, true,  0),
    NET(permuted_by_the_source,         1, true,  0),
    NET(an_image_of_features,           1, false, 0),
    NET(channels_first,                 0, false, 0),
    NET(orders_are_mixed,               1, false, 0),
    NET(no_channels,                    0, false, 0),
    NET(a_bare_softmax,                 0, false, 0),
/* clang-format on */
#undef NET
};

/* ---- laws ---- */

static void prove(const net *n, const cvyi_graph *port, const char *name)
{
    cvyi_proof proof;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_verify(&proof, n->graph, port, 1, NULL, NULL, &err));
    if (proof.engine != CVYI_PROVEN) {
        const int row = proof.first_failure >= 0 ? proof.first_failure : 0;

        CHECK_FAIL("%s: %s: %s", name,
                   cvyi_call_layer(n->graph, &n->graph->calls[row]),
                   proof.layers[row].cause);
    }
    cvyi_proof_close(&proof);
}

/* Equal for every input: sizes of two pools, at small values. */
static void check_size(cvyi_size a, cvyi_size b)
{
    static const char *const symbols[] = { "N", "H", "W", "D", "E" };

    for (int64_t h = 1; h <= 30; h++) {
        const int64_t values[] = { 3, h, h + 1, 2 * h, h + 2 };
        int64_t x, y;

        CHECK(cvyi_size_eval(&x, a, symbols, values, 5));
        CHECK(cvyi_size_eval(&y, b, symbols, values, 5));
        CHECK_EQ(x, y);
    }
}

/* Results of three and more axes keep the source's order or have its last
 * axis at axis 1; types say so too. */
static void check_arrangements(const net *n, const cvyi_graph *port)
{
    for (int r = 0; r < port->n_results; r++) {
        const cvyi_result *const here = &port->results[r];
        int axes[CVYI_MAX_DIMS];

        if (here->origin < 0)
            continue;

        const cvyi_result *const there = &n->graph->results[here->origin];

        CHECK_EQ(here->type.rank, there->type.rank);
        cvyi_axes_last_to_first(there->type.rank, axes);
        for (int i = 0; i < here->type.rank; i++)
            check_size(
                here->type.dims[i],
                there->type.dims[here->arrangement.moved ? axes[i] : i]);
        CHECK(here->arrangement.n_blocks == 0 || here->type.rank == 2);
    }
}

static int blocks_of_last_dense(const cvyi_graph *port)
{
    int blocks = 0;

    for (int i = 0; i < port->n_calls; i++)
        if (port->calls[i].attrs.op == cvyi_op_find("dense"))
            blocks = port->params[port->calls[i].params[0]].n_blocks;
    return blocks;
}

static void every_net_is_ordered_as_the_table_says(void)
{
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        cvyi_findings findings = { 0 };
        cvyi_graph *port;
        net n;

        nets[i].build(&n);
        port = net_port(&n, &findings);
        if (cvyi_leftover_transposes(port) != nets[i].transposes)
            CHECK_FAIL("%s: %d transposes", nets[i].name,
                       cvyi_leftover_transposes(port));
        if (blocks_of_last_dense(port) != nets[i].blocks)
            CHECK_FAIL("%s: %d feature blocks", nets[i].name,
                       blocks_of_last_dense(port));
        CHECK_EQ(port->results[port->inputs[0]].arrangement.moved,
                 nets[i].moved);
        check_arrangements(&n, port);
        prove(&n, port, nets[i].name);
        cvyi_graph_close(port);
        cvyi_findings_close(&findings);
        net_close(&n);
    }
}

/* A transpose is a call of its layer, labelled, with the reason as a comment
 * and as a remark. */
static void every_transpose_is_explained(void)
{
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        cvyi_findings findings = { 0 };
        cvyi_graph *port;
        net n;

        nets[i].build(&n);
        port = net_port(&n, &findings);
        CHECK_EQ(findings.n == 0, nets[i].transposes == 0);
        for (int k = 0; k < port->n_calls; k++) {
            const cvyi_call *const call = &port->calls[k];
            bool remarked = false;

            if (call->origin >= 0 || call->attrs.op != cvyi_op_find("permute"))
                continue;
            CHECK_STR(call->label, "permute");
            for (int f = 0; f < findings.n; f++)
                remarked |= strcmp(findings.items[f].layer,
                                   cvyi_call_layer(port, call)) == 0 &&
                            strcmp(findings.items[f].text, call->comment) == 0;
            CHECK(remarked);
        }
        cvyi_graph_close(port);
        cvyi_findings_close(&findings);
        net_close(&n);
    }
}

static void a_flatten_says_which_weight_follows_it(void)
{
    cvyi_findings findings = { 0 };
    cvyi_graph *port;
    net n;

    norm_and_dropout_after_flatten(&n);
    port = net_port(&n, &findings);
    for (int i = 0; i < port->n_calls; i++)
        if (port->calls[i].attrs.op == cvyi_op_find("flatten"))
            CHECK_STR(port->calls[i].comment,
                      "weights of `dense` are permuted: H W C -> C H W");
    cvyi_graph_close(port);
    cvyi_findings_close(&findings);
    net_close(&n);
}

/* ---- random nets ---- */

enum { FIRST_SEED = 1, RANDOM_NETS = 200 };

static void random_nets_are_proven_and_need_no_transpose(void)
{
    printf("seeds %d to %d\n", FIRST_SEED, FIRST_SEED + RANDOM_NETS - 1);
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + RANDOM_NETS; seed++) {
        cvyi_findings findings = { 0 };
        cvyi_graph *port;
        char name[32];
        net n;

        snprintf(name, sizeof name, "seed %llu", (unsigned long long)seed);
        random_net_open(&n, seed);
        port = net_port(&n, &findings);
        if (cvyi_leftover_transposes(port) != 0)
            CHECK_FAIL("%s: a transpose is left: %s", name,
                       findings.items[0].text);
        check_arrangements(&n, port);
        prove(&n, port, name);
        cvyi_graph_close(port);
        cvyi_findings_close(&findings);
        net_close(&n);
    }
}

/* ---- memory ---- */

static void no_refused_allocation_breaks_the_passes(void)
{
    static void (*const builds[])(
        net *) = { several_blocks, sizes_unknown, features_are_also_reshaped,
                   orders_are_mixed, ranks_of_every_kind };

    for (size_t b = 0; b < sizeof builds / sizeof *builds; b++)
        for (size_t k = 1;; k++) {
            cvyi_findings findings = { 0 };
            cvyi_graph *port;
            cvy_error err = { 0 };
            cvy_status status;
            net n;

            builds[b](&n);
            CHECK_OK(cvyi_graph_copy(&port, n.graph, &err));
            cvyi_alloc_refuse(k);
            status = cvyi_pass_run(port, &net_torch, NULL, &findings, &err);
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

static void an_unknown_pass_is_refused(void)
{
    cvyi_findings findings = { 0 };
    cvyi_graph *port;
    cvy_error err = { 0 };
    net n;

    flatten_to_dense(&n);
    CHECK_OK(cvyi_graph_copy(&port, n.graph, &err));
    CHECK_EQ(cvyi_pass_run(port, &net_torch, "odrer", &findings, &err),
             CVY_ARGUMENT);
    CHECK(strstr(err.text, "odrer") != NULL);
    cvyi_graph_close(port);
    net_close(&n);
}

static const check_case cases[] = {
    { "every_net_is_ordered_as_the_table_says",
      every_net_is_ordered_as_the_table_says },
    { "every_transpose_is_explained", every_transpose_is_explained },
    { "a_flatten_says_which_weight_follows_it",
      a_flatten_says_which_weight_follows_it },
    { "random_nets_are_proven_and_need_no_transpose",
      random_nets_are_proven_and_need_no_transpose },
    { "no_refused_allocation_breaks_the_passes",
      no_refused_allocation_breaks_the_passes },
    { "an_unknown_pass_is_refused", an_unknown_pass_is_refused },
};
CHECK_MAIN(cases)
