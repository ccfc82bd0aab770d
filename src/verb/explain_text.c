/* verb/explain_text.c - an explanation for people. */
#include "verb/explain.h"

#include "base/ink.h"
#include "verify/report.h"

#include <string.h>
#include <strings.h>

enum { INDENT = 2, GAP = 2, LEAST_WIDTH = 60, WIDTH = 96 };

typedef struct page {
    cvyi_text *out;
    cvyi_explained *e;
    cvy_look look;
    int width;
} page;

static void title(const page *p, const char *text)
{
    cvyi_text_put(p->out, "\n");
    cvyi_ink_put(p->out, p->look, CVYI_INK_BOLD, text);
    cvyi_text_put(p->out, "\n");
}

static void sentence(const page *p, const char *text)
{
    cvyi_text_printf(p->out, "%*s", INDENT, "");
    cvyi_text_wrap(p->out, text, INDENT, INDENT + 2, p->width);
    cvyi_text_put(p->out, "\n");
}

/* Lines of code, indented. */
static void code(const page *p, const char *text)
{
    while (*text != '\0') {
        const size_t n = strcspn(text, "\n");

        cvyi_text_printf(p->out, "%*s%.*s\n", n > 0 ? INDENT : 0, "", (int)n,
                         text);
        text += n + (text[n] == '\n');
    }
}

/* ---- head ---- */

static void put_type(cvyi_text *out, const cvyi_type *type)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < type->rank; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        cvyi_size_print(out, type->dims[i]);
    }
    cvyi_text_put(out, type->rank == 1 ? ",)" : ")");
}

static void put_head(const page *p)
{
    const cvyi_explained *const e = p->e;

    cvyi_ink_put(p->out, p->look, CVYI_INK_BOLD,
                 cvyi_dialect_title(e->text->dialect));
    cvyi_text_put(p->out, "\n");
    code(p, e->text->code);
}

static void put_refusals(const page *p)
{
    const cvyi_findings *const f = &p->e->findings;
    bool any = false;

    for (int i = 0; i < f->n; i++) {
        cvyi_text line = { 0 };

        if (!f->items[i].refusal)
            continue;
        any = true;
        cvyi_text_put(p->out, "\n");
        cvyi_ink_put(p->out, p->look, CVYI_INK_RED, "Refused");
        cvyi_text_put(p->out, "\n");
        if (*f->items[i].attribute != '\0')
            cvyi_text_printf(&line, "%s: ", f->items[i].attribute);
        cvyi_text_put(&line, f->items[i].text);
        sentence(p, cvyi_text_c(&line));
        if (*f->items[i].advice != '\0')
            sentence(p, f->items[i].advice);
        p->out->bad |= line.bad;
        cvyi_text_close(&line);
    }
    if (any || p->e->status == CVY_OK)
        return;
    cvyi_text_put(p->out, "\n");
    cvyi_ink_put(p->out, p->look, CVYI_INK_RED, "Failed");
    cvyi_text_put(p->out, "\n");
    sentence(p, p->e->error.text);
}

/* ---- shapes ---- */

static void put_value(const page *p, const char *what, int source, int target)
{
    const cvyi_explained *const e = p->e;
    int axes[CVYI_MAX_DIMS];

    cvyi_text_printf(p->out, "%*s%-8s", INDENT, "", what);
    put_type(p->out, &e->source.graph->results[source].type);
    cvyi_text_put(p->out, "  ->  ");
    put_type(p->out, &e->port->results[target].type);
    if (cvyi_explain_moves(axes, e, target)) {
        cvyi_text_put(p->out, "   transpose(");
        for (int i = 0; i < e->port->results[target].type.rank; i++)
            cvyi_text_printf(p->out, "%s%d", i > 0 ? ", " : "", axes[i]);
        cvyi_text_put(p->out, ")");
    }
    cvyi_text_put(p->out, "\n");
}

static void put_shapes(const page *p)
{
    const cvyi_graph *const source = p->e->source.graph;
    const cvyi_graph *const port = p->e->port;

    title(p, "Shapes");
    for (int i = 0; i < source->n_inputs && i < port->n_inputs; i++)
        put_value(p, i == 0 ? "input" : "", source->inputs[i],
                  port->inputs[i]);
    if (source->output_tree.kind == CVYI_TREE_SINGLE &&
        port->output_tree.kind == CVYI_TREE_SINGLE)
        put_value(p, "output", source->output_tree.result,
                  port->output_tree.result);
}

/* ---- tables ---- */

static int at_most(int n, int most)
{
    return n < most ? n : most;
}

static void put_arguments(const page *p)
{
    const cvyi_explained *const e = p->e;
    int a = 6, b = 6;

    if (e->n_arguments == 0)
        return;
    for (int i = 0; i < e->n_arguments; i++) {
        const char *const s = e->arguments[i].source;
        const char *const t = e->arguments[i].target;

        a = s != NULL && cvyi_columns(s) > a ? cvyi_columns(s) : a;
        b = t != NULL && cvyi_columns(t) > b ? cvyi_columns(t) : b;
    }
    a = at_most(a, p->width / 3);
    b = at_most(b, p->width / 3);
    title(p, "Arguments");
    for (int i = 0; i < e->n_arguments; i++) {
        const cvyi_explain_argument *const row = &e->arguments[i];
        const int column = INDENT + a + b + 2 * GAP;

        cvyi_text_printf(p->out, "%*s", INDENT, "");
        cvyi_text_fit(p->out, row->source != NULL ? row->source : "-", a,
                      false);
        cvyi_text_printf(p->out, "%*s", GAP, "");
        cvyi_text_fit(p->out, row->target != NULL ? row->target : "-", b,
                      false);
        cvyi_text_printf(p->out, "%*s", GAP, "");
        cvyi_text_wrap(p->out, row->why, column, column, p->width);
        cvyi_text_put(p->out, "\n");
    }
}

static bool same_border(const cvyi_explain_border *a,
                        const cvyi_explain_border *b)
{
    return a->window.taps == b->window.taps &&
           a->window.stride == b->window.stride &&
           a->window.dilation == b->window.dilation &&
           a->length == b->length && a->before == b->before &&
           a->after == b->after;
}

/* `axes` axes from b on have the same border. */
static void put_border(const page *p, const cvyi_explain_border *b, int axes)
{
    cvyi_text line = { 0 };

    for (int i = 0; i < axes; i++)
        cvyi_text_printf(&line, "%s%s", i > 0 ? ", " : "", b[i].axis);
    cvyi_text_put(&line, ": ");
    if (b->known && b->depends && !b->hangs && b->length > 0)
        cvyi_text_printf(&line, "%lld before and %lld after for length %lld; ",
                         (long long)b->before, (long long)b->after,
                         (long long)b->length);
    cvyi_text_put(&line, b->rule);
    sentence(p, cvyi_text_c(&line));
    cvyi_text_close(&line);
    line = (cvyi_text){ 0 };
    if (b->simple != NULL)
        cvyi_text_printf(&line, "%s is right for %s", b->simple,
                         b->simple_for);
    if (b->simple != NULL)
        sentence(p, cvyi_text_c(&line));
    p->out->bad |= line.bad;
    cvyi_text_close(&line);
}

static void put_borders(const page *p)
{
    const cvyi_explained *const e = p->e;
    int n;

    if (e->n_borders == 0)
        return;
    title(p, "Border");
    for (int i = 0; i < e->n_borders; i += n) {
        if (i > 0)
            cvyi_text_put(p->out, "\n");
        for (n = 1; i + n < e->n_borders &&
                    same_border(&e->borders[i], &e->borders[i + n]);)
            n++;
        put_border(p, &e->borders[i], n);
        cvyi_explain_draw(p->out, &e->borders[i], p->look);
    }
}

/* ---- weights ---- */

static void put_dims(cvyi_text *out, int rank, const int64_t *dims)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < rank; i++)
        cvyi_text_printf(out, "%s%lld", i > 0 ? ", " : "", (long long)dims[i]);
    cvyi_text_put(out, rank == 1 ? ",)" : ")");
}

/* Has the transposed array the target's shape already? */
static bool same_shape(const cvyi_written_weight *weight, int n,
                       const int64_t *dims, const int *perm)
{
    int64_t target[CVY_MAX_RANK];

    if (cvyi_layout_target(&weight->layout, target) != n)
        return false;
    for (int i = 0; i < n; i++)
        if (dims[perm[i]] != target[i])
            return false;
    return true;
}

const char *cvyi_explain_numpy(cvyi_explained *e,
                               const cvyi_written_weight *weight)
{
    const cvyi_param *const param = &e->port->params[weight->param];
    int64_t reshape[CVY_MAX_RANK], dims[CVY_MAX_RANK];
    int perm[CVY_MAX_RANK], n;
    cvyi_text text = { 0 };
    const char *kept;
    bool moves = false;

    cvyi_layout_numpy(&weight->layout, &n, reshape, perm);
    cvyi_text_put(&text, param->name);
    if (n > 0) {
        cvyi_text_put(&text, ".reshape");
        put_dims(&text, n, reshape);
    } else {
        n = cvyi_layout_source(&weight->layout, reshape);
    }
    for (int i = 0; i < n; i++)
        moves = moves || perm[i] != i;
    if (moves) {
        cvyi_text_put(&text, ".transpose(");
        for (int i = 0; i < n; i++)
            cvyi_text_printf(&text, "%s%d", i > 0 ? ", " : "", perm[i]);
        cvyi_text_put(&text, ")");
    }
    if (!same_shape(weight, n, reshape, perm)) {
        cvyi_text_put(&text, ".reshape");
        put_dims(&text, cvyi_layout_target(&weight->layout, dims), dims);
    }
    kept = text.bad
               ? NULL
               : cvyi_arena_text(&e->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

static void put_weights(const page *p)
{
    cvyi_explained *const e = p->e;

    if (e->snippet.n_weights == 0)
        return;
    title(p, "Weights");
    for (int i = 0; i < e->snippet.n_weights; i++) {
        const cvyi_written_weight *const w = &e->snippet.weights[i];
        int64_t dims[CVY_MAX_RANK];
        int rank = cvyi_layout_target(&w->layout, dims);
        const char *numpy;

        cvyi_text_printf(p->out, "%*s%s ", INDENT, "", w->name);
        put_dims(p->out, rank, dims);
        if (w->param < 0) {
            cvyi_text_put(p->out, " = ");
            cvyi_text_double(p->out, w->fill);
            cvyi_text_put(p->out, "\n");
            continue;
        }
        rank = cvyi_layout_source(&e->port->params[w->param].layout, dims);
        numpy = cvyi_explain_numpy(e, w);
        p->out->bad |= numpy == NULL;
        cvyi_text_printf(p->out, " = %s   of ", numpy != NULL ? numpy : "");
        put_dims(p->out, rank, dims);
        cvyi_text_put(p->out, "\n");
    }
}

static void put_starts(const page *p)
{
    const cvyi_explained *const e = p->e;

    if (e->n_starts == 0)
        return;
    title(p, "Initial values");
    for (int i = 0; i < e->n_starts; i++) {
        const cvyi_explain_start *const s = &e->starts[i];
        cvyi_text line = { 0 };

        cvyi_text_printf(&line, "%s: %s", s->weight, s->source);
        if (s->target != NULL && s->code == NULL &&
            strcmp(s->source, s->target) == 0)
            cvyi_text_put(&line, " on both sides");
        else if (s->target != NULL)
            cvyi_text_printf(&line, "; the counterpart draws: %s", s->target);
        sentence(p, cvyi_text_c(&line));
        p->out->bad |= line.bad;
        cvyi_text_close(&line);
        if (s->code != NULL)
            cvyi_text_printf(p->out, "%*s%s\n", 2 * INDENT, "", s->code);
    }
}

/* ---- end ---- */

static void put_remarks(const page *p)
{
    const cvyi_findings *const f = &p->e->findings;
    bool first = true;

    for (int i = 0; i < f->n; i++) {
        if (f->items[i].refusal)
            continue;
        if (first)
            title(p, "Remarks");
        first = false;
        sentence(p, f->items[i].text);
    }
}

static void put_proof(const page *p)
{
    const cvyi_explained *const e = p->e;

    title(p, "Proof");
    cvyi_text_printf(p->out, "%*s", INDENT, "");
    cvyi_ink_put(p->out, p->look,
                 e->status == CVY_OK ? CVYI_INK_GREEN : CVYI_INK_RED,
                 e->status == CVY_OK ? "exact" : "failed");
    if (e->worst_bound > 0)
        cvyi_text_printf(p->out,
                         ": impulses, a ramp and random numbers; worst error "
                         "%.2g, allowed %.2g\n",
                         e->worst_error, e->worst_bound);
    else
        cvyi_text_put(p->out, ": impulses, a ramp and random numbers; not a "
                              "bit differs\n");
    if (e->file_proven)
        sentence(p, "the code above, read again, means the same");
}

static bool says_same(const cvyi_call_text *text)
{
    for (int i = 0; text->status == CVY_OK && i < text->bound.n; i++) {
        const char *const word = cvyi_as_text(text->bound.values[i]);

        if (word != NULL && strcasecmp(word, "same") == 0)
            return strcmp(text->dialect, "torch") != 0;
    }
    return false;
}

void cvyi_explain_put_text(cvyi_text *out, cvyi_explained *e, cvy_look look)
{
    const page p = { .out = out,
                     .e = e,
                     .look = look,
                     .width = look.columns == 0            ? WIDTH
                              : look.columns < LEAST_WIDTH ? LEAST_WIDTH
                              : look.columns > WIDTH       ? WIDTH
                                                           : look.columns };

    put_head(&p);
    if (e->written && (e->status == CVY_OK || e->status == CVY_PROOF)) {
        title(&p, cvyi_dialect_title(e->target.dialect));
        code(&p, cvyi_text_c(&e->snippet.code));
        put_shapes(&p);
        put_arguments(&p);
        put_borders(&p);
        put_weights(&p);
        put_starts(&p);
        put_remarks(&p);
        put_proof(&p);
        return;
    }
    put_refusals(&p);
    if (e->source.graph != NULL)
        put_borders(&p);
    else if (says_same(e->text)) {
        title(&p, "Border");
        sentence(&p, "SAME, for length n, kernel k, stride s, dilation d: "
                     "ceil(n / s) outputs; t = max((ceil(n / s) - 1) * s + "
                     "(k - 1) * d + 1 - n, 0) zeros, t // 2 of them before "
                     "and the rest after");
    }
    put_remarks(&p);
}
