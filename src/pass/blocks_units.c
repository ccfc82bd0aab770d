/*
 * pass/blocks_units.c - the members of a model, and what they read and make.
 *
 * A layer that is called once is a unit that may move into a block. All
 * others stay: models inside the model are classes already, and a layer that
 * is called several times belongs to no one place.
 */
#include "pass/blocks.h"

#include <string.h>

/* ---- numbers for texts ---- */

struct cvyi_id {
    uint64_t hash;
    const char *bytes;
    size_t n;
};

static uint64_t hash_of(const void *bytes, size_t n)
{
    const unsigned char *const p = bytes;
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < n; i++)
        hash = (hash ^ p[i]) * 1099511628211u;
    return hash ^ hash >> 32;
}

/* The slot that holds the text, or the empty one where it belongs. */
static size_t slot_of(const cvyi_ids *ids, uint64_t hash, const void *bytes,
                      size_t n)
{
    size_t at = hash & (ids->n_slots - 1);

    for (; ids->slots[at] != 0; at = (at + 1) & (ids->n_slots - 1)) {
        const struct cvyi_id *const id = &ids->entries[ids->slots[at] - 1];

        if (id->hash == hash && id->n == n && memcmp(id->bytes, bytes, n) == 0)
            break;
    }
    return at;
}

static bool make_room(cvyi_ids *ids)
{
    const size_t n = ids->n_slots == 0 ? 256 : ids->n_slots * 2;
    int *slots;

    if (2 * (size_t)ids->n < ids->n_slots)
        return true;
    slots = cvyi_arena_alloc(ids->arena, n, sizeof *slots);
    if (slots == NULL)
        return false;
    ids->slots = slots;
    ids->n_slots = n;
    for (int i = 0; i < ids->n; i++) {
        const struct cvyi_id *const id = &ids->entries[i];

        slots[slot_of(ids, id->hash, id->bytes, id->n)] = i + 1;
    }
    return true;
}

cvy_status cvyi_ids_take(int *out, cvyi_ids *ids, const void *bytes, size_t n,
                         cvy_error *err)
{
    const uint64_t hash = hash_of(bytes, n);
    struct cvyi_id *entries;
    size_t slot;
    char *kept;

    if (!make_room(ids))
        return cvyi_no_memory(err);
    slot = slot_of(ids, hash, bytes, n);
    if (ids->slots[slot] == 0) {
        entries = cvyi_arena_grow(ids->arena, ids->entries, ids->n,
                                  &ids->capacity, sizeof *entries);
        if (entries == NULL)
            return cvyi_no_memory(err);
        ids->entries = entries;
        kept = cvyi_arena_alloc(ids->arena, n + 1, 1);
        if (kept == NULL)
            return cvyi_no_memory(err);
        memcpy(kept, bytes, n);
        entries[ids->n] = (struct cvyi_id){ hash, kept, n };
        ids->slots[slot] = ++ids->n;
    }
    *out = ids->slots[slot] - 1;
    return CVY_OK;
}

/* ---- which call is of which unit ---- */

/* While units are made. */
typedef struct units {
    cvyi_outline *outline;
    cvy_error *err;
    int *unit;   /* of each call, -1: outside of the model */
    int *layer;  /* of each module: its unit, -1: none yet */
    int *bare;   /* of each module: calls that are the layer itself */
    int *inside; /* of each visit: its unit, -1: none yet */
    int *last;   /* of each unit: its last call */
    int *readers;
    int *next; /* call behind a call in its unit, -1: none */
    int *head; /* of each unit: its first call */
} units;

static int *numbers(cvyi_outline *outline, int n, int fill)
{
    int *const made =
        cvyi_arena_alloc(&outline->arena, (size_t)n + 1, sizeof *made);

    for (int i = 0; made != NULL && i <= n; i++)
        made[i] = fill;
    return made;
}

/* The visit right inside the model's own that a call is made in; the model's
 * own; -1: it is made elsewhere. */
static int place_of(const cvyi_outline *outline, const cvyi_call *call)
{
    const cvyi_visit *const visits = outline->graph->visits;
    int at = call->visit;

    if (at == outline->visit)
        return at;
    while (at > 0 && visits[at].parent != outline->visit)
        at = visits[at].parent;
    return at > 0 ? at : -1;
}

/* The parts of one call of a layer are one unit; where a layer is called
 * several times, each part is a unit of its own, which stays. */
static cvy_status assign(units *u, int call)
{
    cvyi_outline *const o = u->outline;
    const cvyi_call *const c = &o->graph->calls[call];
    const int place = place_of(o, c);
    const bool shared = place == o->visit && u->bare[c->module] > 1;
    int alone = -1;
    int *const known = shared              ? &alone
                       : place == o->visit ? &u->layer[c->module]
                                           : &u->inside[place > 0 ? place : 0];

    if (place < 0)
        return CVY_OK;
    if (*known < 0) {
        cvyi_unit *const grown =
            cvyi_arena_grow(&o->arena, o->units, o->n_units,
                            &o->units_capacity, sizeof *grown);

        if (grown == NULL)
            return cvyi_no_memory(u->err);
        o->units = grown;
        grown[o->n_units] =
            (cvyi_unit){ .module =
                             place == o->visit && !shared ? c->module : -1,
                         .repetition = -1,
                         .shape = -1,
                         .out = -1,
                         .owner = -1 };
        *known = o->n_units++;
        u->head[*known] = call;
    } else {
        u->next[u->last[*known]] = call;
    }
    u->last[*known] = call;
    u->unit[call] = *known;
    return CVY_OK;
}

/* ---- what units read and make ---- */

/* What is read by the unit's own calls alone is nobody else's. */
static void count_reads(units *u)
{
    cvyi_outline *const o = u->outline;
    const cvyi_graph *const graph = o->graph;

    for (int i = 0; i < graph->n_calls; i++)
        for (int k = 0; k < graph->calls[i].n_in; k++) {
            const int r = graph->calls[i].in[k];

            if (u->unit[i] < 0)
                o->reads[r]++;
            else if (u->unit[i] != o->maker[r])
                u->readers[r]++;
        }
}

static cvy_status collect_inputs(units *u, int unit)
{
    cvyi_outline *const o = u->outline;
    const cvyi_graph *const graph = o->graph;
    cvyi_unit *const it = &o->units[unit];
    int n = 0;

    for (int c = u->head[unit]; c >= 0; c = u->next[c])
        n += graph->calls[c].n_in;
    it->in = cvyi_arena_alloc(&o->arena, (size_t)n + 1, sizeof *it->in);
    if (it->in == NULL)
        return cvyi_no_memory(u->err);
    for (int c = u->head[unit]; c >= 0; c = u->next[c])
        for (int k = 0; k < graph->calls[c].n_in; k++)
            if (o->maker[graph->calls[c].in[k]] != unit)
                it->in[it->n_in++] = graph->calls[c].in[k];
    return CVY_OK;
}

/* The result that others read: of several, or of none, it says -1. */
static void find_output(units *u, int unit)
{
    cvyi_outline *const o = u->outline;
    const cvyi_graph *const graph = o->graph;
    int n = 0;

    for (int c = u->head[unit]; c >= 0; c = u->next[c])
        for (int k = 0; k < graph->calls[c].n_out; k++) {
            const int r = graph->calls[c].out[k];

            if (u->readers[r] == 0 && o->reads[r] == 0)
                continue;
            n++;
            o->units[unit].out = r;
        }
    if (n != 1)
        o->units[unit].out = -1;
}

/* ---- structure ---- */

static bool same_label(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* A layer of the model itself, called once? Parts of one call differ in their
 * labels; an operand of a join may have one for each. */
static bool is_free(const units *u, int unit)
{
    const cvyi_graph *const graph = u->outline->graph;
    const cvyi_unit *const it = &u->outline->units[unit];
    bool bare = false, twins = false;

    if (it->module < 0 || it->out < 0 ||
        graph->modules[it->module].kind != CVYI_MODULE_LAYER ||
        graph->modules[it->module].parent != u->outline->home)
        return false;
    for (int c = u->head[unit]; c >= 0; c = u->next[c]) {
        bare = bare || graph->calls[c].label == NULL;
        for (int d = u->head[unit]; d < c; d = u->next[d])
            twins = twins ||
                    same_label(graph->calls[c].label, graph->calls[d].label);
    }
    return bare || !twins;
}

static bool is_heavy(const cvyi_call *call)
{
    const cvyi_slot *const slots = call->attrs.op->slots;

    for (int s = 0; slots != NULL && s < CVYI_MAX_SLOTS; s++)
        if (call->params[s] >= 0 && strlen(slots[s].letters) > 1)
            return true;
    return false;
}

/* "relu", or the last part of the operator's name. */
static const char *kind_of(const cvyi_call *call)
{
    const char *const name = call->attrs.op->name;
    const char *const last = strrchr(name, '_');

    if (cvyi_attr_index(call->attrs.op, "function") >= 0)
        return cvyi_attr_word(&call->attrs, "function");
    return last != NULL ? last + 1 : name;
}

/* Where an operand comes from: "x0" from outside, else "2.0", output 0 of the
 * unit's call 2. */
static void put_operands(cvyi_text *out, const units *u, int unit, int call)
{
    const cvyi_graph *const graph = u->outline->graph;
    const cvyi_call *const c = &graph->calls[call];

    for (int k = 0; k < c->n_in; k++) {
        const cvyi_result *const r = &graph->results[c->in[k]];
        int at = 0;

        if (u->outline->maker[c->in[k]] != unit) {
            cvyi_text_put(out, " x");
            continue;
        }
        for (int d = u->head[unit]; d != r->call; d = u->next[d])
            at++;
        cvyi_text_printf(out, " %d.%d", at, r->index);
    }
    cvyi_text_put(out, "\n");
}

/* Of the first line: the object that most is said of. */
static void measure(cvyi_unit *unit, const char *code)
{
    unit->n_arguments = 1;
    for (; code[unit->width] != '\0' && code[unit->width] != '\n';
         unit->width++)
        unit->n_arguments += code[unit->width] == ',';
}

static cvy_status describe(units *u, int unit)
{
    cvyi_outline *const o = u->outline;
    cvyi_unit *const it = &o->units[unit];
    cvyi_text text = { 0 }, code = { 0 };
    cvy_status status = CVY_OK;

    for (int c = u->head[unit]; c >= 0 && status == CVY_OK; c = u->next[c]) {
        const cvyi_call *const call = &o->graph->calls[c];
        bool object;

        if (it->kind == NULL || call->label == NULL)
            it->kind = kind_of(call);
        it->heavy = it->heavy || is_heavy(call);
        status = cvyi_outline_words(&text, &code, &object, o, c, u->err);
        it->objects += status == CVY_OK && object;
        it->calls += !call->argument;
        it->steps++;
        put_operands(&text, u, unit, c);
    }
    if (status == CVY_OK)
        status = cvyi_text_status(&text, u->err);
    if (status == CVY_OK)
        status = cvyi_ids_take(&it->shape, &o->ids, cvyi_text_c(&text),
                               text.size, u->err);
    if (status == CVY_OK)
        status = cvyi_text_status(&code, u->err);
    if (status == CVY_OK) {
        it->code = cvyi_arena_text(&o->arena, cvyi_text_c(&code), code.size);
        measure(it, cvyi_text_c(&code));
        if (it->code == NULL)
            status = cvyi_no_memory(u->err);
    }
    it->name = o->graph->modules[it->module].name;
    cvyi_text_close(&text);
    cvyi_text_close(&code);
    return status;
}

/* ---- the order of units ---- */

/* By their last calls. false: one reads what comes later, and the model stays
 * as it is. */
static bool put_in_order(units *u)
{
    cvyi_outline *const o = u->outline;
    const cvyi_graph *const graph = o->graph;

    for (int i = 0; i < graph->n_calls; i++)
        if (u->unit[i] >= 0 && u->last[u->unit[i]] == i)
            o->order[o->n_order++] = u->unit[i];
    for (int i = 0; i < o->n_units; i++)
        for (int k = 0; k < o->units[i].n_in; k++) {
            const int maker = o->maker[o->units[i].in[k]];

            if (maker >= 0 && u->last[maker] >= u->last[i])
                return false;
        }
    return true;
}

static cvy_status mark_outputs(cvyi_outline *outline, cvy_error *err)
{
    const cvyi_tree *const tree = &outline->graph->output_tree;
    const int n = cvyi_tree_leaves(tree, NULL, 0);
    int *const leaves = numbers(outline, n, -1);

    if (leaves == NULL)
        return cvyi_no_memory(err);
    cvyi_tree_leaves(tree, leaves, n);
    for (int i = 0; i < n; i++)
        outline->reads[leaves[i]]++;
    return CVY_OK;
}

static cvy_status open_units(units *u)
{
    cvyi_outline *const o = u->outline;
    const cvyi_graph *const graph = o->graph;

    u->unit = numbers(o, graph->n_calls, -1);
    u->layer = numbers(o, graph->n_modules, -1);
    u->bare = numbers(o, graph->n_modules, 0);
    u->inside = numbers(o, graph->n_visits, -1);
    u->last = numbers(o, graph->n_calls, -1);
    u->next = numbers(o, graph->n_calls, -1);
    u->head = numbers(o, graph->n_calls, -1);
    u->readers = numbers(o, graph->n_results, 0);
    o->maker = numbers(o, graph->n_results, -1);
    o->reads = numbers(o, graph->n_results, 0);
    o->order = numbers(o, graph->n_calls, -1);
    if (u->unit == NULL || u->layer == NULL || u->bare == NULL ||
        u->inside == NULL || u->last == NULL || u->next == NULL ||
        u->head == NULL || u->readers == NULL || o->maker == NULL ||
        o->reads == NULL || o->order == NULL)
        return cvyi_no_memory(u->err);
    return CVY_OK;
}

cvy_status cvyi_outline_units(cvyi_outline *outline, cvy_error *err)
{
    const cvyi_graph *const graph = outline->graph;
    units u = { .outline = outline, .err = err };

    CVYI_TRY(open_units(&u));
    for (int i = 0; i < graph->n_calls; i++)
        u.bare[graph->calls[i].module] += graph->calls[i].label == NULL;
    for (int i = 0; i < graph->n_calls; i++)
        CVYI_TRY(assign(&u, i));
    for (int i = 0; i < graph->n_results; i++)
        if (graph->results[i].call >= 0)
            outline->maker[i] = u.unit[graph->results[i].call];
    CVYI_TRY(mark_outputs(outline, err));
    count_reads(&u);
    for (int i = 0; i < outline->n_units; i++) {
        CVYI_TRY(collect_inputs(&u, i));
        find_output(&u, i);
    }
    if (!put_in_order(&u)) {
        outline->n_order = 0;
        return CVY_OK;
    }
    for (int i = 0; i < outline->n_units; i++)
        if (is_free(&u, i))
            CVYI_TRY(describe(&u, i));
    return CVY_OK;
}
