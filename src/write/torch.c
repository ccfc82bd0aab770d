/* write/torch.c - a graph as PyTorch source and weights. */
#include "write/torch.h"

#include <string.h>

/* Layers of the source and their names in the target, in source order. */
static cvy_status name_layers(cvyi_torch_writer *w)
{
    const size_t n = (size_t)w->graph->n_calls;
    const char **const source =
        cvyi_arena_alloc(&w->out->arena, n, sizeof *source);
    const char **const target =
        cvyi_arena_alloc(&w->out->arena, n, sizeof *target);

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

static cvy_status remark_training(cvyi_torch_writer *w)
{
    const cvyi_value *const training = w->source->training;

    if (training == NULL || training->n == 0)
        return CVY_OK;
    return cvyi_remark(w->findings, "",
                       "loss and optimizer of the source are not carried over",
                       w->err);
}

/* After the file; another name than the classes that stand beside it. */
static cvy_status name_class(cvyi_torch_writer *w)
{
    cvyi_arena *const arena = &w->out->arena;
    const char *name = cvyi_class_name(arena, w->options->file_name);

    for (int i = 0; name != NULL && i < w->n_helpers; i++)
        if (strcmp(name, w->helpers[i]->name) == 0) {
            name = cvyi_arena_printf(arena, "Model%s", name);
            break;
        }
    w->out->class_name = name;
    return name != NULL ? CVY_OK : cvyi_no_memory(w->err);
}

static cvy_status write_all(cvyi_torch_writer *w)
{
    CVYI_TRY(cvyi_torch_speak(w));
    CVYI_TRY(name_class(w));
    CVYI_TRY(cvyi_reading_order(w->order, w->graph, w->err));
    CVYI_TRY(cvyi_torch_model(w));
    CVYI_TRY(remark_training(w));
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
    written.call_targets = w.targets;
    status = w.spoken != NULL && w.order != NULL && w.targets != NULL
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

const cvyi_target_kind cvyi_target_torch = {
    .name = "torch",
    .framework = "PyTorch",
    .title = "PyTorch source and weights: NAME.py, NAME.safetensors",
    .axes = CVYI_AXES_FIRST,
    .source_suffix = ".py",
    .weights_suffix = ".safetensors",
    .imports = "torch safetensors collections pathlib math",
    .write = cvyi_write_torch,
    .write_weights = cvyi_write_torch_weights,
};
