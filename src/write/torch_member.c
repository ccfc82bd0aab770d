/* write/torch_member.c - what an instance of a unit holds. */
#include "write/torch.h"

#include <string.h>

bool cvyi_torch_is_list(const cvyi_torch_writer *w, int module)
{
    const cvyi_graph *const graph = w->graph;

    if (graph->modules[module].kind != CVYI_MODULE_LIST)
        return false;
    for (int m = module + 1; m < graph->n_modules; m++)
        if (graph->modules[m].parent == module &&
            graph->modules[m].kind != CVYI_MODULE_LAYER &&
            graph->modules[m].kind != CVYI_MODULE_LIST && w->dissolved[m])
            return false;
    return true;
}

/* ---- finding and adding ---- */

static int first_call(const cvyi_graph *graph, int module)
{
    for (int i = 0; i < graph->n_calls; i++)
        for (int m = graph->calls[i].module; m > 0;
             m = graph->modules[m].parent)
            if (m == module)
                return i;
    return graph->n_calls;
}

static cvy_status append(int *at, cvyi_torch_writer *w, cvyi_unit *unit,
                         cvyi_torch_member member)
{
    cvyi_torch_member *const members =
        cvyi_arena_grow(&w->arena, unit->members, unit->n_members,
                        &unit->members_capacity, sizeof *members);

    if (members == NULL)
        return cvyi_no_memory(w->err);
    unit->members = members;
    member.first =
        member.call >= 0 ? member.call : first_call(w->graph, member.module);
    members[unit->n_members] = member;
    *at = unit->n_members++;
    return CVY_OK;
}

/* The list that holds a module, as a member; -1 for none. */
static cvy_status need_list(int *at, cvyi_torch_writer *w, cvyi_unit *unit,
                            int module)
{
    const int parent = w->graph->modules[module].parent;
    cvyi_torch_member list = {
        .module = parent, .call = -1, .unit = -1, .list = -1
    };

    *at = -1;
    if (parent < 0 || !cvyi_torch_is_list(w, parent))
        return CVY_OK;
    for (int m = 0; m < unit->n_members; m++)
        if (unit->members[m].module == parent) {
            *at = m;
            return CVY_OK;
        }
    CVYI_TRY(need_list(&list.list, w, unit, parent));
    return append(at, w, unit, list);
}

static bool same_label(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static cvy_status refuse_shared(cvyi_torch_writer *w, const cvyi_call *call)
{
    const cvyi_module *const module = &w->graph->modules[call->module];

    CVYI_TRY(cvyi_findings_add(
        w->findings,
        (cvyi_finding){
            .refusal = true,
            .kind = "no_counterpart",
            .layer = cvyi_torch_source_name(w, call->module),
            .text = "it is called several times, and torch needs other "
                    "arguments for each of its inputs",
            .advice = "call it on inputs of one size, or make a layer of its "
                      "own for each call",
            .where = module->where },
        w->err));
    return cvyi_findings_verdict(w->findings, w->err);
}

/* A layer is one module however often it is called. What has no weights may
 * be several: a border of its own for each call. */
static cvy_status find_layer(int *at, cvyi_torch_writer *w, cvyi_unit *unit,
                             int i)
{
    const cvyi_call *const call = &w->graph->calls[i];
    const cvyi_said *const said = &w->spoken[i].said;
    bool alone = true;

    *at = -1;
    for (int m = 0; m < unit->n_members && *at < 0; m++) {
        const int other = unit->members[m].call;

        if (other < 0 || w->graph->calls[other].module != call->module ||
            !same_label(w->graph->calls[other].label, call->label))
            continue;
        alone = false;
        if (strcmp(cvyi_text_c(&w->spoken[other].said.code),
                   cvyi_text_c(&said->code)) == 0)
            *at = m;
        else if (said->n_slots > 0)
            return refuse_shared(w, call);
    }
    if (*at >= 0)
        return CVY_OK;

    cvyi_torch_member member = {
        .module = call->module, .call = i, .unit = -1, .list = -1
    };

    if (alone && call->label == NULL)
        CVYI_TRY(need_list(&member.list, w, unit, call->module));
    return append(at, w, unit, member);
}

static cvy_status find_unit(int *at, cvyi_torch_writer *w, cvyi_unit *unit,
                            int inside)
{
    cvyi_torch_member member = { .module = w->units[inside].module,
                                 .call = -1,
                                 .unit = inside,
                                 .list = -1 };

    for (int m = 0; m < unit->n_members; m++)
        if (unit->members[m].unit == inside) {
            *at = m;
            return CVY_OK;
        }
    CVYI_TRY(need_list(&member.list, w, unit, member.module));
    CVYI_TRY(append(at, w, unit, member));
    w->units[inside].parent = (int)(unit - w->units);
    w->units[inside].member = *at;
    if (unit->height <= w->units[inside].height)
        unit->height = w->units[inside].height + 1;
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status find_members(cvyi_torch_writer *w, cvyi_unit *unit)
{
    cvyi_torch_visit *const visit = &w->visits[unit->visit];

    for (int k = 0; k < visit->n_items; k++) {
        cvyi_torch_item *const item = &visit->items[k];

        if (item->call < 0)
            CVYI_TRY(find_unit(&item->member, w, unit,
                               w->visits[item->visit].unit));
        else if (w->spoken[item->call].said.form == CVYI_FORM_MODULE)
            CVYI_TRY(find_layer(&item->member, w, unit, item->call));
        if (item->member >= 0)
            unit->members[item->member].n_calls++;
    }
    return CVY_OK;
}

/* Places in lists follow the outline, those in chains the order of calls. */
static void number(cvyi_unit *unit)
{
    for (int m = 0; m < unit->n_members; m++) {
        cvyi_torch_member *const member = &unit->members[m];

        member->index = member->list < 0 ? m : 0;
        for (int k = 0; member->list >= 0 && k < unit->n_members; k++)
            member->index += unit->members[k].list == member->list &&
                             unit->members[k].module < member->module;
    }
}

/* The other visits of the unit hold the same. */
static void spread(cvyi_torch_writer *w, int unit)
{
    const cvyi_torch_visit *const first = &w->visits[w->units[unit].visit];

    for (int v = 0; v < w->graph->n_visits; v++)
        if (w->visits[v].unit == unit)
            for (int k = 0; k < first->n_items; k++)
                w->visits[v].items[k].member = first->items[k].member;
}

cvy_status cvyi_torch_members(cvyi_torch_writer *w)
{
    for (int u = w->n_units - 1; u >= 0; u--) {
        CVYI_TRY(find_members(w, &w->units[u]));
        number(&w->units[u]);
        spread(w, u);
    }
    return CVY_OK;
}
