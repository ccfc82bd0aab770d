/*
 * Types are part of what is written: self.to, torch.autocast and casts say
 * them, and files that were changed on purpose are caught.
 */
#include "files.h"
#include "tensor/tensor.h"

static int cast(net *n, const char *layer, const char *dtype, int x)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("cast"), 0);
    cvyi_set_word(&attrs, "dtype", dtype);
    return net_call(n, layer, "Cast", &attrs, &x, 1, NULL);
}

/* float32 comes in and goes out; what is between computes in `dtype`. */
static void build_as(net *n, const char *dtype)
{
    static const int64_t dims[] = { 0, 10, 8, 3 };
    int x = cast(n, "down", dtype, net_open(n, false, 4, dims));

    x = net_conv2d(n, "conv", x, 6, 3, 2, CVYI_BORDER_SAME);
    x = net_relu(n, "relu", net_batch_norm(n, "norm", x));
    x = net_dense(n, "dense", net_simple(n, "flatten", "flatten", x), 5);
    net_output(n, cast(n, "up", "float32", x));
}

/* float32 weights: a mixed policy. */
static void build_mixed(net *n)
{
    build_as(n, "float16");
}

/* Weights of the same type, but for those of one layer. */
static void store_as(net *n, cvy_dtype dtype)
{
    cvy_error err = { 0 };

    for (int i = 0; i < n->graph->n_params; i++) {
        cvy_view *const stored = &n->graph->params[i].stored;
        size_t bytes;
        cvy_view to;

        CHECK(cvyi_packed_size(&bytes, dtype, stored->rank, stored->dims));
        to = cvyi_packed(cvyi_arena_alloc(&n->graph->arena, bytes, 1), dtype,
                         stored->rank, stored->dims);
        CHECK_OK(cvyi_copy(&to, stored, &err));
        *stored = to;
    }
}

static void build_half(net *n)
{
    build_as(n, "bfloat16");
    store_as(n, CVY_BF16);
}

static void build_double(net *n)
{
    build_as(n, "float64");
    store_as(n, CVY_F64);
}

/* The last layer stores and computes in float32. */
static void build_exception(net *n)
{
    static const int64_t dims[] = { 0, 6 };
    int x = cast(n, "down", "float16", net_open(n, true, 2, dims));

    x = cast(n, "up", "float32", net_dense(n, "first", x, 4));
    store_as(n, CVY_F16);
    net_output(n, net_dense(n, "second", x, 3));
}

/* What leaves a mixed model is of its own type. */
static void build_half_out(net *n)
{
    static const int64_t dims[] = { 0, 6 };
    int x = cast(n, "down", "float16", net_open(n, true, 2, dims));

    x = net_dense(n, "first", x, 4);
    net_output(n, net_along(n, "softmax", "softmax", 1, &x, 1));
}

static const struct {
    void (*build)(net *n);
    const char *has[4]; /* in the code */
    const char *lacks;
} written[] = {
    { build_mixed,
      { "        with torch.autocast(image.device.type, dtype=torch.float16):\n"
        "            x = image.to(torch.float16)\n",
        "            x = self.dense(x)\n        return x.to(torch.float32)\n" },
      "self.to(" },
    { build_half,
      { "        self.to(torch.bfloat16)\n\n    def forward",
        "x = image.to(torch.bfloat16)\n" },
      "autocast" },
    { build_double, { "        self.to(torch.float64)\n" }, "autocast" },
    { build_exception,
      { "        self.first.to(torch.float16)\n" },
      "autocast" },
    { build_half_out, { "self.softmax(x).to(torch.float16)\n" }, "self.to(" },
};

static void types_are_written_and_read_back(void)
{
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        cvyi_file_proof proof;
        const char *code;
        files f;

        open_files_of(&f, written[i].build);
        code = cvyi_text_c(&f.written.code);
        for (int k = 0; k < 4 && written[i].has[k] != NULL; k++)
            if (strstr(code, written[i].has[k]) == NULL)
                CHECK_FAIL("no %s in\n%s", written[i].has[k], code);
        CHECK(strstr(code, written[i].lacks) == NULL);
        proof = compare(&f, &f.written.code);
        for (int k = 0; k < proof.n_faults; k++)
            print_message("%s: %s\n", proof.faults[k].where,
                          proof.faults[k].text);
        CHECK_EQ(proof.verdict, CVYI_PROVEN);
        cvyi_file_proof_close(&proof);
        close_files(&f);
    }
}

/* Weights keep their bits. */
static void weights_are_of_the_type_that_the_source_has(void)
{
    cvyi_arena arena = { 0 };
    cvyi_graph *graph;
    cvy_error err = { 0 };
    files f;

    open_files_of(&f, build_half);
    CHECK_OK(read_code(&graph, &arena, &f, &f.written.code, &err));
    CHECK(graph->n_params > 0);
    for (int i = 0; i < graph->n_params; i++)
        CHECK_EQ(graph->params[i].stored.dtype, CVY_BF16);
    for (int i = 0; i < f.written.n_weights; i++)
        CHECK_EQ(f.written.weights[i].dtype, CVY_BF16);
    cvyi_graph_close(graph);
    cvyi_arena_close(&arena);
    close_files(&f);
}

static const struct {
    void (*build)(net *n);
    const char *from, *to, *text;
} rows[] = {
    { build_mixed, "image.to(torch.float16)", "image",
      "called on float32 under torch.autocast of float16" },
    { build_mixed, "dtype=torch.float16)", "dtype=torch.bfloat16)",
      "called on float16 under torch.autocast of bfloat16" },
    { build_mixed,
      "with torch.autocast(image.device.type, dtype=torch.float16)", "if True",
      "its weights are float32, it is called on float16" },
    { build_mixed, ", dtype=torch.float16)", ")", "a device and a dtype" },
    { build_mixed, "return x.to(torch.float32)", "return x", "is missing" },
    { build_mixed, "x.to(torch.float32)", "x.to(torch.float64)", "dtype" },
    { build_half, "        self.to(torch.bfloat16)\n", "",
      "the module's weights are float32, this is bfloat16" },
    { build_half, "self.to(torch.bfloat16)", "self.to(torch.float16)",
      "the module's weights are float16, this is bfloat16" },
    { build_half, "image.to(torch.bfloat16)", "image",
      "its weights are bfloat16, it is called on float32" },
    { build_half, "return model.to(device)", "return model.to(torch.float32)",
      "of another type once loaded" },
    { build_exception, "        self.first.to(torch.float16)\n", "",
      "the module's weights are float32, this is float16" },
    { build_half_out, ".to(torch.float16)\n\n\n", "\n\n\n", "is missing" },
};

static void a_changed_type_is_found(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cvyi_file_proof proof;
        cvyi_text code;
        files f;

        open_files_of(&f, rows[i].build);
        code = changed(&f, rows[i].from, rows[i].to);
        proof = compare(&f, &code);
        if (proof.verdict != CVYI_FAILED)
            CHECK_FAIL("nobody noticed %s for %s", rows[i].to, rows[i].from);
        if (strstr(proof.faults[0].text, rows[i].text) == NULL)
            CHECK_FAIL("%s gives %s", rows[i].to, proof.faults[0].text);
        cvyi_file_proof_close(&proof);
        cvyi_text_close(&code);
        close_files(&f);
    }
}

/* A unit that computes partly in another type cannot stand under one
 * torch.autocast. */
static void two_halves_are_refused(void)
{
    static const int64_t dims[] = { 0, 6 };
    const cvyi_write_options options = { .file_name = "small",
                                         .source_file = "small.keras" };
    cvyi_findings findings = { 0 };
    cvyi_written out = { 0 };
    cvyi_graph *port;
    cvy_error err = { 0 };
    net n;
    int x = cast(&n, "a", "float16", net_open(&n, true, 2, dims));

    x = cast(&n, "b", "bfloat16", net_dense(&n, "first", x, 4));
    net_output(&n, net_dense(&n, "second", x, 3));
    port = net_port(&n, &findings);
    CHECK_EQ(cvyi_write_torch(&out, port, n.graph, &options, &findings, &err),
             CVY_UNSUPPORTED);
    CHECK_STR(findings.items[findings.n - 1].attribute, "dtype");
    cvyi_findings_close(&findings);
    cvyi_graph_close(port);
    net_close(&n);
}

static const check_case cases[] = {
    { "types_are_written_and_read_back", types_are_written_and_read_back },
    { "weights_are_of_the_type_that_the_source_has",
      weights_are_of_the_type_that_the_source_has },
    { "a_changed_type_is_found", a_changed_type_is_found },
    { "two_halves_are_refused", two_halves_are_refused },
};
CHECK_MAIN(cases)
