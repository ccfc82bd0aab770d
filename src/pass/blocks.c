/*
 * pass/blocks.c - repeated structure becomes blocks of the outline.
 *
 * Files hold networks as one flat list of layers, whose repetitions a person
 * would write once, as a class. This pass finds them and puts modules of kind
 * BLOCK, and lists of them, into the outline. Calls and results stay as they
 * are.
 */
#include "pass/blocks_find.h"

#include <stdio.h>
#include <string.h>

/* The repetitions take the places of their last members. */
static void reorder(cvyi_outline *outline)
{
    int n = 0;

    for (int i = 0; i < outline->n_order; i++) {
        const int unit = outline->order[i];
        const int owner = outline->units[unit].owner;

        if (owner < 0)
            outline->order[n++] = unit;
        else if (outline->repetitions[owner].out == outline->units[unit].out)
            outline->order[n++] = outline->repetitions[owner].unit;
    }
    outline->n_order = n;
}

static cvy_status add_unit(int *out, cvyi_outline *outline, int repetition,
                           int shape, cvy_error *err)
{
    const cvyi_repetition *const r = &outline->repetitions[repetition];
    const int n = outline->repeats[r->repeat].n_members;
    cvyi_unit unit = { .module = -1,
                       .repetition = repetition,
                       .shape = shape,
                       .n_in = r->in.n,
                       .out = r->out,
                       .owner = -1,
                       .objects = 1,
                       .calls = 1,
                       .steps = 1,
                       .n_arguments = outline->repeats[r->repeat].n_arguments,
                       .code = "",
                       .name = r->prefix };
    cvyi_unit *grown;

    for (int i = 0; i < n; i++) {
        const cvyi_unit *const member = &outline->units[r->members[i]];

        if (unit.kind == NULL || (member->heavy && !unit.heavy))
            unit.kind = member->kind;
        unit.heavy = unit.heavy || member->heavy;
    }
    unit.width = cvyi_repeat_width(unit.n_arguments);
    unit.in =
        cvyi_arena_alloc(&outline->arena, CVYI_MOST_INPUTS, sizeof *unit.in);
    grown = cvyi_arena_grow(&outline->arena, outline->units, outline->n_units,
                            &outline->units_capacity, sizeof *grown);
    if (unit.in == NULL || grown == NULL)
        return cvyi_no_memory(err);
    memcpy(unit.in, r->in.at, sizeof r->in.at);
    outline->units = grown;
    grown[outline->n_units] = unit;
    *out = outline->n_units++;
    return CVY_OK;
}

static cvy_status add_repetition(cvyi_outline *outline, int repeat,
                                 const cvyi_choice *choice, int which,
                                 int shape, cvy_error *err)
{
    const int n = choice->n_members;
    int *const members = choice->members + which * n;
    const int index = outline->n_repetitions;
    cvyi_repetition *const grown =
        cvyi_arena_grow(&outline->arena, outline->repetitions, index,
                        &outline->repetitions_capacity, sizeof *grown);
    cvyi_repetition *r;

    if (grown == NULL)
        return cvyi_no_memory(err);
    outline->repetitions = grown;
    outline->n_repetitions++;
    r = &grown[index];
    *r = (cvyi_repetition){ .repeat = repeat,
                            .members = members,
                            .in = choice->in[which],
                            .out = outline->units[members[n - 1]].out,
                            .list = -1 };
    CVYI_TRY(cvyi_outline_prefix(&r->prefix, outline, members, n, err));
    CVYI_TRY(add_unit(&r->unit, outline, index, shape, err));
    for (int i = 0; i < n; i++)
        outline->units[members[i]].owner = index;
    outline->maker[r->out] = r->unit;
    return CVY_OK;
}

static cvy_status add_repeat(cvyi_outline *outline, const cvyi_choice *choice,
                             cvy_error *err)
{
    const int index = outline->n_repeats;
    cvyi_repeat *const grown =
        cvyi_arena_grow(&outline->arena, outline->repeats, index,
                        &outline->repeats_capacity, sizeof *grown);
    char text[32];
    int shape;

    if (grown == NULL)
        return cvyi_no_memory(err);
    outline->repeats = grown;
    outline->n_repeats++;
    grown[index] = (cvyi_repeat){ .n_members = choice->n_members,
                                  .n_arguments = choice->n_arguments,
                                  .first = outline->n_repetitions,
                                  .n = choice->n };
    snprintf(text, sizeof text, "repeat %d", index);
    CVYI_TRY(cvyi_ids_take(&shape, &outline->ids, text, strlen(text), err));
    for (int i = 0; i < choice->n; i++)
        CVYI_TRY(add_repetition(outline, index, choice, i, shape, err));
    reorder(outline);
    return CVY_OK;
}

static cvy_status choose(cvyi_choice *out, cvyi_outline *outline,
                         cvy_error *err)
{
    cvyi_finder finder;
    cvyi_choice named = { 0 }, repeated = { 0 };
    int64_t by_name = 0, by_structure = 0;
    cvy_status status = cvyi_finder_open(&finder, outline, err);

    if (status == CVY_OK)
        status = cvyi_finder_named(&named, &by_name, &finder);
    if (status == CVY_OK)
        status = cvyi_finder_repeated(&repeated, &by_structure, &finder);
    *out = by_name >= by_structure ? named : repeated;
    if (status == CVY_OK && out->n < 2)
        status = cvyi_finder_cells(out, &finder);
    cvyi_finder_close(&finder);
    return status;
}

/* The models whose layers have one place each: those that are called once. */
static bool is_home(const cvyi_graph *graph, int visit)
{
    const int module = graph->visits[visit].module;
    const cvyi_module_kind kind = graph->modules[module].kind;
    int n = 0;

    for (int i = 0; i < graph->n_visits; i++)
        n += graph->visits[i].module == module;
    return n == 1 &&
           (kind == CVYI_MODULE_MODEL || kind == CVYI_MODULE_SEQUENTIAL);
}

static cvy_status find_blocks(cvyi_outline *outline, cvy_error *err)
{
    /* Each round takes three units at least and gives one back. */
    outline->ids.arena = &outline->arena;
    CVYI_TRY(cvyi_outline_units(outline, err));
    for (;;) {
        cvyi_choice choice = { 0 };

        if (outline->n_order < 2 * CVYI_LEAST_MEMBERS)
            break;
        CVYI_TRY(choose(&choice, outline, err));
        if (choice.n < 2)
            break;
        CVYI_TRY(add_repeat(outline, &choice, err));
    }
    if (outline->n_repeats == 0)
        return CVY_OK;
    CVYI_TRY(cvyi_outline_name(outline, err));
    CVYI_TRY(cvyi_outline_run(outline, err));
    return cvyi_outline_apply(outline, err);
}

cvy_status cvyi_pass_blocks(cvyi_graph *graph, const cvyi_target *target,
                            cvyi_findings *findings, cvy_error *err)
{
    const int n_visits = graph->n_visits;
    cvy_status status = CVY_OK;

    (void)findings;
    if (target->flat)
        return CVY_OK;
    /* Visits of blocks are added behind. */
    for (int v = 0; v < n_visits && status == CVY_OK; v++) {
        cvyi_outline outline = { .graph = graph,
                                 .dialect = target->dialect,
                                 .home = graph->visits[v].module,
                                 .visit = v };

        if (is_home(graph, v))
            status = find_blocks(&outline, err);
        cvyi_arena_close(&outline.arena);
    }
    return status;
}
