/*
 * write/torch_precision.c - the types that a model stores and computes in.
 *
 * A model whose weights are all of one type is made of that type: self.to. One
 * that stores float32 and computes in a half computes under torch.autocast:
 * the statements of its forward stand in a `with`, but for those that compute
 * in float32.
 */
#include "pysrc/line.h"
#include "write/torch.h"

#include <ctype.h>
#include <string.h>

static cvy_dtype type_of(const cvyi_graph *graph, int result)
{
    return graph->results[result].type.dtype;
}

/* The type that most parameters are of; float32 of as many. */
static cvy_dtype most_stored(const cvyi_graph *graph)
{
    int counts[CVY_BOOL + 1] = { 0 };
    cvy_dtype most = CVY_F32;

    for (int i = 0; i < graph->n_params; i++)
        counts[graph->params[i].stored.dtype]++;
    for (int type = CVY_F32; type <= CVY_BOOL; type++)
        if (counts[type] > counts[most])
            most = (cvy_dtype)type;
    return most;
}

void cvyi_torch_precision(cvyi_torch_writer *w)
{
    const cvyi_graph *const graph = w->graph;

    w->autocast = CVY_F32;
    w->stored = most_stored(graph);
    for (int i = 0; i < graph->n_calls; i++)
        if (cvyi_call_is_mixed(graph, &graph->calls[i]))
            w->autocast = type_of(graph, graph->calls[i].out[0]);
}

/* "self.blocks[0].conv" of "blocks.0.conv" */
static void put_path(cvyi_text *out, const char *path)
{
    cvyi_text_put(out, "self");
    while (*path != '\0') {
        const size_t n = strcspn(path, ".");
        const bool number = isdigit((unsigned char)*path) != 0;

        cvyi_text_put(out, number ? "[" : ".");
        cvyi_text_add(out, path, n);
        cvyi_text_put(out, number ? "]" : "");
        path += n + (path[n] == '.');
    }
}

/* A layer whose weights are of another type than the model's. */
static void put_exception(cvyi_torch_writer *w, int call)
{
    const int *const params = w->graph->calls[call].params;
    const char *const path = w->spoken[call].path;
    cvy_dtype stored = w->stored;
    cvyi_text line = { 0 };

    for (int s = 0; s < CVYI_MAX_SLOTS; s++)
        if (params[s] >= 0)
            stored = w->graph->params[params[s]].stored.dtype;
    if (stored == w->stored || path == NULL || !w->spoken[call].first)
        return;
    put_path(&line, path);
    cvyi_text_printf(&line, ".to(torch.%s)", cvy_dtype_name(stored));
    cvyi_py_line(&w->body, 8, cvyi_text_c(&line), "", NULL);
    w->body.bad = w->body.bad || line.bad;
    cvyi_text_close(&line);
}

void cvyi_torch_put_precision(cvyi_torch_writer *w, const cvyi_unit *unit)
{
    if (unit != w->units)
        return;
    if (w->stored != CVY_F32)
        cvyi_text_printf(&w->body, "        self.to(torch.%s)\n",
                         cvy_dtype_name(w->stored));
    for (int i = 0; i < w->graph->n_calls; i++)
        put_exception(w, i);
}

bool cvyi_torch_is_autocast(const cvyi_torch_writer *w,
                            const cvyi_torch_item *item)
{
    return w->autocast != CVY_F32 &&
           type_of(w->graph, item->out[0]) == w->autocast;
}

static cvy_status refuse(cvyi_torch_writer *w, int module)
{
    return cvyi_findings_add(
        w->findings,
        (cvyi_finding){ .refusal = true,
                        .kind = cvyi_refusal_kind_name(CVYI_NOT_SUPPORTED),
                        .layer = w->graph->modules[module].name,
                        .attribute = "dtype",
                        .text = "it does not compute in the type that the "
                                "layers around it compute in",
                        .advice = "give all layers of this part one policy",
                        .where = w->graph->modules[module].where },
        w->err);
}

static int module_of(const cvyi_graph *graph, const cvyi_torch_item *item)
{
    return item->call >= 0 ? graph->calls[item->call].module
                           : graph->visits[item->visit].module;
}

/* There is one torch.autocast, and what a unit inside computes stands under
 * it as a whole, or not at all. */
cvy_status cvyi_torch_check_precision(cvyi_torch_writer *w)
{
    const cvyi_graph *const graph = w->graph;

    for (int i = 0; i < graph->n_calls; i++)
        if (cvyi_call_is_mixed(graph, &graph->calls[i]) &&
            type_of(graph, graph->calls[i].out[0]) != w->autocast)
            CVYI_TRY(refuse(w, graph->calls[i].module));
    for (int u = 1; w->autocast != CVY_F32 && u < w->n_units; u++) {
        const cvyi_torch_visit *const visit = &w->visits[w->units[u].visit];

        for (int i = 1; i < visit->n_items; i++)
            if (cvyi_torch_is_autocast(w, &visit->items[i]) !=
                cvyi_torch_is_autocast(w, &visit->items[0])) {
                CVYI_TRY(refuse(w, module_of(graph, &visit->items[i])));
                break;
            }
    }
    return cvyi_findings_verdict(w->findings, w->err);
}
