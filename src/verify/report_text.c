/*
 * verify/report_text.c - a port's report for people.
 *
 * The word "proven" is kept for the proof of the written file itself. Where
 * only the graph behind it could be checked, people read "engine only".
 */
#include "pass/pass.h"
#include "verify/report.h"

#include <math.h>
#include <string.h>

enum { LABEL = 10 }; /* columns of what stands before each line */

typedef struct page {
    const cvyi_report *r;
    cvyi_text *out;
    cvy_look look;
} page;

static void label(const page *p, const char *text)
{
    cvyi_ink_use(p->out, p->look, CVYI_INK_BOLD);
    cvyi_text_fit(p->out, text, LABEL, false);
    cvyi_ink_use(p->out, p->look, CVYI_INK_PLAIN);
}

static void put_head(const page *p)
{
    const char *const slash = strrchr(p->r->path, '/');

    cvyi_ink_put(p->out, p->look, CVYI_INK_BOLD,
                 slash != NULL ? slash + 1 : p->r->path);
    cvyi_text_put(p->out, " (");
    cvyi_report_origin(p->out, p->r->source);
    cvyi_text_printf(p->out, ") to %s\n\n", p->r->target->framework);
}

static void put_files(const page *p)
{
    const size_t n = strlen(p->r->folder);
    const char *const slash = n > 0 && p->r->folder[n - 1] == '/' ? "" : "/";

    for (int i = 0; i < p->r->n_files; i++) {
        label(p, i == 0 ? "written" : "");
        cvyi_text_printf(p->out, "%s%s%s  ", p->r->folder, slash,
                         p->r->files[i]);
        cvyi_ink_use(p->out, p->look, CVYI_INK_FAINT);
        cvyi_text_bytes(p->out, p->r->file_bytes[i]);
        cvyi_ink_use(p->out, p->look, CVYI_INK_PLAIN);
        cvyi_text_put(p->out, "\n");
    }
    label(p, "");
    cvyi_text_printf(p->out, "%s%sreport.json\n", p->r->folder, slash);
}

/* Modules of the outline that have calls of their own. */
static int layers_of(const cvyi_graph *graph)
{
    int n = 0;

    for (int m = 0; m < graph->n_modules; m++)
        n += graph->modules[m].kind == CVYI_MODULE_LAYER;
    return n;
}

static void put_layers(const page *p)
{
    const int layers = layers_of(p->r->source);
    const int left = cvyi_leftover_transposes(p->r->port);
    int64_t all, trainable;

    cvyi_graph_parameters(p->r->source, &all, &trainable);
    label(p, "layers");
    cvyi_text_printf(p->out, "%d, ", layers);
    cvyi_text_count(p->out, all);
    cvyi_text_put(p->out, " parameters, ");
    cvyi_text_count(p->out, trainable);
    cvyi_text_printf(p->out, " of them trainable; %d transpose%s left over\n",
                     left, left == 1 ? "" : "s");
}

static void put_type(cvyi_text *out, const cvyi_type *type)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < type->rank; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        cvyi_size_print(out, type->dims[i]);
    }
    cvyi_text_put(out, ")");
}

static void put_inputs(const page *p)
{
    const cvyi_graph *const source = p->r->source, *const port = p->r->port;

    for (int i = 0; i < source->n_inputs; i++) {
        const cvyi_result *const here = &source->results[source->inputs[i]];
        const cvyi_result *const there = &port->results[port->inputs[i]];

        label(p, i > 0 ? "" : source->n_inputs == 1 ? "input" : "inputs");
        if (source->n_inputs > 1 && here->name != NULL)
            cvyi_text_printf(p->out, "%s ", here->name);
        put_type(p->out, &there->type);
        if (there->arrangement.moved) {
            cvyi_text_put(p->out, ", in the source ");
            put_type(p->out, &here->type);
        }
        cvyi_text_put(p->out, "\n");
    }
}

static const char *layer_name(const page *p, int row)
{
    const int call = p->r->proof->layers[row].source_call;

    return cvyi_call_layer(p->r->source, &p->r->source->calls[call]);
}

/* "1.2 %"; shares beyond all measure are said in words. */
static void put_share(cvyi_text *out, double share)
{
    if (share <= 100)
        cvyi_text_printf(out, "%.*f %%", share < 0.1 ? 1 : 0, 100 * share);
    else
        cvyi_text_printf(out, "%.3g times", share);
}

static int worst_row(const cvyi_proof *proof)
{
    int worst = -1;

    for (int i = 0; i < proof->n_layers; i++)
        if (proof->layers[i].verdict != CVYI_NOT_CHECKED &&
            (worst < 0 || proof->layers[i].share > proof->layers[worst].share))
            worst = i;
    return worst;
}

static int count(const cvyi_proof *proof, cvyi_verdict verdict)
{
    int n = 0;

    for (int i = 0; i < proof->n_layers; i++)
        n += proof->layers[i].verdict == verdict;
    return n;
}

static void put_passed(const page *p)
{
    const cvyi_proof *const proof = p->r->proof;
    const int worst = worst_row(proof);
    const int unseen = count(proof, CVYI_NOT_CHECKED);

    const bool file = p->r->file != NULL;

    cvyi_ink_put(p->out, p->look, CVYI_INK_GREEN,
                 file ? "proven" : "engine only");
    cvyi_text_printf(p->out,
                     " (%s: not checked): %d of %d calls are within their "
                     "bounds",
                     file ? "live" : "file and live", proof->n_layers - unseen,
                     proof->n_layers);
    if (unseen > 0)
        cvyi_text_printf(p->out, ", %d not checked", unseen);
    cvyi_text_put(p->out, "\n");
    if (worst < 0)
        return;
    label(p, "");
    if (proof->worst_share == 0) {
        cvyi_text_put(p->out, "every value is the same to the bit\n");
        return;
    }
    cvyi_text_put(p->out, "worst error: ");
    put_share(p->out, proof->worst_share);
    cvyi_text_printf(p->out, " of its bound (%s)\n", layer_name(p, worst));
}

/* What the written text says wrongly, by line. */
static void put_faults(const page *p)
{
    enum { SHOWN = 5 };
    const cvyi_file_proof *const file = p->r->file;

    cvyi_ink_put(p->out, p->look, CVYI_INK_RED, "FAILED");
    cvyi_text_printf(p->out, " (file): %d fault%s in what was written\n",
                     file->n_faults, file->n_faults == 1 ? "" : "s");
    for (int i = 0; i < file->n_faults && i < SHOWN; i++) {
        const cvyi_fault *const fault = &file->faults[i];

        label(p, "");
        cvyi_text_put(p->out, fault->where);
        cvyi_text_put(p->out, *fault->where != '\0' ? ": " : "");
        cvyi_ink_put(p->out, p->look, CVYI_INK_BOLD, fault->layer);
        cvyi_text_put(p->out, *fault->layer != '\0' ? ": " : "");
        cvyi_text_put(p->out, fault->text);
        cvyi_text_put(p->out, "\n");
    }
}

static void put_failed(const page *p)
{
    const cvyi_proof *const proof = p->r->proof;
    const int first = proof->first_failure;
    const int n = count(proof, CVYI_FAILED);

    cvyi_ink_put(p->out, p->look, CVYI_INK_RED, "FAILED");
    if (first < 0) {
        cvyi_text_put(p->out, " (engine)\n");
        return;
    }

    const cvyi_layer_proof *const row = &proof->layers[first];

    cvyi_text_printf(p->out, " (engine): %d of %d calls, the first in ", n,
                     proof->n_layers);
    cvyi_ink_put(p->out, p->look, CVYI_INK_BOLD, layer_name(p, first));
    cvyi_text_put(p->out, "\n");
    label(p, "");
    cvyi_text_printf(p->out, "error %.3g, bound %.3g", row->error, row->bound);
    if (row->where != NULL && *row->where != '\0')
        cvyi_text_printf(p->out, ", %s", row->where);
    cvyi_text_put(p->out, "\n");
    if (row->cause != NULL && *row->cause != '\0') {
        label(p, "");
        cvyi_text_printf(p->out, "likely cause: %s\n", row->cause);
    }
}

static void put_proof(const page *p)
{
    const cvyi_verdict verdict =
        p->r->proof != NULL ? p->r->proof->engine : CVYI_NOT_CHECKED;

    label(p, "proof");
    if (p->r->file != NULL && p->r->file->verdict == CVYI_FAILED) {
        put_faults(p);
        if (verdict == CVYI_FAILED)
            label(p, "");
    } else if (verdict == CVYI_PROVEN) {
        put_passed(p);
    }
    if (verdict == CVYI_PROVEN)
        return;
    if (verdict == CVYI_FAILED)
        put_failed(p);
    else if (p->r->file == NULL)
        cvyi_ink_put(p->out, p->look, CVYI_INK_YELLOW,
                     "not checked, as asked\n");
}

/* One line a call: what it became, and how near it came to its bound. */
static void put_rows(const page *p)
{
    const cvyi_proof *const proof = p->r->proof;

    cvyi_text_put(p->out, "\n");
    for (int i = 0; proof != NULL && i < proof->n_layers; i++) {
        const cvyi_layer_proof *const row = &proof->layers[i];
        const char *const target =
            row->target_call >= 0
                ? p->r->written->calls[row->target_call].target
                : NULL;

        cvyi_text_put(p->out, "  ");
        cvyi_text_fit(p->out, layer_name(p, i), 24, false);
        cvyi_text_put(p->out, " ");
        cvyi_text_fit(p->out, target != NULL ? target : "", 28, false);
        if (row->verdict == CVYI_NOT_CHECKED)
            cvyi_text_put(p->out, " not checked");
        else
            cvyi_text_printf(p->out, " error %.2e  bound %.2e%s", row->error,
                             row->bound,
                             row->verdict == CVYI_FAILED ? "  FAILED" : "");
        cvyi_text_put(p->out, "\n");
    }
}

static void put_remarks(const page *p)
{
    bool first = true;

    for (int i = 0; i < p->r->findings->n; i++) {
        const cvyi_finding *const f = &p->r->findings->items[i];
        int column = LABEL;

        if (f->refusal)
            continue;
        label(p, first ? "remarks" : "");
        first = false;
        if (*f->layer != '\0') {
            cvyi_ink_put(p->out, p->look, CVYI_INK_YELLOW, f->layer);
            cvyi_text_put(p->out, ": ");
            column += cvyi_columns(f->layer) + 2;
        }
        cvyi_text_wrap(p->out, f->text, column, LABEL, p->look.columns);
        cvyi_text_put(p->out, "\n");
    }
}

static void put_seconds(const page *p)
{
    const cvyi_report *const r = p->r;

    label(p, "time");
    cvyi_text_printf(p->out,
                     "read %.2f s, passes %.2f s, proof %.2f s, write %.2f s; "
                     "at most ",
                     r->read, r->pass, r->prove, r->write);
    cvyi_text_bytes(p->out, r->peak_bytes);
    cvyi_text_put(p->out, " of memory\n");
}

void cvyi_report_text(cvyi_text *out, const cvyi_report *r, cvy_look look)
{
    const page p = { r, out, look };

    if (r->written == NULL || r->n_files == 0)
        return;
    put_head(&p);
    put_files(&p);
    put_layers(&p);
    put_inputs(&p);
    put_proof(&p);
    put_remarks(&p);
    if (look.verbose) {
        put_seconds(&p);
        put_rows(&p);
    }
}
