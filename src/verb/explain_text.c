/* verb/explain_text.c - an explanation for people. */
#include "verb/explain.h"

#include "base/ink.h"
#include "verify/report.h"

#include <string.h>

enum { INDENT = 2, GAP = 2, LEAST_WIDTH = 40, LEAST_WHY = 24, WIDTH = 96 };

typedef struct page {
    cvyi_text *out;
    const cvyi_explained *e;
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

static void put_head(const page *p)
{
    const cvyi_explained *const e = p->e;

    cvyi_ink_put(p->out, p->look, CVYI_INK_BOLD,
                 e->text->dialect != NULL
                     ? cvyi_dialect_title(e->text->dialect)
                     : "The call");
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

/* Parts of one line, broken between them where it gets too long. */
static void put_parts(const page *p, const char *const *parts, int n)
{
    int column = 0;

    for (int i = 0; i < n; i++) {
        const int columns = cvyi_columns(parts[i]);

        if (i > 0 && column + GAP + columns > p->width) {
            cvyi_text_put(p->out, "\n");
            column = 0;
        }
        cvyi_text_printf(p->out, "%*s%s",
                         i == 0        ? INDENT
                         : column == 0 ? 2 * INDENT
                                       : GAP,
                         "", parts[i]);
        column += (i == 0 ? INDENT : column == 0 ? 2 * INDENT : GAP) + columns;
    }
    cvyi_text_put(p->out, "\n");
}

/* The order that all tensors with one have; NULL: they have several. */
static const char *common_order(const cvyi_explained *e)
{
    const char *found = NULL;

    for (int i = 0; i < e->n_shapes; i++) {
        const char *const order = e->shapes[i].order;

        if (order == NULL || (found != NULL && strcmp(found, order) != 0))
            return NULL;
        found = order;
    }
    return found;
}

static void put_shape(const page *p, const cvyi_explain_shape *shape,
                      bool ordered)
{
    cvyi_text source = { 0 }, target = { 0 }, order = { 0 };

    cvyi_text_printf(&source, "%-6s  %s", shape->what, shape->source);
    cvyi_text_printf(&target, "->  %s", shape->target);
    if (ordered)
        cvyi_text_printf(&order, " transpose(%s)", shape->order);

    const char *const parts[] = { cvyi_text_c(&source), cvyi_text_c(&target),
                                  cvyi_text_c(&order) };

    put_parts(p, parts, ordered ? 3 : 2);
    p->out->bad |= source.bad || target.bad || order.bad;
    cvyi_text_close(&source);
    cvyi_text_close(&target);
    cvyi_text_close(&order);
}

static void put_shapes(const page *p)
{
    const cvyi_explained *const e = p->e;
    const char *const order = common_order(e);

    if (e->n_shapes == 0)
        return;
    title(p, "Shapes");
    for (int i = 0; i < e->n_shapes; i++)
        put_shape(p, &e->shapes[i],
                  order == NULL && e->shapes[i].order != NULL);
    if (order != NULL)
        cvyi_text_printf(
            p->out, "%*saxes    channels %s: transpose(%s)\n", INDENT, "",
            e->target.axes == CVYI_AXES_LAST ? "go last" : "go first", order);
}

/* ---- tables ---- */

static int at_most(int n, int most)
{
    return n < most ? n : most;
}

/* Source and target on a line of their own, and why below. */
static void put_stacked(const page *p, const cvyi_explain_argument *row)
{
    cvyi_text target = { 0 };

    cvyi_text_printf(&target, "->  %s",
                     row->target != NULL ? row->target : "-");

    const char *const parts[] = { row->source != NULL ? row->source : "-",
                                  cvyi_text_c(&target) };

    put_parts(p, parts, 2);
    cvyi_text_printf(p->out, "%*s", 2 * INDENT, "");
    cvyi_text_wrap(p->out, row->why, 2 * INDENT, 2 * INDENT, p->width);
    cvyi_text_put(p->out, "\n");
    p->out->bad |= target.bad;
    cvyi_text_close(&target);
}

/* A cell, and blanks up to the next; too long a one ends the line. */
static void put_cell(const page *p, const char *text, int width, int next)
{
    const int columns = cvyi_columns(text);

    cvyi_text_put(p->out, text);
    if (columns <= width)
        cvyi_text_printf(p->out, "%*s", width - columns + GAP, "");
    else
        cvyi_text_printf(p->out, "\n%*s", next, "");
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
    b = at_most(b, 2 * p->width / 5);
    title(p, "Arguments");
    for (int i = 0; i < e->n_arguments; i++) {
        const cvyi_explain_argument *const row = &e->arguments[i];
        const int second = INDENT + a + GAP, third = second + b + GAP;

        if (third + LEAST_WHY > p->width) {
            put_stacked(p, row);
            continue;
        }
        cvyi_text_printf(p->out, "%*s", INDENT, "");
        put_cell(p, row->source != NULL ? row->source : "-", a, second);
        put_cell(p, row->target != NULL ? row->target : "-", b, third);
        cvyi_text_wrap(p->out, row->why, third, third, p->width);
        cvyi_text_put(p->out, "\n");
    }
}

/* ---- border ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_border(const cvyi_explain_border *a,
                        const cvyi_explain_border *b)
{
    return (a->window.taps == b->window.taps || (!a->known && !b->known)) &&
           a->window.stride == b->window.stride &&
           a->window.dilation == b->window.dilation &&
           a->length == b->length && a->cut == b->cut &&
           a->before == b->before && a->after == b->after &&
           same_text(a->rule, b->rule) && same_text(a->simple, b->simple) &&
           same_text(a->simple_for, b->simple_for);
}

/* What SAME puts on where the number of taps is not known. */
static void put_same(cvyi_text *out, cvy_window w)
{
    const long long s = w.stride, d = w.dilation;

    cvyi_text_put(out, "for length n and k taps t = max((ceil(n / ");
    cvyi_text_printf(out, "%lld) - 1) * %lld + ", s, s);
    if (d > 1)
        cvyi_text_printf(out, "(k - 1) * %lld + 1 - n, 0)", d);
    else
        cvyi_text_put(out, "k - n, 0)");
    cvyi_text_put(out, " zeros, t // 2 of them before and the rest after");
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
    if (b->rule != NULL)
        cvyi_text_put(&line, b->rule);
    else
        put_same(&line, b->window);
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
    bool first = true;
    int n;

    for (int i = 0; i < e->n_borders; i += n) {
        const cvyi_explain_border *const b = &e->borders[i];

        for (n = 1;
             i + n < e->n_borders && same_border(b, &e->borders[i + n]);)
            n++;
        if (b->rule == NULL && !b->depends)
            continue;
        if (first)
            title(p, "Border");
        else
            cvyi_text_put(p->out, "\n");
        first = false;
        put_border(p, b, n);
        cvyi_explain_draw(p->out, b, p->look);
    }
}

/* ---- weights ---- */

static void put_weight(const page *p, const cvyi_explain_weight *w)
{
    cvyi_text target = { 0 }, how = { 0 };

    cvyi_text_printf(&target, "->  %s", w->target);
    if (w->how != NULL)
        cvyi_text_printf(&how, "=  %s", w->how);

    const char *const parts[] = { w->source != NULL ? w->source : "-",
                                  cvyi_text_c(&target), cvyi_text_c(&how) };

    put_parts(p, parts, w->how != NULL ? 3 : 2);
    p->out->bad |= target.bad || how.bad;
    cvyi_text_close(&target);
    cvyi_text_close(&how);
}

static void put_weights(const page *p)
{
    const cvyi_explained *const e = p->e;

    if (e->n_weights > 0)
        title(p, "Weights");
    for (int i = 0; i < e->n_weights; i++)
        put_weight(p, &e->weights[i]);
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
    const char *const verdict = e->status == CVY_OK ? "exact" : "failed";
    cvyi_text line = { 0 };

    title(p, "Proof");
    if (e->worst_bound > 0)
        cvyi_text_printf(&line,
                         ": impulses, a ramp and random numbers; worst error "
                         "%.2g, allowed %.2g",
                         e->worst_error, e->worst_bound);
    else
        cvyi_text_put(&line, ": impulses, a ramp and random numbers; not a "
                             "bit differs");
    cvyi_text_printf(p->out, "%*s", INDENT, "");
    cvyi_ink_put(p->out, p->look,
                 e->status == CVY_OK ? CVYI_INK_GREEN : CVYI_INK_RED, verdict);
    cvyi_text_wrap(p->out, cvyi_text_c(&line), INDENT + cvyi_columns(verdict),
                   2 * INDENT, p->width);
    cvyi_text_put(p->out, "\n");
    p->out->bad |= line.bad;
    cvyi_text_close(&line);
    if (e->file_proven)
        sentence(p, "the code above, read again, means the same");
}

/* ---- all of it ---- */

static void put_rows(const page *p)
{
    put_shapes(p);
    put_arguments(p);
    put_borders(p);
    put_weights(p);
    put_starts(p);
    put_remarks(p);
}

/* What is known of a call whose sizes are not. */
static void put_rules(const page *p)
{
    const cvyi_explained *const e = p->e;
    cvyi_text line = { 0 };

    cvyi_text_printf(&line, "%s is %s%s",
                     e->text->n_tensors > 1 ? e->text->tensors[0]
                                            : "the input",
                     e->shapes[0].source, e->rules->where);
    title(p, "For all sizes");
    sentence(p, cvyi_text_c(&line));
    p->out->bad |= line.bad;
    cvyi_text_close(&line);
    title(p, cvyi_dialect_title(e->target.dialect));
    if (e->code != NULL)
        code(p, e->code);
    else
        sentence(p,
                 "not the same for all sizes; say them, as above, and it is "
                 "written");
    if (e->rules->lazy != NULL) {
        line = (cvyi_text){ 0 };
        cvyi_text_printf(&line, "or %s, which takes C from its first input",
                         e->rules->lazy);
        sentence(p, cvyi_text_c(&line));
        p->out->bad |= line.bad;
        cvyi_text_close(&line);
    }
    put_rows(p);
    title(p, "Proof");
    sentence(p, "exact with several numbers in the place of the letters; "
                "with --input it is run for yours");
}

void cvyi_explain_put_text(cvyi_text *out, const cvyi_explained *e,
                           cvy_look look)
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
        code(&p, e->code);
        put_rows(&p);
        put_proof(&p);
        return;
    }
    put_refusals(&p);
    if (e->n_shapes > 0) {
        put_rules(&p);
        return;
    }
    put_borders(&p);
    put_remarks(&p);
}
