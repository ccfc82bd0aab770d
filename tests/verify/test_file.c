/*
 * What stands in the written files is what was meant. Files that were changed
 * on purpose are caught, with the layer and the line.
 */
#include "codec/safetensors.h"
#include "files.h"

#include <stdio.h>
#include <stdlib.h>

/* SAME at stride 2, batch norm, an activation, a join of three, features
 * flattened from channels last. */
static void build(net *n)
{
    static const int64_t dims[] = { 0, 10, 8, 3 };
    cvyi_attrs add;
    int in[3];
    const int image = net_open(n, false, 4, dims);
    const int a = net_conv2d(n, "conv_a", image, 6, 3, 2, CVYI_BORDER_SAME);
    const int b = net_batch_norm(n, "norm", a);
    const int c = net_relu(n, "relu", b);
    const int d = net_conv2d(n, "conv_b", c, 6, 3, 1, CVYI_BORDER_SAME);

    in[0] = c;
    in[1] = d;
    in[2] = net_conv2d(n, "conv_c", d, 6, 3, 1, CVYI_BORDER_SAME);
    cvyi_attrs_open(&add, cvyi_op_find("add"), 0);

    const int e = net_call(n, "join", "Add", &add, in, 3, NULL);
    const int f = net_simple(n, "flatten", "flatten", e);

    net_output(n, net_dense(n, "dense", f, 5));
}

static void open_files(files *f)
{
    open_files_of(f, build);
}

/* Line of the first place of `text`. */
static int line_of(const cvyi_text *code, const char *text)
{
    const char *const all = cvyi_text_c(code);
    const char *const at = strstr(all, text);
    int line = 1;

    if (at == NULL)
        CHECK_FAIL("the code has no %s", text);
    for (const char *p = all; p < at; p++)
        line += *p == '\n';
    return line;
}

/* ---- what is right is proven ---- */

static void what_was_written_is_what_was_meant(void)
{
    cvyi_file_proof proof;
    files f;

    open_files(&f);
    proof = compare(&f, &f.written.code);
    for (int i = 0; i < proof.n_faults; i++)
        print_message("%s: %s: %s\n", proof.faults[i].where,
                      proof.faults[i].layer, proof.faults[i].text);
    CHECK_EQ(proof.n_faults, 0);
    CHECK_EQ(proof.verdict, CVYI_PROVEN);
    cvyi_file_proof_close(&proof);
    close_files(&f);
}

/* The graph that was read back carries the source's values: the engine
 * compares the two. */
static void the_engine_compares_it_with_the_source(void)
{
    cvyi_arena arena = { 0 };
    cvyi_file_proof file;
    cvyi_proof proof;
    cvyi_graph *graph;
    cvy_error err = { 0 };
    files f;

    open_files(&f);
    CHECK_OK(read_code(&graph, &arena, &f, &f.written.code, &err));
    CHECK_OK(cvyi_verify_file(&file, f.graph, &f.written, graph, &err));
    CHECK_OK(cvyi_verify(&proof, f.net.graph, graph, 1, NULL, NULL, &err));
    CHECK_EQ(proof.engine, CVYI_PROVEN);
    for (int i = 0; i < proof.n_layers; i++)
        CHECK_EQ(proof.layers[i].verdict, CVYI_PROVEN);
    cvyi_proof_close(&proof);
    cvyi_file_proof_close(&file);
    cvyi_graph_close(graph);
    cvyi_arena_close(&arena);
    close_files(&f);
}

/* Two equal functions of one value, each with a reader of its own; the join
 * reads the second one's first, and so does the text. And a value that is
 * dead, in the longer branch: zeros behind an activation. */
static void build_twins(net *n)
{
    static const int64_t dims[] = { 0, 6, 6, 3 };
    int in[2];
    cvyi_attrs add;
    const int image = net_open(n, false, 4, dims);
    const int a = net_conv2d(n, "conv", image, 4, 3, 1, CVYI_BORDER_SAME);
    const int left = net_global_pool(n, "left", "max", false, a);
    const int right = net_global_pool(n, "right", "max", false, a);
    const int x = net_relu(n, "dead", net_dense(n, "dense_a", left, 3));

    in[1] = net_dense(n, "dense_c", x, 3);
    in[0] = net_dense(n, "dense_b", right, 3);
    cvyi_attrs_open(&add, cvyi_op_find("add"), 0);
    net_output(n, net_call(n, "join", "Add", &add, in, 2, NULL));
    /* Far below zero: no probe brings the activation to life. */
    for (int i = 0; i < 3; i++)
        ((float *)n->graph->params[3].stored.data)[i] = -1e6F;
}

static void equal_values_may_be_read_for_each_other(void)
{
    cvyi_arena arena = { 0 };
    cvyi_file_proof file;
    cvyi_proof proof;
    cvyi_graph *graph;
    cvy_error err = { 0 };
    files f;

    open_files_of(&f, build_twins);
    CHECK_EQ(f.graph->params[3].stored.dims[0], 3); /* of dense_a */
    CHECK_OK(read_code(&graph, &arena, &f, &f.written.code, &err));
    CHECK_OK(cvyi_verify_file(&file, f.graph, &f.written, graph, &err));
    CHECK_EQ(file.n_faults, 0);
    CHECK_OK(cvyi_verify(&proof, f.net.graph, graph, 1, NULL, NULL, &err));
    CHECK_EQ(proof.engine, CVYI_PROVEN);
    cvyi_proof_close(&proof);
    cvyi_file_proof_close(&file);
    cvyi_graph_close(graph);
    cvyi_arena_close(&arena);
    close_files(&f);
}

/* ---- what was changed is found ---- */

static const struct {
    const char *from, *to; /* in the code */
    const char *layer;     /* of the first fault, or "" */
    const char *line;      /* text on its line after the change, or NULL */
    const char *text;      /* part of what is said */
} rows[] = {
    /* clang-format off */
    /* a number */
    { "conv_b = nn.Conv2d(6, 6, (3, 4), padding=\"same\")",
      "conv_b = nn.Conv2d(6, 6, (3, 4), padding=\"same\", dilation=2)",
      "conv_b", "dilation=2", "dilation is" },
    { "eps=1e-3", "eps=1e-5", "norm", "eps=1e-5", "eps is" },
    { "momentum=0.01", "momentum=0.1", "norm", "momentum=0.1", "momentum" },
    /* a border on the other side */
    { "(1, 1, 0, 1)", "(1, 1, 1, 0)", "conv_a", "(1, 1, 1, 0)", "border is" },
    /* a layer that is another, or left out */
    { "nn.ReLU()", "nn.Tanh()", "relu", "nn.Tanh()", "tanh" },
    { "self.norm(", "(", "norm", NULL, "is missing" },
    { "self.relu(", "(", "relu", NULL, "is missing" },
    /* arguments that changed places */
    { "self.conv_b(", "self.conv_c(", "conv_b", NULL, "missing" },
    { "nn.Linear(120, 5)", "nn.Linear(5, 120)", "dense", "nn.Linear(5, 120)",
      "in_features" },
    { "nn.Conv2d(6, 6, (3, 4)", "nn.Conv2d((3, 4), 6, 6", "conv_b",
      "nn.Conv2d((3, 4)", "in_channels" },
    /* sizes that do not fit */
    { "stride=2", "stride=1", "dense", NULL, "in_features" },
    /* something that was not meant */
    { "self.flatten(", "self.flatten(-", "join", NULL, "rescale" },
    { "return self.dense(", "return -self.dense(", "", NULL, "" },
    /* a file that cannot be loaded */
    { ".eval()", "", "", NULL, "inference mode" },
    { "    model.load_state_dict(load_file(path))\n", "", "", NULL,
      "does not load weights" },
    { ".safetensors\")", ".other\")", "", NULL, "other" },
    { "self.conv_b = ", "self.conv_x = ", "", NULL, "conv_b" },
    { "from pathlib import Path\n", "from pathlib import Path\nimport os\n",
      "", "import os", "imports os" },
    /* clang-format on */
};

static void check_row(const files *f, size_t i)
{
    cvyi_text code = changed(f, rows[i].from, rows[i].to);
    cvyi_file_proof proof = compare(f, &code);
    const cvyi_fault *const fault = &proof.faults[0];
    char where[32];

    if (proof.verdict != CVYI_FAILED)
        CHECK_FAIL("nobody noticed %s", rows[i].to);
    if (strcmp(fault->layer, rows[i].layer) != 0 ||
        strstr(fault->text, rows[i].text) == NULL)
        CHECK_FAIL("%s gives %s: %s: %s", rows[i].to, fault->where,
                   fault->layer, fault->text);
    if (*rows[i].layer != '\0' && strncmp(fault->where, "small.py:", 9) != 0)
        CHECK_FAIL("%s has no line: %s", rows[i].to, fault->text);
    if (rows[i].line != NULL) {
        snprintf(where, sizeof where, "small.py:%d",
                 line_of(&code, rows[i].line));
        CHECK_STR(fault->where, where);
    }
    cvyi_file_proof_close(&proof);
    cvyi_text_close(&code);
}

static void a_changed_text_is_found(void)
{
    files f;

    open_files(&f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&f, i);
    close_files(&f);
}

/* Activations that were arguments are functions. */
static void build_functions(net *n)
{
    static const int64_t dims[] = { 0, 10, 8, 3 };
    int x = net_open(n, false, 4, dims);

    for (int i = 0; i < 2; i++) {
        x = net_conv2d(n, i == 0 ? "conv_a" : "conv_b", x, 6, 3, 1,
                       CVYI_BORDER_SAME);
        x = net_relu(n, i == 0 ? "relu_a" : "relu_b", x);
        n->graph->calls[n->graph->n_calls - 1].argument = true;
    }
    net_output(n, x);
}

/* A line that cannot be read is about the layer whose function it has. */
static void an_unreadable_function_has_its_layer(void)
{
    static const struct {
        const char *from, *to, *layer;
    } changes[] = {
        { "x = torch.relu(x)", "x = torch.relu(x, 3)", "relu_a" },
        { "return torch.relu(x)", "return torch.relu(x, 3)", "relu_b" },
        { "return torch.relu(x)", "return torch.rulu(x)", "" },
    };
    files f;

    open_files_of(&f, build_functions);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        cvyi_text code = changed(&f, changes[i].from, changes[i].to);
        cvyi_file_proof proof = compare(&f, &code);
        char where[32];

        snprintf(where, sizeof where, "small.py:%d",
                 line_of(&code, changes[i].to));
        CHECK_EQ(proof.n_faults, 1);
        CHECK_STR(proof.faults[0].layer, changes[i].layer);
        CHECK_STR(proof.faults[0].where, where);
        cvyi_file_proof_close(&proof);
        cvyi_text_close(&code);
    }
    close_files(&f);
}

/* One bit of one weight. */
static void a_changed_weight_is_found(void)
{
    files f;
    cvyi_file_proof proof;
    cvyi_safetensors weights;
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };

    open_files(&f);
    CHECK_OK(cvyi_safetensors_open(&weights, &arena, f.weights.bytes,
                                   f.weights.size, &err));
    ((unsigned char *)cvyi_safetensors_find(&weights, "conv_b.weight")
         ->view.data)[40] ^= 1;
    proof = compare(&f, &f.written.code);
    CHECK_EQ(proof.verdict, CVYI_FAILED);
    CHECK_EQ(proof.n_faults, 1);
    CHECK_STR(proof.faults[0].layer, "conv_b");
    CHECK(strstr(proof.faults[0].text, "weight[0, 0, 2, 2]") != NULL);
    CHECK(strncmp(proof.faults[0].where, "small.py:", 9) == 0);
    cvyi_file_proof_close(&proof);
    cvyi_arena_close(&arena);
    close_files(&f);
}

static void no_refused_allocation_breaks_it(void)
{
    enum { LAST = 6000, STEP = 97 };
    bool whole = false;
    files f;

    open_files(&f);
    for (size_t n = 1; !whole && n < LAST; n += STEP) {
        cvyi_arena arena = { 0 };
        cvyi_file_proof proof = { 0 };
        cvyi_graph *graph = NULL;
        cvy_error err = { 0 };
        cvy_status status;

        cvyi_alloc_refuse(n);
        status = read_code(&graph, &arena, &f, &f.written.code, &err);
        if (status == CVY_OK)
            status =
                cvyi_verify_file(&proof, f.graph, &f.written, graph, &err);
        cvyi_alloc_refuse(0);
        whole = status == CVY_OK;
        if (!whole && status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: %s: %s", n, err.where, err.text);
        cvyi_file_proof_close(&proof);
        cvyi_graph_close(graph);
        cvyi_arena_close(&arena);
    }
    CHECK(whole);
    close_files(&f);
}

static const check_case cases[] = {
    { "what_was_written_is_what_was_meant",
      what_was_written_is_what_was_meant },
    { "the_engine_compares_it_with_the_source",
      the_engine_compares_it_with_the_source },
    { "equal_values_may_be_read_for_each_other",
      equal_values_may_be_read_for_each_other },
    { "a_changed_text_is_found", a_changed_text_is_found },
    { "an_unreadable_function_has_its_layer",
      an_unreadable_function_has_its_layer },
    { "a_changed_weight_is_found", a_changed_weight_is_found },
    { "no_refused_allocation_breaks_it", no_refused_allocation_breaks_it },
};

CHECK_MAIN(cases)
