/* read/python/torch/read.c - from the files of a folder to a graph. */
#include "pysrc/parse.h"
#include "read/python/torch/script.h"

#include <string.h>

typedef struct reading {
    cvyi_torch_host host;
    cvyi_py_eval *eval;
    cvyi_py_value model;
    cvy_error *err;
} reading;

/* ---- the model ---- */

/* load_model() as it stands: it makes the model, loads its weights, and
 * switches to inference. */
static cvy_status load_model(reading *r, const cvyi_py_module *file)
{
    const cvyi_py_value *const load =
        cvyi_py_names_get(&file->names, "load_model");
    const cvyi_py_call_args none = { 0 };

    if (load == NULL)
        return cvyi_fail(r->err, CVY_UNSUPPORTED,
                         "the file has no function load_model");
    CVYI_TRY(cvyi_py_eval_call(&r->model, r->eval, load, &none, r->err));
    if (cvyi_torch_node_of(&r->model) == NULL)
        return cvyi_fail(r->err, CVY_UNSUPPORTED,
                         "load_model does not return a module");
    if (!r->host.loaded)
        return cvyi_fail(r->err, CVY_UNSUPPORTED,
                         "load_model does not load weights");
    if (!r->host.inference)
        return cvyi_fail(r->err, CVY_UNSUPPORTED,
                         "load_model does not switch to inference mode");
    return CVY_OK;
}

static cvy_status name_paths(reading *r)
{
    const cvyi_graph *const graph = r->host.graph;

    r->host.module_paths = cvyi_arena_alloc(
        r->host.arena, (size_t)graph->n_modules, sizeof *r->host.module_paths);
    for (int m = 0; r->host.module_paths != NULL && m < graph->n_modules;
         m++) {
        cvyi_text path = { 0 };

        cvyi_module_path(&path, graph, m);
        r->host.module_paths[m] =
            path.bad ? NULL
                     : cvyi_arena_text(r->host.arena, cvyi_text_c(&path),
                                       path.size);
        cvyi_text_close(&path);
        if (r->host.module_paths[m] == NULL)
            return cvyi_no_memory(r->err);
    }
    return r->host.module_paths != NULL ? CVY_OK : cvyi_no_memory(r->err);
}

/* ---- inputs ---- */

static cvy_status add_inputs(cvyi_py_value *values, reading *r,
                             const cvyi_type *inputs, const char *const *names,
                             int n)
{
    cvyi_graph *const graph = r->host.graph;
    cvyi_tree *const leaves =
        cvyi_arena_alloc(&graph->arena, (size_t)n, sizeof *leaves);

    if (leaves == NULL)
        return cvyi_no_memory(r->err);
    for (int i = 0; i < n; i++) {
        int result;

        CVYI_TRY(cvyi_graph_add_input(&result, graph,
                                      names != NULL ? names[i] : NULL,
                                      &inputs[i], r->err));
        CVYI_TRY(cvyi_torch_tensor(&values[i], r->eval, result, r->err));
        leaves[i] = (cvyi_tree){ .kind = CVYI_TREE_SINGLE, .result = result };
    }
    graph->input_tree =
        n == 1
            ? leaves[0]
            : (cvyi_tree){ .kind = CVYI_TREE_LIST, .n = n, .items = leaves };
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status trace(reading *r, const cvyi_type *inputs,
                        const char *const *names, int n)
{
    cvyi_py_value *const values =
        cvyi_arena_alloc(r->host.arena, (size_t)n + 1, sizeof *values);
    const cvyi_py_call_args args = { .n = n, .values = values };
    cvyi_py_value result;

    if (values == NULL)
        return cvyi_no_memory(r->err);
    CVYI_TRY(add_inputs(values, r, inputs, names, n));
    r->host.tracing = true;
    CVYI_TRY(cvyi_py_eval_call(&result, r->eval, &r->model, &args, r->err));
    CVYI_TRY(cvyi_torch_plant(&r->host.graph->output_tree, r->eval, &result,
                              r->err));
    CVYI_TRY(cvyi_torch_all_taken(&r->host, r->err));
    return cvyi_graph_check(r->host.graph, r->err);
}

static cvy_status run(reading *r, const cvyi_type *inputs,
                      const char *const *names, int n)
{
    const cvyi_back_files *const files = r->host.files;
    const cvyi_py_host host = { .context = &r->host,
                                .import = cvyi_torch_import,
                                .define = cvyi_torch_define };
    cvyi_py_module *file;
    cvyi_py_tree tree;
    cvy_status status;

    CVYI_TRY(cvyi_py_parse(&tree, r->host.arena, files->code_name, files->code,
                           files->code_size, r->err));
    CVYI_TRY(cvyi_py_eval_open(&r->eval, &host, NULL, r->err));
    status = cvyi_py_eval_run(&file, r->eval, &tree, "__convey__", r->err);
    if (status == CVY_OK)
        status = load_model(r, file);
    if (status == CVY_OK)
        status = cvyi_torch_outline(r->eval, &r->model, r->err);
    if (status == CVY_OK)
        status = name_paths(r);
    if (status == CVY_OK)
        status = trace(r, inputs, names, n);
    cvyi_py_eval_close(r->eval);
    return status;
}

cvy_status cvyi_torch_read(cvyi_graph **out, cvyi_arena *arena,
                           const cvyi_back_files *files,
                           const cvyi_type *inputs, const char *const *names,
                           int n_inputs, cvy_error *err)
{
    reading r = { .host = { .arena = arena, .files = files }, .err = err };
    cvy_status status;

    CVYI_TRY(cvyi_graph_open(&r.host.graph, "model", err));
    r.host.graph->dialect = "torch";
    status = run(&r, inputs, names, n_inputs);
    if (status == CVY_OK)
        *out = r.host.graph;
    else
        cvyi_graph_close(r.host.graph);
    return status;
}
