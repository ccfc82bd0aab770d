/* read/python/tf/read.c - from a script of TensorFlow 1 to a graph. */
#include "pysrc/parse.h"
#include "read/python/tf/contrib/contrib.h"
#include "read/python/tf/entry.h"
#include "read/python/tf/training/training.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

cvyi_tf_host *cvyi_tf_of(const cvyi_py_eval *eval)
{
    return cvyi_py_context(eval);
}

/* "cell 3, line 5" */
static const char *place(const cvyi_tf_host *host, int line)
{
    const char *const text =
        cvyi_py_notebook_place(host->arena, host->notebook, line);

    return text != NULL ? text : "";
}

const char *cvyi_tf_place(const cvyi_tf_host *host, const char *file, int line)
{
    if (host->notebook != NULL && file == host->tree->name)
        return cvyi_arena_printf(host->arena, "%s: %s", host->file,
                                 place(host, line));
    return cvyi_arena_printf(host->arena, "%s:%d", file, line);
}

const char *cvyi_tf_spot(const cvyi_tf_host *host, const char *file, int line)
{
    if (file != host->tree->name)
        return cvyi_arena_printf(host->arena, "%s:%d", file, line);
    return host->notebook != NULL
               ? place(host, line)
               : cvyi_arena_printf(host->arena, "line %d", line);
}

const char *cvyi_tf_file_now(const cvyi_py_eval *eval)
{
    const cvyi_py_tree *const tree = cvyi_py_tree_now(eval);

    return tree != NULL ? tree->name : cvyi_tf_of(eval)->tree->name;
}

cvy_status cvyi_tf_remark(cvyi_py_eval *eval, cvy_error *err,
                          const char *format, ...)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const int line = cvyi_py_line_now(eval);
    const char *where = "";
    char text[300];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (line > 0)
        where = cvyi_tf_place(host, cvyi_tf_file_now(eval), line);
    if (where == NULL)
        return cvyi_no_memory(err);
    return cvyi_findings_add(
        host->findings, (cvyi_finding){ .text = text, .where = where }, err);
}

/* ---- the script ---- */

/* tf.app.run() without a function calls the file's own main. */
static cvy_status run_main(cvyi_py_eval *eval, const cvyi_py_module *file,
                           cvy_error *err)
{
    const cvyi_py_value none = cvyi_py_none();
    const cvyi_py_call_args args = { .n = 1, .values = &none };
    const cvyi_py_value *const main = cvyi_py_names_get(&file->names, "main");
    cvyi_py_value ignored;

    if (!cvyi_tf_of(eval)->app_run || main == NULL)
        return CVY_OK;
    return cvyi_py_eval_call(&ignored, eval, main, &args, err);
}

static bool is_carried(const cvyi_tf_host *host, const char *dotted)
{
    const char *const *const carried = host->training.carried;

    return (carried[0] != NULL && strcmp(carried[0], dotted) == 0) ||
           (carried[1] != NULL && strcmp(carried[1], dotted) == 0);
}

static cvy_status tell_left_out(cvyi_py_eval *eval, cvy_error *err)
{
    enum { MOST = 8 };
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_text text = { 0 };
    cvy_status status;
    int n = 0;

    for (int i = 0; i < host->n_left; i++) {
        if (is_carried(host, host->left[i]))
            continue;
        if (n++ < MOST)
            cvyi_text_printf(&text, "%s%s", n > 1 ? ", " : "", host->left[i]);
    }
    if (n > MOST)
        cvyi_text_put(&text, " and others");
    status = cvyi_text_status(&text, err);
    if (status == CVY_OK && n > 0)
        status = cvyi_tf_remark(eval, err, "left out, as no network: %s",
                                cvyi_text_c(&text));
    cvyi_text_close(&text);
    return status;
}

/* ---- the dialect ---- */

/* What a script is read as, before all else that is said of it. */
static cvy_status tell_dialect(cvyi_tf_host *host, cvy_error *err)
{
    const cvyi_tf_dialect *const d = &host->dialect;
    const cvyi_tf_world world = cvyi_tf_dialect_world(d);
    const char *const name = cvyi_tf_dialect_name(d);
    const char *const title = cvyi_tf_world_title(name);
    const int n = host->findings->n;
    const char *text;

    if (d->asked != NULL)
        text = cvyi_arena_printf(host->arena, "read as %s%s%s (--from)", title,
                                 d->version != NULL ? ", version " : "",
                                 d->version != NULL ? d->version : "");
    else if (d->marks[world].name != NULL)
        text = cvyi_arena_printf(
            host->arena, "read as %s (%s, %s)", title, d->marks[world].name,
            cvyi_tf_spot(host, d->marks[world].file, d->marks[world].line));
    else
        text = cvyi_arena_printf(
            host->arena,
            "read as %s, since nothing in it is of another version alone; "
            "--from names another",
            title);
    if (text == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_findings_add(host->findings, (cvyi_finding){ .text = text },
                               err));
    if (host->findings->n > n)
        cvyi_findings_lead(host->findings);
    return CVY_OK;
}

/* Also where the script is refused, if it could be looked at. */
static cvy_status with_dialect(cvyi_tf_host *host, cvy_status status,
                               cvy_error *err)
{
    if (status == CVY_OK || status == CVY_UNSUPPORTED)
        CVYI_TRY(tell_dialect(host, err));
    return status;
}

static cvy_status list(cvyi_py_eval *eval, const cvyi_py_module *file,
                       cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_candidates *const out = host->source->request->list;

    CVYI_TRY(cvyi_tf_list(out, eval, file, err));
    out->dialect = cvyi_tf_dialect_name(&host->dialect);
    out->version = host->dialect.version;
    return CVY_OK;
}

static cvy_status evaluate(cvyi_graph **out, cvyi_py_eval *eval,
                           const cvyi_py_tree *tree, cvy_error *err)
{
    cvyi_py_module *file;
    cvyi_py_value outputs;
    const cvyi_value *training;
    const cvyi_source *const source = cvyi_tf_of(eval)->source;

    CVYI_TRY(cvyi_py_eval_run(&file, eval, tree, "__main__", err));
    CVYI_TRY(run_main(eval, file, err));
    if (source->request != NULL && source->request->list != NULL)
        return list(eval, file, err);
    CVYI_TRY(cvyi_tf_entry(&outputs, eval, file, err));
    if (cvyi_py_opaque(&outputs) != NULL)
        return cvyi_py_refuse_opaque(eval, &outputs, err);
    CVYI_TRY(cvyi_tf_training_section(&training, eval, &outputs, err));
    CVYI_TRY(tell_left_out(eval, err));
    CVYI_TRY(cvyi_tf_cut(out, eval, &outputs, err));
    (*out)->training = training;
    return CVY_OK;
}

static const char *base_name(const char *path)
{
    const char *const slash = path != NULL ? strrchr(path, '/') : NULL;

    return path == NULL ? "script" : slash != NULL ? slash + 1 : path;
}

/* A file that is imported says in whose words it is written, too. */
static cvy_status find(const cvyi_py_tree **tree, bool *package,
                       cvyi_py_eval *eval, const char *dotted, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);

    CVYI_TRY(cvyi_root_find(tree, package, &host->root, dotted, err));
    return *tree != NULL
               ? cvyi_tf_dialect_scan(&host->dialect, host->arena, *tree, err)
               : CVY_OK;
}

static const char *advice(const cvyi_tf_host *host)
{
    return host->root.hold > 0 ? "no file below --root is it"
                               : "--root DIR allows imports from a folder";
}

static cvy_status read_tree(cvyi_graph **out, cvyi_tf_host *host,
                            const cvyi_py_tree *tree,
                            const cvyi_py_limits *limits, cvy_error *err)
{
    static const cvyi_tf_scope root = { .variables = "", .operations = "" };
    const cvyi_py_host hosting = { .context = host,
                                   .import = cvyi_tf_import,
                                   .lenient = true,
                                   .preset = cvyi_tf_preset,
                                   .named = cvyi_tf_named,
                                   .stand_in = cvyi_tf_stand_in,
                                   .finished = cvyi_tf_finished,
                                   .met = cvyi_tf_met,
                                   .passed = cvyi_tf_passed,
                                   .find = host->root.hold > 0 ? find : NULL,
                                   .package = host->root.inside,
                                   .advice = advice(host),
                                   .within = cvyi_tf_within };
    cvyi_tf_scope scope = root;
    cvyi_py_eval *eval;
    cvy_status status;

    host->scope = &scope;
    host->tree = tree;
    CVYI_TRY(cvyi_tf_dialect_scan(&host->dialect, host->arena, tree, err));
    host->keras_first =
        cvyi_tf_default_axes(&host->dialect) == CVYI_TF_DEFAULT_OLD;
    CVYI_TRY(cvyi_py_eval_open(&eval, &hosting, limits, err));
    status = evaluate(out, eval, tree, err);
    cvyi_py_eval_close(eval);
    return with_dialect(host, status, err);
}

static cvy_status read_script(cvyi_graph **out, cvyi_tf_host *host,
                              cvy_error *err)
{
    const cvyi_mapping *const file = &host->source->file;
    cvyi_py_tree tree;

    CVYI_TRY(cvyi_py_parse(&tree, host->arena, host->file,
                           (const char *)file->bytes, file->size, err));
    return read_tree(out, host, &tree, NULL, err);
}

/* A line of the script is one of a cell. */
static cvy_status in_cell(const cvyi_tf_host *host, cvy_status status,
                          cvy_error *err)
{
    if (status == CVY_OK || err == NULL || err->line == 0 ||
        strcmp(err->where, host->file) != 0)
        return status;
    snprintf(err->where, sizeof err->where, "%.60s: %.40s", host->file,
             place(host, err->line));
    err->line = 0;
    return status;
}

static cvy_status read_cells(cvyi_graph **out, cvyi_tf_host *host,
                             cvy_error *err)
{
    const cvyi_mapping *const file = &host->source->file;
    cvyi_py_notebook notebook;

    CVYI_TRY(cvyi_py_notebook_read(&notebook, host->arena, host->file,
                                   (const char *)file->bytes, file->size,
                                   host->findings, err));
    host->notebook = &notebook;
    return in_cell(host, read_tree(out, host, &notebook.tree, NULL, err), err);
}

static cvy_status trace(cvyi_tf_host *host, cvy_error *err)
{
    int model;

    CVYI_TRY(cvyi_graph_open(&host->trace, "trace", err));
    return cvyi_graph_add_module(&model, host->trace, -1, CVYI_MODULE_MODEL,
                                 "trace", NULL, err);
}

static cvyi_tf_host open_host(cvyi_source *source, cvyi_findings *findings)
{
    return (cvyi_tf_host){ .source = source,
                           .findings = findings,
                           .arena = &source->arena,
                           .file = base_name(source->path) };
}

static cvy_status open_weights(cvyi_arrays *out, const char *path,
                               cvyi_findings *findings, cvy_error *err)
{
    static const char advice[] = "in a session: numpy.savez(\"w.npz\", "
                                 "**{v.op.name: session.run(v) for v in "
                                 "tf.global_variables()})";

    return cvyi_arrays_take(out, path, advice, findings, err);
}

typedef cvy_status reader(cvyi_graph **out, cvyi_tf_host *host,
                          cvy_error *err);

/* With the weights that the user may have given. */
static cvy_status read_with(reader *read, cvyi_source *source,
                            cvyi_findings *findings, cvy_error *err)
{
    const char *const path =
        source->request != NULL ? source->request->weights : NULL;
    cvyi_tf_host host = open_host(source, findings);
    cvyi_arrays arrays = { 0 };
    cvy_status status =
        path != NULL ? open_weights(&arrays, path, findings, err) : CVY_OK;

    host.arrays = path != NULL ? &arrays : NULL;
    if (status == CVY_OK && source->request != NULL &&
        source->request->root != NULL)
        status = cvyi_root_open(&host.root, host.arena, source->request->root,
                                source->path, err);
    if (status == CVY_OK && source->request != NULL)
        status = cvyi_tf_dialect_ask(&host.dialect, host.arena,
                                     source->request->from, err);
    if (status == CVY_OK)
        status = trace(&host, err);
    if (status == CVY_OK)
        status = read(&source->graph, &host, err);
    cvyi_graph_close(host.trace);
    cvyi_root_close(&host.root);
    cvyi_arrays_close(&arrays);
    return status;
}

cvy_status cvyi_tf_read(cvyi_source *source, cvyi_findings *findings,
                        cvy_error *err)
{
    return read_with(read_script, source, findings, err);
}

cvy_status cvyi_tf_read_notebook(cvyi_source *source, cvyi_findings *findings,
                                 cvy_error *err)
{
    return read_with(read_cells, source, findings, err);
}

cvy_status cvyi_tf_read_tree(cvyi_source *source, cvyi_findings *findings,
                             const cvyi_py_tree *tree,
                             const cvyi_py_limits *limits, cvy_error *err)
{
    cvyi_tf_host host = open_host(source, findings);
    cvy_status status = trace(&host, err);

    if (status == CVY_OK)
        status = read_tree(&source->graph, &host, tree, limits, err);
    cvyi_graph_close(host.trace);
    return status;
}
