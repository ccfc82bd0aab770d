/* run/plan.c - where results stand in one block of memory. */
#include "run/plan.h"

#include "tensor/tensor.h"

#include <stdlib.h>

/* ---- buffers ---- */

static int by_size(const void *a, const void *b)
{
    const cvyi_buffer *const x = *(cvyi_buffer *const *)a;
    const cvyi_buffer *const y = *(cvyi_buffer *const *)b;

    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return x < y ? -1 : 1; /* the same plan on every machine */
}

static bool meet(const cvyi_buffer *a, const cvyi_buffer *b)
{
    return a->first <= b->last && b->first <= a->last;
}

static size_t aligned(size_t bytes)
{
    const size_t over = bytes % CVYI_PLAN_ALIGN;

    return over == 0 ? bytes : bytes + (CVYI_PLAN_ALIGN - over);
}

/* The tightest gap that takes it; else behind all that it meets. `placed`
 * stand in the order of their offsets. */
static size_t find_place(const cvyi_buffer *buffer, cvyi_buffer *const *placed,
                         int n)
{
    size_t end = 0, best = 0, tightest = SIZE_MAX;

    for (int i = 0; i < n; i++) {
        const cvyi_buffer *const other = placed[i];

        if (!meet(buffer, other))
            continue;
        if (other->offset >= end && other->offset - end >= buffer->bytes &&
            other->offset - end < tightest) {
            tightest = other->offset - end;
            best = end;
        }
        if (other->offset + other->bytes > end)
            end = aligned(other->offset + other->bytes);
    }
    return tightest != SIZE_MAX ? best : end;
}

static void insert(cvyi_buffer **placed, int n, cvyi_buffer *buffer)
{
    for (; n > 0 && placed[n - 1]->offset > buffer->offset; n--)
        placed[n] = placed[n - 1];
    placed[n] = buffer;
}

/* Even one behind another they must have room. */
static bool sum_fits(const cvyi_buffer *buffers, int n)
{
    size_t sum = 0;

    for (int i = 0; i < n; i++)
        if (!cvyi_add(&sum, sum, buffers[i].bytes) ||
            !cvyi_add(&sum, sum, CVYI_PLAN_ALIGN))
            return false;
    return true;
}

cvy_status cvyi_buffers_place(size_t *total, cvyi_buffer *buffers, int n,
                              cvy_error *err)
{
    cvyi_arena scratch = { 0 };
    cvyi_buffer **const order =
        cvyi_arena_alloc(&scratch, (size_t)n, sizeof *order);
    cvyi_buffer **const placed =
        cvyi_arena_alloc(&scratch, (size_t)n, sizeof *placed);
    size_t end = 0;

    if (order == NULL || placed == NULL || !sum_fits(buffers, n)) {
        cvyi_arena_close(&scratch);
        return cvyi_no_memory(err);
    }
    for (int i = 0; i < n; i++)
        order[i] = &buffers[i];
    qsort(order, (size_t)n, sizeof(cvyi_buffer *), by_size);
    for (int i = 0; i < n; i++) {
        order[i]->offset = find_place(order[i], placed, i);
        if (order[i]->offset + order[i]->bytes > end)
            end = order[i]->offset + order[i]->bytes;
        insert(placed, i, order[i]);
    }
    cvyi_arena_close(&scratch);
    *total = end;
    return CVY_OK;
}

/* ---- results ---- */

/* For each result the last call that reads it; the one that makes it where
 * nobody does. */
static void find_last_uses(int *last, const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_results; i++)
        last[i] = graph->results[i].call;
    for (int i = 0; i < graph->n_calls; i++)
        for (int k = 0; k < graph->calls[i].n_in; k++)
            last[graph->calls[i].in[k]] = i;
}

static cvy_status bytes_of(size_t *bytes, const cvyi_graph *graph, int result,
                           const cvyi_symbols *symbols, cvy_error *err)
{
    const cvyi_result *const r = &graph->results[result];
    int64_t dims[CVYI_MAX_DIMS];
    const cvy_status status = cvyi_run_dims(dims, &r->type, symbols, err);

    if (status != CVY_OK)
        return cvyi_located(err, status,
                            cvyi_call_layer(graph, &graph->calls[r->call]));
    return cvyi_packed_size(bytes, CVY_F32, r->type.rank, dims)
               ? CVY_OK
               : cvyi_no_memory(err);
}

/* What a plan is made from: `results` says whose the buffers are. */
typedef struct draft {
    int n;
    int *last, *results;
    cvyi_buffer *buffers;
    size_t *offsets;
    size_t outputs;
} draft;

static cvy_status collect(draft *d, const cvyi_graph *graph,
                          const cvyi_symbols *symbols, cvy_error *err)
{
    find_last_uses(d->last, graph);
    for (int i = 0; i < graph->n_results; i++) {
        size_t bytes;

        d->offsets[i] = CVYI_PLAN_OUTSIDE;
        if (graph->results[i].call < 0)
            continue;
        CVYI_TRY(bytes_of(&bytes, graph, i, symbols, err));
        if (cvyi_graph_is_output(graph, i)) {
            if (!cvyi_add(&d->outputs, d->outputs, bytes))
                return cvyi_no_memory(err);
            continue;
        }
        d->results[d->n] = i;
        d->buffers[d->n++] = (cvyi_buffer){ .first = graph->results[i].call,
                                            .last = d->last[i],
                                            .bytes = bytes };
    }
    return CVY_OK;
}

cvy_status cvyi_plan_make(cvyi_plan *out, cvyi_arena *arena,
                          const cvyi_graph *graph, const cvyi_symbols *symbols,
                          cvy_error *err)
{
    const size_t n = (size_t)graph->n_results;
    draft d = { .last = cvyi_arena_alloc(arena, n, sizeof *d.last),
                .results = cvyi_arena_alloc(arena, n, sizeof *d.results),
                .buffers = cvyi_arena_alloc(arena, n, sizeof *d.buffers),
                .offsets = cvyi_arena_alloc(arena, n, sizeof *d.offsets) };
    size_t block = 0;

    if (d.last == NULL || d.results == NULL || d.buffers == NULL ||
        d.offsets == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(collect(&d, graph, symbols, err));
    CVYI_TRY(cvyi_buffers_place(&block, d.buffers, d.n, err));
    for (int i = 0; i < d.n; i++)
        d.offsets[d.results[i]] = d.buffers[i].offset;
    *out = (cvyi_plan){ block, d.outputs, d.offsets };
    return CVY_OK;
}
