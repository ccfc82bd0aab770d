/*
 * verb/explain_cut.c - what is cut off a transposed convolution, for all
 * lengths.
 *
 * n elements reach (n - 1) * stride + span outputs, and what falls away at
 * either end does not depend on n.
 */
#include "verb/explain.h"

#include <string.h>

/* (taps - 1) * dilation + 1 */
static int64_t span_of(cvy_window w)
{
    return (w.taps - 1) * w.dilation + 1;
}

/* "2 * n + 1" of a stride of 2 and 3 taps. */
static void put_reached(cvyi_text *out, cvy_window w)
{
    const int64_t more = span_of(w) - w.stride;

    if (w.stride != 1)
        cvyi_text_printf(out, "%lld * ", (long long)w.stride);
    cvyi_text_put(out, "n");
    if (more != 0)
        cvyi_text_printf(out, " %c %lld", more < 0 ? '-' : '+',
                         (long long)(more < 0 ? -more : more));
}

/* "1 cut off before, 2 after": the verb is said again where it changes. */
static void put_amounts(cvyi_text *out, int64_t before, int64_t after)
{
    static const char *const verbs[] = { " cut off", " added" };

    cvyi_text_printf(out, "%lld%s before, %lld%s after",
                     (long long)(before < 0 ? -before : before),
                     verbs[before < 0],
                     (long long)(after < 0 ? -after : after),
                     (before < 0) == (after < 0) ? "" : verbs[after < 0]);
}

static const char *rule_of(cvyi_arena *arena, const cvyi_explain_border *b)
{
    cvyi_text text = { 0 };
    const char *kept;

    cvyi_text_put(&text, "n elements reach ");
    put_reached(&text, b->window);
    cvyi_text_put(&text, " outputs; ");
    put_amounts(&text, b->before, b->after);
    cvyi_text_put(&text, ", for every length");
    kept = text.bad ? NULL
                    : cvyi_arena_text(arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

/* Does SAME cut it off, of outputs that are `rest` more than (n - 1) * stride?
 */
static bool is_same(const cvyi_explain_border *b, int64_t rest)
{
    const int64_t total = span_of(b->window) - rest;

    return total >= 0 && b->before == total / 2 &&
           b->after == total - total / 2;
}

cvy_status cvyi_explain_cut_rule(const char **out, cvyi_arena *arena,
                                 const cvyi_explain_border *const *with,
                                 cvy_error *err)
{
    static const char end[] = "are cut off, t // 2 before and the rest after";
    const long long s = with[0]->window.stride, d = with[0]->window.dilation;
    const long long rest =
        span_of(with[0]->window) - with[0]->before - with[0]->after;

    *out = NULL;
    for (int v = 0; v < CVYI_STAND_INS; v++)
        if (!is_same(with[v], rest))
            return CVY_OK;
    *out = d > 1 ? cvyi_arena_printf(
                       arena,
                       "n elements reach (n - 1) * %lld + (k - 1) * %lld + 1 "
                       "outputs with k taps; t = (k - 1) * %lld - %lld %s",
                       s, d, d, rest - 1, end)
                 : cvyi_arena_printf(
                       arena,
                       "n elements reach (n - 1) * %lld + k outputs with k "
                       "taps; t = k - %lld %s",
                       s, rest, end);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* ---- the target's word ---- */

/* The layer along one of its axes. */
static void one_axis(cvyi_attrs *out, const cvyi_attrs *from, int axis)
{
    const cvyi_attr *const list = from->op->attrs;

    *out = *from;
    out->n_spatial = 1;
    for (int i = 0; list[i].name != NULL; i++) {
        cvyi_attr_value *const value = &out->at[i];

        if (list[i].kind == CVYI_ATTR_INTS) {
            value->n = 1;
            value->ints[0] = value->ints[axis];
        } else if (list[i].kind == CVYI_ATTR_BORDER) {
            value->n = 1;
            value->border.before[0] = value->border.before[axis];
            value->border.after[0] = value->border.after[axis];
        }
    }
}

/* "padding=1, output_padding=1" of the code that says it. */
static const char *words_in(cvyi_explained *e, const cvyi_said *said,
                            const char *meaning)
{
    const bool torch = e->target.axes == CVYI_AXES_FIRST;
    const cvyi_argument *a = said->spelling->arguments;
    const char *words = NULL;

    for (; a != NULL && a->name != NULL; a++) {
        const char *code;

        if (strcmp(a->meaning, meaning) != 0)
            continue;
        code = cvyi_explain_in_code(&e->arena, cvyi_text_c(&said->code),
                                    said->spelling, a->name);
        if (code != NULL && words != NULL)
            words = cvyi_arena_printf(&e->arena, "%s, %s", words, code);
        else if (code != NULL)
            words = code;
    }
    return words != NULL ? words : torch ? "padding=0" : "padding=\"valid\"";
}

/* A class of our own, or none: no plain word is right. */
static void wrong_word(cvyi_explain_border *b, cvyi_explained *e)
{
    const bool torch = e->target.axes == CVYI_AXES_FIRST;

    b->simple_for = torch && b->before < b->after
                        ? "no length: it cuts off as much at both ends"
                        : "no length";
    b->simple = "padding=\"same\"";
    if (torch)
        b->simple =
            cvyi_arena_printf(&e->arena, "padding=%lld",
                              (long long)(b->before > 0 ? b->before : 0));
}

/* Has the target words for one axis? What it refuses for another reason than
 * this border has none at all. */
static cvy_status find_word(cvyi_explain_border *b, cvyi_explained *e,
                            const cvyi_call *call, int axis, cvy_error *err)
{
    cvyi_graph *const graph = e->source.graph;
    const char *const cut = call->attrs.op->cut;
    cvyi_saying saying;
    cvyi_attrs attrs;
    cvyi_said said;
    cvy_status status;

    CVYI_TRY(
        cvyi_graph_saying(&saying, graph, (int)(call - graph->calls), err));
    one_axis(&attrs, &call->attrs, axis);
    saying.attrs = &attrs;
    saying.axes = e->target.axes;
    status =
        cvyi_say(&said, e->target.dialect, CVYI_FORM_MODULE, &saying, NULL);
    if (status == CVY_OK && said.helper == NULL) {
        b->simple = words_in(e, &said, cut);
        b->simple_for = "every length";
    } else if (status == CVY_OK ||
               strstr(said.refusal.attribute, "padding") != NULL) {
        wrong_word(b, e);
    }
    cvyi_said_close(&said);
    return status == CVY_MEMORY ? cvyi_no_memory(err) : CVY_OK;
}

cvy_status cvyi_explain_cut(cvyi_explain_border *out, cvyi_explained *e,
                            const cvyi_call *call, int axis, cvy_error *err)
{
    const cvyi_border *const crop =
        cvyi_attr_border(&call->attrs, call->attrs.op->cut);

    out->cut = true;
    out->known = true;
    out->before = crop->before[axis];
    out->after = crop->after[axis];
    out->rule = rule_of(&e->arena, out);
    if (out->rule == NULL)
        return cvyi_no_memory(err);
    return find_word(out, e, call, axis, err);
}
