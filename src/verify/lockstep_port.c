/* verify/lockstep_port.c - the port's side: run, compare, record. */
#include "verify/lockstep.h"

/* Has the source made everything that comes of the call? Of a value that it
 * does not have (a pad), what comes of its reader: until that ran, the values
 * the call reads may still be revived. */
static bool answered(const cvyi_lockstep *l, const cvyi_call *call)
{
    for (int k = 0; k < call->n_out; k++) {
        const int r = call->out[k];
        const int origin = l->port->results[r].origin;
        int reader;

        if (origin >= 0) {
            if (l->values[origin].data == NULL)
                return false;
        } else if (cvyi_graph_users(l->port, r, &reader, 1) > 0 &&
                   !answered(l, &l->port->calls[reader])) {
            return false;
        }
    }
    return true;
}

/* Inputs known: computed on the source's side, or made by the port. */
static bool ready(const cvyi_lockstep *l, const cvyi_call *call)
{
    for (int k = 0; k < call->n_in; k++) {
        const int r = call->in[k];
        const int origin = l->port->results[r].origin;

        if (origin >= 0 ? l->values[origin].data == NULL
                        : l->made[r].data == NULL)
            return false;
    }
    return answered(l, call);
}

static void describe(cvyi_lockstep *l, cvyi_layer_proof *row,
                     const cvyi_difference *d, int rank)
{
    cvyi_text text = { 0 };

    cvyi_text_put(&text, "output [");
    for (int i = 0; i < rank; i++)
        cvyi_text_printf(&text, "%s%lld", i > 0 ? ", " : "",
                         (long long)d->at[i]);
    cvyi_text_printf(&text, "] on %s", cvyi_probe_name(d->at[0]));
    row->where =
        cvyi_arena_text(&l->proof->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    if (row->where == NULL)
        row->where = "";
}

static cvy_status record(cvyi_lockstep *l, int port_call, int port_result,
                         const cvy_view *made)
{
    const cvyi_result *const result = &l->port->results[port_result];
    const int origin = result->origin;
    cvyi_layer_proof *const row =
        &l->proof->layers[l->source->results[origin].call];
    cvyi_difference d;

    CVYI_TRY(cvyi_compare(&d, &l->values[origin], &l->bounds[origin], made,
                          &result->arrangement, l->err));
    l->checked[origin] = true;
    l->proof->samples += made->rank > 0 ? made->dims[0] : 1;
    row->target_call = port_call;
    if (row->verdict == CVYI_NOT_CHECKED)
        row->verdict = CVYI_PROVEN;
    if (d.share > row->share || row->bound == 0) {
        row->share = d.share;
        row->error = d.error;
        row->bound = d.bound;
    }
    if (d.share > 1 && row->verdict != CVYI_FAILED) {
        row->verdict = CVYI_FAILED;
        describe(l, row, &d, l->values[origin].rank);
        row->cause = cvyi_likely_cause(&l->proof->arena, l->source,
                                       row->source_call, l->port, port_call);
    }
    return CVY_OK;
}

/* What a call of the port reads and makes. */
typedef struct operands {
    cvy_view *in;
    bool *owned; /* of an input: its memory is ours */
    cvy_view out[CVYI_MAX_OUTPUTS];
} operands;

static cvy_status open_operands(operands *o, cvyi_lockstep *l,
                                const cvyi_call *call)
{
    o->in = cvyi_alloc((size_t)call->n_in, sizeof *o->in);
    o->owned = cvyi_alloc((size_t)call->n_in, sizeof *o->owned);
    if (o->in == NULL || o->owned == NULL)
        return cvyi_no_memory(l->err);
    for (int k = 0; k < call->n_in; k++) {
        const cvyi_result *const r = &l->port->results[call->in[k]];

        if (r->origin < 0)
            o->in[k] = l->made[call->in[k]];
        else
            CVYI_TRY(cvyi_arranged(&o->in[k], &o->owned[k],
                                   &l->values[r->origin], &r->arrangement,
                                   l->err));
    }
    for (int k = 0; k < call->n_out; k++)
        CVYI_TRY(cvyi_lockstep_open(&o->out[k], l,
                                    &l->port->results[call->out[k]].type));
    return CVY_OK;
}

static void close_operands(operands *o, const cvyi_call *call)
{
    for (int k = 0; o->in != NULL && o->owned != NULL && k < call->n_in; k++)
        if (o->owned[k])
            cvyi_tensor_close(&o->in[k]);
    for (int k = 0; k < call->n_out; k++)
        cvyi_tensor_close(&o->out[k]);
    cvyi_free(o->in);
    cvyi_free(o->owned);
}

/* Compares what the source has too, keeps what it has not, and lets go of
 * what was read. */
static cvy_status take_results(cvyi_lockstep *l, int i, operands *o)
{
    const cvyi_call *const call = &l->port->calls[i];

    for (int k = 0; k < call->n_out; k++) {
        const int origin = l->port->results[call->out[k]].origin;

        if (origin < 0) {
            l->made[call->out[k]] = o->out[k];
            o->out[k].data = NULL;
            continue;
        }
        if (l->source->results[origin].call >= 0)
            CVYI_TRY(record(l, i, call->out[k], &o->out[k]));
        cvyi_lockstep_release(l, origin);
    }
    for (int k = 0; k < call->n_in; k++) {
        const int origin = l->port->results[call->in[k]].origin;

        if (origin >= 0)
            cvyi_lockstep_release(l, origin);
        else
            cvyi_lockstep_release_made(l, call->in[k]);
    }
    return CVY_OK;
}

static cvy_status run_port(cvyi_lockstep *l, int i)
{
    const cvyi_call *const call = &l->port->calls[i];
    operands o = { 0 };
    cvy_status status = open_operands(&o, l, call);

    if (status == CVY_OK)
        status =
            cvyi_run_call(l->port, call, o.in, o.out, CVYI_RUN_VALUE, l->err);
    if (status == CVY_OK)
        status = take_results(l, i, &o);
    close_operands(&o, call);
    return status;
}

/* The port's calls may come in another order than the source's. Those that
 * wait for the source are passed over, so that a value is compared as soon as
 * both sides can make it; how far ahead is bounded. */
cvy_status cvyi_lockstep_port(cvyi_lockstep *l)
{
    enum { AHEAD = 4096 };
    const int n = l->port->n_calls;
    const int end = n - l->next > AHEAD ? l->next + AHEAD : n;

    for (int i = l->next; i < end; i++) {
        if (l->ran[i] || !ready(l, &l->port->calls[i]))
            continue;
        CVYI_TRY(run_port(l, i));
        l->ran[i] = true;
    }
    while (l->next < n && l->ran[l->next])
        l->next++;
    return CVY_OK;
}

bool cvyi_lockstep_compared(const cvyi_lockstep *l, int result)
{
    for (int i = l->next; i < l->port->n_calls; i++)
        for (int k = 0; k < l->port->calls[i].n_out; k++)
            if (!l->ran[i] &&
                l->port->results[l->port->calls[i].out[k]].origin == result)
                return false;
    return true;
}
