/* read/test_call.c - single calls as text, and the graphs that they mean. */
#include "read/call.h"

#include "pysrc/parse.h"

#include "check.h"

/* ---- helpers ---- */

static cvyi_call_texts texts;
static cvyi_arena arena;
static cvyi_call_graph made;
static cvy_error err;

static cvyi_call_text *read_line(const char *line, const char *from)
{
    CHECK_OK(cvyi_call_texts_read(&texts, line, strlen(line), from, &err));
    CHECK_EQ(texts.n, 1);
    return &texts.items[0];
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static void end_graph(void)
{
    cvyi_call_graph_close(&made);
    cvyi_arena_close(&arena);
    arena = (cvyi_arena){ 0 };
}

static void end(void)
{
    end_graph();
    cvyi_call_texts_close(&texts);
}

/* "1x?x3", "W=3x3" */
static cvyi_call_input input_of(const char *text)
{
    static char names[4][16];
    static int n_names;
    const char *const is = strchr(text, '=');
    const char *at = is != NULL ? is + 1 : text;
    cvyi_call_input input = { 0 };

    if (is != NULL) {
        char *const name = names[n_names++ % 4];

        snprintf(name, sizeof names[0], "%.*s", (int)(is - text), text);
        input.name = name;
    }
    for (;; at++) {
        char *stop = (char *)at + 1;

        input.dims[input.rank++] = *at == '?' ? -1 : strtoll(at, &stop, 10);
        at = stop;
        if (*at == '\0')
            return input;
    }
}

static cvy_status open_graph(const cvyi_call_text *text, const char *inputs)
{
    cvyi_call_input list[4];
    char copy[128];
    int n = 0;

    snprintf(copy, sizeof copy, "%s", inputs != NULL ? inputs : "");
    for (char *at = strtok(copy, " "); at != NULL; at = strtok(NULL, " "))
        list[n++] = input_of(at);
    return cvyi_call_graph_open(&made, &arena, text, list, n, &err);
}

/* The text of the graph behind the line of its model. */
static void check_graph(const char *line, const char *wanted)
{
    static const char model[] = "module 0 model \"model\"\n";
    cvyi_text text = { 0 };
    const char *at;

    cvyi_graph_print(&text, made.graph);
    at = strstr(cvyi_text_c(&text), model);
    CHECK(at != NULL);
    at += sizeof model - 1;
    if (strcmp(at, wanted) != 0)
        CHECK_FAIL("%s:\n%s", line, at);
    cvyi_text_close(&text);
}

/* ---- graphs ---- */

typedef struct graph_row {
    const char *line, *from, *inputs, *graph;
} graph_row;

#define LAYER(name) "  module 1 layer \"layer\" class \"" name "\" in 0\n"
#define CONV_OUT  \
    "inputs %0\n" \
    "outputs %1\n"
#define RELU(name)                    \
    LAYER(name)                       \
    "input %0 \"x\" float32 [2, 5]\n" \
    "%1 float32 [2, 5] = pointwise(%0) function=relu axes first in 1\n" CONV_OUT
#define CONV2D                                                         \
    LAYER("Conv2d")                                                    \
    "param p0 \"weight\" weight float32 [16 3 3 3] created 0 "         \
    "trainable\n"                                                      \
    "param p1 \"bias\" bias float32 [16] created 1 trainable\n"        \
    "input %0 \"x\" float32 [N, 3, H, W]\n"                            \
    "%1 float32 [N, 16, H - 2, W - 2] = conv(%0, weight=p0, bias=p1) " \
    "outputs=16 taps=[3 3] axes first in 1\n" CONV_OUT

/* clang-format off */
static const graph_row graphs[] = {
    { "nn.Conv2d(3, 16, 3)", NULL, NULL, CONV2D },
    { "  y = torch.nn.Conv2d(3, out_channels=2 ** 4, kernel_size=(3, 1 + 2))"
      "(x)  # comment", NULL, NULL, CONV2D },
    { "self.conv: nn.Module = Conv2d(3, 16, 3)", NULL, NULL, CONV2D },
    { "return Conv2d(*[3, 16], **{'kernel_size': 3}).eval()(x)", "torch-2.13",
      NULL, CONV2D },
    { "nn.Conv2d(3, 16, 3, stride=2, padding=1)", NULL, "1x3x32x?",
      LAYER("Conv2d")
      "param p0 \"weight\" weight float32 [16 3 3 3] created 0 trainable\n"
      "param p1 \"bias\" bias float32 [16] created 1 trainable\n"
      "input %0 \"x\" float32 [1, 3, 32, W]\n"
      "%1 float32 [1, 16, 16, ceil(W / 2)] = conv(%0, weight=p0, bias=p1) "
      "outputs=16 taps=[3 3] stride=[2 2] border=[1:1 1:1] axes first in 1\n"
      CONV_OUT },
    { "nn.Linear(10, 5, bias=False)", NULL, NULL,
      LAYER("Linear")
      "param p0 \"weight\" weight float32 [5 10] created 0 trainable\n"
      "input %0 \"x\" float32 [N, 10]\n"
      "%1 float32 [N, 5] = dense(%0, weight=p0) units=5 axis=1 axes first "
      "in 1\n" CONV_OUT },
    { "nn.BatchNorm1d(7)", NULL, NULL,
      LAYER("BatchNorm1d")
      "param p0 \"weight\" scale float32 [7] created 0 trainable\n"
      "param p1 \"bias\" shift float32 [7] created 1 trainable\n"
      "param p2 \"running_mean\" mean float32 [7] created 2\n"
      "param p3 \"running_var\" variance float32 [7] created 3\n"
      "input %0 \"x\" float32 [N, 7, L]\n"
      "%1 float32 [N, 7, L] = batch_norm(%0, scale=p0, shift=p1, mean=p2, "
      "variance=p3) eps=1e-05 momentum=0.9 variance=unbiased axes first "
      "in 1\n" CONV_OUT },
    { "F.relu(x)", NULL, "2x5", RELU("relu") },
    { "y = F.relu(input=x)", NULL, "2x5", RELU("relu") },
    { "F.relu(input)", NULL, "input=2x5",
      LAYER("relu") "input %0 \"input\" float32 [2, 5]\n"
      "%1 float32 [2, 5] = pointwise(%0) function=relu axes first in 1\n"
      CONV_OUT },
    /* The input is the first, wherever it stands. */
    { "tf.nn.embedding_lookup(table, ids)", NULL, "table=7x3 ids=2x4",
      LAYER("embedding_lookup")
      "param p0 \"table\" weight float32 [7 3] created 0 trainable\n"
      "input %0 \"ids\" float32 [2, 4]\n"
      "%1 float32 [2, 4, 3] = embedding(%0, weight=p0) entries=7 width=3 "
      "in 1\n" CONV_OUT },
    { "torch.nn.functional.relu(self.x)", NULL, "self.x=2x5",
      LAYER("relu")
      "input %0 \"self.x\" float32 [2, 5]\n"
      "%1 float32 [2, 5] = pointwise(%0) function=relu axes first in 1\n"
      CONV_OUT },
    { "x = x.flatten(1)", NULL, NULL,
      LAYER("flatten")
      "input %0 \"x\" float32 [N, C, H, W]\n"
      "%1 float32 [N, C * H * W] = flatten(%0) axes first in 1\n" CONV_OUT },
    { "torch.cat([b, a], dim=1)", NULL, "a=2x5 b=2x7",
      LAYER("cat")
      "input %0 \"b\" float32 [2, 7]\n"
      "input %1 \"a\" float32 [2, 5]\n"
      "%2 float32 [2, 12] = concat(%0, %1) axis=1 axes first in 1\n"
      "inputs [%0, %1]\n"
      "outputs %2\n" },
    { "torch.add(x, x)", NULL, NULL,
      LAYER("add")
      "input %0 \"x\" float32 [N, C, H, W]\n"
      "%1 float32 [N, C, H, W] = add(%0, %0) axes first in 1\n" CONV_OUT },
    { "layers.Add()([a, b])", "keras3", "2x4x4x3 b=2x3",
      LAYER("Add")
      "input %0 \"a\" float32 [2, 4, 4, 3]\n"
      "input %1 \"b\" float32 [2, 3]\n"
      "%2 float32 [2, 1, 1, 3] = expand(%1) rank=4 in 1 label \"expand\"\n"
      "%3 float32 [2, 4, 4, 3] = add(%0, %2) in 1\n"
      "inputs [%0, %1]\n"
      "outputs %3\n" },
    { "layers.Conv2D(4, 3, input_shape=(8, None, 3), trainable=False, "
      "name='a', kernel_initializer=initializers.HeNormal(1), "
      "kernel_regularizer=keras.regularizers.l2(1e-4), "
      "activation=layers.LeakyReLU(negative_slope=0.1))", "keras3", NULL,
      "  module 1 layer \"layer\" class \"Conv2D\" in 0 frozen\n"
      "param p0 \"kernel\" weight float32 [3 3 3 4] layout "
      "{a b c d -> d c a b} created 0\n"
      "  initialiser {\"module\": \"keras.initializers\", \"class_name\": "
      "\"HeNormal\", \"config\": {\"seed\": 1}, \"registered_name\": null}\n"
      "  regulariser {\"module\": \"keras.regularizers\", \"class_name\": "
      "\"L2\", \"config\": {\"l2\": 0.0001}, \"registered_name\": null}\n"
      "param p1 \"bias\" bias float32 [4] created 1\n"
      "  initialiser \"zeros\"\n"
      "input %0 \"x\" float32 [N, 8, W, 3]\n"
      "%1 float32 [N, 6, W - 2, 4] = conv(%0, weight=p0, bias=p1) outputs=4 "
      "taps=[3 3] axes last in 1\n"
      "%2 float32 [N, 6, W - 2, 4] = pointwise(%1) function=leaky_relu a=0.1 "
      "in 1 label \"activation\" argument\n"
      "inputs %0\n"
      "outputs %2\n" },
    { "tf.keras.layers.DepthwiseConv2D(3, depth_multiplier=2, "
      "use_bias=False, data_format='channels_first', "
      "depthwise_initializer=tf.zeros_initializer())", "tf2", "1x3x?x8",
      LAYER("DepthwiseConv2D")
      "param p0 \"kernel\" weight float32 [3 3 3 2] layout "
      "{a b c d -> (c d) 1 a b} created 0 trainable\n"
      "  initialiser {\"module\": \"keras.initializers\", \"class_name\": "
      "\"Zeros\", \"config\": {}, \"registered_name\": null}\n"
      "input %0 \"x\" float32 [1, 3, H, 8]\n"
      "%1 float32 [1, 6, H - 2, 6] = conv(%0, weight=p0) outputs=6 "
      "taps=[3 3] groups=3 axes first in 1\n" CONV_OUT },
    { "layers.Dense(2, activation=tf.nn.relu)(inputs)", "keras3", "1x4",
      LAYER("Dense")
      "param p0 \"kernel\" weight float32 [4 2] layout {a b -> b a} created "
      "0 trainable\n"
      "  initialiser \"glorot_uniform\"\n"
      "param p1 \"bias\" bias float32 [2] created 1 trainable\n"
      "  initialiser \"zeros\"\n"
      "input %0 \"inputs\" float32 [1, 4]\n"
      "%1 float32 [1, 2] = dense(%0, weight=p0, bias=p1) units=2 axis=1 "
      "in 1\n"
      "%2 float32 [1, 2] = pointwise(%1) function=relu in 1 label "
      "\"activation\" argument\n"
      "inputs %0\n"
      "outputs %2\n" },
    { "layers.Dense(2, use_bias=False, kernel_initializer="
      "tf.compat.v1.random_normal_initializer(dtype=tf.float32))", "keras3",
      "1x4",
      LAYER("Dense")
      "param p0 \"kernel\" weight float32 [4 2] layout {a b -> b a} created "
      "0 trainable\n"
      "  initialiser {\"module\": \"keras.initializers\", \"class_name\": "
      "\"RandomNormal\", \"config\": {\"mean\": 0.0, \"stddev\": 1.0, "
      "\"seed\": null}, \"registered_name\": null}\n"
      "input %0 \"x\" float32 [1, 4]\n"
      "%1 float32 [1, 2] = dense(%0, weight=p0) units=2 axis=1 in 1\n"
      CONV_OUT },
    { "layers.Activation('linear')", "keras3", "1x4",
      LAYER("Activation")
      "input %0 \"x\" float32 [1, 4]\n"
      "%1 float32 [1, 4] = identity(%0) in 1\n" CONV_OUT },
};
/* clang-format on */

static void check_graph_row(const graph_row *row, const cvyi_call_text *text)
{
    if (text->status != CVY_OK)
        CHECK_FAIL("%s: %s", row->line, text->err.text);
    if (open_graph(text, row->inputs) != CVY_OK)
        CHECK_FAIL("%s: %s", row->line, err.text);
    check_graph(row->line, row->graph);
    CHECK_STR(made.graph->dialect, text->dialect);
    CHECK_OK(cvyi_graph_check(made.graph, &err));
    end_graph();
}

/* Rows of one dialect stand together and are read together. */
static void calls_become_graphs_of_one_layer(void)
{
    const size_t n = sizeof graphs / sizeof *graphs;

    for (size_t first = 0, i; first < n; first = i) {
        cvyi_text text = { 0 };

        for (i = first; i < n && same_text(graphs[i].from, graphs[first].from);
             i++)
            cvyi_text_printf(&text, "%s\n", graphs[i].line);
        CHECK_OK(cvyi_call_texts_read(&texts, cvyi_text_c(&text), text.size,
                                      graphs[first].from, &err));
        CHECK_EQ(texts.n, i - first);
        for (int k = 0; k < texts.n; k++)
            check_graph_row(&graphs[first + (size_t)k], &texts.items[k]);
        cvyi_text_close(&text);
        end();
    }
}

static void parameters_hold_zeros(void)
{
    const cvyi_call_text *const text = read_line("nn.Conv2d(3, 4, 3)", NULL);
    const float *data;

    CHECK_EQ(open_graph(text, NULL), CVY_OK);
    CHECK_EQ(made.graph->n_params, 2);
    data = made.graph->params[0].stored.data;
    for (int i = 0; i < 4 * 3 * 9; i++)
        CHECK(data[i] == 0.0f);
    end();
}

static void a_rank_is_guessed_only_where_nothing_says_it(void)
{
    static const struct {
        const char *line, *inputs;
        bool guessed;
    } rows[] = {
        { "nn.ReLU()", NULL, true },
        { "nn.ReLU()", "2x3", false },
        { "nn.MaxPool1d(2)", NULL, false },
        { "nn.Linear(3, 4)", NULL, true },
        { "keras.layers.ReLU(input_shape=(4,))", NULL, false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_call_text *const text = read_line(rows[i].line, NULL);

        CHECK_EQ(open_graph(text, rows[i].inputs), CVY_OK);
        CHECK_EQ(made.guessed, rows[i].guessed);
        end();
    }
}

/* ---- refusals ---- */

typedef struct refusal_row {
    const char *line, *from, *inputs;
    cvyi_refusal_kind kind;
    const char *attribute; /* NULL: any */
    const char *advice;    /* its beginning; NULL: any */
} refusal_row;

static const refusal_row refusals[] = {
    { "nn.Conv2D(3, 16, 3)", NULL, NULL, CVYI_UNKNOWN_CALL, "",
      "did you mean torch.nn.Conv2d?" },
    { "nn.Linaer(3, 16)", NULL, NULL, CVYI_UNKNOWN_CALL, "",
      "did you mean torch.nn.Linear?" },
    { "keras.layers.Conv2d(3, 16)", NULL, NULL, CVYI_UNKNOWN_CALL, "",
      "did you mean keras.layers.Conv2D?" },
    { "tf.nn.quantized_nothing_like_it(x)", NULL, NULL, CVYI_UNKNOWN_CALL, "",
      "`convey ops`" },
    { "os.system('true')", NULL, NULL, CVYI_UNKNOWN_CALL, "", NULL },
    { "nn.ReLU()", "keras3", NULL, CVYI_UNKNOWN_CALL, "",
      "leave --from away" },
    { "Dropout(0.5)", NULL, NULL, CVYI_UNKNOWN_CALL, "",
      "say which is meant" },
    { "nn.Conv2d(3, 16, 3, foo=1)", NULL, NULL, CVYI_ILLEGAL_IN_SOURCE, "foo",
      NULL },
    { "nn.Conv2d(3, 16)", NULL, NULL, CVYI_ILLEGAL_IN_SOURCE, "kernel_size",
      NULL },
    { "nn.Conv2d(3, 16, 3, kernel_size=3)", NULL, NULL, CVYI_ILLEGAL_IN_SOURCE,
      "kernel_size", NULL },
    { "nn.Conv2d(3, 16, 3, stride=1, stride=2)", NULL, NULL,
      CVYI_ILLEGAL_IN_SOURCE, "", NULL },
    { "nn.Conv2d(3, 16 // 0, 3)", NULL, NULL, CVYI_ILLEGAL_IN_SOURCE, "",
      NULL },
    { "nn.ReLU(1, 2, 3, 4)", NULL, NULL, CVYI_ILLEGAL_IN_SOURCE, "", NULL },
    { "nn.Conv2d(4, 6, 3, groups=3)", NULL, NULL, CVYI_ILLEGAL_IN_SOURCE,
      "groups", NULL },
    { "nn.Conv2d(3, 6, 3)", NULL, "1x4x8x8", CVYI_ILLEGAL_IN_SOURCE,
      "in_channels", NULL },
    { "nn.Conv2d(3, 6, 9)", NULL, "1x3x8x8", CVYI_ILLEGAL_IN_SOURCE, NULL,
      NULL },
    { "F.relu(3)", NULL, NULL, CVYI_ILLEGAL_IN_SOURCE, "x", NULL },
    { "F.relu()", NULL, NULL, CVYI_ILLEGAL_IN_SOURCE, "x", NULL },
    { "F.relu(nn.Conv2d(3, 16, 3)(x))", NULL, NULL, CVYI_NOT_SUPPORTED, "",
      "explain each call by itself" },
    { "nn.Sequential(nn.ReLU(), nn.ReLU())", NULL, NULL, CVYI_NOT_SUPPORTED,
      "", "explain each call by itself" },
    { "nn.Conv2d(channels, 16, 3)", NULL, NULL, CVYI_NOT_SUPPORTED,
      "in_channels", "write its value" },
    { "layers.Dense(3, activation=lambda x: x)", NULL, NULL,
      CVYI_NOT_SUPPORTED, "activation", NULL },
    { "layers.Dense(3, dtype='float16')", NULL, NULL, CVYI_NOT_SUPPORTED,
      "dtype", NULL },
    { "layers.Dense(3, kernel_initializer=initializers.HeNormal(2, 3))", NULL,
      NULL, CVYI_ILLEGAL_IN_SOURCE, "", NULL },
    { "layers.Conv2D(16, 3)", NULL, NULL, CVYI_NOT_SUPPORTED, "",
      "say the shape of its input" },
    { "nn.ReLU()(3)", NULL, NULL, CVYI_NOT_SUPPORTED, "", NULL },
    { "x + y", NULL, NULL, CVYI_NOT_SUPPORTED, "", NULL },
    { "x", NULL, NULL, CVYI_NOT_SUPPORTED, "", NULL },
    { "3", NULL, NULL, CVYI_NOT_SUPPORTED, "", NULL },
    { "pass", NULL, NULL, CVYI_NOT_SUPPORTED, "", NULL },
    { "nn.ReLU(); nn.ReLU()", NULL, NULL, CVYI_NOT_SUPPORTED, "", NULL },
    { "nn.Conv2d(10 ** 30, 1, 1)", NULL, NULL, CVYI_NOT_SUPPORTED, "", NULL },
    { "nn.Linear(10 ** 9, 10 ** 9)", NULL, NULL, CVYI_NOT_SUPPORTED, "",
      NULL },
    { "nn.ReLU()", "keras1", NULL, CVYI_NOT_SUPPORTED, "", "--from keras2" },
};

static void check_refusal_row(const refusal_row *row,
                              const cvyi_call_text *text)
{
    const cvyi_refusal *const refusal = &made.phrase.refusal;

    if (open_graph(text, row->inputs) != CVY_UNSUPPORTED)
        CHECK_FAIL("%s: not refused", row->line);
    if (refusal->kind != row->kind ||
        (row->attribute != NULL &&
         strcmp(refusal->attribute, row->attribute) != 0) ||
        (row->advice != NULL &&
         strncmp(refusal->advice, row->advice, strlen(row->advice)) != 0))
        CHECK_FAIL("%s: %d %s: %s; %s", row->line, (int)refusal->kind,
                   refusal->attribute, refusal->reason, refusal->advice);
    CHECK(*refusal->reason != '\0' && *refusal->advice != '\0');
    CHECK_STR(err.text, refusal->reason);
    CHECK(made.graph == NULL);
    end_graph();
}

static void what_cannot_be_read_is_refused_by_name(void)
{
    const size_t n = sizeof refusals / sizeof *refusals;

    for (size_t first = 0, i; first < n; first = i) {
        cvyi_text text = { 0 };

        for (i = first;
             i < n && same_text(refusals[i].from, refusals[first].from); i++)
            cvyi_text_printf(&text, "%s\n", refusals[i].line);
        CHECK_OK(cvyi_call_texts_read(&texts, cvyi_text_c(&text), text.size,
                                      refusals[first].from, &err));
        CHECK_EQ(texts.n, i - first);
        for (int k = 0; k < texts.n; k++)
            check_refusal_row(&refusals[first + (size_t)k], &texts.items[k]);
        cvyi_text_close(&text);
        end();
    }
}

static void inputs_must_be_of_the_call(void)
{
    static const char *const bad[] = { "y=1x3", "0x3", "1x2x3x4x5x6x7x8" };
    const cvyi_call_text *const text = read_line("nn.ReLU()", NULL);

    CHECK_EQ(open_graph(text, bad[0]), CVY_ARGUMENT);
    CHECK_EQ(open_graph(text, bad[1]), CVY_ARGUMENT);
    CHECK_EQ(open_graph(text, bad[2]), CVY_OK);
    end();
}

static void any_allocation_may_be_refused(void)
{
    static const char line[] =
        "layers.Conv2D(4, 3, input_shape=(8, 8, 3), "
        "kernel_initializer=initializers.HeNormal(1), activation='relu')";
    cvy_status status = CVY_MEMORY;
    int failures = 0;

    CHECK(cvyi_py_available());
    for (size_t n = 1; status != CVY_OK; n++) {
        cvyi_alloc_refuse(n);
        status =
            cvyi_call_texts_read(&texts, line, sizeof line - 1, NULL, &err);
        if (status == CVY_OK)
            status = open_graph(&texts.items[0], NULL);
        cvyi_alloc_refuse(0);
        if (status != CVY_OK)
            CHECK_EQ(status, CVY_MEMORY);
        failures += status != CVY_OK;
        end();
        /* A child is started for each: not every one of them. */
        n += n / 3;
    }
    CHECK(failures > 5);
}

static const check_case cases[] = {
    { "calls become graphs of one layer", calls_become_graphs_of_one_layer },
    { "parameters hold zeros", parameters_hold_zeros },
    { "a rank is guessed only where nothing says it",
      a_rank_is_guessed_only_where_nothing_says_it },
    { "what cannot be read is refused by name",
      what_cannot_be_read_is_refused_by_name },
    { "inputs must be of the call", inputs_must_be_of_the_call },
    { "any allocation may be refused", any_allocation_may_be_refused },
};

CHECK_MAIN(cases)
