/* write/torch_name.c - attributes, parameters, classes, paths. */
#include "write/torch.h"

#include <ctype.h>
#include <string.h>

/* ---- attributes ---- */

const char *cvyi_torch_source_name(const cvyi_torch_writer *w, int module)
{
    for (int i = 0; i < w->graph->n_calls && w->source != NULL; i++) {
        const cvyi_call *const call = &w->graph->calls[i];

        if (call->module == module && call->origin >= 0 &&
            call->origin < w->source->n_calls)
            return cvyi_call_layer(w->source, &w->source->calls[call->origin]);
    }
    return w->graph->modules[module].name;
}

const char *cvyi_torch_short_name(const cvyi_torch_writer *w, int unit,
                                  int module)
{
    const cvyi_module *const m = &w->graph->modules[module];
    const int outer = w->units[unit].module;

    return m->role != NULL && m->parent == outer &&
                   w->graph->modules[outer].kind == CVYI_MODULE_BLOCK
               ? m->role
               : m->name;
}

/* The name of a module inside a unit; names of what was dissolved in between
 * come first, unless the source knows nothing of it. */
static const char *wanted_name(cvyi_torch_writer *w, const cvyi_unit *unit,
                               int module)
{
    const cvyi_module *const modules = w->graph->modules;
    const char *name =
        cvyi_torch_short_name(w, (int)(unit - w->units), module);

    for (int m = modules[module].parent; m > unit->module;
         m = modules[m].parent)
        if (modules[m].kind == CVYI_MODULE_BLOCK)
            return cvyi_torch_source_name(w, module);
    for (int m = modules[module].parent; name != NULL && m > unit->module;
         m = modules[m].parent)
        name = cvyi_arena_printf(&w->arena, "%s_%s", modules[m].name, name);
    return name;
}

/* The layer's own call bears its name; parts are `conv1_pad`. */
static cvy_status name_member(cvyi_torch_writer *w, cvyi_scope *scope,
                              const cvyi_unit *unit, cvyi_torch_member *member)
{
    const char *wanted = wanted_name(w, unit, member->module);

    if (wanted != NULL && member->call >= 0 &&
        w->graph->calls[member->call].label != NULL)
        wanted = cvyi_arena_printf(&w->arena, "%s_%s", wanted,
                                   w->graph->calls[member->call].label);
    if (wanted != NULL)
        member->attribute = cvyi_scope_take(scope, wanted);
    return member->attribute != NULL ? CVY_OK : cvyi_no_memory(w->err);
}

/* The next member behind `last` in the order of first calls; -1. */
static int next_member(const cvyi_unit *unit, int last)
{
    const int after = last >= 0 ? unit->members[last].first : -1;
    int next = -1;

    for (int m = 0; m < unit->n_members; m++) {
        const int first = unit->members[m].first;

        if ((first > after || (first == after && m > last)) &&
            (next < 0 || first < unit->members[next].first))
            next = m;
    }
    return next;
}

/* A layer's own name is taken before any part may ask for it. */
cvy_status cvyi_torch_name_members(cvyi_torch_writer *w, const cvyi_unit *unit)
{
    cvyi_scope scope = { .arena = &w->out->arena,
                         .reserved = cvyi_module_attributes };

    for (int parts = 0; parts < 2; parts++)
        for (int m = next_member(unit, -1); m >= 0; m = next_member(unit, m)) {
            cvyi_torch_member *const member = &unit->members[m];
            const bool part = member->call >= 0 &&
                              w->graph->calls[member->call].label != NULL;

            if (part == parts && member->list < 0)
                CVYI_TRY(name_member(w, &scope, unit, member));
        }
    return CVY_OK;
}

void cvyi_torch_put_member(cvyi_text *out, const cvyi_unit *unit, int m)
{
    const cvyi_torch_member *const member = &unit->members[m];

    if (member->list < 0) {
        cvyi_text_put(out, member->attribute);
        return;
    }
    cvyi_torch_put_member(out, unit, member->list);
    cvyi_text_printf(out, "[%d]", member->index);
}

/* ---- parameters ---- */

static bool begins(const char *text, const char *with)
{
    return text != NULL && strncmp(text, with, strlen(with)) == 0;
}

/* What goes in and comes out is neither the one nor the other; nor is what
 * one layer inside gives another. NULL: without memory. */
static const char *base_name(cvyi_torch_writer *w,
                             const cvyi_class_param *param)
{
    if (begins(param->wanted, "in_") && begins(param->last, "out_"))
        return param->wanted + 3;
    if (begins(param->wanted, "out_") && begins(param->last, "in_"))
        return cvyi_arena_printf(&w->arena, "mid_%s", param->wanted + 4);
    return param->wanted != NULL ? param->wanted : param->owner;
}

/* Where several want a name, inputs are those of the first and outputs those
 * of the last. */
static bool may_have(const cvyi_torch_class *class_, const char **names, int p)
{
    const bool last = begins(names[p], "out_");
    const bool first = begins(names[p], "in_");

    for (int q = 0; q < class_->n_params; q++) {
        if (q == p || strcmp(names[q], names[p]) != 0)
            continue;
        if ((!first && !last) || (first && q < p) || (last && q > p))
            return false;
    }
    return true;
}

static const char *wanted_param(cvyi_torch_writer *w,
                                const cvyi_torch_class *class_,
                                const char **names, int p)
{
    const cvyi_class_param *const param = &class_->params[p];

    if (param->wanted == NULL || may_have(class_, names, p))
        return names[p];
    return cvyi_arena_printf(&w->arena, "%s_%s", param->owner, param->wanted);
}

/* What forward reads is an attribute as well. */
static cvy_status take_attributes(cvyi_scope *scope, cvyi_torch_writer *w,
                                  const cvyi_unit *unit)
{
    static const char *const used[] = { "torch", "F", "nn", "Tensor" };

    for (size_t i = 0; i < sizeof used / sizeof *used; i++)
        if (cvyi_scope_take(scope, used[i]) == NULL)
            return cvyi_no_memory(w->err);
    for (int m = 0; m < unit->n_members; m++)
        if (unit->members[m].attribute != NULL &&
            cvyi_scope_take(scope, unit->members[m].attribute) == NULL)
            return cvyi_no_memory(w->err);
    return CVY_OK;
}

cvy_status cvyi_torch_name_params(cvyi_torch_writer *w,
                                  cvyi_torch_class *class_)
{
    cvyi_scope scope = { .arena = &w->out->arena,
                         .reserved = cvyi_module_attributes };
    const char **const names = cvyi_arena_alloc(
        &w->arena, (size_t)class_->n_params + 1, sizeof *names);
    bool stored = false;

    if (names == NULL)
        return cvyi_no_memory(w->err);
    for (int p = 0; p < class_->n_params; p++) {
        stored = stored || class_->params[p].stored;
        names[p] = base_name(w, &class_->params[p]);
        if (names[p] == NULL)
            return cvyi_no_memory(w->err);
    }
    if (stored)
        CVYI_TRY(take_attributes(&scope, w, &w->units[class_->units[0]]));
    for (int p = 0; p < class_->n_params; p++) {
        const char *const wanted = wanted_param(w, class_, names, p);

        if (wanted != NULL)
            class_->params[p].name = cvyi_scope_take(&scope, wanted);
        if (class_->params[p].name == NULL)
            return cvyi_no_memory(w->err);
    }
    return CVY_OK;
}

/* ---- classes ---- */

/* What a framework calls all its models says nothing. */
static bool is_general(const char *class_name)
{
    static const char *const names[] = { "Functional", "Sequential", "Model",
                                         "Block" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(class_name, names[i]) == 0)
            return true;
    return false;
}

/* What the names of all units of a class begin with, without numbers. */
static const char *common_name(cvyi_torch_writer *w,
                               const cvyi_torch_class *class_)
{
    const cvyi_module *const modules = w->graph->modules;
    const char *const first = modules[w->units[class_->units[0]].module].name;
    size_t n = strlen(first);

    if (class_->n_units == 1)
        return first;
    for (int k = 1; k < class_->n_units; k++) {
        const char *const name =
            modules[w->units[class_->units[k]].module].name;
        size_t same = 0;

        while (same < n && first[same] == name[same])
            same++;
        n = same;
    }
    while (n > 0 && (isdigit((unsigned char)first[n - 1]) ||
                     !isalnum((unsigned char)first[n - 1])))
        n--;
    return n > 0 ? cvyi_arena_text(&w->arena, first, n) : "Block";
}

static const char *class_stem(cvyi_torch_writer *w,
                              const cvyi_torch_class *class_)
{
    const cvyi_module *const module =
        &w->graph->modules[w->units[class_->units[0]].module];
    const char *name;

    if (module->class_name != NULL && !is_general(module->class_name))
        return module->class_name;
    if (module->kind == CVYI_MODULE_BLOCK)
        return "Block";
    name = common_name(w, class_);
    return name;
}

static bool is_used(const cvyi_torch_writer *w, const char *name)
{
    for (int i = 0; i < w->n_helpers; i++)
        if (strcmp(name, w->helpers[i]->name) == 0)
            return true;
    for (int c = 0; c < w->n_classes; c++)
        if (w->classes[c].name != NULL &&
            strcmp(w->classes[c].name, name) == 0)
            return true;
    return false;
}

static cvy_status name_class(cvyi_torch_writer *w, cvyi_torch_class *class_)
{
    const char *const stem = class_stem(w, class_);
    const char *const wanted =
        stem != NULL ? cvyi_class_name(&w->arena, stem) : NULL;
    const char *name = wanted;

    for (int i = 2; name != NULL && is_used(w, name); i++)
        name = cvyi_arena_printf(&w->arena, "%s%d", wanted, i);
    class_->name = name;
    return name != NULL ? CVY_OK : cvyi_no_memory(w->err);
}

/* The model is named after the file; another name than the classes that
 * stand beside it. */
static cvy_status name_model(cvyi_torch_writer *w, cvyi_torch_class *class_)
{
    cvyi_arena *const arena = &w->out->arena;
    const char *name = cvyi_class_name(arena, w->options->file_name);

    if (name != NULL && is_used(w, name))
        name = cvyi_arena_printf(arena, "Model%s", name);
    w->out->class_name = class_->name = name;
    return name != NULL ? CVY_OK : cvyi_no_memory(w->err);
}

/* ---- paths ---- */

static void put_path(cvyi_text *out, const cvyi_unit *named, int m)
{
    const cvyi_torch_member *const member = &named->members[m];

    if (member->list >= 0)
        put_path(out, named, member->list);
    if (member->list >= 0 || member->attribute == NULL)
        cvyi_text_printf(out, "%s%d", out->size > 0 ? "." : "", member->index);
    else
        cvyi_text_printf(out, "%s%s", out->size > 0 ? "." : "",
                         member->attribute);
}

/* The unit whose members have the names of `unit`: the first of its class. */
static const cvyi_unit *named_unit(const cvyi_torch_writer *w, int unit)
{
    const cvyi_unit *const u = &w->units[unit];

    return u->form == CVYI_UNIT_INLINE ? u
                                       : &w->units[w->classes[u->of].units[0]];
}

static const char *member_path(cvyi_torch_writer *w, int unit, int m)
{
    cvyi_text text = { 0 };
    const char *kept;

    cvyi_text_put(&text, w->units[unit].path);
    put_path(&text, named_unit(w, unit), m);
    kept = text.bad ? NULL
                    : cvyi_arena_text(&w->out->arena, cvyi_text_c(&text),
                                      text.size);
    cvyi_text_close(&text);
    return kept;
}

static cvy_status name_calls(cvyi_torch_writer *w, int visit)
{
    const cvyi_torch_visit *const v = &w->visits[visit];
    const char *const home = w->units[v->unit].path;

    for (int k = 0; k < v->n_items; k++) {
        const cvyi_torch_item *const item = &v->items[k];

        if (item->call < 0)
            continue;
        w->spoken[item->call].home = home;
        if (item->member < 0)
            continue;
        w->spoken[item->call].path = member_path(w, v->unit, item->member);
        if (w->spoken[item->call].path == NULL)
            return cvyi_no_memory(w->err);
        w->spoken[item->call].first =
            w->units[v->unit].members[item->member].call == item->call;
    }
    return CVY_OK;
}

cvy_status cvyi_torch_names(cvyi_torch_writer *w)
{
    CVYI_TRY(name_model(w, &w->classes[w->units[0].of]));
    for (int c = 0; c < w->n_classes; c++)
        if (c != w->units[0].of)
            CVYI_TRY(name_class(w, &w->classes[c]));
    w->units[0].path = "";
    for (int u = 1; u < w->n_units; u++) {
        w->units[u].path =
            member_path(w, w->units[u].parent, w->units[u].member);
        if (w->units[u].path == NULL)
            return cvyi_no_memory(w->err);
    }
    for (int v = 0; v < w->graph->n_visits; v++)
        if (w->visits[v].unit >= 0)
            CVYI_TRY(name_calls(w, v));
    return CVY_OK;
}
