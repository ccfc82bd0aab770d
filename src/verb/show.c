/* verb/show.c - reads a model, brings it to where it is to be shown. */
#include "verb/ask.h"
#include "verb/show.h"

#include <string.h>

/* ---- the straight list ---- */

static cvy_status check_request(cvy_show *show,
                                const cvy_show_options *options,
                                cvy_error *err)
{
    cvyi_text names = { 0 };
    bool found = options->after == NULL;

    CVYI_TRY(cvyi_target_find(&show->target, options->target, err));
    for (size_t i = 0; i < cvyi_n_passes; i++) {
        cvyi_text_printf(&names, "%s%s", i > 0 ? ", " : "",
                         cvyi_passes[i].name);
        found = found || strcmp(cvyi_passes[i].name, options->after) == 0;
    }
    if (!found)
        cvyi_fail(err, CVY_ARGUMENT,
                  "there is no pass \"%.64s\"; there are %s", options->after,
                  cvyi_text_c(&names));
    cvyi_text_close(&names);
    return found ? CVY_OK : CVY_ARGUMENT;
}

/* Sizes are given in the source's order: before any pass. */
static cvy_status fix_inputs(cvy_show *show, const cvy_show_options *options,
                             cvy_error *err)
{
    for (int i = 0; i < options->n_inputs; i++)
        CVYI_TRY(cvyi_show_input(show, options->inputs[i], err));
    return cvyi_show_one_sample(show, err);
}

static cvy_status run_passes(cvy_show *show, cvy_error *err)
{
    const cvyi_target target = { .dialect = show->target->name,
                                 .axes = show->target->axes };

    if (show->after == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_graph_copy(&show->copy, show->source.graph, err));
    show->graph = show->copy;
    return cvyi_pass_run(show->copy, &target, show->after, &show->findings,
                         err);
}

static cvy_status run(cvy_show *show, const cvy_show_options *options,
                      cvy_error *err)
{
    const cvyi_asking asking = { .from = options->from,
                                 .entry = options->entry,
                                 .root = options->root,
                                 .weights = options->weights,
                                 .n_sets = options->n_sets,
                                 .sets = options->sets,
                                 .n_inputs = options->n_inputs,
                                 .inputs = options->inputs,
                                 .no_values = true };

    CVYI_TRY(check_request(show, options, err));
    CVYI_TRY(cvyi_ask(&show->source, options->source, &asking, &show->arena,
                      &show->findings, err));
    show->graph = show->source.graph;
    CVYI_TRY(fix_inputs(show, options, err));
    CVYI_TRY(run_passes(show, err));
    return cvyi_show_count(show, err);
}

static const char *keep(cvyi_arena *arena, const char *text)
{
    return cvyi_arena_text(arena, text, strlen(text));
}

cvy_status cvy_show_open(cvy_show **out, const cvy_show_options *options,
                         cvy_error *err)
{
    cvy_show *show;

    if (options == NULL || options->source == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "there is nothing to show");
    show = cvyi_alloc(1, sizeof *show);
    if (show == NULL)
        return cvyi_no_memory(err);
    show->path = keep(&show->arena, options->source);
    if (options->after != NULL)
        show->after = keep(&show->arena, options->after);
    if (show->path == NULL ||
        (options->after != NULL && show->after == NULL)) {
        cvy_show_close(show);
        return cvyi_no_memory(err);
    }
    show->status = run(show, options, &show->error);
    *out = show;
    return CVY_OK;
}

/* ---- what came of it ---- */

cvy_status cvy_show_status(const cvy_show *show)
{
    return show->status;
}

const cvy_error *cvy_show_error(const cvy_show *show)
{
    return show->status != CVY_OK ? &show->error : NULL;
}

int32_t cvy_show_findings(const cvy_show *show)
{
    return show->findings.n;
}

cvy_finding cvy_show_finding(const cvy_show *show, int32_t index)
{
    return cvyi_public_finding(&show->findings, index);
}

cvy_status cvy_show_graph(const char **out, cvy_show *show, cvy_error *err)
{
    cvyi_text text = { 0 };

    if (show->status == CVY_OK)
        cvyi_graph_print(&text, show->graph);
    if (text.bad) {
        cvyi_text_close(&text);
        return cvyi_no_memory(err);
    }
    cvyi_text_close(&show->text);
    show->text = text;
    *out = cvyi_text_c(&show->text);
    return CVY_OK;
}

void cvy_show_close(cvy_show *show)
{
    if (show == NULL)
        return;
    cvyi_graph_close(show->copy);
    cvyi_source_close(&show->source);
    cvyi_findings_close(&show->findings);
    cvyi_text_close(&show->table);
    cvyi_text_close(&show->json);
    cvyi_text_close(&show->text);
    cvyi_arena_close(&show->arena);
    cvyi_free(show);
}
