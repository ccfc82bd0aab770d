/* write/torch_same.c - several visits of one module, which share one text. */
#include "write/torch.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_call(const cvyi_torch_writer *w, int a, int b)
{
    const cvyi_call *const x = &w->graph->calls[a];
    const cvyi_call *const y = &w->graph->calls[b];
    const cvyi_said *const p = &w->spoken[a].said;
    const cvyi_said *const q = &w->spoken[b].said;

    return x->module == y->module && same_text(x->label, y->label) &&
           memcmp(x->params, y->params, sizeof x->params) == 0 &&
           p->form == q->form &&
           strcmp(cvyi_text_c(&p->code), cvyi_text_c(&q->code)) == 0;
}

static bool same_item(const cvyi_torch_writer *w, const cvyi_torch_item *a,
                      const cvyi_torch_item *b)
{
    if (a->n_in != b->n_in || a->n_out != b->n_out ||
        (a->call < 0) != (b->call < 0))
        return false;
    return a->call < 0 ? w->visits[a->visit].unit == w->visits[b->visit].unit
                       : same_call(w, a->call, b->call);
}

static int output_at(const cvyi_torch_item *item, int result)
{
    for (int i = 0; i < item->n_out; i++)
        if (item->out[i] == result)
            return i;
    return -1;
}

/* Visits that are compared: results from outside of the first one stand for
 * those of the other. */
typedef struct pair {
    const cvyi_torch_writer *w;
    const cvyi_torch_visit *a, *b;
    const int *maker_a, *maker_b;
    int *stands_for; /* one a result of the graph; -1 */
} pair;

static bool same_input(const pair *p, int x, int y)
{
    const int maker = p->maker_a[x];

    if (maker != p->maker_b[y])
        return false;
    if (maker >= 0)
        return p->b->items[maker].out[output_at(&p->a->items[maker], x)] == y;
    if (p->stands_for[x] < 0)
        p->stands_for[x] = y;
    return p->stands_for[x] == y;
}

static bool same_items(const pair *p)
{
    if (p->a->n_items != p->b->n_items)
        return false;
    for (int k = 0; k < p->a->n_items; k++) {
        const cvyi_torch_item *const a = &p->a->items[k];
        const cvyi_torch_item *const b = &p->b->items[k];

        if (!same_item(p->w, a, b))
            return false;
        for (int i = 0; i < a->n_in; i++)
            if (!same_input(p, a->in[i], b->in[i]))
                return false;
    }
    return true;
}

/* Outputs of the other that the first one does not give yet. */
static cvy_status join_outputs(cvyi_torch_writer *w, cvyi_torch_visit *first,
                               const pair *p)
{
    for (int i = 0; i < p->b->n_out; i++) {
        const int maker = p->maker_b[p->b->out[i]];
        const int at = output_at(&p->b->items[maker], p->b->out[i]);
        const int result = first->items[maker].out[at];
        bool known = false;
        int *out;

        for (int k = 0; k < first->n_out; k++)
            known |= first->out[k] == result;
        if (known)
            continue;
        out = cvyi_arena_grow(&w->arena, first->out, first->n_out,
                              &first->out_capacity, sizeof *out);
        if (out == NULL)
            return cvyi_no_memory(w->err);
        first->out = out;
        out[first->n_out++] = result;
    }
    return CVY_OK;
}

static cvy_status compare(bool *same, cvyi_torch_writer *w, int unit,
                          int visit, int *stands_for)
{
    cvyi_torch_visit *const first = &w->visits[w->units[unit].visit];
    cvyi_torch_visit *const v = &w->visits[visit];
    const pair p = { w, first, v, w->maker, w->other, stands_for };
    int *in;

    cvyi_torch_makers(w->maker, w, first);
    cvyi_torch_makers(w->other, w, v);
    for (int r = 0; r < w->graph->n_results; r++)
        stands_for[r] = -1;
    *same = same_items(&p);
    if (!*same)
        return CVY_OK;
    CVYI_TRY(join_outputs(w, first, &p));
    in = cvyi_arena_alloc(&w->arena, (size_t)first->n_in + 1, sizeof *in);
    if (in == NULL)
        return cvyi_no_memory(w->err);
    for (int i = 0; i < first->n_in; i++)
        in[i] = stands_for[first->in[i]];
    v->in = in;
    v->n_in = first->n_in;
    return CVY_OK;
}

/* The outputs of all visits, as the first one has them in the end. */
static cvy_status spread_outputs(cvyi_torch_writer *w, int unit)
{
    const int first = w->units[unit].visit;
    const cvyi_torch_visit *const from = &w->visits[first];
    const cvyi_visit *const source = &w->graph->visits[first];

    cvyi_torch_sort(w, from->out, from->n_out, source->out, source->n_out);
    cvyi_torch_makers(w->maker, w, from);
    for (int v = 0; v < w->graph->n_visits; v++) {
        cvyi_torch_visit *const to = &w->visits[v];
        int *out;

        if (to->unit != unit || v == first)
            continue;
        out =
            cvyi_arena_alloc(&w->arena, (size_t)from->n_out + 1, sizeof *out);
        if (out == NULL)
            return cvyi_no_memory(w->err);
        for (int i = 0; i < from->n_out; i++) {
            const int maker = w->maker[from->out[i]];

            out[i] = to->items[maker]
                         .out[output_at(&from->items[maker], from->out[i])];
        }
        to->out = out;
        to->n_out = from->n_out;
    }
    return CVY_OK;
}

/* The one with most inputs: in another two may be the same value. */
static int choose_first(const cvyi_torch_writer *w, int unit)
{
    int first = -1;

    for (int v = 0; v < w->graph->n_visits; v++)
        if (w->visits[v].unit == unit &&
            (first < 0 || w->visits[v].n_in > w->visits[first].n_in))
            first = v;
    return first;
}

cvy_status cvyi_torch_align_visits(bool *same, cvyi_torch_writer *w, int unit)
{
    int *const stands_for =
        cvyi_alloc((size_t)w->graph->n_results, sizeof *stands_for);
    cvy_status status = CVY_OK;
    int n = 0;

    if (stands_for == NULL)
        return cvyi_no_memory(w->err);
    w->units[unit].visit = choose_first(w, unit);
    *same = true;
    for (int v = 0; v < w->graph->n_visits && *same && status == CVY_OK; v++) {
        if (w->visits[v].unit != unit)
            continue;
        n++;
        if (v != w->units[unit].visit)
            status = compare(same, w, unit, v, stands_for);
    }
    cvyi_free(stands_for);
    return status == CVY_OK && *same && n > 1 ? spread_outputs(w, unit)
                                              : status;
}
