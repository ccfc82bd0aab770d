/* pass/blocks_find.c - places, steps, regions and chains. */
#include "pass/blocks_find.h"

#include <string.h>

static int *numbers(cvyi_finder *f, int n, int fill)
{
    int *const made = cvyi_arena_alloc(&f->arena, (size_t)n + 1, sizeof *made);

    for (int i = 0; made != NULL && i <= n; i++)
        made[i] = fill;
    return made;
}

static int place_of(const cvyi_finder *f, int result)
{
    const int maker = f->outline->maker[result];

    return maker < 0 ? -1 : f->place[maker];
}

/* ---- steps ---- */

static void find_before(cvyi_finder *f)
{
    for (int p = 0; p < f->n; p++) {
        const cvyi_unit *const unit = f->at[p];
        int common = unit->n_in > 0 ? place_of(f, unit->in[0]) : -1;

        for (int k = 1; k < unit->n_in; k++)
            for (int other = place_of(f, unit->in[k]); common != other;) {
                if (common > other)
                    common = f->before[common];
                else
                    other = f->before[other];
            }
        f->before[p] = common;
    }
}

static int meet_after(const cvyi_finder *f, int a, int b)
{
    while (a != b) {
        if (a < b)
            a = f->after[a];
        else
            b = f->after[b];
    }
    return a;
}

/* after[] is -1 until a reader was seen. */
static void find_after(cvyi_finder *f)
{
    const cvyi_outline *const o = f->outline;

    for (int r = 0; r < o->graph->n_results; r++)
        if (o->reads[r] > 0 && place_of(f, r) >= 0)
            f->after[place_of(f, r)] = f->n;
    for (int p = f->n - 1; p >= 0; p--) {
        if (f->after[p] == -1)
            f->after[p] = f->n;
        for (int k = 0; k < f->at[p]->n_in; k++) {
            const int maker = place_of(f, f->at[p]->in[k]);

            if (maker >= 0)
                f->after[maker] = f->after[maker] == -1
                                      ? p
                                      : meet_after(f, f->after[maker], p);
        }
    }
}

/* ---- regions ---- */

static int input_of(const cvyi_finder *f, int result)
{
    const cvyi_inputs *const in = &f->region.in;
    int i = 0;

    while (i < in->n && in->at[i] != result)
        i++;
    return i;
}

/* Is it read from outside of the region? */
static bool is_outside(const cvyi_finder *f, int place, int result)
{
    const int maker = place_of(f, result);

    return input_of(f, result) < f->region.in.n || maker < 0 ||
           f->at[maker]->shape < 0 ||
           (f->group != NULL && f->group[maker] != f->group[place]) ||
           (f->stops != NULL && f->stops[maker]);
}

static bool take_input(cvyi_finder *f, int result)
{
    cvyi_inputs *const in = &f->region.in;

    if (input_of(f, result) < in->n)
        return true;
    if (in->n == f->most_inputs)
        return false;
    in->at[in->n++] = result;
    return true;
}

/* Depth first against the flow, operand by operand: regions of one structure
 * give one order, whatever order their units stand in. */
static bool walk_back(cvyi_finder *f, int place)
{
    const cvyi_unit *const unit = f->at[place];

    if (f->reached++ == CVYI_MOST_MEMBERS || unit->shape < 0)
        return false;
    f->seen[place] = f->walk;
    f->inner[place] = 0;
    for (int k = 0; k < unit->n_in; k++) {
        const int r = unit->in[k], maker = place_of(f, r);

        if (is_outside(f, place, r)) {
            if (!take_input(f, r))
                return false;
            continue;
        }
        if (f->seen[maker] != f->walk && !walk_back(f, maker))
            return false;
        f->inner[maker]++;
    }
    f->ordinal[place] = f->region.n;
    f->region.units[f->region.n++] = f->outline->order[place];
    return true;
}

/* Does nobody outside read what is made inside, but for the last? */
static bool is_closed(const cvyi_finder *f)
{
    for (int i = 0; i < f->region.n - 1; i++) {
        const int unit = f->region.units[i];

        if (f->reads[f->outline->units[unit].out] != f->inner[f->place[unit]])
            return false;
    }
    return true;
}

static cvy_status name_shape(cvyi_finder *f)
{
    const cvyi_outline *const o = f->outline;
    cvyi_region *const region = &f->region;
    cvyi_text text = { 0 };
    cvy_status status;

    for (int i = 0; i < region->n; i++) {
        const cvyi_unit *const unit = &o->units[region->units[i]];
        const int begin[] = { unit->shape, -2 - unit->n_in };

        cvyi_text_add(&text, (const char *)begin, sizeof begin);
        for (int k = 0; k < unit->n_in; k++) {
            const int input = input_of(f, unit->in[k]);
            const int from = input < region->in.n
                                 ? -1 - input
                                 : f->ordinal[place_of(f, unit->in[k])];

            cvyi_text_add(&text, (const char *)&from, sizeof from);
        }
    }
    status = cvyi_text_status(&text, f->err);
    if (status == CVY_OK)
        status = cvyi_ids_take(&region->shape, &f->outline->ids,
                               cvyi_text_c(&text), text.size, f->err);
    cvyi_text_close(&text);
    return status;
}

static cvy_status find_region(bool *found, cvyi_finder *f, int place)
{
    f->walk++;
    f->reached = 0;
    f->region.n = 0;
    f->region.out = f->at[place]->out;
    *found = walk_back(f, place) && f->region.in.n > 0 && is_closed(f);
    return *found ? name_shape(f) : CVY_OK;
}

cvy_status cvyi_finder_region(bool *found, cvyi_finder *finder, int place,
                              int in)
{
    finder->region.in = (cvyi_inputs){ .n = in >= 0, .at = { in } };
    finder->most_inputs = 1;
    return find_region(found, finder, place);
}

cvy_status cvyi_finder_cell(bool *found, cvyi_finder *finder, int place,
                            const bool *stops)
{
    cvy_status status;

    finder->region.in.n = 0;
    finder->most_inputs = CVYI_MOST_INPUTS;
    finder->stops = stops;
    status = find_region(found, finder, place);
    finder->stops = NULL;
    return status;
}

int cvyi_finder_composed(const cvyi_finder *finder, const cvyi_region *region)
{
    const int last = finder->place[region->units[region->n - 1]];
    int n = 0, left = region->n;

    for (int p = last; left > 0;) {
        const int e = finder->element_of[p];
        const int before = finder->before[p];

        if (e < 0 || finder->elements[e].shape < 0 ||
            finder->elements[e].n_units > left)
            return n + 1;
        n += finder->elements[e].composed;
        left -= finder->elements[e].n_units;
        if (left > 0 && before < 0)
            return n + 1;
        p = before;
    }
    return n;
}

/* ---- chains ---- */

/* The only result that the unit at a place reads, or -1. */
static int only_input(const cvyi_finder *f, int place)
{
    const cvyi_unit *const unit = f->at[place];

    for (int k = 1; k < unit->n_in; k++)
        if (unit->in[k] != unit->in[0])
            return -1;
    return unit->n_in > 0 ? unit->in[0] : -1;
}

static bool is_step(const cvyi_finder *f, int from, int to)
{
    return from >= 0 && to < f->n && f->after[from] == to &&
           f->before[to] == from;
}

static cvy_status add_element(cvyi_finder *f, int place, int in, int chain)
{
    cvyi_element *const e = &f->elements[f->n_elements];
    bool found = false;

    *e = (cvyi_element){ .place = place, .shape = -1, .chain = chain };
    f->element_of[place] = f->n_elements++;
    if (in >= 0)
        CVYI_TRY(cvyi_finder_region(&found, f, place, in));
    if (!found)
        return CVY_OK;
    e->in = in;
    e->shape = f->region.shape;
    e->n_units = f->region.n;
    e->composed = f->region.n > 1 || f->at[place]->repetition >= 0;
    for (int i = 0; i < f->region.n; i++)
        e->heavy = e->heavy || f->outline->units[f->region.units[i]].heavy;
    return CVY_OK;
}

static cvy_status find_chains(cvyi_finder *f)
{
    for (int p = 0, chain = 0; p < f->n; p++) {
        if (is_step(f, f->before[p], p))
            continue;
        chain++;
        CVYI_TRY(add_element(f, p, only_input(f, p), chain));
        for (int q = p; is_step(f, q, f->after[q]); q = f->after[q])
            CVYI_TRY(add_element(f, f->after[q], f->at[q]->out, chain));
    }
    return CVY_OK;
}

/* ---- life ---- */

cvy_status cvyi_finder_open(cvyi_finder *finder, cvyi_outline *outline,
                            cvy_error *err)
{
    const int n = outline->n_order, n_results = outline->graph->n_results;
    cvyi_finder *const f = finder;

    *f = (cvyi_finder){ .outline = outline, .err = err, .n = n };
    f->at = cvyi_arena_alloc(&f->arena, (size_t)n + 1, sizeof *f->at);
    f->elements =
        cvyi_arena_alloc(&f->arena, (size_t)n + 1, sizeof *f->elements);
    f->place = numbers(f, outline->n_units, -1);
    f->reads = numbers(f, n_results, 0);
    f->before = numbers(f, n, -1);
    f->after = numbers(f, n, -1);
    f->seen = numbers(f, n, 0);
    f->ordinal = numbers(f, n, 0);
    f->inner = numbers(f, n, 0);
    f->element_of = numbers(f, n, -1);
    if (f->at == NULL || f->elements == NULL || f->place == NULL ||
        f->reads == NULL || f->before == NULL || f->after == NULL ||
        f->seen == NULL || f->ordinal == NULL || f->inner == NULL ||
        f->element_of == NULL)
        return cvyi_no_memory(err);
    memcpy(f->reads, outline->reads, (size_t)n_results * sizeof *f->reads);
    for (int p = 0; p < n; p++) {
        f->at[p] = &outline->units[outline->order[p]];
        f->place[outline->order[p]] = p;
        for (int k = 0; k < f->at[p]->n_in; k++)
            f->reads[f->at[p]->in[k]]++;
    }
    find_before(f);
    find_after(f);
    return find_chains(f);
}

void cvyi_finder_close(cvyi_finder *finder)
{
    cvyi_arena_close(&finder->arena);
}

/* ---- choices ---- */

/* A member has a line in __init__ and about one in forward; a class has some
 * six lines of its own, a repetition one. */
int64_t cvyi_saved_lines(int n, int n_members)
{
    return 2 * (int64_t)(n - 1) * n_members - n - 6;
}

int64_t cvyi_score(int64_t saved, bool branches, bool named)
{
    return saved * (branches ? 6 : 4) * (named ? 2 : 1);
}

cvy_status cvyi_choice_open(cvyi_choice *choice, cvyi_outline *outline, int n,
                            int n_members, cvy_error *err)
{
    *choice = (cvyi_choice){ .n_members = n_members };
    choice->members = cvyi_arena_alloc(
        &outline->arena, (size_t)n * (size_t)n_members, sizeof(int));
    choice->in =
        cvyi_arena_alloc(&outline->arena, (size_t)n, sizeof *choice->in);
    return choice->members != NULL && choice->in != NULL ? CVY_OK
                                                         : cvyi_no_memory(err);
}

void cvyi_choice_add(cvyi_choice *choice, const cvyi_region *region)
{
    memcpy(choice->members + choice->n * choice->n_members, region->units,
           (size_t)region->n * sizeof *choice->members);
    choice->in[choice->n++] = region->in;
}
