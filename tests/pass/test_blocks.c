/* Which blocks are found in networks of the usual kinds, and which not. */
#include "blocks_nets.h"

/* ---- asking ---- */

static int find_module(const cvyi_graph *graph, const char *path)
{
    for (int i = 1; i < graph->n_modules; i++) {
        cvyi_text its = { 0 };
        bool same;

        cvyi_module_path(&its, graph, i);
        same = strcmp(cvyi_text_c(&its), path) == 0;
        cvyi_text_close(&its);
        if (same)
            return i;
    }
    CHECK_FAIL("there is no module %s", path);
    return -1;
}

static int count_class(const cvyi_graph *graph, const char *class_name)
{
    int n = 0;

    for (int i = 0; i < graph->n_modules; i++)
        n += graph->modules[i].kind == CVYI_MODULE_BLOCK &&
             strcmp(graph->modules[i].class_name, class_name) == 0;
    return n;
}

/* "conv1 bn1 relu1": the roles of a block's members, as modules stand. */
static void check_roles(const cvyi_graph *graph, const char *path,
                        const char *roles)
{
    const int block = find_module(graph, path);
    cvyi_text have = { 0 };

    for (int i = 0; i < graph->n_modules; i++)
        if (graph->modules[i].parent == block)
            cvyi_text_printf(&have, "%s%s", have.size > 0 ? " " : "",
                             graph->modules[i].role);
    CHECK_STR(cvyi_text_c(&have), roles);
    cvyi_text_close(&have);
}

static cvyi_graph *after(net *n, void (*make)(net *))
{
    cvyi_findings findings = { 0 };
    cvyi_graph *port;

    make(n);
    port = net_port(n, &findings);
    cvyi_findings_close(&findings);
    return port;
}

static void done(net *n, cvyi_graph *port)
{
    cvyi_graph_close(port);
    net_close(n);
}

/* ---- what is found ---- */

static void names_tell_blocks_stages_and_roles(void)
{
    net n;
    cvyi_graph *const port = after(&n, named_resnet);

    CHECK_EQ(count_class(port, "Block"), 7);
    CHECK_EQ(count_class(port, "Block2"), 4);
    CHECK_EQ(count_kind(port, CVYI_MODULE_SEQUENTIAL), 4);
    check_roles(port, "conv2.1", "conv1 bn1 relu1 conv2 bn2 add out");
    check_roles(port, "conv3.0",
                "conv1 bn1 relu1 conv2 bn2 conv0 bn0 add out");
    CHECK_STR(port->modules[find_module(port, "conv3.2")].comments[0],
              "conv3_block3_*");
    find_module(port, "conv3.2.conv3_block3_1_conv");
    find_module(port, "stem_conv");
    done(&n, port);
}

static void structure_alone_tells_the_same_blocks(void)
{
    net n;
    cvyi_graph *const port = after(&n, plain_resnet);

    CHECK_EQ(count_class(port, "AddBlock"), 7);
    CHECK_EQ(count_class(port, "AddBlock2"), 4);
    CHECK_EQ(count_kind(port, CVYI_MODULE_SEQUENTIAL), 1);
    check_roles(port, "blocks.1", "conv1 norm1 relu1 conv2 norm2 add relu2");
    CHECK_STR(port->modules[find_module(port, "blocks.0")].comments[0],
              "conv2d_3 ... re_lu_11");
    done(&n, port);
}

static void concatenations_end_blocks(void)
{
    net n;
    cvyi_graph *const port = after(&n, dense_net);

    CHECK_EQ(count_class(port, "Block"), 12);
    CHECK_EQ(count_class(port, "PoolBlock"), 4);
    check_roles(port, "conv4.2", "bn0 relu0 conv1 bn1 relu1 conv2 concat");
    check_roles(port, "pool3", "bn relu conv pool");
    CHECK_EQ(count_kind(port, CVYI_MODULE_SEQUENTIAL), 4);
    done(&n, port);
}

static void a_block_with_and_one_without_skip_are_two_classes(void)
{
    net n;
    cvyi_graph *const port = after(&n, mobile_net);

    CHECK_EQ(count_class(port, "Block") + count_class(port, "Block2"), 6);
    CHECK_EQ(count_class(port, "Block"), 3);
    CHECK_EQ(count_kind(port, CVYI_MODULE_SEQUENTIAL), 1);
    check_roles(port, "blocks.0",
                "expand expand_BN expand_relu depthwise depthwise_BN "
                "depthwise_relu project project_BN");
    check_roles(port, "blocks.1",
                "expand expand_BN expand_relu depthwise depthwise_BN "
                "depthwise_relu project project_BN add");
    done(&n, port);
}

static void blocks_hold_blocks(void)
{
    net n;
    cvyi_graph *const port = after(&n, inception);
    int nested = 0;

    CHECK_EQ(count_class(port, "ConvBlock"), 20);
    CHECK_EQ(count_class(port, "ConcatBlock"), 2);
    CHECK_EQ(count_class(port, "ConcatBlock2"), 2);
    for (int i = 1; i < port->n_modules; i++)
        nested +=
            port->modules[i].kind == CVYI_MODULE_BLOCK &&
            port->modules[port->modules[i].parent].kind == CVYI_MODULE_BLOCK;
    CHECK_EQ(nested, 18);
    done(&n, port);
}

static void skips_over_blocks_do_not_hide_them(void)
{
    net n;
    cvyi_graph *const port = after(&n, u_net);

    CHECK_EQ(count_class(port, "ConvBlock") + count_class(port, "ConvBlock2"),
             12);
    done(&n, port);
}

/* Sums that stand outside of what names tell belong to it. */
static void a_sum_after_a_block_is_its_last_member(void)
{
    net n;
    cvyi_graph *const port = after(&n, sums_apart);

    CHECK_EQ(count_class(port, "Block"), 4);
    CHECK_EQ(count_kind(port, CVYI_MODULE_SEQUENTIAL), 1);
    check_roles(port, "blocks.0", "relu conv bn add");
    CHECK_STR(port->modules[find_module(port, "blocks.3")].comments[0],
              "block5_*");
    done(&n, port);
}

/* The first two cells read what is no cell: they are as the others are. */
static void cells_read_several_values(void)
{
    net n;
    cvyi_graph *const port = after(&n, cell_net);

    CHECK_EQ(count_class(port, "CellBlock"), 6);
    check_roles(
        port, "cell_concat_3",
        "adjust squeeze cell_left cell_left_bn cell_right cell_right_bn "
        "cell_concat");
    for (int i = 1; i < port->n_visits; i++) {
        CHECK_EQ(port->visits[i].n_in, 2);
        CHECK_EQ(port->visits[i].n_out, 1);
    }
    done(&n, port);
}

/* ---- what is not ---- */

static void what_is_not_worth_it_stays(void)
{
    net n;
    cvyi_graph *const port = after(&n, nothing_repeats);

    CHECK_EQ(count_kind(port, CVYI_MODULE_BLOCK), 0);
    CHECK_EQ(port->n_visits, 1);
    done(&n, port);
}

/* The same layers, and the first two blocks of eight lack their biases. */
static void a_missing_bias_is_another_structure(void)
{
    net n;
    cvyi_graph *port;
    cvyi_findings findings = { 0 };

    chain(&n);
    for (int i = 0; i < n.graph->n_calls; i++)
        if (n.graph->calls[i].attrs.op == cvyi_op_find("conv") && i < 6)
            n.graph->calls[i].params[1] = -1;
    port = net_port(&n, &findings);
    CHECK_EQ(count_kind(port, CVYI_MODULE_BLOCK), 6);
    cvyi_findings_close(&findings);
    done(&n, port);
}

/* A layer of the middle one of three blocks is called once more elsewhere. */
static void a_layer_called_twice_stays(void)
{
    net n;
    cvyi_graph *port;
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };
    maker m = { .n = &n };
    int x = net_open(&n, false, 4, image), call, shared = -1;

    for (int i = 0; i < 7; i++) {
        x = unit3(&m, x, 4, same_3);
        if (i == 3)
            shared = n.graph->n_calls - 3;
    }
    {
        const cvyi_call it = n.graph->calls[shared];

        CHECK_OK(cvyi_graph_add_call(&call, n.graph, &it.attrs, it.axes, &x, 1,
                                     it.params, it.module, &err));
    }
    net_output(&n, n.graph->calls[call].out[0]);
    port = net_port(&n, &findings);
    CHECK_EQ(count_kind(port, CVYI_MODULE_BLOCK), 6);
    for (int i = 0; i < port->n_calls; i++)
        if (port->calls[i].origin == shared || port->calls[i].origin == call)
            CHECK_EQ(port->modules[port->calls[i].module].parent, 0);
    cvyi_findings_close(&findings);
    done(&n, port);
}

/* A model inside the model, called once, has its own blocks. */
static void models_inside_models_have_their_own(void)
{
    net n;
    cvyi_graph *port;
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };
    int inner, visit, moved = 0;

    chain(&n);
    CHECK_OK(cvyi_graph_add_module(&inner, n.graph, 0, CVYI_MODULE_MODEL,
                                   "inner", "Functional", &err));
    CHECK_OK(cvyi_graph_add_visit(&visit, n.graph, inner, 0, &err));
    /* Its layers come behind it. */
    for (int i = 0; i < n.graph->n_calls; i++) {
        const cvyi_module layer = n.graph->modules[n.graph->calls[i].module];
        int module;

        CHECK_OK(cvyi_graph_add_module(&module, n.graph, inner, layer.kind,
                                       layer.name, layer.class_name, &err));
        n.graph->calls[i].module = module;
        n.graph->calls[i].visit = visit;
    }
    CHECK_OK(cvyi_graph_check(n.graph, &err));
    port = net_port(&n, &findings);
    for (int i = 0; i < port->n_modules; i++)
        moved += port->modules[i].kind == CVYI_MODULE_BLOCK;
    CHECK_EQ(moved, 8);
    check_roles(port, "inner.blocks.3", "conv norm re_lu");
    cvyi_findings_close(&findings);
    done(&n, port);
}

static const check_case cases[] = {
    { "names tell blocks, stages and roles",
      names_tell_blocks_stages_and_roles },
    { "structure alone tells the same blocks",
      structure_alone_tells_the_same_blocks },
    { "concatenations end blocks", concatenations_end_blocks },
    { "a block with and one without skip are two classes",
      a_block_with_and_one_without_skip_are_two_classes },
    { "blocks hold blocks", blocks_hold_blocks },
    { "skips over blocks do not hide them",
      skips_over_blocks_do_not_hide_them },
    { "a sum after a block is its last member",
      a_sum_after_a_block_is_its_last_member },
    { "cells read several values", cells_read_several_values },
    { "what is not worth it stays", what_is_not_worth_it_stays },
    { "a missing bias is another structure",
      a_missing_bias_is_another_structure },
    { "a layer called twice stays", a_layer_called_twice_stays },
    { "models inside models have their own",
      models_inside_models_have_their_own },
};

CHECK_MAIN(cases)
