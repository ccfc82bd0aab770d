/* verify/lockstep_round.c - one round: the source leads, the port follows. */
#include "verify/lockstep.h"

/* ---- the source's side ---- */

static cvy_status open_results(cvyi_lockstep *l, const cvyi_call *call)
{
    for (int k = 0; k < call->n_out; k++) {
        const int r = call->out[k];
        const cvyi_type *const type = &l->source->results[r].type;

        CVYI_TRY(cvyi_located(l->err,
                              cvyi_lockstep_open(&l->values[r], l, type),
                              cvyi_call_layer(l->source, call)));
        CVYI_TRY(cvyi_lockstep_open(&l->bounds[r], l, type));
    }
    return CVY_OK;
}

/* Values and their bounds. */
static cvy_status run_source(cvyi_lockstep *l, const cvyi_call *call)
{
    cvy_view *const in = cvyi_alloc((size_t)call->n_in, sizeof *in);
    cvy_status status =
        in != NULL ? open_results(l, call) : cvyi_no_memory(l->err);

    for (int k = 0; in != NULL && k < call->n_in; k++)
        in[k] = l->values[call->in[k]];
    if (status == CVY_OK)
        status = cvyi_run_call(l->source, call, in, &l->values[call->out[0]],
                               CVYI_RUN_VALUE, l->err);
    if (status == CVY_OK)
        status = cvyi_run_call(l->source, call, in, &l->bounds[call->out[0]],
                               CVYI_RUN_BOUND, l->err);
    cvyi_free(in);
    return status;
}

/* Values that could not show a fault in the layers that follow are replaced
 * by random ones, for both sides, once the port has compared with them; and
 * those that a table looks up by rows that it has. */
static void revive(cvyi_lockstep *l, const cvyi_call *call)
{
    for (int k = 0; k < call->n_out; k++) {
        cvy_view *const value = &l->values[call->out[k]];

        if (value->data == NULL || !cvyi_lockstep_compared(l, call->out[k]))
            continue;
        if (cvyi_probe_is_dead(value))
            cvyi_probe_random(value, &l->seed);
        cvyi_probe_rows(value, l->source, call->out[k]);
    }
}

/* ---- one round ---- */

static cvy_status fill_inputs(cvyi_lockstep *l)
{
    for (int i = 0; i < l->source->n_inputs; i++) {
        const int r = l->source->inputs[i];

        CVYI_TRY(cvyi_located(l->err,
                              cvyi_lockstep_open(&l->values[r], l,
                                                 &l->source->results[r].type),
                              l->source->results[r].name));
        CVYI_TRY(
            cvyi_lockstep_open(&l->bounds[r], l, &l->source->results[r].type));
        cvyi_probe_fill(&l->values[r], &l->seed);
        cvyi_probe_rows(&l->values[r], l->source, r);
    }
    return CVY_OK;
}

static cvy_status walk(cvyi_lockstep *l, cvyi_progress_fn *progress,
                       void *context, int done, int total)
{
    cvyi_lockstep_count(l);
    CVYI_TRY(fill_inputs(l));
    for (int i = 0; i < l->source->n_calls; i++) {
        const cvyi_call *const call = &l->source->calls[i];

        CVYI_TRY(run_source(l, call));
        CVYI_TRY(cvyi_lockstep_port(l));
        revive(l, call);
        for (int k = 0; k < call->n_in; k++)
            cvyi_lockstep_release(l, call->in[k]);
        for (int k = 0; k < call->n_out; k++)
            cvyi_lockstep_release(l, call->out[k]);
        if (progress != NULL && !progress(context, done + i + 1, total))
            return cvyi_fail(l->err, CVY_INTERRUPTED, "interrupted");
    }
    return CVY_OK;
}

static void close_round(cvyi_lockstep *l)
{
    for (int r = 0; l->values != NULL && r < l->source->n_results; r++)
        cvyi_tensor_close(&l->values[r]);
    for (int r = 0; l->bounds != NULL && r < l->source->n_results; r++)
        cvyi_tensor_close(&l->bounds[r]);
    for (int r = 0; l->made != NULL && r < l->port->n_results; r++)
        cvyi_tensor_close(&l->made[r]);
    cvyi_free(l->values);
    cvyi_free(l->bounds);
    cvyi_free(l->made);
    cvyi_free(l->readers);
    cvyi_free(l->made_readers);
    cvyi_free(l->ran);
    l->ran = NULL;
    l->values = l->bounds = l->made = NULL;
    l->readers = l->made_readers = NULL;
}

cvy_status cvyi_lockstep_round(cvyi_lockstep *l, int round, int rounds,
                               cvyi_progress_fn *progress, void *context)
{
    const size_t n = (size_t)l->source->n_results;
    const size_t n_port = (size_t)l->port->n_results;
    const int calls = l->source->n_calls;
    cvy_status status;

    CVYI_TRY(cvyi_probe_sizes_for(&l->sizes, l->source, round, l->err));
    l->symbols = (cvyi_symbols){ l->sizes.n, l->sizes.names, l->sizes.values };
    l->next = 0;
    l->values = cvyi_alloc(n, sizeof *l->values);
    l->bounds = cvyi_alloc(n, sizeof *l->bounds);
    l->made = cvyi_alloc(n_port, sizeof *l->made);
    l->readers = cvyi_alloc(n, sizeof *l->readers);
    l->made_readers = cvyi_alloc(n_port, sizeof *l->made_readers);
    l->ran = cvyi_alloc((size_t)l->port->n_calls, sizeof *l->ran);
    status = l->values != NULL && l->bounds != NULL && l->made != NULL &&
                     l->readers != NULL && l->made_readers != NULL &&
                     l->ran != NULL
                 ? walk(l, progress, context, round * calls, rounds * calls)
                 : cvyi_no_memory(l->err);
    close_round(l);
    return status;
}
