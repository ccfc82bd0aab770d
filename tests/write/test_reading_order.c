/* The order in which a person reads a network. */
#include "write/torch.h"

#include "random_net.h"

static const int64_t image[] = { 0, 4, 4, 2 };

static int relu(net *n, const char *layer, int in)
{
    return net_relu(n, layer, in);
}

/* Files list layers by depth: left and right in turn. */
static void two_branches(net *n)
{
    const int x = relu(n, "stem", net_open(n, false, 4, image));
    const int l1 = relu(n, "left_1", x), r1 = relu(n, "right_1", x);
    const int l2 = relu(n, "left_2", l1), r2 = relu(n, "right_2", r1);

    net_output(n, relu(n, "head", net_merge(n, "join", "add", l2, r2)));
}

/* The second operand comes first in the file. */
static void operands_in_their_order(net *n)
{
    const int x = net_open(n, false, 4, image);
    const int a = relu(n, "a", x), b = relu(n, "b", x);

    net_output(n, net_merge(n, "join", "add", b, a));
}

static void outputs_in_their_order(net *n)
{
    const int x = relu(n, "stem", net_open(n, false, 4, image));
    const int outputs[] = { relu(n, "a", x), relu(n, "b", x) };
    const int swapped[] = { outputs[1], outputs[0] };

    net_outputs(n, 2, swapped, NULL);
}

/* A layer that no output needs stands behind all that are needed. */
static void unused(net *n)
{
    const int x = relu(n, "stem", net_open(n, false, 4, image));

    relu(n, "lost", x);
    net_output(n, relu(n, "head", x));
}

/* Twice the same value. */
static void doubled(net *n)
{
    const int x = relu(n, "stem", net_open(n, false, 4, image));

    net_output(n, net_merge(n, "join", "add", x, x));
}

/* A part of the join stands beside it, not between what feeds it. */
static void a_join_with_a_part(net *n)
{
    static const int64_t row[] = { 0, 4, 2 };
    const int x = relu(n, "a", net_open(n, false, 4, image));
    const int y = relu(n, "b", net_input(n, "row", 3, row));

    net_output(n, net_merge(n, "join", "add", y, x));
}

static const struct {
    void (*build)(net *n);
    const char *order;
} rows[] = {
    /* clang-format off */
    { two_branches, "stem left_1 left_2 right_1 right_2 join head" },
    { operands_in_their_order, "b a join" },
    { outputs_in_their_order,  "stem b a" },
    { unused,                  "stem head lost" },
    { doubled,                 "stem join" },
    { a_join_with_a_part,      "b a join join" },
    /* clang-format on */
};

/* A whole net as one visit: its calls are the items. */
static cvy_status read_net(int *order, const net *n, cvy_error *err)
{
    enum { MOST = 1024 };
    static cvyi_torch_item items[MOST];
    static int groups[MOST], maker[MOST], roots[MOST];
    const cvyi_graph *const graph = n->graph;
    cvyi_reading reading = { graph->n_calls, items, groups, maker, 0, roots };

    CHECK(graph->n_calls <= MOST && graph->n_results <= MOST);
    for (int i = 0; i < graph->n_calls; i++) {
        items[i] = (cvyi_torch_item){ .call = i,
                                      .n_in = graph->calls[i].n_in,
                                      .in = graph->calls[i].in };
        groups[i] = graph->calls[i].module;
    }
    for (int r = 0; r < graph->n_results; r++)
        maker[r] = graph->results[r].call;
    reading.n_roots = cvyi_tree_leaves(&graph->output_tree, roots, MOST);
    return cvyi_reading_order(order, &reading, err);
}

static void branches_are_read_in_one_piece(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_text text = { 0 };
        cvy_error err = { 0 };
        int order[16];
        net n;

        rows[i].build(&n);
        CHECK_OK(read_net(order, &n, &err));
        for (int k = 0; k < n.graph->n_calls; k++)
            cvyi_text_printf(&text, "%s%s", k > 0 ? " " : "",
                             cvyi_call_layer(n.graph,
                                             &n.graph->calls[order[k]]));
        CHECK_STR(cvyi_text_c(&text), rows[i].order);
        cvyi_text_close(&text);
        net_close(&n);
    }
}

/* Every call once, behind those that feed it. */
static void random_nets_are_read_whole_and_in_order(void)
{
    enum { FIRST = 1, NETS = 100, MOST = 256 };

    printf("seeds %d to %d\n", FIRST, FIRST + NETS - 1);
    for (uint64_t seed = FIRST; seed < FIRST + NETS; seed++) {
        int order[MOST], place[MOST];
        cvy_error err = { 0 };
        net n;

        random_net_open(&n, seed);
        CHECK(n.graph->n_calls <= MOST);
        CHECK_OK(read_net(order, &n, &err));
        for (int i = 0; i < n.graph->n_calls; i++)
            place[i] = -1;
        for (int i = 0; i < n.graph->n_calls; i++) {
            CHECK_EQ(place[order[i]], -1);
            place[order[i]] = i;
        }
        for (int i = 0; i < n.graph->n_calls; i++)
            for (int k = 0; k < n.graph->calls[i].n_in; k++) {
                const int maker =
                    n.graph->results[n.graph->calls[i].in[k]].call;

                CHECK(maker < 0 || place[maker] < place[i]);
            }
        net_close(&n);
    }
}

static void a_refused_allocation_is_said(void)
{
    int order[16];
    cvy_error err = { 0 };
    net n;

    two_branches(&n);
    for (size_t k = 1;; k++) {
        cvyi_alloc_refuse(k);

        const cvy_status status = read_net(order, &n, &err);

        cvyi_alloc_refuse(0);
        if (status == CVY_OK)
            break;
        CHECK_EQ(status, CVY_MEMORY);
    }
    net_close(&n);
}

static const check_case cases[] = {
    { "branches_are_read_in_one_piece", branches_are_read_in_one_piece },
    { "random_nets_are_read_whole_and_in_order",
      random_nets_are_read_whole_and_in_order },
    { "a_refused_allocation_is_said", a_refused_allocation_is_said },
};
CHECK_MAIN(cases)
