/* read/python/torch/script.c - from a script of people to a graph. */
#include "pysrc/parse.h"
#include "read/python/std/preset.h"
#include "read/python/torch/script.h"
#include "read/root.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

cvy_status cvyi_torch_remark(cvyi_py_eval *eval, cvy_error *err,
                             const char *format, ...)
{
    cvyi_torch_script *const s = cvyi_torch_script_of(eval);
    const int line = cvyi_py_line_now(eval);
    char text[300], where[160] = "";
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (line > 0)
        snprintf(where, sizeof where, "%.120s:%d", s->file, line);
    return cvyi_findings_add(
        s->findings, (cvyi_finding){ .text = text, .where = where }, err);
}

cvy_status cvyi_torch_leave(cvyi_py_eval *eval, const char *dotted,
                            cvy_error *err)
{
    cvyi_torch_script *const s = cvyi_torch_script_of(eval);
    const char **left;

    for (int i = 0; i < s->n_left; i++)
        if (strcmp(s->left[i], dotted) == 0)
            return CVY_OK;
    left = cvyi_arena_grow(cvyi_torch_of(eval)->arena, s->left, s->n_left,
                           &s->left_capacity, sizeof *left);
    if (left == NULL)
        return cvyi_no_memory(err);
    s->left = left;
    left[s->n_left] =
        cvyi_arena_text(cvyi_torch_of(eval)->arena, dotted, strlen(dotted));
    return left[s->n_left++] != NULL ? CVY_OK : cvyi_no_memory(err);
}

const cvyi_py_value *cvyi_torch_arg(const cvyi_py_call_args *args, int at,
                                    const char *name)
{
    if (at >= 0 && at < args->n)
        return &args->values[at];
    for (int i = 0; i < args->n_keywords; i++)
        if (strcmp(args->keywords[i], name) == 0)
            return &args->keyword_values[i];
    return NULL;
}

/* ---- the evaluator's host ---- */

static cvy_status preset(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                         const char *name, cvy_error *err)
{
    const cvyi_source_request *const r =
        cvyi_torch_script_of(eval)->source->request;

    *found = false;
    return r == NULL ? CVY_OK
                     : cvyi_python_preset(out, found, eval, r->sets, r->n_sets,
                                          name, err);
}

/* Names of main(), or whatever the top level calls last. */
static cvy_status finished(cvyi_py_eval *eval, const char *function,
                           const cvyi_py_names *names, cvy_error *err)
{
    cvyi_torch_script *const s = cvyi_torch_script_of(eval);

    (void)function;
    if (cvyi_torch_of(eval)->tracing)
        return CVY_OK;
    for (int i = 0; i < names->n; i++)
        if (cvyi_torch_node_of(&names->values[i]) != NULL &&
            strcmp(names->names[i], "self") != 0)
            CVYI_TRY(cvyi_py_names_set(eval, &s->inner, names->names[i],
                                       &names->values[i], err));
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status tell_left_out(cvyi_py_eval *eval, cvy_error *err)
{
    enum { MOST = 8 };
    const cvyi_torch_script *const s = cvyi_torch_script_of(eval);
    cvyi_text text = { 0 };
    cvy_status status;

    for (int i = 0; i < s->n_left && i < MOST; i++)
        cvyi_text_printf(&text, "%s%s", i > 0 ? ", " : "", s->left[i]);
    if (s->n_left > MOST)
        cvyi_text_put(&text, " and others");
    status = cvyi_text_status(&text, err);
    if (status == CVY_OK && s->n_left > 0)
        status = cvyi_torch_remark(eval, err, "left out, as no network: %s",
                                   cvyi_text_c(&text));
    cvyi_text_close(&text);
    return status;
}

static cvy_status name_paths(cvyi_torch_host *host, cvy_error *err)
{
    const cvyi_graph *const graph = host->graph;

    host->module_paths = cvyi_arena_alloc(
        host->arena, (size_t)graph->n_modules, sizeof *host->module_paths);
    for (int m = 0; host->module_paths != NULL && m < graph->n_modules; m++) {
        cvyi_text path = { 0 };

        cvyi_module_path(&path, graph, m);
        host->module_paths[m] =
            path.bad
                ? NULL
                : cvyi_arena_text(host->arena, cvyi_text_c(&path), path.size);
        cvyi_text_close(&path);
        if (host->module_paths[m] == NULL)
            return cvyi_no_memory(err);
    }
    return host->module_paths != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status evaluate(cvyi_py_eval *eval, const cvyi_py_tree *tree,
                           cvy_error *err)
{
    cvyi_torch_host *const host = cvyi_torch_of(eval);
    cvyi_py_module *file;
    cvyi_py_value model;

    CVYI_TRY(cvyi_py_eval_run(&file, eval, tree, "__main__", err));
    host->script->top = file;
    CVYI_TRY(cvyi_torch_entry(&model, eval, file, err));
    if (cvyi_torch_node_of(&model)->unknown != NULL)
        return cvyi_torch_refuse_unknown(eval, cvyi_torch_node_of(&model),
                                         err);
    CVYI_TRY(tell_left_out(eval, err));
    CVYI_TRY(cvyi_torch_outline(eval, &model, err));
    CVYI_TRY(name_paths(host, err));
    CVYI_TRY(cvyi_torch_fill_all(eval, &model, err));
    return cvyi_torch_trace(eval, &model, err);
}

static cvy_status open_weights(cvyi_arrays *out, const char *path,
                               cvyi_findings *findings, cvy_error *err)
{
    static const char advice[] = "torch.save(net.state_dict(), "
                                 "\"w.pth\")";

    return cvyi_arrays_take(out, path, advice, findings, err);
}

static cvy_status find(const cvyi_py_tree **tree, bool *package,
                       cvyi_py_eval *eval, const char *dotted, cvy_error *err)
{
    return cvyi_root_find(tree, package, cvyi_torch_script_of(eval)->root,
                          dotted, err);
}

static cvy_status read_tree(cvyi_torch_host *host, const cvyi_py_tree *tree,
                            const cvyi_py_limits *limits, cvy_error *err)
{
    cvyi_root *const root = host->script->root;
    const cvyi_py_host hosting = { .context = host,
                                   .import = cvyi_torch_script_import,
                                   .lenient = true,
                                   .preset = preset,
                                   .finished = finished,
                                   .met = cvyi_torch_met,
                                   .find = root->hold > 0 ? find : NULL,
                                   .package = root->inside,
                                   .advice =
                                       root->hold > 0
                                           ? "no file below --root is it"
                                           : "--root DIR allows imports from "
                                             "a folder" };
    cvyi_py_eval *eval;
    cvy_status status;

    CVYI_TRY(cvyi_py_eval_open(&eval, &hosting, limits, err));
    status = evaluate(eval, tree, err);
    cvyi_py_eval_close(eval);
    return status;
}

static const char *base_name(const char *path)
{
    const char *const slash = path != NULL ? strrchr(path, '/') : NULL;

    return path == NULL ? "script" : slash != NULL ? slash + 1 : path;
}

cvy_status cvyi_torch_read_script(cvyi_source *source, cvyi_findings *findings,
                                  const cvyi_py_tree *tree,
                                  const cvyi_py_limits *limits, cvy_error *err)
{
    const char *const path =
        source->request != NULL ? source->request->weights : NULL;
    cvyi_arrays arrays = { 0 };
    cvyi_root root = { 0 };
    cvyi_torch_script script = { .root = &root,
                                 .source = source,
                                 .findings = findings,
                                 .file = base_name(source->path) };
    const cvyi_back_files files = { .code_name = script.file };
    cvyi_torch_host host = { .arena = &source->arena,
                             .files = &files,
                             .script = &script };
    cvy_status status =
        path != NULL ? open_weights(&arrays, path, findings, err) : CVY_OK;

    script.arrays = path != NULL ? &arrays : NULL;
    if (status == CVY_OK && source->request != NULL &&
        source->request->root != NULL)
        status = cvyi_root_open(&root, host.arena, source->request->root,
                                source->path, err);
    if (status == CVY_OK)
        status = cvyi_graph_open(&host.graph, "model", err);
    if (status == CVY_OK) {
        host.graph->dialect = "torch";
        status = read_tree(&host, tree, limits, err);
    }
    if (status == CVY_OK)
        source->graph = host.graph;
    else
        cvyi_graph_close(host.graph);
    cvyi_root_close(&root);
    cvyi_arrays_close(&arrays);
    return status;
}
