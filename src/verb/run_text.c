/* verb/run_text.c - what a run gave, for people and for programs. */
#include "codec/json_write.h"
#include "tensor/tensor.h"
#include "verb/run.h"
#include "verify/report.h"

#include <math.h>
#include <stdlib.h>

enum { SLOWEST = 10 };

/* ---- for people ---- */

static void put_shape(cvyi_text *out, const cvy_view *view)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < view->rank; i++)
        cvyi_text_printf(out, "%s%lld", i > 0 ? ", " : "",
                         (long long)view->dims[i]);
    cvyi_text_put(out, view->rank == 1 ? ",)" : ")");
}

/* Of the numbers that are some; the others are counted. */
typedef struct summary {
    double least, largest, sum;
    int64_t n, odd;
} summary;

static summary sum_up(const cvy_view *view)
{
    int64_t at[CVY_MAX_RANK] = { 0 };
    summary s = { .least = HUGE_VAL, .largest = -HUGE_VAL };

    do {
        const double x = cvyi_at(view, at);

        if (!isfinite(x)) {
            s.odd++;
            continue;
        }
        s.least = fmin(s.least, x);
        s.largest = fmax(s.largest, x);
        s.sum += x;
        s.n++;
    } while (cvyi_next(view->rank, view->dims, at));
    return s;
}

static void put_output(cvyi_text *out, const cvyi_run_leaf *leaf,
                       const cvy_view *view, cvy_look look)
{
    const summary s = sum_up(view);

    cvyi_ink_put(out, look, CVYI_INK_BOLD, leaf->name);
    cvyi_text_put(out, " ");
    put_shape(out, view);
    if (s.n > 0)
        cvyi_text_printf(out, ": min %.6g, max %.6g, mean %.6g", s.least,
                         s.largest, s.sum / (double)s.n);
    if (s.odd > 0)
        cvyi_text_printf(out, "%s %lld not finite", s.n > 0 ? "," : ":",
                         (long long)s.odd);
    if (leaf->file != NULL) {
        cvyi_text_put(out, " -> ");
        cvyi_text_put(out, leaf->file);
    }
    cvyi_text_put(out, "\n");
}

typedef struct timed {
    int call;
    double seconds;
} timed;

static int slower_first(const void *a, const void *b)
{
    const timed *const x = a, *const y = b;

    if (x->seconds != y->seconds)
        return x->seconds > y->seconds ? -1 : 1;
    return x->call - y->call;
}

/* The slowest calls; a list of all is in the JSON document. */
static void put_layers(cvyi_text *out, const cvy_run *run)
{
    const cvyi_graph *const graph = run->source.graph;
    const int n = graph->n_calls;
    timed *const rows = cvyi_alloc((size_t)n, sizeof *rows);

    if (rows == NULL) {
        out->bad = true;
        return;
    }
    for (int i = 0; i < n; i++)
        rows[i] = (timed){ i, run->layers[i] };
    qsort(rows, (size_t)n, sizeof *rows, slower_first);
    cvyi_text_printf(out, "\n%s\n",
                     n > SLOWEST ? "The slowest calls" : "Calls");
    for (int i = 0; i < n && i < SLOWEST; i++) {
        const cvyi_call *const call = &graph->calls[rows[i].call];

        cvyi_text_printf(out, "%10.3f ms  %s (%s)\n", 1e3 * rows[i].seconds,
                         cvyi_call_layer(graph, call), call->attrs.op->name);
    }
    cvyi_free(rows);
}

static void put_seconds(cvyi_text *out, double seconds)
{
    if (seconds < 1)
        cvyi_text_printf(out, "%.1f ms", 1e3 * seconds);
    else
        cvyi_text_printf(out, "%.2f s", seconds);
}

/* Those of the reader are about porting, but for a script's: what was taken
 * for the network, and whether its weights were drawn. */
static void put_remarks(cvyi_text *out, const cvy_run *run)
{
    const bool script = run->source.kind != NULL && run->source.kind->script;

    for (int i = script ? 0 : run->n_read; i < run->findings.n; i++) {
        const cvyi_finding *const f = &run->findings.items[i];

        if (!f->refusal)
            cvyi_text_printf(out, "remark: %s%s%s\n", f->layer,
                             *f->layer != '\0' ? ": " : "", f->text);
    }
}

static void put_text(cvyi_text *out, const cvy_run *run, cvy_look look)
{
    bool saved = false;

    for (int i = 0; i < run->n_outputs; i++) {
        put_output(out, &run->outputs[i],
                   &run->results[run->outputs[i].result], look);
        saved = saved || run->outputs[i].file != NULL;
    }
    put_remarks(out, run);
    cvyi_text_put(out, "Read in ");
    put_seconds(out, run->read);
    cvyi_text_put(out, ", computed in ");
    put_seconds(out, run->compute);
    cvyi_text_put(out, " with ");
    cvyi_text_bytes(out, (int64_t)run->planned_bytes);
    cvyi_text_put(out, " for results.\n");
    if (!saved)
        cvyi_text_printf(out, "To save: -o %sFILE.npy\n",
                         run->n_outputs == 1 ? "" : "NAME=");
    if (look.verbose && run->layers != NULL)
        put_layers(out, run);
}

cvy_status cvy_run_text(const char **out, cvy_run *run, cvy_look look,
                        cvy_error *err)
{
    cvyi_text text = { 0 };

    if (run->status == CVY_OK)
        put_text(&text, run, look);
    if (text.bad) {
        cvyi_text_close(&text);
        return cvyi_no_memory(err);
    }
    cvyi_text_close(&run->text);
    run->text = text;
    *out = cvyi_text_c(&run->text);
    return CVY_OK;
}

/* ---- for programs ---- */

static void put_array(cvyi_json *j, const char *name, const cvy_view *view,
                      const char *file)
{
    cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
    cvyi_json_text(j, "name", name);
    cvyi_json_ints(j, "shape", view->dims, view->rank);
    cvyi_json_text(j, "file", file);
    cvyi_json_close(j, '}');
}

static void put_calls(cvyi_json *j, const cvy_run *run)
{
    const cvyi_graph *const graph = run->source.graph;

    cvyi_json_open(j, "layers", '[', CVYI_JSON_TALL);
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];

        cvyi_json_open(j, NULL, '{', CVYI_JSON_FLAT);
        cvyi_json_text(j, "name", cvyi_call_layer(graph, call));
        cvyi_json_text(j, "operator", call->attrs.op->name);
        cvyi_json_real(j, "seconds", run->layers[i]);
        cvyi_json_close(j, '}');
    }
    cvyi_json_close(j, ']');
}

static void put_result(cvyi_json *j, const cvy_run *run)
{
    cvyi_json_open(j, "inputs", '[', CVYI_JSON_TALL);
    for (int i = 0; i < run->n_inputs; i++)
        put_array(j, run->inputs[i].name, &run->inputs[i].view,
                  run->inputs[i].file);
    cvyi_json_close(j, ']');
    cvyi_json_open(j, "outputs", '[', CVYI_JSON_TALL);
    for (int i = 0; i < run->n_outputs; i++)
        put_array(j, run->outputs[i].name,
                  &run->results[run->outputs[i].result], run->outputs[i].file);
    cvyi_json_close(j, ']');
    cvyi_json_open(j, "seconds", '{', CVYI_JSON_FLAT);
    cvyi_json_real(j, "read", run->read);
    cvyi_json_real(j, "run", run->compute);
    cvyi_json_close(j, '}');
    if (run->layers != NULL)
        put_calls(j, run);
    cvyi_json_int(j, "planned_bytes", (int64_t)run->planned_bytes);
    cvyi_json_int(j, "peak_bytes", run->peak_bytes);
}

static void put_document(cvyi_text *out, const cvy_run *run)
{
    const cvyi_graph *const graph = run->source.graph;
    cvyi_json j = { .out = out };

    cvyi_json_open(&j, NULL, '{', CVYI_JSON_TALL);
    cvyi_json_text(&j, "convey", cvy_version());
    cvyi_json_open(&j, "source", '{', CVYI_JSON_FLAT);
    cvyi_json_text(&j, "path", run->path);
    cvyi_json_text(&j, "format",
                   graph != NULL ? run->source.kind->name : NULL);
    cvyi_json_text(&j, "dialect", graph != NULL ? graph->dialect : NULL);
    cvyi_json_text(&j, "version", graph != NULL ? graph->version : NULL);
    cvyi_json_close(&j, '}');
    if (run->status == CVY_OK)
        put_result(&j, run);
    cvyi_report_findings(&j, &run->findings, NULL);
    if (run->status != CVY_OK && run->findings.n_refusals == 0)
        cvyi_report_error(&j, &run->error);
    cvyi_json_close(&j, '}');
}

cvy_status cvy_run_json(const char **out, cvy_run *run, cvy_error *err)
{
    cvyi_text text = { 0 };

    put_document(&text, run);
    if (text.bad) {
        cvyi_text_close(&text);
        return cvyi_no_memory(err);
    }
    cvyi_text_close(&run->json);
    run->json = text;
    *out = cvyi_text_c(&run->json);
    return CVY_OK;
}
