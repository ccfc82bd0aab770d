/* verify/report_parts.c - what reports of several verbs have in common. */
#include "verify/report.h"

#include <string.h>

static void put_finding(cvyi_json *j, const cvyi_finding *f)
{
    cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "layer", f->layer);
    if (f->refusal) {
        cvyi_json_text(j, "kind", f->kind);
        cvyi_json_text(j, "attribute", f->attribute);
        cvyi_json_text(j, "reason", f->text);
        cvyi_json_text(j, "advice", f->advice);
    } else {
        cvyi_json_text(j, "text", f->text);
    }
    cvyi_json_text(j, "where", f->where);
    cvyi_json_close(j, '}');
}

static void put_findings(cvyi_json *j, const cvyi_findings *findings,
                         bool refusals)
{
    for (int i = 0; findings != NULL && i < findings->n; i++)
        if (findings->items[i].refusal == refusals)
            put_finding(j, &findings->items[i]);
}

void cvyi_report_findings(cvyi_json *j, const cvyi_findings *findings,
                          const char *remark)
{
    cvyi_json_open(j, "remarks", '[', CVYI_JSON_TALL);
    put_findings(j, findings, false);
    if (remark != NULL)
        put_finding(
            j, &(cvyi_finding){ .layer = "", .text = remark, .where = "" });
    cvyi_json_close(j, ']');
    cvyi_json_open(j, "refusals", '[', CVYI_JSON_TALL);
    put_findings(j, findings, true);
    cvyi_json_close(j, ']');
}

cvy_finding cvyi_public_finding(const cvyi_findings *findings, int index)
{
    static const cvyi_finding none = { .kind = "",
                                       .layer = "",
                                       .attribute = "",
                                       .text = "",
                                       .advice = "",
                                       .where = "" };
    const cvyi_finding *const f =
        index >= 0 && index < findings->n ? &findings->items[index] : &none;

    return (cvy_finding){ .refusal = f->refusal,
                          .kind = f->kind,
                          .layer = f->layer,
                          .text = f->text,
                          .attribute = f->attribute,
                          .advice = f->advice,
                          .where = f->where };
}

void cvyi_report_error(cvyi_json *j, const cvy_error *error)
{
    cvyi_json_open(j, "error", '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "status", cvy_status_text(error->status));
    cvyi_json_int(j, "exit", cvy_status_exit(error->status));
    cvyi_json_text(j, "text", error->text);
    cvyi_json_text(j, "where", error->where);
    if (error->line > 0)
        cvyi_json_int(j, "line", error->line);
    else
        cvyi_json_null(j, "line");
    if (error->offset >= 0)
        cvyi_json_int(j, "offset", error->offset);
    else
        cvyi_json_null(j, "offset");
    cvyi_json_close(j, '}');
}

void cvyi_report_dims(cvyi_json *j, const char *key, const cvyi_type *type)
{
    cvyi_json_open(j, key, '[', CVYI_JSON_FLAT);
    for (int i = 0; i < type->rank; i++) {
        int64_t n;

        if (cvyi_size_constant(&n, type->dims[i]))
            cvyi_json_int(j, NULL, n);
        else
            cvyi_json_null(j, NULL);
    }
    cvyi_json_close(j, ']');
}

const char *cvyi_output_name(const cvyi_graph *graph, const cvyi_tree *leaf,
                             const char *key)
{
    const cvyi_result *const r = &graph->results[leaf->result];

    if (key != NULL)
        return key;
    if (r->name != NULL || r->call < 0)
        return r->name != NULL ? r->name : "input";
    return cvyi_call_layer(graph, &graph->calls[r->call]);
}

void cvyi_report_origin(cvyi_text *out, const cvyi_graph *graph)
{
    const char *const dialect = graph->dialect;

    cvyi_text_put(out, cvyi_dialect_world(dialect));
    if (dialect != NULL && strncmp(dialect, "keras", 5) == 0)
        cvyi_text_printf(
            out, " %s", graph->version != NULL ? graph->version : dialect + 5);
}
