/* write/torch.c - a graph as PyTorch source and weights. */
#include "write/torch.h"

#include <string.h>

/* "encoder/conv_a": the source's layer inside of the models around it. */
static const char *source_path(cvyi_torch_writer *w, int call)
{
    const int origin = w->graph->calls[call].origin;
    const cvyi_module *modules = w->graph->modules;
    int module = w->graph->calls[call].module;
    const char *path;

    if (origin >= 0 && origin < w->source->n_calls) {
        modules = w->source->modules;
        module = w->source->calls[origin].module;
    }
    path = modules[module].name;
    for (int m = modules[module].parent; path != NULL && m > 0;
         m = modules[m].parent)
        path =
            cvyi_arena_printf(&w->out->arena, "%s/%s", modules[m].name, path);
    return path;
}

static bool is_named(const cvyi_torch_writer *w, const char *source)
{
    for (int i = 0; i < w->out->n_names; i++)
        if (strcmp(w->out->source_names[i], source) == 0)
            return true;
    return false;
}

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
        const char *path;

        if (w->graph->calls[i].label != NULL || !w->spoken[i].first)
            continue;
        path = source_path(w, i);
        if (path == NULL)
            return cvyi_no_memory(w->err);
        if (is_named(w, path))
            continue;
        source[w->out->n_names] = path;
        target[w->out->n_names++] = w->spoken[i].path;
    }
    return CVY_OK;
}

/* What a call is when the code is read back: its own operator, unless its
 * words say otherwise. */
static bool keep_means(cvyi_written_call *out, cvyi_arena *arena,
                       const cvyi_call *call, const cvyi_said *said)
{
    const int n = said->differs ? said->n_means : 1;
    cvyi_attrs *const means =
        cvyi_arena_alloc(arena, (size_t)n + 1, sizeof *means);

    if (means == NULL)
        return false;
    memcpy(means, said->differs ? said->means : &call->attrs,
           (size_t)n * sizeof *means);
    out->means = means;
    out->n_means = n;
    out->repeated = said->repeated;
    out->lent = said->lent;
    return true;
}

static bool keep_slots(cvyi_written_call *out, cvyi_arena *arena,
                       const cvyi_said *said)
{
    const size_t n = (size_t)said->n_slots;
    cvyi_said_slot *const slots =
        cvyi_arena_alloc(arena, n + 1, sizeof *slots);

    if (slots == NULL)
        return false;
    memcpy(slots, said->slots, n * sizeof *slots);
    out->slots = slots;
    out->n_slots = said->n_slots;
    return true;
}

static cvy_status record_calls(cvyi_torch_writer *w)
{
    cvyi_arena *const arena = &w->out->arena;
    cvyi_written_call *const calls =
        cvyi_arena_alloc(arena, (size_t)w->graph->n_calls + 1, sizeof *calls);

    if (calls == NULL)
        return cvyi_no_memory(w->err);
    for (int i = 0; i < w->graph->n_calls; i++) {
        const cvyi_spoken *const spoken = &w->spoken[i];

        calls[i].module = spoken->path != NULL;
        calls[i].path = calls[i].module ? spoken->path : spoken->home;
        calls[i].target =
            calls[i].module ? spoken->path : cvyi_torch_function_text(w, i);
        if (calls[i].target == NULL ||
            !keep_means(&calls[i], arena, &w->graph->calls[i],
                        &spoken->said) ||
            !keep_slots(&calls[i], arena, &spoken->said))
            return cvyi_no_memory(w->err);
    }
    w->out->calls = calls;
    return CVY_OK;
}

static cvy_status write_all(cvyi_torch_writer *w)
{
    CVYI_TRY(cvyi_torch_speak(w));
    CVYI_TRY(cvyi_torch_scope(w));
    cvyi_torch_precision(w);
    CVYI_TRY(cvyi_torch_check_precision(w));
    CVYI_TRY(cvyi_torch_spoken(w));
    CVYI_TRY(cvyi_torch_members(w));
    CVYI_TRY(cvyi_torch_classes(w));
    CVYI_TRY(cvyi_torch_names(w));
    CVYI_TRY(cvyi_torch_model(w));
    CVYI_TRY(cvyi_torch_name_weights(w));
    CVYI_TRY(cvyi_torch_file(w));
    CVYI_TRY(record_calls(w));
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
    status = w.spoken != NULL ? write_all(&w) : cvyi_no_memory(err);
    for (size_t i = 0; w.spoken != NULL && i < n; i++)
        cvyi_said_close(&w.spoken[i].said);
    cvyi_free(w.spoken);
    cvyi_arena_close(&w.arena);
    cvyi_text_close(&w.body);
    cvyi_text_close(&w.training);
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

static const cvyi_weights_format formats[] = {
    { "safetensors", ".safetensors", cvyi_write_torch_weights },
    { "pth", ".pth", cvyi_write_torch_pth },
    { 0 }
};

const cvyi_target_kind cvyi_target_torch = {
    .name = "torch",
    .framework = "PyTorch",
    .title = "PyTorch source and weights: NAME.py, NAME.safetensors (or .pth)",
    .axes = CVYI_AXES_FIRST,
    .source_suffix = ".py",
    .weights = formats,
    .imports = "torch safetensors collections pathlib math",
    .ask = cvyi_ask_torch,
    .write = cvyi_write_torch,
    .mark = cvyi_mark_torch,
};
