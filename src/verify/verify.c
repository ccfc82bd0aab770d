/* verify/verify.c - the proof: rounds in lockstep, then the verdict. */
#include "verify/verify.h"

#include "verify/lockstep.h"

#include <math.h>
#include <string.h>
#include <time.h>

static bool same_tree(const cvyi_lockstep *l, const cvyi_tree *a,
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
static void find_missing(cvyi_lockstep *l)
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

static void conclude(cvyi_lockstep *l)
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

static cvy_status prove(cvyi_lockstep *l, cvyi_progress_fn *progress,
                        void *context)
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
        CVYI_TRY(cvyi_lockstep_round(l, round, rounds, progress, context));
    find_missing(l);
    conclude(l);
    return CVY_OK;
}

static double now(void)
{
    struct timespec t;

    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

cvy_status cvyi_verify(cvyi_proof *out, const cvyi_graph *source,
                       const cvyi_graph *port, uint64_t seed,
                       cvyi_progress_fn *progress, void *context,
                       cvy_error *err)
{
    cvyi_proof proof = { .seed = seed };
    cvyi_lockstep l = { .proof = &proof,
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
