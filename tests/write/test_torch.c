/*
 * Whole files as they are written, beside the networks they come from.
 *
 * tests/write/golden/NAME.py is compared byte by byte; CONVEY_UPDATE=1 in the
 * environment writes them anew. They are the product: look at what changed,
 * and run `ruff check` and `ruff format --check` over the folder.
 */
#include "write/write.h"

#include "random_net.h"

static const net_window same_3 = { 3, 1, 1, CVYI_BORDER_SAME };
static const net_window point = { 1, 1, 1, CVYI_BORDER_GIVEN };

/* ---- networks ---- */

static void classifier_1d(net *n)
{
    static const int64_t dims[] = { 0, 128, 9 };
    int x = net_open(n, true, 3, dims);

    x = net_conv(n, "conv1", x, 32, (net_window){ 5, 1, 1, CVYI_BORDER_SAME });
    x = net_relu(n, "relu1", net_batch_norm(n, "bn1", x));
    x = net_conv(n, "conv2", x, 64, (net_window){ 5, 2, 1, CVYI_BORDER_SAME });
    x = net_argument(n, "relu", x);
    x = net_pool(n, "pool", "max", "real", x,
                 (net_window){ 2, 2, 1, CVYI_BORDER_GIVEN });
    x = net_simple(n, "flatten", "flatten", net_dropout(n, "dropout", x));
    x = net_dense(n, "dense", x, 6);
    net_output(n, net_along(n, "softmax", "softmax", 1, &x, 1));
}

static void residual(net *n)
{
    static const int64_t dims[] = { 0, 8, 8, 3 };
    const int image = net_open(n, false, 4, dims);
    const int stem =
        net_argument(n, "relu", net_conv(n, "stem", image, 8, same_3));
    const int a = net_relu(
        n, "relu_a",
        net_batch_norm(n, "norm_a", net_conv(n, "conv_a", stem, 8, same_3)));
    const int b =
        net_batch_norm(n, "norm_b", net_conv(n, "conv_b", a, 8, same_3));
    const int sum = net_merge(n, "sum", "add", b, stem);
    const int mean = net_global_pool(n, "mean", "average", false,
                                     net_relu(n, "relu_b", sum));

    net_output(n, net_dense(n, "logits", mean, 10));
}

/* Several inputs, and outputs as a list. */
static void two_towers(net *n)
{
    static const int64_t left[] = { 0, 12, 4 };
    static const int64_t right[] = { 0, 5 };
    const int series = net_open(n, false, 3, left);
    const int facts = net_input(n, "facts", 2, right);
    const int a = net_global_pool(n, "peak", "max", false,
                                  net_conv(n, "conv", series, 6, same_3));
    const int b = net_argument(n, "tanh", net_dense(n, "embed", facts, 6));
    const int both[] = { a, b };
    const int joined = net_along(n, "joined", "concat", 1, both, 2);
    const int outputs[] = { net_dense(n, "score", joined, 1), joined };

    net_outputs(n, 2, outputs, NULL);
}

static void heads_by_name(net *n)
{
    static const int64_t dims[] = { 0, 6, 5, 2 };
    static const char *const keys[] = { "class", "box \"xyxy\"" };
    const int x = net_open(n, false, 4, dims);
    const int y = net_conv(n, "trunk", x, 3, same_3);
    const int flat = net_simple(n, "flat", "flatten", y);
    const int scores = net_dense(n, "scores", flat, 4);
    const int outputs[] = { net_along(n, "softmax", "softmax", 1, &scores, 1),
                            net_dense(n, "box", flat, 4) };

    net_outputs(n, 2, outputs, keys);
}

static void any_size(net *n)
{
    static const int64_t dims[] = { 0, 0, 0, 3 };
    int x = net_open(n, false, 4, dims);

    x = net_conv(n, "stem", x, 16, (net_window){ 3, 2, 1, CVYI_BORDER_SAME });
    x = net_argument(n, "relu", x);
    x = net_argument(n, "relu", net_conv(n, "body", x, 16, same_3));
    x = net_pool(n, "mean", "average", "real", x,
                 (net_window){ 3, 2, 1, CVYI_BORDER_SAME });
    net_output(n, net_conv(n, "head", x, 8,
                           (net_window){ 2, 2, 1, CVYI_BORDER_SAME }));
}

/* Keywords, digits, dots, blanks, letters beyond ASCII, attributes that every
 * module has, names that clash once they are legal. */
static void names(net *n)
{
    static const char *const layers[] = {
        "class",   "1x1",   "block.0", "block/0", "na\xc3\xafve",
        "add",     "train", "forward", "image",   "x",
        "_hidden", "",      "F",       "torch",
    };
    static const int64_t dims[] = { 0, 4, 4, 2 };
    int x = net_open(n, false, 4, dims);

    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        x = net_conv(n, layers[i], x, 2, point);
    net_output(n, net_merge(n, "return", "add", x, x));
}

/* Lines that do not fit. */
static void long_names(net *n)
{
    static const int64_t dims[] = { 0, 9, 9, 2 };
    static const char first[] = "efficientnet_block_1_expand_convolution_with_"
                                "a_very_long_name_indeed";
    static const char second[] =
        "efficientnet_block_1_project_convolution_and_"
        "an_even_longer_name_than_before";
    const int x = net_open(n, false, 4, dims);
    const int a =
        net_conv(n, first, x, 4, (net_window){ 3, 2, 1, CVYI_BORDER_SAME });
    const int b =
        net_conv(n, second, x, 4, (net_window){ 4, 2, 1, CVYI_BORDER_SAME });
    const int both[] = { a, b };
    const int sum =
        net_merge(n, "the_sum_of_both_of_these_branches", "add", a, b);
    const int joined = net_along(n, "the_concatenation_of_both_branches",
                                 "concat", 3, both, 2);
    const int outputs[] = {
        net_argument(n, "sigmoid", net_conv(n, "gate", sum, 4, point)), joined
    };

    net_outputs(n, 2, outputs, NULL);
}

/* Names of what the file could import, and of nothing that may be run: what
 * a model file says ends up in no statement of its own. */
static void hostile_names(net *n)
{
    static const int64_t dims[] = { 0, 4, 3, 2 };
    static const char *const keys[] = { "torch # F", "\"\"\"\\" };
    const int x = net_open(n, false, 4, dims);
    const int y =
        net_conv(n, "F", net_conv(n, "torch", x, 3, same_3), 2, same_3);
    const int flat = net_simple(n, "Tensor", "flatten", y);
    const int outputs[] = { net_dense(n, "dense\nimport os", flat, 4), flat };

    n->graph->results[x].name = "\"\"\"\nimport os\n";
    net_outputs(n, 2, outputs, keys);
}

static void module_names(net *n)
{
    static const int64_t dims[] = { 0, 4, 3, 2 };
    const int x = net_conv(n, "torch", net_open(n, true, 4, dims), 3, same_3);
    const int y = net_simple(n, "flat", "flatten", net_relu(n, "F", x));

    net_output(n, net_dense(n, "dense\nimport os", y, 4));
}

/* A transpose that nobody asked for, and what it is for. */
static void flat_output(net *n)
{
    static const int64_t dims[] = { 0, 4, 5, 2 };
    const int x = net_conv(n, "conv", net_open(n, true, 4, dims), 3, same_3);

    net_output(n, net_simple(n, "flatten", "flatten", x));
}

/* Inputs of different rank, and many of them. A value called x waits in the
 * expression while a part too long for it gets a line of its own. */
static void ranks(net *n)
{
    static const int64_t dims[] = { 0, 8, 9, 4 }, row[] = { 0, 9, 4 };
    const char *const long_name =
        "the_measured_temperature_of_the_left_sensor";
    const int image = net_open(n, false, 4, dims);
    const int series = net_input(n, "series", 3, row);
    const int stem = net_conv(n, "stem", image, 4, same_3);
    const int squeeze = net_global_pool(n, "squeeze", "average", false, stem);
    const int gate = net_dense(n, "gate", squeeze, 4);
    const int scaled = net_merge(n, "scale", "multiply", stem, gate);
    const int placed = net_merge(
        n, "place", "add", net_conv(n, "trace", series, 4, same_3), scaled);
    const int warm = net_input(n, long_name, 3, row);
    const int held = net_conv(n, "held", series, 4, same_3);
    const int many[] = { placed, scaled, stem, placed, scaled, stem,
                         placed, scaled, stem, placed, scaled, stem };
    cvyi_attrs add, expand;
    cvy_error err = { 0 };
    int module, both[2], call;

    CHECK_OK(cvyi_graph_add_module(&module, n->graph, 0, CVYI_MODULE_LAYER,
                                   "both", "Add", &err));
    cvyi_attrs_open(&expand, cvyi_op_find("expand"), 0);
    cvyi_set_int(&expand, "rank", 7);
    cvyi_attrs_open(&add, cvyi_op_find("add"), 0);
    for (int k = 0; k < 2; k++) {
        CHECK_OK(cvyi_graph_add_call(&call, n->graph, &expand, n->axes,
                                     k == 0 ? &held : &warm, 1, NULL, module,
                                     &err));
        n->graph->calls[call].label = "expand";
        both[k] = n->graph->calls[call].out[0];
    }
    CHECK_OK(cvyi_graph_add_call(&call, n->graph, &add, n->axes, both, 2, NULL,
                                 module, &err));

    const int outputs[] = {
        n->graph->calls[call].out[0],
        net_call(n, "many", "Add", &add, many, 12, NULL),
    };

    net_outputs(n, 2, outputs, NULL);
}

static const struct {
    const char *name;
    void (*build)(net *n);
} files[] = {
    { "classifier_1d", classifier_1d },
    { "residual", residual },
    { "two_towers", two_towers },
    { "heads_by_name", heads_by_name },
    { "any_size", any_size },
    { "names", names },
    { "long_names", long_names },
    { "flat_output", flat_output },
    { "module_names", module_names },
    { "hostile_names", hostile_names },
    { "ranks", ranks },
};

/* ---- comparing ---- */

static void write_net(cvyi_written *out, cvyi_graph **port, net *n,
                      const char *name)
{
    const cvyi_write_options options = { .file_name = name,
                                         .source_file = "net.keras" };
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };

    n->graph->version = "3.15.1";
    *port = net_port(n, &findings);
    CHECK_OK(
        cvyi_write_torch(out, *port, n->graph, &options, &findings, &err));
    cvyi_findings_close(&findings);
}

static void compare(const char *name, const cvyi_text *code)
{
    char path[512];
    cvyi_mapping golden;
    cvy_error err = { 0 };

    snprintf(path, sizeof path, "%s/write/golden/%s.py", CVYT_DATA, name);
    if (getenv("CONVEY_UPDATE") != NULL)
        CHECK_OK(cvyi_file_write(path, code->bytes, code->size, &err));
    CHECK_OK(cvyi_file_map(&golden, path, &err));
    if (golden.size != code->size ||
        memcmp(golden.bytes, code->bytes, code->size) != 0)
        CHECK_FAIL("%s.py is written otherwise:\n%s", name, code->bytes);
    cvyi_file_unmap(&golden);
}

static void every_file_is_the_golden_one(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        cvyi_written written;
        cvyi_graph *port;
        net n;

        files[i].build(&n);
        write_net(&written, &port, &n, files[i].name);
        compare(files[i].name, &written.code);
        cvyi_written_close(&written);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

/* ---- laws ---- */

static int longest_line(const char *code)
{
    int longest = 0;

    for (const char *p = code; *p != '\0'; p += strcspn(p, "\n") + 1) {
        int columns = 0;

        for (const char *q = p; *q != '\n' && *q != '\0'; q++)
            columns += ((unsigned char)*q & 0xc0) != 0x80;
        longest = columns > longest ? columns : longest;
    }
    return longest;
}

static bool has_name(const cvyi_written *written, const char *name)
{
    int n = 0;

    for (int i = 0; i < written->n_weights; i++)
        n += strcmp(written->weights[i].name, name) == 0;
    return n == 1;
}

/* What the report says of a file stands in it. */
static void check_written(const cvyi_written *written, const cvyi_graph *port)
{
    const char *const code = cvyi_text_c(&written->code);

    CHECK(strstr(code, "\n\n\n\n") == NULL && strstr(code, " \n") == NULL);
    for (int i = 0; i < written->n_weights; i++)
        CHECK(has_name(written, written->weights[i].name));
    for (int i = 0; i < port->n_calls; i++)
        CHECK(written->calls[i].target != NULL);
}

static void every_random_net_is_written(void)
{
    enum { FIRST = 1, NETS = 150 };

    printf("seeds %d to %d\n", FIRST, FIRST + NETS - 1);
    for (uint64_t seed = FIRST; seed < FIRST + NETS; seed++) {
        cvyi_written written;
        cvyi_graph *port;
        net n;

        random_net_open(&n, seed);
        write_net(&written, &port, &n, "net");
        check_written(&written, port);
        CHECK(longest_line(cvyi_text_c(&written.code)) <= 88);
        cvyi_written_close(&written);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

/* ---- refusals, doubt, memory ---- */

static void what_torch_cannot_say_is_refused_by_name(void)
{
    static const int64_t dims[] = { 0, 0, 0, 4 };
    const cvyi_write_options options = { .file_name = "net",
                                         .source_file = "net.keras" };
    cvyi_written written = { 0 };
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };
    cvyi_graph *port;
    cvyi_attrs attrs;
    cvyi_attr_value *shape;
    net n;
    const int in = net_open(&n, true, 4, dims);

    /* Two sizes that the input does not have: torch has only one -1. */
    cvyi_attrs_open(&attrs, cvyi_op_find("reshape"), 0);
    shape = cvyi_attr_set(&attrs, "shape");
    shape->n = 2;
    for (int i = 0; i < 2; i++)
        shape->sizes[i] =
            cvyi_size_mul(&n.graph->sizes, cvyi_size_of(&n.graph->sizes, 2),
                          n.graph->results[in].type.dims[i + 1]);
    net_output(&n, net_call(&n, "turn", "Reshape", &attrs, &in, 1, NULL));
    port = net_port(&n, &findings);
    CHECK_EQ(cvyi_write_torch(&written, port, n.graph, &options, &findings,
                              &err),
             CVY_UNSUPPORTED);
    CHECK_EQ(written.code.size, 0);
    CHECK_EQ(findings.n_refusals, 1);
    CHECK_STR(findings.items[findings.n - 1].layer, "turn");
    CHECK_STR(findings.items[findings.n - 1].attribute, "target_shape");
    cvyi_findings_close(&findings);
    cvyi_graph_close(port);
    net_close(&n);
}

/* Unknown sizes of the input in another order. */
static void sizes_are_asked_of_the_input(void)
{
    static const int64_t dims[] = { 0, 0, 0, 2 };
    cvyi_written written;
    cvyi_graph *port;
    cvyi_attrs attrs;
    cvyi_attr_value *shape;
    net n;
    const int in = net_open(&n, true, 4, dims);

    cvyi_attrs_open(&attrs, cvyi_op_find("reshape"), 0);
    shape = cvyi_attr_set(&attrs, "shape");
    shape->n = 3;
    shape->sizes[0] = n.graph->results[in].type.dims[2];
    shape->sizes[1] = n.graph->results[in].type.dims[1];
    shape->sizes[2] = cvyi_size_of(&n.graph->sizes, 2);
    net_output(&n, net_call(&n, "turn", "Reshape", &attrs, &in, 1, NULL));
    write_net(&written, &port, &n, "net");
    CHECK(strstr(
              cvyi_text_c(&written.code),
              "return image.reshape(-1, image.shape[2], image.shape[1], 2)") !=
          NULL);
    cvyi_written_close(&written);
    cvyi_graph_close(port);
    net_close(&n);
}

static void an_unproven_port_says_so_first(void)
{
    const cvyi_write_options options = { .file_name = "net",
                                         .source_file = "a \"b\\.keras" };
    cvyi_written written;
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };
    cvyi_graph *port;
    net n;

    residual(&n);
    port = net_port(&n, &findings);
    CHECK_OK(
        cvyi_write_torch(&written, port, n.graph, &options, &findings, &err));
    CHECK_OK(cvyi_mark_torch(&written.code, "conv1 differs", &err));
    CHECK(strstr(cvyi_text_c(&written.code),
                 "\"\"\"net, ported by convey from a 'b/.keras (Keras) to "
                 "PyTorch. UNPROVEN: conv1 differs\n") ==
          cvyi_text_c(&written.code));
    cvyi_written_close(&written);
    cvyi_findings_close(&findings);
    cvyi_graph_close(port);
    net_close(&n);
}

/* permute.keras with a transpose: class Permute is there already. */
static void the_model_is_named_unlike_its_helpers(void)
{
    cvyi_written written;
    cvyi_graph *port;
    net n;

    flat_output(&n);
    write_net(&written, &port, &n, "permute");
    CHECK_STR(written.class_name, "ModelPermute");
    CHECK(strstr(cvyi_text_c(&written.code),
                 "class ModelPermute(nn.Sequential)") != NULL);
    cvyi_written_close(&written);
    cvyi_graph_close(port);
    net_close(&n);
}

static void no_refused_allocation_breaks_the_writer(void)
{
    const cvyi_write_options options = { .file_name = "net",
                                         .source_file = "net.keras" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        cvyi_findings of_passes = { 0 };
        cvyi_graph *port;
        net n;

        files[i].build(&n);
        port = net_port(&n, &of_passes);
        for (size_t k = 1;; k++) {
            cvyi_findings findings = { 0 };
            cvyi_written written = { 0 };
            cvy_error err = { 0 };
            cvy_status status;

            cvyi_alloc_refuse(k);
            status = cvyi_write_torch(&written, port, n.graph, &options,
                                      &findings, &err);
            cvyi_alloc_refuse(0);
            cvyi_findings_close(&findings);
            if (status == CVY_OK) {
                check_written(&written, port);
                cvyi_written_close(&written);
                break;
            }
            if (status != CVY_MEMORY)
                CHECK_FAIL("%s: allocation %zu: %s", files[i].name, k,
                           err.text);
            CHECK_EQ(written.code.size, 0);
        }
        cvyi_findings_close(&of_passes);
        cvyi_graph_close(port);
        net_close(&n);
    }
}

static const check_case cases[] = {
    { "every_file_is_the_golden_one", every_file_is_the_golden_one },
    { "every_random_net_is_written", every_random_net_is_written },
    { "what_torch_cannot_say_is_refused_by_name",
      what_torch_cannot_say_is_refused_by_name },
    { "sizes_are_asked_of_the_input", sizes_are_asked_of_the_input },
    { "an_unproven_port_says_so_first", an_unproven_port_says_so_first },
    { "the_model_is_named_unlike_its_helpers",
      the_model_is_named_unlike_its_helpers },
    { "no_refused_allocation_breaks_the_writer",
      no_refused_allocation_breaks_the_writer },
};
CHECK_MAIN(cases)
