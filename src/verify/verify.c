/*
 * verify/verify.c - two graphs in lockstep.
 *
 * The source runs call by call. As soon as the values that a call of the port
 * reads are known, that call runs too: on the source's own values, put into
 * the port's order, or on what the port itself made in between (a pad). Every
 * result of the port that equals a result of the source is compared. Values
 * are freed after their last reader, so memory stays that of one pass.
 */
#include "verify/verify.h"

#include "verify/parts.h"

#include <math.h>
#include <string.h>
#include <time.h>

typedef struct lockstep {
    cvyi_proof *proof;
    const cvyi_graph *source, *port;
    cvyi_symbols symbols;
    cvyi_probe_sizes sizes;
    uint64_t seed;
    cvy_view *values, *bounds; /* of the source's results */
    cvy_view *made;            /* of the port's results without origin */
    int *readers;              /* of a source result, still to come */
    int *made_readers;         /* of a port's result without origin */
    bool *checked;             /* source results that the port has made */
    int next;                  /* call of the port */
    cvy_error *err;
} lockstep;

static double now(void)
{
    struct timespec t;

    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static cvy_status open_like(cvy_view *out, lockstep *l, const cvyi_type *type)
{
    int64_t dims[CVYI_MAX_DIMS];

    CVYI_TRY(cvyi_run_dims(dims, type, &l->symbols, l->err));
    return cvyi_tensor_open(out, CVY_F32, type->rank, dims, l->err);
}

static void release(lockstep *l, int result)
{
    if (--l->readers[result] > 0)
        return;
    cvyi_tensor_close(&l->values[result]);
    cvyi_tensor_close(&l->bounds[result]);
}

static void release_made(lockstep *l, int result)
{
    if (--l->made_readers[result] == 0)
        cvyi_tensor_close(&l->made[result]);
}

static void count_readers(lockstep *l)
{
    for (int r = 0; r < l->source->n_results; r++)
        l->readers[r] = 1; /* the source's own call, until it is compared */
    for (int i = 0; i < l->source->n_calls; i++)
        for (int k = 0; k < l->source->calls[i].n_in; k++)
            l->readers[l->source->calls[i].in[k]]++;
    for (int i = 0; i < l->port->n_calls; i++) {
        const cvyi_call *const call = &l->port->calls[i];

        for (int k = 0; k < call->n_in; k++) {
            const int origin = l->port->results[call->in[k]].origin;

            ++*(origin >= 0 ? &l->readers[origin]
                            : &l->made_readers[call->in[k]]);
        }
        for (int k = 0; k < call->n_out; k++)
            if (l->port->results[call->out[k]].origin >= 0)
                l->readers[l->port->results[call->out[k]].origin]++;
    }
}

/* ---- the source's side ---- */

static cvy_status open_results(lockstep *l, const cvyi_call *call)
{
    for (int k = 0; k < call->n_out; k++) {
        const int r = call->out[k];
        const cvyi_type *const type = &l->source->results[r].type;

        CVYI_TRY(open_like(&l->values[r], l, type));
        CVYI_TRY(open_like(&l->bounds[r], l, type));
    }
    return CVY_OK;
}

/* Values and their bounds. */
static cvy_status run_source(lockstep *l, const cvyi_call *call)
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

/* After everybody compared with it: values that could not show a fault in the
 * layers that follow are replaced by random ones, for both sides. */
static void revive(lockstep *l, const cvyi_call *call)
{
    for (int k = 0; k < call->n_out; k++) {
        cvy_view *const value = &l->values[call->out[k]];

        if (value->data != NULL && cvyi_probe_is_dead(value))
            cvyi_probe_random(value, &l->seed);
    }
}

/* ---- the port's side ---- */

/* Has the source made everything that comes of the call? Of a value that it
 * does not have (a pad), what comes of its reader: until that ran, the values
 * the call reads may still be revived. */
static bool answered(const lockstep *l, const cvyi_call *call)
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
static bool ready(const lockstep *l, const cvyi_call *call)
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

static void describe(lockstep *l, cvyi_layer_proof *row,
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

static cvy_status record(lockstep *l, int port_call, int port_result,
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

static cvy_status open_operands(operands *o, lockstep *l,
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
        CVYI_TRY(
            open_like(&o->out[k], l, &l->port->results[call->out[k]].type));
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
static cvy_status take_results(lockstep *l, int i, operands *o)
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
        release(l, origin);
    }
    for (int k = 0; k < call->n_in; k++) {
        const int origin = l->port->results[call->in[k]].origin;

        if (origin >= 0)
            release(l, origin);
        else
            release_made(l, call->in[k]);
    }
    return CVY_OK;
}

static cvy_status run_port(lockstep *l, int i)
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

static cvy_status advance_port(lockstep *l)
{
    while (l->next < l->port->n_calls && ready(l, &l->port->calls[l->next])) {
        CVYI_TRY(run_port(l, l->next));
        l->next++;
    }
    return CVY_OK;
}

/* ---- one round ---- */

static cvy_status fill_inputs(lockstep *l)
{
    for (int i = 0; i < l->source->n_inputs; i++) {
        const int r = l->source->inputs[i];

        CVYI_TRY(open_like(&l->values[r], l, &l->source->results[r].type));
        CVYI_TRY(open_like(&l->bounds[r], l, &l->source->results[r].type));
        cvyi_probe_fill(&l->values[r], &l->seed);
    }
    return CVY_OK;
}

static cvy_status walk(lockstep *l, cvyi_progress_fn *progress, void *context,
                       int done, int total)
{
    count_readers(l);
    CVYI_TRY(fill_inputs(l));
    for (int i = 0; i < l->source->n_calls; i++) {
        const cvyi_call *const call = &l->source->calls[i];

        CVYI_TRY(run_source(l, call));
        CVYI_TRY(advance_port(l));
        revive(l, call);
        for (int k = 0; k < call->n_in; k++)
            release(l, call->in[k]);
        for (int k = 0; k < call->n_out; k++)
            release(l, call->out[k]);
        if (progress != NULL && !progress(context, done + i + 1, total))
            return cvyi_fail(l->err, CVY_INTERRUPTED, "interrupted");
    }
    return CVY_OK;
}

static void close_round(lockstep *l)
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
    l->values = l->bounds = l->made = NULL;
    l->readers = l->made_readers = NULL;
}

static cvy_status run_round(lockstep *l, int round, int rounds,
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
    status = l->values != NULL && l->bounds != NULL && l->made != NULL &&
                     l->readers != NULL && l->made_readers != NULL
                 ? walk(l, progress, context, round * calls, rounds * calls)
                 : cvyi_no_memory(l->err);
    close_round(l);
    return status;
}

/* ---- the verdict ---- */

static bool same_tree(const lockstep *l, const cvyi_tree *a,
                      const cvyi_tree *b)
{
    if (a->kind != b->kind || a->n != b->n)
        return false;
    if (a->kind == CVYI_TREE_SINGLE)
        return l->port->results[b->result].origin == a->result;
    for (int i = 0; i < a->n; i++)
        if ((a->kind == CVYI_TREE_DICT && strcmp(a->keys[i], b->keys[i])) ||
            !same_tree(l, &a->items[i], &b->items[i]))
            return false;
    return true;
}

/* A call of the source whose result the port never makes is a fault. */
static void find_missing(lockstep *l)
{
    for (int i = 0; i < l->source->n_calls; i++) {
        cvyi_layer_proof *const row = &l->proof->layers[i];

        for (int k = 0; k < l->source->calls[i].n_out; k++) {
            if (l->checked[l->source->calls[i].out[k]])
                continue;
            row->verdict = CVYI_FAILED;
            row->share = INFINITY;
            row->cause =
                cvyi_likely_cause(&l->proof->arena, l->source, i, l->port, -1);
        }
    }
}

static void conclude(lockstep *l)
{
    cvyi_proof *const proof = l->proof;

    proof->first_failure = -1;
    proof->engine = CVYI_PROVEN;
    for (int i = 0; i < proof->n_layers; i++) {
        const cvyi_layer_proof *const row = &proof->layers[i];

        if (row->verdict == CVYI_FAILED && proof->first_failure < 0)
            proof->first_failure = i;
        if (row->share > proof->worst_share)
            proof->worst_share = row->share;
    }
    if (proof->first_failure >= 0 || l->next < l->port->n_calls ||
        !same_tree(l, &l->source->output_tree, &l->port->output_tree))
        proof->engine = CVYI_FAILED;
}

static cvy_status prove(lockstep *l, cvyi_progress_fn *progress, void *context)
{
    const int rounds = cvyi_probe_rounds(l->source);

    l->proof->n_layers = l->source->n_calls;
    l->proof->layers =
        cvyi_arena_alloc(&l->proof->arena, (size_t)l->source->n_calls,
                         sizeof *l->proof->layers);
    l->checked = cvyi_arena_alloc(
        &l->proof->arena, (size_t)l->source->n_results, sizeof *l->checked);
    if (l->proof->layers == NULL || l->checked == NULL)
        return cvyi_no_memory(l->err);
    for (int i = 0; i < l->source->n_calls; i++) {
        l->proof->layers[i].source_call = i;
        l->proof->layers[i].target_call = -1;
        l->proof->layers[i].where = l->proof->layers[i].cause = "";
    }
    for (int round = 0; round < rounds; round++)
        CVYI_TRY(run_round(l, round, rounds, progress, context));
    find_missing(l);
    conclude(l);
    return CVY_OK;
}

cvy_status cvyi_verify(cvyi_proof *out, const cvyi_graph *source,
                       const cvyi_graph *port, uint64_t seed,
                       cvyi_progress_fn *progress, void *context,
                       cvy_error *err)
{
    cvyi_proof proof = { .seed = seed };
    lockstep l = { .proof = &proof,
                   .source = source,
                   .port = port,
                   .seed = seed,
                   .err = err };
    const double start = now();
    const cvy_status status = prove(&l, progress, context);

    proof.seconds = now() - start;
    if (status == CVY_OK)
        *out = proof;
    else
        cvyi_proof_close(&proof);
    return status;
}

void cvyi_proof_close(cvyi_proof *proof)
{
    cvyi_arena_close(&proof->arena);
    *proof = (cvyi_proof){ 0 };
}
