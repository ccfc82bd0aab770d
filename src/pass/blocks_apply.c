/* pass/blocks_apply.c - the outline of the graph gets what was found. */
#include "pass/blocks.h"

#include <string.h>

/* The modules to be, before they are put in order: those of the graph, then a
 * module for each run, then one for each repetition. */
typedef struct new_outline {
    cvyi_outline *outline;
    cvy_error *err;
    int n_old, n_runs, n; /* modules */
    cvyi_module *modules;
    int *index; /* of each, when they are in order; -1: not yet */
    cvyi_module *ordered;
    int n_ordered;
    cvyi_visit *visits;
    int n_visits;
} new_outline;

static int run_module(const new_outline *s, int run)
{
    return s->n_old + run;
}

static int repetition_module(const new_outline *s, int repetition)
{
    return s->n_old + s->n_runs + repetition;
}

static bool keep(const char **text, cvyi_arena *arena)
{
    *text = cvyi_arena_text(arena, *text, strlen(*text));
    return *text != NULL;
}

static cvy_status make_block(new_outline *s, int repetition)
{
    const cvyi_outline *const o = s->outline;
    const cvyi_repetition *const r = &o->repetitions[repetition];
    const int owner = o->units[r->unit].owner;
    cvyi_module *const module = &s->modules[repetition_module(s, repetition)];

    *module = (cvyi_module){
        .kind = CVYI_MODULE_BLOCK,
        .parent = owner >= 0     ? repetition_module(s, owner)
                  : r->list >= 0 ? run_module(s, r->list)
                                 : o->home,
        .name = r->name,
        .class_name = o->repeats[r->repeat].class_name,
        .n_comments = 1,
    };
    module->comments =
        cvyi_arena_alloc(&o->graph->arena, 1, sizeof *module->comments);
    if (module->comments == NULL || !keep(&module->name, &o->graph->arena) ||
        !keep(&module->class_name, &o->graph->arena))
        return cvyi_no_memory(s->err);
    module->comments[0] = r->comment;
    return CVY_OK;
}

static cvy_status give_roles(new_outline *s, int repetition)
{
    const cvyi_outline *const o = s->outline;
    const cvyi_repetition *const r = &o->repetitions[repetition];
    const cvyi_repeat *const repeat = &o->repeats[r->repeat];

    for (int j = 0; j < repeat->n_members; j++) {
        const cvyi_unit *const unit = &o->units[r->members[j]];
        const int at = unit->repetition >= 0
                           ? repetition_module(s, unit->repetition)
                           : unit->module;

        s->modules[at].parent = repetition_module(s, repetition);
        s->modules[at].role = repeat->roles[j];
        if (!keep(&s->modules[at].role, &o->graph->arena))
            return cvyi_no_memory(s->err);
    }
    return CVY_OK;
}

static cvy_status make_modules(new_outline *s)
{
    const cvyi_outline *const o = s->outline;

    memcpy(s->modules, o->graph->modules,
           (size_t)s->n_old * sizeof *s->modules);
    for (int i = 0; i < s->n_runs; i++) {
        cvyi_module *const module = &s->modules[run_module(s, i)];

        *module = (cvyi_module){ .kind = CVYI_MODULE_SEQUENTIAL,
                                 .parent = o->home,
                                 .name = o->runs[i].name };
        if (!keep(&module->name, &o->graph->arena))
            return cvyi_no_memory(s->err);
    }
    for (int i = 0; i < o->n_repetitions; i++)
        CVYI_TRY(make_block(s, i));
    for (int i = 0; i < o->n_repetitions; i++)
        CVYI_TRY(give_roles(s, i));
    return CVY_OK;
}

/* What is around a module stands before it. */
static void put_module(new_outline *s, int module)
{
    const int parent = s->modules[module].parent;

    if (s->index[module] >= 0)
        return;
    if (parent >= 0)
        put_module(s, parent);
    s->index[module] = s->n_ordered;
    s->ordered[s->n_ordered] = s->modules[module];
    s->ordered[s->n_ordered++].parent = parent < 0 ? -1 : s->index[parent];
}

/* ---- visits ---- */

static cvy_status add_visit(int *out, new_outline *s, int module, int parent,
                            const cvyi_inputs *in, int result)
{
    const cvyi_graph *const graph = s->outline->graph;
    int *const ends = cvyi_arena_alloc(&s->outline->graph->arena,
                                       CVYI_MOST_INPUTS + 1, sizeof *ends);
    cvyi_visit *const visit = &s->visits[s->n_visits];

    if (ends == NULL)
        return cvyi_no_memory(s->err);
    ends[0] = graph->results[result].origin;
    *visit = (cvyi_visit){ .module = module,
                           .parent = parent,
                           .n_out = ends[0] >= 0,
                           .in = ends + 1,
                           .out = ends };
    for (int i = 0; i < in->n; i++)
        if (graph->results[in->at[i]].origin >= 0)
            ends[1 + visit->n_in++] = graph->results[in->at[i]].origin;
    *out = s->n_visits++;
    return CVY_OK;
}

/* Repetitions that hold others were found later. */
static cvy_status make_visits(int *of_repetition, int *of_run, new_outline *s)
{
    const cvyi_outline *const o = s->outline;

    memcpy(s->visits, o->graph->visits,
           (size_t)o->graph->n_visits * sizeof *s->visits);
    s->n_visits = o->graph->n_visits;
    for (int i = 0; i < s->n_runs; i++)
        CVYI_TRY(add_visit(&of_run[i], s, run_module(s, i), o->visit,
                           &o->runs[i].in, o->runs[i].out));
    for (int i = o->n_repetitions - 1; i >= 0; i--) {
        const cvyi_repetition *const r = &o->repetitions[i];
        const int owner = o->units[r->unit].owner;

        CVYI_TRY(add_visit(&of_repetition[i], s, repetition_module(s, i),
                           owner >= 0     ? of_repetition[owner]
                           : r->list >= 0 ? of_run[r->list]
                                          : o->visit,
                           &r->in, r->out));
    }
    for (int i = 0; i < s->n_visits; i++)
        s->visits[i].module = s->index[s->visits[i].module];
    return CVY_OK;
}

/* Nothing fails from here on. */
static void commit(const new_outline *s, const int *visit_of_module)
{
    cvyi_graph *const graph = s->outline->graph;

    for (int i = 0; i < graph->n_calls; i++) {
        cvyi_call *const call = &graph->calls[i];

        if (call->visit == s->outline->visit &&
            visit_of_module[call->module] >= 0)
            call->visit = visit_of_module[call->module];
        call->module = s->index[call->module];
    }
    graph->modules = s->ordered;
    graph->n_modules = graph->modules_capacity = s->n;
    graph->visits = s->visits;
    graph->n_visits = graph->visits_capacity = s->n_visits;
}

static int *numbers(cvyi_outline *outline, int n)
{
    int *const made =
        cvyi_arena_alloc(&outline->arena, (size_t)n + 1, sizeof *made);

    for (int i = 0; made != NULL && i <= n; i++)
        made[i] = -1;
    return made;
}

static cvy_status open_outline(new_outline *s)
{
    cvyi_outline *const o = s->outline;
    cvyi_graph *const graph = o->graph;
    const size_t n = (size_t)s->n;
    const size_t n_visits =
        (size_t)graph->n_visits + (size_t)o->n_runs + (size_t)o->n_repetitions;

    s->index = numbers(o, s->n);
    s->modules = cvyi_arena_alloc(&o->arena, n, sizeof *s->modules);
    s->ordered = cvyi_arena_alloc(&graph->arena, n, sizeof *s->ordered);
    s->visits = cvyi_arena_alloc(&graph->arena, n_visits, sizeof *s->visits);
    return s->index != NULL && s->modules != NULL && s->ordered != NULL &&
                   s->visits != NULL
               ? CVY_OK
               : cvyi_no_memory(s->err);
}

cvy_status cvyi_outline_apply(cvyi_outline *outline, cvy_error *err)
{
    const int n_old = outline->graph->n_modules;
    new_outline s = { .outline = outline,
                      .err = err,
                      .n_old = n_old,
                      .n_runs = outline->n_runs,
                      .n = n_old + outline->n_runs + outline->n_repetitions };
    int *const of_repetition = numbers(outline, outline->n_repetitions);
    int *const of_run = numbers(outline, outline->n_runs);
    int *const of_module = numbers(outline, n_old);

    if (of_repetition == NULL || of_run == NULL || of_module == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(open_outline(&s));
    CVYI_TRY(make_modules(&s));
    for (int i = 0; i < s.n_old; i++)
        put_module(&s, i);
    CVYI_TRY(make_visits(of_repetition, of_run, &s));
    for (int i = 0; i < outline->n_units; i++)
        if (outline->units[i].module >= 0 && outline->units[i].owner >= 0)
            of_module[outline->units[i].module] =
                of_repetition[outline->units[i].owner];
    commit(&s, of_module);
    return CVY_OK;
}
