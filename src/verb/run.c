/* verb/run.c - from a model and arrays to arrays. */
#include "verb/run.h"

#include "run/run.h"
#include "tensor/tensor.h"
#include "verb/ask.h"
#include "verb/usage.h"
#include "verify/report.h"

#include <string.h>

/* ---- the straight list ---- */

static cvy_status read_model(cvy_run *run, cvy_error *err)
{
    const cvy_run_options *const o = run->options;
    const cvyi_asking asking = { .from = o->from,
                                 .entry = o->entry,
                                 .root = o->root,
                                 .weights = o->weights,
                                 .n_sets = o->n_sets,
                                 .sets = o->sets,
                                 .n_inputs = o->n_inputs,
                                 .inputs = o->inputs,
                                 .files = true };
    const double start = cvyi_now();

    CVYI_TRY(cvyi_ask(&run->source, o->source, &asking, &run->arena,
                      &run->findings, err));
    run->n_read = run->findings.n;
    run->read = cvyi_now() - start;
    return CVY_OK;
}

static cvy_status read_inputs(cvy_run *run, cvy_error *err)
{
    const double start = cvyi_now();

    CVYI_TRY(cvyi_run_read_inputs(run, err));
    run->read += cvyi_now() - start;
    return CVY_OK;
}

static bool step(void *context, int call)
{
    cvy_run *const run = context;
    const cvy_run_options *const o = run->options;
    const double now = cvyi_now();

    if (run->layers != NULL)
        run->layers[call] = now - run->last;
    run->last = now;
    return o->progress == NULL || o->progress(o->context, "run", call + 1,
                                              run->source.graph->n_calls);
}

static cvy_status open_results(cvy_run *run, cvy_error *err)
{
    const cvyi_graph *const graph = run->source.graph;

    run->results = cvyi_arena_alloc(&run->arena, (size_t)graph->n_results,
                                    sizeof *run->results);
    if (run->options->layers)
        run->layers = cvyi_arena_alloc(&run->arena, (size_t)graph->n_calls,
                                       sizeof *run->layers);
    if (run->results == NULL ||
        (run->options->layers && run->layers == NULL)) {
        run->results = NULL;
        return cvyi_no_memory(err);
    }
    for (int i = 0; i < graph->n_inputs; i++)
        run->results[graph->inputs[i]] = run->inputs[i].view;
    return CVY_OK;
}

static cvy_status compute(cvy_run *run, cvy_error *err)
{
    const cvyi_symbols symbols = { run->n_symbols, run->symbols, run->sizes };
    cvyi_watch watch = { .step = step, .context = run };
    const double start = cvyi_now();

    CVYI_TRY(open_results(run, err));
    run->last = cvyi_now();
    CVYI_TRY(cvyi_run_watched(run->results, run->source.graph, &symbols,
                              &watch, err));
    run->compute = cvyi_now() - start;
    run->planned_bytes = watch.planned_bytes;
    return CVY_OK;
}

static cvy_status run_all(cvy_run *run, cvy_error *err)
{
    CVYI_TRY(read_model(run, err));
    CVYI_TRY(cvyi_run_name_inputs(run, err));
    CVYI_TRY(cvyi_run_name_outputs(run, err));
    CVYI_TRY(read_inputs(run, err));
    CVYI_TRY(compute(run, err));
    return cvyi_run_write_outputs(run, err);
}

cvy_status cvy_run_open(cvy_run **out, const cvy_run_options *options,
                        cvy_error *err)
{
    cvy_run *run;

    if (options == NULL || options->source == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "there is nothing to run");
    run = cvyi_alloc(1, sizeof *run);
    if (run == NULL)
        return cvyi_no_memory(err);
    run->path =
        cvyi_arena_text(&run->arena, options->source, strlen(options->source));
    if (run->path == NULL) {
        cvy_run_close(run);
        return cvyi_no_memory(err);
    }
    run->options = options;
    run->status = run_all(run, &run->error);
    run->options = NULL;
    run->peak_bytes = cvyi_peak_bytes();
    *out = run;
    return CVY_OK;
}

/* ---- what came of it ---- */

cvy_status cvy_run_status(const cvy_run *run)
{
    return run->status;
}

const cvy_error *cvy_run_error(const cvy_run *run)
{
    return run->status != CVY_OK ? &run->error : NULL;
}

int32_t cvy_run_findings(const cvy_run *run)
{
    return run->findings.n;
}

cvy_finding cvy_run_finding(const cvy_run *run, int32_t index)
{
    return cvyi_public_finding(&run->findings, index);
}

int32_t cvy_run_outputs(const cvy_run *run)
{
    return run->status == CVY_OK ? run->n_outputs : 0;
}

cvy_run_output cvy_run_output_at(const cvy_run *run, int32_t index)
{
    cvy_run_output output = { .name = "" };

    if (index < 0 || index >= cvy_run_outputs(run))
        return output;
    output.name = run->outputs[index].name;
    output.view = run->results[run->outputs[index].result];
    return output;
}

static void close_inputs(cvy_run *run)
{
    for (int i = 0; run->inputs != NULL && i < run->n_inputs; i++) {
        if (run->inputs[i].owned.data != NULL)
            cvyi_tensor_close(&run->inputs[i].owned);
        cvyi_file_unmap(&run->inputs[i].bytes);
    }
}

void cvy_run_close(cvy_run *run)
{
    if (run == NULL)
        return;
    if (run->results != NULL)
        cvyi_run_close(run->results, run->source.graph);
    close_inputs(run);
    cvyi_source_close(&run->source);
    cvyi_findings_close(&run->findings);
    cvyi_text_close(&run->text);
    cvyi_text_close(&run->json);
    cvyi_arena_close(&run->arena);
    cvyi_free(run);
}
