/* run/test_plan.c - results that share one block of memory. */
#include "run/plan.h"

#include "random_net.h"

/* ---- buffers ---- */

enum { MOST_BUFFERS = 40 };

static uint64_t state = 5;

static int below(int most)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int)((state >> 33) % (uint64_t)most);
}

static bool overlap(size_t a, size_t a_bytes, size_t b, size_t b_bytes)
{
    return a < b + b_bytes && b < a + a_bytes;
}

/* What no plan can be below: the most that is alive at one step. */
static size_t most_alive(const cvyi_buffer *buffers, int n, int steps)
{
    size_t most = 0;

    for (int step = 0; step < steps; step++) {
        size_t alive = 0;

        for (int i = 0; i < n; i++)
            if (buffers[i].first <= step && step <= buffers[i].last)
                alive += buffers[i].bytes;
        most = alive > most ? alive : most;
    }
    return most;
}

static void check_places(const cvyi_buffer *b, int n, size_t total)
{
    for (int i = 0; i < n; i++) {
        CHECK_EQ(b[i].offset % CVYI_PLAN_ALIGN, 0);
        CHECK(b[i].offset + b[i].bytes <= total);
        for (int k = 0; k < i; k++)
            if (b[i].first <= b[k].last && b[k].first <= b[i].last &&
                overlap(b[i].offset, b[i].bytes, b[k].offset, b[k].bytes))
                CHECK_FAIL("buffers %d and %d share memory", i, k);
    }
}

static void buffers_that_live_together_never_overlap(void)
{
    double worst = 0;

    for (int round = 0; round < 2000; round++) {
        const int n = 1 + below(MOST_BUFFERS), steps = 1 + below(30);
        cvyi_buffer b[MOST_BUFFERS];
        size_t total = 0, least;
        cvy_error err;

        for (int i = 0; i < n; i++) {
            b[i].first = below(steps);
            b[i].last = b[i].first + below(steps - b[i].first);
            b[i].bytes = (size_t)(1 + below(8)) << below(14);
        }
        CHECK_OK(cvyi_buffers_place(&total, b, n, &err));
        check_places(b, n, total);
        least = most_alive(b, n, steps);
        CHECK(total >= least);
        if (least >= 4096 && (double)total / (double)least > worst)
            worst = (double)total / (double)least;
    }
    CHECK(worst < 2);
}

static void one_after_another_they_take_two_places(void)
{
    cvyi_buffer b[30];
    size_t total = 0;
    cvy_error err;

    for (int i = 0; i < 30; i++)
        b[i] = (cvyi_buffer){ .first = i, .last = i + 1, .bytes = 640 };
    CHECK_OK(cvyi_buffers_place(&total, b, 30, &err));
    CHECK_EQ(total, 2 * 640);
    CHECK_OK(cvyi_buffers_place(&total, b, 0, &err));
    CHECK_EQ(total, 0);
}

static void sizes_that_overflow_are_no_memory(void)
{
    cvyi_buffer b[2] = { { 0, 1, SIZE_MAX / 2, 0 },
                         { 0, 1, SIZE_MAX / 2, 0 } };
    size_t total = 7;

    CHECK_EQ(cvyi_buffers_place(&total, b, 2, NULL), CVY_MEMORY);
    CHECK_EQ(total, 7);
}

/* ---- graphs ---- */

static const char *const names[] = { "N", "H", "W", "D", "E" };
static const int64_t values[] = { 2, 9, 8, 7, 6 };
static const cvyi_symbols symbols = { 5, names, values };

static size_t bytes_of(const cvyi_graph *graph, int result)
{
    const cvyi_type *const type = &graph->results[result].type;
    int64_t dims[CVYI_MAX_DIMS];
    size_t bytes;
    cvy_error err;

    CHECK_OK(cvyi_run_dims(dims, type, &symbols, &err));
    CHECK(cvyi_packed_size(&bytes, CVY_F32, type->rank, dims));
    return bytes;
}

/* The last call that reads it, by looking at every one. */
static int last_use(const cvyi_graph *graph, int result)
{
    int last = graph->results[result].call;

    for (int c = 0; c < graph->n_calls; c++)
        for (int k = 0; k < graph->calls[c].n_in; k++)
            if (graph->calls[c].in[k] == result)
                last = c;
    return last;
}

static void check_plan(const cvyi_plan *plan, const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_results; i++) {
        const bool outside =
            graph->results[i].call < 0 || cvyi_graph_is_output(graph, i);

        CHECK_EQ(plan->offsets[i] == CVYI_PLAN_OUTSIDE, outside);
        if (outside)
            continue;
        CHECK(plan->offsets[i] + bytes_of(graph, i) <= plan->block);
        for (int k = 0; k < i; k++)
            if (plan->offsets[k] != CVYI_PLAN_OUTSIDE &&
                graph->results[i].call <= last_use(graph, k) &&
                graph->results[k].call <= last_use(graph, i))
                CHECK(!overlap(plan->offsets[i], bytes_of(graph, i),
                               plan->offsets[k], bytes_of(graph, k)));
    }
}

static void fill_inputs(cvy_view *results, net *n)
{
    for (int i = 0; i < n->graph->n_inputs; i++) {
        const int r = n->graph->inputs[i];
        const cvyi_type *const type = &n->graph->results[r].type;
        int64_t dims[CVYI_MAX_DIMS];
        cvy_error err;

        CHECK_OK(cvyi_run_dims(dims, type, &symbols, &err));
        CHECK_OK(
            cvyi_tensor_open(&results[r], CVY_F32, type->rank, dims, &err));
        for (int64_t k = 0; k < cvy_view_count(&results[r]); k++)
            ((float *)results[r].data)[k] = net_random(n);
    }
}

/* A block is full of what was there before: no operator may count on zeros,
 * and none may read what another one has taken the place of. */
static void check_same_bits(net *n)
{
    const cvyi_graph *const graph = n->graph;
    const size_t count = (size_t)graph->n_results;
    cvy_view *const kept = cvyi_alloc(count, sizeof *kept);
    cvy_view *const planned = cvyi_alloc(count, sizeof *planned);
    cvyi_watch watch = { 0 };
    cvy_error err;

    CHECK(kept != NULL && planned != NULL);
    fill_inputs(kept, n);
    for (int i = 0; i < graph->n_inputs; i++)
        planned[graph->inputs[i]] = kept[graph->inputs[i]];
    CHECK_OK(cvyi_run_graph(kept, graph, &symbols, true, &err));
    CHECK_OK(cvyi_run_watched(planned, graph, &symbols, &watch, &err));
    CHECK(watch.planned_bytes > 0);
    for (int i = 0; i < graph->n_results; i++) {
        if (graph->results[i].call < 0)
            continue;
        CHECK_EQ(planned[i].data != NULL, cvyi_graph_is_output(graph, i));
        if (planned[i].data != NULL)
            CHECK(memcmp(planned[i].data, kept[i].data, bytes_of(graph, i)) ==
                  0);
    }
    cvyi_run_close(kept, graph);
    cvyi_run_close(planned, graph);
    for (int i = 0; i < graph->n_inputs; i++)
        cvyi_tensor_close(&kept[graph->inputs[i]]);
    cvyi_free(kept);
    cvyi_free(planned);
}

static void planned_networks_compute_the_same_bits(void)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        cvyi_arena arena = { 0 };
        cvyi_plan plan;
        cvy_error err;
        net n;

        random_net_open(&n, seed);
        CHECK_OK(cvyi_plan_make(&plan, &arena, n.graph, &symbols, &err));
        check_plan(&plan, n.graph);
        check_same_bits(&n);
        cvyi_arena_close(&arena);
        net_close(&n);
    }
}

/* ---- watching ---- */

typedef struct visits {
    int n, stop;
} visits;

static bool count(void *context, int call)
{
    visits *const v = context;

    CHECK_EQ(call, v->n);
    return ++v->n != v->stop;
}

static void a_watched_run_can_be_stopped_anywhere(void)
{
    net n;

    random_net_open(&n, 3);
    cvy_view *const results =
        cvyi_alloc((size_t)n.graph->n_results, sizeof *results);

    CHECK(results != NULL);
    fill_inputs(results, &n);
    for (int stop = 1; stop <= n.graph->n_calls + 1; stop++) {
        visits v = { 0, stop };
        cvyi_watch watch = { .step = count, .context = &v };
        const cvy_status status =
            cvyi_run_watched(results, n.graph, &symbols, &watch, NULL);

        CHECK_EQ(status, stop <= n.graph->n_calls ? CVY_INTERRUPTED : CVY_OK);
    }
    cvyi_run_close(results, n.graph);
    for (int i = 0; i < n.graph->n_inputs; i++)
        cvyi_tensor_close(&results[n.graph->inputs[i]]);
    cvyi_free(results);
    net_close(&n);
}

static void refused_memory_leaks_nothing(void)
{
    cvy_status status = CVY_MEMORY;
    net n;

    random_net_open(&n, 4);
    cvy_view *const results =
        cvyi_alloc((size_t)n.graph->n_results, sizeof *results);

    CHECK(results != NULL);
    fill_inputs(results, &n);
    for (size_t k = 1; status != CVY_OK; k++) {
        cvyi_alloc_refuse(k);
        status = cvyi_run_graph(results, n.graph, &symbols, false, NULL);
        cvyi_alloc_refuse(0);
        CHECK(status == CVY_OK || status == CVY_MEMORY);
    }
    cvyi_run_close(results, n.graph);
    for (int i = 0; i < n.graph->n_inputs; i++)
        cvyi_tensor_close(&results[n.graph->inputs[i]]);
    cvyi_free(results);
    net_close(&n);
}

static const check_case cases[] = {
    { "buffers_that_live_together_never_overlap",
      buffers_that_live_together_never_overlap },
    { "one_after_another_they_take_two_places",
      one_after_another_they_take_two_places },
    { "sizes_that_overflow_are_no_memory", sizes_that_overflow_are_no_memory },
    { "planned_networks_compute_the_same_bits",
      planned_networks_compute_the_same_bits },
    { "a_watched_run_can_be_stopped_anywhere",
      a_watched_run_can_be_stopped_anywhere },
    { "refused_memory_leaks_nothing", refused_memory_leaks_nothing },
};
CHECK_MAIN(cases)
