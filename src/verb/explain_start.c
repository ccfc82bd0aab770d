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
#include "verb/explain.h"

#include <math.h>
#include <string.h>

/* Deviation of a standard normal truncated at two: the number that Keras
 * divides by. */
#define TRUNCATED 0.87962566103423978

typedef struct start {
    enum { UNSAID, CONSTANT, UNIFORM, NORMAL, TRUNCATED_NORMAL, OTHER } kind;
    double a, b;
    const char *name; /* OTHER: the initialiser's */
} start;

/* ---- of torch ---- */

static start of_draw(const cvyi_start *said)
{
    start out = { .a = said->a, .b = said->b };

    out.kind = said->draw == CVYI_DRAW_CONSTANT  ? CONSTANT
               : said->draw == CVYI_DRAW_UNIFORM ? UNIFORM
               : said->draw == CVYI_DRAW_NORMAL  ? NORMAL
                                                 : UNSAID;
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

static void fans_of(double *in, double *out, int rank, const int64_t *dims)
{
    double others = 1;

    *in = *out = rank == 1 ? (double)dims[0] : 1;
    if (rank < 2)
        return;
    for (int i = 0; i < rank - 2; i++)
        others *= (double)dims[i];
    *in = others * (double)dims[rank - 2];
    *out = others * (double)dims[rank - 1];
}

/* scale / fan, uniform or truncated normal. */
static start scaled(double scale, const char *mode, const char *kind, int rank,
                    const int64_t *dims)
{
    double in, out, fan;

    fans_of(&in, &out, rank, dims);
    fan = strcmp(mode, "fan_in") == 0    ? in
          : strcmp(mode, "fan_out") == 0 ? out
                                         : (in + out) / 2;
    fan = fan < 1 ? 1 : fan;
    if (strcmp(kind, "uniform") == 0)
        return (start){ .kind = UNIFORM,
                        .a = -sqrt(3 * scale / fan),
                        .b = sqrt(3 * scale / fan) };
    if (strcmp(kind, "untruncated_normal") == 0)
        return (start){ .kind = NORMAL, .b = sqrt(scale / fan) };
    return (start){ .kind = TRUNCATED_NORMAL,
                    .b = sqrt(scale / fan) / TRUNCATED };
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

static start of_initialiser(const cvyi_value *value, int rank,
                            const int64_t *dims)
{
    static const struct {
        const char *name, *mode, *kind;
        double scale;
    } rows[] = {
        { "glorot_uniform", "fan_avg", "uniform", 1 },
        { "glorot_normal", "fan_avg", "truncated_normal", 1 },
        { "he_uniform", "fan_in", "uniform", 2 },
        { "he_normal", "fan_in", "truncated_normal", 2 },
        { "lecun_uniform", "fan_in", "uniform", 1 },
        { "lecun_normal", "fan_in", "truncated_normal", 1 },
    };
    const cvyi_value *const config = cvyi_get(value, "config");
    const char *name = cvyi_as_text(value);

    if (name == NULL)
        name = cvyi_as_text(cvyi_get(value, "class_name"));
    if (name == NULL)
        return (start){ .kind = UNSAID };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_named(name, rows[i].name))
            return scaled(rows[i].scale, rows[i].mode, rows[i].kind, rank,
                          dims);
    if (is_named(name, "zeros") || is_named(name, "zero"))
        return (start){ .kind = CONSTANT };
    if (is_named(name, "ones") || is_named(name, "one"))
        return (start){ .kind = CONSTANT, .a = 1 };
    if (is_named(name, "constant"))
        return (start){ .kind = CONSTANT, .a = number(config, "value", 0) };
    if (is_named(name, "random_uniform") || is_named(name, "uniform"))
        return (start){ .kind = UNIFORM,
                        .a = number(config, "minval", -0.05),
                        .b = number(config, "maxval", 0.05) };
    if (is_named(name, "random_normal") || is_named(name, "normal"))
        return (start){ .kind = NORMAL,
                        .a = number(config, "mean", 0),
                        .b = number(config, "stddev", 0.05) };
    if (is_named(name, "truncated_normal"))
        return (start){ .kind = TRUNCATED_NORMAL,
                        .a = number(config, "mean", 0),
                        .b = number(config, "stddev", 0.05) };
    if (is_named(name, "variance_scaling")) {
        const char *const mode = cvyi_as_text(cvyi_get(config, "mode"));
        const char *const kind =
            cvyi_as_text(cvyi_get(config, "distribution"));

        return scaled(number(config, "scale", 1),
                      mode != NULL ? mode : "fan_in",
                      kind != NULL ? kind : "truncated_normal", rank, dims);
    }
    return (start){ .kind = OTHER, .name = name };
}

/* ---- words ---- */

static void put_number(cvyi_text *out, double value)
{
    cvyi_said said = { 0 };

    cvyi_code_number(&said, value);
    cvyi_text_put(out, cvyi_text_c(&said.code));
    out->bad |= said.code.bad;
    cvyi_text_close(&said.code);
}

static const char *keep(cvyi_text *text, cvyi_arena *arena)
{
    const char *const kept =
        text->bad ? NULL
                  : cvyi_arena_text(arena, cvyi_text_c(text), text->size);

    cvyi_text_close(text);
    return kept;
}

/* In six digits: the code has all of them. */
static const char *describe(cvyi_arena *arena, const start *s)
{
    const char *text = NULL;

    switch (s->kind) {
    case UNSAID:
        return "given by the caller";
    case CONSTANT:
        text = cvyi_arena_printf(arena, "%.6g", s->a);
        break;
    case UNIFORM:
        text = s->a == -s->b
                   ? cvyi_arena_printf(arena, "uniform in \xc2\xb1%.6g", s->b)
                   : cvyi_arena_printf(arena, "uniform from %.6g to %.6g",
                                       s->a, s->b);
        break;
    case NORMAL:
    case TRUNCATED_NORMAL:
        text = cvyi_arena_printf(
            arena, "normal%s, mean %.6g, deviation %.6g",
            s->kind == NORMAL ? "" : " cut off at two deviations", s->a, s->b);
        break;
    case OTHER:
        text = s->name;
        break;
    }
    return text;
}

/* "layer.weight", "layer[1].weight": a key of the state dict as code. */
static void put_key(cvyi_text *out, const char *key)
{
    const size_t digits = strspn(key, "0123456789");

    if (digits > 0 && key[digits] == '.')
        cvyi_text_printf(out, "layer[%.*s]%s", (int)digits, key, key + digits);
    else
        cvyi_text_printf(out, "layer.%s", key);
}

/* nn.init.uniform_(layer.weight, -0.2, 0.2) */
static const char *torch_code(cvyi_arena *arena, const start *s,
                              const char *weight)
{
    cvyi_text text = { 0 };
    static const char *const names[] = {
        [CONSTANT] = "constant_",
        [UNIFORM] = "uniform_",
        [NORMAL] = "normal_",
        [TRUNCATED_NORMAL] = "trunc_normal_",
    };

    if (s->kind == UNSAID || s->kind == OTHER)
        return NULL;
    cvyi_text_printf(&text, "nn.init.%s(", names[s->kind]);
    put_key(&text, weight);
    cvyi_text_put(&text, ", ");
    put_number(&text, s->a);
    if (s->kind != CONSTANT) {
        cvyi_text_put(&text, ", ");
        put_number(&text, s->b);
    }
    if (s->kind == TRUNCATED_NORMAL) {
        cvyi_text_put(&text, ", ");
        put_number(&text, s->a - 2 * s->b);
        cvyi_text_put(&text, ", ");
        put_number(&text, s->a + 2 * s->b);
    }
    cvyi_text_put(&text, ")");
    return keep(&text, arena);
}

/* kernel_initializer=keras.initializers.RandomUniform(-0.2, 0.2) */
static const char *keras_code(cvyi_arena *arena, const start *s,
                              const char *argument)
{
    static const char *const names[] = {
        [CONSTANT] = "Constant",
        [UNIFORM] = "RandomUniform",
        [NORMAL] = "RandomNormal",
        [TRUNCATED_NORMAL] = "TruncatedNormal",
    };
    cvyi_text text = { 0 };

    if (s->kind == UNSAID || s->kind == OTHER || argument == NULL)
        return NULL;
    cvyi_text_printf(&text, "%s=keras.initializers.%s(", argument,
                     names[s->kind]);
    put_number(&text, s->a);
    if (s->kind != CONSTANT) {
        cvyi_text_put(&text, ", ");
        put_number(&text, s->b);
    }
    cvyi_text_put(&text, ")");
    return keep(&text, arena);
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

static start start_of(const cvyi_step_slot *slot, int rank,
                      const int64_t *dims)
{
    if (slot == NULL)
        return (start){ .kind = UNSAID };
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

static bool alike(const start *a, const start *b)
{
    return a->kind == b->kind && a->kind != OTHER &&
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
    const start here = start_of(slot, p->stored.rank, p->stored.dims);

    *out = (cvyi_explain_start){ .weight = p->name,
                                 .source = describe(&e->arena, &here) };
    if (out->source == NULL)
        return cvyi_no_memory(err);
    if (weight == NULL || call < 0 || e->back[call] == NULL)
        return CVY_OK;

    int64_t dims[CVY_MAX_RANK];
    const int rank = cvyi_layout_target(&weight->layout, dims);
    const start there = start_of(slot_of(e->back[call], p->slot), rank, dims);

    out->target = describe(&e->arena, &there);
    if (alike(&here, &there))
        return CVY_OK;
    out->code = e->target.axes == CVYI_AXES_FIRST
                    ? torch_code(&e->arena, &here, weight->name)
                    : keras_code(&e->arena, &here,
                                 initialiser_argument(e, call, p->slot));
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
        const start here =
            start_of(source_slot(e, i), p->stored.rank, p->stored.dims);

        /* Statistics begin alike everywhere; an argument has no beginning. */
        if (!p->trainable || here.kind == UNSAID)
            continue;
        CVYI_TRY(one_start(&e->starts[e->n_starts], e, i, err));
        e->n_starts++;
    }
    return CVY_OK;
}
