/*
 * pass/blocks_cells.c - repeats that read several values.
 *
 * A cell joins branches, and its branches go back to cells before it, not
 * only to the last. Where one begins no single value tells; so the joins do:
 * what lies between a join and those that it goes back to is a cell.
 */
#include "pass/blocks_find.h"

#include <string.h>

typedef struct cells {
    cvyi_finder *f;
    bool *stops;
    cvyi_region *found; /* of one kind of join */
    int n;
} cells;

/* What the last layer of the unit does if it joins values, or NULL. */
static const char *join_kind(const cvyi_outline *outline, int unit)
{
    const cvyi_unit *it = &outline->units[unit];

    while (it->repetition >= 0) {
        const cvyi_repetition *const r = &outline->repetitions[it->repetition];

        it = &outline->units[r->members[outline->repeats[r->repeat].n_members -
                                        1]];
    }
    for (int k = 1; it->shape >= 0 && k < it->n_in; k++)
        if (it->in[k] != it->in[0])
            return it->kind;
    return NULL;
}

/* All cells between joins of one kind. */
static cvy_status find_cells(cells *s, const char *kind)
{
    cvyi_finder *const f = s->f;

    s->n = 0;
    for (int p = 0; p < f->n; p++) {
        const char *const its = join_kind(f->outline, f->outline->order[p]);

        s->stops[p] = its != NULL && strcmp(its, kind) == 0;
    }
    for (int p = 0; p < f->n; p++) {
        bool found;

        if (!s->stops[p] || f->at[p]->repetition >= 0)
            continue;
        CVYI_TRY(cvyi_finder_cell(&found, f, p, s->stops));
        if (found && f->region.in.n > 1 && f->region.n >= CVYI_LEAST_MEMBERS &&
            !cvyi_finder_cuts(f))
            s->found[s->n++] = f->region;
    }
    return CVY_OK;
}

static cvy_status choose(cvyi_choice *out, const cells *s, int first)
{
    int n = 0;

    for (int i = 0; i < s->n; i++)
        n += s->found[i].shape == s->found[first].shape;
    CVYI_TRY(
        cvyi_choice_open(out, s->f->outline, n, s->found[first].n, s->f->err));
    for (int i = 0; i < s->n; i++)
        if (s->found[i].shape == s->found[first].shape)
            cvyi_choice_add(out, &s->found[i]);
    return CVY_OK;
}

/* The structure that saves most, if it saves more than `saved`. */
static cvy_status choose_best(cvyi_choice *out, int64_t *saved, const cells *s)
{
    for (int i = 0; i < s->n; i++) {
        cvyi_choice choice;
        int64_t its;
        bool pays = false;

        for (int k = 0; k < i && !pays; k++)
            pays = s->found[k].shape == s->found[i].shape;
        if (pays)
            continue;
        CVYI_TRY(choose(&choice, s, i));
        its = cvyi_saved_lines(choice.n, choice.n_members);
        if (choice.n > 1 && its > *saved)
            CVYI_TRY(
                cvyi_choice_pays(&pays, s->f->outline, &choice, s->f->err));
        if (pays) {
            *out = choice;
            *saved = its;
        }
    }
    return CVY_OK;
}

cvy_status cvyi_finder_cells(cvyi_choice *out, cvyi_finder *finder)
{
    cells s = { .f = finder };
    cvyi_ids kinds = { .arena = &finder->arena };
    int64_t saved = 0;

    s.stops = cvyi_arena_alloc(&finder->arena, (size_t)finder->n + 1,
                               sizeof *s.stops);
    s.found = cvyi_arena_alloc(&finder->arena, (size_t)finder->n + 1,
                               sizeof *s.found);
    if (s.stops == NULL || s.found == NULL)
        return cvyi_no_memory(finder->err);
    for (int p = 0; p < finder->n; p++) {
        const char *const kind =
            join_kind(finder->outline, finder->outline->order[p]);
        const int before = kinds.n;
        int id;

        if (kind == NULL)
            continue;
        CVYI_TRY(cvyi_ids_take(&id, &kinds, kind, strlen(kind), finder->err));
        if (kinds.n == before)
            continue;
        CVYI_TRY(find_cells(&s, kind));
        CVYI_TRY(choose_best(out, &saved, &s));
    }
    return CVY_OK;
}
