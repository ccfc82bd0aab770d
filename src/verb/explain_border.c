/*
 * verb/explain_border.c - the border of a window, as a rule for all lengths.
 *
 * What SAME puts on depends on the length n modulo the stride and on nothing
 * else (TensorFlow's tf.nn documentation, "Notes on padding": the total is
 * max(k - s, 0) where s divides n, else max(k - n mod s, 0)), so a table over
 * these remainders is a rule for all lengths.
 */
#include "verb/explain.h"

#include "layer/window.h"

#include <string.h>

enum { MOST_REMAINDERS = 16 };

static const char *const axis_names[][CVYI_MAX_SPATIAL] = { { "L" },
                                                            { "H", "W" },
                                                            { "D", "H",
                                                              "W" } };

/* ---- lengths as words ---- */

/* "every length", "odd lengths", "n mod 3 = 1 or 2": those whose bit is set;
 * NULL without memory, "no length" for none. */
static const char *lengths(cvyi_arena *arena, uint32_t set, int64_t stride)
{
    const uint32_t all = (uint32_t)((1ull << stride) - 1);
    cvyi_text text = { 0 };
    const char *kept;
    bool first = true;

    if (set == all)
        return "every length";
    if (set == 0)
        return "no length";
    if (stride == 2)
        return set == 1 ? "even lengths" : "odd lengths";
    cvyi_text_printf(&text, "lengths n with n mod %d = ", (int)stride);
    for (int r = 0; r < stride; r++) {
        if ((set >> r & 1u) == 0)
            continue;
        cvyi_text_printf(&text, "%s%d", first ? "" : " or ", r);
        first = false;
    }
    kept = text.bad ? NULL
                    : cvyi_arena_text(arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

/* ---- what SAME does for each remainder ---- */

/* A length with that remainder, long enough for any window. */
static bool same_at(cvy_border *out, cvy_window w, int64_t remainder)
{
    return cvy_border_same(out, w.stride + remainder, w, NULL) == CVY_OK;
}

static void put_amounts(cvyi_text *out, cvy_border b)
{
    cvyi_text_printf(out, "%lld before, %lld after", (long long)b.before,
                     (long long)b.after);
}

static bool equal(cvy_border a, cvy_border b)
{
    return a.before == b.before && a.after == b.after;
}

/* Remainders for which SAME gives exactly this. */
static uint32_t remainders_of(cvy_window w, cvy_border wanted)
{
    uint32_t set = 0;

    for (int64_t r = 0; r < w.stride; r++) {
        cvy_border b;

        if (same_at(&b, w, r) && equal(b, wanted))
            set |= 1u << r;
    }
    return set;
}

static const char *same_rule(cvyi_arena *arena, cvy_window w)
{
    cvyi_text text = { 0 };
    uint32_t done = 0;
    const char *kept;

    for (int64_t r = 0; r < w.stride; r++) {
        cvy_border b;
        const char *which;
        uint32_t set;

        if ((done >> r & 1u) != 0 || !same_at(&b, w, r))
            continue;
        set = remainders_of(w, b);
        done |= set;
        which = lengths(arena, set, w.stride);
        if (text.size > 0)
            cvyi_text_put(&text, "; ");
        put_amounts(&text, b);
        cvyi_text_printf(&text, " for %s", which != NULL ? which : "");
    }
    kept = text.bad ? NULL
                    : cvyi_arena_text(arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

/* ---- the target's simple word ---- */

/* padding=p is right where both ends get p. The first p that is. */
static cvy_status torch_word(cvyi_explain_border *out, cvyi_arena *arena,
                             cvyi_border_rule rule, bool pool, cvy_error *err)
{
    const cvy_window w = out->window;

    /* torch's pools have no words for a border. */
    if (rule == CVYI_BORDER_SAME && w.stride == 1 && !pool) {
        out->simple = "padding=\"same\"";
        out->simple_for = "every length";
        return CVY_OK;
    }
    for (int64_t r = 0; rule == CVYI_BORDER_SAME && r < w.stride; r++) {
        cvy_border b;

        if (!same_at(&b, w, r) || b.before != b.after)
            continue;
        out->simple =
            cvyi_arena_printf(arena, "padding=%lld", (long long)b.before);
        out->simple_for = lengths(arena, remainders_of(w, b), w.stride);
        return out->simple != NULL && out->simple_for != NULL
                   ? CVY_OK
                   : cvyi_no_memory(err);
    }
    if (rule == CVYI_BORDER_GIVEN && out->before == out->after) {
        out->simple =
            cvyi_arena_printf(arena, "padding=%lld", (long long)out->before);
        out->simple_for = "every length";
        return out->simple != NULL ? CVY_OK : cvyi_no_memory(err);
    }
    /* The amounts of k // 2, which people write. */
    out->simple = cvyi_arena_printf(arena, "padding=%lld",
                                    (long long)(w.taps / 2 * w.dilation));
    out->simple_for = "no length";
    return out->simple != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status keras_word(cvyi_explain_border *out, cvyi_arena *arena,
                             cvyi_border_rule rule, cvy_error *err)
{
    const cvy_border given = { out->before, out->after };

    out->simple = "padding=\"same\"";
    out->simple_for = "every length";
    if (rule == CVYI_BORDER_SAME)
        return CVY_OK;
    if (given.before == 0 && given.after == 0) {
        out->simple = "padding=\"valid\"";
        return CVY_OK;
    }
    out->simple_for =
        lengths(arena, remainders_of(out->window, given), out->window.stride);
    return out->simple_for != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* A mean sees its border: TensorFlow's SAME never counts it, torch does unless
 * it is told. */
static cvy_status counted(cvyi_explain_border *out, cvyi_explained *e,
                          const cvyi_call *call, cvy_error *err)
{
    const bool mean = cvyi_attr_index(call->attrs.op, "count") >= 0 &&
                      cvyi_attr_is(&call->attrs, "kind", "average");
    const bool real = mean && cvyi_attr_is(&call->attrs, "count", "real");
    const bool empty = !out->depends && out->before == 0 && out->after == 0;

    if (!mean || empty)
        return CVY_OK;
    if (e->target.axes == CVYI_AXES_LAST) {
        if (!real)
            out->simple_for = "no length: it does not count the border";
        return CVY_OK;
    }
    if (real)
        out->simple = cvyi_arena_printf(
            &e->arena, "%s, count_include_pad=False", out->simple);
    return out->simple != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* ---- one axis ---- */

/* A border of something else than zeros is a step of its own. */
static const cvyi_call *pad_before(const cvyi_graph *graph,
                                   const cvyi_call *call)
{
    const int from = graph->results[call->in[0]].call;

    return from >= 0 && strcmp(graph->calls[from].attrs.op->name, "pad") == 0
               ? &graph->calls[from]
               : NULL;
}

static const char *rule_of(cvyi_arena *arena, cvyi_border_rule rule,
                           cvy_border given, const cvyi_explain_border *b)
{
    cvyi_text text = { 0 };
    const char *kept;

    if (rule == CVYI_BORDER_SAME && b->window.stride <= MOST_REMAINDERS)
        return same_rule(arena, b->window);
    if (rule == CVYI_BORDER_SAME)
        return "depends on the length";
    if (b->hangs)
        return cvyi_arena_printf(arena,
                                 "%lld before, %lld after; the last window "
                                 "may hang over the end",
                                 (long long)given.before,
                                 (long long)given.after);
    put_amounts(&text, (cvy_border){ b->before, b->after });
    cvyi_text_put(&text, " for every length");
    kept = text.bad ? NULL
                    : cvyi_arena_text(arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

/* The size of one spatial axis of a tensor; -1: not known. */
static int64_t length_at(const cvyi_graph *graph, int result,
                         const cvyi_call *call, int axis)
{
    const cvyi_type *const in = &graph->results[result].type;
    int64_t length = -1;

    (void)cvyi_size_constant(
        &length, in->dims[axis + (call->axes == CVYI_AXES_FIRST ? 2 : 1)]);
    return length;
}

static cvy_status one_axis(cvyi_explain_border *out, cvyi_explained *e,
                           const cvyi_call *call, const char *attribute,
                           int axis, cvy_error *err)
{
    const cvyi_border *const border =
        cvyi_attr_border(&call->attrs, attribute);
    const cvyi_border_rule rule = border->rule;
    const cvyi_call *const pad = pad_before(e->source.graph, call);
    cvy_border amounts;

    *out = (cvyi_explain_border){
        .axis = axis_names[call->attrs.n_spatial - 1][axis],
        .window = cvyi_window_at(&call->attrs, axis),
        .length = length_at(e->source.graph, (pad != NULL ? pad : call)->in[0],
                            call, axis),
    };
    if (call->attrs.op->cut != NULL)
        return cvyi_explain_cut(out, e, call, axis, err);
    out->depends = !cvyi_window_fixed(&amounts, &call->attrs, axis);
    out->known =
        !out->depends ||
        (out->length > 0 && cvyi_window_border(&amounts, &call->attrs, axis,
                                               out->length, NULL) == CVY_OK);
    if (out->known) {
        out->before = amounts.before;
        out->after = amounts.after;
    }
    if (pad != NULL) {
        out->before += cvyi_attr_border(&pad->attrs, "border")->before[axis];
        out->after += cvyi_attr_border(&pad->attrs, "border")->after[axis];
    }
    out->hangs = cvyi_window_ceil(&call->attrs);
    out->rule =
        rule_of(&e->arena, rule,
                (cvy_border){ border->before[axis], border->after[axis] },
                out);
    if (out->rule == NULL)
        return cvyi_no_memory(err);
    if (out->window.stride > MOST_REMAINDERS || out->hangs || pad != NULL)
        return CVY_OK;
    CVYI_TRY(e->target.axes == CVYI_AXES_FIRST
                 ? torch_word(out, &e->arena, rule,
                              cvyi_attr_index(call->attrs.op, "kind") >= 0,
                              err)
                 : keras_word(out, &e->arena, rule, err));
    return counted(out, e, call, err);
}

static const char *border_attribute(const cvyi_op *op)
{
    for (const cvyi_attr *a = op->attrs; a != NULL && a->name != NULL; a++)
        if (a->kind == CVYI_ATTR_BORDER)
            return a->name;
    return NULL;
}

/* The call that has a window, where the layer has one. */
static const cvyi_call *windowed(const cvyi_graph *graph)
{
    for (int i = 0; i < graph->n_calls; i++) {
        const cvyi_attrs *const attrs = &graph->calls[i].attrs;

        if (cvyi_attr_index(attrs->op, "taps") >= 0 &&
            cvyi_attr_index(attrs->op, "stride") >= 0 &&
            border_attribute(attrs->op) != NULL &&
            strcmp(attrs->op->name, "pad") != 0)
            return &graph->calls[i];
    }
    return NULL;
}

/* Amounts in code are those of the sizes that were given. */
static cvy_status remark_fixed(cvyi_explained *e, const cvyi_call *call,
                               cvy_error *err)
{
    const cvyi_border *const border =
        cvyi_attr_border(&call->attrs, border_attribute(call->attrs.op));
    bool fixed = false;

    for (int i = 0; i < e->n_borders; i++)
        fixed = fixed ||
                (e->borders[i].length > 0 && e->borders[i].window.stride > 1);
    if (!fixed || border->rule != CVYI_BORDER_SAME ||
        e->target.axes != CVYI_AXES_FIRST)
        return CVY_OK;
    return cvyi_remark(&e->findings, "",
                       "the border is that of the given lengths; with ? in "
                       "their place the code is right for all of them",
                       err);
}

cvy_status cvyi_explain_borders(cvyi_explained *e, cvy_error *err)
{
    const cvyi_call *const call = windowed(e->source.graph);
    const int n = call != NULL ? call->attrs.n_spatial : 0;

    e->borders =
        cvyi_arena_alloc(&e->arena, (size_t)n + 1, sizeof *e->borders);
    if (e->borders == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        CVYI_TRY(one_axis(&e->borders[i], e, call,
                          border_attribute(call->attrs.op), i, err));
    e->n_borders = n;
    return call != NULL ? remark_fixed(e, call, err) : CVY_OK;
}
