/* write/torch.c - a graph as PyTorch source and weights. */
#include "write/torch.h"

#include <string.h>

/* Layers of the source and their names in the target, in source order. */
static cvy_status name_layers(cvyi_torch_writer *w)
{
    const int n = w->graph->n_modules;
    const char **const source =
        cvyi_arena_alloc(&w->out->arena, (size_t)n, sizeof *source);
    const char **const target =
        cvyi_arena_alloc(&w->out->arena, (size_t)n, sizeof *target);

    if (source == NULL || target == NULL)
        return cvyi_no_memory(w->err);
    w->out->source_names = source;
    w->out->target_names = target;
    for (int i = 0; i < w->graph->n_calls; i++) {
        const cvyi_call *const call = &w->graph->calls[i];

        if (call->label != NULL || w->spoken[i].attribute == NULL)
            continue;
        source[w->out->n_names] = cvyi_call_layer(w->graph, call);
        target[w->out->n_names++] = w->spoken[i].attribute;
    }
    return CVY_OK;
}

static cvy_status write_all(cvyi_torch_writer *w)
{
    w->out->class_name =
        cvyi_class_name(&w->out->arena, w->options->file_name);
    if (w->out->class_name == NULL)
        return cvyi_no_memory(w->err);
    CVYI_TRY(cvyi_torch_speak(w));
    CVYI_TRY(cvyi_reading_order(w->order, w->graph, w->err));
    CVYI_TRY(cvyi_torch_model(w));
    CVYI_TRY(cvyi_torch_file(w));
    CVYI_TRY(cvyi_torch_name_weights(w));
    return name_layers(w);
}

cvy_status cvyi_write_torch(cvyi_written *out, cvyi_graph *graph,
                            const cvyi_graph *source,
                            const cvyi_write_options *options,
                            cvyi_findings *findings, cvy_error *err)
{
    const size_t n = (size_t)graph->n_calls;
    cvyi_written written = { 0 };
    cvyi_torch_writer w = { .graph = graph,
                            .source = source,
                            .options = options,
                            .findings = findings,
                            .out = &written,
                            .err = err };
    cvy_status status;

    w.spoken = cvyi_alloc(n, sizeof *w.spoken);
    w.order = cvyi_alloc(n, sizeof *w.order);
    w.targets = cvyi_arena_alloc(&written.arena, n, sizeof *w.targets);
    w.lines = cvyi_arena_alloc(&written.arena, n, sizeof *w.lines);
    written.call_targets = w.targets;
    written.call_lines = w.lines;
    status = w.spoken != NULL && w.order != NULL && w.targets != NULL &&
                     w.lines != NULL
                 ? write_all(&w)
                 : cvyi_no_memory(err);
    for (size_t i = 0; w.spoken != NULL && i < n; i++)
        cvyi_said_close(&w.spoken[i].said);
    cvyi_free(w.spoken);
    cvyi_free(w.order);
    cvyi_text_close(&w.body);
    if (status == CVY_OK)
        *out = written;
    else
        cvyi_written_close(&written);
    return status;
}

void cvyi_written_close(cvyi_written *written)
{
    cvyi_text_close(&written->code);
    cvyi_arena_close(&written->arena);
    *written = (cvyi_written){ 0 };
}
