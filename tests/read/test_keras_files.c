/*
 * read/test_keras_files.c - files that real versions of Keras have written,
 * computed by the engine, beside what that Keras computed.
 *
 * data/versions holds VERSION-MODEL.FORM with VERSION-MODEL.npz beside it;
 * tests/live/files.py wrote them.
 */
#define _GNU_SOURCE
#include "read/read.h"

#include "codec/npy.h"
#include "run/run.h"
#include "tensor/tensor.h"

#include "check.h"
#include "read/expected.h"

#include <dirent.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA CVYT_DATA "/read/data/versions/"
#define REJECT CVYT_DATA "/reject/legacy/"

static const struct {
    const char *file, *dialect;
} files[] = {
    { "2.12.0-frozen.h5", "keras2" },
    { "2.12.0-shared.keras", "keras2" },
    { "2.15.0-ends.keras", "keras2" },
    { "2.15.0-names.h5", "keras2" },
    { "2.15.0-operators.keras", "keras2" },
    { "2.15.0-series.folder", "keras2" },
    { "2.15.0-series.folder/config.json", "keras2" },
    { "2.15.0-series.folder/net.weights.h5", "keras2" },
    { "3.0.5-deferred.keras", "keras3" },
    { "3.0.5-dicts.h5", "keras3" },
    { "3.6.0-ends.h5", "keras3" },
    { "3.10.0-operators.h5", "keras3" },
    { "3.15.1-plain.shards", "keras3" },
    { "3.15.1-plain.shards/config.json", "keras3" },
    { "3.15.1-plain.shards/net.weights.json", "keras3" },
    { "3.15.1-unicode.h5", "keras3" },
};

typedef struct opened {
    cvyi_source source;
    cvyi_findings findings;
    cvy_error err;
    cvy_status status;
} opened;

static opened open_path(const char *path)
{
    opened o = { 0 };

    o.status = cvyi_source_open(&o.source, path, NULL, &o.findings, &o.err);
    return o;
}

static void close_all(opened *o)
{
    cvyi_source_close(&o->source);
    cvyi_findings_close(&o->findings);
}

/* ---- what it computes ---- */

/* "3.0.5-dicts.h5" -> ".../3.0.5-dicts.npz" */
static void map_examples(cvyi_mapping *out, const char *file)
{
    const size_t folder = strcspn(file, "/");
    char path[512];
    size_t end = folder;
    cvy_error err = { 0 };

    while (end > 0 && file[end] != '.')
        end--;
    snprintf(path, sizeof path, DATA "%.*s.npz", (int)end, file);
    CHECK_OK(cvyi_file_map(out, path, &err));
}

static const cvy_view *array(const cvyi_npz *npz, const char *kind,
                             const char *key)
{
    const cvyi_safetensor *found;
    char name[128];

    snprintf(name, sizeof name, "%s.%s", kind, key);
    found = cvyi_npz_find(npz, name);
    if (found == NULL)
        CHECK_FAIL("there is no %s", name);
    return &found->view;
}

static void step(int64_t *at, const cvy_view *view)
{
    for (int axis = view->rank - 1; axis >= 0; axis--) {
        if (++at[axis] < view->dims[axis])
            return;
        at[axis] = 0;
    }
}

static void check_near(const cvy_view *got, const cvy_view *want,
                       const char *file)
{
    int64_t at[CVY_MAX_RANK] = { 0 }, n = 1;
    double most = 0.0;

    CHECK_EQ(got->rank, want->rank);
    for (int i = 0; i < want->rank; i++) {
        CHECK_EQ(got->dims[i], want->dims[i]);
        n *= want->dims[i];
    }
    for (int64_t i = 0; i < n; i++, step(at, want))
        most = fmax(most, fabs(cvyi_at(want, at)));
    for (int64_t i = 0; i < n; i++, step(at, want))
        if (fabs(cvyi_at(got, at) - cvyi_at(want, at)) > 1e-5 * most)
            CHECK_FAIL("%s: element %lld is %g, not %g", file, (long long)i,
                       cvyi_at(got, at), cvyi_at(want, at));
}

static void check_outputs(const cvyi_graph *graph, const cvy_view *results,
                          const cvyi_npz *npz, const char *file)
{
    const cvyi_tree *const tree = &graph->output_tree;
    const bool single = tree->kind == CVYI_TREE_SINGLE;

    for (int i = 0; i < (single ? 1 : tree->n); i++) {
        const int leaf = single ? tree->result : tree->items[i].result;
        char number[16];

        snprintf(number, sizeof number, "%d", i);
        check_near(&results[leaf],
                   array(npz, "y",
                         tree->kind == CVYI_TREE_DICT ? tree->keys[i]
                                                      : number),
                   file);
    }
}

static void check_computed(const cvyi_graph *graph, const char *file)
{
    static const char *const symbol = "N";
    static const int64_t batch = 2;
    const cvyi_symbols symbols = { 1, &symbol, &batch };
    cvy_view *const results =
        calloc((size_t)graph->n_results, sizeof *results);
    cvy_view inputs[4];
    cvyi_arena arena = { 0 };
    cvyi_mapping examples = { 0 };
    cvyi_npz npz;
    cvy_error err = { 0 };

    CHECK(results != NULL && graph->n_inputs <= 4);
    map_examples(&examples, file);
    CHECK_OK(cvyi_npz_open(&npz, &arena, examples.bytes, examples.size, &err));
    for (int i = 0; i < graph->n_inputs; i++) {
        const int at = graph->inputs[i];
        const cvy_view *const from = array(&npz, "x", graph->results[at].name);

        CHECK_OK(cvyi_tensor_open(&results[at], CVY_F32, from->rank,
                                  from->dims, &err));
        CHECK_OK(cvyi_copy(&results[at], from, &err));
    }
    CHECK_OK(cvyi_run_graph(results, graph, &symbols, false, &err));
    check_outputs(graph, results, &npz, file);
    for (int i = 0; i < graph->n_inputs; i++)
        inputs[i] = results[graph->inputs[i]];
    cvyi_run_close(results, graph);
    for (int i = 0; i < graph->n_inputs; i++)
        cvyi_tensor_close(&inputs[i]);
    cvyi_arena_close(&arena);
    cvyi_file_unmap(&examples);
    free(results);
}

static void every_file_computes_what_its_keras_computed(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];

        snprintf(path, sizeof path, DATA "%s", files[i].file);

        opened o = open_path(path);

        if (o.status != CVY_OK)
            CHECK_FAIL("%s: %s: %s", files[i].file, o.err.where, o.err.text);
        CHECK_STR(o.source.graph->dialect, files[i].dialect);
        check_computed(o.source.graph, files[i].file);
        close_all(&o);
    }
}

/* ---- what the graph says ---- */

static void a_folder_gives_the_model_its_name(void)
{
    opened o = open_path(DATA "2.15.0-series.folder/config.json");
    opened p = open_path(DATA "2.15.0-series.folder/net.weights.h5");

    CHECK_STR(o.source.graph->name, "2_15_0_series");
    CHECK_STR(p.source.graph->name, "net");
    close_all(&o);
    close_all(&p);
}

static void names_are_those_of_the_file(void)
{
    opened o = open_path(DATA "2.15.0-names.h5");
    const cvyi_graph *const g = o.source.graph;

    CHECK_EQ(o.status, CVY_OK);
    CHECK_STR(g->params[0].name, "block/1/conv/kernel");
    CHECK_STR(g->modules[1].name, "block/1/conv");
    CHECK_STR(g->modules[1].where, "model_config: layers[1]");
    CHECK_STR(g->version, "2.15.0");
    close_all(&o);
}

/* Freezing moved the weights; their values told layers apart above. */
static void frozen_layers_do_not_train(void)
{
    opened o = open_path(DATA "2.12.0-frozen.h5");
    const cvyi_graph *const g = o.source.graph;
    int n = 0;

    CHECK_EQ(o.status, CVY_OK);
    for (int i = 0; i < g->n_params; i++) {
        const char *const name = g->params[i].name;
        const bool still = strstr(name, "moving") != NULL ||
                           strstr(name, "/norm/") != NULL ||
                           strstr(name, "/deep/") != NULL ||
                           strstr(name, "backbone/conv/") != NULL ||
                           strstr(name, "conv_head") != NULL;

        CHECK_EQ(g->params[i].trainable, !still);
        n += still;
    }
    CHECK(n > 10);
    close_all(&o);
}

/* ---- what is beside what ---- */

static void copy(const char *from, const char *folder, const char *name)
{
    cvyi_mapping file = { 0 };
    cvy_error err = { 0 };
    char path[512];

    CHECK_OK(cvyi_file_map(&file, from, &err));
    snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK_OK(cvyi_file_write(path, file.bytes, file.size, &err));
    cvyi_file_unmap(&file);
}

static void remove_all(const char *folder)
{
    DIR *const dir = opendir(folder);
    const struct dirent *entry;
    char path[800];

    CHECK(dir != NULL);
    while ((entry = readdir(dir)) != NULL) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    closedir(dir);
    rmdir(folder);
}

#define SERIES DATA "2.15.0-series.folder/"

static const struct {
    const char *config, *weights, *more; /* names in the folder, or NULL */
    const char *open;                    /* "": the folder */
    const char *refused;                 /* words, or NULL */
} besides[] = {
    { "config.json", "model.weights.h5", "other.weights.h5", "", NULL },
    { "config.json", "vgg.h5", NULL, "", NULL },
    { "config.json", "one.h5", "two.weights.h5", "", "several files" },
    { "config.json", "one.h5", "two.weights.h5", "/one.h5", NULL },
    { "architecture.json", "one.h5", NULL, "/architecture.json", NULL },
    { "architecture.json", "one.h5", NULL, "/one.h5", "weights without" },
    { "config.json", NULL, NULL, "", "without weights" },
    { "config.json", NULL, NULL, "/config.json", "without weights" },
    { NULL, "one.weights.h5", NULL, "/one.weights.h5", "weights without" },
};

static void weights_are_found_beside_a_config(void)
{
    for (size_t i = 0; i < sizeof besides / sizeof *besides; i++) {
        char folder[] = "/tmp/convey_files_XXXXXX", path[512];

        CHECK(mkdtemp(folder) != NULL);
        if (besides[i].config != NULL)
            copy(SERIES "config.json", folder, besides[i].config);
        if (besides[i].weights != NULL)
            copy(SERIES "net.weights.h5", folder, besides[i].weights);
        if (besides[i].more != NULL)
            copy(SERIES "net.weights.h5", folder, besides[i].more);
        snprintf(path, sizeof path, "%s%s", folder, besides[i].open);

        opened o = open_path(path);

        if (o.status != (besides[i].refused ? CVY_UNSUPPORTED : CVY_OK))
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        if (besides[i].refused != NULL) {
            CHECK(strstr(o.err.text, besides[i].refused) != NULL);
            CHECK_EQ(o.findings.n_refusals, 1);
            CHECK(*o.findings.items[0].advice != '\0');
        }
        close_all(&o);
        remove_all(folder);
    }
}

static const struct {
    const char *list, *words;
} lists[] = {
    { "{\"weight_map\": {\"/layers/dense/vars\": [\"../a.weights.h5\"]}}",
      "not beside it" },
    { "{\"weight_map\": {\"/layers/dense/vars\": \"/etc/a.weights.h5\"}}",
      "not beside it" },
    { "{\"weight_map\": {\"/layers/dense/vars\": [7, \"a.weights.h5\"]}}",
      "not beside it" },
    { "{\"weight_map\": [\"a.weights.h5\"]}", "expected groups" },
    { "{\"weight_map\": {\"/layers/dense/vars\": [\"a.weights.h5\"]}}",
      "a.weights.h5" },
};

static void a_list_names_files_beside_it(void)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char folder[] = "/tmp/convey_files_XXXXXX", path[512];
        cvy_error err = { 0 };

        CHECK(mkdtemp(folder) != NULL);
        copy(DATA "3.15.1-plain.shards/config.json", folder, "config.json");
        snprintf(path, sizeof path, "%s/net.weights.json", folder);
        CHECK_OK(
            cvyi_file_write(path, lists[i].list, strlen(lists[i].list), &err));

        opened o = open_path(path);

        CHECK(o.status != CVY_OK);
        if (strstr(o.err.text, lists[i].words) == NULL)
            CHECK_FAIL("row %zu: %s", i, o.err.text);
        close_all(&o);
        remove_all(folder);
    }
}

/* One shard holds what the other lacks: without it nothing is complete. */
static void a_missing_file_of_weights_is_missed(void)
{
    char folder[] = "/tmp/convey_files_XXXXXX";

    CHECK(mkdtemp(folder) != NULL);
    copy(DATA "3.15.1-plain.shards/config.json", folder, "config.json");
    copy(DATA "3.15.1-plain.shards/net.weights.json", folder,
         "net.weights.json");
    copy(DATA "3.15.1-plain.shards/net_00000.weights.h5", folder,
         "net_00000.weights.h5");

    opened o = open_path(folder);

    CHECK_EQ(o.status, CVY_IO);
    CHECK(strstr(o.err.text, "net_00001.weights.h5") != NULL);
    close_all(&o);
    remove_all(folder);
}

static void several_files_are_not_read_from_memory(void)
{
    cvyi_mapping file = { 0 };
    opened o = { 0 };

    CHECK_EQ(cvyi_file_map(&file, SERIES "net.weights.h5", &o.err), CVY_OK);
    o.status = cvyi_source_read(&o.source, file.bytes, file.size, "a",
                                &o.findings, &o.err);
    CHECK_EQ(o.status, CVY_UNSUPPORTED);
    close_all(&o);
    cvyi_file_unmap(&file);
}

/* ---- bad files ---- */

static void check_refused(const char *file, const char *wanted, int refusals,
                          const char *words)
{
    char path[512];

    snprintf(path, sizeof path, REJECT "%s", file);

    opened o = open_path(path);
    const bool format = strcmp(wanted, "format") == 0;

    if (o.status != (format ? CVY_FORMAT : CVY_UNSUPPORTED))
        CHECK_FAIL("%s: status %d: %s", file, o.status, o.err.text);
    if (strstr(o.err.text, words) == NULL)
        CHECK_FAIL("%s: \"%s\" lacks \"%s\"", file, o.err.text, words);
    if (o.findings.n_refusals != refusals)
        CHECK_FAIL("%s: %d refusals", file, o.findings.n_refusals);
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
        n += strstr(entry->d_name, ".h5") != NULL;
    closedir(folder);
    return n;
}

static void every_bad_file_is_refused_as_expected(void)
{
    CHECK_EQ(check_listed(REJECT "expected.txt", check_refused),
             files_to_refuse());
}

/* ---- memory ---- */

static void refused_memory_is_no_crash(void)
{
    static const char *const some[] = { "2.12.0-frozen.h5",
                                        "3.15.1-plain.shards" };

    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        cvy_status status = CVY_MEMORY;
        char path[512];
        size_t n = 0;

        snprintf(path, sizeof path, DATA "%s", some[i]);
        while (status == CVY_MEMORY) {
            cvyi_alloc_refuse(++n);

            opened o = open_path(path);

            cvyi_alloc_refuse(0);
            status = o.status;
            close_all(&o);
        }
        CHECK_EQ(status, CVY_OK);
        CHECK(n > 10);
    }
}

static const check_case cases[] = {
    { "every_file_computes_what_its_keras_computed",
      every_file_computes_what_its_keras_computed },
    { "a_folder_gives_the_model_its_name", a_folder_gives_the_model_its_name },
    { "names_are_those_of_the_file", names_are_those_of_the_file },
    { "frozen_layers_do_not_train", frozen_layers_do_not_train },
    { "weights_are_found_beside_a_config", weights_are_found_beside_a_config },
    { "a_list_names_files_beside_it", a_list_names_files_beside_it },
    { "a_missing_file_of_weights_is_missed",
      a_missing_file_of_weights_is_missed },
    { "several_files_are_not_read_from_memory",
      several_files_are_not_read_from_memory },
    { "every_bad_file_is_refused_as_expected",
      every_bad_file_is_refused_as_expected },
    { "refused_memory_is_no_crash", refused_memory_is_no_crash },
};

CHECK_MAIN(cases)
