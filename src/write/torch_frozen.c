/* write/torch_frozen.c - layers that the source does not train. */
#include "pysrc/line.h"
#include "write/torch.h"

#include <string.h>

/* Has the call weights that gradients change? */
static bool trains(const cvyi_torch_writer *w, int call)
{
    const cvyi_op *const op = w->graph->calls[call].attrs.op;
    const cvyi_said *const said = &w->spoken[call].said;

    for (int i = 0; i < said->n_slots; i++)
        for (int s = 0; op->slots != NULL && op->slots[s].name != NULL; s++)
            if (strcmp(op->slots[s].name, said->slots[i].slot) == 0 &&
                !op->slots[s].statistic)
                return true;
    return false;
}

/* The source said so of the module or of one around it, up to `outer`. */
static bool said_frozen(const cvyi_graph *graph, int module, int outer)
{
    for (; module > outer; module = graph->modules[module].parent)
        if (graph->modules[module].frozen)
            return true;
    return false;
}

static bool is_inside(const cvyi_graph *graph, int module, int outer)
{
    while (module > outer)
        module = graph->modules[module].parent;
    return module == outer;
}

/* Of what stands in `outer`, a composed module or a list. */
static bool all_frozen(const cvyi_torch_writer *w, int outer)
{
    const cvyi_graph *const graph = w->graph;
    bool any = false;

    for (int i = 0; i < graph->n_calls; i++) {
        const int module = graph->calls[i].module;

        if (!is_inside(graph, module, outer) || !trains(w, i))
            continue;
        if (!said_frozen(graph, module, outer) &&
            !graph->modules[outer].frozen)
            return false;
        any = true;
    }
    return any;
}

bool cvyi_torch_all_frozen(const cvyi_torch_writer *w, int unit)
{
    return all_frozen(w, w->units[unit].module);
}

bool cvyi_torch_member_frozen(const cvyi_torch_writer *w,
                              const cvyi_unit *unit, int m)
{
    const cvyi_torch_member *const member = &unit->members[m];

    if (member->call < 0)
        return all_frozen(w, member->module);
    return trains(w, member->call) &&
           said_frozen(w->graph, member->module, unit->module);
}

bool cvyi_torch_is_quiet(const cvyi_torch_writer *w, int unit)
{
    for (; unit >= 0; unit = w->units[unit].parent)
        if (cvyi_torch_all_frozen(w, unit))
            return true;
    return false;
}

static cvy_status put_line(cvyi_torch_writer *w, const char *name)
{
    const char *const line =
        cvyi_arena_printf(&w->arena, "self%s.requires_grad_(False)", name);

    if (line == NULL)
        return cvyi_no_memory(w->err);
    cvyi_py_line(&w->body, 8, line, "", NULL);
    return CVY_OK;
}

/* ".conv1", ".conv2[0]", ".blocks[3]" */
static const char *member_name(cvyi_torch_writer *w, const cvyi_unit *unit,
                               int m, const char *prefix)
{
    cvyi_text text = { 0 };
    const char *kept;

    cvyi_text_put(&text, prefix);
    if (unit->form == CVYI_UNIT_INLINE) {
        cvyi_text_printf(&text, "[%d]", unit->members[m].index);
    } else {
        cvyi_text_put(&text, ".");
        cvyi_torch_put_member(&text, unit, m);
    }
    kept = text.bad
               ? NULL
               : cvyi_arena_text(&w->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return kept;
}

cvy_status cvyi_torch_put_frozen(cvyi_torch_writer *w, const cvyi_unit *unit,
                                 const char *prefix)
{
    const int index = (int)(unit - w->units);

    if (index == 0 && cvyi_torch_all_frozen(w, 0))
        return put_line(w, "");
    if (cvyi_torch_is_quiet(w, index))
        return CVY_OK;
    for (int m = 0; m < unit->n_members; m++) {
        const cvyi_torch_member *const member = &unit->members[m];
        const int list = member->list;
        const char *const name = member_name(w, unit, m, prefix);

        if (name == NULL)
            return cvyi_no_memory(w->err);
        if (list >= 0 && cvyi_torch_member_frozen(w, unit, list))
            continue;
        if (cvyi_torch_member_frozen(w, unit, m))
            CVYI_TRY(put_line(w, name));
        else if (member->unit >= 0 &&
                 w->units[member->unit].form == CVYI_UNIT_INLINE)
            CVYI_TRY(cvyi_torch_put_frozen(w, &w->units[member->unit], name));
    }
    return CVY_OK;
}
