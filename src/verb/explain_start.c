/*
 * verb/explain_start.c - what weights hold before training.
 *
 * torch draws by the layer, Keras by an initialiser argument. Both are brought
 * to one distribution with its numbers, and the target is told to draw from
 * the source's.
 *
 * Keras (keras/src/initializers/random_initializers.py, and the same rules in
 * Keras 2): fans of a kernel are the last two axes times the others; uniform
 * reaches sqrt(3 scale / fan); a normal is truncated at two deviations and
 * widened by 1 / 0.87962566 so that its own deviation is sqrt(scale / fan).
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

/* ---- of Keras ---- */

static double number(const cvyi_value *config, const char *key,
                     double fallback)
{
    double value = fallback;

    (void)cvyi_as_double(&value, cvyi_get(config, key));
    return value;
}

/* A distribution whose spread follows from the weight's fans: scale / fan,
 * uniform or truncated normal. */
typedef struct scaling {
    const char *name, *mode, *kind;
    double scale;
} scaling;

static cvyi_fresh scaled(const scaling *by, int rank, const int64_t *dims)
{
    double in, out, fan;

    cvyi_fresh_fans(&in, &out, rank, dims);
    fan = strcmp(by->mode, "fan_in") == 0    ? in
          : strcmp(by->mode, "fan_out") == 0 ? out
                                             : (in + out) / 2;
    fan = fan < 1 ? 1 : fan;
    if (strcmp(by->kind, "uniform") == 0)
        return (cvyi_fresh){ .kind = CVYI_FRESH_UNIFORM,
                             .a = -sqrt(3 * by->scale / fan),
                             .b = sqrt(3 * by->scale / fan) };
    if (strcmp(by->kind, "untruncated_normal") == 0)
        return (cvyi_fresh){ .kind = CVYI_FRESH_NORMAL,
                             .b = sqrt(by->scale / fan) };
    return (cvyi_fresh){ .kind = CVYI_FRESH_TRUNCATED,
                         .b = sqrt(by->scale / fan) / CVYI_TRUNCATED };
}

/* "GlorotUniform" and "glorot_uniform" are one. */
static bool is_named(const char *name, const char *snake)
{
    for (; *snake != '\0'; snake++) {
        if (*snake == '_')
            continue;
        name += *name == '_';
        if ((*name | 0x20) != *snake)
            return false;
        name++;
    }
    return *name == '\0' || strcmp(name, "V2") == 0;
}

static const char *name_of(const cvyi_value *value)
{
    const char *const name = cvyi_as_text(value);

    return name != NULL ? name : cvyi_as_text(cvyi_get(value, "class_name"));
}

/* false: it is none of those that look at the weight's shape. */
static bool scaling_of(scaling *out, const cvyi_value *value)
{
    static const scaling rows[] = {
        { "glorot_uniform", "fan_avg", "uniform", 1 },
        { "glorot_normal", "fan_avg", "truncated_normal", 1 },
        { "he_uniform", "fan_in", "uniform", 2 },
        { "he_normal", "fan_in", "truncated_normal", 2 },
        { "lecun_uniform", "fan_in", "uniform", 1 },
        { "lecun_normal", "fan_in", "truncated_normal", 1 },
    };
    const cvyi_value *const config = cvyi_get(value, "config");
    const char *const name = name_of(value);

    for (size_t i = 0; name != NULL && i < sizeof rows / sizeof *rows; i++)
        if (is_named(name, rows[i].name)) {
            *out = rows[i];
            return true;
        }
    if (name == NULL || !is_named(name, "variance_scaling"))
        return false;
    *out = (scaling){ name, cvyi_as_text(cvyi_get(config, "mode")),
                      cvyi_as_text(cvyi_get(config, "distribution")),
                      number(config, "scale", 1) };
    out->mode = out->mode != NULL ? out->mode : "fan_in";
    out->kind = out->kind != NULL ? out->kind : "truncated_normal";
    return true;
}

static cvyi_fresh of_initialiser(const cvyi_value *value, int rank,
                                 const int64_t *dims)
{
    const cvyi_value *const config = cvyi_get(value, "config");
    const char *const name = name_of(value);
    scaling by;

    if (name == NULL)
        return (cvyi_fresh){ .kind = CVYI_FRESH_UNSAID };
    if (scaling_of(&by, value))
        return scaled(&by, rank, dims);
    if (is_named(name, "zeros") || is_named(name, "zero"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT };
    if (is_named(name, "ones") || is_named(name, "one"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT, .a = 1 };
    if (is_named(name, "constant"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT,
                             .a = number(config, "value", 0) };
    if (is_named(name, "random_uniform") || is_named(name, "uniform"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_UNIFORM,
                             .a = number(config, "minval", -0.05),
                             .b = number(config, "maxval", 0.05) };
    if (is_named(name, "random_normal") || is_named(name, "normal"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_NORMAL,
                             .a = number(config, "mean", 0),
                             .b = number(config, "stddev", 0.05) };
    if (is_named(name, "truncated_normal"))
        return (cvyi_fresh){ .kind = CVYI_FRESH_TRUNCATED,
                             .a = number(config, "mean", 0),
                             .b = number(config, "stddev", 0.05) };
    return (cvyi_fresh){ .kind = CVYI_FRESH_OTHER, .name = name };
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
    scaling by;
    bool average;
    const char *fan;

    if (slot == NULL)
        return NULL;
    if (slot->start.draw == CVYI_DRAW_UNIFORM &&
        slot->start.a == -slot->start.b)
        return "uniform in \xc2\xb1sqrt(1 / fan_in)";
    if (slot->start.draw != CVYI_DRAW_UNSAID ||
        !scaling_of(&by, slot->initialiser))
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
               : of_initialiser(slot->initialiser, rank, dims);
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
