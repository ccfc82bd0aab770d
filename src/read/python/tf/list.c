/*
 * read/python/tf/list.c - what --entry may name.
 *
 * Tensors and models at the top level, in objects there and in main(), and
 * the file's functions and classes. What is taken is what entry.c would take.
 */
#include "read/python/tf/entry.h"
#include "read/python/tf/wording.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 500 };

typedef struct listing {
    cvyi_py_eval *eval;
    cvyi_tf_host *host;
    cvyi_candidates *list;
    const cvyi_py_value *taken; /* NULL: nothing is */
} listing;

/* ---- places ---- */

/* The last line that binds the name; 0. */
static int bound_at(const cvyi_py_tree *tree, const char *name)
{
    int line = 0;

    for (int i = 0; i < tree->n_nodes; i++) {
        const cvyi_py_node *const node = tree->nodes[i];

        for (int k = 0;
             node->kind == CVYI_PY_ASSIGN && k < node->assign.targets.n; k++) {
            const cvyi_py_node *const to = node->assign.targets.items[k];

            if (to->kind == CVYI_PY_NAME && strcmp(to->name, name) == 0)
                line = node->line;
        }
    }
    return line;
}

/* ---- shapes ---- */

static cvy_status print_shape(const char **out, cvyi_arena *arena,
                              const cvyi_type *type, cvy_error *err)
{
    cvyi_text text = { 0 };

    cvyi_text_put(&text, "(");
    for (int i = 0; i < type->rank; i++) {
        if (i > 0)
            cvyi_text_put(&text, ", ");
        cvyi_size_print(&text, type->dims[i]);
    }
    cvyi_text_put(&text, type->rank == 1 ? ",)" : ")");
    *out = text.bad ? NULL
                    : cvyi_arena_text(arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* Only what is known for good: sizes do not outlive the trace. */
static cvy_status put_shape(cvyi_candidate *c, listing *l, int result,
                            cvy_error *err)
{
    const cvyi_type *const type = cvyi_tf_type(l->eval, result);

    c->shaped = true;
    c->rank = type->rank;
    for (int i = 0; i < type->rank; i++)
        if (!cvyi_size_constant(&c->dims[i], type->dims[i]))
            c->dims[i] = -1;
    return print_shape(&c->printed, l->host->arena, type, err);
}

/* ---- candidates ---- */

static cvy_status add(listing *l, cvyi_candidate *c, const char *file,
                      cvy_error *err)
{
    cvyi_candidates *const list = l->list;
    cvyi_candidate *items;

    for (int i = 0; i < list->n; i++)
        if (strcmp(list->items[i].name, c->name) == 0)
            return CVY_OK;
    if (list->n == MOST)
        return CVY_OK;
    c->where = c->line > 0 ? cvyi_tf_place(l->host, file, c->line) : "";
    items = cvyi_arena_grow(l->host->arena, list->items, list->n,
                            &list->capacity, sizeof *items);
    if (items == NULL || c->where == NULL)
        return cvyi_no_memory(err);
    list->items = items;
    items[list->n++] = *c;
    return CVY_OK;
}

static bool is_taken(const listing *l, const cvyi_py_value *value)
{
    if (l->taken == NULL)
        return false;
    if (cvyi_tf_result(value) >= 0)
        return cvyi_tf_result(value) == cvyi_tf_result(l->taken);
    return cvyi_tf_keras_of(value) != NULL &&
           cvyi_tf_keras_of(value) == cvyi_tf_keras_of(l->taken);
}

static cvy_status add_tensor(listing *l, const char *name,
                             const cvyi_py_value *value, cvy_error *err)
{
    const int result = cvyi_tf_result(value);
    const int call = l->host->trace->results[result].call;
    cvyi_candidate c = { .name = name,
                         .kind = "tensor",
                         .printed = "",
                         .taken = is_taken(l, value) };

    c.line = call >= 0 ? l->host->calls[call].line : 0;
    CVYI_TRY(put_shape(&c, l, result, err));
    return add(l, &c, call >= 0 ? l->host->calls[call].file : "", err);
}

static cvy_status add_model(listing *l, const char *name,
                            const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(value);
    cvyi_candidate c = { .name = name,
                         .kind = "model",
                         .printed = "",
                         .line = bound_at(l->host->tree, name),
                         .taken = is_taken(l, value) };
    const int result = cvyi_tf_result(&node->out);

    if (result >= 0)
        CVYI_TRY(put_shape(&c, l, result, err));
    return add(l, &c, l->host->tree->name, err);
}

static cvy_status add_function(listing *l, const char *name,
                               const cvyi_py_value *value, cvy_error *err)
{
    int skip, line;
    const cvyi_py_args *const all = cvyi_py_parameters(&skip, value);
    const char *const file = cvyi_py_defined(&line, value);
    const int n = all != NULL ? all->n_positional + all->n_keyword_only : 0;
    const char **const needs =
        cvyi_arena_alloc(l->host->arena, (size_t)n + 1, sizeof *needs);
    cvyi_candidate c = { .name = name,
                         .kind = value->type == CVYI_PY_V_CLASS ? "class"
                                                                : "function",
                         .printed = "",
                         .line = line,
                         .needs = needs };

    if (needs == NULL)
        return cvyi_no_memory(err);
    for (int i = skip; i < n; i++) {
        const cvyi_py_arg *const one =
            i < all->n_positional ? &all->positional[i]
                                  : &all->keyword_only[i - all->n_positional];

        if (one->fallback == NULL)
            needs[c.n_needs++] = one->name;
    }
    return add(l, &c, file, err);
}

static cvy_status add_inside(listing *l, const char *name,
                             const cvyi_py_names *names, cvy_error *err)
{
    for (int i = 0; i < names->n; i++) {
        const char *whole;

        if (cvyi_tf_result(&names->values[i]) < 0 ||
            cvyi_tf_time(l->eval, &names->values[i]) < 0)
            continue;
        whole =
            cvyi_arena_printf(l->host->arena, "%s.%s", name, names->names[i]);
        if (whole == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(add_tensor(l, whole, &names->values[i], err));
    }
    return CVY_OK;
}

static cvy_status add_names(listing *l, const cvyi_py_names *names,
                            cvy_error *err)
{
    for (int i = 0; i < names->n; i++) {
        const cvyi_py_value *const value = &names->values[i];
        const char *const name = names->names[i];

        if (cvyi_tf_keras_time(value) >= 0)
            CVYI_TRY(add_model(l, name, value, err));
        else if (cvyi_tf_result(value) >= 0 &&
                 cvyi_tf_time(l->eval, value) >= 0)
            CVYI_TRY(add_tensor(l, name, value, err));
        else if (value->type == CVYI_PY_V_INSTANCE)
            CVYI_TRY(add_inside(l, name, &value->instance->names, err));
        else if (cvyi_tf_is_own(l->host, value) && strcmp(name, "main") != 0)
            CVYI_TRY(add_function(l, name, value, err));
    }
    return CVY_OK;
}

static int by_line(const void *a, const void *b)
{
    const cvyi_candidate *const x = a, *const y = b;

    return x->line != y->line ? (x->line < y->line ? -1 : 1)
                              : strcmp(x->name, y->name);
}

/* Of several names of what is taken, the one that it was taken by. */
static void mark_one(cvyi_candidates *list)
{
    int found = -1;

    for (int i = 0; list->taken != NULL && i < list->n; i++) {
        cvyi_candidate *const c = &list->items[i];
        const bool named = strcmp(c->name, list->taken) == 0;

        if (named || (c->taken && found < 0))
            found = i;
        c->taken = false;
    }
    if (found >= 0) {
        list->items[found].taken = true;
        list->taken = list->items[found].name;
    }
}

/* ---- the whole ---- */

static cvy_status keep(const char **out, cvyi_arena *arena, const char *text,
                       cvy_error *err)
{
    *out = cvyi_arena_text(arena, text, strlen(text));
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* What entry.c takes; a refusal of it is an answer too. */
static cvy_status find_taken(listing *l, cvyi_tf_choice *choice,
                             const cvyi_py_module *file, cvy_error *err)
{
    cvy_error why = { 0 };
    cvyi_py_value outputs;
    cvy_status status;

    l->host->choice = choice;
    status = cvyi_tf_entry(&outputs, l->eval, file, &why);
    l->host->choice = NULL;
    if (status == CVY_OK && cvyi_py_opaque(&outputs) != NULL)
        status = cvyi_py_refuse_opaque(l->eval, &outputs, &why);
    if (status == CVY_UNSUPPORTED)
        return keep(&l->list->why, l->host->arena, why.text, err);
    if (status != CVY_OK)
        return cvyi_tf_pass_on(err, &why, status);
    l->taken = &choice->value;
    CVYI_TRY(keep(&l->list->taken, l->host->arena, choice->name, err));
    return keep(&l->list->why, l->host->arena, choice->why, err);
}

cvy_status cvyi_tf_list(cvyi_candidates *out, cvyi_py_eval *eval,
                        const cvyi_py_module *file, cvy_error *err)
{
    cvyi_tf_choice choice = { .name = "", .why = "" };
    listing l = { .eval = eval, .host = cvyi_tf_of(eval), .list = out };
    CVYI_TRY(find_taken(&l, &choice, file, err));
    CVYI_TRY(add_names(&l, &file->names, err));
    CVYI_TRY(add_names(&l, &l.host->inner, err));
    mark_one(out);
    if (out->n > 0)
        qsort(out->items, (size_t)out->n, sizeof *out->items, by_line);
    return CVY_OK;
}
