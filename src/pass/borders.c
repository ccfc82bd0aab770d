/*
 * pass/borders.c - SAME and causal borders become explicit.
 *
 * A rule that the target has a word for stays. Else a border whose amounts
 * are the same for every input size that the graph admits becomes given
 * amounts, and what the target cannot say inside the call is split off into a
 * `pad` call before it, in the same layer. Only where the amounts depend on a
 * size unknown until run time does the rule SAME stay. What is cut off a value
 * and cannot be said inside the call becomes a `crop` call behind it.
 */
#include "layer/window.h"
#include "pass/cut.h"

#include <string.h>

/* The window of a call, one entry a spatial axis. */
typedef struct window {
    int n;
    const int64_t *taps, *stride, *dilation; /* dilation NULL: 1 */
} window;

static const char *border_attribute(const cvyi_op *op)
{
    for (const cvyi_attr *a = op->attrs; a != NULL && a->name != NULL; a++)
        if (a->kind == CVYI_ATTR_BORDER)
            return a->name;
    return NULL;
}

static window window_of(const cvyi_attrs *attrs)
{
    window w = { 0 };

    w.taps = cvyi_attr_ints(attrs, "taps", &w.n);
    w.stride = cvyi_attr_ints(attrs, "stride", NULL);
    if (cvyi_attr_index(attrs->op, "dilation") >= 0)
        w.dilation = cvyi_attr_ints(attrs, "dilation", NULL);
    return w;
}

/* Length of a spatial axis of the call's first input. */
static cvyi_size length_of(const cvyi_graph *graph, const cvyi_call *call,
                           int axis)
{
    const cvyi_type *const in = &graph->results[call->in[0]].type;

    return in->dims[axis + (call->axes == CVYI_AXES_FIRST ? 2 : 1)];
}

/* Turns the rule into given amounts where they are the same for every input
 * or the sizes are known. */
static void make_given(cvyi_border *border, const cvyi_graph *graph,
                       const cvyi_call *call)
{
    cvyi_border given = { .rule = CVYI_BORDER_GIVEN };

    for (int i = 0; i < call->attrs.n_spatial; i++) {
        cvy_border amount;
        int64_t length;

        if (!cvyi_window_fixed(&amount, &call->attrs, i) &&
            (!cvyi_size_constant(&length, length_of(graph, call, i)) ||
             cvyi_window_border(&amount, &call->attrs, i, length, NULL) !=
                 CVY_OK))
            return;
        given.before[i] = amount.before;
        given.after[i] = amount.after;
    }
    *border = given;
}

static bool is_empty(const cvyi_border *border, int n)
{
    for (int i = 0; i < n; i++)
        if (border->before[i] != 0 || border->after[i] != 0)
            return false;
    return border->rule == CVYI_BORDER_GIVEN;
}

static void print_window(cvyi_text *out, const char *key, const int64_t *v,
                         int n)
{
    bool same = true;

    for (int i = 1; i < n; i++)
        same = same && v[i] == v[0];
    cvyi_text_put(out, key);
    for (int i = 0; i < (same ? 1 : n); i++)
        cvyi_text_printf(out, "%s%lld", i > 0 ? " x " : "", (long long)v[i]);
}

static bool dilated(const window *w)
{
    for (int i = 0; w->dilation != NULL && i < w->n; i++)
        if (w->dilation[i] != 1)
            return true;
    return false;
}

/* "SAME: kernel 5, stride 2 over 128": why a pad call has its numbers. */
static const char *explain(cvyi_graph *graph, const cvyi_call *call,
                           const window *w, cvyi_border_rule rule)
{
    static const char *const words[] = {
        [CVYI_BORDER_GIVEN] = "kernel ",
        [CVYI_BORDER_SAME] = "SAME: kernel ",
        [CVYI_BORDER_CAUSAL] = "causal: kernel ",
    };
    cvyi_text text = { 0 };
    const char *kept;

    print_window(&text, words[rule], w->taps, w->n);
    print_window(&text, ", stride ", w->stride, w->n);
    if (dilated(w))
        print_window(&text, ", dilation ", w->dilation, w->n);
    if (rule == CVYI_BORDER_SAME) {
        cvyi_text_put(&text, " over ");
        for (int i = 0; i < w->n; i++) {
            cvyi_text_put(&text, i > 0 ? " x " : "");
            cvyi_size_print(&text, length_of(graph, call, i));
        }
    }
    kept = text.bad
               ? NULL
               : cvyi_arena_text(&graph->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

/* A pad call before call `at`, which then has no border of its own. */
static cvy_status split(cvyi_graph *graph, int at, const char *attribute,
                        cvyi_border_rule rule, double fill, cvy_error *err)
{
    const cvyi_call before = graph->calls[at];
    const window w = window_of(&before.attrs);
    const cvyi_border border = *cvyi_attr_border(&before.attrs, attribute);
    const char *const why = explain(graph, &before, &w, rule);
    const int input = before.in[0];
    cvyi_attrs pad;

    if (why == NULL)
        return cvyi_no_memory(err);
    cvyi_attrs_open(&pad, cvyi_op_find("pad"), w.n);
    cvyi_set_border(&pad, "border", border);
    cvyi_set_real(&pad, "value", fill);
    if (border.rule == CVYI_BORDER_SAME) {
        cvyi_set_ints(&pad, "taps", w.taps, w.n);
        cvyi_set_ints(&pad, "stride", w.stride, w.n);
        if (w.dilation != NULL)
            cvyi_set_ints(&pad, "dilation", w.dilation, w.n);
    }
    CVYI_TRY(
        cvyi_graph_insert_call(graph, at, &pad, before.axes, &input, 1, err));

    cvyi_call *const inserted = &graph->calls[at];
    cvyi_call *const call = &graph->calls[at + 1];

    inserted->module = before.module;
    inserted->visit = before.visit;
    inserted->label = "pad";
    inserted->comment = why;
    call->in[0] = inserted->out[0];
    cvyi_set_border(&call->attrs, attribute,
                    (cvyi_border){ .rule = CVYI_BORDER_GIVEN });
    return CVY_OK;
}

/* What is decided about a call before anything is inserted. */
typedef struct decision {
    bool windowed;
    cvyi_border before, border;
    bool split;
    double fill;
} decision;

static bool same_border(const cvyi_border *a, const cvyi_border *b)
{
    return a->rule == b->rule &&
           memcmp(a->before, b->before, sizeof a->before) == 0 &&
           memcmp(a->after, b->after, sizeof a->after) == 0;
}

/* Has the target a word for the rule of this call, which means the rule when
 * it is read? Amounts in disguise are none, nor is a class that the file has
 * to bring along. */
static cvy_status has_word(bool *out, cvyi_graph *graph, int call,
                           const char *attribute, const cvyi_target *target,
                           cvy_error *err)
{
    const cvyi_border_rule rule =
        cvyi_attr_border(&graph->calls[call].attrs, attribute)->rule;
    const cvyi_op *const op = graph->calls[call].attrs.op;
    cvyi_saying saying;
    cvyi_said said = { 0 };
    cvy_status status;

    CVYI_TRY(cvyi_graph_saying(&saying, graph, call, err));
    status = cvyi_say(&said, target->dialect, CVYI_FORM_MODULE, &saying, NULL);
    *out = status == CVY_OK && said.helper == NULL &&
           (!said.differs ||
            (said.n_means == 1 && said.means[0].op == op &&
             cvyi_attr_border(&said.means[0], attribute)->rule == rule));
    cvyi_said_close(&said);
    return status == CVY_MEMORY ? cvyi_no_memory(err) : CVY_OK;
}

/* A border that belongs to its call stays a rule if the target can say the
 * rule alone: amounts that it has no word for could not be split off. */
static cvy_status keep_sayable(decision *d, cvyi_graph *graph, int call,
                               const char *attribute,
                               const cvyi_target *target, cvy_error *err)
{
    cvyi_attrs attrs = graph->calls[call].attrs;
    cvyi_saying saying;
    double fill;

    if (d->border.rule != CVYI_BORDER_GIVEN || attrs.op->border_fill == NULL ||
        attrs.op->border_fill(&fill, &attrs))
        return CVY_OK;
    CVYI_TRY(cvyi_graph_saying(&saying, graph, call, err));
    cvyi_set_border(&attrs, attribute, d->border);
    saying.attrs = &attrs;
    if (!cvyi_can_say(target->dialect, CVYI_FORM_MODULE, &saying))
        d->border = d->before;
    return CVY_OK;
}

static cvy_status decide(decision *d, cvyi_graph *graph,
                         const cvyi_target *target, cvy_error *err)
{
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];
        const char *const name = border_attribute(call->attrs.op);
        bool known;

        d[i].windowed =
            name != NULL && cvyi_attr_index(call->attrs.op, "taps") >= 0;
        if (!d[i].windowed)
            continue;
        d[i].before = d[i].border = *cvyi_attr_border(&call->attrs, name);
        if (d[i].before.rule == CVYI_BORDER_GIVEN)
            continue;
        CVYI_TRY(has_word(&known, graph, i, name, target, err));
        if (known)
            continue;
        make_given(&d[i].border, graph, call);
        CVYI_TRY(keep_sayable(&d[i], graph, i, name, target, err));
    }
    return CVY_OK;
}

/* A layer that is called on values of several sizes has one text: where its
 * calls would differ, all of them keep the rule. */
static void agree_on_borders(decision *d, cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_calls; i++) {
        bool differ = false;

        for (int k = cvyi_graph_twin(graph, i, 0); d[i].windowed && k >= 0;
             k = cvyi_graph_twin(graph, i, k + 1))
            differ |= !same_border(&d[i].border, &d[k].border);
        for (int k = cvyi_graph_twin(graph, i, 0); differ && k >= 0;
             k = cvyi_graph_twin(graph, i, k + 1))
            d[k].border = d[k].before;
        if (differ)
            d[i].border = d[i].before;
    }
    for (int i = 0; i < graph->n_calls; i++)
        if (d[i].windowed)
            cvyi_set_border(&graph->calls[i].attrs,
                            border_attribute(graph->calls[i].attrs.op),
                            d[i].border);
}

/* What the target cannot say inside the call, or inside another call of the
 * same layer. */
static cvy_status decide_splits(decision *d, cvyi_graph *graph,
                                const cvyi_target *target, cvy_error *err)
{
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_call *const call = &graph->calls[i];
        cvyi_saying saying;

        if (!d[i].windowed || is_empty(&d[i].border, call->attrs.n_spatial) ||
            call->attrs.op->border_fill == NULL ||
            !call->attrs.op->border_fill(&d[i].fill, &call->attrs))
            continue;
        CVYI_TRY(cvyi_graph_saying(&saying, graph, i, err));
        if (cvyi_can_say(target->dialect, CVYI_FORM_MODULE, &saying))
            continue;
        d[i].split = true;
        for (int k = cvyi_graph_twin(graph, i, 0); k >= 0;
             k = cvyi_graph_twin(graph, i, k + 1)) {
            d[k].split = true;
            d[k].fill = d[i].fill;
        }
    }
    return CVY_OK;
}

cvy_status cvyi_pass_borders(cvyi_graph *graph, const cvyi_target *target,
                             cvyi_findings *findings, cvy_error *err)
{
    decision *const d = cvyi_alloc((size_t)graph->n_calls, sizeof *d);
    cvy_status status;

    (void)findings; /* every border can be split off or said */
    if (d == NULL)
        return cvyi_no_memory(err);
    status = decide(d, graph, target, err);
    if (status == CVY_OK) {
        agree_on_borders(d, graph);
        status = decide_splits(d, graph, target, err);
    }
    /* From the end, so that the places of the others stay. */
    for (int i = graph->n_calls - 1; status == CVY_OK && i >= 0; i--)
        if (d[i].split)
            status =
                split(graph, i, border_attribute(graph->calls[i].attrs.op),
                      d[i].before.rule, d[i].fill, err);
    cvyi_free(d);
    if (status == CVY_OK)
        status = cvyi_cut_behind(graph, target, err);
    return status == CVY_OK ? cvyi_graph_infer(graph, err) : status;
}
