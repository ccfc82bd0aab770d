/* Blocks are found where they make the written file shorter, and only there. */
#include "blocks_nets.h"

#include "write/write.h"

/* VGG: some convolutions and a pool, five times. */
static void vgg(net *n, const int *depths)
{
    static const char *const names[] = { "block1", "block2", "block3",
                                         "block4", "block5" };
    int x = net_open(n, false, 4, (const int64_t[]){ 0, 64, 64, 3 });

    for (int stage = 0; stage < 5; stage++) {
        char layer[32];

        for (int k = 0; k < depths[stage]; k++) {
            snprintf(layer, sizeof layer, "%s_conv%d", names[stage], k + 1);
            x = net_conv(n, layer, x, 4 * (stage + 1), same_3);
            x = net_argument(n, "relu", x);
        }
        snprintf(layer, sizeof layer, "%s_pool", names[stage]);
        x = net_pool(n, layer, "max", "real", x, halve);
    }
    net_output(n, net_dense(n, "top", net_simple(n, "f", "flatten", x), 5));
}

static void vgg_11(net *n)
{
    vgg(n, (const int[]){ 1, 1, 2, 2, 2 });
}

static void vgg_16(net *n)
{
    vgg(n, (const int[]){ 2, 2, 3, 3, 3 });
}

static void vgg_19(net *n)
{
    vgg(n, (const int[]){ 2, 2, 4, 4, 4 });
}

/* Two blocks of three layers. */
static void two_small_blocks(net *n)
{
    maker m = { .n = n };
    int x = net_open(n, false, 4, image);

    x = unit3(&m, unit3(&m, x, 4, same_3), 4, same_3);
    net_output(n, x);
}

/* A list of layers has one line for each. */
static void sequential(net *n, int n_units)
{
    maker m = { .n = n };
    int x = net_open(n, true, 4, image);

    for (int i = 0; i < n_units; i++)
        x = unit3(&m, x, 4 + i, same_3);
    net_output(n, x);
}

static void short_list(net *n)
{
    sequential(n, 6);
}

static void long_list(net *n)
{
    sequential(n, 15);
}

static const struct {
    const char *name;
    void (*make)(net *n);
    bool grouped;
} nets[] = {
    /* clang-format off */
    { "named resnet",     named_resnet,     true  },
    { "plain resnet",     plain_resnet,     true  },
    { "densenet",         dense_net,        true  },
    { "mobilenet",        mobile_net,       true  },
    { "inception",        inception,        true  },
    { "u-net",            u_net,            true  },
    { "chain",            chain,            true  },
    { "nothing repeats",  nothing_repeats,  false },
    { "vgg 11",           vgg_11,           false },
    { "vgg 16",           vgg_16,           false },
    { "vgg 19",           vgg_19,           false },
    { "short list",       short_list,       false },
    { "long list",        long_list,        true  },
    { "two small blocks", two_small_blocks, false },
    /* clang-format on */
};

static int lines_of(net *n, bool flat, int *blocks)
{
    const cvyi_write_options options = { .file_name = "net",
                                         .source_file = "net.keras",
                                         .flat = flat };
    cvyi_target target = net_torch;
    cvyi_written written = { 0 };
    cvyi_findings findings = { 0 };
    cvyi_graph *port;
    cvy_error err = { 0 };
    int lines = 0;

    target.flat = flat;
    n->graph->version = "3.15.1";
    CHECK_OK(cvyi_graph_copy(&port, n->graph, &err));
    CHECK_OK(cvyi_pass_run(port, &target, NULL, &findings, &err));
    *blocks = count_kind(port, CVYI_MODULE_BLOCK);
    CHECK_OK(
        cvyi_write_torch(&written, port, n->graph, &options, &findings, &err));
    for (size_t i = 0; i < written.code.size; i++)
        lines += written.code.bytes[i] == '\n';
    cvyi_written_close(&written);
    cvyi_findings_close(&findings);
    cvyi_graph_close(port);
    return lines;
}

static void blocks_make_files_shorter(void)
{
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        int blocks, none, grouped, flat;
        net n;

        nets[i].make(&n);
        flat = lines_of(&n, true, &none);
        grouped = lines_of(&n, false, &blocks);
        printf("%s: %d lines, %d without blocks\n", nets[i].name, grouped,
               flat);
        CHECK_EQ(none, 0);
        if ((blocks > 0) != nets[i].grouped)
            CHECK_FAIL("%s: %d blocks", nets[i].name, blocks);
        if (blocks > 0 ? grouped >= flat : grouped != flat)
            CHECK_FAIL("%s: %d lines against %d", nets[i].name, grouped, flat);
        net_close(&n);
    }
}

static const check_case cases[] = {
    { "blocks make files shorter", blocks_make_files_shorter },
};

CHECK_MAIN(cases)
