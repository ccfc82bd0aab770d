/*
 * write/torch_class.c - modules of one structure are one class.
 *
 * The skeleton of a unit is its text without names and without the values of
 * arguments: members, and what its forward does with them. Units with the
 * same skeleton share a class.
 */
#include "write/torch.h"

#include <string.h>

/* ---- skeletons ---- */

/* Arguments that have a default may be left out by some. */
static cvy_status put_leaf(cvyi_text *out, cvyi_torch_writer *w, int call)
{
    const cvyi_said *const said = &w->spoken[call].said;
    cvyi_code_parts parts = { 0 };

    CVYI_TRY(cvyi_code_split(&parts, w, said));
    cvyi_text_put(out, parts.callee);
    for (int i = 0; i < parts.n; i++)
        if (!parts.known ||
            (parts.args[i].value != NULL && parts.args[i].fallback == NULL))
            cvyi_text_printf(out, " %s", parts.args[i].name);
    return CVY_OK;
}

static cvy_status put_unit(cvyi_text *out, cvyi_torch_writer *w,
                           const cvyi_unit *unit);

static cvy_status put_member(cvyi_text *out, cvyi_torch_writer *w,
                             const cvyi_unit *unit, int m)
{
    const cvyi_torch_member *const member = &unit->members[m];

    cvyi_text_printf(out, "\nmember %d %d%s: ", member->list, member->index,
                     cvyi_torch_member_frozen(w, unit, m) ? " frozen" : "");
    if (member->call >= 0)
        return put_leaf(out, w, member->call);
    if (member->unit < 0) {
        cvyi_text_put(out, "list");
        return CVY_OK;
    }
    if (w->units[member->unit].form != CVYI_UNIT_INLINE) {
        cvyi_text_printf(out, "class %d", w->units[member->unit].of);
        return CVY_OK;
    }
    cvyi_text_put(out, "{");
    CVYI_TRY(put_unit(out, w, &w->units[member->unit]));
    cvyi_text_put(out, "}");
    return CVY_OK;
}

static void put_function(cvyi_text *out, const char *code)
{
    const char *at = code, *literal;
    size_t size;

    while ((literal = cvyi_code_literal(code, at, &size)) != NULL) {
        cvyi_text_add(out, at, (size_t)(literal - at));
        cvyi_text_put(out, "?");
        at = literal + size;
    }
    cvyi_text_put(out, at);
}

static int place(const int *results, int n, int result)
{
    for (int i = 0; i < n; i++)
        if (results[i] == result)
            return i;
    return -1;
}

/* A result by where it comes from in the visit. */
static void put_result(cvyi_text *out, const cvyi_torch_writer *w,
                       const cvyi_torch_visit *v, int result)
{
    const int maker = w->maker[result];

    if (maker >= 0)
        cvyi_text_printf(out, " %d.%d", maker,
                         place(v->items[maker].out, v->items[maker].n_out,
                               result));
    else
        cvyi_text_printf(out, " in%d", place(v->in, v->n_in, result));
}

static void put_items(cvyi_text *out, const cvyi_torch_writer *w,
                      const cvyi_torch_visit *v)
{
    for (int k = 0; k < v->n_items; k++) {
        const cvyi_torch_item *const item = &v->items[k];

        cvyi_text_printf(out, "\nitem %d: ", item->member);
        if (item->member < 0)
            put_function(out, cvyi_text_c(&w->spoken[item->call].said.code));
        for (int i = 0; i < item->n_in; i++)
            put_result(out, w, v, item->in[i]);
        cvyi_text_printf(out, " gives %d", item->n_out);
    }
}

static cvy_status put_unit(cvyi_text *out, cvyi_torch_writer *w,
                           const cvyi_unit *unit)
{
    const cvyi_torch_visit *const v = &w->visits[unit->visit];

    cvyi_text_printf(out, "%d %d%s", unit->form, v->n_in,
                     cvyi_torch_is_quiet(w, (int)(unit - w->units)) ? " quiet"
                                                                    : "");
    for (int m = 0; m < unit->n_members; m++)
        CVYI_TRY(put_member(out, w, unit, m));
    cvyi_torch_makers(w->maker, w, v);
    put_items(out, w, v);
    cvyi_text_put(out, "\nout");
    for (int i = 0; i < v->n_out; i++)
        put_result(out, w, v, v->out[i]);
    return CVY_OK;
}

static cvy_status skeleton(const char **out, cvyi_torch_writer *w, int unit)
{
    cvyi_text text = { 0 };
    const cvy_status status = put_unit(&text, w, &w->units[unit]);

    *out = status != CVY_OK || text.bad
               ? NULL
               : cvyi_arena_text(&w->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    if (status != CVY_OK)
        return status;
    return *out != NULL ? CVY_OK : cvyi_no_memory(w->err);
}

/* ---- classes ---- */

/* Models and chains that only happen to look alike keep classes of their own:
 * the names of what is repeated begin alike. */
static bool named_alike(const cvyi_torch_writer *w, int a, int b)
{
    const cvyi_module *const x = &w->graph->modules[w->units[a].module];
    const cvyi_module *const y = &w->graph->modules[w->units[b].module];
    enum { LEAST = 3 };
    int n = 0;

    if (x->kind != y->kind)
        return false;
    if (x->kind == CVYI_MODULE_BLOCK)
        return x->class_name == NULL || y->class_name == NULL ||
               strcmp(x->class_name, y->class_name) == 0;
    while (x->name[n] != '\0' && x->name[n] == y->name[n])
        n++;
    return n >= LEAST;
}

static cvy_status add_unit(cvyi_torch_writer *w, cvyi_torch_class *class_,
                           int unit)
{
    int *const units =
        cvyi_arena_grow(&w->arena, class_->units, class_->n_units,
                        &class_->units_capacity, sizeof *units);

    if (units == NULL)
        return cvyi_no_memory(w->err);
    class_->units = units;
    w->units[unit].of = (int)(class_ - w->classes);
    w->units[unit].at = class_->n_units;
    units[class_->n_units++] = unit;
    return CVY_OK;
}

static cvy_status classify(cvyi_torch_writer *w, int unit)
{
    const char *text;

    CVYI_TRY(skeleton(&text, w, unit));
    for (int c = 0; c < w->n_classes; c++)
        if (unit > 0 && strcmp(w->classes[c].skeleton, text) == 0 &&
            named_alike(w, w->classes[c].units[0], unit))
            return add_unit(w, &w->classes[c], unit);
    w->classes[w->n_classes] = (cvyi_torch_class){ .skeleton = text };
    return add_unit(w, &w->classes[w->n_classes++], unit);
}

/* Classes of one height first: their parameters are arguments of those
 * above. */
cvy_status cvyi_torch_classes(cvyi_torch_writer *w)
{
    w->classes =
        cvyi_arena_alloc(&w->arena, (size_t)w->n_units, sizeof *w->classes);
    if (w->classes == NULL)
        return cvyi_no_memory(w->err);
    for (int height = 0; height <= w->units[0].height; height++) {
        const int before = w->n_classes;

        for (int u = 0; u < w->n_units; u++)
            if (w->units[u].height == height &&
                w->units[u].form != CVYI_UNIT_INLINE)
                CVYI_TRY(classify(w, u));
        for (int c = before; c < w->n_classes; c++)
            CVYI_TRY(cvyi_torch_params(w, &w->classes[c]));
    }
    return CVY_OK;
}
