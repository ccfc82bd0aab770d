/* read/python/torch/box.c - containers of a script: what changes them, and
 * what they can be asked. */
#include "read/python/torch/script.h"

#include <stdio.h>
#include <string.h>

bool cvyi_torch_box_has(const char *name)
{
    static const char *const names[] = {
        "append", "extend", "insert", "pop",   "keys",
        "values", "items",  "update", "clear", "__len__",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_dict(const cvyi_torch_node *node)
{
    return node->kind == CVYI_TORCH_DICT;
}

/* Members under other names: "0", "1" … or their own. */
static cvy_status rebuild(cvyi_py_eval *eval, cvyi_torch_node *node,
                          const char *const *names,
                          const cvyi_py_value *values, int n, cvy_error *err)
{
    cvyi_py_names made = { 0 };
    char number[16];

    for (int i = 0; i < n; i++) {
        const char *name = names != NULL ? names[i] : NULL;

        if (cvyi_torch_node_of(&values[i]) == NULL &&
            values[i].type != CVYI_PY_V_NONE) {
            node->unknown =
                cvyi_arena_printf(cvyi_py_arena(eval), "the %s holds %s",
                                  node->class_name,
                                  cvyi_py_opaque(&values[i]) != NULL
                                      ? cvyi_py_opaque(&values[i])->reason
                                      : cvyi_py_describe(eval, &values[i]));
            node->unknown_line = cvyi_py_line_now(eval);
            return node->unknown != NULL ? CVY_OK : cvyi_no_memory(err);
        }
        snprintf(number, sizeof number, "%d", i);
        name = cvyi_arena_printf(cvyi_py_arena(eval), "%s",
                                 name != NULL ? name : number);
        if (name == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(cvyi_py_names_set(eval, &made, name, &values[i], err));
    }
    node->members = made;
    return CVY_OK;
}

/* The members with `n_more` values before place `at`, without `drop` of them
 * that stand there. */
static cvy_status splice(cvyi_py_eval *eval, cvyi_torch_node *node, int at,
                         const cvyi_py_value *more, int n_more, int drop,
                         cvy_error *err)
{
    const int n = node->members.n;
    cvyi_py_value *const values = cvyi_arena_alloc(
        cvyi_py_arena(eval), (size_t)(n + n_more) + 1, sizeof *values);
    int k = 0;

    if (values == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < at; i++)
        values[k++] = node->members.values[i];
    for (int i = 0; i < n_more; i++)
        values[k++] = more[i];
    for (int i = at + drop; i < n; i++)
        values[k++] = node->members.values[i];
    return rebuild(eval, node, NULL, values, k, err);
}

static cvy_status update(cvyi_py_eval *eval, cvyi_torch_node *node,
                         const cvyi_py_value *value, cvy_error *err)
{
    if (value->type != CVYI_PY_V_DICT)
        return cvyi_py_refuse(eval, err, "%s takes a dict", node->class_name);
    for (int i = 0; i < value->map->n; i++) {
        if (value->map->keys[i].type != CVYI_PY_V_TEXT)
            return cvyi_py_refuse(eval, err, "a module's name is no text");
        CVYI_TRY(cvyi_py_names_set(eval, &node->members,
                                   value->map->keys[i].text,
                                   &value->map->values[i], err));
    }
    return CVY_OK;
}

static cvy_status list(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_torch_node *node, const char *name,
                       cvy_error *err)
{
    const cvyi_py_names *const members = &node->members;
    cvyi_py_value *const items = cvyi_arena_alloc(
        cvyi_py_arena(eval), (size_t)members->n + 1, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < members->n; i++) {
        cvyi_py_value both[2] = { cvyi_py_none(), members->values[i] };

        CVYI_TRY(cvyi_py_make_text(&both[0], eval, members->names[i],
                                   strlen(members->names[i]), err));
        items[i] = *name == 'k' ? both[0] : both[1];
        if (*name == 'i')
            CVYI_TRY(cvyi_py_make_seq(&items[i], eval, CVYI_PY_V_TUPLE, both,
                                      2, err));
    }
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, members->n, err);
}

cvy_status cvyi_torch_box_keys(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_torch_node *node, cvy_error *err)
{
    return list(out, eval, node, "keys", err);
}

static cvy_status place_of(int *at, cvyi_py_eval *eval,
                           const cvyi_torch_node *node,
                           const cvyi_py_value *value, bool end,
                           cvy_error *err)
{
    const int n = node->members.n;
    int64_t index = n;

    if (value->type == CVYI_PY_V_INT)
        index = value->integer < 0 ? value->integer + n : value->integer;
    if (value->type != CVYI_PY_V_INT || index < 0 || index > n ||
        (!end && index == n))
        return cvyi_py_refuse(eval, err, "the %s has no such member",
                              node->class_name);
    *at = (int)index;
    return CVY_OK;
}

static cvy_status pop(cvyi_py_value *out, cvyi_py_eval *eval,
                      cvyi_torch_node *node, const cvyi_py_call_args *args,
                      cvy_error *err)
{
    const cvyi_py_value last = cvyi_py_int(-1);
    int at;

    if (is_dict(node))
        return cvyi_py_refuse(eval, err, "pop of a ModuleDict");
    CVYI_TRY(place_of(&at, eval, node, args->n > 0 ? &args->values[0] : &last,
                      false, err));
    *out = node->members.values[at];
    return splice(eval, node, at, NULL, 0, 1, err);
}

cvy_status cvyi_torch_box_call(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval, cvyi_torch_node *node,
                               const char *name, const cvyi_py_call_args *args,
                               cvy_error *err)
{
    cvyi_py_value all;
    int at;

    *known = node->kind != CVYI_TORCH_LEAF && node->kind != CVYI_TORCH_CLASS &&
             cvyi_torch_box_has(name);
    if (!*known)
        return CVY_OK;
    *out = node->self;
    if (strcmp(name, "keys") == 0 || strcmp(name, "values") == 0 ||
        strcmp(name, "items") == 0)
        return list(out, eval, node, name, err);
    if (strcmp(name, "__len__") == 0) {
        *out = cvyi_py_int(node->members.n);
        return CVY_OK;
    }
    if (strcmp(name, "pop") == 0)
        return pop(out, eval, node, args, err);
    if (strcmp(name, "clear") == 0)
        return rebuild(eval, node, NULL, NULL, 0, err);
    if (args->n == 2 && strcmp(name, "insert") == 0) {
        CVYI_TRY(place_of(&at, eval, node, &args->values[0], true, err));
        return splice(eval, node, at, &args->values[1], 1, 0, err);
    }
    if (args->n != 1)
        return cvyi_py_refuse(eval, err, "%s takes one argument", name);
    if (strcmp(name, "update") == 0)
        return update(eval, node, &args->values[0], err);
    if (strcmp(name, "append") == 0)
        return splice(eval, node, node->members.n, args->values, 1, 0, err);
    CVYI_TRY(cvyi_py_eval_list(&all, eval, &args->values[0], err));
    return splice(eval, node, node->members.n, all.seq->items, all.seq->n, 0,
                  err);
}

static bool bound_of(int64_t *out, const cvyi_py_value *value,
                     int64_t fallback, int n)
{
    if (value->type == CVYI_PY_V_NONE) {
        *out = fallback;
        return true;
    }
    *out = value->type == CVYI_PY_V_INT && value->integer < 0
               ? value->integer + n
               : value->integer;
    *out = *out < 0 ? 0 : *out > n ? n : *out;
    return value->type == CVYI_PY_V_INT;
}

/* features[:5]: in a sequential members keep their names, in a list they are
 * counted anew. */
cvy_status cvyi_torch_box_slice(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_torch_node *node,
                                const cvyi_py_value *slice, cvy_error *err)
{
    const int n = node->members.n;
    const cvyi_py_value *const step = slice->bounds.step;
    const cvyi_py_call_args none = { 0 };
    int64_t first, last;
    cvyi_torch_node *made;

    if (is_dict(node) || !bound_of(&first, slice->bounds.start, 0, n) ||
        !bound_of(&last, slice->bounds.stop, n, n) ||
        (step->type != CVYI_PY_V_NONE &&
         !(step->type == CVYI_PY_V_INT && step->integer == 1)))
        return cvyi_py_refuse(eval, err, "this slice of a %s is not followed",
                              node->class_name);
    CVYI_TRY(cvyi_torch_container(out, eval, node->kind, &none, err));
    made = cvyi_torch_node_of(out);
    return first >= last ? CVY_OK
                         : rebuild(eval, made,
                                   node->kind == CVYI_TORCH_SEQUENTIAL
                                       ? node->members.names + first
                                       : NULL,
                                   node->members.values + first,
                                   (int)(last - first), err);
}
