/*
 * pass/blocks_named.c - repeats that the names of layers tell.
 *
 * Layers whose names begin alike (conv2_block1_1_conv, conv2_block1_1_bn ...)
 * were written together, and what has no name and stands between them with
 * them. If they are a region, they may be a repetition.
 */
#include "pass/blocks_find.h"

#include <string.h>

typedef struct named {
    cvyi_finder *f;
    cvyi_ids prefixes;
    int *count;     /* of each prefix: units */
    int *group;     /* of each place, for the prefix under way */
    bool *nameless; /* of each place */
} named;

/* One place below one prefix. */
typedef struct below {
    int place, prefix, next; /* next: of the same prefix, or -1 */
    size_t length;
} below;

size_t cvyi_shorter_prefix(const char *name, size_t n)
{
    while (n > 0 && strchr("_./-", name[n - 1]) == NULL)
        n--;
    while (n > 0 && strchr("_./-", name[n - 1]) != NULL)
        n--;
    return n;
}

/* The same set may have several prefixes: the longest stays. */
static cvy_status keep_region(cvyi_finder *f, size_t length)
{
    cvyi_named **grown;

    for (int i = f->n_named - 1; i >= 0; i--)
        if (f->named[i]->region.out == f->region.out &&
            f->named[i]->region.shape == f->region.shape) {
            if (f->named[i]->length < length)
                f->named[i]->length = length;
            return CVY_OK;
        }
    grown = cvyi_arena_grow(&f->arena, f->named, f->n_named,
                            &f->named_capacity, sizeof *grown);
    if (grown == NULL)
        return cvyi_no_memory(f->err);
    f->named = grown;
    grown[f->n_named] = cvyi_arena_alloc(&f->arena, 1, sizeof **grown);
    if (grown[f->n_named] == NULL)
        return cvyi_no_memory(f->err);
    grown[f->n_named]->region = f->region;
    grown[f->n_named++]->length = length;
    return CVY_OK;
}

/* Does all that the unit at a place reads come from the group? */
static bool reads_group(const named *s, int place, int group)
{
    const cvyi_finder *const f = s->f;
    const cvyi_unit *const unit = f->at[place];

    for (int k = 0; k < unit->n_in; k++) {
        const int maker = f->outline->maker[unit->in[k]];

        if (maker < 0 || s->group[f->place[maker]] != group)
            return false;
    }
    return unit->n_in > 0;
}

/* What has no name and stands between members of the group is one of them. */
static void take_nameless(named *s, int from, int to, int group)
{
    for (int p = from; p < to; p++)
        if (s->nameless[p] && reads_group(s, p, group))
            s->group[p] = group;
}

static int count_named(const named *s)
{
    const cvyi_region *const region = &s->f->region;
    int n = 0;

    for (int i = 0; i < region->n; i++)
        n += !s->nameless[s->f->place[region->units[i]]];
    return n;
}

/* `all`: the places below each prefix, from the last; `first` where each
 * prefix begins. */
static cvy_status try_prefix(named *s, const below *all, int first, int count)
{
    enum { FARTHEST = 4 * CVYI_MOST_MEMBERS };
    cvyi_finder *const f = s->f;
    const int to = all[first].place, group = all[first].prefix;
    cvy_status status;
    int from = to;
    bool found;

    if (count < CVYI_LEAST_MEMBERS || count > CVYI_MOST_MEMBERS)
        return CVY_OK;
    for (int i = first; i >= 0; i = all[i].next) {
        from = all[i].place;
        s->group[from] = group;
    }
    if (to - from > FARTHEST)
        from = to;
    take_nameless(s, from, to, group);
    f->group = s->group;
    status = cvyi_finder_region(&found, f, to, -1);
    f->group = NULL;
    for (int p = from; p < to; p++)
        s->group[p] = -1;
    for (int i = first; i >= 0; i = all[i].next)
        s->group[all[i].place] = -1;
    if (status != CVY_OK || !found || count_named(s) != count ||
        f->region.n >= 2 * count || cvyi_finder_composed(f, &f->region) > 1)
        return status;
    return keep_region(f, all[first].length);
}

static cvy_status list_prefixes(below **out, int *n, int **first, named *s)
{
    cvyi_finder *const f = s->f;
    below *all = NULL;
    int room = 0, prefix;

    *n = 0;
    for (int p = 0; p < f->n; p++) {
        const cvyi_unit *const unit = f->at[p];
        size_t length = unit->name == NULL ? 0 : strlen(unit->name);

        if (s->nameless[p])
            continue;
        for (; unit->shape >= 0 && length > 0;
             length = cvyi_shorter_prefix(unit->name, length)) {
            CVYI_TRY(cvyi_ids_take(&prefix, &s->prefixes, unit->name, length,
                                   f->err));
            all = cvyi_arena_grow(&f->arena, all, *n, &room, sizeof *all);
            if (all == NULL)
                return cvyi_no_memory(f->err);
            all[(*n)++] = (below){ p, prefix, -1, length };
        }
    }
    *first =
        cvyi_arena_alloc(&f->arena, (size_t)s->prefixes.n + 1, sizeof **first);
    s->count = cvyi_arena_alloc(&f->arena, (size_t)s->prefixes.n + 1,
                                sizeof *s->count);
    if (*first == NULL || s->count == NULL)
        return cvyi_no_memory(f->err);
    for (int i = 0; i < *n; i++) {
        const int id = all[i].prefix;

        all[i].next = s->count[id]++ > 0 ? (*first)[id] : -1;
        (*first)[id] = i;
    }
    *out = all;
    return CVY_OK;
}

bool cvyi_finder_cuts(const cvyi_finder *finder)
{
    for (int i = 0; i < finder->n_named; i++) {
        const cvyi_region *const r = &finder->named[i]->region;
        int shared = 0;

        for (int k = 0; k < r->n; k++)
            shared += finder->seen[finder->place[r->units[k]]] == finder->walk;
        if (shared > 0 && shared < r->n && shared < finder->region.n)
            return true;
    }
    return false;
}

/* How many regions have each shape, and for each place the members of the
 * largest region there whose structure is repeated. */
static cvy_status count_shapes(int **count, int **largest,
                               const cvyi_finder *f, cvyi_arena *arena)
{
    *count =
        cvyi_arena_alloc(arena, (size_t)f->outline->ids.n + 1, sizeof **count);
    *largest = cvyi_arena_alloc(arena, (size_t)f->n + 1, sizeof **largest);
    if (*count == NULL || *largest == NULL)
        return cvyi_no_memory(f->err);
    for (int i = 0; i < f->n_named; i++)
        (*count)[f->named[i]->region.shape]++;
    for (int i = 0; i < f->n_named; i++) {
        const cvyi_region *const r = &f->named[i]->region;

        for (int k = 0; (*count)[r->shape] > 1 && k < r->n; k++) {
            int *const at = &(*largest)[f->place[r->units[k]]];

            *at = *at < r->n ? r->n : *at;
        }
    }
    return CVY_OK;
}

/* Names nest. The outer ones, if they are repeated, are the blocks; what is
 * named inside of them are their parts. */
static bool is_part(const cvyi_finder *f, const int *largest,
                    const cvyi_region *region)
{
    return largest[f->place[region->units[0]]] > region->n;
}

static bool has_branches(const cvyi_finder *f, const cvyi_region *region)
{
    bool joins = false;

    for (int k = 0; k < region->n; k++)
        joins = joins || f->outline->units[region->units[k]].n_in > 1;
    return joins;
}

/* The structure whose repetitions save most; any may save a line, until its
 * lines are counted. */
static int best_shape(int64_t *score, const cvyi_finder *f, const int *count)
{
    int best = -1;

    *score = 0;
    for (int i = 0; i < f->n_named; i++) {
        const cvyi_region *const r = &f->named[i]->region;
        const int n = count[r->shape];
        int64_t saved = n < 2 ? 0 : cvyi_saved_lines(n, r->n), its;

        if (n > 1 && saved < 1)
            saved = 1;
        its = cvyi_score(saved, has_branches(f, r), true);
        if (its > *score) {
            *score = its;
            best = r->shape;
        }
    }
    return best;
}

/* All regions of the shape. */
static cvy_status choose(cvyi_choice *out, const cvyi_finder *f, int shape,
                         int n, const int *largest)
{
    *out = (cvyi_choice){ 0 };
    for (int i = 0; i < f->n_named; i++) {
        const cvyi_region *const r = &f->named[i]->region;

        if (r->shape != shape || is_part(f, largest, r))
            continue;
        if (out->n == 0)
            CVYI_TRY(cvyi_choice_open(out, f->outline, n, r->n, f->err));
        cvyi_choice_add(out, r);
    }
    return CVY_OK;
}

/* The join without a name that alone reads what repetition `i` makes, beside
 * what the repetition itself reads. *found false: there is none. */
static cvy_status find_join(bool *found, cvyi_finder *f,
                            const cvyi_choice *choice, int i)
{
    const int n = choice->n_members;
    const int last = choice->members[(i + 1) * n - 1];
    const int next = f->after[f->place[last]];

    *found = false;
    if (next >= f->n || f->at[next]->n_in < 2 ||
        !cvyi_is_nameless(f->outline, f->outline->order[next]) ||
        f->reads[f->outline->units[last].out] != 1)
        return CVY_OK;
    CVYI_TRY(cvyi_finder_region(found, f, next, choice->in[i].at[0]));
    *found = *found && f->region.n == n + 1 && !cvyi_finder_cuts(f);
    return CVY_OK;
}

/* Where the sum of a residual block has a name of its own: if all repetitions
 * are followed by one, it is their last member. */
static cvy_status take_joins(cvyi_choice *choice, cvyi_finder *f)
{
    cvyi_choice joined;
    int shape = -1;

    CVYI_TRY(cvyi_choice_open(&joined, f->outline, choice->n,
                              choice->n_members + 1, f->err));
    for (int i = 0; i < choice->n; i++) {
        bool found;

        CVYI_TRY(find_join(&found, f, choice, i));
        if (!found || (i > 0 && f->region.shape != shape))
            return CVY_OK;
        shape = f->region.shape;
        cvyi_choice_add(&joined, &f->region);
    }
    *choice = joined;
    return CVY_OK;
}

/* The best that pays. */
static cvy_status choose_best(cvyi_choice *out, int64_t *score, cvyi_finder *f,
                              int *count, const int *largest)
{
    for (int i = 0; i < f->n_named; i++)
        count[f->named[i]->region.shape] -=
            is_part(f, largest, &f->named[i]->region);
    for (;;) {
        const int best = best_shape(score, f, count);
        cvyi_choice choice;
        bool pays;

        if (best < 0)
            return CVY_OK;
        CVYI_TRY(choose(&choice, f, best, count[best], largest));
        CVYI_TRY(take_joins(&choice, f));
        CVYI_TRY(cvyi_choice_pays(&pays, f->outline, &choice, f->err));
        if (pays) {
            *out = choice;
            return CVY_OK;
        }
        count[best] = 0;
    }
}

cvy_status cvyi_finder_named(cvyi_choice *out, int64_t *score,
                             cvyi_finder *finder)
{
    named s = { .f = finder, .prefixes = { .arena = &finder->arena } };
    int n, *first, *count, *largest;
    below *all = NULL;

    *score = 0;
    s.nameless = cvyi_arena_alloc(&finder->arena, (size_t)finder->n + 1,
                                  sizeof *s.nameless);
    if (s.nameless == NULL)
        return cvyi_no_memory(finder->err);
    for (int p = 0; p < finder->n; p++)
        s.nameless[p] =
            cvyi_is_nameless(finder->outline, finder->outline->order[p]);
    CVYI_TRY(list_prefixes(&all, &n, &first, &s));
    s.group = cvyi_arena_alloc(&finder->arena, (size_t)finder->n + 1,
                               sizeof *s.group);
    if (s.group == NULL)
        return cvyi_no_memory(finder->err);
    for (int p = 0; p < finder->n; p++)
        s.group[p] = -1;
    for (int i = 0; i < s.prefixes.n; i++)
        CVYI_TRY(try_prefix(&s, all, first[i], s.count[i]));
    CVYI_TRY(count_shapes(&count, &largest, finder, &finder->arena));
    return choose_best(out, score, finder, count, largest);
}
