/* run/run.c - evaluating calls and whole graphs with the engine. */
#include "run/run.h"

#include "base/thread.h"
#include "graph/param.h"
#include "run/plan.h"
#include "run/slots.h"

#include <string.h>

cvy_status cvyi_run_dims(int64_t *dims, const cvyi_type *type,
                         const cvyi_symbols *symbols, cvy_error *err)
{
    int64_t found[CVYI_MAX_DIMS];

    for (int i = 0; i < type->rank; i++) {
        if (!cvyi_size_eval(&found[i], type->dims[i], symbols->names,
                            symbols->values, symbols->n))
            return cvyi_fail(err, CVY_SHAPE,
                             "the size of axis %d is not known", i);
        if (found[i] < 1)
            return cvyi_fail(err, CVY_SHAPE,
                             "axis %d would have %lld elements", i,
                             (long long)found[i]);
    }
    memcpy(dims, found, (size_t)type->rank * sizeof *dims);
    return CVY_OK;
}

/* ---- one call ---- */

/* A view as the operator sees it: N C S... */
static cvy_view seen(const cvyi_call *call, const cvy_view *view)
{
    int perm[CVY_MAX_RANK];

    if (call->attrs.op->order != CVYI_ORDER_CHANNEL ||
        call->axes != CVYI_AXES_LAST)
        return *view;
    cvyi_axes_last_to_first(view->rank, perm);
    return cvyi_permuted(view, perm);
}

static void clear(const cvy_view *out, int n_out)
{
    for (int i = 0; i < n_out; i++)
        memset(out[i].data, 0,
               (size_t)cvy_view_count(&out[i]) * cvy_dtype_size(out[i].dtype));
}

static cvy_status run(const cvyi_op *op, const cvyi_job *job,
                      cvyi_run_mode mode, cvy_error *err)
{
    return mode == CVYI_RUN_VALUE ? op->eval(job, err) : op->bound(job, err);
}

/* ---- one call, sample by sample ---- */

/* Below this many numbers a thread costs more than it saves. */
static const int64_t WORTH_THREADS = 1 << 15;

typedef struct samples {
    const cvyi_job *job;
    cvyi_run_mode mode;
    cvy_status *statuses; /* of each sample */
    cvy_error *errors;
} samples;

static bool has_samples(const cvy_view *views, int n_views, int64_t n)
{
    for (int i = 0; i < n_views; i++)
        if (views[i].rank < 2 || views[i].dims[0] != n)
            return false;
    return true;
}

static bool works_along_batch(const cvyi_attrs *attrs)
{
    for (int i = 0; attrs->op->attrs[i].name != NULL; i++)
        if (attrs->op->attrs[i].kind == CVYI_ATTR_AXIS &&
            attrs->at[i].ints[0] == 0)
            return true;
    return false;
}

static bool splits(const cvyi_job *job)
{
    const int64_t n = job->out[0].rank > 1 ? job->out[0].dims[0] : 0;

    return job->attrs->op->by_sample && n > 1 &&
           cvy_view_count(&job->out[0]) >= WORTH_THREADS &&
           has_samples(job->in, job->n_in, n) &&
           has_samples(job->out, job->n_out, n) &&
           !works_along_batch(job->attrs);
}

static cvy_view sample_of(const cvy_view *view, size_t sample)
{
    cvy_view one = *view;

    one.data = (float *)view->data + (int64_t)sample * view->strides[0];
    one.dims[0] = 1;
    return one;
}

static void run_sample(void *context, size_t sample)
{
    const samples *const s = context;
    cvy_view outs[CVYI_MAX_OUTPUTS];
    cvyi_arena scratch = { 0 };
    cvyi_job job = *s->job;
    cvy_view *const ins =
        cvyi_arena_alloc(&scratch, (size_t)job.n_in, sizeof *ins);

    for (int i = 0; ins != NULL && i < job.n_in; i++)
        ins[i] = sample_of(&s->job->in[i], sample);
    for (int i = 0; i < job.n_out; i++)
        outs[i] = sample_of(&s->job->out[i], sample);
    job.in = ins;
    job.out = outs;
    s->statuses[sample] =
        ins != NULL ? run(job.attrs->op, &job, s->mode, &s->errors[sample])
                    : cvyi_no_memory(&s->errors[sample]);
    cvyi_arena_close(&scratch);
}

static cvy_status run_samples(const cvyi_job *job, cvyi_run_mode mode,
                              cvyi_arena *scratch, cvy_error *err)
{
    const size_t n = (size_t)job->out[0].dims[0];
    samples s = { .job = job, .mode = mode };

    s.statuses = cvyi_arena_alloc(scratch, n, sizeof *s.statuses);
    s.errors = cvyi_arena_alloc(scratch, n, sizeof *s.errors);
    if (s.statuses == NULL || s.errors == NULL)
        return cvyi_no_memory(err);
    cvyi_parallel(n, run_sample, &s);
    for (size_t i = 0; i < n; i++)
        if (s.statuses[i] != CVY_OK) {
            if (err != NULL)
                *err = s.errors[i];
            return s.statuses[i];
        }
    return CVY_OK;
}

cvy_status cvyi_run_call(const cvyi_graph *graph, const cvyi_call *call,
                         const cvy_view *in, const cvy_view *out,
                         cvyi_run_mode mode, cvy_error *err)
{
    cvy_view outs[CVYI_MAX_OUTPUTS], slots[CVYI_MAX_SLOTS];
    cvyi_arena scratch = { 0 };
    cvy_view *ins;
    cvy_status status;

    if (mode == CVYI_RUN_BOUND && call->attrs.op->bound == NULL) {
        clear(out, call->n_out);
        return CVY_OK;
    }
    ins = cvyi_arena_alloc(&scratch, (size_t)call->n_in, sizeof *ins);
    if (ins == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < call->n_in; i++)
        ins[i] = seen(call, &in[i]);
    for (int i = 0; i < call->n_out; i++)
        outs[i] = seen(call, &out[i]);

    const cvyi_job job = { .attrs = &call->attrs,
                           .in = ins,
                           .n_in = call->n_in,
                           .slots = slots,
                           .out = outs,
                           .n_out = call->n_out };

    status = cvyi_run_slots(slots, graph, call, &scratch, err);
    if (status == CVY_OK)
        status = splits(&job) ? run_samples(&job, mode, &scratch, err)
                              : run(job.attrs->op, &job, mode, err);
    cvyi_arena_close(&scratch);
    return cvyi_located(err, status, cvyi_call_layer(graph, call));
}

/* ---- a graph ---- */

/* A run: where results stand, and who watches. Without a plan every result
 * has memory of its own. */
typedef struct course {
    cvy_view *results;
    const cvyi_graph *graph;
    const cvyi_symbols *symbols;
    cvyi_watch *watch; /* or NULL */
    cvyi_arena scratch;
    cvy_view *in; /* room for the inputs of any call */
    bool planned;
    cvyi_plan plan;
    void *memory;         /* that holds the block */
    unsigned char *block; /* aligned */
} course;

void cvyi_run_close(cvy_view *results, const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_results; i++)
        if (graph->results[i].call >= 0 && results[i].data != NULL)
            cvyi_tensor_close(&results[i]);
}

static bool is_inside(const course *c, int result)
{
    return c->planned && c->plan.offsets[result] != CVYI_PLAN_OUTSIDE;
}

static cvy_status open_block(course *c, cvy_error *err)
{
    size_t size;

    CVYI_TRY(cvyi_plan_make(&c->plan, &c->scratch, c->graph, c->symbols, err));
    if (!cvyi_add(&size, c->plan.block, CVYI_PLAN_ALIGN))
        return cvyi_no_memory(err);
    c->memory = cvyi_alloc(size, 1);
    if (c->memory == NULL)
        return cvyi_no_memory(err);
    c->block = (unsigned char *)c->memory +
               (CVYI_PLAN_ALIGN - (uintptr_t)c->memory % CVYI_PLAN_ALIGN) %
                   CVYI_PLAN_ALIGN;
    c->planned = true;
    if (c->watch != NULL)
        c->watch->planned_bytes = c->plan.block + c->plan.outputs;
    return CVY_OK;
}

/* Results inside the block are gone with it. */
static void close_block(course *c)
{
    for (int i = 0; i < c->graph->n_results; i++)
        if (is_inside(c, i))
            c->results[i] = (cvy_view){ 0 };
    cvyi_free(c->memory);
}

static cvy_status open_result(course *c, int result, cvy_error *err)
{
    const cvyi_type *const type = &c->graph->results[result].type;
    cvy_view *const view = &c->results[result];
    int64_t dims[CVYI_MAX_DIMS];

    CVYI_TRY(cvyi_run_dims(dims, type, c->symbols, err));
    if (!is_inside(c, result))
        return cvyi_tensor_open(view, CVY_F32, type->rank, dims, err);
    *view = cvyi_packed(c->block + c->plan.offsets[result], CVY_F32,
                        type->rank, dims);
    return CVY_OK;
}

/* Opens and fills the results of a call. */
static cvy_status run_step(course *c, int index, cvy_error *err)
{
    const cvyi_call *const call = &c->graph->calls[index];
    cvy_view out[CVYI_MAX_OUTPUTS];

    for (int i = 0; i < call->n_out; i++) {
        const cvy_status status = open_result(c, call->out[i], err);

        if (status != CVY_OK)
            return cvyi_located(err, status, cvyi_call_layer(c->graph, call));
        out[i] = c->results[call->out[i]];
    }
    for (int i = 0; i < call->n_in; i++)
        c->in[i] = c->results[call->in[i]];
    CVYI_TRY(cvyi_run_call(c->graph, call, c->in, out, CVYI_RUN_VALUE, err));
    if (c->watch != NULL && c->watch->step != NULL &&
        !c->watch->step(c->watch->context, index))
        return cvyi_fail(err, CVY_INTERRUPTED, "interrupted");
    return CVY_OK;
}

static cvy_status run_all(course *c, bool keep, cvy_error *err)
{
    const cvyi_graph *const graph = c->graph;
    int most_in = 0;

    for (int i = 0; i < graph->n_calls; i++)
        if (graph->calls[i].n_in > most_in)
            most_in = graph->calls[i].n_in;
    c->in = cvyi_arena_alloc(&c->scratch, (size_t)most_in, sizeof *c->in);
    if (c->in == NULL)
        return cvyi_no_memory(err);
    if (!keep)
        CVYI_TRY(open_block(c, err));
    for (int i = 0; i < graph->n_calls; i++)
        CVYI_TRY(run_step(c, i, err));
    return CVY_OK;
}

/* An input must be there and be what its type says. */
static cvy_status check_input(const cvy_view *view, const cvyi_result *input,
                              const cvyi_symbols *symbols, cvy_error *err)
{
    int64_t dims[CVYI_MAX_DIMS];

    if (view->data == NULL || view->dtype != CVY_F32)
        return cvyi_fail(err, CVY_ARGUMENT, "an input is not float32");
    CVYI_TRY(cvyi_run_dims(dims, &input->type, symbols, err));
    if (view->rank != input->type.rank ||
        memcmp(view->dims, dims, (size_t)view->rank * sizeof *dims) != 0)
        return cvyi_fail(err, CVY_SHAPE,
                         "an input does not have the graph's shape");
    return CVY_OK;
}

static cvy_status run_graph(cvy_view *results, const cvyi_graph *graph,
                            const cvyi_symbols *symbols, bool keep,
                            cvyi_watch *watch, cvy_error *err)
{
    course c = {
        .results = results, .graph = graph, .symbols = symbols, .watch = watch
    };
    cvy_status status = CVY_OK;

    for (int i = 0; i < graph->n_results; i++)
        if (graph->results[i].call >= 0)
            results[i] = (cvy_view){ 0 };
    for (int i = 0; i < graph->n_inputs && status == CVY_OK; i++)
        status = check_input(&results[graph->inputs[i]],
                             &graph->results[graph->inputs[i]], symbols, err);
    if (status == CVY_OK)
        status = run_all(&c, keep, err);
    close_block(&c);
    if (status != CVY_OK)
        cvyi_run_close(results, graph);
    cvyi_arena_close(&c.scratch);
    return status;
}

cvy_status cvyi_run_graph(cvy_view *results, const cvyi_graph *graph,
                          const cvyi_symbols *symbols, bool keep,
                          cvy_error *err)
{
    return run_graph(results, graph, symbols, keep, NULL, err);
}

cvy_status cvyi_run_watched(cvy_view *results, const cvyi_graph *graph,
                            const cvyi_symbols *symbols, cvyi_watch *watch,
                            cvy_error *err)
{
    return run_graph(results, graph, symbols, false, watch, err);
}
