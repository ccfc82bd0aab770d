/*
 * pass/blocks_runs.c - repetitions one after another stand in one list.
 */
#include "pass/blocks.h"

#include <ctype.h>
#include <string.h>

/* ---- stages ---- */

/* What the prefixes of one stage share: of conv2_block1 conv2, of block_3
 * block, of block2a block2. 0: there is none. */
static size_t stage_length(const char *prefix)
{
    size_t n = strlen(prefix), shorter;

    if (n > 1 && isdigit((unsigned char)prefix[n - 2]) &&
        islower((unsigned char)prefix[n - 1]))
        return n - 1;
    while (n > 0 && isdigit((unsigned char)prefix[n - 1]))
        n--;
    while (n > 0 && strchr("_./-", prefix[n - 1]) != NULL)
        n--;
    shorter = cvyi_shorter_prefix(prefix, n);
    return shorter > 0 && isdigit((unsigned char)prefix[shorter - 1]) ? shorter
                                                                      : n;
}

static const char *prefix_of(const cvyi_outline *outline, int repetition)
{
    const cvyi_repetition *const r = &outline->repetitions[repetition];

    return outline->repeats[r->repeat].named ? r->prefix : "";
}

static bool same_stage(const cvyi_outline *outline, int a, int b)
{
    const char *const p = prefix_of(outline, a), *const q =
                                                     prefix_of(outline, b);
    const size_t n = stage_length(p);

    return n == stage_length(q) && memcmp(p, q, n) == 0;
}

/* ---- runs ---- */

/* The repetition that alone reads the value of another, and nothing else; -1:
 * there is none. */
static int follower(const cvyi_outline *outline, int repetition)
{
    const cvyi_repetition *const r = &outline->repetitions[repetition];
    int found = -1;

    if (outline->reads[r->out] > 0 || r->in.n != 1)
        return -1;
    for (int i = 0; i < outline->n_order; i++) {
        const cvyi_unit *const unit = &outline->units[outline->order[i]];

        for (int k = 0; k < unit->n_in; k++) {
            if (unit->in[k] != r->out)
                continue;
            if (found >= 0 || unit->repetition < 0 || unit->n_in != 1)
                return -1;
            found = unit->repetition;
        }
    }
    return found >= 0 && same_stage(outline, repetition, found) ? found : -1;
}

static bool is_block(const char *text, size_t n)
{
    return n >= 5 && memcmp(text + n - 5, "block", 5) == 0;
}

static cvy_status add_run(cvyi_outline *outline, int first,
                          const int *followers, cvy_error *err)
{
    const char *const prefix = prefix_of(outline, first);
    const size_t n = stage_length(prefix);
    cvyi_run *const grown =
        cvyi_arena_grow(&outline->arena, outline->runs, outline->n_runs,
                        &outline->runs_capacity, sizeof *grown);
    cvyi_run run = { .in = outline->repetitions[first].in };

    if (grown == NULL)
        return cvyi_no_memory(err);
    outline->runs = grown;
    /* Of block5 and block6: blocks. */
    run.name = n > 0
                   ? cvyi_arena_printf(&outline->arena, "%.*s%s", (int)n,
                                       prefix, is_block(prefix, n) ? "s" : "")
                   : "blocks";
    if (run.name == NULL)
        return cvyi_no_memory(err);
    for (int at = first, i = 0; at >= 0; at = followers[at], i++) {
        cvyi_repetition *const r = &outline->repetitions[at];

        r->list = outline->n_runs;
        r->name = cvyi_arena_printf(&outline->arena, "%d", i);
        if (r->name == NULL)
            return cvyi_no_memory(err);
        run.out = r->out;
    }
    grown[outline->n_runs++] = run;
    return CVY_OK;
}

static cvy_status find_runs(cvyi_outline *outline, cvy_error *err)
{
    const size_t n = (size_t)outline->n_repetitions;
    int *const followers =
        cvyi_arena_alloc(&outline->arena, n, sizeof *followers);
    bool *const follows =
        cvyi_arena_alloc(&outline->arena, n, sizeof *follows);

    if (followers == NULL || follows == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < outline->n_repetitions; i++) {
        const int unit = outline->repetitions[i].unit;

        followers[i] =
            outline->units[unit].owner < 0 ? follower(outline, i) : -1;
        if (followers[i] >= 0)
            follows[followers[i]] = true;
    }
    for (int i = 0; i < outline->n_order; i++) {
        const int r = outline->units[outline->order[i]].repetition;

        if (r >= 0 && !follows[r] && followers[r] >= 0)
            CVYI_TRY(add_run(outline, r, followers, err));
    }
    return CVY_OK;
}

/* ---- names among siblings ---- */

static cvy_status take_name(const char **name, cvyi_outline *outline,
                            cvyi_ids *taken, cvy_error *err)
{
    const bool digit = isdigit((unsigned char)**name);
    const char *const plain = cvyi_arena_printf(&outline->arena, "%s%s",
                                                digit ? "block" : "", *name);

    for (int k = 1; plain != NULL; k++) {
        char *const tried =
            k == 1 ? cvyi_arena_text(&outline->arena, plain, strlen(plain))
                   : cvyi_arena_printf(&outline->arena, "%s_%d", plain, k);
        const int before = taken->n;
        int id;

        if (tried == NULL)
            break;
        for (char *p = tried; *p != '\0'; p++)
            if (!isalnum((unsigned char)*p))
                *p = '_';
        CVYI_TRY(cvyi_ids_take(&id, taken, tried, strlen(tried), err));
        *name = tried;
        if (taken->n > before)
            return CVY_OK;
    }
    return cvyi_no_memory(err);
}

/* Layers that stay in the model have their names already. */
static cvy_status take_kept(cvyi_outline *outline, cvyi_ids *taken,
                            cvy_error *err)
{
    const cvyi_graph *const graph = outline->graph;
    bool *const moved = cvyi_arena_alloc(
        &outline->arena, (size_t)graph->n_modules, sizeof *moved);
    int id;

    if (moved == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < outline->n_units; i++)
        if (outline->units[i].owner >= 0 && outline->units[i].module >= 0)
            moved[outline->units[i].module] = true;
    for (int i = 0; i < graph->n_modules; i++)
        if (graph->modules[i].parent == outline->home && !moved[i])
            CVYI_TRY(cvyi_ids_take(&id, taken, graph->modules[i].name,
                                   strlen(graph->modules[i].name), err));
    return CVY_OK;
}

/* A repetition inside another is called what its class calls it. */
static void name_members(cvyi_outline *outline)
{
    for (int i = 0; i < outline->n_repetitions; i++) {
        const cvyi_repetition *const r = &outline->repetitions[i];
        const cvyi_repeat *const repeat = &outline->repeats[r->repeat];

        for (int j = 0; j < repeat->n_members; j++) {
            const int inner = outline->units[r->members[j]].repetition;

            if (inner >= 0)
                outline->repetitions[inner].name = repeat->roles[j];
        }
    }
}

cvy_status cvyi_outline_run(cvyi_outline *outline, cvy_error *err)
{
    cvyi_ids taken = { .arena = &outline->arena };

    CVYI_TRY(find_runs(outline, err));
    CVYI_TRY(take_kept(outline, &taken, err));
    for (int i = 0; i < outline->n_runs; i++)
        CVYI_TRY(take_name(&outline->runs[i].name, outline, &taken, err));
    for (int i = 0; i < outline->n_repetitions; i++) {
        cvyi_repetition *const r = &outline->repetitions[i];

        if (r->list < 0 && outline->units[r->unit].owner < 0)
            CVYI_TRY(take_name(&r->name, outline, &taken, err));
    }
    name_members(outline);
    return CVY_OK;
}
