/*
 * verb/explain_arguments.c - what became of every argument.
 *
 * The words say what each argument is about (cvyi_argument); two arguments of
 * one meaning are each other's counterpart. Values come from the code: what
 * the user gave on one side, what was written on the other.
 */
#include "verb/explain.h"

#include "base/ink.h"

#include <string.h>

/* ---- defaults ---- */

/* The default as the signature's text has it; arena text, or NULL. */
static const char *default_of(cvyi_arena *arena, const char *signature,
                              const char *name)
{
    const size_t n = strlen(name);

    for (const char *p = signature; p != NULL && (p = strstr(p, name)) != NULL;
         p++) {
        size_t size = 0;
        int depth = 0;

        if ((p != signature && p[-1] != ' ') || p[n] != '=')
            continue;
        for (p += n + 1; p[size] != '\0' && (p[size] != ',' || depth > 0);
             size++)
            depth += (strchr("([", p[size]) != NULL) -
                     (strchr(")]", p[size]) != NULL);
        return cvyi_arena_text(arena, p, size);
    }
    return NULL;
}

/* ---- rows ---- */

static const cvyi_argument *find(const cvyi_argument *list, const char *name,
                                 const char *meaning)
{
    for (; list != NULL && list->name != NULL; list++)
        if ((name == NULL || strcmp(list->name, name) == 0) &&
            (meaning == NULL || strcmp(list->meaning, meaning) == 0))
            return list;
    return NULL;
}

/* Of two convolutions in one layer the first one slides: it has the window. */
static bool slides(const cvyi_explained *e, int call, const char *meaning)
{
    static const char *const words[] = { "taps",   "stride", "dilation",
                                         "border", "inputs", "groups" };
    const char *const label = e->port->calls[call].label;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], meaning) == 0)
            return label != NULL && strcmp(label, "depthwise") == 0;
    return false;
}

/* An argument of the target that has this meaning, and its call. */
static const cvyi_argument *counterpart(int *call, const cvyi_explained *e,
                                        const char *meaning)
{
    for (int i = 0; i < e->snippet.n_calls; i++) {
        const cvyi_spelling *const s = e->snippet.said[i].spelling;
        const cvyi_argument *const found =
            s != NULL ? find(s->arguments, NULL, meaning) : NULL;

        if (found != NULL &&
            (e->port->calls[i].label == NULL || slides(e, i, meaning))) {
            *call = i;
            return found;
        }
    }
    return NULL;
}

/* A part of the layer that is a call of its own on the other side. */
static int part_call(const cvyi_explained *e, const char *label)
{
    for (int i = 0; i < e->snippet.n_calls; i++)
        if (e->port->calls[i].label != NULL &&
            strcmp(e->port->calls[i].label, label) == 0)
            return i;
    return -1;
}

static cvy_status add(cvyi_explained *e, int *capacity, const char *source,
                      const char *target, const char *why, cvy_error *err)
{
    cvyi_explain_argument *const grown = cvyi_arena_grow(
        &e->arena, e->arguments, e->n_arguments, capacity, sizeof *grown);

    if (grown == NULL || (source == NULL && target == NULL) || why == NULL)
        return cvyi_no_memory(err);
    e->arguments = grown;
    grown[e->n_arguments++] = (cvyi_explain_argument){ source, target, why };
    return CVY_OK;
}

/* "Keras 3: the share of the old value; PyTorch: the share of the new". */
static const char *both_notes(cvyi_explained *e, const cvyi_argument *from,
                              const cvyi_argument *to)
{
    const char *const source = cvyi_dialect_title(e->text->dialect);
    const char *const target = cvyi_dialect_title(e->target.dialect);

    if (from->note != NULL && to->note != NULL)
        return cvyi_arena_printf(&e->arena, "%s: %s; %s: %s", source,
                                 from->note, target, to->note);
    if (from->note != NULL || to->note != NULL)
        return cvyi_arena_printf(&e->arena, "%s: %s",
                                 from->note != NULL ? source : target,
                                 from->note != NULL ? from->note : to->note);
    return strcmp(from->name, to->name) == 0 ? "the same"
                                             : "the same, by another name";
}

typedef struct row {
    const char *name;
    const cvyi_argument *about;
    const char *source; /* "stride=2" */
    bool given;
} row;

/* Left at its default here, and said or defaulted otherwise there. */
static cvy_status add_default(cvyi_explained *e, int *capacity, const row *r,
                              const cvyi_argument *to, const char *there,
                              const char *code, cvy_error *err)
{
    const char *const here =
        default_of(&e->arena, e->text->spelling->signature, r->name);
    const bool same = here != NULL && strcmp(here, there) == 0;
    const char *const why =
        same ? "the rest of the call means it"
             : cvyi_arena_printf(&e->arena,
                                 "the defaults differ: %s in %s, %s in %s",
                                 here, cvyi_dialect_title(e->text->dialect),
                                 there, cvyi_dialect_title(e->target.dialect));
    const char *const source =
        cvyi_arena_printf(&e->arena, "%s=%s (default)", r->name, here);

    return add(e, capacity, source,
               code != NULL
                   ? code
                   : cvyi_arena_printf(&e->arena, "%s (default)", to->name),
               to->note == NULL && r->about->note == NULL
                   ? why
                   : cvyi_arena_printf(&e->arena, "%s; %s", why,
                                       both_notes(e, r->about, to)),
               err);
}

/* Does a given argument say the target's one already? */
static bool is_told(const cvyi_explained *e, const char *name)
{
    const cvyi_bound *const bound = &e->text->bound;

    for (int i = 0; i < bound->n; i++) {
        const cvyi_argument *const about =
            find(e->text->spelling->arguments, bound->names[i], NULL);
        const cvyi_argument *to;
        int call = 0;

        if (!bound->given[i] || about == NULL)
            continue;
        to = counterpart(&call, e, about->meaning);
        if (to != NULL && strcmp(to->name, name) == 0)
            return true;
    }
    return false;
}

static cvy_status add_pair(cvyi_explained *e, int *capacity, const row *r,
                           const cvyi_argument *to, int call, cvy_error *err)
{
    const cvyi_said *const said = &e->snippet.said[call];
    const char *const code = cvyi_explain_in_code(
        &e->arena, cvyi_text_c(&said->code), said->spelling, to->name);
    const char *const there =
        default_of(&e->arena, said->spelling->signature, to->name);

    if (!r->given)
        return code == NULL || there == NULL || is_told(e, to->name)
                   ? CVY_OK
                   : add_default(e, capacity, r, to, there, code, err);
    return add(e, capacity, r->source,
               code != NULL
                   ? code
                   : cvyi_arena_printf(&e->arena, "%s%s%s (default)", to->name,
                                       there != NULL ? "=" : "",
                                       there != NULL ? there : ""),
               both_notes(e, r->about, to), err);
}

/* All that the layer became, if a table has room for it; or NULL. */
static const char *whole(const cvyi_explained *e)
{
    enum { ROOM = 32 };
    const cvyi_said *const said = &e->snippet.said[0];

    return e->snippet.n_calls == 1 && said->form == CVYI_FORM_MODULE &&
                   said->code.size <= ROOM
               ? cvyi_text_c(&said->code)
               : NULL;
}

/* Of a spelling without a table nothing is known, but that names are names. */
static bool says_nothing(const cvyi_explained *e, const row *r)
{
    return e->text->spelling->arguments != NULL ||
           strcmp(r->name, "name") == 0;
}

/* What has no argument on the other side, but a place. */
static cvy_status add_other(cvyi_explained *e, int *capacity, const row *r,
                            cvy_error *err)
{
    const bool torch = e->target.axes == CVYI_AXES_FIRST;
    const char *const meaning = r->about != NULL ? r->about->meaning : "";
    const char *const code = whole(e);
    const size_t n = strlen(meaning);

    if (!r->given)
        return CVY_OK;
    if (strcmp(meaning, "inputs") == 0)
        return add(e, capacity, r->source, NULL,
                   torch ? "taken from the input"
                         : "Keras takes it from the input when the layer is "
                           "built",
                   err);
    if (strcmp(meaning, "axes") == 0)
        return add(e, capacity, r->source, NULL,
                   torch ? "PyTorch has channels first, always"
                         : "channels stand last here",
                   err);
    if (n > 11 && strcmp(meaning + n - 11, "initialiser") == 0)
        return add(e, capacity, r->source, NULL,
                   "see the initial values below", err);
    if (strcmp(meaning, "") == 0 && says_nothing(e, r))
        return add(e, capacity, r->source, NULL,
                   "says nothing about the numbers that come out", err);
    return add(e, capacity, r->source, code,
               r->about != NULL && r->about->note != NULL ? r->about->note
               : code != NULL ? "the counterpart says it as a whole"
                              : "the rest of the call says it",
               err);
}

/* The border and the activation may be calls of their own. */
static cvy_status add_part(bool *done, cvyi_explained *e, int *capacity,
                           const row *r, cvy_error *err)
{
    const char *const meaning = r->about != NULL ? r->about->meaning : "";
    const char *const label = strcmp(meaning, "border") == 0 ? "pad" : meaning;
    const int call = *label != '\0' ? part_call(e, label) : -1;
    const char *code, *why;

    *done = call >= 0;
    if (call < 0)
        return CVY_OK;
    code = cvyi_text_c(&e->snippet.said[call].code);
    why = strcmp(label, "pad") == 0 && e->target.axes == CVYI_AXES_LAST
              ? "Keras takes no numbers for a border: a step of its own puts "
                "it on"
              : e->port->calls[call].comment;
    return add(e, capacity, r->source,
               e->snippet.said[call].form == CVYI_FORM_FUNCTION
                   ? cvyi_arena_printf(&e->arena, "%.*s(...)",
                                       (int)strcspn(code, "("), code)
                   : cvyi_arena_text(&e->arena, code, strlen(code)),
               why != NULL ? why : "a step of its own", err);
}

static cvy_status add_row(cvyi_explained *e, int *capacity, const row *r,
                          cvy_error *err)
{
    const cvyi_argument *to = NULL;
    bool done = false;
    int call = 0;

    CVYI_TRY(add_part(&done, e, capacity, r, err));
    if (done)
        return CVY_OK;
    if (r->about != NULL)
        to = counterpart(&call, e, r->about->meaning);
    return to != NULL ? add_pair(e, capacity, r, to, call, err)
                      : add_other(e, capacity, r, err);
}

/* The tensor whose shape says what the target has an argument for; NULL: the
 * call has no weights of its own. */
static const char *told_by(const cvyi_explained *e, const char *meaning)
{
    static const char *const told[] = { "inputs", "taps",    "units",
                                        "width",  "entries", "outputs" };
    const cvyi_phrase *const phrase = &e->source.phrase;
    const char *found = NULL;
    bool known = false;

    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        known = known || strcmp(told[i], meaning) == 0;
    for (int k = 0; known && k < phrase->n; k++) {
        const cvyi_step_slot *const slot = &phrase->steps[k].slots[0];

        /* The last of several convolutions makes what comes out. */
        if (phrase->steps[k].n_slots > 0 && slot->operand > 0 &&
            (found == NULL || strcmp(meaning, "outputs") == 0))
            found = e->text->tensors[slot->operand];
    }
    return found;
}

static const char *why_target(cvyi_explained *e, const cvyi_argument *about)
{
    const char *const tensor = told_by(e, about->meaning);

    if (tensor != NULL)
        return cvyi_arena_printf(&e->arena, "the shape of %s says it", tensor);
    if (strcmp(about->meaning, "inputs") == 0)
        return "PyTorch wants it; the source takes it from the input";
    return about->note != NULL ? about->note
                               : "the source means it without saying it";
}

/* An argument of call `i` that the source has no word for. */
static cvy_status add_target(cvyi_explained *e, int *capacity, int i,
                             const cvyi_argument *about, cvy_error *err)
{
    const cvyi_said *const said = &e->snippet.said[i];
    const char *code;
    int call = -1;

    if (find(e->text->spelling->arguments, NULL, about->meaning) != NULL ||
        counterpart(&call, e, about->meaning) == NULL || call != i)
        return CVY_OK;
    code = cvyi_explain_in_code(&e->arena, cvyi_text_c(&said->code),
                                said->spelling, about->name);
    return code != NULL
               ? add(e, capacity, NULL, code, why_target(e, about), err)
               : CVY_OK;
}

static cvy_status add_targets(cvyi_explained *e, int *capacity, cvy_error *err)
{
    for (int i = 0; i < e->snippet.n_calls; i++) {
        const cvyi_spelling *const s = e->snippet.said[i].spelling;
        const cvyi_argument *list = s != NULL ? s->arguments : NULL;

        for (; list != NULL && list->name != NULL; list++)
            CVYI_TRY(add_target(e, capacity, i, list, err));
    }
    return CVY_OK;
}

cvy_status cvyi_explain_arguments(cvyi_explained *e, cvy_error *err)
{
    const cvyi_bound *const bound = &e->text->bound;
    int capacity = 0;

    for (int i = 0; i < bound->n; i++) {
        row r = { .name = bound->names[i], .given = bound->given[i] };
        cvyi_text text = { 0 };

        if (bound->values[i]->kind == CVYI_TENSOR)
            continue;
        r.about = find(e->text->spelling->arguments, r.name, NULL);
        cvyi_text_printf(&text, "%s=", r.name);
        cvyi_call_put_value(&text, bound->values[i], e->text->tensors,
                            e->text->n_tensors);
        r.source = text.bad ? NULL
                            : cvyi_arena_text(&e->arena, cvyi_text_c(&text),
                                              text.size);
        cvyi_text_close(&text);
        if (r.source == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(add_row(e, &capacity, &r, err));
    }
    return add_targets(e, &capacity, err);
}
