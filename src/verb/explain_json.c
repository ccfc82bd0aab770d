/* verb/explain_json.c - an explanation as JSON, docs/contract.md 4. */
#include "verb/explain.h"

#include "codec/json_write.h"
#include "verify/report.h"

#include <string.h>

bool cvyi_explain_moves(int *axes, const cvyi_explained *e, int result)
{
    const cvyi_result *const r = &e->port->results[result];

    if (!r->arrangement.moved || r->type.rank < 3)
        return false;
    (e->target.axes == CVYI_AXES_FIRST
         ? cvyi_axes_last_to_first
         : cvyi_axes_first_to_last)(r->type.rank, axes);
    return true;
}

static int first_leaf(const cvyi_graph *graph)
{
    const cvyi_tree *tree = &graph->output_tree;

    while (tree->kind != CVYI_TREE_SINGLE && tree->n > 0)
        tree = &tree->items[0];
    return tree->kind == CVYI_TREE_SINGLE ? tree->result : -1;
}

static void put_value(cvyi_json *j, const char *key, const cvyi_explained *e,
                      int source, int target)
{
    int axes[CVYI_MAX_DIMS];

    if (source < 0) {
        cvyi_json_null(j, key);
        return;
    }
    cvyi_json_open(j, key, '{', CVYI_JSON_FLAT);
    cvyi_report_dims(j, "source_shape",
                     &e->source.graph->results[source].type);
    if (target < 0) {
        cvyi_json_null(j, "target_shape");
        cvyi_json_null(j, "permutation");
    } else {
        const cvyi_type *const type = &e->port->results[target].type;

        cvyi_report_dims(j, "target_shape", type);
        if (cvyi_explain_moves(axes, e, target)) {
            cvyi_json_open(j, "permutation", '[', CVYI_JSON_FLAT);
            for (int i = 0; i < type->rank; i++)
                cvyi_json_int(j, NULL, axes[i]);
            cvyi_json_close(j, ']');
        } else {
            cvyi_json_null(j, "permutation");
        }
    }
    cvyi_json_close(j, '}');
}

static void put_code(cvyi_json *j, const char *key, const char *dialect,
                     const char *code)
{
    cvyi_json_open(j, key, '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "framework", dialect);
    cvyi_json_text(j, "code", code);
    cvyi_json_close(j, '}');
}

static void put_verdict(cvyi_json *j, const cvyi_explained *e)
{
    static const cvyi_finding none;
    const cvyi_finding *why = &none;

    for (int i = e->findings.n - 1; i >= 0; i--)
        if (e->findings.items[i].refusal)
            why = &e->findings.items[i];
    cvyi_json_text(j, "verdict",
                   e->status == CVY_OK            ? "exact"
                   : e->status == CVY_UNSUPPORTED ? "refused"
                                                  : "failed");
    cvyi_json_text(j, "kind", why->kind);
    cvyi_json_text(j, "reason",
                   why->text != NULL     ? why->text
                   : e->status != CVY_OK ? e->error.text
                                         : NULL);
    cvyi_json_text(j, "advice", why->advice);
}

static void put_weights(cvyi_json *j, const cvyi_explained *e)
{
    const cvyi_written written = { .n_weights = e->snippet.n_weights,
                                   .weights = e->snippet.weights };

    if (cvyi_report_weights(j, e->port, &written) != CVY_OK)
        j->out->bad = true;
}

static void put_arguments(cvyi_json *j, const cvyi_explained *e)
{
    cvyi_json_open(j, "arguments", '[', CVYI_JSON_FLAT);
    for (int i = 0; i < e->n_arguments; i++) {
        cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
        cvyi_json_text(j, "source", e->arguments[i].source);
        cvyi_json_text(j, "target", e->arguments[i].target);
        cvyi_json_text(j, "why", e->arguments[i].why);
        cvyi_json_close(j, '}');
    }
    cvyi_json_close(j, ']');
}

static void put_borders(cvyi_json *j, const cvyi_explained *e)
{
    cvyi_json_open(j, "border", '[', CVYI_JSON_FLAT);
    for (int i = 0; i < e->n_borders; i++) {
        const cvyi_explain_border *const b = &e->borders[i];

        cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
        cvyi_json_text(j, "axis", b->axis);
        cvyi_json_bool(j, "cut", b->cut);
        if (b->known) {
            cvyi_json_int(j, "before", b->before);
            cvyi_json_int(j, "after", b->after);
        } else {
            cvyi_json_null(j, "before");
            cvyi_json_null(j, "after");
        }
        cvyi_json_text(j, "rule", b->rule);
        cvyi_json_text(j, "simple", b->simple);
        cvyi_json_text(j, "simple_for", b->simple_for);
        cvyi_json_close(j, '}');
    }
    cvyi_json_close(j, ']');
}

static void put_starts(cvyi_json *j, const cvyi_explained *e)
{
    cvyi_json_open(j, "initialisers", '[', CVYI_JSON_FLAT);
    for (int i = 0; i < e->n_starts; i++) {
        cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
        cvyi_json_text(j, "weight", e->starts[i].weight);
        cvyi_json_text(j, "source", e->starts[i].source);
        cvyi_json_text(j, "target", e->starts[i].target);
        cvyi_json_text(j, "code", e->starts[i].code);
        cvyi_json_close(j, '}');
    }
    cvyi_json_close(j, ']');
}

static void put_remarks(cvyi_json *j, const cvyi_explained *e)
{
    cvyi_json_open(j, "remarks", '[', CVYI_JSON_FLAT);
    for (int i = 0; i < e->findings.n; i++)
        if (!e->findings.items[i].refusal)
            cvyi_json_text(j, NULL, e->findings.items[i].text);
    cvyi_json_close(j, ']');
}

static void put_proof(cvyi_json *j, const cvyi_explained *e)
{
    cvyi_json_open(j, "proof", '{', CVYI_JSON_FLAT);
    cvyi_json_real(j, "error", e->worst_error);
    cvyi_json_real(j, "bound", e->worst_bound);
    cvyi_json_text(j, "file", e->file_proven ? "proven" : "not checked");
    cvyi_json_close(j, '}');
}

static void put_nothing(cvyi_json *j)
{
    static const char *const keys[] = { "input",     "output", "weights",
                                        "arguments", "border", "initialisers",
                                        "remarks",   "proof" };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        cvyi_json_null(j, keys[i]);
}

static void put_rows(cvyi_json *j, const cvyi_explained *e)
{
    put_value(j, "input", e, e->source.graph->inputs[0], e->port->inputs[0]);
    put_value(j, "output", e, first_leaf(e->source.graph),
              first_leaf(e->port));
    put_weights(j, e);
    put_arguments(j, e);
    put_borders(j, e);
    put_starts(j, e);
    put_remarks(j, e);
    put_proof(j, e);
}

void cvyi_explain_put_json(cvyi_text *out, const cvyi_explained *e)
{
    cvyi_json j = { .out = out };
    const bool whole =
        e->written && (e->status == CVY_OK || e->status == CVY_PROOF);

    cvyi_json_open(&j, NULL, '{', CVYI_JSON_FLAT);
    put_verdict(&j, e);
    if (whole)
        put_code(&j, "source", e->text->dialect, e->text->code);
    else
        cvyi_json_null(&j, "source");
    if (whole)
        put_code(&j, "target", e->target.dialect,
                 cvyi_text_c(&e->snippet.code));
    else
        cvyi_json_null(&j, "target");
    if (whole)
        put_rows(&j, e);
    else
        put_nothing(&j);
    cvyi_json_close(&j, '}');
}
