/* verb/show_json.c - a listing as one JSON document. */
#include "verb/show.h"

static void put_number(cvyi_json *j, const char *key, cvyi_show_number number)
{
    if (number.known)
        cvyi_json_int(j, key, number.n);
    else
        cvyi_json_null(j, key);
}

static void put_shape(cvyi_json *j, const char *key, const cvy_show *show,
                      const cvyi_type *type)
{
    cvyi_json_open(j, key, '[', CVYI_JSON_FLAT);
    for (int i = 0; i < type->rank; i++) {
        cvyi_show_number size = cvyi_show_size(show, type->dims[i]);

        /* One sample is counted, but any batch may be given. */
        if (i == 0 && !show->batch_given)
            size.known = cvyi_size_constant(&size.n, type->dims[0]);
        put_number(j, NULL, size);
    }
    cvyi_json_close(j, ']');
}

static void put_row(cvyi_json *j, const cvy_show *show,
                    const cvyi_show_row *row)
{
    cvyi_text path = { 0 };

    cvyi_module_path(&path, show->graph, row->module);
    cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "name", row->name);
    cvyi_json_text(j, "path", cvyi_text_c(&path));
    cvyi_json_text(j, "class", row->class_name);
    cvyi_json_text(j, "operator", row->op);
    cvyi_json_int(j, "calls", row->calls);
    j->out->bad |= path.bad;
    cvyi_text_close(&path);
    if (row->result < 0)
        cvyi_json_null(j, "output_shape");
    else
        put_shape(j, "output_shape", show,
                  &show->graph->results[row->result].type);
    cvyi_json_int(j, "parameters", row->parameters);
    cvyi_json_int(j, "trainable", row->trainable);
    cvyi_json_bool(j, "shared", row->shared);
    put_number(j, "multiply_adds", row->adds);
    cvyi_json_close(j, '}');
}

static void put_outputs(cvyi_json *j, const cvy_show *show,
                        const cvyi_tree *tree, const char *key)
{
    if (tree->kind == CVYI_TREE_SINGLE) {
        cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
        cvyi_json_text(j, "name", cvyi_output_name(show->graph, tree, key));
        put_shape(j, "shape", show, &show->graph->results[tree->result].type);
        cvyi_json_close(j, '}');
        return;
    }
    for (int i = 0; i < tree->n; i++)
        put_outputs(j, show, &tree->items[i],
                    tree->kind == CVYI_TREE_DICT ? tree->keys[i] : NULL);
}

static void put_model(cvyi_json *j, const cvy_show *show)
{
    const cvyi_graph *const graph = show->graph;
    const int n = graph->n_inputs;

    cvyi_json_text(j, "after", show->after);
    cvyi_json_open(j, "inputs", '[', CVYI_JSON_TALL);
    for (int i = 0; i < n; i++) {
        cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
        cvyi_json_text(j, "name", show->rows[i].name);
        put_shape(j, "shape", show, &graph->results[graph->inputs[i]].type);
        cvyi_json_close(j, '}');
    }
    cvyi_json_close(j, ']');
    cvyi_json_open(j, "outputs", '[', CVYI_JSON_TALL);
    put_outputs(j, show, &graph->output_tree, NULL);
    cvyi_json_close(j, ']');
    cvyi_json_open(j, "layers", '[', CVYI_JSON_TALL);
    for (int i = n; i < show->n_rows; i++)
        put_row(j, show, &show->rows[i]);
    cvyi_json_close(j, ']');
    cvyi_json_int(j, "parameters", show->parameters);
    cvyi_json_int(j, "trainable", show->trainable);
    cvyi_json_int(j, "non_trainable", show->parameters - show->trainable);
    put_number(j, "multiply_adds", show->adds);
    cvyi_json_int(j, "parameter_bytes", show->parameter_bytes);
}

static void put_document(cvyi_text *out, const cvy_show *show)
{
    const bool read = show->source.graph != NULL;
    cvyi_json j = { .out = out };

    cvyi_json_open(&j, NULL, '{', CVYI_JSON_TALL);
    cvyi_json_text(&j, "convey", cvy_version());
    cvyi_json_open(&j, "source", '{', CVYI_JSON_FLAT);
    cvyi_json_text(&j, "path", show->path);
    cvyi_json_text(&j, "format", read ? show->source.kind->name : NULL);
    cvyi_json_text(&j, "dialect", read ? show->source.graph->dialect : NULL);
    cvyi_json_text(&j, "version", read ? show->source.graph->version : NULL);
    cvyi_json_close(&j, '}');
    if (show->status == CVY_OK)
        put_model(&j, show);
    cvyi_report_findings(&j, &show->findings, NULL);
    if (show->status != CVY_OK && show->findings.n_refusals == 0)
        cvyi_report_error(&j, &show->error);
    cvyi_json_close(&j, '}');
}

cvy_status cvy_show_json(const char **out, cvy_show *show, cvy_error *err)
{
    cvyi_text text = { 0 };

    put_document(&text, show);
    if (text.bad) {
        cvyi_text_close(&text);
        return cvyi_no_memory(err);
    }
    cvyi_text_close(&show->json);
    show->json = text;
    *out = cvyi_text_c(&show->json);
    return CVY_OK;
}
