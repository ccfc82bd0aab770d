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

static void count_readers(lockstep *l)
{
    for (int r = 0; r < l->source->n_results; r++)
        l->readers[r] = 1; /* the source's own call, until it is compared */
    for (int i = 0; i < l->source->n_calls; i++)
        for (int k = 0; k < l->source->calls[i].n_in; k++)
            l->readers[l->source->calls[i].in[k]]++;
    for (int i = 0; i < l->port->n_calls; i++) {
        const cvyi_call *const call = &l->port->calls[i];

        for (int k = 0; k < call->n_in; k++)
            if (l->port->results[call->in[k]].origin >= 0)
                l->readers[l->port->results[call->in[k]].origin]++;
        for (int k = 0; k < call->n_out; k++)
            if (l->port->results[call->out[k]].origin >= 0)
                l->readers[l->port->results[call->out[k]].origin]++;
    }
}

/* ---- the source's side ---- */

static cvy_status run_source(lockstep *l, int i)
{
    const cvyi_call *const call = &l->source->calls[i];
    cvy_view in[CVY_MAX_RANK * 8];
    const int most = (int)(sizeof in / sizeof *in);

    if (call->n_in > most)
        return cvyi_fail_in(l->err, CVY_UNSUPPORTED,
                            cvyi_call_layer(l->source, call),
                            "more than %d inputs", most);
    for (int k = 0; k < call->n_in; k++)
        in[k] = l->values[call->in[k]];
    for (int k = 0; k < call->n_out; k++) {
        const cvyi_type *const type = &l->source->results[call->out[k]].type;

        CVYI_TRY(open_like(&l->values[call->out[k]], l, type));
        CVYI_TRY(open_like(&l->bounds[call->out[k]], l, type));
    }
    CVYI_TRY(cvyi_run_call(l->source, call, in, &l->values[call->out[0]],
                           CVYI_RUN_VALUE, l->err));
    return cvyi_run_call(l->source, call, in, &l->bounds[call->out[0]],
                         CVYI_RUN_BOUND, l->err);
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

/* Known: computed on the source's side, or made by the port. */
static bool ready(const lockstep *l, const cvyi_call *call)
{
    for (int k = 0; k < call->n_in; k++) {
        const int r = call->in[k];
        const int origin = l->port->results[r].origin;

        if (origin >= 0 ? l->values[origin].data == NULL
                        : l->made[r].data == NULL)
            return false;
    }
    for (int k = 0; k < call->n_out; k++) {
        const int origin = l->port->results[call->out[k]].origin;

        if (origin >= 0 && l->values[origin].data == NULL)
            return false;
    }
    return true;
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
    row->where = cvyi_arena_text(&l->proof->arena, cvyi_text_c(&text),
                                 text.size);
    cvyi_text_close(&text);
    if (row->where == NULL)
        row->where = "";
}

static void record(lockstep *l, int port_call, int port_result,
                   const cvy_view *made)
{
    const cvyi_result *const result = &l->port->results[port_result];
    const int origin = result->origin;
    cvyi_layer_proof *const row =
        &l->proof->layers[l->source->results[origin].call];
    const cvyi_difference d =
        cvyi_compare(&l->values[origin], &l->bounds[origin], made,
                     &result->arrangement);

    l->checked[origin] = true;
    l->proof->samples += made->rank > 0 ? made->dims[0] : 1;
    row->target_call = port_call;
    if (row->verdict == CVYI_NOT_CHECKED)
        row->verdict = CVYI_PROVEN;
    if (d.share > row->share || row->bound == 0) {
        row->share = d.share > 0 ? d.share : 0;
        row->error = d.error;
        row->bound = d.bound;
    }
    if (d.share > 1 && row->verdict != CVYI_FAILED) {
        row->verdict = CVYI_FAILED;
        describe(l, row, &d, l->values[origin].rank);
        row->cause = cvyi_likely_cause(&l->proof->arena, l->source,
                                       row->source_call, l->port, port_call);
    }
}

static cvy_status port_inputs(lockstep *l, const cvyi_call *call,
                              cvy_view *in, bool *owned)
{
    for (int k = 0; k < call->n_in; k++) {
        const cvyi_result *const r = &l->port->results[call->in[k]];

        owned[k] = false;
        if (r->origin < 0)
            in[k] = l->made[call->in[k]];
        else
            CVYI_TRY(cvyi_arranged(&in[k], &owned[k], &l->values[r->origin],
                                   &r->arrangement, l->err));
    }
    return CVY_OK;
}

static cvy_status run_port(lockstep *l, int i)
{
    const cvyi_call *const call = &l->port->calls[i];
    const size_t n = (size_t)call->n_in;
    cvy_view *const in = cvyi_alloc(n, sizeof *in);
    bool *const owned = cvyi_alloc(n, sizeof *owned);
    cvy_view out[CVYI_MAX_OUTPUTS] = { { 0 } };
    cvy_status status =
        in != NULL && owned != NULL ? CVY_OK : cvyi_no_memory(l->err);

    if (status == CVY_OK)
        status = port_inputs(l, call, in, owned);
    for (int k = 0; status == CVY_OK && k < call->n_out; k++)
        status = open_like(&out[k], l, &l->port->results[call->out[k]].type);
    if (status == CVY_OK)
        status = cvyi_run_call(l->port, call, in, out, CVYI_RUN_VALUE, l->err);
    for (int k = 0; status == CVY_OK && k < call->n_out; k++) {
        const int origin = l->port->results[call->out[k]].origin;

        if (origin < 0) {
            l->made[call->out[k]] = out[k];
            out[k].data = NULL;
        } else {
            if (l->source->results[origin].call >= 0)
                record(l, i, call->out[k], &out[k]);
            release(l, origin);
        }
    }
    for (int k = 0; k < call->n_out; k++)
        cvyi_tensor_close(&out[k]);
    for (size_t k = 0; in != NULL && owned != NULL && k < n; k++) {
        const int origin = l->port->results[call->in[k]].origin;

        if (owned[k])
            cvyi_tensor_close(&in[k]);
        if (status == CVY_OK && origin >= 0)
            release(l, origin);
    }
    cvyi_free(in);
    cvyi_free(owned);
    return status;
}

static cvy_status advance_port(lockstep *l)
{
    while (l->next < l->port->n_calls &&
           ready(l, &l->port->calls[l->next])) {
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

static cvy_status walk(lockstep *l, cvyi_progress_fn *progress,
                       void *context, int done, int total)
{
    count_readers(l);
    CVYI_TRY(fill_inputs(l));
    for (int i = 0; i < l->source->n_calls; i++) {
        const cvyi_call *const call = &l->source->calls[i];

        CVYI_TRY(run_source(l, i));
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
    l->values = l->bounds = l->made = NULL;
    l->readers = NULL;
}

static cvy_status run_round(lockstep *l, int round, int rounds,
                            cvyi_progress_fn *progress, void *context)
{
    const size_t n = (size_t)l->source->n_results;
    const int calls = l->source->n_calls;
    cvy_status status;

    CVYI_TRY(cvyi_probe_sizes_for(&l->sizes, l->source, round, l->err));
    l->symbols =
        (cvyi_symbols){ l->sizes.n, l->sizes.names, l->sizes.values };
    l->next = 0;
    l->values = cvyi_alloc(n, sizeof *l->values);
    l->bounds = cvyi_alloc(n, sizeof *l->bounds);
    l->made = cvyi_alloc((size_t)l->port->n_results, sizeof *l->made);
    l->readers = cvyi_alloc(n, sizeof *l->readers);
    status = l->values != NULL && l->bounds != NULL && l->made != NULL &&
                     l->readers != NULL
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
            row->cause = cvyi_likely_cause(&l->proof->arena, l->source, i,
                                           l->port, -1);
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

static cvy_status prove(lockstep *l, cvyi_progress_fn *progress,
                        void *context)
{
    const int rounds = cvyi_probe_rounds(l->source);

    l->proof->n_layers = l->source->n_calls;
    l->proof->layers =
        cvyi_arena_alloc(&l->proof->arena, (size_t)l->source->n_calls,
                         sizeof *l->proof->layers);
    l->checked = cvyi_arena_alloc(&l->proof->arena,
                                  (size_t)l->source->n_results,
                                  sizeof *l->checked);
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
