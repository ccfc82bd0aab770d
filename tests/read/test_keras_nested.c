/*
 * read/test_keras_nested.c - models made of models, and layers that are called
 * more than once.
 *
 * The files, and in nested.txt what Keras computes with them, are Keras' own
 * (data/make.py). The graphs in data/NAME.graph are checked by hand.
 */
#include "read/read.h"
#include "run/run.h"

#include "base/text.h"
#include "tensor/tensor.h"

#include "check.h"

#include <math.h>

#define DATA CVYT_DATA "/read/data/"
#define REJECT CVYT_DATA "/reject/keras/"

static const char *const models[] = { "nested", "shared", "structures",
                                      "towers", "fork",   "over_time" };

enum { N_MODELS = sizeof models / sizeof *models };

typedef struct opened {
    cvyi_source source;
    cvyi_findings findings;
    cvy_error err;
    const cvyi_graph *graph;
} opened;

static opened open_path(const char *folder, const char *file, bool part)
{
    opened o = { 0 };
    char path[512];
    cvy_status status;

    snprintf(path, sizeof path, "%s%s.keras", folder, file);
    status = (part ? cvyi_source_open_part : cvyi_source_open)(
        &o.source, path, NULL, &o.findings, &o.err);
    if (status != CVY_OK)
        CHECK_FAIL("%s: %s: %s", file, o.err.where, o.err.text);
    o.graph = o.source.graph;
    return o;
}

static void close_all(opened *o)
{
    cvyi_source_close(&o->source);
    cvyi_findings_close(&o->findings);
}

/* ---- the graph ---- */

/* The text without how parameters were first made. */
static void print_plainly(cvyi_text *out, const cvyi_graph *graph)
{
    cvyi_text all = { 0 };
    const char *line;

    cvyi_graph_print(&all, graph);
    for (line = cvyi_text_c(&all); *line != '\0';) {
        const size_t n = strcspn(line, "\n") + 1;

        if (strncmp(line, "  initialiser", 13) != 0)
            cvyi_text_add(out, line, n);
        line += n;
    }
    cvyi_text_close(&all);
}

static void a_file_is_the_graph_it_says(void)
{
    for (int i = 0; i < N_MODELS; i++) {
        opened o = open_path(DATA, models[i], false);
        char path[512], want[16384] = "";
        cvyi_text text = { 0 };
        FILE *file;
        size_t n;

        snprintf(path, sizeof path, DATA "%s.graph", models[i]);
        file = fopen(path, "r");
        CHECK(file != NULL);
        n = fread(want, 1, sizeof want - 1, file);
        fclose(file);
        want[n] = '\0';
        print_plainly(&text, o.graph);
        CHECK_STR(cvyi_text_c(&text), want);
        cvyi_text_close(&text);
        close_all(&o);
    }
}

/* A graph's text says all of it: it reads back to the same text. */
static void visits_survive_the_text(void)
{
    for (int i = 0; i < N_MODELS; i++) {
        opened o = open_path(DATA, models[i], false);
        cvyi_text a = { 0 }, b = { 0 };
        cvyi_graph *back = NULL;
        cvy_error err = { 0 };

        cvyi_graph_print(&a, o.graph);
        CHECK_OK(cvyi_graph_parse(&back, cvyi_text_c(&a), a.size, &err));
        cvyi_graph_print(&b, back);
        CHECK_STR(cvyi_text_c(&b), cvyi_text_c(&a));
        CHECK_EQ(back->n_visits, o.graph->n_visits);
        cvyi_graph_close(back);
        cvyi_text_close(&a);
        cvyi_text_close(&b);
        close_all(&o);
    }
}

static void every_call_of_a_layer_has_its_parameters(void)
{
    for (int m = 0; m < N_MODELS; m++) {
        opened o = open_path(DATA, models[m], false);
        const cvyi_graph *const g = o.graph;

        for (int i = 0; i < g->n_calls; i++) {
            const int twin = cvyi_graph_twin(g, i, i + 1);

            for (int s = 0; twin >= 0 && s < CVYI_MAX_SLOTS; s++)
                CHECK_EQ(g->calls[i].params[s], g->calls[twin].params[s]);
        }
        for (int p = 0; p < g->n_params; p++)
            for (int q = 0; q < p; q++)
                CHECK(strcmp(g->params[p].name, g->params[q].name) != 0);
        close_all(&o);
    }
}

static void a_call_with_training_off_is_said_once_of_its_model(void)
{
    opened o = open_path(DATA, "nested", false);

    CHECK_EQ(o.findings.n, 1);
    CHECK_STR(o.findings.items[0].layer, "encoder");
    CHECK(strstr(o.findings.items[0].text, "training=False") != NULL);
    close_all(&o);
}

/* ---- what it computes ---- */

/* The same ramp as in make.py. */
static void fill(const cvy_view *view, int input)
{
    float *const x = view->data;

    for (int64_t i = 0; i < cvy_view_count(view); i++)
        x[i] = (float)((i * 7 + 3 * input) % 11 - 5) / 8;
}

static double weighed(const cvy_view *view, int64_t *n)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    double sum = 0;

    *n = 0;
    do
        sum += cvyi_at(view, at) * (double)(1 + (*n)++ % 13);
    while (cvyi_next(view->rank, view->dims, at));
    return sum;
}

/* One line of nested.txt. */
static void compare(const cvyi_graph *g, const cvy_view *results, FILE *facts)
{
    int outs[16], n = cvyi_tree_leaves(&g->output_tree, outs, 16);

    for (int i = 0; i < n; i++) {
        char model[64];
        long long elements;
        int64_t have;
        double want, sum;
        int at;

        CHECK_EQ(fscanf(facts, "%63s %d %lld %lf", model, &at, &elements,
                        &want),
                 4);
        CHECK_STR(model, g->name);
        CHECK_EQ(at, i);
        sum = weighed(&results[outs[i]], &have);
        CHECK_EQ(have, elements);
        if (fabs(sum - want) > 1e-5 * (1 + fabs(want)))
            CHECK_FAIL("%s, output %d: %.9g, Keras has %.9g", model, i, sum,
                       want);
    }
}

static void the_engine_computes_what_keras_does(void)
{
    static const char *const names[] = { "N" };
    static const int64_t values[] = { 1 };
    const cvyi_symbols symbols = { 1, names, values };
    FILE *const facts = fopen(DATA "nested.txt", "r");

    CHECK(facts != NULL);
    CHECK_EQ(fscanf(facts, "%*[^\n]"), 0);
    for (int m = 0; m < N_MODELS; m++) {
        opened o = open_path(DATA, models[m], false);
        const cvyi_graph *const g = o.graph;
        cvy_error err = { 0 };
        cvy_view *const results =
            cvyi_alloc((size_t)g->n_results, sizeof *results);

        for (int i = 0; i < g->n_inputs; i++) {
            const cvyi_type *const type = &g->results[g->inputs[i]].type;
            int64_t dims[CVY_MAX_RANK];

            CHECK_OK(cvyi_run_dims(dims, type, &symbols, &err));
            CHECK_OK(cvyi_tensor_open(&results[g->inputs[i]], CVY_F32,
                                      type->rank, dims, &err));
            fill(&results[g->inputs[i]], i);
        }
        CHECK_OK(cvyi_run_graph(results, g, &symbols, true, &err));
        compare(g, results, facts);
        cvyi_run_close(results, g);
        for (int i = 0; i < g->n_inputs; i++)
            cvyi_tensor_close(&results[g->inputs[i]]);
        cvyi_free(results);
        close_all(&o);
    }
    fclose(facts);
}

/* ---- what is refused ---- */

static void refusals_inside_name_their_path_once(void)
{
    static const struct {
        const char *layer, *where;
    } want[] = {
        { "encoder.on", "config.json: layers[2].layers[3]" },
        { "head.inner", "config.json: layers[4].layers[2]" },
        { "head.inner.conv", "config.json: layers[4].layers[2].layers[1]" },
    };
    opened o = open_path(REJECT, "inner_refusals", true);
    int n = 0;

    CHECK(o.source.part);
    for (int i = 0; i < o.findings.n; i++) {
        const cvyi_finding *const f = &o.findings.items[i];

        if (!f->refusal)
            continue;
        CHECK(n < 3);
        CHECK_STR(f->layer, want[n].layer);
        CHECK_STR(f->where, want[n].where);
        n++;
    }
    CHECK_EQ(n, 3);
    close_all(&o);
}

static void a_part_with_visits_obeys_the_laws(void)
{
    static const char *const files[] = { "inner_refusals", "inner_rank",
                                         "inner_structure" };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        opened o = open_path(REJECT, files[i], true);
        cvy_error err = { 0 };

        CHECK(o.source.part);
        CHECK_OK(cvyi_graph_check(o.graph, &err));
        CHECK(o.graph->n_visits > 1);
        for (int m = 0; m < o.graph->n_modules; m++)
            CHECK(o.graph->modules[m].kind != CVYI_MODULE_SEQUENTIAL);
        close_all(&o);
    }
}

/* ---- memory ---- */

static bool read_with_refusal(const char *folder, const char *file, size_t n)
{
    cvyi_source source = { 0 };
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };
    char path[512];
    cvy_status status;

    snprintf(path, sizeof path, "%s%s.keras", folder, file);
    cvyi_alloc_refuse(n);
    status = cvyi_source_open_part(&source, path, NULL, &findings, &err);
    cvyi_alloc_refuse(0);
    if (status != CVY_MEMORY && status != CVY_OK)
        CHECK_FAIL("allocation %zu of %s: status %d: %s", n, file, status,
                   err.text);
    cvyi_source_close(&source);
    cvyi_findings_close(&findings);
    return status == CVY_MEMORY;
}

static void any_allocation_may_be_refused(void)
{
    size_t n;

    for (n = 1; read_with_refusal(DATA, "nested", n);)
        n++;
    CHECK(n > 5);
    for (n = 1; read_with_refusal(DATA, "structures", n);)
        n++;
    for (n = 1; read_with_refusal(REJECT, "inner_refusals", n);)
        n++;
}

static const check_case cases[] = {
    { "a_file_is_the_graph_it_says", a_file_is_the_graph_it_says },
    { "visits_survive_the_text", visits_survive_the_text },
    { "every_call_of_a_layer_has_its_parameters",
      every_call_of_a_layer_has_its_parameters },
    { "a_call_with_training_off_is_said_once_of_its_model",
      a_call_with_training_off_is_said_once_of_its_model },
    { "the_engine_computes_what_keras_does",
      the_engine_computes_what_keras_does },
    { "refusals_inside_name_their_path_once",
      refusals_inside_name_their_path_once },
    { "a_part_with_visits_obeys_the_laws", a_part_with_visits_obeys_the_laws },
    { "any_allocation_may_be_refused", any_allocation_may_be_refused },
};
CHECK_MAIN(cases)
