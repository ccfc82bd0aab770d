/*
 * write/torch_param.c - what differs between modules of one class.
 *
 * The words of corresponding members and functions are laid side by side.
 * Values that differ become parameters; places where the values are the same
 * in every module, and mean the same kind of thing, share one.
 */
#include "write/torch.h"

#include <string.h>

/* Numbers of channels, whatever a layer calls them. */
static bool is_channels(const char *name)
{
    const char *const bar = name != NULL ? strrchr(name, '_') : NULL;
    const char *const last = bar != NULL ? bar + 1 : name;

    return name != NULL &&
           (strcmp(last, "channels") == 0 || strcmp(last, "features") == 0 ||
            strcmp(name, "groups") == 0 ||
            strcmp(name, "num_parameters") == 0 ||
            strcmp(name, "normalized_shape") == 0);
}

static bool is_end(const char *name)
{
    return strncmp(name, "in_", 3) == 0 || strncmp(name, "out_", 4) == 0;
}

static bool same_meaning(const char *a, const char *b)
{
    return a == NULL || (b != NULL && strcmp(a, b) == 0) ||
           (is_channels(a) && is_channels(b));
}

static bool same_values(const char *const *a, const char *const *b, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static bool all_equal(const char *const *values, int n)
{
    for (int i = 1; i < n; i++)
        if (strcmp(values[i], values[0]) != 0)
            return false;
    return true;
}

/* The parameter that stands for the values. `wanted` NULL: a number in a
 * function form, which takes any. */
static cvy_status need_param(int *at, cvyi_torch_writer *w,
                             cvyi_torch_class *class_, const char *wanted,
                             const char *owner, const char **values)
{
    cvyi_class_param *params;

    for (*at = 0; *at < class_->n_params; ++*at)
        if (same_meaning(wanted, class_->params[*at].wanted) &&
            same_values(values, class_->params[*at].values, class_->n_units)) {
            if (wanted != NULL && is_end(wanted))
                class_->params[*at].last = wanted;
            return CVY_OK;
        }
    params = cvyi_arena_grow(&w->arena, class_->params, class_->n_params,
                             &class_->params_capacity, sizeof *params);
    if (params == NULL)
        return cvyi_no_memory(w->err);
    class_->params = params;
    params[class_->n_params++] = (cvyi_class_param){
        .wanted = wanted, .last = wanted, .owner = owner, .values = values
    };
    return CVY_OK;
}

static const char **new_values(cvyi_torch_writer *w,
                               const cvyi_torch_class *class_)
{
    return cvyi_arena_alloc(&w->arena, (size_t)class_->n_units,
                            sizeof(const char *));
}

static cvy_status new_arguments(cvyi_torch_argument **out,
                                cvyi_torch_writer *w, int n)
{
    *out = cvyi_arena_alloc(&w->arena, (size_t)n + 1, sizeof **out);
    return *out != NULL ? CVY_OK : cvyi_no_memory(w->err);
}

/* ---- members ---- */

static const char *owner_of(const cvyi_torch_writer *w,
                            const cvyi_torch_member *member)
{
    return member->attribute != NULL ? member->attribute
                                     : w->graph->modules[member->module].name;
}

/* "(96, 1, 1)", where 96 are the channels of something else: only they are a
 * parameter. *param -1: it is no such tuple. */
static cvy_status begin_tuple(int *param, const char **tail,
                              cvyi_torch_writer *w,
                              const cvyi_torch_class *class_,
                              const char *const *values)
{
    const char **const firsts = new_values(w, class_);

    *param = -1;
    if (firsts == NULL)
        return cvyi_no_memory(w->err);
    for (int k = 0; k < class_->n_units; k++) {
        const char *const end = strchr(values[k], ',');

        if (values[k][0] != '(' || end == NULL ||
            (k > 0 && strcmp(end, *tail) != 0))
            return CVY_OK;
        *tail = end;
        firsts[k] = cvyi_arena_text(&w->arena, values[k] + 1,
                                    (size_t)(end - values[k] - 1));
        if (firsts[k] == NULL)
            return cvyi_no_memory(w->err);
    }
    for (int p = 0; p < class_->n_params; p++)
        if (is_channels(class_->params[p].wanted) &&
            same_values(firsts, class_->params[p].values, class_->n_units))
            *param = p;
    return CVY_OK;
}

/* One argument of corresponding layers: row `i` of their parts. */
static cvy_status leaf_argument(cvyi_torch_argument *out, cvyi_torch_writer *w,
                                cvyi_torch_class *class_,
                                const cvyi_code_parts *parts, int i,
                                const char *owner)
{
    const char **const values = new_values(w, class_);

    if (values == NULL)
        return cvyi_no_memory(w->err);
    *out = (cvyi_torch_argument){ .name = parts[0].args[i].name,
                                  .value = parts[0].args[i].value,
                                  .param = -1 };
    for (int k = 0; k < class_->n_units; k++) {
        const cvyi_code_arg *const arg = &parts[k].args[i];

        out->positional = out->positional || arg->positional;
        values[k] = arg->value != NULL ? arg->value : arg->fallback;
        if (values[k] == NULL)
            values[k] = "None";
    }
    if (all_equal(values, class_->n_units))
        return CVY_OK;
    CVYI_TRY(begin_tuple(&out->param, &out->tail, w, class_, values));
    if (out->param >= 0)
        return CVY_OK;
    out->tail = NULL;
    return need_param(&out->param, w, class_, out->name, owner, values);
}

static cvy_status leaf_arguments(cvyi_torch_writer *w,
                                 cvyi_torch_class *class_, const int *units,
                                 int m)
{
    cvyi_torch_member *const member = &w->units[units[0]].members[m];
    cvyi_code_parts *const parts =
        cvyi_arena_alloc(&w->arena, (size_t)class_->n_units, sizeof *parts);

    if (class_->n_units == 1)
        return CVY_OK;
    if (parts == NULL)
        return cvyi_no_memory(w->err);
    for (int k = 0; k < class_->n_units; k++)
        CVYI_TRY(cvyi_code_split(
            &parts[k], w,
            &w->spoken[w->units[units[k]].members[m].call].said));
    CVYI_TRY(new_arguments(&member->arguments, w, parts[0].n));
    for (int i = 0; i < parts[0].n; i++)
        CVYI_TRY(leaf_argument(&member->arguments[member->n_arguments++], w,
                               class_, parts, i, owner_of(w, member)));
    return CVY_OK;
}

/* Up to three speak for themselves; of more, the channels that come first. */
static bool is_positional(const cvyi_torch_class *class_, int param)
{
    enum { MOST = 3 };

    for (int p = 0; p <= param && class_->n_params > MOST; p++)
        if (!is_channels(class_->params[p].wanted) || p >= MOST)
            return false;
    return true;
}

/* The parameters of a class inside are its arguments here. */
static cvy_status class_arguments(cvyi_torch_writer *w,
                                  cvyi_torch_class *class_, const int *units,
                                  int m)
{
    cvyi_torch_member *const member = &w->units[units[0]].members[m];
    const cvyi_torch_class *const inside =
        &w->classes[w->units[member->unit].of];

    CVYI_TRY(new_arguments(&member->arguments, w, inside->n_params));
    for (int p = 0; p < inside->n_params; p++) {
        const cvyi_class_param *const param = &inside->params[p];
        const char **const values = new_values(w, class_);
        cvyi_torch_argument argument = { .name = param->name, .param = -1 };

        if (values == NULL)
            return cvyi_no_memory(w->err);
        for (int k = 0; k < class_->n_units; k++)
            values[k] =
                param->values[w->units[w->units[units[k]].members[m].unit].at];
        argument.value = values[0];
        argument.positional = is_positional(inside, p);
        if (!all_equal(values, class_->n_units))
            CVYI_TRY(need_param(&argument.param, w, class_, param->name,
                                owner_of(w, member), values));
        member->arguments[member->n_arguments++] = argument;
    }
    return CVY_OK;
}

static cvy_status members_of(cvyi_torch_writer *w, cvyi_torch_class *class_,
                             const int *units);

/* What is written inline belongs to the text of the class around it. */
static cvy_status inline_members(cvyi_torch_writer *w,
                                 cvyi_torch_class *class_, const int *units,
                                 int m)
{
    int *const inside =
        cvyi_arena_alloc(&w->arena, (size_t)class_->n_units, sizeof *inside);

    if (inside == NULL)
        return cvyi_no_memory(w->err);
    for (int k = 0; k < class_->n_units; k++)
        inside[k] = w->units[units[k]].members[m].unit;
    return members_of(w, class_, inside);
}

static cvy_status members_of(cvyi_torch_writer *w, cvyi_torch_class *class_,
                             const int *units)
{
    const cvyi_unit *const first = &w->units[units[0]];

    for (int m = 0; m < first->n_members; m++) {
        const int unit = first->members[m].unit;

        if (first->members[m].call >= 0)
            CVYI_TRY(leaf_arguments(w, class_, units, m));
        else if (unit >= 0 && w->units[unit].form == CVYI_UNIT_INLINE)
            CVYI_TRY(inline_members(w, class_, units, m));
        else if (unit >= 0)
            CVYI_TRY(class_arguments(w, class_, units, m));
    }
    return CVY_OK;
}

/* ---- functions ---- */

static const char *function_code(const cvyi_torch_writer *w, int unit, int k)
{
    const int call = w->visits[w->units[unit].visit].items[k].call;

    return cvyi_text_c(&w->spoken[call].said.code);
}

static int count_literals(const char *code)
{
    const char *at = code;
    size_t size;
    int n = 0;

    while ((at = cvyi_code_literal(code, at, &size)) != NULL) {
        at += size;
        n++;
    }
    return n;
}

static cvy_status nth_literal(const char **out, cvyi_torch_writer *w,
                              const char *code, int n)
{
    const char *at = code;
    size_t size = 0;

    for (int i = 0; i <= n; i++)
        at = cvyi_code_literal(code, i > 0 ? at + size : at, &size);
    *out = cvyi_arena_text(&w->arena, at, size);
    return *out != NULL ? CVY_OK : cvyi_no_memory(w->err);
}

static cvy_status function_arguments(cvyi_torch_writer *w,
                                     cvyi_torch_class *class_, int k)
{
    cvyi_torch_item *const item =
        &w->visits[w->units[class_->units[0]].visit].items[k];
    const int n = count_literals(function_code(w, class_->units[0], k));

    CVYI_TRY(new_arguments(&item->arguments, w, n));
    for (int i = 0; i < n; i++) {
        cvyi_torch_argument argument = { .param = -1 };
        const char **const values = new_values(w, class_);

        if (values == NULL)
            return cvyi_no_memory(w->err);
        for (int u = 0; u < class_->n_units; u++)
            CVYI_TRY(nth_literal(&values[u], w,
                                 function_code(w, class_->units[u], k), i));
        if (!all_equal(values, class_->n_units)) {
            CVYI_TRY(need_param(
                &argument.param, w, class_, NULL,
                cvyi_torch_short_name(w, class_->units[0],
                                      w->graph->calls[item->call].module),
                values));
            class_->params[argument.param].stored = true;
        }
        item->arguments[item->n_arguments++] = argument;
    }
    return CVY_OK;
}

cvy_status cvyi_torch_params(cvyi_torch_writer *w, cvyi_torch_class *class_)
{
    const cvyi_unit *const first = &w->units[class_->units[0]];
    const cvyi_torch_visit *const visit = &w->visits[first->visit];

    CVYI_TRY(cvyi_torch_name_members(w, first));
    CVYI_TRY(members_of(w, class_, class_->units));
    for (int k = 0; class_->n_units > 1 && k < visit->n_items; k++)
        if (visit->items[k].member < 0)
            CVYI_TRY(function_arguments(w, class_, k));
    return cvyi_torch_name_params(w, class_);
}
