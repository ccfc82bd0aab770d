/*
 * The order of axes for a target with channels last: sources say N C S..., as
 * torch does. The port computes what the source does, which the proof says of
 * every network here; the table says where weights take the new order and
 * where a visible transpose stands.
 */
#include "pass/pass.h"

#include "random_net.h"
#include "verify/verify.h"

static const cvyi_target keras = { .dialect = "keras3",
                                   .axes = CVYI_AXES_LAST,
                                   .flat = true };

static const int64_t image[] = { 0, 3, 6, 5 };
static const int64_t any_image[] = { 0, 3, 0, 0 };
static const int64_t series[] = { 0, 4, 7 };
static const int64_t volume[] = { 0, 2, 3, 4, 5 };
static const int64_t image_last[] = { 0, 6, 5, 3 };

static const net_window same_3 = { 3, 1, 1, CVYI_BORDER_SAME };
static const net_window same_2 = { 2, 2, 1, CVYI_BORDER_SAME };
static const net_window point = { 1, 1, 1, CVYI_BORDER_GIVEN };

static int open_first(net *n, int rank, const int64_t *dims)
{
    const int x = net_open(n, false, rank, dims);

    n->axes = CVYI_AXES_FIRST;
    return x;
}

static int conv(net *n, const char *layer, int in)
{
    return net_conv(n, layer, in, 4, same_3);
}

/* ---- networks ---- */

static void every_usual_layer(net *n)
{
    const int x = open_first(n, 4, image);
    const int a =
        net_relu(n, "relu", net_batch_norm(n, "norm", conv(n, "a", x)));
    const int b = net_pool(n, "pool", "average", "real", a, same_3);
    const int both[] = { net_merge(n, "add", "add", a, b), x };
    const int joined = net_along(n, "concat", "concat", 1, both, 2);
    const int c = net_along(n, "softmax", "softmax", 1, &joined, 1);
    const int d = net_global_pool(n, "global", "average", false,
                                  net_conv(n, "b", c, 5, same_2));

    net_output(n, net_dense(n, "dense", d, 2));
}

static void sizes_unknown(net *n)
{
    const int x = open_first(n, 4, any_image);
    const int a = net_conv(n, "a", x, 4, same_2);

    net_output(n, net_pool(n, "pool", "max", "real", a, same_2));
}

static void joined_along_height(net *n)
{
    const int x = open_first(n, 4, image);
    const int both[] = { conv(n, "a", x), conv(n, "b", x) };
    const int y = net_along(n, "concat", "concat", 2, both, 2);

    net_output(n, net_along(n, "softmax", "softmax", 3, &y, 1));
}

/* A mark for each axis: one rate for all columns of a channel and a row. */
static void marked_axes(net *n)
{
    static const int64_t marks[] = { 0, 1, 1, 0 };
    const int x = conv(n, "a", open_first(n, 4, image));
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("softmax"), 0);
    cvyi_set_int(&attrs, "axis", 3);
    cvyi_set_ints(&attrs, "more", marks, 4);
    net_output(n, net_call(n, "softmax", "Softmax", &attrs, &x, 1, NULL));
}

static void flatten_to_dense(net *n)
{
    const int x = conv(n, "a", open_first(n, 4, image));

    net_output(n, net_dense(n, "dense", net_simple(n, "f", "flatten", x), 5));
}

static void flatten_a_series(net *n)
{
    const int x = conv(n, "a", open_first(n, 3, series));

    net_output(n, net_dense(n, "dense", net_simple(n, "f", "flatten", x), 5));
}

static void flatten_a_volume(net *n)
{
    const int x = conv(n, "a", open_first(n, 5, volume));

    net_output(n, net_dense(n, "dense", net_simple(n, "f", "flatten", x), 5));
}

static void flatten_twice(net *n)
{
    const int x = conv(n, "a", open_first(n, 4, image));
    const int y = net_simple(n, "f", "flatten", x);

    net_output(n, net_dense(n, "dense", net_simple(n, "g", "flatten", y), 5));
}

/* Two flattened blocks, one that has no order, and a norm that follows. */
static void several_blocks(net *n)
{
    const int x = open_first(n, 4, image);
    const int a = conv(n, "a", x);
    const int b = net_conv(n, "b", a, 2, same_2);
    const int parts[] = { net_simple(n, "f", "flatten", a),
                          net_global_pool(n, "global", "max", false, a),
                          net_simple(n, "g", "flatten", b) };
    const int all = net_along(n, "concat", "concat", 1, parts, 3);
    const int norm = net_batch_norm(n, "norm", all);

    net_output(n, net_dense(n, "dense", net_relu(n, "relu", norm), 4));
}

static void joined_along_the_batch(net *n)
{
    const int x = open_first(n, 4, image);
    const int parts[] = { net_simple(n, "f", "flatten", conv(n, "a", x)),
                          net_simple(n, "g", "flatten", conv(n, "b", x)) };
    const int all = net_along(n, "concat", "concat", 0, parts, 2);

    net_output(n, net_dense(n, "dense", all, 4));
}

static void squeeze_and_excite(net *n)
{
    static const int64_t sizes[] = { 4, 1, 1 };
    const int x = conv(n, "a", open_first(n, 4, image));
    const int a = net_global_pool(n, "squeeze", "average", false, x);
    const int b = net_reshape(n, "reshape", a, 3, sizes);
    const int c = net_conv(n, "down", b, 2, point);
    const int d = net_conv(n, "up", net_relu(n, "relu", c), 4, point);

    net_output(n, net_merge(n, "scale", "multiply", x, d));
}

/* N C becomes N C 1 1, and here N 1 1 C. */
static void squeeze_and_expand(net *n)
{
    const int x = conv(n, "a", open_first(n, 4, any_image));
    const int a = net_global_pool(n, "squeeze", "average", false, x);
    const int b = net_expand(n, "e", net_dense(n, "up", a, 4), 4, 2);

    net_output(n, net_merge(n, "scale", "multiply", x, b));
}

/* N C W becomes N C 1 W, and N becomes N 1 1 1. */
static void expanded_between(net *n)
{
    static const int64_t along_width[] = { 0, 4, 5 }, numbers[] = { 0 };
    const int x = conv(n, "a", open_first(n, 4, image));
    const int y = conv(n, "b", net_input(n, "series", 3, along_width));
    const int z = net_merge(n, "add", "add", x, net_expand(n, "e", y, 4, 2));

    net_output(n, net_merge(n, "scale", "multiply", z,
                            net_input(n, "number", 1, numbers)));
}

/* N H W becomes N 1 H W: the axis that moves is a new one, put behind. */
static void expanded_before_channels(net *n)
{
    static const int64_t rows[] = { 0, 6, 5 };
    const int x = conv(n, "a", open_first(n, 4, image));
    const int y = net_expand(n, "e", net_input(n, "v", 3, rows), 4, 1);

    net_output(n, net_merge(n, "scale", "multiply", x, y));
}

/* N C W without a height, and N H W without channels. */
static void axes_go(net *n)
{
    static const int64_t line[] = { 0, 4, 1, 5 }, rows[] = { 0, 4, 5, 7 };
    const int x = conv(n, "a", open_first(n, 4, line));
    const int y = conv(n, "b", net_squeeze(n, "s", x, 2));
    const int z = net_conv(n, "c", net_input(n, "v", 4, rows), 1, point);

    net_output(n, y);
    net_output(n, net_squeeze(n, "t", z, 1));
}

/* Every position looks at every other: a product takes any order. */
static void positions_attend(net *n)
{
    static const int64_t line[] = { 0, 4, 5 };
    const int x = conv(n, "a", open_first(n, 3, line));
    const int s = net_dot(n, "s", x, x, 1, 1);

    net_output(n, conv(n, "b", net_dot(n, "o", x, s, 2, 2)));
    net_output(n, conv(n, "c", net_dot(n, "p", s, x, 2, 2)));
}

/* Positions in a row and in rows again, beside channels that stay. */
static void positions_in_a_row(net *n)
{
    static const int64_t row[] = { 4, 30 }, rows[] = { 4, 6, 5 };
    const int x = conv(n, "a", open_first(n, 4, image));
    const int y = conv(n, "b", net_reshape(n, "r", x, 2, row));

    net_output(n, conv(n, "c", net_reshape(n, "s", y, 3, rows)));
}

static void flatten_of_one_pixel(net *n)
{
    const int x = conv(n, "a", open_first(n, 4, image));
    const int y = net_global_pool(n, "global", "max", true, x);

    net_output(n, net_dense(n, "dense", net_simple(n, "f", "flatten", y), 5));
}

/* The axis that a weight contracts follows. */
static void dense_over_width(net *n)
{
    const int x = conv(n, "a", open_first(n, 4, image));

    net_output(n, conv(n, "b", net_dense(n, "dense", x, 5)));
}

static void features_are_an_output(net *n)
{
    const int x = conv(n, "a", open_first(n, 4, image));

    net_output(n, net_simple(n, "f", "flatten", x));
}

static void features_are_added(net *n)
{
    const int x = open_first(n, 4, image);
    const int a = net_simple(n, "f", "flatten", conv(n, "a", x));
    const int b = net_simple(n, "g", "flatten", conv(n, "b", x));

    net_output(n, net_dense(n, "dense", net_merge(n, "add", "add", a, b), 3));
}

static void permuted_by_the_source(net *n)
{
    const int x = conv(n, "a", open_first(n, 4, image));
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("permute"), 0);
    cvyi_set_ints(&attrs, "axes", (const int64_t[]){ 0, 2, 3, 1 }, 4);
    net_output(n, net_call(n, "permute", "permute", &attrs, &x, 1, NULL));
}

static void an_image_of_features(net *n)
{
    static const int64_t noise[] = { 0, 7 };
    static const int64_t sizes[] = { 2, 3, 4 };
    const int x = net_dense(n, "dense", open_first(n, 2, noise), 24);

    net_output(n, conv(n, "a", net_reshape(n, "reshape", x, 3, sizes)));
}

static void channels_last(net *n)
{
    const int x = net_open(n, false, 4, image_last);
    const int a =
        net_relu(n, "relu", net_batch_norm(n, "norm", conv(n, "a", x)));
    const int y = net_simple(n, "f", "flatten",
                             net_merge(n, "add", "add", a, conv(n, "b", a)));

    net_output(n, net_dense(n, "dense", y, 5));
}

/* Channels last, and then first without a word. */
static void orders_are_mixed(net *n)
{
    const int x = net_open(n, false, 4, image_last);
    const int a = net_relu(n, "relu", conv(n, "a", x));

    n->axes = CVYI_AXES_FIRST;
    net_output(n, conv(n, "b", conv(n, "c", a)));
}

static void no_channels(net *n)
{
    const int x = net_relu(n, "relu", open_first(n, 3, series));
    const int y = net_dense(n, "a", x, 3);

    net_output(n, net_dense(n, "b", net_simple(n, "f", "flatten", y), 3));
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
    NET(every_usual_layer,        0, true,  0),
    NET(sizes_unknown,            0, true,  0),
    NET(joined_along_height,      0, true,  0),
    NET(marked_axes,              0, true,  0),
    NET(flatten_to_dense,         0, true,  1),
    NET(flatten_a_series,         0, true,  1),
    NET(flatten_a_volume,         0, true,  1),
    NET(flatten_twice,            0, true,  1),
    NET(several_blocks,           0, true,  3),
    NET(joined_along_the_batch,   2, true,  0),
    NET(squeeze_and_excite,       0, true,  0),
    NET(squeeze_and_expand,       0, true,  0),
    NET(expanded_between,         0, true,  0),
    NET(expanded_before_channels, 0, true,  0),
    NET(axes_go,                  0, true,  0),
    NET(positions_attend,         0, true,  0),
    NET(positions_in_a_row,       0, true,  0),
    NET(flatten_of_one_pixel,     0, true,  0),
    NET(dense_over_width,         0, true,  0),
    NET(features_are_an_output,   1, true,  0),
    NET(features_are_added,       2, true,  0),
    NET(permuted_by_the_source,   1, true,  0),
    NET(an_image_of_features,     1, false, 0),
    NET(channels_last,            0, false, 0),
    NET(orders_are_mixed,         1, false, 0),
    NET(no_channels,              0, false, 0),
/* clang-format on */
#undef NET
};

/* ---- laws ---- */

static cvyi_graph *port_of(const net *n, cvyi_findings *findings)
{
    cvyi_graph *port;
    cvy_error err = { 0 };

    CHECK_OK(cvyi_graph_copy(&port, n->graph, &err));
    CHECK_OK(cvyi_pass_run(port, &keras, NULL, findings, &err));
    CHECK_OK(cvyi_graph_check(port, &err));
    return port;
}

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

/* Channels stand last wherever a call looks for them, and what was moved has
 * axis 1 of the source at its end. */
static void check_arrangements(const net *n, const cvyi_graph *port)
{
    for (int i = 0; i < port->n_calls; i++)
        CHECK(port->calls[i].attrs.op->order != CVYI_ORDER_CHANNEL ||
              port->calls[i].axes == CVYI_AXES_LAST);
    for (int r = 0; r < port->n_results; r++) {
        const cvyi_result *const here = &port->results[r];

        CHECK(here->arrangement.moved != CVYI_MOVED_FIRST);
        CHECK(here->arrangement.n_blocks == 0 || here->type.rank == 2);
        if (here->origin < 0 || here->arrangement.moved == CVYI_MOVED_NOT)
            continue;

        const cvyi_type *const there = &n->graph->results[here->origin].type;
        int64_t a, b;

        CHECK_EQ(here->type.rank, there->rank);
        if (cvyi_size_constant(&a, there->dims[1])) {
            CHECK(cvyi_size_constant(&b, here->type.dims[there->rank - 1]));
            CHECK_EQ(a, b);
        }
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
        port = port_of(&n, &findings);
        if (cvyi_leftover_transposes(port) != nets[i].transposes)
            CHECK_FAIL("%s: %d transposes", nets[i].name,
                       cvyi_leftover_transposes(port));
        if (blocks_of_last_dense(port) != nets[i].blocks)
            CHECK_FAIL("%s: %d feature blocks", nets[i].name,
                       blocks_of_last_dense(port));
        if (port->results[port->inputs[0]].arrangement.moved !=
            (nets[i].moved ? CVYI_MOVED_LAST : CVYI_MOVED_NOT))
            CHECK_FAIL("%s: the input", nets[i].name);
        CHECK_EQ(findings.n == 0, nets[i].transposes == 0);
        check_arrangements(&n, port);
        prove(&n, port, nets[i].name);
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

    flatten_to_dense(&n);
    port = port_of(&n, &findings);
    for (int i = 0; i < port->n_calls; i++)
        if (port->calls[i].attrs.op == cvyi_op_find("flatten"))
            CHECK_STR(port->calls[i].comment,
                      "weights of `dense` are permuted: C H W -> H W C");
    cvyi_graph_close(port);
    cvyi_findings_close(&findings);
    net_close(&n);
}

/* What a port says of itself is read back: "moved last" too. */
static void a_port_is_printed_and_read_back(void)
{
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        cvyi_findings findings = { 0 };
        cvyi_text printed = { 0 }, again = { 0 };
        cvyi_graph *port, *read;
        cvy_error err = { 0 };
        net n;

        nets[i].build(&n);
        port = port_of(&n, &findings);
        cvyi_graph_print(&printed, port);
        CHECK_OK(cvyi_graph_parse(&read, cvyi_text_c(&printed), printed.size,
                                  &err));
        cvyi_graph_print(&again, read);
        CHECK_STR(cvyi_text_c(&again), cvyi_text_c(&printed));
        CHECK_EQ(strstr(cvyi_text_c(&printed), " moved last") != NULL,
                 nets[i].moved || nets[i].transposes > 0);
        cvyi_text_close(&printed);
        cvyi_text_close(&again);
        cvyi_graph_close(read);
        cvyi_graph_close(port);
        cvyi_findings_close(&findings);
        net_close(&n);
    }
}

/* ---- random nets ---- */

enum { FIRST_SEED = 1, RANDOM_SEEDS = 400 };

/* Those with channels first; the others have nothing to move. */
static void random_nets_are_proven(void)
{
    int moved = 0;

    printf("seeds %d to %d\n", FIRST_SEED, FIRST_SEED + RANDOM_SEEDS - 1);
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + RANDOM_SEEDS;
         seed++) {
        cvyi_findings findings = { 0 };
        cvyi_graph *port;
        char name[32];
        net n;

        snprintf(name, sizeof name, "seed %llu", (unsigned long long)seed);
        random_net_open(&n, seed);
        if (n.axes == CVYI_AXES_FIRST) {
            port = port_of(&n, &findings);
            check_arrangements(&n, port);
            prove(&n, port, name);
            moved++;
            cvyi_graph_close(port);
        }
        cvyi_findings_close(&findings);
        net_close(&n);
    }
    CHECK(moved > RANDOM_SEEDS / 10);
}

static const check_case cases[] = {
    { "every_net_is_ordered_as_the_table_says",
      every_net_is_ordered_as_the_table_says },
    { "a_flatten_says_which_weight_follows_it",
      a_flatten_says_which_weight_follows_it },
    { "a_port_is_printed_and_read_back", a_port_is_printed_and_read_back },
    { "random_nets_are_proven", random_nets_are_proven },
};
CHECK_MAIN(cases)
