/*
 * pass/order_absorb.c - which flattened values may stay permuted.
 *
 * A permuted order of features is absorbed if every user takes it in good
 * part until a weight contracts it. A parameter that several calls use has
 * one order for all of them: if they would see different blocks, it keeps the
 * source's order, and so does what each of them reads.
 */
#include "pass/order.h"

#include <string.h>

typedef struct absorbing {
    cvyi_order_plan *plan;
    cvyi_graph *graph;
    bool *fixed;    /* of each parameter: keeps the source's order */
    int *reader;    /* of each parameter: the first call that uses it, or -1 */
    bool *kept;     /* of each result: keeps the source's order */
    bool *absorbed; /* of each result: every user takes its features */
    bool *refused;  /* of each result: a user needs the source's order */
    bool *used;
} absorbing;

/* ---- who takes permuted features ---- */

static bool slots_follow(const absorbing *a, const cvyi_call *call)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++)
        if (call->params[s] >= 0 && a->fixed[call->params[s]] &&
            cvyi_order_axis(a->graph, call, s) >= 0)
            return false;
    return true;
}

static bool can_join(const absorbing *a, const cvyi_call *call)
{
    int64_t size;

    /* Along the batch, all samples would need one order. */
    if (cvyi_attr_int(&call->attrs, "axis") != 1)
        return false;
    for (int k = 0; k < call->n_in; k++)
        if (!cvyi_size_constant(&size,
                                a->graph->results[call->in[k]].type.dims[1]))
            return false;
    return true;
}

/* Would this call take a permuted order of features in good part? Whether the
 * users of its own result would is known already. */
static bool accepts(const absorbing *a, const cvyi_call *call)
{
    const bool passes_on = a->absorbed[call->out[0]];

    switch (call->attrs.op->features) {
    case CVYI_FEATURES_CONTRACT:
        return cvyi_attr_int(&call->attrs, "axis") == 1 &&
               slots_follow(a, call);
    case CVYI_FEATURES_KEEP:
        return call->n_in == 1 && passes_on && slots_follow(a, call);
    case CVYI_FEATURES_JOIN:
        return passes_on && can_join(a, call);
    case CVYI_FEATURES_COLLAPSE:
        return passes_on;
    default:
        return false;
    }
}

/* A value of rank 2 is absorbed if it has users and each of them accepts. */
static void find_absorbed(const absorbing *a)
{
    const cvyi_graph *const graph = a->graph;
    const size_t n = (size_t)a->plan->n;

    memset(a->refused, 0, n * sizeof *a->refused);
    memset(a->used, 0, n * sizeof *a->used);
    for (int i = graph->n_calls - 1; i >= 0; i--) {
        const cvyi_call *const call = &graph->calls[i];

        for (int k = 0; k < call->n_out; k++) {
            const int r = call->out[k];

            a->absorbed[r] = a->used[r] && !a->refused[r] && !a->kept[r] &&
                             graph->results[r].type.rank == 2 &&
                             !cvyi_graph_is_output(graph, r);
        }
        for (int k = 0; k < call->n_in; k++) {
            a->used[call->in[k]] = true;
            if (!accepts(a, call))
                a->refused[call->in[k]] = true;
        }
    }
}

/* ---- what the features will be ---- */

/* Flattening N H W C makes features in the order H W C, and of N C H W C H W:
 * a block with the source's axes (H, W, C), read in the order (C, H, W).
 * false if a size is not known before run time: then no weight could be
 * permuted. */
static bool flattened_block(cvyi_feature_block *out,
                            const cvyi_order_plan *plan, const cvyi_type *type)
{
    int axes[CVYI_MAX_DIMS];

    *out = (cvyi_feature_block){ .rank = type->rank - 1 };
    cvyi_moved_axes(plan->moved, type->rank, axes);
    for (int i = 0; i < out->rank; i++) {
        if (!cvyi_size_constant(&out->dims[i], type->dims[i + 1]))
            return false;
        out->order[i] = axes[i + 1] - 1;
    }
    return true;
}

static cvy_status flatten(cvyi_arrangement *out, const absorbing *a,
                          const cvyi_call *call, cvy_error *err)
{
    const int in = call->in[0];
    const cvyi_type *const type = &a->graph->results[in].type;
    cvyi_feature_block block, *kept;

    if (type->rank < 3)
        *out = a->plan->features[in];
    if (type->rank < 3 || cvyi_order_wanted(a->plan, in) == CVYI_MOVED_NOT ||
        cvyi_order_moves_nothing(a->plan, type, CVYI_MOVED_NOT))
        return CVY_OK;
    a->plan->back[call->out[0]] =
        !a->absorbed[call->out[0]] || !flattened_block(&block, a->plan, type);
    if (a->plan->back[call->out[0]])
        return CVY_OK;
    kept = cvyi_arena_alloc(&a->graph->arena, 1, sizeof *kept);
    if (kept == NULL)
        return cvyi_no_memory(err);
    *kept = block;
    *out = (cvyi_arrangement){ .n_blocks = 1, .blocks = kept };
    return CVY_OK;
}

/* Blocks of all inputs in a row; an input in the source's order is a block
 * of one axis. */
static cvy_status join(cvyi_arrangement *out, const absorbing *a,
                       const cvyi_call *call, cvy_error *err)
{
    const cvyi_arrangement *const features = a->plan->features;
    cvyi_feature_block *all;
    int n = 0;

    for (int k = 0; k < call->n_in; k++) {
        const int blocks = features[call->in[k]].n_blocks;

        n += blocks > 0 ? blocks : 1;
    }
    all = cvyi_arena_alloc(&a->graph->arena, (size_t)n, sizeof *all);
    if (all == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_arrangement){ .n_blocks = n, .blocks = all };
    for (int k = 0; k < call->n_in; k++) {
        const cvyi_arrangement *const in = &features[call->in[k]];

        for (int b = 0; b < in->n_blocks; b++)
            *all++ = in->blocks[b];
        if (in->n_blocks > 0)
            continue;
        all->rank = 1;
        cvyi_size_constant(&all++->dims[0],
                           a->graph->results[call->in[k]].type.dims[1]);
    }
    return CVY_OK;
}

static cvy_status forecast_call(const absorbing *a, const cvyi_call *call,
                                cvy_error *err)
{
    cvyi_arrangement *const features = a->plan->features;
    cvyi_arrangement *const out = &features[call->out[0]];
    bool permuted = false;

    if (call->attrs.op->features == CVYI_FEATURES_COLLAPSE)
        return flatten(out, a, call, err);
    for (int k = 0; k < call->n_in; k++)
        permuted = permuted || features[call->in[k]].n_blocks > 0;
    if (permuted && call->attrs.op->features == CVYI_FEATURES_JOIN)
        return join(out, a, call, err);
    if (permuted && call->attrs.op->features == CVYI_FEATURES_KEEP)
        *out = features[call->in[0]];
    return CVY_OK;
}

static cvy_status forecast(const absorbing *a, cvy_error *err)
{
    memset(a->plan->features, 0,
           (size_t)a->plan->n * sizeof *a->plan->features);
    for (int i = 0; i < a->graph->n_calls; i++)
        CVYI_TRY(forecast_call(a, &a->graph->calls[i], err));
    return CVY_OK;
}

/* ---- what has to agree ---- */

/* Where a call's parameter follows its features: the axis, and they. */
static cvyi_arrangement followed(int *axis, const absorbing *a, int call,
                                 int param)
{
    const cvyi_call *const c = &a->graph->calls[call];

    for (int s = 0; s < CVYI_MAX_SLOTS; s++) {
        *axis = c->params[s] == param ? cvyi_order_axis(a->graph, c, s) : -1;
        if (*axis >= 0 && a->plan->features[c->in[0]].n_blocks > 0)
            return a->plan->features[c->in[0]];
    }
    *axis = -1;
    return (cvyi_arrangement){ 0 };
}

static bool alike(const cvyi_arrangement *a, const cvyi_arrangement *b)
{
    if (a->n_blocks != b->n_blocks)
        return false;
    for (int i = 0; i < a->n_blocks; i++) {
        const cvyi_feature_block *const x = &a->blocks[i];
        const cvyi_feature_block *const y = &b->blocks[i];

        if (x->rank != y->rank ||
            memcmp(x->dims, y->dims, sizeof x->dims) != 0 ||
            memcmp(x->order, y->order, sizeof x->order) != 0)
            return false;
    }
    return true;
}

/* Parameters whose calls see different features keep the source's order.
 * Returns whether there are more of them. */
static bool fix_parameters(const absorbing *a)
{
    bool changed = false;

    for (int p = 0; p < a->graph->n_params; p++)
        a->reader[p] = -1;
    for (int i = 0; i < a->graph->n_calls; i++)
        for (int s = 0; s < CVYI_MAX_SLOTS; s++) {
            const int p = a->graph->calls[i].params[s];
            cvyi_arrangement here, there;
            int axis, other;

            if (p >= 0 && a->reader[p] < 0)
                a->reader[p] = i;
            if (p < 0 || a->fixed[p] || a->reader[p] == i)
                continue;
            here = followed(&axis, a, i, p);
            there = followed(&other, a, a->reader[p], p);
            if (axis == other && alike(&here, &there))
                continue;
            a->fixed[p] = changed = true;
        }
    return changed;
}

/* A layer inside a model that is called several times has one text: it cannot
 * turn its input back in one call and not in the other. */
static bool keep_twins(const absorbing *a)
{
    const cvyi_graph *const graph = a->graph;
    bool changed = false;

    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];

        if (!a->plan->back[call->out[0]])
            continue;
        for (int k = cvyi_graph_twin(graph, i, 0); k >= 0;
             k = cvyi_graph_twin(graph, i, k + 1)) {
            const int twin = graph->calls[k].out[0];

            if (graph->calls[k].visit == call->visit || a->kept[twin] ||
                a->plan->features[twin].n_blocks == 0)
                continue;
            a->kept[twin] = changed = true;
        }
    }
    return changed;
}

static cvy_status settle(const absorbing *a, cvy_error *err)
{
    bool changed = true;

    while (changed) {
        find_absorbed(a);
        CVYI_TRY(forecast(a, err));
        changed = fix_parameters(a);
        changed = keep_twins(a) || changed;
    }
    return CVY_OK;
}

cvy_status cvyi_order_absorb(cvyi_order_plan *plan, cvyi_graph *graph,
                             cvy_error *err)
{
    const size_t n = (size_t)plan->n, n_params = (size_t)graph->n_params;
    absorbing a = { .plan = plan, .graph = graph };
    cvyi_arena arena = { 0 };
    cvy_status status;

    a.fixed = cvyi_arena_alloc(&arena, n_params + 1, sizeof *a.fixed);
    a.reader = cvyi_arena_alloc(&arena, n_params + 1, sizeof *a.reader);
    a.kept = cvyi_arena_alloc(&arena, n, sizeof *a.kept);
    a.absorbed = cvyi_arena_alloc(&arena, n, sizeof *a.absorbed);
    a.refused = cvyi_arena_alloc(&arena, n, sizeof *a.refused);
    a.used = cvyi_arena_alloc(&arena, n, sizeof *a.used);
    status = a.fixed == NULL || a.reader == NULL || a.kept == NULL ||
                     a.absorbed == NULL || a.refused == NULL || a.used == NULL
                 ? cvyi_no_memory(err)
                 : settle(&a, err);
    cvyi_arena_close(&arena);
    return status;
}
