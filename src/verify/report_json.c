/* verify/report_json.c - report.json, in the order of docs/contract.md 3. */
#include "pass/pass.h"
#include "verify/report.h"

static void put_source(cvyi_json *j, const cvyi_report *r)
{
    const cvyi_graph *const graph = r->source;

    cvyi_json_open(j, "source", '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "path", r->path);
    cvyi_json_text(j, "format", r->format);
    cvyi_json_text(j, "dialect", graph != NULL ? graph->dialect : NULL);
    cvyi_json_text(j, "version", graph != NULL ? graph->version : NULL);
    cvyi_json_close(j, '}');
    cvyi_json_open(j, "target", '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "framework", r->target != NULL ? r->target->name : NULL);
    cvyi_json_open(j, "files", '[', CVYI_JSON_FLAT);
    for (int i = 0; i < r->n_files; i++)
        cvyi_json_text(j, NULL, r->files[i]);
    cvyi_json_close(j, ']');
    cvyi_json_close(j, '}');
}

/* A tensor that crosses the border of the graph. `there` is NULL while it is
 * not known how it comes out. */
static void put_tensor(cvyi_json *j, const char *name, const cvyi_result *here,
                       const cvyi_result *there)
{
    cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "name", name);
    cvyi_report_dims(j, "source_shape", &here->type);
    if (there != NULL)
        cvyi_report_dims(j, "target_shape", &there->type);
    else
        cvyi_json_null(j, "target_shape");
    if (there != NULL && there->arrangement.moved && there->type.rank > 2) {
        int perm[CVYI_MAX_DIMS];

        cvyi_moved_axes(there->arrangement.moved, there->type.rank, perm);
        cvyi_json_open(j, "permutation", '[', CVYI_JSON_FLAT);
        for (int i = 0; i < there->type.rank; i++)
            cvyi_json_int(j, NULL, perm[i]);
        cvyi_json_close(j, ']');
    } else {
        cvyi_json_null(j, "permutation");
    }
    cvyi_json_close(j, '}');
}

static void put_outputs(cvyi_json *j, const cvyi_report *r,
                        const cvyi_tree *here, const cvyi_tree *there,
                        const char *key)
{
    if (here->kind == CVYI_TREE_SINGLE) {
        put_tensor(j, cvyi_output_name(r->source, here, key),
                   &r->source->results[here->result],
                   there != NULL ? &r->port->results[there->result] : NULL);
        return;
    }
    for (int i = 0; i < here->n; i++)
        put_outputs(j, r, &here->items[i],
                    there != NULL ? &there->items[i] : NULL,
                    here->kind == CVYI_TREE_DICT ? here->keys[i] : NULL);
}

static void put_tensors(cvyi_json *j, const cvyi_report *r)
{
    const cvyi_graph *const source = r->source, *const port = r->port;

    cvyi_json_open(j, "inputs", '[', CVYI_JSON_TALL);
    for (int i = 0; source != NULL && i < source->n_inputs; i++) {
        const cvyi_result *const here = &source->results[source->inputs[i]];

        put_tensor(j, here->name, here,
                   port != NULL ? &port->results[port->inputs[i]] : NULL);
    }
    cvyi_json_close(j, ']');
    cvyi_json_open(j, "outputs", '[', CVYI_JSON_TALL);
    if (source != NULL)
        put_outputs(j, r, &source->output_tree,
                    port != NULL ? &port->output_tree : NULL, NULL);
    cvyi_json_close(j, ']');
}

/* The call of the port that carries a call of the source over. */
static int target_call(const cvyi_report *r, int call)
{
    int found = -1;

    if (r->proof != NULL)
        return r->proof->layers[call].target_call;
    for (int i = 0; r->port != NULL && i < r->port->n_calls; i++)
        if (r->port->calls[i].origin == call)
            found = i;
    return found;
}

static const char *verdict_text(cvyi_verdict verdict)
{
    return verdict == CVYI_PROVEN   ? "proven"
           : verdict == CVYI_FAILED ? "failed"
                                    : "not checked";
}

static void put_layer(cvyi_json *j, const cvyi_report *r, int i)
{
    const cvyi_call *const call = &r->source->calls[i];
    const cvyi_layer_proof *const proof =
        r->proof != NULL ? &r->proof->layers[i] : NULL;
    const cvyi_verdict verdict =
        proof != NULL ? proof->verdict : CVYI_NOT_CHECKED;
    const int target = target_call(r, i);

    cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "source", cvyi_call_layer(r->source, call));
    cvyi_json_text(j, "target",
                   r->written != NULL && target >= 0
                       ? r->written->calls[target].target
                       : NULL);
    cvyi_json_text(j, "operator", call->attrs.op->name);
    cvyi_json_text(j, "verdict", verdict_text(verdict));
    if (verdict == CVYI_NOT_CHECKED) {
        cvyi_json_null(j, "error");
        cvyi_json_null(j, "bound");
    } else {
        cvyi_json_real(j, "error", proof->error);
        cvyi_json_real(j, "bound", proof->bound);
    }
    cvyi_json_text(j, "where", proof != NULL ? proof->where : "");
    cvyi_json_text(j, "cause", proof != NULL ? proof->cause : "");
    cvyi_json_close(j, '}');
}

static void put_layers(cvyi_json *j, const cvyi_report *r)
{
    const int n = r->source != NULL ? r->source->n_calls : 0;

    cvyi_json_open(j, "layers", '[', CVYI_JSON_TALL);
    for (int i = 0; i < n; i++)
        put_layer(j, r, i);
    cvyi_json_close(j, ']');
    cvyi_json_open(j, "names", '{', CVYI_JSON_TALL);
    for (int i = 0; r->written != NULL && i < r->written->n_names; i++)
        cvyi_json_text(j, r->written->source_names[i],
                       r->written->target_names[i]);
    cvyi_json_close(j, '}');
}

/* Level 3 needs a framework: it has not run. */
static void put_proof(cvyi_json *j, const cvyi_report *r)
{
    const cvyi_verdict engine =
        r->proof != NULL ? r->proof->engine : CVYI_NOT_CHECKED;
    const cvyi_verdict file =
        r->file != NULL ? r->file->verdict : CVYI_NOT_CHECKED;

    cvyi_json_open(j, "proof", '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "engine", verdict_text(engine));
    cvyi_json_text(j, "file", verdict_text(file));
    cvyi_json_text(j, "live", verdict_text(CVYI_NOT_CHECKED));
    if (engine != CVYI_NOT_CHECKED)
        cvyi_json_real(j, "worst_error_share_of_bound", r->proof->worst_share);
    else
        cvyi_json_null(j, "worst_error_share_of_bound");
    cvyi_json_close(j, '}');
}

/* A level of proof that did not run is named; people read it beside the
 * proof. */
static const char *not_checked(const cvyi_report *r)
{
    if (r->written == NULL)
        return NULL;
    if (r->file != NULL)
        return "proof: a live framework is not checked";
    return r->proof == NULL
               ? "proof: not checked, as asked"
               : "proof: what has been compared is the ported graph; the text "
                 "of the written file and a live framework are not checked";
}

static void put_numbers(cvyi_json *j, const cvyi_report *r)
{
    int64_t all, trainable;

    if (r->port != NULL)
        cvyi_json_int(j, "leftover_transposes",
                      cvyi_leftover_transposes(r->port));
    else
        cvyi_json_null(j, "leftover_transposes");
    if (r->source != NULL) {
        cvyi_graph_parameters(r->source, &all, &trainable);
        cvyi_json_int(j, "parameters", all);
        cvyi_json_int(j, "trainable", trainable);
    } else {
        cvyi_json_null(j, "parameters");
        cvyi_json_null(j, "trainable");
    }
    cvyi_json_open(j, "seconds", '{', CVYI_JSON_FLAT);
    cvyi_json_real(j, "read", r->read);
    cvyi_json_real(j, "pass", r->pass);
    cvyi_json_real(j, "write", r->write);
    cvyi_json_real(j, "proof", r->prove);
    cvyi_json_close(j, '}');
    cvyi_json_int(j, "peak_bytes", r->peak_bytes);
}

void cvyi_report_json(cvyi_text *out, const cvyi_report *r)
{
    const bool refused = r->findings != NULL && r->findings->n_refusals > 0;
    cvyi_json j = { .out = out };

    cvyi_json_open(&j, NULL, '{', CVYI_JSON_TALL);
    cvyi_json_text(&j, "convey", cvy_version());
    put_source(&j, r);
    put_tensors(&j, r);
    if (cvyi_report_weights(&j, r->port, r->written) != CVY_OK)
        out->bad = true;
    put_layers(&j, r);
    cvyi_report_findings(&j, r->findings, not_checked(r));
    put_proof(&j, r);
    put_numbers(&j, r);
    if (r->error != NULL && !refused)
        cvyi_report_error(&j, r->error);
    cvyi_json_close(&j, '}');
}
