/*
 * read/test_keras.c - real files that must be read, and damaged or unreadable
 * ones that must not be.
 *
 * The good files and the bits in params.txt are Keras' own (data/make.py).
 */
#include "read/read.h"

#include "base/text.h"
#include "tensor/tensor.h"

#include "check.h"
#include "read/expected.h"

#include <dirent.h>

#define DATA CVYT_DATA "/read/data/"
#define REJECT CVYT_DATA "/reject/keras/"

/* ---- good files ---- */

/* Everything from the first input on, of the graph's text form. */
static const struct {
    const char *file, *text;
} graphs[] = {
    /* clang-format off */
    { "sequence",
      "input %0 \"series\" float32 [N, L, 3]\n"
      "%1 float32 [N, L, 4] = conv(%0, weight=p0, bias=p1) outputs=4 "
      "taps=[3] border=causal axes last in 1\n"
      "%2 float32 [N, L, 4] = pointwise(%1) function=relu in 1 "
      "label \"activation\" argument\n"
      "%3 float32 [N, L // 2, 4] = pool(%2) kind=max taps=[2] stride=[2] "
      "axes last in 2\n"
      "%4 float32 [N, L // 2 - 4, 2] = conv(%3, weight=p2) outputs=2 "
      "taps=[3] dilation=[2] axes last in 3\n"
      "%5 float32 [N, 2] = global_pool(%4) kind=average axes last in 4\n"
      "%6 float32 [N, 2] = dropout(%5) rate=0.25 in 5\n"
      "%7 float32 [N, 2] = dense(%6, weight=p3, bias=p4) units=2 axis=1 "
      "in 6\n"
      "%8 float32 [N, 2] = softmax(%7) axis=1 in 6 label \"activation\" "
      "argument\n"
      "inputs %0\n"
      "outputs %8\n" },
    { "branches",
      "input %0 \"image\" float32 [N, H, W, 3]\n"
      "%1 float32 [N, ceil(H / 2), ceil(W / 2), 4] = conv(%0, weight=p0) "
      "outputs=4 taps=[3 3] stride=[2 2] border=same axes last in 1\n"
      "%2 float32 [N, ceil(H / 2), ceil(W / 2), 4] = batch_norm(%1, "
      "scale=p1, shift=p2, mean=p3, variance=p4) axes last in 2\n"
      "%3 float32 [N, ceil(H / 2), ceil(W / 2), 4] = pointwise(%2) "
      "function=clip b=6.0 in 3\n"
      "%4 float32 [N, ceil(H / 2), ceil(W / 2), 4] = conv(%3, weight=p5, "
      "bias=p6) outputs=4 taps=[3 3] groups=4 border=same axes last in 4\n"
      "%5 float32 [N, ceil(H / 2), ceil(W / 2), 4] = batch_norm(%4, "
      "shift=p7, mean=p8, variance=p9) axes last in 5\n"
      "%6 float32 [N, ceil(H / 2), ceil(W / 2), 4] = add(%3, %5) in 6\n"
      "%7 float32 [N, ceil(H / 2), ceil(W / 2), 2] = conv(%3, weight=p10, "
      "bias=p11) outputs=2 taps=[1 1] axes last in 7\n"
      "%8 float32 [N, ceil(H / 2), ceil(W / 2), 2] = pointwise(%7) "
      "function=silu in 7 label \"activation\" argument\n"
      "%9 float32 [N, ceil(H / 2), ceil(W / 2), 6] = concat(%6, %8) axis=3 "
      "in 8\n"
      "%10 float32 [N, 6] = global_pool(%9) kind=max axes last in 9\n"
      "%11 float32 [N, 3] = dense(%10, weight=p12, bias=p13) units=3 axis=1 "
      "in 10\n"
      "inputs %0\n"
      "outputs %11\n" },
    { "two_by_two",
      "input %0 \"right\" float32 [N, 4]\n"
      "input %1 \"left\" float32 [N, 8, 6, 2]\n"
      "%2 float32 [N, 8, 6, 4] = conv(%1, weight=p0, bias=p1) outputs=4 "
      "taps=[3 1] border=same axes last in 1\n"
      "%3 float32 [N, 4] = global_pool(%2) kind=average axes last in 2\n"
      "%4 float32 [N, 4] = dense(%0, weight=p2, bias=p3) units=4 axis=1 "
      "in 3\n"
      "%5 float32 [N, 4] = add(%3, %4) in 4\n"
      "%6 float32 [N, 4] = multiply(%3, %5) in 5\n"
      "inputs {\"b\": %0, \"a\": %1}\n"
      "outputs {\"sum\": %5, \"all\": [%6, %4]}\n" },
    { "ranks",
      "input %0 \"image\" float32 [N, 8, 9, 3]\n"
      "input %1 \"series\" float32 [N, 9, 3]\n"
      "input %2 \"features\" float32 [N, 3]\n"
      "input %3 \"number\" float32 [N]\n"
      "%4 float32 [N, 1, 1, 1] = expand(%3) rank=4 in 1 label \"expand\"\n"
      "%5 float32 [N, 1, 9, 3] = expand(%1) rank=4 in 1 label \"expand\"\n"
      "%6 float32 [N, 8, 9, 3] = add(%4, %0, %5) in 1\n"
      "%7 float32 [N, 1, 1, 3] = expand(%2) rank=4 in 2 label \"expand\"\n"
      "%8 float32 [N, 8, 9, 3] = multiply(%6, %7) in 2\n"
      "inputs [%0, %1, %2, %3]\n"
      "outputs %8\n" },
    { "norms",
      "input %0 \"input_layer\" float32 [N, 4, 4, 2]\n"
      "%1 float32 [N, 4, 4, 2] = rescale(%0) scale=[0.00392156862745098] "
      "offset=[-0.5] in 1\n"
      "%2 float32 [N, 4, 4, 2] = normalize(%1) axes=[0 0 0 1] "
      "mean=[1.0 2.0] variance=[4.0 9.0] in 2\n"
      "%3 float32 [N, 4, 4, 2] = normalize(%2, mean=p0, variance=p1) "
      "axes=[0 0 0 1] in 3\n"
      "%4 float32 [N, 2, 2, 3] = conv(%3, weight=p2, bias=p3) outputs=3 "
      "taps=[3 3] axes last in 4\n"
      "%5 float32 [N, 2, 2, 3] = pointwise(%4) function=leaky_relu a=0.25 "
      "in 4 label \"activation\" argument\n"
      "%6 float32 [N, 2, 2, 2] = conv(%5, weight=p4, bias=p5) outputs=2 "
      "taps=[1 1] axes last in 5\n"
      "%7 float32 [N, 2, 2, 2] = pointwise(%6) function=elu a=1.0 in 5 "
      "label \"activation\" argument\n"
      "%8 float32 [N, 2, 2, 2] = prelu(%7, weight=p6) axes last in 6\n"
      "%9 float32 [N, 2, 2, 2] = identity(%8) in 7\n"
      "%10 float32 [N, 8] = flatten(%9) in 8\n"
      "inputs %0\n"
      "outputs %10\n" },
    { "volume",
      "input %0 \"volume\" float32 [2, 6, H, 4, 2]\n"
      "%1 float32 [2, 6, H, 4, 3] = conv(%0, weight=p0, bias=p1) outputs=3 "
      "taps=[3 2 1] border=same axes last in 1\n"
      "%2 float32 [2, 3, ceil(H / 2), 2, 3] = pool(%1) kind=max "
      "taps=[2 2 2] stride=[2 2 2] border=same axes last in 2\n"
      "%3 float32 [2, 3, ceil(H / 2), 2, 3] = pointwise(%2) function=gelu "
      "in 3\n"
      "%4 float32 [2, 3] = global_pool(%3) kind=average axes last in 4\n"
      "inputs %0\n"
      "outputs %4\n" },
    { "siblings",
      "input %0 \"input_layer\" float32 [N, H, W, 2]\n"
      "input %1 \"input_layer_1\" float32 [N, H, W, 2]\n"
      "%2 float32 [N, H, W, 2] = add(%0, %1) in 1\n"
      "inputs [%0, %1]\n"
      "outputs %2\n" },
    { "halves",
      "input %0 \"words\" int32 [N, 6]\n"
      "%1 bfloat16 [N, 6, 3] = embedding(%0, weight=p0) entries=5 width=3 "
      "in 1\n"
      "%2 bfloat16 [N, 3] = global_pool(%1) kind=max axes last in 2\n"
      "%3 float32 [N, 3] = cast(%2) dtype=float32 in 3 label \"cast\"\n"
      "%4 float32 [N, 2] = dense(%3, weight=p1, bias=p2) units=2 axis=1 "
      "in 3\n"
      "inputs %0\n"
      "outputs %4\n" },
    { "mixed",
      "input %0 \"image\" uint8 [N, 4, 4, 2]\n"
      "%1 float16 [N, 4, 4, 2] = cast(%0) dtype=float16 in 1 label "
      "\"cast\"\n"
      "%2 float16 [N, 4, 4, 2] = rescale(%1) scale=[0.5] offset=[0.0] in 1\n"
      "%3 float16 [N, 3, 3, 3] = conv(%2, weight=p0, bias=p1) outputs=3 "
      "taps=[2 2] axes last in 2\n"
      "%4 float16 [N, 3, 3, 3] = pointwise(%3) function=relu in 2 label "
      "\"activation\" argument\n"
      "%5 float16 [N, 3, 3, 3] = rescale(%4) scale=[0.5] offset=[0.0] in 3\n"
      "%6 float32 [N, 3, 3, 3] = cast(%4) dtype=float32 in 4 label "
      "\"cast\"\n"
      "%7 float32 [N, 3, 3, 3] = conv(%6, weight=p2, bias=p3) outputs=3 "
      "taps=[1 1] axes last in 4\n"
      "%8 float32 [N, 3, 3, 3] = cast(%5) dtype=float32 in 5 label "
      "\"cast\"\n"
      "%9 float32 [N, 3, 3, 3] = add(%8, %7) in 5\n"
      "%10 float16 [N, 3, 3, 3] = cast(%9) dtype=float16 in 6 label "
      "\"cast\"\n"
      "%11 float16 [N, 27] = flatten(%10) in 6\n"
      "inputs %0\n"
      "outputs %11\n" },
    /* clang-format on */
};

typedef struct opened {
    cvyi_source source;
    cvyi_findings findings;
    cvy_error err;
    cvy_status status;
} opened;

static opened open_path(const char *folder, const char *file,
                        const char *ending)
{
    opened o = { 0 };
    char path[512];

    snprintf(path, sizeof path, "%s%s%s", folder, file, ending);
    o.status = cvyi_source_open(&o.source, path, NULL, &o.findings, &o.err);
    return o;
}

static opened open_good(const char *file)
{
    opened o = open_path(DATA, file, ".keras");

    if (o.status != CVY_OK)
        CHECK_FAIL("%s: %s: %s", file, o.err.where, o.err.text);
    return o;
}

static void close_all(opened *o)
{
    cvyi_source_close(&o->source);
    cvyi_findings_close(&o->findings);
}

static void a_file_is_the_graph_it_says(void)
{
    for (size_t i = 0; i < sizeof graphs / sizeof *graphs; i++) {
        opened o = open_good(graphs[i].file);
        cvyi_text text = { 0 };

        cvyi_graph_print(&text, o.source.graph);
        const char *const from = strstr(cvyi_text_c(&text), "\ninput ");

        CHECK(from != NULL);
        CHECK_STR(from + 1, graphs[i].text);
        CHECK_STR(o.source.graph->name, graphs[i].file);
        CHECK_STR(o.source.graph->dialect, "keras3");
        CHECK_STR(o.source.graph->version, "3.15.1");
        cvyi_text_close(&text);
        close_all(&o);
    }
}

/* channels_first keeps its order; what flatten does there is its own. */
static void channels_first_is_read_as_such(void)
{
    opened o = open_good("first");
    const cvyi_graph *const g = o.source.graph;

    CHECK_STR(g->calls[1].attrs.op->name, "conv");
    CHECK_EQ(g->calls[1].axes, CVYI_AXES_FIRST);
    CHECK_STR(g->calls[2].attrs.op->name, "batch_norm");
    CHECK_EQ(g->calls[2].axes, CVYI_AXES_FIRST);
    CHECK_EQ(g->calls[2].params[1], -1); /* center=False: no shift */
    close_all(&o);
}

static void older_spellings_are_the_same_model(void)
{
    opened now = open_good("branches"), old = open_good("old_spelling");
    cvyi_text a = { 0 }, b = { 0 };

    CHECK_STR(old.source.graph->version, "3.0.5");
    old.source.graph->version = now.source.graph->version;
    old.source.graph->name = now.source.graph->name;
    cvyi_graph_print(&a, now.source.graph);
    cvyi_graph_print(&b, old.source.graph);
    CHECK_STR(cvyi_text_c(&a), cvyi_text_c(&b));
    cvyi_text_close(&a);
    cvyi_text_close(&b);
    close_all(&now);
    close_all(&old);
}

static uint32_t bits_at(const cvy_view *view, bool last)
{
    int64_t indices[CVY_MAX_RANK] = { 0 };
    uint32_t bits;
    float value;

    for (int i = 0; last && i < view->rank; i++)
        indices[i] = view->dims[i] - 1;
    value = (float)cvyi_at(view, indices);
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* params.txt lists a model's variables in the order of layer.weights, with the
 * model's name in front in a Sequential. */
static void parameters_have_the_names_and_bits_of_keras(void)
{
    FILE *const file = fopen(DATA "params.txt", "r");
    char line[256], model[64], path[128], loaded[64] = "";
    unsigned first, last;
    opened o = { 0 };
    int n = 0, n_seen = 0;

    CHECK(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%63s %127s %x %x", model, path, &first, &last) != 4)
            continue;
        if (strcmp(model, loaded) != 0) {
            CHECK_EQ(n, o.source.graph == NULL ? 0 : o.source.graph->n_params);
            close_all(&o);
            o = open_good(model);
            strcpy(loaded, model);
            n = 0;
        }

        const cvyi_param *const p = &o.source.graph->params[n];
        /* adapt() builds a layer before its Sequential can name it; files do
         * not tell. */
        const bool built_before = strncmp(path, "adapted/", 8) == 0;

        CHECK(n < o.source.graph->n_params);
        CHECK_STR(p->name + (built_before ? strlen("norms/") : 0), path);
        CHECK_EQ(p->created, n);
        CHECK_EQ(bits_at(&p->stored, false), first);
        CHECK_EQ(bits_at(&p->stored, true), last);
        n++;
        n_seen++;
    }
    CHECK_EQ(n, o.source.graph->n_params);
    CHECK(n_seen > 30);
    close_all(&o);
    fclose(file);
}

static void frozen_layers_and_statistics_do_not_train(void)
{
    opened o = open_good("branches");
    const cvyi_graph *const g = o.source.graph;

    for (int i = 0; i < g->n_params; i++) {
        const char *const name = g->params[i].name;
        const bool still = strstr(name, "moving") != NULL ||
                           strncmp(name, "batch_norm", 10) == 0;

        CHECK_EQ(g->params[i].trainable, !still);
    }
    for (int i = 0; i < g->n_modules; i++)
        CHECK_EQ(g->modules[i].frozen,
                 strcmp(g->modules[i].name, "batch_normalization") == 0);
    close_all(&o);
}

static void what_differs_in_training_is_remarked(void)
{
    static const struct {
        const char *file, *word;
    } rows[] = { { "branches", "training=False" },
                 { "volume", "batch size is fixed" },
                 { "siblings", "taken to be equal" } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        opened o = open_good(rows[i].file);
        bool found = false;

        for (int j = 0; j < o.findings.n; j++) {
            CHECK(!o.findings.items[j].refusal);
            found = found ||
                    strstr(o.findings.items[j].text, rows[i].word) != NULL;
        }
        CHECK(found);
        close_all(&o);
    }
}

static void a_compiled_model_keeps_its_training(void)
{
    opened o = open_good("sequence"), bare = open_good("volume");

    CHECK(cvyi_is_text(cvyi_get(o.source.graph->training, "loss"),
                       "sparse_categorical_crossentropy"));
    CHECK(bare.source.graph->training == NULL);
    close_all(&o);
    close_all(&bare);
}

/* ---- bad files ---- */

static void check_refused(const char *file, const char *status, int refusals,
                          const char *words)
{
    opened o = open_path(REJECT, file, "");
    const cvy_status wanted =
        strcmp(status, "format") == 0 ? CVY_FORMAT : CVY_UNSUPPORTED;

    if (o.status != wanted || o.err.status != wanted)
        CHECK_FAIL("%s: status %d: %s", file, o.status, o.err.text);
    if (strstr(o.err.text, words) == NULL)
        CHECK_FAIL("%s: \"%s\" lacks \"%s\"", file, o.err.text, words);
    if (o.findings.n_refusals != refusals)
        CHECK_FAIL("%s: %d refusals", file, o.findings.n_refusals);
    for (int i = 0; i < o.findings.n; i++) {
        const cvyi_finding *const f = &o.findings.items[i];

        if (f->refusal && (*f->text == '\0' || *f->advice == '\0'))
            CHECK_FAIL("%s: a refusal without reason or advice", file);
    }
    CHECK(o.source.graph == NULL);
    close_all(&o);
}

static int files_to_refuse(void)
{
    DIR *const folder = opendir(REJECT);
    const struct dirent *entry;
    int n = 0;

    CHECK(folder != NULL);
    while ((entry = readdir(folder)) != NULL)
        n += entry->d_name[0] != '.' && strcmp(entry->d_name, "make.py") &&
             strcmp(entry->d_name, "make") &&
             strcmp(entry->d_name, "expected.txt");
    closedir(folder);
    return n;
}

static void every_bad_file_is_refused_as_expected(void)
{
    CHECK_EQ(check_listed(REJECT "expected.txt", check_refused),
             files_to_refuse());
}

static const cvyi_finding *refusal_of(const opened *o, const char *layer,
                                      const char *attribute)
{
    for (int i = 0; i < o->findings.n; i++)
        if (strcmp(o->findings.items[i].layer, layer) == 0 &&
            strcmp(o->findings.items[i].attribute, attribute) == 0)
            return &o->findings.items[i];
    CHECK_FAIL("no refusal of %s for %s", layer, attribute);
    return NULL;
}

static void all_refusals_come_in_one_run(void)
{
    opened o = open_path(REJECT, "six_refusals", ".keras");

    CHECK_STR(refusal_of(&o, "conv2d", "dtype")->kind, "unsupported");
    CHECK_STR(refusal_of(&o, "conv2d", "padding")->kind, "illegal_in_source");
    CHECK_STR(refusal_of(&o, "mix", "")->kind, "unknown_call");
    CHECK_STR(refusal_of(&o, "sum", "")->kind, "unknown_call");
    CHECK_STR(refusal_of(&o, "multiply", "wings")->kind, "unsupported");
    CHECK_STR(refusal_of(&o, "multiply", "wings")->where,
              "config.json: layers[6]");
    CHECK(strstr(o.err.text, "first of 6") != NULL);
    close_all(&o);
}

static void a_missing_file_is_the_systems_fault(void)
{
    opened o = open_path(DATA, "nothing_here", ".keras");

    CHECK_EQ(o.status, CVY_IO);
    CHECK(strstr(o.err.text, "nothing_here") != NULL ||
          strstr(o.err.where, "nothing_here") != NULL);
    close_all(&o);
}

static void a_name_is_made_plain(void)
{
    opened o = { 0 };

    o.status = cvyi_source_open(&o.source, DATA "volume.keras", "my net-2",
                                &o.findings, &o.err);
    CHECK_EQ(o.status, CVY_OK);
    CHECK_STR(o.source.graph->name, "my_net_2");
    close_all(&o);
}

/* ---- memory ---- */

static bool read_with_refusal(const char *folder, const char *file, size_t n,
                              cvy_status wanted)
{
    opened o = { 0 };
    char path[512];

    snprintf(path, sizeof path, "%s%s.keras", folder, file);
    cvyi_alloc_refuse(n);
    o.status = cvyi_source_open(&o.source, path, NULL, &o.findings, &o.err);
    cvyi_alloc_refuse(0);
    if (o.status != CVY_MEMORY && o.status != wanted)
        CHECK_FAIL("allocation %zu of %s: status %d: %s", n, file, o.status,
                   o.err.text);

    const bool memory = o.status == CVY_MEMORY;

    close_all(&o);
    return memory;
}

static void any_allocation_may_be_refused(void)
{
    size_t n = 1;

    while (read_with_refusal(DATA, "siblings", n, CVY_OK))
        n++;
    CHECK(n > 5);
    for (n = 1; read_with_refusal(DATA, "norms", n, CVY_OK);)
        n++;
    for (n = 1; read_with_refusal(DATA, "ranks", n, CVY_OK);)
        n++;
    for (n = 1; read_with_refusal(REJECT, "six_refusals", n, CVY_UNSUPPORTED);)
        n++;
}

static const check_case cases[] = {
    { "a_file_is_the_graph_it_says", a_file_is_the_graph_it_says },
    { "channels_first_is_read_as_such", channels_first_is_read_as_such },
    { "older_spellings_are_the_same_model",
      older_spellings_are_the_same_model },
    { "parameters_have_the_names_and_bits_of_keras",
      parameters_have_the_names_and_bits_of_keras },
    { "frozen_layers_and_statistics_do_not_train",
      frozen_layers_and_statistics_do_not_train },
    { "what_differs_in_training_is_remarked",
      what_differs_in_training_is_remarked },
    { "a_compiled_model_keeps_its_training",
      a_compiled_model_keeps_its_training },
    { "every_bad_file_is_refused_as_expected",
      every_bad_file_is_refused_as_expected },
    { "all_refusals_come_in_one_run", all_refusals_come_in_one_run },
    { "a_missing_file_is_the_systems_fault",
      a_missing_file_is_the_systems_fault },
    { "a_name_is_made_plain", a_name_is_made_plain },
    { "any_allocation_may_be_refused", any_allocation_may_be_refused },
};
CHECK_MAIN(cases)
