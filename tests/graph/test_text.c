/* graph/test_text.c - what is printed reads back to the same graph. */
#include "graph/graph.h"
#include "tensor/tensor.h"

#include "check.h"

#include <math.h>

/* ---- random numbers and names ---- */

static uint64_t state = 1;

static int pick(int n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int)((state >> 33) % (uint64_t)n);
}

static bool coin(void)
{
    return pick(2) == 0;
}

static const char *name(void)
{
    static const char *const names[] = {
        "conv1",
        "",
        "two words",
        "quo\"te\\back",
        "line\nbreak\ttab",
        "\xc3\xa9t\xc3\xa9",
        "\xe5\xb1\xa4_1",
        "%0 = add(",
        "\x01\x7f",
        "blocks/conv:0",
        "]",
        "comment",
    };

    return names[pick(sizeof names / sizeof *names)];
}

static const char *name_or_none(void)
{
    return coin() ? name() : NULL;
}

/* ---- a random graph with every field set to something ---- */

static const cvyi_value pieces[] = {
    { .kind = CVYI_INT, .integer = INT64_MIN },
    { .kind = CVYI_FLOAT, .real = 1 },
    { .kind = CVYI_FLOAT, .real = (double)INFINITY },
    { .kind = CVYI_FLOAT, .real = (double)NAN },
    { .kind = CVYI_FLOAT, .real = 1e-7 },
    { .kind = CVYI_TEXT, .text = "a \"text\"\n" },
    { .kind = CVYI_NONE },
    { .kind = CVYI_BOOL, .truth = true },
    { .kind = CVYI_LIST },
};
static const char *const piece_keys[] = { "class_name", "b c", "\xc3\xa9",
                                          "d",          "e",   "f",
                                          "g",          "h",   "i" };
static const cvyi_value dict = { .kind = CVYI_DICT,
                                 .n = 9,
                                 .items = pieces,
                                 .keys = piece_keys };
static const cvyi_value list = { .kind = CVYI_LIST, .n = 1, .items = &dict };

static const cvyi_value *value(void)
{
    const int which = pick(4);

    return which == 0   ? NULL
           : which == 1 ? &dict
           : which == 2 ? &list
                        : &pieces[pick(9)];
}

typedef struct maker {
    cvyi_graph *graph;
    int images[64]; /* results N, 8, 8, C */
    int n;
    cvy_error *err;
} maker;

/* A visit of the module that holds `module`: one that is there, or a new one
 * inside a visit of what is around it. */
static cvy_status visit_of(int *out, maker *m, int module)
{
    cvyi_graph *const graph = m->graph;
    const int home = cvyi_module_home(graph, module);
    const int in[] = { 0, pick(graph->n_results) };
    int parent;

    for (int v = 0; v < graph->n_visits; v++)
        if (graph->visits[v].module == home && (home == 0 || coin())) {
            *out = v;
            return CVY_OK;
        }
    CVYI_TRY(visit_of(&parent, m, graph->modules[home].parent));
    CVYI_TRY(cvyi_graph_add_visit(out, graph, home, parent, m->err));
    return cvyi_graph_wire_visit(graph, *out, in, pick(3), in, 1, m->err);
}

static cvy_status add(maker *m, const cvyi_attrs *attrs, const int *in,
                      int n_in, const int *params)
{
    cvyi_graph *const graph = m->graph;
    const cvyi_axes axes = attrs->op->order == CVYI_ORDER_CHANNEL
                               ? CVYI_AXES_LAST
                               : (cvyi_axes)pick(2);
    int index;

    CVYI_TRY(cvyi_graph_add_call(&index, graph, attrs, axes, in, n_in, params,
                                 pick(graph->n_modules), m->err));
    CVYI_TRY(
        visit_of(&graph->calls[index].visit, m, graph->calls[index].module));
    graph->calls[index].label = name_or_none();
    graph->calls[index].where = name_or_none();
    graph->calls[index].comment = name_or_none();
    graph->calls[index].argument = coin();
    graph->calls[index].origin = pick(4) - 1;
    for (int i = 0; i < graph->calls[index].n_out; i++) {
        cvyi_result *const r = &graph->results[graph->calls[index].out[i]];

        r->name = name_or_none();
        r->origin = pick(5) - 1;
        r->arrangement.moved = (cvyi_moved)pick(3);
    }
    m->images[m->n++] = graph->calls[index].out[0];
    return CVY_OK;
}

static const cvyi_feature_block halves[] = {
    { 2, { 2, 1 }, { 1, 0 } },
    { 3, { 1, 2, 1 }, { 2, 0, 1 } },
};

static cvy_status add_param(int *out, maker *m, const char *slot,
                            const char *rule, int rank, const int64_t *dims)
{
    cvyi_param p = { .name = name(),
                     .slot = slot,
                     .trainable = coin(),
                     .created = pick(100),
                     .initialiser = value(),
                     .regulariser = value(),
                     .constraint = value() };

    p.stored = cvyi_packed(NULL, coin() ? CVY_F32 : CVY_F16, rank, dims);
    if (coin())
        p.stored.strides[0] += 3;
    CVYI_TRY(cvyi_layout_parse(&p.layout, rule, 2, rank, dims, m->err));
    if (cvyi_param_shape(&p).dims[0] == 4 && coin()) {
        p.n_blocks = 2;
        p.blocks = halves;
    }
    return cvyi_graph_add_param(out, m->graph, &p, m->err);
}

static cvy_status add_conv(maker *m, int in)
{
    static const cvyi_border border = { CVYI_BORDER_GIVEN,
                                        { 1, 0 },
                                        { 1, 2 } };
    const bool depth = coin();
    const int64_t kernel[] = { 3, 3, 4, depth ? 1 : 4 }, bias[] = { 4 };
    cvyi_attrs attrs;
    int params[2] = { -1, -1 };

    cvyi_attrs_open(&attrs, cvyi_op_find("conv"), 2);
    cvyi_set_int(&attrs, "outputs", 4);
    cvyi_set_ints(&attrs, "taps", kernel, 2);
    if (depth)
        cvyi_set_int(&attrs, "groups", 4);
    cvyi_set_border(&attrs, "border", border);
    if (coin())
        cvyi_set_border(&attrs, "border",
                        (cvyi_border){ .rule = CVYI_BORDER_SAME });
    cvyi_attr_set(&attrs, "taps")->constant = name_or_none();
    CVYI_TRY(add_param(&params[0], m, "weight",
                       depth ? "S I M -> (I M) 1 S" : "S I O -> O I S", 4,
                       kernel));
    if (coin())
        CVYI_TRY(add_param(&params[1], m, "bias", "O", 1, bias));
    return add(m, &attrs, &in, 1, params);
}

static cvy_status add_reshape(maker *m, int in)
{
    cvyi_attrs attrs;
    const cvyi_type type = m->graph->results[in].type;

    cvyi_attrs_open(&attrs, cvyi_op_find("reshape"), 2);
    for (int i = 0; i < 3; i++)
        cvyi_attr_set(&attrs, "shape")->sizes[i] = type.dims[i + 1];
    cvyi_attr_set(&attrs, "shape")->n = 3;
    return add(m, &attrs, &in, 1, NULL);
}

static cvy_status add_rescale(maker *m, int in)
{
    static const double scale[] = { 0.1, -0.0, 1e300, 3 };
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("rescale"), 2);
    cvyi_attr_set(&attrs, "scale")->reals = scale;
    cvyi_attr_set(&attrs, "scale")->n = 4;
    cvyi_attr_set(&attrs, "offset")->reals = scale;
    cvyi_attr_set(&attrs, "offset")->n = 1;
    cvyi_set_int(&attrs, "axis", 3);
    return add(m, &attrs, &in, 1, NULL);
}

static cvy_status add_pad(maker *m, int in)
{
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find("pad"), 2);
    cvyi_set_real(&attrs, "value", -(double)INFINITY);
    if (coin())
        cvyi_set_border(&attrs, "border",
                        (cvyi_border){ .rule = CVYI_BORDER_CAUSAL });
    return add(m, &attrs, &in, 1, NULL);
}

static cvy_status add_plain(maker *m, int in)
{
    static const char *const ops[] = { "identity", "pointwise", "add" };
    const int which = pick(3), pair[] = { in, in };
    cvyi_attrs attrs;

    cvyi_attrs_open(&attrs, cvyi_op_find(ops[which]), pick(4));
    if (which == 1)
        cvyi_set_word(&attrs, "function", "relu");
    return add(m, &attrs, pair, which == 2 ? 2 : 1, NULL);
}

static cvy_status add_outline(maker *m)
{
    cvyi_graph *const graph = m->graph;
    static const char *comments[] = { "first", "a \"second\"\n" };
    static const char *const inputs[] = { "left", "in \"two\"" };
    const int n = 1 + pick(6);
    int index;

    for (int i = 0; i < n; i++) {
        cvyi_module *module;

        CVYI_TRY(cvyi_graph_add_module(&index, graph, i == 0 ? -1 : pick(i),
                                       (cvyi_module_kind)pick(5), name(),
                                       name_or_none(), m->err));
        module = &graph->modules[index];
        module->where = name_or_none();
        module->frozen = coin();
        module->loop_variable = name_or_none();
        module->loop_iterable = name_or_none();
        module->n_comments = pick(3);
        module->comments = comments;
        module->n_inputs = pick(3);
        module->input_names = inputs;
    }
    return CVY_OK;
}

static cvy_status add_trees(maker *m)
{
    cvyi_graph *const graph = m->graph;
    cvyi_tree *const items = cvyi_arena_alloc(&graph->arena, 4, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(m->err);
    for (int i = 0; i < 3; i++)
        items[i].result = m->images[pick(m->n)];
    items[3] = (cvyi_tree){ .kind = CVYI_TREE_LIST };
    graph->output_tree = items[0];
    if (coin())
        graph->output_tree =
            (cvyi_tree){ .kind = coin() ? CVYI_TREE_LIST : CVYI_TREE_DICT,
                         .n = 4,
                         .items = items,
                         .keys = piece_keys };
    return CVY_OK;
}

static cvy_status fill(maker *m, int n_calls)
{
    static cvy_status (*const adds[])(maker * m, int in) = {
        add_conv, add_reshape, add_rescale, add_pad, add_plain, add_plain
    };
    cvyi_graph *const graph = m->graph;
    cvyi_type image = { .dtype = CVY_F32, .rank = 4 };

    graph->dialect = name_or_none();
    graph->version = name_or_none();
    graph->training = value();
    image.dims[0] = cvyi_size_symbol(&graph->sizes, "N");
    image.dims[1] = cvyi_size_symbol(&graph->sizes, "H");
    image.dims[2] = cvyi_size_ceil(&graph->sizes, image.dims[1],
                                   cvyi_size_of(&graph->sizes, 2));
    image.dims[3] = cvyi_size_of(&graph->sizes, 4);
    for (int i = 0; i < 4; i++)
        if (image.dims[i] == NULL)
            return cvyi_no_memory(m->err);
    CVYI_TRY(add_outline(m));
    CVYI_TRY(cvyi_graph_add_input(&m->images[m->n++], graph, name_or_none(),
                                  &image, m->err));
    for (int i = 0; i < n_calls; i++)
        CVYI_TRY(adds[pick(6)](m, m->images[pick(m->n)]));
    return add_trees(m);
}

static cvy_status made(cvyi_graph **out, int n_calls, cvy_error *err)
{
    maker m = { .err = err };
    cvy_status status;

    CVYI_TRY(cvyi_graph_open(&m.graph, name(), err));
    status = fill(&m, n_calls);
    if (status == CVY_OK)
        *out = m.graph;
    else
        cvyi_graph_close(m.graph);
    return status;
}

/* ---- laws ---- */

static void check_identity(const cvyi_graph *graph)
{
    cvyi_text once = { 0 }, again = { 0 };
    cvyi_graph *back;
    cvy_error err;

    cvyi_graph_print(&once, graph);
    CHECK_OK(cvyi_text_status(&once, &err));
    if (cvyi_graph_parse(&back, once.bytes, once.size, &err) != CVY_OK)
        CHECK_FAIL("line %d: %s: %s in\n%s", (int)err.line, err.where,
                   err.text, once.bytes);
    cvyi_graph_print(&again, back);
    CHECK_STR(cvyi_text_c(&again), cvyi_text_c(&once));
    CHECK_EQ(back->n_calls, graph->n_calls);
    for (int i = 0; i < graph->n_calls; i++)
        CHECK(graph->calls[i].attrs.op->attrs == NULL ||
              strstr(once.bytes, "shape=") != NULL ||
              cvyi_attrs_equal(&graph->calls[i].attrs, &back->calls[i].attrs,
                               NULL));
    for (int i = 0; i < graph->n_params; i++) {
        CHECK_STR(back->params[i].name, graph->params[i].name);
        CHECK_EQ(back->params[i].layout.n, graph->params[i].layout.n);
        CHECK(graph->params[i].initialiser == NULL
                  ? back->params[i].initialiser == NULL
                  : cvyi_value_equal(back->params[i].initialiser,
                                     graph->params[i].initialiser));
    }
    cvyi_text_close(&once);
    cvyi_text_close(&again);
    cvyi_graph_close(back);
}

static void printing_and_reading_back_is_the_identity(void)
{
    for (int i = 0; i < 60; i++) {
        cvyi_graph *graph;
        cvy_error err;

        state = (uint64_t)i;
        if (made(&graph, i % 15, &err) != CVY_OK)
            CHECK_FAIL("seed %d: %s: %s", i, err.where, err.text);
        CHECK_OK(cvyi_graph_check(graph, &err));
        check_identity(graph);
        cvyi_graph_close(graph);
    }
}

static void so_it_is_after_a_copy_and_an_insertion(void)
{
    for (int i = 0; i < 25; i++) {
        cvyi_graph *graph, *copy;
        cvyi_attrs attrs;
        cvy_error err;
        int at, in = 0;

        state = (uint64_t)i;
        CHECK_OK(made(&graph, 8, &err));
        CHECK_OK(cvyi_graph_copy(&copy, graph, &err));
        cvyi_graph_close(graph);
        at = pick(copy->n_calls + 1);
        if (at > 0)
            in = copy->calls[at - 1].out[0];
        cvyi_attrs_open(&attrs, cvyi_op_find("identity"), 2);
        CHECK_OK(cvyi_graph_insert_call(copy, at, &attrs, CVYI_AXES_LAST, &in,
                                        1, &err));
        copy->calls[at].module = 0;
        cvyi_graph_replace(copy, in, copy->calls[at].out[0], at + 1, true);
        CHECK_OK(cvyi_graph_check(copy, &err));
        check_identity(copy);
        cvyi_graph_close(copy);
    }
}

static cvy_status all_steps(cvy_error *err)
{
    cvyi_graph *graph = NULL, *copy = NULL, *back = NULL;
    cvyi_text text = { 0 };
    cvy_status status;

    state = 5;
    CVYI_TRY(made(&graph, 5, err));
    status = cvyi_graph_copy(&copy, graph, err);
    if (status == CVY_OK) {
        cvyi_graph_print(&text, copy);
        status = cvyi_text_status(&text, err);
    }
    if (status == CVY_OK)
        status = cvyi_graph_parse(&back, text.bytes, text.size, err);
    cvyi_text_close(&text);
    cvyi_graph_close(graph);
    cvyi_graph_close(copy);
    cvyi_graph_close(back);
    return status;
}

static void refused_memory_is_told_and_nothing_leaks(void)
{
    bool done = false;

    for (size_t n = 1; !done; n++) {
        cvy_error err = { 0 };
        cvy_status status;

        cvyi_alloc_refuse(n);
        status = all_steps(&err);
        cvyi_alloc_refuse(0);
        done = status == CVY_OK;
        if (!done && status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: %s", n, err.text);
    }
}

/* ---- one text, seen with eyes ---- */

static const char example[] =
    "convey graph 1\n"
    "model \"net\" from \"keras3\" version \"3.12.0\"\n"
    "module 0 model \"net\" class \"Functional\"\n"
    "  module 1 layer \"conv1\" class \"Conv2D\" in 0\n"
    "    comment \"as the paper has it\"\n"
    "  module 2 layer \"depth\" class \"DepthwiseConv2D\" in 0 frozen\n"
    "param p0 \"conv1/kernel\" weight float32 [3 3 3 8] "
    "layout {a b c d -> d c a b} created 0 trainable\n"
    "  initialiser {\"class_name\": \"Zeros\"}\n"
    "param p1 \"conv1/bias\" bias float32 [8] created 1 trainable\n"
    "param p2 \"depth/kernel\" weight float32 [3 3 8 2] "
    "layout {a b c d -> (c d) 1 a b} created 2\n"
    "input %0 \"image\" float32 [N, 32, 32, 3]\n"
    "%1 float32 [N, 16, 16, 8] = conv(%0, weight=p0, bias=p1) outputs=8 "
    "taps=[3 3] stride=[2 2] border=same axes last in 1\n"
    "%2 float32 [N, 16, 16, 8] = pointwise(%1) function=relu in 1 "
    "label \"activation\" argument\n"
    "%3 float32 [N, 16, 16, 16] = conv(%2, weight=p2) outputs=16 "
    "taps=[3 3] groups=8 border=[1:1 1:1] axes last in 2\n"
    "  comment \"groups are the channels\"\n"
    "inputs %0\n"
    "outputs {\"features\": %3, \"early\": [%1]}\n";

static void a_text_reads_as_it_is_written(void)
{
    cvyi_text text = { 0 };
    cvyi_graph *graph;
    cvy_error err;

    if (cvyi_graph_parse(&graph, example, sizeof example - 1, &err) != CVY_OK)
        CHECK_FAIL("line %d: %s", (int)err.line, err.text);
    cvyi_graph_print(&text, graph);
    CHECK_STR(cvyi_text_c(&text), example);
    cvyi_text_close(&text);
    cvyi_graph_close(graph);
}

static const struct {
    const char *find, *put; /* the first one is replaced */
    int line;
    const char *says;
} faults[] = {
    /* clang-format off */
    { "convey graph 1",  "convey graph 2",   1, "convey graph 1" },
    { "model \"net\"",   "model net",        2, "quotes" },
    { "module 1",        "module 2",         4, "not in" },
    { "layer",           "lawyer",           4, "kind of module" },
    { "in 0\n",          "in 1\n",           4, "inside" },
    { "in 0\n",          "at 0\n",           4, "quotes" },
    { "comment",         "remark",           5, "a line of a graph" },
    { "paper has it\"",  "paper has it",     5, "closed quote" },
    { "p0 ",             "p1 ",              7, "not in" },
    { "float32 [3 3",    "float31 [3 3",     7, "element type" },
    { "-> d c a b",      "-> d c a a",       7, "layout" },
    { "-> d c a b",      "-> d c a",         7, "every letter" },
    { "-> d c a b",      "-> d c a b e",     7, "left side" },
    { "a b c d ->",      "a b d c ->",       7, "in order" },
    { "{\"class_name\"", "{class_name",      8, "" },
    { "[8] created",     "[8.5] created",    9, "number" },
    { "[8] created",     "[9] created",     12, "shape" },
    { "[N, 32, 32, 3]",  "[N, 32, 32, 3",   11, "," },
    { "[N, 32, 32, 3]",  "[N, 32, 32, 3+]", 11, "" },
    { "[N, 16, 16, 8]",  "[N, 15, 16, 8]",  12, "type" },
    { "= conv(",         "= cnov(",         12, "no operator cnov" },
    { "conv(%0",         "conv(%3",         12, "not in" },
    { "%2 float32",      "%1 float32",      13, "made twice" },
    { "%2 float32",      "%7 float32",      14, "before it is made" },
    { "%2 float32",      "%99 float32",     13, "not in" },
    { "weight=p0",       "kernel=p0",       12, "takes no kernel" },
    { "weight=p0, ",     "",                12, "lacks its weight" },
    { "weight=p0",       "weight=p9",       12, "not in" },
    { "outputs=8 ",      "",                12, "lacks its outputs" },
    { "taps=[3 3]",      "taps=[3 3",       12, "" },
    { "stride=[2 2]",    "steps=[2 2]",     12, "no attribute steps" },
    { "stride=[2 2]",    "taps=[3 3]",      12, "twice" },
    { "function=relu",   "function=rely",   13, "function" },
    { "axes last",       "axes middle",     12, "first or last" },
    { "in 1\n",          "in 9\n",          12, "not in" },
    { " argument",       " argumentum",     13, "end of the line" },
    { "inputs %0\n",     "",                16, "ends before" },
    { "inputs %0",       "inputs %1",       17, "inputs names %1" },
    { "\"early\"",       "\"features\"",    17, "twice" },
    { "[%1]}",           "[%1",             17, "" },
    /* clang-format on */
};

static void a_fault_is_told_with_its_line(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const char *const at = strstr(example, faults[i].find);
        cvyi_graph *graph = NULL;
        cvyi_text text = { 0 };
        cvy_error err = { 0 };

        CHECK(at != NULL);
        cvyi_text_add(&text, example, (size_t)(at - example));
        cvyi_text_put(&text, faults[i].put);
        cvyi_text_put(&text, at + strlen(faults[i].find));
        CHECK_EQ(cvyi_graph_parse(&graph, text.bytes, text.size, &err),
                 CVY_FORMAT);
        CHECK(graph == NULL);
        if (err.line != faults[i].line ||
            strstr(err.text, faults[i].says) == NULL)
            CHECK_FAIL("%s -> %s: line %d: %s", faults[i].find, faults[i].put,
                       (int)err.line, err.text);
        cvyi_text_close(&text);
    }
}

/* Neither a cut nor a changed byte may do more than be refused. */
static void damaged_text_is_refused_or_read(void)
{
    char text[sizeof example];

    for (size_t i = 0; i < sizeof example; i += 3) {
        cvyi_graph *graph = NULL;

        if (cvyi_graph_parse(&graph, example, i, NULL) == CVY_OK)
            cvyi_graph_close(graph);
        memcpy(text, example, sizeof example);
        text[i] = (char)(text[i] ^ (1 << i % 7));
        graph = NULL;
        if (cvyi_graph_parse(&graph, text, sizeof text - 1, NULL) == CVY_OK)
            cvyi_graph_close(graph);
    }
}

static const check_case cases[] = {
    { "printing_and_reading_back_is_the_identity",
      printing_and_reading_back_is_the_identity },
    { "so_it_is_after_a_copy_and_an_insertion",
      so_it_is_after_a_copy_and_an_insertion },
    { "refused_memory_is_told_and_nothing_leaks",
      refused_memory_is_told_and_nothing_leaks },
    { "a_text_reads_as_it_is_written", a_text_reads_as_it_is_written },
    { "a_fault_is_told_with_its_line", a_fault_is_told_with_its_line },
    { "damaged_text_is_refused_or_read", damaged_text_is_refused_or_read },
};
CHECK_MAIN(cases)
