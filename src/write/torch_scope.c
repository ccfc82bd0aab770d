/*
 * write/torch_scope.c - which modules of the outline are modules of the file.
 *
 * Every composed module is, unless its visits do not say the same: one text
 * cannot be all of them. Such a module, and one whose visits would have to
 * wait for each other, is dissolved: its layers are written into the module
 * around it.
 */
#include "write/torch.h"

int cvyi_torch_scope_of(const cvyi_torch_writer *w, const cvyi_call *call)
{
    const cvyi_torch_visit *const visit = &w->visits[call->visit];

    return visit->unit >= 0 ? call->visit : visit->around;
}

static bool is_composed(const cvyi_module *module)
{
    return module->kind != CVYI_MODULE_LAYER &&
           module->kind != CVYI_MODULE_LIST;
}

/* Without classes for blocks, what holds blocks is none either. */
static void dissolve_blocks(cvyi_torch_writer *w)
{
    for (int m = 1; m < w->graph->n_modules; m++) {
        const cvyi_module *const module = &w->graph->modules[m];

        if (module->kind != CVYI_MODULE_BLOCK)
            continue;
        w->dissolved[m] = true;
        for (int p = module->parent; p > 0; p = w->graph->modules[p].parent) {
            if (w->graph->modules[p].kind == CVYI_MODULE_MODEL)
                break;
            w->dissolved[p] = true;
        }
    }
}

/* ---- one attempt ---- */

/* Marks visits with a call inside. */
static void mark_used(bool *used, const cvyi_graph *graph)
{
    used[0] = true;
    for (int i = 0; i < graph->n_calls; i++)
        for (int v = graph->calls[i].visit; v > 0 && !used[v];
             v = graph->visits[v].parent)
            used[v] = true;
}

static void open_units(cvyi_torch_writer *w, const bool *used)
{
    const cvyi_graph *const graph = w->graph;

    w->n_units = 0;
    for (int m = 0; m < graph->n_modules; m++)
        w->unit_of[m] = -1;
    for (int v = 0; v < graph->n_visits; v++)
        if (used[v] && !w->dissolved[graph->visits[v].module])
            w->unit_of[graph->visits[v].module] = 0;
    for (int m = 0; m < graph->n_modules; m++)
        if (w->unit_of[m] == 0) {
            w->units[w->n_units] =
                (cvyi_unit){ .module = m, .visit = -1, .parent = -1 };
            w->unit_of[m] = w->n_units++;
        }
    for (int v = 0; v < graph->n_visits; v++) {
        const cvyi_visit *const visit = &graph->visits[v];
        const int p = visit->parent;

        w->visits[v] = (cvyi_torch_visit){
            .unit = used[v] ? w->unit_of[visit->module] : -1,
            .around = p < 0                    ? -1
                      : w->visits[p].unit >= 0 ? p
                                               : w->visits[p].around,
        };
    }
}

/* A chain from the only input to the only output, each link once? */
static bool is_chain(const cvyi_torch_writer *w, const cvyi_torch_visit *v)
{
    if (v->n_in != 1 || v->n_out != 1 || v->n_items == 0)
        return false;
    for (int k = 0, r = v->in[0]; k < v->n_items; k++) {
        const cvyi_torch_item *const item = &v->items[k];
        const int module = item->call >= 0
                               ? w->graph->calls[item->call].module
                               : w->graph->visits[item->visit].module;
        const int parent = w->graph->modules[module].parent;

        if (item->n_in != 1 || item->n_out != 1 || item->in[0] != r ||
            (parent >= 0 && cvyi_torch_is_list(w, parent)))
            return false;
        for (int i = 0; i < k; i++)
            if (v->items[i].call >= 0 && item->call >= 0 &&
                cvyi_graph_twin(w->graph, item->call, v->items[i].call) ==
                    v->items[i].call)
                return false;
        for (int i = 0; i < k; i++)
            if (v->items[i].visit >= 0 && item->visit >= 0 &&
                w->visits[v->items[i].visit].unit ==
                    w->visits[item->visit].unit)
                return false;
        r = item->out[0];
    }
    return v->out[0] == v->items[v->n_items - 1].out[0];
}

static bool all_chains(const cvyi_torch_writer *w, int unit)
{
    for (int v = 0; v < w->graph->n_visits; v++)
        if (w->visits[v].unit == unit && !is_chain(w, &w->visits[v]))
            return false;
    return unit > 0 || w->graph->output_tree.kind == CVYI_TREE_SINGLE;
}

/* Says the calls of a unit; *modules: all of them as modules. */
static cvy_status say_calls(bool *modules, cvyi_torch_writer *w, int unit,
                            bool chain)
{
    *modules = true;
    for (int i = 0; i < w->graph->n_calls; i++) {
        const cvyi_call *const call = &w->graph->calls[i];
        const int parent = w->graph->modules[call->module].parent;

        if (w->visits[cvyi_torch_scope_of(w, call)].unit != unit)
            continue;
        CVYI_TRY(
            cvyi_torch_respeak(w, i,
                               chain || (parent >= 0 && call->label == NULL &&
                                         cvyi_torch_is_list(w, parent))));
        *modules = *modules && w->spoken[i].said.form == CVYI_FORM_MODULE;
    }
    return CVY_OK;
}

static bool is_number(const char *name)
{
    if (*name == '\0')
        return false;
    while (*name >= '0' && *name <= '9')
        name++;
    return *name == '\0';
}

/* What is only counted in the source is not worth a class with names. */
static bool is_counted(const cvyi_torch_writer *w, int unit)
{
    const int module = w->units[unit].module;

    for (int m = 1; m < w->graph->n_modules; m++)
        if (w->graph->modules[m].parent == module &&
            !is_number(w->graph->modules[m].name))
            return false;
    return unit > 0;
}

static cvy_status choose_form(cvyi_torch_writer *w, int unit)
{
    cvyi_unit *const u = &w->units[unit];
    bool chain = w->graph->modules[u->module].kind == CVYI_MODULE_SEQUENTIAL &&
                 all_chains(w, unit);
    bool modules;

    CVYI_TRY(say_calls(&modules, w, unit, chain));
    if (chain && !modules)
        /* Not a plain chain after all: forms are chosen anew. */
        CVYI_TRY(say_calls(&modules, w, unit, chain = false));
    u->form = !chain                ? CVYI_UNIT_CLASS
              : is_counted(w, unit) ? CVYI_UNIT_INLINE
                                    : CVYI_UNIT_CHAIN;
    return CVY_OK;
}

/* Modules inside are settled before those around them. */
static cvy_status settle(bool *again, cvyi_torch_writer *w)
{
    *again = false;
    for (int u = w->n_units - 1; u >= 0; u--) {
        bool same;

        for (int v = 0; v < w->graph->n_visits; v++) {
            if (w->visits[v].unit != u)
                continue;
            CVYI_TRY(cvyi_torch_fill_visit(again, w, v));
            if (*again)
                return CVY_OK;
        }
        CVYI_TRY(choose_form(w, u));
        CVYI_TRY(cvyi_torch_align_visits(&same, w, u));
        if (!same) {
            w->dissolved[w->units[u].module] = true;
            *again = true;
            return cvyi_remark(w->findings,
                               w->graph->modules[w->units[u].module].name,
                               "its calls need different code in torch: its "
                               "layers are written into the model around it",
                               w->err);
        }
    }
    return CVY_OK;
}

static cvy_status allocate(cvyi_torch_writer *w)
{
    const cvyi_graph *const graph = w->graph;
    const size_t modules = (size_t)graph->n_modules;
    const size_t results = (size_t)graph->n_results;

    w->dissolved = cvyi_arena_alloc(&w->arena, modules, sizeof *w->dissolved);
    w->unit_of = cvyi_arena_alloc(&w->arena, modules, sizeof *w->unit_of);
    w->units = cvyi_arena_alloc(&w->arena, modules, sizeof *w->units);
    w->visits = cvyi_arena_alloc(&w->arena, (size_t)graph->n_visits,
                                 sizeof *w->visits);
    w->maker = cvyi_arena_alloc(&w->arena, results, sizeof *w->maker);
    w->other = cvyi_arena_alloc(&w->arena, results, sizeof *w->other);
    return w->dissolved != NULL && w->unit_of != NULL && w->units != NULL &&
                   w->visits != NULL && w->maker != NULL && w->other != NULL
               ? CVY_OK
               : cvyi_no_memory(w->err);
}

cvy_status cvyi_torch_scope(cvyi_torch_writer *w)
{
    bool again = true;
    bool *used;

    CVYI_TRY(allocate(w));
    used =
        cvyi_arena_alloc(&w->arena, (size_t)w->graph->n_visits, sizeof *used);
    if (used == NULL)
        return cvyi_no_memory(w->err);
    mark_used(used, w->graph);
    for (int m = 1; m < w->graph->n_modules; m++)
        w->dissolved[m] = !is_composed(&w->graph->modules[m]);
    if (w->options->flat)
        dissolve_blocks(w);
    while (again) {
        open_units(w, used);
        CVYI_TRY(settle(&again, w));
    }
    return CVY_OK;
}
