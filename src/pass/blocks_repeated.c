/*
 * pass/blocks_repeated.c - repeats that structure alone tells.
 *
 * A window is some elements of a chain, one after another. Equal windows at
 * several places are a repeat.
 */
#include "pass/blocks_find.h"

enum { LONGEST = 16 };

/* All windows of one structure. */
typedef struct windows {
    uint64_t hash;
    int length; /* elements; 0: an empty place of the table */
    int first;  /* element it begins with */
    int n, end; /* found, none overlapping; end of the last */
    int n_units;
    bool branches;
} windows;

typedef struct repeated {
    cvyi_finder *f;
    windows *table;
    size_t size;
} repeated;

static uint64_t mix(uint64_t hash, int shape)
{
    hash = (hash ^ (uint64_t)shape) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static windows *find(const repeated *s, uint64_t hash, int length)
{
    size_t at = hash & (s->size - 1);

    while (s->table[at].length != 0 &&
           (s->table[at].hash != hash || s->table[at].length != length))
        at = (at + 1) & (s->size - 1);
    return &s->table[at];
}

/* Windows that begin with element `first`. One composed element is enough:
 * two make two blocks. */
static void add_windows(repeated *s, int first)
{
    const cvyi_finder *const f = s->f;
    const cvyi_element *const e = &f->elements[first];
    int composed = 0, n_units = 0;
    bool branches = false;
    uint64_t hash = 1;

    for (int k = 0; k < LONGEST && first + k < f->n_elements; k++) {
        if (e[k].shape < 0 || e[k].chain != e->chain)
            return;
        hash = mix(hash, e[k].shape);
        composed += e[k].composed;
        branches = branches || e[k].n_units > 1;
        n_units += e[k].n_units;
        if (composed > 1 || n_units > CVYI_MOST_MEMBERS)
            return;
        if (n_units < CVYI_LEAST_MEMBERS)
            continue;

        windows *const w = find(s, hash, k + 1);

        if (w->length == 0)
            *w = (windows){ hash, k + 1, first, 0, 0, n_units, branches };
        if (first >= w->end) {
            w->n++;
            w->end = first + k + 1;
        }
    }
}

/* Is the window a shorter one several times over? */
static bool is_periodic(const repeated *s, const windows *w)
{
    const cvyi_element *const e = &s->f->elements[w->first];

    for (int d = 1; d <= w->length / 2; d++) {
        bool equal = w->length % d == 0;

        for (int k = d; equal && k < w->length; k++)
            equal = e[k].shape == e[k - d].shape;
        if (equal)
            return true;
    }
    return false;
}

/* Where a block begins and ends is free in a row of equal blocks. People
 * begin with a weight and end without one. */
static int64_t score_of(const repeated *s, const windows *w)
{
    const cvyi_element *const e = &s->f->elements[w->first];
    const int64_t saved = w->n < 2 ? 0 : cvyi_saved_lines(w->n, w->n_units);

    if (saved <= 0 || is_periodic(s, w))
        return 0;
    return cvyi_score(saved, w->branches, false) + 2 * e->heavy +
           (w->length == 1 || !e[w->length - 1].heavy);
}

/* Structures that may save something. */
typedef struct candidates {
    windows **items;
    int n;
} candidates;

static cvy_status find_candidates(candidates *out, const repeated *s)
{
    int n = 0;

    for (size_t i = 0; i < s->size; i++)
        n += score_of(s, &s->table[i]) > 0;
    out->items =
        cvyi_arena_alloc(&s->f->arena, (size_t)n + 1, sizeof *out->items);
    if (out->items == NULL)
        return cvyi_no_memory(s->f->err);
    for (size_t i = 0; i < s->size; i++)
        if (score_of(s, &s->table[i]) > 0)
            out->items[out->n++] = &s->table[i];
    return CVY_OK;
}

static windows *best_windows(int64_t *score, const repeated *s,
                             const candidates *all)
{
    windows *best = NULL;

    *score = 0;
    for (int i = 0; i < all->n; i++) {
        const int64_t its = score_of(s, all->items[i]);

        if (its > *score ||
            (its == *score && its > 0 && all->items[i]->first < best->first)) {
            *score = its;
            best = all->items[i];
        }
    }
    return best;
}

/* Does a window of this structure begin here? */
static bool begins(const repeated *s, int first, const windows *w)
{
    const cvyi_finder *const f = s->f;
    const cvyi_element *const e = &f->elements[first];
    const cvyi_element *const wanted = &f->elements[w->first];

    if (first + w->length > f->n_elements)
        return false;
    for (int k = 0; k < w->length; k++)
        if (e[k].shape != wanted[k].shape || e[k].chain != e->chain)
            return false;
    return true;
}

/* All windows of the structure that names do not contradict. */
static cvy_status choose(cvyi_choice *out, const repeated *s, const windows *w)
{
    cvyi_finder *const f = s->f;
    int end = 0, shape = -1;

    CVYI_TRY(cvyi_choice_open(out, f->outline, w->n, w->n_units, f->err));
    for (int i = w->first; i < f->n_elements && out->n < w->n; i++) {
        bool found;

        if (i < end || !begins(s, i, w))
            continue;
        CVYI_TRY(cvyi_finder_region(&found, f,
                                    f->elements[i + w->length - 1].place,
                                    f->elements[i].in));
        if (!found || f->region.n != w->n_units ||
            (shape >= 0 && f->region.shape != shape) || cvyi_finder_cuts(f))
            continue;
        shape = f->region.shape;
        cvyi_choice_add(out, &f->region);
        end = i + w->length;
    }
    return CVY_OK;
}

/* Names may leave fewer windows than there are, and those may not pay: then
 * another structure may be better. */
static cvy_status choose_best(cvyi_choice *out, int64_t *score,
                              const repeated *s)
{
    candidates all = { 0 };

    CVYI_TRY(find_candidates(&all, s));
    for (;;) {
        windows *const best = best_windows(score, s, &all);
        cvyi_choice choice = { 0 };
        bool pays;

        if (best == NULL)
            return CVY_OK;
        CVYI_TRY(choose(&choice, s, best));
        if (choice.n == best->n) {
            CVYI_TRY(
                cvyi_choice_pays(&pays, s->f->outline, &choice, s->f->err));
            if (pays) {
                *out = choice;
                return CVY_OK;
            }
            choice.n = 0;
        }
        best->n = choice.n;
    }
}

cvy_status cvyi_finder_repeated(cvyi_choice *out, int64_t *score,
                                cvyi_finder *finder)
{
    repeated s = { .f = finder, .size = 64 };
    /* More than there are windows: the shortest are too short. */
    while (s.size < LONGEST * (size_t)finder->n_elements)
        s.size *= 2;
    s.table = cvyi_arena_alloc(&finder->arena, s.size, sizeof *s.table);
    if (s.table == NULL)
        return cvyi_no_memory(finder->err);
    for (int i = 0; i < finder->n_elements; i++)
        add_windows(&s, i);
    return choose_best(out, score, &s);
}
