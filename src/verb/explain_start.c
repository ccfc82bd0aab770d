/*
 * verb/explain_start.c - what weights hold before training.
 *
 * torch draws by the layer, Keras by an initialiser argument. Both are brought
 * to one distribution with its numbers, and the target is told to draw from
 * the source's.
 */
#include "verb/explain_start.h"

#include <math.h>
#include <string.h>

/* ---- of torch ---- */

static cvyi_fresh of_draw(const cvyi_start *said)
{
    cvyi_fresh out = { .a = said->a, .b = said->b };

    out.kind = said->draw == CVYI_DRAW_CONSTANT  ? CVYI_FRESH_CONSTANT
               : said->draw == CVYI_DRAW_UNIFORM ? CVYI_FRESH_UNIFORM
               : said->draw == CVYI_DRAW_NORMAL  ? CVYI_FRESH_NORMAL
                                                 : CVYI_FRESH_UNSAID;
    return out;
}

/* ---- words ---- */

/* In six digits: the code has all of them. */
static const char *describe(cvyi_arena *arena, const cvyi_fresh *s)
{
    const char *text = NULL;

    switch (s->kind) {
    case CVYI_FRESH_UNSAID:
        return "given by the caller";
    case CVYI_FRESH_CONSTANT:
        text = cvyi_arena_printf(arena, "%.6g", s->a);
        break;
    case CVYI_FRESH_UNIFORM:
        text = s->a == -s->b
                   ? cvyi_arena_printf(arena, "uniform in \xc2\xb1%.6g", s->b)
                   : cvyi_arena_printf(arena, "uniform from %.6g to %.6g",
                                       s->a, s->b);
        break;
    case CVYI_FRESH_NORMAL:
    case CVYI_FRESH_TRUNCATED:
        text = cvyi_arena_printf(
            arena, "normal%s, mean %.6g, deviation %.6g",
            s->kind == CVYI_FRESH_NORMAL ? "" : " cut off at two deviations",
            s->a, s->b);
        break;
    case CVYI_FRESH_OTHER:
        text = s->name;
        break;
    }
    return text;
}

/* How the numbers follow from any shape; NULL: they do not. Of torch's own
 * draws those that reach equally far both ways do. */
static const char *rule_of(cvyi_arena *arena, const cvyi_step_slot *slot)
{
    cvyi_scaling by;
    bool average;
    const char *fan;

    if (slot == NULL)
        return NULL;
    if (slot->start.draw == CVYI_DRAW_UNIFORM &&
        slot->start.a == -slot->start.b)
        return "uniform in \xc2\xb1sqrt(1 / fan_in)";
    if (slot->start.draw != CVYI_DRAW_UNSAID ||
        !cvyi_scaling_of(&by, slot->initialiser))
        return NULL;
    average =
        strcmp(by.mode, "fan_in") != 0 && strcmp(by.mode, "fan_out") != 0;
    fan = average ? "(fan_in + fan_out)" : by.mode;
    if (average)
        by.scale *= 2;
    if (strcmp(by.kind, "uniform") == 0)
        return cvyi_arena_printf(arena, "uniform in \xc2\xb1sqrt(%g / %s)",
                                 3 * by.scale, fan);
    if (strcmp(by.kind, "untruncated_normal") == 0)
        return cvyi_arena_printf(
            arena, "normal, mean 0, deviation sqrt(%g / %s)", by.scale, fan);
    return cvyi_arena_printf(arena,
                             "normal cut off at two deviations, mean 0, "
                             "deviation %.6g * sqrt(%g / %s)",
                             1 / CVYI_TRUNCATED, by.scale, fan);
}

/* ---- rows ---- */

static const cvyi_step_slot *slot_of(const cvyi_phrase *phrase,
                                     const char *slot)
{
    for (int i = 0; phrase != NULL && i < phrase->n; i++)
        for (int k = 0; k < phrase->steps[i].n_slots; k++)
            if (strcmp(phrase->steps[i].slots[k].slot, slot) == 0)
                return &phrase->steps[i].slots[k];
    return NULL;
}

static cvyi_fresh start_of(const cvyi_step_slot *slot, int rank,
                           const int64_t *dims)
{
    if (slot == NULL)
        return (cvyi_fresh){ .kind = CVYI_FRESH_UNSAID };
    return slot->start.draw != CVYI_DRAW_UNSAID
               ? of_draw(&slot->start)
               : cvyi_fresh_of(slot->initialiser, rank, dims);
}

/* The argument of the target's call that says how slot is drawn. */
static const char *initialiser_argument(const cvyi_explained *e, int call,
                                        const char *slot)
{
    const cvyi_spelling *const s = e->snippet.said[call].spelling;
    const size_t n = strlen(slot);

    for (const cvyi_argument *a = s != NULL ? s->arguments : NULL;
         a != NULL && a->name != NULL; a++)
        if (strncmp(a->meaning, slot, n) == 0 &&
            strcmp(a->meaning + n, " initialiser") == 0)
            return a->name;
    return NULL;
}

static bool alike(const cvyi_fresh *a, const cvyi_fresh *b)
{
    return a->kind == b->kind && a->kind != CVYI_FRESH_OTHER &&
           fabs(a->a - b->a) <= 1e-6 * fabs(a->a) &&
           fabs(a->b - b->b) <= 1e-6 * fabs(a->b);
}

/* The call of the port that carries over the call with this parameter. */
static int call_with(const cvyi_graph *port, int param)
{
    for (int i = 0; i < port->n_calls; i++)
        for (int s = 0; s < CVYI_MAX_SLOTS; s++)
            if (port->calls[i].params[s] == param)
                return i;
    return -1;
}

static const cvyi_written_weight *weight_of(const cvyi_explained *e, int param)
{
    for (int i = 0; i < e->snippet.n_weights; i++)
        if (e->snippet.weights[i].param == param)
            return &e->snippet.weights[i];
    return NULL;
}

/* The step slot that made parameter `param` of the source: they were made in
 * the order of the phrase. */
static const cvyi_step_slot *source_slot(const cvyi_explained *e, int param)
{
    const cvyi_phrase *const phrase = &e->source.phrase;
    int at = 0;

    for (int i = 0; i < phrase->n; i++)
        for (int k = 0; k < phrase->steps[i].n_slots; k++)
            if (at++ == param)
                return &phrase->steps[i].slots[k];
    return NULL;
}

static cvy_status one_start(cvyi_explain_start *out, cvyi_explained *e,
                            int param, cvy_error *err)
{
    const cvyi_param *const p = &e->source.graph->params[param];
    const cvyi_step_slot *const slot = source_slot(e, param);
    const cvyi_written_weight *const weight = weight_of(e, param);
    const int call = call_with(e->port, param);
    const cvyi_fresh here = start_of(slot, p->stored.rank, p->stored.dims);

    *out = (cvyi_explain_start){ .weight = p->name,
                                 .source = describe(&e->arena, &here),
                                 .source_rule = rule_of(&e->arena, slot) };
    if (out->source == NULL)
        return cvyi_no_memory(err);
    if (weight == NULL || call < 0)
        return CVY_OK;

    int64_t dims[CVY_MAX_RANK];
    const int rank = cvyi_layout_target(&weight->layout, dims);
    const cvyi_step_slot *const other = slot_of(e->back[call], p->slot);
    const cvyi_fresh there = start_of(other, rank, dims);

    /* What a class that comes along draws is not known, but can be said. */
    if (e->back[call] != NULL) {
        out->target = describe(&e->arena, &there);
        out->target_rule = rule_of(&e->arena, other);
    }
    if (e->back[call] != NULL && alike(&here, &there))
        return CVY_OK;
    out->code =
        e->target.axes == CVYI_AXES_FIRST
            ? cvyi_fresh_torch(&e->arena, &here, weight->name, rank, dims)
            : cvyi_fresh_keras(&e->arena, &here,
                               initialiser_argument(e, call, p->slot), rank,
                               dims);
    return CVY_OK;
}

cvy_status cvyi_explain_starts(cvyi_explained *e, cvy_error *err)
{
    const int n = e->source.graph->n_params;

    e->starts = cvyi_arena_alloc(&e->arena, (size_t)n + 1, sizeof *e->starts);
    if (e->starts == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        const cvyi_param *const p = &e->source.graph->params[i];
        const cvyi_fresh here =
            start_of(source_slot(e, i), p->stored.rank, p->stored.dims);

        /* Statistics begin alike everywhere; an argument has no beginning. */
        if (!p->trainable || here.kind == CVYI_FRESH_UNSAID)
            continue;
        CVYI_TRY(one_start(&e->starts[e->n_starts], e, i, err));
        e->n_starts++;
    }
    return CVY_OK;
}
